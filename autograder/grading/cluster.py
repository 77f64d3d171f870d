"""Grades on other machines: the workers of a Dask scheduler that is running already."""

from collections.abc import Callable, Iterator, Sequence

from distributed import Client, as_completed

from autograder.grading.settings import Settings
from autograder.grading.worker import Done, Task, grade_task


def grade_there(
    scheduler: str, tasks: Sequence[Task], settings: Settings, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Done]:
    """Each of ``tasks``, graded by the workers of the scheduler at the address ``scheduler``, as they are done.

    The workers see the course's folder at the same path; each has a warm process of its own. ``meanwhile`` is called
    when they have the tasks.
    """
    with Client(scheduler) as client:
        futures = client.map(grade_task, tasks, settings=settings, pure=False, retries=1, batch_size=None)
        meanwhile()
        by_key = {future.key: task for future, task in zip(futures, tasks, strict=True)}
        for future in as_completed(futures):
            error = future.exception()
            if error is not None:  # the worker itself was lost, twice
                yield Done(by_key[future.key], failure=f"the worker was lost ({type(error).__name__})")
            else:
                yield future.result()
            future.release()
