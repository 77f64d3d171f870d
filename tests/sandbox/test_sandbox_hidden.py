"""The hidden checks are nowhere inside, however autograder is installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.sandbox import Limits, mounts
from autograder.sandbox.availability import bubblewrap

SECRET = "the-hidden-check.py"


def _package(folder: Path) -> Path:
    package = folder / "autograder"
    (package / "hidden").mkdir(parents=True)
    (package / "hidden" / SECRET).write_text("expected = 42")
    (package / "__init__.py").write_text("")
    return package


def _editable(root: Path) -> tuple[Path, list[Path]]:
    return _package(root / "project"), []


def _copied(root: Path) -> tuple[Path, list[Path]]:
    """As `pip install .` does it: lib64 is a link to lib, and both are mounted."""
    package = _package(root / "venv/lib/python3/site-packages")
    (root / "venv/lib64").symlink_to("lib")
    return package, [root / "venv/lib", root / "venv/lib64"]


def _behind_a_link(root: Path) -> tuple[Path, list[Path]]:
    _package(root / "real")
    (root / "link").symlink_to("real")
    return root / "link/autograder", [root / "link", root / "real"]


def _in_a_readable_folder(root: Path) -> tuple[Path, list[Path]]:
    return _package(root / "course"), [root / "course"]


def _readable_itself(root: Path) -> tuple[Path, list[Path]]:
    package = _package(root / "course")
    return package, [package / "hidden"]


def _linked_from_a_readable_folder(root: Path) -> tuple[Path, list[Path]]:
    package = _package(root / "course")
    (root / "data").mkdir()
    (root / "data/again").symlink_to(package / "hidden")
    return package, [root / "data"]


@pytest.mark.parametrize(
    "install",
    [_editable, _copied, _behind_a_link, _in_a_readable_folder, _readable_itself, _linked_from_a_readable_folder],
    ids=lambda install: install.__name__.strip("_"),
)
def test_the_hidden_checks_are_under_no_path(install, tmp_path, monkeypatch):
    package, readable = install(tmp_path / "host")
    monkeypatch.setattr(mounts, "package_folders", lambda: [package])
    work, sockets = tmp_path / "work", tmp_path / "sockets"
    work.mkdir()
    sockets.mkdir()
    arguments = mounts.sandbox_arguments(work, sockets, Limits(), readable)
    search = f"find -L / -path /proc -prune -o '(' -name {SECRET} -o -path '*/autograder/__init__.py' ')' -print"
    command = [bubblewrap(), *arguments, "--", "/bin/sh", "-c", search]
    found = subprocess.run(command, capture_output=True, text=True)
    paths = found.stdout.splitlines()
    assert [path for path in paths if SECRET in path] == []
    assert paths, "the search finds nothing at all: " + found.stderr
