"""Downloads as platforms make them, with names as people have them: each file is taken, or named."""

import csv
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.collecting.collect import BESIDE, EARLIER, OTHER, REPLACED, SAME, TAKEN, UNKNOWN, carry_out, plan
from autograder.collecting.download import DownloadError
from autograder.collecting.roster import Person, Roster, RosterError, read_roster, spellings
from autograder.course import Course

LESSON, OTHER_LESSON = "lab one", "lab two"
CLASS = [
    Person("jm1", "Müller, Jörg", "A", keys=frozenset({"101"})),
    Person("so2", "O'Neil, Siobhán", "A", keys=frozenset({"102"})),
    Person("mg3", "García Márquez, María José", "B", keys=frozenset({"103"})),
    Person("aa4", "العمري, أحمد", "B", keys=frozenset({"104"})),
    Person("as5", "Smith, Anna", "A", keys=frozenset({"105"})),
    Person("as6", "Smith, Anna", "B", keys=frozenset({"106"})),
    Person("nn7", "Nobody, Nina", "B", keys=frozenset({"107"})),
]


def work(text="1"):
    return nbformat.writes(new_notebook(cells=[new_code_cell(text)])).encode()


@pytest.fixture
def course(tmp_path):
    for lesson in (LESSON, OTHER_LESSON):
        folder = tmp_path / "course" / "release" / lesson
        folder.mkdir(parents=True)
        (folder / f"{lesson}.ipynb").write_bytes(work())
    (tmp_path / "course" / "nbgrader_config.py").write_text("c = get_config()\n")
    return Course(tmp_path / "course")


