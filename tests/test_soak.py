"""Long soaks, for `make soak`: nothing flakes, however often it is run, whatever numbers the checks draw."""

import time

import pytest

from autograder.checking import randomness
from autograder.checking.helpers import helper_sources
from autograder.checking.runner import run_checks
from autograder.grading.session import Session
from autograder.sandbox import KernelFactory, Limits
from tests.course import COURSE, answers_to, cells_before
from tests.test_answers import EXERCISES, assert_as_promised, local_verdicts

pytestmark = pytest.mark.soak

TIMES = 20
HOURS = 3 * 3600.0


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_the_same_verdicts_every_time_in_a_notebook(lesson, exercise, monkeypatch):
    """What stands before the answer runs once; then all answers, one after another, again and again.

    Grading takes the first draw of each check's random numbers. No mistake may pass by its luck, and no right answer
    fail by it: so every round takes another one.
    """
    import keras  # here, so that `make check` collects this file without it

    for draw in range(TIMES):
        monkeypatch.setattr(randomness, "_DRAW", draw)
        for answer in answers_to(lesson, exercise):
            assert_as_promised(answer, local_verdicts(lesson, exercise, answer.code))
        keras.backend.clear_session()


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_the_same_verdicts_every_time_over_a_kernel(lesson, exercise, tmp_path):
    """A kernel of its own for each round, as a submission has it: thousands of models would fill the memory of one."""
    files = COURSE.check_files(lesson, hidden=True)
    limits = Limits(submission_seconds=HOURS)
    helpers = helper_sources(files)
    with KernelFactory(limits, COURSE.surroundings()) as factory:
        for _ in range(TIMES):
            with Session(factory, tmp_path, limits, time.monotonic() + HOURS, helpers) as session:
                for source in cells_before(lesson, exercise):
                    session.run(source)
                for answer in answers_to(lesson, exercise):
                    session.run(answer.code)
                    assert_as_promised(answer, run_checks(files, exercise, session.student))
