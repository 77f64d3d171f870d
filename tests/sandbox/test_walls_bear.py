"""Each layer bears: with it alone taken away, a test of its own fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import autograder

pytestmark = pytest.mark.soak

PROJECT = Path(autograder.__file__).resolve().parent.parent


@dataclass(frozen=True)
class Layer:
    """What is taken away, in which module of the sandbox, and the test that must see it.

    ``grouped``: a control group, where the machine has them, sees the same. It is taken away before.
    """

    module: str
    there: str
    gone: str
    tests: str
    chosen: str
    grouped: bool = False


LAYERS = {
    "the filter of the process that holds a sandbox open": Layer(
        "keeper", "if seccomp.supported():", "if False:", "walls", "every_process"
    ),
    "its limits": Layer(
        "keeper",
        "linux.limit_resources(\n            pid=",
        "(lambda **_: None)(\n            pid=",
        "walls",
        "every_process",
    ),
    "its memory, which nobody may look into": Layer("keeper", '"0111"', '"0555"', "walls", "written_into"),
    "the filter of the kernel": Layer("linux", "if seccomp.supported():", "if False:", "walls", "every_process"),
    "the mask over the hidden checks": Layer(
        "mounts",
        "for path in _covered_in(binds, (*surroundings.covered, _TEMPLATE)):",
        "for path in ():",
        "hidden",
        "installation",
    ),
    "the mask under a second path": Layer(
        "mounts", "if folder.is_relative_to(source)", "if folder.is_relative_to(path)", "hidden", "installation"
    ),
    "one call that is not on the list": Layer(
        "system_calls",
        "]] = {\n",
        ']] = {\n    "memfd_create": (319, 279),\n',
        "filter",
        "no_lesson_needs",
    ),
    "the list": Layer("seccomp", "code += _answer(_refuse(errno.EPERM))", "code += _answer(_ALLOW)", "filter", "list"),
    "leases": Layer("seccomp", "fcntl.F_GETOWN,", "fcntl.F_GETOWN, fcntl.F_SETLEASE,", "filter", "leased"),
    "protocols": Layer("seccomp", "for kind in _INTERNET_KINDS", "for kind in (*_INTERNET_KINDS, 3)", "filter", "udp"),
    "the size of the folder": Layer("mounts", '"0755", "--size", str(size), ', '"0755", ', "folder", "has_a_size"),
    "its files as memory": Layer(
        "watchdog", "_memory_mounts.append(", "_memory_mounts.count(", "folder", "as_memory", grouped=True
    ),
    "threads that go on without the first": Layer(
        "watchdog", "> 1:\n", "> 10**6:\n", "limits", "first_thread or first", grouped=True
    ),
    "page tables": Layer("watchdog", "_total(status, _PAGE_TABLES)", "0", "limits", "tables", grouped=True),
    "the order when memory runs out": Layer(
        "watchdog", " or self._order_breach(processes)", "", "limits", "spared and runs"
    ),
}


def _run(folder: Path, layer: Layer) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += [f"tests/sandbox/test_sandbox_{layer.tests}.py", "-k", layer.chosen]
    env = os.environ | {"PYTHONPATH": str(folder), "AUTOGRADER_ANSWER_SECONDS": "15"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The engine, the tests of its sandbox and the course that they ask, to be changed; without large files."""
    for name in ("autograder", "vaelab", "tests/sandbox", "data", "hidden", "lessons"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    for name in ("pyproject.toml", "nbgrader_config.py", "tests/__init__.py", "tests/course.py", "tests/conftest.py"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def _take_away(copy: Path, module: str, there: str, gone: str) -> None:
    file = copy / "autograder" / "sandbox" / f"{module}.py"
    text = file.read_text("utf-8")
    assert text.count(there) == 1, "say anew what this layer is made of"
    file.write_text(text.replace(there, gone), "utf-8")


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_is_taken_away_is_missed(copy, name):
    layer = LAYERS[name]
    if layer.grouped:
        _take_away(copy, "control_groups", "return found if found and all(", "return None if found and all(")
    whole = _run(copy, layer)
    assert whole.returncode == 0, whole.stdout[-3000:]
    _take_away(copy, layer.module, layer.there, layer.gone)
    missed = _run(copy, layer)
    assert missed.returncode == 1, missed.stdout[-3000:]  # a test has failed; 5 would say that there was none
    assert " failed" in missed.stdout
