"""``autograder new``: a course of one's own, to change lesson by lesson."""

import shutil
from pathlib import Path

from autograder.course import CourseError
from autograder.distribution import requirement

_TEMPLATE = Path(__file__).with_name("course")


def make_course(folder: Path) -> None:
    """Write a small course into ``folder``. Raises CourseError where something lies there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} isn't empty; name a folder that doesn't exist yet")
    names = {"COURSE": folder.resolve().name, "REQUIREMENT": requirement("grading")}
    for path in sorted(_TEMPLATE.rglob("*")):
        if "__pycache__" in path.parts or path.is_dir():
            continue
        # A name that begins with a period is kept under another one here: some tools pass such files over.
        parts = [part.replace("dot-", ".", 1) for part in path.relative_to(_TEMPLATE).parts]
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".md", ".yml") or path.name in ("nbgrader_config.py", "requirements.txt"):
            text = path.read_text(encoding="utf-8")
            for name, value in names.items():
                text = text.replace(f"@{name}@", value)
            target.write_text(text, encoding="utf-8")
        else:
            shutil.copyfile(path, target)
