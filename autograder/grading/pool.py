"""Grades on this machine: in processes that are forks of one, which has imported once what they need."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from autograder.grading.ahead import start_ahead
from autograder.grading.cores import usable_cores
from autograder.grading.settings import Settings
from autograder.grading.worker import Done, Task, grade_task
from autograder.text import clean

# Beyond one for each process: the next is there when a process is free, also while its last result is written down.
_AHEAD = 2
_TRIES = 2


def grade_here(
    jobs: int, tasks: Sequence[Task], settings: Settings, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Done]:
    """Each of ``tasks``, graded by one of at most ``jobs`` processes, as they are done.

    A process that is lost takes the others with it. Each task that may have been its last is then tried by itself,
    twice at most, so that a task which ends its process is the only one that is not graded. ``meanwhile`` is called
    while tasks are on their way, perhaps more than once.
    """
    waiting = list(tasks)
    while waiting:
        begun, waiting = yield from _grade_in_pool(jobs, waiting, settings, meanwhile)
        for task in begun:
            for _ in range(_TRIES):
                lost, _rest = yield from _grade_in_pool(1, [task], settings, meanwhile)
                if not lost:
                    break
            else:
                yield Done(task, failure="the process that graded it was lost")


def _grade_in_pool(
    jobs: int, tasks: Sequence[Task], settings: Settings, meanwhile: Callable[[], object]
) -> Generator[Done, None, tuple[list[Task], list[Task]]]:
    """Yield what is done; return the tasks that were begun when a process was lost, and those that were not."""
    waiting = deque(tasks)
    begun: dict[Future[Done], Task] = {}
    with process_pool(min(jobs, len(tasks))) as pool:
        while waiting or begun:
            try:
                while waiting and len(begun) < jobs + _AHEAD:
                    begun[pool.submit(grade_task, waiting[0], settings)] = waiting[0]
                    waiting.popleft()
                meanwhile()
                for future in wait(begun, return_when=FIRST_COMPLETED).done:
                    done = _outcome(future, begun[future])
                    del begun[future]
                    yield done
            except BrokenProcessPool:
                break
    return list(begun.values()), list(waiting)


def _outcome(future: Future[Done], task: Task) -> Done:
    """What came of a task that is done. Raises BrokenProcessPool where a process was lost meanwhile."""
    error = future.exception()
    if isinstance(error, BrokenProcessPool):
        raise error
    return Done(task, failure=clean(f"{type(error).__name__}: {error}")) if error else future.result()


@contextmanager
def process_pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of ``processes`` that ends with the block, and at once where the block or this process ends early.

    As many processes as there are cores keep to a core each, so that what one submission does can't slow the one
    beside it. With fewer, the system spreads them better: it knows which cores share parts.
    """
    start_ahead()
    context = multiprocessing.get_context("forkserver")
    cores = usable_cores()
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        processes,
        context,
        _begin,
        (theirs, dict(os.environ), context.Value("i", 0), cores if processes == len(cores) else []),
    )
    try:
        yield pool
        pool.shutdown()
    finally:
        ours.close()
        pool.shutdown(cancel_futures=True)
        theirs.close()


def _begin(coordinator: Connection, environment: dict[str, str], started: Any, cores: Sequence[int]) -> None:
    """Called in each process of a pool before its first task; ``started`` counts the processes that have been here."""
    os.environ.clear()
    os.environ.update(environment)  # as it is now: the process that this one is a fork of may be older
    # Ctrl+C reaches every process of a terminal; the coordinator decides. Not SIG_IGN, which a kernel would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    if cores:
        with started.get_lock():
            core = cores[started.value]
            started.value += 1
        os.sched_setaffinity(0, {core})  # this thread, and all that it starts from now on
    Thread(target=_end_with, args=[coordinator], daemon=True).start()


def _end_with(coordinator: Connection) -> None:
    """End this process when the other end of the pipe is closed, as the system does for a process that was killed."""
    try:
        coordinator.poll(None)
    finally:
        os._exit(1)
