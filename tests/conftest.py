"""Settings shared by all tests."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.coverage_of_servers import measure_servers

# Before anything imports TensorFlow or Matplotlib, here or in a process that a test starts.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")
# nbgrader starts alembic by name: it must be found when pytest is run without an active environment too.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
measure_servers()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that the short ones are left to level out the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


# Files whose tests share nothing across lessons.
BY_LESSON = re.compile(r"(tests/test_(?:answers|answers_kernel|lessons_execute|soak)\.py)::\w+\[(\d\d)")

# Files whose tests take the fixture `lab`, and have none of their own.
IN_JUPYTERLAB = tuple(f"tests/browser/test_{name}.py" for name in ("latent_explorer", "lesson", "pages"))


class ByFileAndLesson(LoadScopeScheduling):
    """What stays on one of the processes of `make test`: a file, or one lesson's part of it.

    So do the files that look at the lessons in one JupyterLab, which would start once for each of them.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(IN_JUPYTERLAB):
            return "JupyterLab"
        found = BY_LESSON.match(nodeid)
        return found[1] + found[2] if found else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """xdist's own `loadfile` would leave one core idle while the other judges 800 answers."""
    return ByFileAndLesson(config, log)


WORKER_BYTES = 3 * 2**30  # a process of the tests that has imported TensorFlow, and the kernels that it starts


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, as a good part of the tests waits for time limits; fewer where memory is short."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores + 1, psutil.virtual_memory().available // WORKER_BYTES))
