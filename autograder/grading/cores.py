"""A core for each worker: what one submission does then can't slow the one beside it."""

import os

from distributed import Worker, WorkerPlugin


def usable_cores() -> list[int]:
    """The numbers of the cores that this process may run on; empty where the system can't tie one to a core."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


class OwnCore(WorkerPlugin):
    """Ties each worker of a local cluster, and what it starts, to a core; also one that takes the place of a lost one.

    For as many workers as ``cores``. With fewer, the system spreads them better: it knows which cores share parts.
    """

    name = "own-core"

    def __init__(self, cores: list[int]):
        self._cores = cores

    def setup(self, worker: Worker) -> None:
        """Called on the worker, before its first task. A local cluster counts its workers from 0 and calls them so."""
        os.sched_setaffinity(0, {self._cores[worker.name]})  # this thread, and all that it starts from now on
