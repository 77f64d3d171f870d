"""The files that a notebook finds beside it: the course's, and what its student handed in with it."""

import fnmatch
import os
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import PathFinder, all_suffixes
from pathlib import Path

from autograder.course import Course, files_in
from autograder.grading.handed_in import TIMESTAMP
from autograder.intake.folder import look_into, read_inside
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

Beside = Mapping[str, Path | bytes]  # {path below the notebook's folder: the file, or its content}

ROOM = 100_000_000  # bytes of all files that one student hands in beside the notebook
_AT_START = {"sitecustomize", "usercustomize", "ipython_config"}  # run before any cell does


def files_of_course(course: Course, lesson: str, own_tests: bool) -> dict[str, Path]:
    """What the course lays beside the notebooks of a lesson.

    Where its own test cells judge it, the files of its source are there too, as in nbgrader: hidden tests may need
    them. Its solved text is not.
    """
    found = course.files_beside(lesson)
    if own_tests:
        ignored = course.config.CourseDirectory.get("ignore") or []
        text = course.source_text(lesson)
        for name, file in files_in(course.source / lesson).items():
            if file.suffix != ".ipynb" and file != text and not _matches(name, ignored):
                found[name] = file
    return found


def files_handed_in(
    folder: Path,
    notebooks: Iterable[str],
    of_course: Mapping[str, Path],
    kept: Iterable[str] = (),
    modules: bool = False,
) -> tuple[dict[str, bytes], list[str]]:
    """What a student handed in beside ``notebooks`` that a notebook may find there, and a sentence for what it may not.

    A file of the course of the same name stays the course's, unless ``kept`` names it. A file that would stand in for
    an installed module is left out, unless ``modules`` are wanted: a folder ``numpy/`` could be made to pass any test.
    """
    limits = Limits()
    names, found, said = set(notebooks), {}, []
    theirs = set(of_course) - set(kept)
    room = ROOM
    try:
        listing = look_into(folder, limits)
    except Unreadable:  # intake says so, of the notebook
        return {}, []
    for parts in listing.files:
        name = "/".join(parts)
        if name == TIMESTAMP or parts[-1].endswith(".ipynb") or Path(parts[-1]).stem in names or _clash(name, theirs):
            continue
        if not modules and (module := stands_in_for(parts)):
            said.append(
                f"`{shown(name)}` was handed in beside the notebook and is not there when it runs: "
                f"it would stand in for the module `{module}`."
            )
            continue
        try:
            content = read_inside(folder, parts, limits)
        except (OSError, Unreadable) as error:
            said.append(f"`{shown(name)}`, beside the notebook, was not read: {getattr(error, 'reason', error)}")
            continue
        room -= len(content)
        if room < 0:
            said.append(f"`{shown(name)}` and what follows it was not read: more than {ROOM // 10**6} MB beside it.")
            break
        found[name] = content
    return found, said


def stands_in_for(parts: tuple[str, ...]) -> str:
    """The installed module that a file beside a notebook would be imported in place of; empty where there is none."""
    top = parts[0]
    importable = any(parts[-1].endswith(suffix) for suffix in all_suffixes())
    if not importable:
        return ""
    module = top if len(parts) > 1 else top.partition(".")[0]
    here = {"", os.getcwd()}
    installed = module in sys.stdlib_module_names or module in sys.builtin_module_names or module in _AT_START
    if installed or PathFinder.find_spec(module, [path for path in sys.path if path not in here]):
        return module
    return ""


def _clash(name: str, theirs: set[str]) -> bool:
    """Whether a file can't be laid beside those: it is one of them, or one is a folder of the other's name."""
    return any(name == other or name.startswith(f"{other}/") or other.startswith(f"{name}/") for other in theirs)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatch(part, str(pattern)) for pattern in patterns for part in name.split("/"))
