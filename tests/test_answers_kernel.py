"""The corpus through KernelStudent, by `autograder test`: a check cannot tell which student it has."""

import pytest

from autograder.trying import try_course
from tests.course import COURSE, all_answers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_every_answer_over_a_kernel(lesson):
    tried = list(try_course(COURSE, [lesson]))
    assert [(one.what, one.problems) for one in tried if one.problems] == []
    mine = [answer for answer in all_answers() if answer.lesson == lesson]
    assert len(tried) == len(mine) + 2 * len(COURSE.exercises(lesson, hidden=True))
