"""A released lesson holds no solution and no hidden check, not in a cell, not in metadata."""

import json
import re

import pytest

from autograder.checking.catalogue import CHECKS
from tests.course import COURSE, solutions

BLOCK = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)
LESSONS = COURSE.sources()


def solution_lines(lesson):
    """Every telling line of the lesson's solutions that does not also stand in its given text."""
    blocks = [block.strip() for source in solutions(lesson).values() for block in BLOCK.findall(source)]
    blocks = [block for block in blocks if len(block) > 24]  # a check may need `pass` and the like itself
    given = BLOCK.sub("", COURSE.source_text(lesson).read_text("utf-8"))
    lines = {line.strip() for block in blocks for line in block.splitlines()}
    return blocks, {line for line in lines if len(line) > 12 and line not in given}


def hidden_names():
    return {check.name for lesson in COURSE.lessons() for check in COURSE.checks(lesson, True)} - {
        check.name for lesson in COURSE.lessons() for check in COURSE.checks(lesson)
    }


def leaks(text, lines):
    """Which of ``lines`` stand in ``text``, also when it is JSON, with or without escapes beyond ASCII."""
    return [line for line in lines if any(form in text for form in spellings(line))]


def spellings(line):
    return line, json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_released_lesson_holds_no_solution(lesson):
    blocks, lines = solution_lines(lesson)
    assert blocks and lines, "every lesson has solutions to look for"
    files = [path for path in (COURSE.lessons_dir / lesson).rglob("*.*") if path.suffix != ".pyc"]
    assert {path.name for path in files} >= {CHECKS, f"{lesson}.ipynb"}
    for path in files:
        text = path.read_text("utf-8")
        assert "BEGIN SOLUTION" not in text and "STAND_INS" not in text, path
        # A public check may well have a line in common with a solution, such as a call of NumPy; never a whole one.
        assert leaks(text, blocks if path.name == CHECKS else lines) == [], path
        assert leaks(text, hidden_names()) == [], path


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_search_would_find_a_leak(lesson):
    """The solved notebook is full of what the search looks for."""
    solved = COURSE.solution_notebook(lesson).read_text("utf-8")
    _, lines = solution_lines(lesson)
    assert len(leaks(solved, lines)) == len(lines)
