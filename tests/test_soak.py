"""Long soaks, for `make soak`: nothing flakes, however often it is run."""

import time

import pytest

from autograder.checking import catalogue
from autograder.checking.runner import run_checks
from autograder.corpus import COURSE, all_answers, cells_before
from autograder.grading.session import Session
from autograder.sandbox import KernelFactory, Limits
from tests.test_answers import EXERCISES, assert_as_promised, local_verdicts

pytestmark = pytest.mark.soak

TIMES = 20


@pytest.mark.parametrize("answer", all_answers(), ids=lambda answer: answer.name)
def test_an_answer_gets_the_same_verdict_every_time(answer):
    for _ in range(TIMES):
        assert_as_promised(answer, local_verdicts(answer.lesson, answer.exercise, answer.code))


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_over_a_kernel_too(lesson, exercise, tmp_path):
    answers = [a for a in all_answers() if (a.lesson, a.exercise) == (lesson, exercise)]
    files = catalogue.check_files(lesson, hidden=True)
    limits = Limits(submission_seconds=7200)
    with (
        KernelFactory(limits, readable=[COURSE.data], env={"VAELAB_DATA": str(COURSE.data)}) as factory,
        Session(factory, tmp_path, limits, time.monotonic() + 7200) as session,
    ):
        for source in cells_before(lesson, exercise):
            session.run(source)
        for _ in range(TIMES):
            for answer in answers:
                session.run(answer.code)
                assert_as_promised(answer, run_checks(files, exercise, session.student))
