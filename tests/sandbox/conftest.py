"""Kernels for the tests of the sandbox: one warm server serves the whole session."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from autograder.sandbox import KernelFactory, SandboxKernelManager
from autograder.sandbox.availability import availability
from tests.course import COURSE

ANSWER_SECONDS = int(os.environ.get("AUTOGRADER_ANSWER_SECONDS", "60"))
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "without_sandbox: runs on a machine that has no sandbox, too")


@pytest.fixture(autouse=True)
def _needs_a_sandbox(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("without_sandbox") is None and availability().sandbox:
        pytest.skip(availability().sandbox)


class Kernel:
    """A started kernel, to be asked things."""

    def __init__(self, manager: SandboxKernelManager, runner: asyncio.Runner) -> None:
        self.manager = manager
        self._runner = runner
        self.connect()

    def connect(self, taken_in_advance: int = 1000) -> None:
        """Open a client, whose machine takes so many messages before anybody reads them."""
        self.client = self.manager.client()
        self.client.context.setsockopt(zmq.RCVHWM, taken_in_advance)
        self.client.start_channels()
        self._runner.run(self.client.wait_for_ready(timeout=ANSWER_SECONDS))

    def run(self, code: str) -> str:
        """What the code printed; an exception is its name and message."""
        said: list[str] = []

        def listen(message: dict) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])
            elif message["msg_type"] == "error":
                said.append(f"{content['ename']}: {content['evalue']}")

        asking = self.client.execute_interactive(code, timeout=ANSWER_SECONDS, output_hook=listen)
        self._runner.run(asking)
        return _COLOURS.sub("", "".join(said)).strip()

    def start(self, code: str) -> None:
        """Run code that will not come back."""
        self.client.execute(code)

    def reason(self) -> str | None:
        """Wait until the kernel has ended, and say why it did."""
        give_up = time.monotonic() + ANSWER_SECONDS
        while self._runner.run(self.manager.is_alive()):
            assert time.monotonic() < give_up, "the kernel is still alive"
            time.sleep(0.05)
        return self.manager.stopped_because()

    def do(self, coroutine) -> object:
        """Wait for a method of the manager."""
        return self._runner.run(coroutine)


@contextlib.contextmanager
def opened(factory: KernelFactory, work_dir: Path, **limits: object) -> Iterator[Kernel]:
    with asyncio.Runner() as runner:
        manager = factory.kernel_manager(work_dir, **limits)
        runner.run(manager.start_kernel())
        try:
            kernel = Kernel(manager, runner)
            yield kernel
            kernel.client.stop_channels()
        finally:
            runner.run(manager.shutdown_kernel(now=True)) if manager.has_kernel else None
            runner.run(manager.cleanup_resources())


@pytest.fixture(scope="session")
def factory() -> Iterator[KernelFactory]:
    with KernelFactory(None, COURSE.surroundings()) as made:
        yield made


@pytest.fixture
def open_kernel(factory: KernelFactory, tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    """Open kernels of the shared factory, each in a folder of its own; they end with the test."""
    with contextlib.ExitStack() as stack:

        def open_one(**limits: object) -> Kernel:
            work_dir = tmp_path / f"work{len(list(tmp_path.iterdir()))}"
            work_dir.mkdir()
            kernel = stack.enter_context(opened(factory, work_dir, **limits))
            kernel.work_dir = work_dir
            return kernel

        yield open_one


@pytest.fixture
def kernel(open_kernel: Callable[..., Kernel]) -> Kernel:
    return open_kernel()


@pytest.fixture
def open_with() -> Callable[..., contextlib.AbstractContextManager[Kernel]]:
    """Open a kernel of another factory: open_with(factory, work_dir)."""
    return opened
