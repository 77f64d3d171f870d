"""The corpus again, through KernelStudent: a check cannot tell which student it has."""

import time

import pytest

from autograder.checking import catalogue
from autograder.checking.runner import run_checks
from autograder.corpus import COURSE, all_answers, cells_before
from autograder.grading.session import Session
from autograder.sandbox import KernelFactory, Limits
from tests.test_answers import EXERCISES, assert_as_promised

pytestmark = pytest.mark.slow

ANSWERS = all_answers()


@pytest.fixture(scope="module")
def factory():
    with KernelFactory(Limits(), readable=[COURSE.data], env={"VAELAB_DATA": str(COURSE.data)}) as factory:
        yield factory


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_answers_over_a_kernel(lesson, exercise, factory, tmp_path):
    """One kernel for an exercise: each of its answers overwrites the one before."""
    with Session(factory, tmp_path, Limits(), time.monotonic() + 600) as session:
        for source in cells_before(lesson, exercise):
            assert session.run(source).error is None
        for answer in (a for a in ANSWERS if (a.lesson, a.exercise) == (lesson, exercise)):
            session.run(answer.code)
            files = catalogue.check_files(lesson, hidden=True)
            assert_as_promised(answer, run_checks(files, exercise, session.student))
