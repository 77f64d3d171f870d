"""A folder to try nbgrader in, as an instructor or a student has it."""

import os
import shutil
from pathlib import Path

from autograder.corpus import COURSE


def set_up(root: Path, *lessons: str) -> None:
    """Put nbgrader's configuration, the data, and source and release of these lessons into an existing folder."""
    shutil.copy(COURSE.root / "nbgrader_config.py", root)
    os.symlink(COURSE.data, root / "data")
    for folder in (COURSE.source, COURSE.lessons_dir):
        for lesson in lessons:
            shutil.copytree(folder / lesson, root / folder.name / lesson)
