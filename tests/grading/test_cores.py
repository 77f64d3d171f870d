"""As many workers as cores keep to a core each; fewer go where the system puts them."""

import os

import pytest

from autograder.grading.cluster import connect
from autograder.grading.cores import usable_cores

CORES = usable_cores()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(len(CORES) < 2, reason="needs two cores")]


def where() -> tuple[int, list[int]]:
    """(the worker's pid, the cores of the thread that runs tasks)."""
    return os.getpid(), usable_cores()


def ask_each(client) -> dict[str, tuple[int, list[int]]]:
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return {
        worker["name"]: client.submit(where, workers=[address], pure=False).result()
        for address, worker in workers.items()
    }


def test_each_worker_has_a_core_also_one_that_replaces_another():
    with connect(len(CORES), None, tasks=1000) as client:
        found = ask_each(client)
        assert {name: its for name, (_, its) in found.items()} == {n: [core] for n, core in enumerate(CORES)}
        client.restart_workers([1])
        pid, its = ask_each(client)[1]
        assert pid != found[1][0]
        assert its == [CORES[1]]


def test_a_single_worker_is_not_tied():
    with connect(1, None, tasks=1000) as client:
        assert ask_each(client)[0][1] == CORES
