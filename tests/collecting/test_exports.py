"""Exports, read again by the rules that the platforms publish: the same numbers, for the same people."""

import csv
import io

import pytest

from autograder.collecting.roster import read_roster
from autograder.views.exports import write_canvas, write_worksheet
from autograder.views.grades import Grade

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    ",,,,\n"
    "    Points Possible,,,,\n"
    '"Müller, Jörg",101,S1,jm1,A\n"=cmd(), Eve",102,S2,ev2,B\n'
)
MOODLE = (
    '"Identifier";"Full name";"Email address";"Status";"Grade";"Maximum Grade";"Feedback comments"\n'
    '"Participant 101";"Jörg Müller";"jm@x.org";"Submitted";"";"20,00";""\n'
    '"Participant 102";"=cmd() Eve";"ev@x.org";"No submission";"";"20,00";""\n'
)


@pytest.fixture
def roster(tmp_path):
    def read(text):
        (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
        return read_roster(tmp_path / "roster.csv")

    return read


def test_canvas_knows_its_own_people_again(tmp_path, roster):
    grades = [Grade(s, "lab", "one", 17.25, 20.0, "partial", "") for s in ("jm1", "ev2", "guest")]
    points = {"jm1": {"lab": 17.25}, "ev2": {"lab": 3.0}, "guest": {"lab": 0.0}}
    write_canvas(tmp_path / "canvas.csv", grades, points, roster(CANVAS))
    header, possible, *rows = csv.reader(io.StringIO((tmp_path / "canvas.csv").read_text("utf-8")))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "lab"]
    assert possible == ["    Points Possible", "", "", "", "", "20"]
    assert rows[0] == ["Müller, Jörg", "101", "S1", "jm1", "A", "17.25"]
    assert rows[1] == ["'=cmd(), Eve", "102", "S2", "ev2", "B", "3"]
    assert rows[2] == ["guest", "", "", "guest", "", "0"]


def test_moodle_s_worksheet_has_its_decimal_commas(tmp_path, roster):
    known = roster(MOODLE)
    assert write_worksheet(tmp_path / "sheet.csv", "lab", {"jm@x.org": {"lab": 17.256}}, known)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "sheet.csv").read_text("utf-8")), delimiter=";"))
    assert list(rows[0]) == known.columns
    assert [row["Grade"] for row in rows] == ["17,26", ""]
    assert rows[0]["Identifier"] == "Participant 101" and rows[1]["Full name"] == "'=cmd() Eve"


def test_another_roster_makes_no_worksheet(tmp_path, roster):
    assert not write_worksheet(tmp_path / "sheet.csv", "lab", {}, roster(CANVAS))
    assert not (tmp_path / "sheet.csv").exists()
