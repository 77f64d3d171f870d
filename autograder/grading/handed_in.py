"""When a submission was handed in: what timestamp.txt says, read and never guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.intake.folder import read_inside
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

TIMESTAMP = "timestamp.txt"
_SMALL = Limits(file_bytes=10_000)
_FIRST_YEAR = 2000  # before it nobody handed anything in: a clock was wrong
_EXAMPLE = "2026-10-12 23:59:59 +0200"


@dataclass(frozen=True)
class HandedIn:
    """``at``: the moment in UTC, without a zone, as nbgrader keeps it; None where it isn't known. ``problem``: why it
    isn't, though there is a file that should say so."""

    at: datetime | None = None
    problem: str = ""


class _Unclear(Exception):
    """Why a text tells no moment."""


def read_handed_in(folder: Path, zone: tzinfo = UTC) -> HandedIn:
    """What timestamp.txt in ``folder`` says; nothing at all where there is none.

    ISO 8601 is read, and what nbgrader writes: a moment without a zone is in UTC, and ``zone``, the exchange's, tells
    which one an abbreviation such as CEST means. Any other abbreviation means several.
    """
    try:
        raw = read_inside(folder, (TIMESTAMP,), _SMALL)
    except FileNotFoundError:
        return HandedIn()
    except (OSError, Unreadable) as error:
        return HandedIn(problem=f"{TIMESTAMP} can't be read: {getattr(error, 'reason', error)}")
    try:
        text = raw.decode("utf-8-sig").strip()
        return HandedIn(at=_moment(text, zone))
    except UnicodeDecodeError:
        return HandedIn(problem=f"{TIMESTAMP} is not a text file.")
    except _Unclear as why:
        said = f"says `{shown(text, longest=60)}`, {why}" if text else "is empty"
        return HandedIn(problem=f"{TIMESTAMP} {said}. It is read as in {_EXAMPLE}.")


def _moment(text: str, zone: tzinfo) -> datetime:
    if re.fullmatch(r"[\d-]*|\d+-?W[\d-]+", text, re.I):
        raise _Unclear("which is a day without a time")
    try:
        moment = _parse(text, zone)
        at = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise _Unclear("which is not a date with a time") from None
    if at.year < _FIRST_YEAR or at > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        raise _Unclear("which can't be: the clock was wrong")
    return at


def _parse(text: str, zone: tzinfo) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        when, _, name = text.rpartition(" ")
        moment = datetime.fromisoformat(when)
        return moment.replace(tzinfo=_zone(name, moment, zone))


def _zone(name: str, moment: datetime, zone: tzinfo) -> tzinfo:
    """The zone of that name. Raises ValueError for what is none, _Unclear for what may be several."""
    if re.fullmatch(r"[+-]\d\d:?\d\d", name):
        return datetime.strptime(name, "%z").tzinfo or UTC
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if name in {moment.replace(tzinfo=zone, fold=fold).tzname() for fold in (0, 1)}:
        return zone
    if not re.fullmatch(r"[A-Za-z_+/0-9-]+", name):
        raise ValueError(name)
    if "/" in name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError):
            raise _Unclear(f"and there is no time zone `{name}`") from None
    raise _Unclear(f"and `{name}` doesn't name one time zone for certain")
