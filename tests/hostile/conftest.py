"""One kernel factory, in a folder of its own, for the whole corpus."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import KernelFactory
from autograder.sandbox.availability import availability
from tests.course import COURSE
from tests.hostile.case import LIMITS
from tests.hostile.leaks import SECRET


@pytest.fixture(autouse=True)
def _needs_a_sandbox(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("without_sandbox") is None and availability().sandbox:
        pytest.skip(availability().sandbox)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "without_sandbox: runs on a machine that has no sandbox, too")


@pytest.fixture(scope="session")
def own_tmp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A temporary folder that everything the grader makes lies in, so that what is left can be seen."""
    tmp_path_factory.getbasetemp()  # pytest's own stays where it is
    folder = tempfile.mkdtemp(prefix="autograder-h-", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("TMPDIR", folder)
        patch.setenv(SECRET, "what no submission may see")
        yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def factory(own_tmp: Path) -> Iterator[KernelFactory]:
    """Warm kernels with the data of the lessons, as a class run has them."""
    with KernelFactory(LIMITS, COURSE.surroundings()) as made:
        yield made
