"""Text and files of a submission reach no terminal, table or reader as they are."""

import csv
import zipfile

import pytest

from autograder.checking.student import StudentError
from autograder.intake.archives import open_archive
from autograder.intake.problem import Limits
from autograder.text import REPLACED, clean, shown
from autograder.views.alike import COMPARED, normalize
from autograder.views.exports import write_canvas
from autograder.views.grades import Grade, write_grades

HOSTILE = "\x1b]0;owned\x07\r\ud800\u202e\x9b2J"


@pytest.mark.parametrize("made", [clean, shown])
def test_clean_text_can_be_written_and_commands_nothing(made):
    text = made(f"{HOSTILE}grüße")
    assert text.encode().decode() == text
    assert not set(text) & set(HOSTILE) - set("]0;owned2J")
    assert text.endswith("grüße") and REPLACED in text


def test_what_a_student_raises_is_clean():
    error = StudentError("f()", {"type": f"E{HOSTILE}", "message": HOSTILE, "text": HOSTILE})
    for said in (error.kind, error.message, error.text):
        assert said == clean(said) and "\x1b" not in said


def test_no_table_holds_a_control_character_or_splits_a_row(tmp_path):
    grade = Grade(f"a{HOSTILE}\n=1+1", "l", "e", 1.0, 1.0, "failed", f"=x{HOSTILE}")
    write_grades(tmp_path / "grades.csv", [grade])
    write_canvas(tmp_path / "canvas.csv", [grade], {grade.student: {"l": 1.0}})
    for name in ("grades.csv", "canvas.csv"):
        raw = (tmp_path / name).read_bytes().decode()
        assert not [letter for letter in raw if letter != "\n" and not letter.isprintable()]
        rows = list(csv.reader(raw.splitlines()))
        assert len(rows) == raw.count("\n") and len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell.startswith("=")]


def test_two_entries_of_one_name_are_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.ipynb", "1")
        archive.writestr("a.ipynb", "2")
    notes = []
    read = open_archive(tmp_path / "a.zip", (tmp_path / "a.zip").read_bytes(), Limits(), notes)
    assert read.read(("a.ipynb",)) == b"2"
    assert "more than once; the last one counts" in notes[0]


def test_an_answer_that_nobody_writes_by_hand_is_not_compared():
    assert normalize("x = 1  # one") == "x = 1"
    assert normalize("x " * COMPARED) == ""
