"""A time of handing in is read or told to a person, and never guessed."""

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.grading.handed_in import TIMESTAMP, HandedIn, read_handed_in

EVENING = datetime(2026, 10, 12, 21, 59, 59)


def read(folder, text: str | bytes, zone=UTC) -> HandedIn:
    (folder / TIMESTAMP).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_handed_in(folder, zone)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-12 21:59:59 UTC",
        "2026-10-12 21:59:59.000000 UTC",
        "2026-10-12T21:59:59Z",
        "20261012T215959Z",
        "2026-10-12 21:59:59",
        "2026-10-12 21:59:59 GMT",
        "2026-10-12 23:59:59+02:00",
        "2026-10-12 23:59:59 +0200",
        "2026-10-12 23:59:59 +02:00",
        "2026-10-12 16:59:59-0500",
        "2026-10-12 23:59:59 Europe/Berlin",
        "\ufeff2026-10-12 21:59:59 UTC\r\n",
        "\n 2026-10-12 21:59:59 UTC \n\n",
    ],
)
def test_what_is_clear_is_read(tmp_path, text):
    assert read(tmp_path, text) == HandedIn(at=EVENING)


def test_an_abbreviation_is_that_of_the_exchange_or_nobodys(tmp_path):
    text = "2026-10-12 23:59:59 CEST"
    assert read(tmp_path, text, ZoneInfo("Europe/Berlin")) == HandedIn(at=EVENING)
    for zone in (UTC, ZoneInfo("America/New_York")):
        handed_in = read(tmp_path, text, zone)
        assert handed_in.at is None
        assert f"says `{text}`, and `CEST` doesn't name one time zone for certain" in handed_in.problem
    assert read(tmp_path, "2026-01-12 12:00:00 CEST", ZoneInfo("Europe/Berlin")).at is None, "in January it is CET"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday at noon", "which is not a date with a time"),
        ("12.10.2026 23:59", "which is not a date with a time"),
        ("2026-10-12 25:00:00 UTC", "which is not a date with a time"),
        ("2026-02-30 12:00:00", "which is not a date with a time"),
        ("2026-10-12 12:00\n2026-10-13 12:00", "which is not a date with a time"),
        ("9999-12-31 23:59:59 -1200", "which is not a date with a time"),
        ("2026-10-12", "which is a day without a time"),
        ("2026-W41-1", "which is a day without a time"),
        ("1970-01-01 00:00:00 UTC", "the clock was wrong"),
        (f"{datetime.now(UTC) + timedelta(days=400):%Y-%m-%d} 00:00:00 UTC", "the clock was wrong"),
        ("2026-10-12 23:59 Mars/Base", "there is no time zone `Mars/Base`"),
        ("2026-10-12 23:59 EST", "`EST` doesn't name one time zone"),
        ("2026-10-12 23:59 \x1b[2J", "which is not a date with a time"),
        ("", "timestamp.txt is empty"),
        (" \r\n", "timestamp.txt is empty"),
        (b"\xff\xfe\x00", "timestamp.txt is not a text file"),
        ("x" * 20_000, "timestamp.txt can't be read"),
    ],
)
def test_what_is_not_clear_is_told(tmp_path, text, words):
    handed_in = read(tmp_path, text)
    assert handed_in.at is None and words in handed_in.problem
    assert len(handed_in.problem) < 300 and "\x1b" not in handed_in.problem


def test_without_a_file_nothing_is_known_and_nothing_is_wrong(tmp_path):
    assert read_handed_in(tmp_path) == HandedIn()


def test_a_link_and_a_pipe_are_told(tmp_path):
    os.symlink("/etc/hostname", tmp_path / TIMESTAMP)
    assert "symbolic link" in read_handed_in(tmp_path).problem
    (tmp_path / TIMESTAMP).unlink()
    os.mkfifo(tmp_path / TIMESTAMP)
    assert "not an ordinary file" in read_handed_in(tmp_path).problem
