"""Every right answer gets full marks; every wrong one fails the check it names, in the words it names."""

import linecache
import os
from functools import lru_cache
from typing import Any

os.environ.setdefault("MPLBACKEND", "agg")

import matplotlib.pyplot as plt  # noqa: E402
import nbformat  # noqa: E402
import pytest  # noqa: E402

import autograder  # noqa: E402
from autograder.corpus import Answer  # noqa: E402
from autograder.trying import broken_promises  # noqa: E402
from tests.course import COURSE, all_answers, answers_to, names_before, solutions  # noqa: E402

pytestmark = pytest.mark.slow

ANSWERS = all_answers()
EXERCISES = [(lesson, exercise) for lesson in COURSE.lessons() for exercise in COURSE.exercises(lesson, hidden=True)]


@lru_cache(maxsize=1)
def prepared(lesson: str, exercise: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The namespace in which what stands before an answer has run, and a copy of it as it was then."""
    namespace = names_before(lesson, exercise)
    return namespace, dict(namespace)


def run_cell(code: str, namespace: dict[str, Any], name: str = "<cell>") -> None:
    """Run a cell, and keep its lines where a traceback finds them, as IPython does."""
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    exec(compile(code, name, "exec"), namespace)


def local_verdicts(lesson: str, exercise: str, code: str) -> list[autograder.Verdict]:
    """Run the answer where what stands before it has run, and mark it."""
    namespace, as_it_was = prepared(lesson, exercise)
    namespace.clear()  # not a new one: the functions in it look names up here
    namespace.update(as_it_was)
    run_cell(code, namespace)
    try:
        return autograder.verdicts(lesson, exercise, namespace, hidden=True)
    finally:
        plt.close("all")


def assert_as_promised(answer: Answer, verdicts: list[autograder.Verdict]) -> None:
    """The promise of an answer of the corpus, whoever evaluated it."""
    assert broken_promises(answer, verdicts) == []
    assert sum(v.max_points for v in verdicts) > 0
    for verdict in verdicts:
        assert "assert" not in verdict.message.lower() and "Traceback" not in verdict.message, verdict


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_answer_in_the_notebook(answer):
    assert_as_promised(answer, local_verdicts(answer.lesson, answer.exercise, answer.code))


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_solution_gets_full_marks(lesson, exercise):
    verdicts = local_verdicts(lesson, exercise, solutions(lesson)[exercise])
    assert [v for v in verdicts if v.status != "passed"] == []


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_corpus_covers_the_exercise(lesson, exercise):
    answers = answers_to(lesson, exercise)
    assert sum(a.right for a in answers) >= 3
    assert sum(not a.right for a in answers) >= 5


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_a_lesson_is_worth_twenty_points(lesson):
    notebook = nbformat.read(COURSE.source_notebook(lesson), as_version=4)
    points = [c.metadata.nbgrader.points for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert sum(points) == 20