@pytest.fixture
def download(tmp_path):
    def make(files, name="download.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for file, content in files.items():
                stamp, content = content if isinstance(content, tuple) else ((2026, 10, 1, 8, 0, 0), content)
                archive.writestr(zipfile.ZipInfo(file, stamp), content)
        return path

    return make


def decided(made):
    return {one.file: (one.student, one.what) for one in made.decisions}


def submitted(course):
    return sorted(
        path.relative_to(course.submitted).as_posix() for path in course.submitted.rglob("*") if path.is_file()
    )


def test_canvas_with_every_kind_of_name(course, download):
    files = {
        "mullerjorg_101_9001_lab one.ipynb": work("a"),
        "oneilsiobhan_LATE_102_9002_lab one-2.ipynb": work("newest"),
        "oneilsiobhan_102_9003_lab one.ipynb": work("first"),
        "garciamarquezmariajose_103_9004_lab one-1.ipynb": work("c"),
        "_104_9005_lab one.ipynb": work("d"),
        "smithanna_106_9006_lab one.ipynb": work("f"),
        "smithanna_106_9006_data.csv": b"1,2\n",
        "smithanna_105_9007_lab two.ipynb": work("wrong lesson"),
        "strangersam_999_9008_lab one.ipynb": work("?"),
        "readme.txt": b"?",
    }
    made = plan(course, download(files), LESSON, Roster(CLASS))
    found = decided(made)
    assert found["mullerjorg_101_9001_lab one.ipynb"] == ("jm1", TAKEN)
    assert found["oneilsiobhan_LATE_102_9002_lab one-2.ipynb"] == ("so2", TAKEN)
    assert found["oneilsiobhan_102_9003_lab one.ipynb"] == ("so2", EARLIER)
    assert found["garciamarquezmariajose_103_9004_lab one-1.ipynb"] == ("mg3", TAKEN)
    assert found["smithanna_106_9006_lab one.ipynb"] == ("as6", TAKEN)
    assert found["smithanna_106_9006_data.csv"] == ("as6", BESIDE)
    assert found["smithanna_105_9007_lab two.ipynb"] == ("as5", OTHER)
    assert found["strangersam_999_9008_lab one.ipynb"] == ("", UNKNOWN)
    assert len(found) == len(files)
    assert {person.id for person in made.missing} == {"as5", "nn7"}
    assert not course.submitted.exists()  # a plan writes nothing
    carry_out(course, made)
    assert submitted(course) == [
        "aa4/lab one/lab one.ipynb",
        "as6/lab one/data.csv",
        "as6/lab one/lab one.ipynb",
        "jm1/lab one/lab one.ipynb",
        "mg3/lab one/lab one.ipynb",
        "so2/lab one/lab one.ipynb",
    ]
    assert "newest" in (course.submitted / "so2" / LESSON / f"{LESSON}.ipynb").read_text()
    [kept] = (course.root / "collected" / LESSON / "so2").iterdir()
    assert "first" in kept.read_text()


def test_canvas_without_a_name_in_latin_letters_is_known_by_its_number(course, download):
    made = plan(course, download({"x_104_9005_lab one.ipynb": work()}), LESSON, Roster(CLASS))
    assert list(decided(made).values()) == [("aa4", TAKEN)]


@pytest.mark.parametrize(
    "file",
    [
        "Jörg Müller_101_assignsubmission_file_/lab one.ipynb",
        "Jörg Müller_101_assignsubmission_file_lab one.ipynb",
        "Jörg Müller_999_assignsubmission_file/lab one.ipynb",  # by the name alone
        "Exercise/Abgaben/Müller_Jörg_jm1_4711/lab one.ipynb",
        "jm1+lab one+2026-10-12 21:59:00.123456 UTC+c29tZQ/lab one.ipynb",
        "jm1/lab one.ipynb",
        "jm1/lab one/lab one.ipynb",
        "lab one_jm1.ipynb",
        "jm1.ipynb",
    ],
)
def test_moodle_ilias_the_exchange_and_folders(course, download, file):
    made = plan(course, download({file: work("mine")}), LESSON, Roster(CLASS))
    assert list(decided(made).values()) == [("jm1", TAKEN)]
    carry_out(course, made)
    assert submitted(course)[0] == "jm1/lab one/lab one.ipynb"


def test_the_exchange_keeps_its_time(course, download):
    files = {
        "jm1+lab one+2026-10-12 21:59:00 UTC/lab one.ipynb": work("late"),
        "jm1+lab one+2026-10-11 21:59:00 UTC/lab one.ipynb": work("early"),
        "jm1+lab two+2026-10-13 21:59:00 UTC/lab two.ipynb": work("other"),
    }
    made = plan(course, download(files), LESSON)
    assert sorted(what for _, what in decided(made).values()) == sorted([TAKEN, EARLIER, OTHER])
    carry_out(course, made)
    assert (course.submitted / "jm1" / LESSON / "timestamp.txt").read_text() == "2026-10-12 21:59:00 UTC\n"
    assert "late" in (course.submitted / "jm1" / LESSON / f"{LESSON}.ipynb").read_text()


def test_the_same_name_twice_is_left_to_a_person(course, download):
    made = plan(
        course, download({"Anna Smith_999_assignsubmission_file_/lab one.ipynb": work()}), LESSON, Roster(CLASS)
    )
    [one] = made.decisions
    assert one.needs_a_person and one.what == "not taken, Anna Smith may be as5, as6"


def test_it_can_be_run_again_and_overwrites_nothing_unsaid(course, download):
    first = download({"jm1/lab one.ipynb": work("first")})
    carry_out(course, plan(course, first, LESSON))
    assert list(decided(plan(course, first, LESSON)).values()) == [("jm1", SAME)]
    second = plan(course, download({"jm1/lab one.ipynb": work("second")}, "second.zip"), LESSON)
    assert list(decided(second).values()) == [("jm1", REPLACED)]
    carry_out(course, second)
    assert "second" in (course.submitted / "jm1" / LESSON / f"{LESSON}.ipynb").read_text()
    [kept] = (course.root / "collected" / LESSON / "jm1").iterdir()
    assert "first" in kept.read_text()


def test_without_a_roster_people_are_called_as_the_platform_calls_them(course, download):
    made = plan(course, download({"mullerjorg_101_9001_lab one.ipynb": work()}), LESSON)
    assert [one.student for one in made.decisions] == ["mullerjorg-101"]


def test_nothing_leaves_the_course_s_folder(course, download, tmp_path):
    files = {
        "../../evil/lab one.ipynb": work(),
        "x_1_2_..%2f..ipynb": work(),
        "a\\..\\b/lab one.ipynb": work(),
        "..+lab one+2026-10-12 21:59:00 UTC/lab one.ipynb": work(),
    }
    carry_out(course, plan(course, download(files), LESSON))
    written = set(tmp_path.rglob("*.ipynb"))
    assert all(course.root in path.parents for path in written)
    handed_in = [path.relative_to(course.submitted) for path in written if course.submitted in path.parents]
    assert handed_in and all(len(path.parts) == 3 for path in handed_in)


def test_a_folder_is_read_like_a_zip_and_a_link_is_named(course, tmp_path):
    folder = tmp_path / "down" / "jm1"
    folder.mkdir(parents=True)
    (folder / "lab one.ipynb").write_bytes(work())
    (folder / "secret.ipynb").symlink_to("/etc/passwd")
    made = plan(course, tmp_path / "down", LESSON)
    assert made.said == ["jm1/secret.ipynb: not taken, it is no ordinary file."]
    assert list(decided(made).values()) == [("jm1", TAKEN)]


def test_what_is_no_download_is_refused(course, tmp_path):
    (tmp_path / "notes.txt").write_text("no zip")
    for path in (tmp_path / "notes.txt", tmp_path / "nowhere.zip"):
        with pytest.raises(DownloadError):
            plan(course, path, LESSON)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,Lab (77)\n"
            "    Points Possible,,,,,20\n"
            '"Müller, Jörg",101,u101,jm1,A,\n"Student, Test",1,,,A,\n',
            ["jm1"],
        ),
        ("Identifier;Full name;Email address;Status;Grade\nTeilnehmer/in 101;Jörg Müller;jm@x.org;;\n", ["jm@x.org"]),
        ("id,first_name,last_name,section\njm1,Jörg,Müller,A\n", ["jm1"]),
        ("\ufeffid\tname\njm1\tJörg Müller\n", ["jm1"]),
    ],
)
def test_rosters_as_platforms_export_them(tmp_path, text, ids):
    file = tmp_path / "roster.csv"
    file.write_text(text, encoding="utf-8")
    roster = read_roster(file)
    assert [person.id for person in roster.people] == ids
    assert [person.id for person in roster.by_name("Jörg Müller")] == ids


