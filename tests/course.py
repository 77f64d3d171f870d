"""The course of this repository, as the tests ask for it, and folders with a part of it."""

import gc
import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.corpus import Answer, Corpus, answered
from autograder.course import Course

__all__ = [
    "COURSE",
    "DATA",
    "ROOT",
    "all_answers",
    "answers_to",
    "answered",
    "cells_before",
    "names_before",
    "part_of_it",
    "solutions",
]

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
COURSE = Course(ROOT)
_CORPUS = Corpus(COURSE)
all_answers = _CORPUS.answers
solutions = _CORPUS.solutions
cells_before = _CORPUS.cells_before


@lru_cache(maxsize=1)
def _freeze_keras() -> None:
    """Keep the collector from looking through what Keras makes at its import, half a million objects that stay.

    That takes a fifth of the time of many tests. It comes before any lesson, whose models and arrays are collected.
    """
    import keras  # noqa: F401

    gc.freeze()


def names_before(lesson: str, exercise: str) -> dict[str, Any]:
    """The names that are there where an answer to ``exercise`` is run."""
    _freeze_keras()
    return _CORPUS.names_before(lesson, exercise)


def part_of_it(root: Path, *lessons: str, source: bool = False) -> Course:
    """Put the settings, the data, and release and hidden checks of these lessons into a folder; ``source`` too.

    So an instructor has it, and nbgrader can be tried in it.
    """
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    os.symlink(DATA, root / "data")
    (root / "hidden").mkdir()
    for lesson in lessons:
        shutil.copy(COURSE.hidden_dir / f"{lesson}.py", root / "hidden")
        for folder in (COURSE.lessons_dir, *([COURSE.source] if source else [])):
            shutil.copytree(folder / lesson, root / folder.name / lesson)
    return Course(root)


def answers_to(lesson: str, exercise: str) -> list[Answer]:
    """The answers of the corpus to one exercise."""
    return [answer for answer in all_answers() if (answer.lesson, answer.exercise) == (lesson, exercise)]
