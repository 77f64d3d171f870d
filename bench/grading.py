"""Our grading against stock nbgrader on the same files, how it scales, and what grading again costs."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.sandbox import Limits
from bench.measure import Figure, at_least, at_most, seconds
from bench.solved import lessons_to_measure
from tests.course import COURSE, DATA, all_answers, answered, part_of_it, solutions

SCALE_LESSON = "02_reparameterization"  # the quickest to grade: what a class costs beside its notebooks shows most
ONE_LESSON = "03_mnist_pipeline"
FAN_OUT_LESSON = "06_latent_clustering"  # of middle weight


def measure(quick: bool) -> Iterator[Figure]:
    """grade_throughput, grade_scaling, regrade_unchanged, jobs_speedup, jobs_speedup_whole, one_notebook."""
    with tempfile.TemporaryDirectory() as folder:
        yield from throughput(Path(folder), lessons_to_measure(quick), 1 if quick else 2)
    small, middle, large = (2, 3, 4) if quick else (20, 30, 200)
    with tempfile.TemporaryDirectory() as folder:
        yield from scaling(Path(folder), small, large)
    with tempfile.TemporaryDirectory() as folder:
        yield from fan_out(Path(folder), middle)
    yield one_notebook(1 if quick else 5)


def throughput(folder: Path, lessons: Sequence[str], copies: int) -> Iterator[Figure]:
    """Right submissions to all lessons, by ``autograder grade --jobs 2`` and by stock nbgrader autograde.

    Stock nbgrader needs the checks in the notebook: each check cell asks ``check`` and raises when one fails.
    """
    course = make_class(folder / "ours", lessons, copies)
    ours = seconds(lambda: grade_class(course, lessons, settings(course), jobs=2))
    stock = stock_course(folder / "stock", course, lessons)
    theirs = 0.0
    for lesson in lessons:
        command = [sys.executable, "-m", "nbgrader", "autograde", lesson]
        theirs += seconds(lambda command=command: run_quietly(command, stock))
    count = copies * len(lessons)
    each = theirs / count, ours / count
    note = f"{60 / each[1]:.1f} against {60 / each[0]:.1f} submissions a minute, the same {count}"
    what = "stock, s a submission", "ours, s a submission"
    yield at_least("grade_throughput", [each[0]], [each[1]], 25, what, note)


def scaling(folder: Path, small: int, large: int) -> Iterator[Figure]:
    """Seconds a submission in a large class against a small one; grading again."""
    lesson = [SCALE_LESSON]
    few = make_class(folder / "few", lesson, small)
    many = make_class(folder / "many", lesson, large)
    few_seconds = seconds(lambda: grade_class(few, lesson, settings(few), jobs=2)) / small
    first = seconds(lambda: grade_class(many, lesson, settings(many), jobs=2))
    again = seconds(lambda: grade_class(many, lesson, settings(many), jobs=2))
    change = first / large / few_seconds
    samples = {f"s a submission, class of {small}": [few_seconds], f"class of {large}": [first / large]}
    note = f"a class of {large} against {small}"
    yield Figure("grade_scaling", change, "×", "≤ 1.1 ×", change <= 1.1, samples, note)
    figure = at_most("regrade_unchanged", [again / first], 0.02, "of the first run")
    figure.samples |= {"first, s": [first], "again, s": [again]}
    yield figure


def fan_out(folder: Path, size: int) -> Iterator[Figure]:
    """Two processes against one, while all of them have work, and the whole runs."""
    times: dict[int, list[float]] = {}
    for jobs in (1, 2):
        course = make_class(folder / str(jobs), [FAN_OUT_LESSON], size)
        start, finished = time.perf_counter(), times.setdefault(jobs, [])
        grade_class(
            course,
            [FAN_OUT_LESSON],
            settings(course),
            jobs=jobs,
            progress=lambda done, total, start=start, finished=finished: finished.append(time.perf_counter() - start),
        )
    # From the first verdict of each until one of them has nothing left to do.
    each = [(whole[-jobs] - whole[jobs]) / (size + 1 - 2 * jobs) for jobs, whole in times.items()]
    what = "1 process, s a submission", "2 processes, s a submission"
    yield at_least("jobs_speedup", [each[0]], [each[1]], 1.8, what, f"a class of {size}, while all have work")
    what = "1 process, s", "2 processes, s"
    yield at_least(
        "jobs_speedup_whole", [times[1][-1]], [times[2][-1]], 1.7, what, f"a class of {size}, start included"
    )


def one_notebook(runs: int) -> Figure:
    """Seconds of the command for one submission, from nothing to grades.csv."""
    times = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            course = make_class(Path(folder, "course"), [ONE_LESSON], 1)
            command = [sys.executable, "-m", "autograder", "grade", ONE_LESSON, "--course", str(course.root)]
            times.append(seconds(lambda command=command, course=course: run_quietly(command, course.root)))
    return at_most("one_notebook", times, 4, "s", f"lesson {ONE_LESSON[:2]}")


def settings(course: Course) -> Settings:
    """The defaults of the command, with the sandbox on."""
    return Settings(course.root, Limits(), require_sandbox=True)


def make_class(root: Path, lessons: Sequence[str], size: int) -> Course:
    """A course folder with ``size`` right submissions to each lesson, from the solutions and the right answers."""
    course = part_of_it(root, *lessons)
    for lesson in lessons:
        right: dict[str, list[str]] = {name: [source] for name, source in solutions(lesson).items()}
        for answer in all_answers():
            if answer.lesson == lesson and answer.right:
                right[answer.exercise].append(answer.code)
        for number in range(size):
            answers = {name: sources[number % len(sources)] for name, sources in right.items()}
            hand_in(course, lesson, number, answers)
    return course


def hand_in(course: Course, lesson: str, number: int, answers: dict[str, str]) -> None:
    """Write the ``number``-th student's submission to ``lesson``."""
    file = course.submitted / f"student{number:03}" / lesson / f"{lesson}.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(answered(course.released(lesson), answers), file)


def stock_course(root: Path, course: Course, lessons: Sequence[str]) -> Path:
    """The same files as stock nbgrader grades them: its own preprocessors, and check cells that raise."""
    shutil.copytree(course.submitted, root / "submitted")
    for file in [*root.glob("submitted/*/*/*.ipynb")]:
        nbformat.write(raising(nbformat.read(file, as_version=4)), file)
    for lesson in lessons:
        target = root / "source" / lesson / f"{lesson}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(raising(nbformat.read(COURSE.source_notebook(lesson), as_version=4)), target)
    config = (
        'c = get_config()\nc.CourseDirectory.course_id = "stock"\nc.ClearSolutions.enforce_metadata = False\n'
        "c.Execute.timeout = 600\n"  # the default of 30 s a cell is too short for the trainings
    )
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for lesson in lessons:
        run_quietly([sys.executable, "-m", "nbgrader", "generate_assignment", lesson], root)
    return root


def raising(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Check cells as an instructor with stock nbgrader would write them: an assertion on the same checks."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith("check("):
            cell.source = f"_result = {cell.source}\nassert all(v.status == 'passed' for v in _result.verdicts)"
    return notebook


def run_quietly(command: Sequence[str], folder: Path) -> None:
    """Run a command in ``folder``; its output is kept for the error only."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "VAELAB_DATA": str(DATA)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} ended with {done.returncode}: {done.stderr[-500:]}")
