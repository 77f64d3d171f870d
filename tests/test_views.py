"""The class report and the exports say what the grades say, safely."""

import csv
import io

import nbformat
import pytest
from docutils.nodes import make_id

from autograder.views import alike, pages
from autograder.views.alike import alike_pairs
from autograder.views.exports import totals, write_canvas, write_moodle
from autograder.views.feedback import Submission, feedback_page, section_link, sections
from autograder.views.grades import Grade, cell_text, write_grades
from autograder.views.report import find_clusters
from autograder.views.stats import exercise_stats, histogram
from tests.course import COURSE

LESSON = "02_reparameterization"


def grade(student, exercise, score, status="passed", message="", worth=4.0):
    return Grade(student, LESSON, exercise, score, worth, status, message)


GRADES = [
    grade("ada", "std", 4.0),
    grade("ada", "sampling", 4.0),
    grade("bo", "std", 2.0, "partial", "That is the variance."),
    grade("bo", "sampling", 1.0, "partial", "No noise."),
    grade("cy", "std", 0.0, "failed", "That is the variance."),
    grade("cy", "sampling", 0.0, "not attempted", "Still to do."),
    grade("di", "std", None, "needs grading"),
    grade("di", "sampling", 3.0, "partial", "No noise."),
]


def test_exercises_are_summed_up():
    std, sampling = exercise_stats(GRADES, {(LESSON, "std"): [1.0, 3.0, 2.0]})
    assert (std.graded, std.mean, std.difficulty, std.seconds) == (3, 2.0, 0.5, 2.0)
    assert (sampling.graded, sampling.not_attempted, sampling.seconds) == (4, 1, None)
    assert std.discrimination == pytest.approx(0.9608, abs=1e-3)


def test_a_class_too_small_says_nothing_of_discrimination():
    assert exercise_stats(GRADES[:4], {})[0].discrimination is None


def test_full_marks_count_to_the_last_bar():
    assert histogram([0, 0.05, 0.5, 1.0]) == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_mistakes_are_clustered_by_message():
    clusters = find_clusters(GRADES, {LESSON: {"std": {"bo": "code of bo"}}})
    assert [(c.message, c.students) for c in clusters] == [
        ("No noise.", ["bo", "di"]),
        ("That is the variance.", ["bo", "cy"]),
    ]
    assert clusters[1].example == "code of bo"


def test_totals_leave_open_answers_out_and_take_penalties_off():
    assert totals(GRADES, {LESSON: {"ada": 3.0, "cy": 5.0}}) == {
        "ada": {LESSON: 5.0},
        "bo": {LESSON: 3.0},
        "cy": {LESSON: 0.0},
        "di": {LESSON: 3.0},
    }


def test_exports_have_the_platforms_columns(tmp_path):
    write_canvas(tmp_path / "canvas.csv", GRADES, totals(GRADES))
    write_moodle(tmp_path / "moodle.csv", GRADES, totals(GRADES))
    canvas = list(csv.reader(io.StringIO((tmp_path / "canvas.csv").read_text())))
    assert canvas[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
    assert canvas[1] == ["    Points Possible", "", "", "", "", "8"]
    assert canvas[2] == ["ada", "", "", "ada", "", "8"]
    assert list(csv.reader(io.StringIO((tmp_path / "moodle.csv").read_text())))[:2] == [
        ["Username", LESSON],
        ["ada", "8"],
    ]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_formulas_are_defused(name, tmp_path):
    assert cell_text(name).startswith("'")
    write_grades(tmp_path / "grades.csv", [grade(name, "std", 1.0, message='a, "quoted"\nmessage')])
    [row] = list(csv.DictReader(io.StringIO((tmp_path / "grades.csv").read_text())))
    assert row["student"] == "'" + name.replace("\t", " ")
    assert row["message"] == 'a, "quoted" message'


MINE = """\
def f(x):
    my_own_name = x * 2
    another_of_my_names = my_own_name + 7
    yet_another = another_of_my_names - 1
    return yet_another * my_own_name + another_of_my_names
"""
OTHER = """\
def f(x):
    total = 0
    for item in range(10):
        total += x ** item
    average = total / 10 + x - 3
    return [average, total, x][0] if average else None
"""


def test_long_answers_alike_are_pointed_out_whatever_their_layout():
    copied = MINE.replace("    ", "  ").replace("* 2\n", "* 2  # double\n")
    [pair] = alike_pairs(LESSON, {"std": {"ada": MINE, "bo": copied, "cy": OTHER}})
    assert pair.students == ("ada", "bo") and pair.exercises[0][0] == "std"


def test_what_many_wrote_or_everybody_knows_is_not_pointed_out():
    assert alike_pairs(LESSON, {"std": dict.fromkeys("abcdef", MINE)}) == []
    assert alike_pairs(LESSON, {"std": {"ada": MINE, "bo": MINE}}, known=[MINE]) == []
    assert alike_pairs(LESSON, {"std": {"ada": "return 2 * x", "bo": "return 2 * x"}}) == []


def test_an_answer_that_is_too_long_to_be_compared_is_named(monkeypatch):
    soup = "x = (lambda: [)\n" * 4_000
    answers = {"std": {"ada": soup, "bo": soup, "cy": MINE}}
    compared = []
    cdist = alike.process.cdist
    monkeypatch.setattr(
        alike.process, "cdist", lambda texts, *rest, **more: compared.extend(texts) or cdist(texts, *rest, **more)
    )
    assert alike.alike_pairs(LESSON, answers) == []
    assert max(map(len, compared)) < alike.COMPARED
    assert alike.too_long(answers) == [("ada", "std", len(soup)), ("bo", "std", len(soup))]


def test_very_long_code_is_shown_as_it_is(monkeypatch):
    monkeypatch.setattr(pages, "highlight", lambda code, *rest: highlighted.append(code) or "")
    highlighted = []
    assert pages.highlight_python("\n <b>" * 20_000) == "\n &lt;b&gt;" * 20_000
    assert highlighted == []


def test_feedback_on_an_unreadable_file_says_so_and_escapes_it():
    page = feedback_page(
        Submission(LESSON, LESSON, "<b>ada</b>"), None, "x.ipynb: <script>alert(1)</script> is cut off."
    )
    assert "could not be read" in page and "is cut off" in page
    assert "<script>" not in page and "<b>ada" not in page


def test_section_links_have_the_anchors_that_sphinx_makes():
    headings = {
        heading
        for lesson in COURSE.sources()
        for heading in sections(nbformat.read(COURSE.source / lesson / f"{lesson}.ipynb", 4)).values()
    }
    assert len(headings) > 40
    for heading in headings:
        link = section_link("https://example.org/{lesson}/{notebook}.html", Submission("01 a", "n", "ada"), heading)
        assert link == f"https://example.org/01%20a/n.html#{make_id(heading)}"


@pytest.mark.parametrize(
    ("url", "heading"), [("", "1 · Two"), ("javascript:alert(1)", "1 · Two"), ("https://x.org", "")]
)
def test_no_section_link_without_an_address_and_a_heading(url, heading):
    assert section_link(url, Submission("a", "a", "ada"), heading) == ""
