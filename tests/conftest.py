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