def test_a_roster_that_is_none_says_what_is_missing(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text("who,what\na,b\n")
    with pytest.raises(RosterError, match="needs a column `id`"):
        read_roster(file)
    file.write_text("id,name\na,b\na,c\n")
    with pytest.raises(RosterError, match="several rows for a"):
        read_roster(file)


def test_spellings_meet(tmp_path):
    for written, canvas in [("Müller, Jörg", "muellerjoerg"), ("O'Neil, Siobhán", "oneilsiobhan")]:
        assert canvas in spellings(written)


def test_the_command_says_what_it_decided(course, download):
    roster = course.root / "roster.csv"
    with roster.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "name", "canvas_id"], ["jm1", "Müller, Jörg", "101"], ["nn7", "Nina", "7"]])
    path = download({"mullerjorg_101_9001_lab one.ipynb": work(), "x_5_6_lab one.ipynb": work()})
    dry = CliRunner().invoke(app, ["collect", str(path), LESSON, "--dry-run", "--course", str(course.root)])
    assert dry.exit_code == 1 and not course.submitted.exists()
    done = CliRunner().invoke(app, ["collect", str(path), LESSON, "--course", str(course.root)])
    assert done.exit_code == 1
    assert (
        "nothing from nn7" in done.output
        and "collected from 1 students; 1 need attention; 1 handed in nothing" in done.output
    )
    assert submitted(course) == ["jm1/lab one/lab one.ipynb"]
    with Gradebook(course.database) as gradebook:
        assert gradebook.find_student("jm1").last_name == "Müller"


def test_a_class_of_500(course, download):
    people = [Person(f"s{n}", f"Last{n}, First{n}", keys=frozenset({str(n)})) for n in range(500)]
    made = plan(course, download({f"x_{n}_{n}_lab one.ipynb": work() for n in range(500)}), LESSON, Roster(people))
    carry_out(course, made)
    assert len(submitted(course)) == 500 and made.missing == []
