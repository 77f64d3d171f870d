"""The hidden checks are nowhere inside, wherever the course lies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.sandbox import Limits, mounts
from autograder.sandbox.availability import bubblewrap
from autograder.surroundings import Surroundings

SECRET = "the-hidden-check.py"
PACKAGE = "a_package_of_the_course"


def _course(folder: Path) -> Path:
    """A course with a package of its own beside its hidden checks."""
    for name, file in (("hidden", SECRET), (PACKAGE, "__init__.py")):
        (folder / name).mkdir(parents=True)
        (folder / name / file).write_text("expected = 42")
    return folder


def _editable(root: Path) -> tuple[Path, list[Path]]:
    return _course(root / "project"), []


def _inside_an_installation(root: Path) -> tuple[Path, list[Path]]:
    """lib64 is a link to lib, and both are mounted."""
    course = _course(root / "venv/lib/python3/site-packages")
    (root / "venv/lib64").symlink_to("lib")
    return course, [root / "venv/lib", root / "venv/lib64"]


def _behind_a_link(root: Path) -> tuple[Path, list[Path]]:
    _course(root / "real")
    (root / "link").symlink_to("real")
    return root / "link", [root / "link", root / "real"]


def _in_a_readable_folder(root: Path) -> tuple[Path, list[Path]]:
    return _course(root / "course"), [root / "course"]


def _readable_itself(root: Path) -> tuple[Path, list[Path]]:
    course = _course(root / "course")
    return course, [course / "hidden"]


def _linked_from_a_readable_folder(root: Path) -> tuple[Path, list[Path]]:
    course = _course(root / "course")
    (root / "data").mkdir()
    (root / "data/again").symlink_to(course / "hidden")
    return course, [root / "data"]


@pytest.mark.parametrize(
    "place",
    [
        _editable,
        _inside_an_installation,
        _behind_a_link,
        _in_a_readable_folder,
        _readable_itself,
        _linked_from_a_readable_folder,
    ],
    ids=lambda place: place.__name__.strip("_"),
)
def test_the_hidden_checks_are_under_no_path(place, tmp_path, monkeypatch):
    course, readable = place(tmp_path / "host")
    monkeypatch.syspath_prepend(course)
    work, sockets = tmp_path / "work", tmp_path / "sockets"
    work.mkdir()
    sockets.mkdir()
    surroundings = Surroundings(readable=tuple(readable), packages=(PACKAGE,), covered=(course / "hidden",))
    arguments = mounts.sandbox_arguments(work, sockets, Limits(), surroundings)
    search = f"find -L / -path /proc -prune -o '(' -name {SECRET} -o -path '*/{PACKAGE}/__init__.py' ')' -print"
    command = [bubblewrap(), *arguments, "--", "/bin/sh", "-c", search]
    found = subprocess.run(command, capture_output=True, text=True)
    paths = found.stdout.splitlines()
    assert [path for path in paths if SECRET in path] == []
    assert paths, "the search finds nothing at all: " + found.stderr
