"""Where a class is graded: a Dask cluster of this machine's own, or one that is running already."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dask
import distributed.utils
from distributed import Client, LocalCluster, Security

from autograder.grading.ahead import start_ahead
from autograder.grading.cores import OwnCore, usable_cores

_OPTIONS = {
    # Dask watches itself, many times a second and in every process: on a small machine that is a tenth of a core which
    # the notebooks need. Nobody looks at its profile of a run, and what a kernel may use the sandbox limits.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
    # All workers are forks of one process, which imports once what they need.
    "distributed.worker.multiprocessing-method": "forkserver",
}


@contextmanager
def connect(jobs: int, scheduler: str | None, tasks: int) -> Iterator[Client]:
    """A client of the cluster at the address ``scheduler``, or of one with ``jobs`` workers that ends with the block.

    No more workers start than there are ``tasks``.
    """
    if scheduler:
        with Client(scheduler) as client:
            yield client
        return
    start_ahead()
    distributed.utils._forkserver_preload_set = True  # Dask would make imports of its own here, pandas among them
    workers = max(1, min(jobs, tasks))
    # Whoever reaches a scheduler runs code in its workers: only a holder of this run's own key and certificate may.
    options = {
        "security": Security.temporary(),
        "n_workers": workers,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": "127.0.0.1:0",
        "env": dict(os.environ),  # as it is now: the process that workers are forks of may be older
    }
    with (
        dask.config.set(_OPTIONS),
        LocalCluster(**options, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        if workers == len(cores := usable_cores()):
            client.register_plugin(OwnCore(cores))
        yield client
