"""``autograder test``: the checks of a course, held against its right and wrong answers."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.checking.helpers import helper_sources
from autograder.checking.runner import run_checks
from autograder.checking.verdict import FAILED, NOT_ATTEMPTED, PASSED, Verdict
from autograder.corpus import Answer, Corpus
from autograder.course import Course, read_notebook
from autograder.grading.beside import files_of_course
from autograder.grading.grade import grade_notebook
from autograder.grading.lesson import grade_id, is_answer
from autograder.grading.result import Result
from autograder.grading.session import Session, Stopped
from autograder.grading.settings import Settings, kernel_factory
from autograder.sandbox import KernelFactory, Limits

_SECONDS = 3600.0  # for all answers to one exercise


@dataclass(frozen=True)
class Tried:
    """What came of one answer, or of a solution or a stub: ``problems`` is empty where all is as it should be."""

    what: str
    problems: tuple[str, ...]


def try_course(
    course: Course, lessons: Sequence[str], chosen: Callable[[Answer], bool] = lambda answer: True
) -> Iterator[Tried]:
    """Mark the solution, the untouched cell and all answers of each exercise that has checks.

    Of an assignment without check files, what is released and its own solution. ``chosen``: which answers to mark.

    Raises CourseError for an answer that doesn't say what it is or stands under no exercise.
    """
    corpus = Corpus(course)
    answers = [answer for answer in corpus.answers() if answer.lesson in lessons and chosen(answer)]
    settings = Settings.of(course)
    limits = replace(settings.limits, submission_seconds=_SECONDS)
    with kernel_factory(replace(settings, limits=limits)) as factory:
        for lesson in lessons:
            if not course.check_files(lesson):
                yield from _try_test_cells(course, lesson, factory, limits)
                continue
            exercises = list(course.exercises(lesson, hidden=True))
            for stray in sorted({a.exercise for a in answers if a.lesson == lesson} - set(exercises)):
                yield Tried(f"{lesson}, {stray}", ("there are answers to it, and no check has its name.",))
            for exercise in exercises:
                mine = [a for a in answers if (a.lesson, a.exercise) == (lesson, exercise)]
                yield from _try_exercise(corpus, lesson, exercise, mine, factory, limits)


def _try_test_cells(course: Course, lesson: str, factory: KernelFactory, limits: Limits) -> Iterator[Tried]:
    """An assignment with test cells of its own: its release must earn nothing, and its own solution everything."""
    for name in course.notebooks(lesson):

        def verdicts_on(notebook: NotebookNode, name: str = name) -> list[Verdict]:
            return _own_tests_on(course, lesson, name, notebook, factory, limits)

        won = [v for v in verdicts_on(course.released(lesson, name)) if v.points > 0]
        yield Tried(f"{lesson}, {name}, as it is released", tuple(f"{v.check} gives {v.points:g} points." for v in won))
        source = course.source_notebook(lesson, name)
        if source.is_file():
            lost = [v for v in verdicts_on(read_notebook(source, mend="")) if v.points < v.max_points]
            yield Tried(f"{lesson}, {name}, its own solution", tuple(f"{v.check}: {v.message}" for v in lost))


def _own_tests_on(
    course: Course, lesson: str, name: str, notebook: NotebookNode, factory: KernelFactory, limits: Limits
) -> list[Verdict]:
    """What the test cells of a lesson say of a notebook that is handed in."""
    released, beside = course.released(lesson, name), files_of_course(course, lesson, own_tests=True)
    source = course.source_notebook(lesson, name)
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook, Path(folder, f"{name}.ipynb"))
        graded = grade_notebook(Path(folder), name, released, [], factory, limits, beside, source=source)
    return Result.read_from(graded).verdicts


def _try_exercise(
    corpus: Corpus, lesson: str, exercise: str, answers: Sequence[Answer], factory: KernelFactory, limits: Limits
) -> Iterator[Tried]:
    """One kernel for an exercise: each of its answers overwrites the one before."""
    files, beside = corpus.course.check_files(lesson, hidden=True), corpus.course.files_beside(lesson)
    deadline = time.monotonic() + _SECONDS
    with Session(factory, Path(factory.work_dir()), limits, deadline, helper_sources(files), beside) as session:

        def verdicts_on(code: str) -> list[Verdict]:
            session.run(code)
            return run_checks(files, exercise, session.student, lambda name: code)

        try:
            for source in corpus.cells_before(lesson, exercise):
                session.run(source)
            verdicts = verdicts_on(_stub(corpus.course, lesson, exercise))
            untouched = all(v.status == NOT_ATTEMPTED for v in verdicts)
            yield Tried(f"{lesson}, {exercise}, untouched", () if untouched else (_not_untouched(verdicts),))
            lost = _lost(verdicts_on(corpus.solutions(lesson)[exercise]))
            yield Tried(f"{lesson}, {exercise}, its solution", tuple(lost))
            for answer in answers:
                broken = broken_promises(answer, verdicts_on(answer.code))
                yield Tried(f"{lesson}, {exercise}, {answer.path.name}", tuple(broken))
        except Stopped as stop:
            yield Tried(f"{lesson}, {exercise}", (str(stop),))


def broken_promises(answer: Answer, verdicts: Sequence[Verdict]) -> list[str]:
    """A sentence for each thing that the verdicts on an answer of the corpus should be and aren't."""
    if answer.right:
        return _lost(verdicts)
    broken = [f"{v.check} could not be run: {v.message}" for v in verdicts if v.status == "error"]
    broken += [
        f"{v.check} is {v.status} and says nothing." for v in verdicts if v.status != PASSED and not v.message.strip()
    ]
    found = next((v for v in verdicts if v.check == answer.fails), None)
    if found is None:
        return [
            *broken,
            f"it must fail {answer.fails}, and there is no such check; there are "
            f"{', '.join(v.check for v in verdicts) or 'none'}.",
        ]
    if found.status != FAILED:
        broken.append(
            f"it must fail {answer.fails}, which is {found.status}{f': {found.message}' if found.message else ''}"
        )
    elif answer.says.lower() not in found.message.lower():
        broken.append(f"{answer.fails} must say {answer.says!r} and says: {found.message}")
    if answer.loses is not None and abs((lost := sum(v.max_points - v.points for v in verdicts)) - answer.loses) > 1e-9:
        broken.append(f"it must lose {answer.loses:g} points and loses {lost:g}.")
    return broken


def _lost(verdicts: Sequence[Verdict]) -> list[str]:
    return [f"{v.check} is {v.status}: {v.message}" for v in verdicts if v.status != PASSED]


def _not_untouched(verdicts: Sequence[Verdict]) -> str:
    said = ", ".join(f"{v.check} {v.status}" for v in verdicts if v.status != NOT_ATTEMPTED)
    return f"an untouched cell must be not attempted: {said}."


def _stub(course: Course, lesson: str, exercise: str) -> str:
    """What a student finds in the cell of an exercise."""
    cells = course.released(lesson).cells
    return next((cell.source for cell in cells if is_answer(cell) and grade_id(cell) == exercise), "")
