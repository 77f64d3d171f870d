"""The processes of a run: their cores, what becomes of a lost one, and that none outlives the run."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from autograder.grading import pool
from autograder.grading.cores import usable_cores
from autograder.grading.pool import grade_here, process_pool
from autograder.grading.settings import Settings
from autograder.grading.worker import Done, Task
from autograder.sandbox import Limits

CORES = usable_cores()
SETTINGS = Settings(Path("/nowhere"), Limits())
pytestmark = pytest.mark.slow


def where(seconds: float) -> tuple[int, list[int]]:
    """(this process, the cores of the thread that runs tasks), after a while in which it takes no other task."""
    time.sleep(seconds)
    return os.getpid(), usable_cores()


def stand_in(task: Task, settings: Settings) -> Done:
    """Grades nothing. A task may end its process, always or once."""
    here = Path(task.folder)
    with (here / task.student).open("a") as tries:
        tries.write(".")
    if task.key == "always" or (task.key == "once" and len((here / task.student).read_text()) == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.key == "exit":
        sys.exit("by what it grades")
    return Done(task)


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores")
def test_as_many_processes_as_cores_have_a_core_each():
    with process_pool(len(CORES)) as processes:
        found = dict(processes.map(where, [1.0] * len(CORES)))
    assert sorted(found.values()) == [[core] for core in CORES]


@pytest.mark.skipif(len(CORES) < 2, reason="needs two cores")
def test_a_single_process_is_not_tied():
    with process_pool(1) as processes:
        assert processes.submit(where, 0).result()[1] == CORES


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_the_task_that_ends_its_process_is_not_graded(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "grade_task", stand_in)
    keys = ["", "always", "exit", "once", "", "", "always", "", "", ""]
    tasks = [Task("lesson", f"student-{number}", key, str(tmp_path)) for number, key in enumerate(keys)]
    done = list(grade_here(jobs, tasks, SETTINGS))
    assert sorted(one.task.student for one in done) == sorted(task.student for task in tasks)
    assert sorted(one.task.student for one in done if one.failure) == ["student-1", "student-2", "student-6"]
    lost = "the process that graded it was lost"
    assert {one.failure for one in done} == {"", lost, "SystemExit: by what it grades"}


def test_no_process_is_left_when_the_run_is_interrupted():
    with pytest.raises(KeyboardInterrupt), process_pool(1) as processes:
        pid = processes.submit(os.getpid).result()
        processes.submit(time.sleep, 600)
        raise KeyboardInterrupt
    assert not psutil.pid_exists(pid)


def test_no_process_is_left_when_the_run_is_killed():
    """Neither one that works nor one that waits for work."""
    script = """
        import os, time
        from autograder.grading.pool import process_pool

        with process_pool(2) as processes:
            print(*{processes.submit(time.sleep, 0.5) and processes.submit(os.getpid).result() for _ in range(9)})
            processes.submit(time.sleep, 600)
            print("ready", flush=True)
            time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        started = [psutil.Process(int(pid)) for pid in run.stdout.readline().split()]
        assert started and run.stdout.readline() == "ready\n"
        started += psutil.Process(run.pid).children(recursive=True)
        run.kill()
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []
