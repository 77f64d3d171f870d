"""Ten hostile submissions to a course of NumPy lessons: each loses its own points, and nobody else any."""

import socket
from pathlib import Path

import nbformat
import pytest

from autograder.build import run_build
from autograder.building.part import Part
from autograder.classrun import grade_class
from autograder.corpus import Corpus, answered
from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.grading.settings import Settings
from autograder.sandbox import Limits, MiB, protections
from autograder.scaffold import make_course
from autograder.views.grades import list_grades

pytestmark = pytest.mark.slow

LESSON, ATTACKED = "01_averages", "weighted-mean"
LIMITS = Limits(cell_seconds=5, memory_bytes=600 * MiB, processes=16, disk_bytes=20 * MiB, file_bytes=10 * MiB)
WRONG = "def weighted_mean(values, weights):\n    return np.mean(values * weights)\n"
FIND_HIDDEN = """
import autograder, os
def weighted_mean(values, weights):
    for top in ("/tmp", "/home", "/root", "/mnt", "/srv", "/var", os.path.dirname(os.path.dirname(autograder.__file__))):
        for folder, _, files in os.walk(top):
            if "hidden" in folder.split("/") and any(name.startswith("01_") for name in files):
                raise LookupError("found " + folder)
    raise LookupError("no hidden checks anywhere")
"""
# name: (source of the answer, the status that it gets, words of its message)
ATTACKS = {
    "equals-everything": (
        "class Anything(float):\n    __eq__ = __le__ = __ge__ = lambda *_: True\n    __hash__ = float.__hash__\n"
        "def weighted_mean(values, weights):\n    return Anything(0.0)\n",
        "failed",
        "The result should be numbers",
    ),
    "patched-testing": (
        "import numpy.testing, pytest\nnumpy.testing.assert_allclose = pytest.fail = lambda *a, **k: None\n"
        "np.isclose = np.allclose = lambda *a, **k: True\n" + WRONG,
        "failed",
        "You divided by the number of values",
    ),
    "display-hook": (
        "import sys\nsys.displayhook = lambda value: print(3)\n"
        "get_ipython().display_formatter.format = lambda *a, **k: ({'text/plain': '3'}, {})\n" + WRONG,
        "failed",
        "You divided by the number of values",
    ),
    "answers-forged": (
        "import sys\nhelper = sys.modules['autograder_inside.answer']\n"
        "honest = helper.evaluate\n"
        "def forged(asked, *rest):\n"
        "    return {'value': 'passed'} if 'weighted_mean' in asked else honest(asked, *rest)\n"
        "helper.evaluate = forged\n" + WRONG,
        "failed",
        "The result should be numbers",
    ),
    # On a large or busy disk the search takes longer than a cell may.
    "reads-hidden": (FIND_HIDDEN, None, ""),
    "calls-out": (
        "import socket\ndef weighted_mean(values, weights):\n"
        "    socket.create_connection(('127.0.0.1', {port}), 2)\n    return 3.75\n",
        "failed",
        "raised",
    ),
    "exits": (WRONG + "import os\nos._exit(0)\n", "stopped", "the kernel exited"),
    "loops": (WRONG + "while True:\n    pass\n", "stopped", "it ran for more than 5 s"),
    "fills-memory": (WRONG + "held = []\nwhile True:\n    held.append(np.ones(10**6))\n", None, ""),
    "fork-bomb": (
        WRONG + "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
        "stopped",
        "",
    ),
}


def hand_in(course: Course, student: str, answers: dict[str, str]) -> None:
    folder = course.submitted / student / LESSON
    folder.mkdir(parents=True)
    nbformat.write(answered(course.released(LESSON), answers), folder / f"{LESSON}.ipynb")


@pytest.fixture(scope="module")
def rows(tmp_path_factory) -> dict[str, dict[str, tuple]]:
    """{student: {exercise: (score, status, message)}} of ten attackers and one honest student."""
    if off := protections():
        pytest.skip(off[0])
    root: Path = tmp_path_factory.mktemp("hostile") / "course"
    make_course(root)
    course = Course(root)
    run_build(course, [LESSON], Part.LESSONS)
    solved = Corpus(course).solutions(LESSON)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        hand_in(course, "honest", solved)
        for name, (code, _, _) in ATTACKS.items():
            hand_in(course, name, solved | {ATTACKED: code.replace("{port}", port)})
        grade_class(course, [LESSON], Settings(course.root, LIMITS, require_sandbox=True), jobs=2)
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):  # nobody has called
            server.accept()
    found: dict[str, dict[str, tuple]] = {}
    for grade in list_grades(course, journal_of(course), [LESSON]):
        found.setdefault(grade.student, {})[grade.exercise] = (grade.score, grade.status, grade.message)
    return found


def test_there_are_ten():
    assert len(ATTACKS) == 10


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_wins_nothing_and_costs_its_own_points_alone(name, rows):
    _, status, words = ATTACKS[name]
    score, got, message = rows[name][ATTACKED]
    assert score == 0, rows[name]
    assert got == (status or got) and got in ("failed", "stopped"), rows[name]
    assert words in message, message
    assert "found" not in message, message
    for exercise in ("moving-average", "standardize"):
        assert rows[name][exercise][1:] == ("passed", ""), rows[name]


def test_the_honest_student_keeps_every_point(rows):
    assert {status for _, status, _ in rows["honest"].values()} == {"passed"}
    assert sum(score for score, _, _ in rows["honest"].values()) == 10
