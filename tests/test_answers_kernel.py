"""The corpus through KernelStudent, by `autograder test`: a check cannot tell which student it has."""

import pytest

from autograder.trying import try_course
from tests.course import COURSE, answers_to

pytestmark = pytest.mark.slow


def few(lesson, exercise):
    """A right answer and two wrong ones: in a notebook all are marked here, over a kernel all by `make soak`."""
    mine = answers_to(lesson, exercise)
    return [a for a in mine if a.right][:1] + [a for a in mine if not a.right][:2]


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_answers_over_a_kernel(lesson):
    exercises = COURSE.exercises(lesson, hidden=True)
    chosen = {answer.path for exercise in exercises for answer in few(lesson, exercise)}
    tried = list(try_course(COURSE, [lesson], lambda answer: answer.path in chosen))
    assert [(one.what, one.problems) for one in tried if one.problems] == []
    assert len(tried) == 5 * len(exercises)
