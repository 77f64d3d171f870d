"""Settings shared by all tests."""

import os
import sys
from pathlib import Path

import pytest

# Before anything imports TensorFlow or Matplotlib, here or in a process that a test starts.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
# nbgrader starts alembic by name: it must be found when pytest is run without an active environment too.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stays on one of the processes of `make test`: a file, or a lesson's part of it where it shares nothing with
    the other lessons. Files with slow tests come first, so that short ones are left to level out the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        lesson = parameters.get("lesson") or getattr(parameters.get("answer"), "lesson", "")
        part = lesson if lesson and "grades" not in item.fixturenames else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}-{part}"))
