"""Runs the checks of one exercise and makes verdicts of what happens."""

import contextlib
from collections.abc import Callable, Sequence

import pytest

from autograder.checking import verdict
from autograder.checking.catalogue import CheckFile, calls, one_line, sentence_modules, stand_ins
from autograder.checking.errors import first_line, what_it_means
from autograder.checking.expect import Mismatch
from autograder.checking.names import misspelled
from autograder.checking.once import forget
from autograder.checking.questions import in_students_terms, is_plain_call
from autograder.checking.randomness import generator_of
from autograder.checking.slips import left_stub, why_not_python
from autograder.checking.standing_in import StandingIn, suffices, with_the_cause
from autograder.checking.student import NoAnswer, Student, StudentError
from autograder.checking.suite import run_suite
from autograder.checking.verdict import Verdict
from autograder.text import clean


def run_checks(
    files: Sequence[CheckFile],
    exercise: str,
    student: Student,
    source_of: Callable[[str], str] = lambda name: "",
    cell_error: str = "",
) -> list[Verdict]:
    """The verdicts of every check of ``exercise`` in ``files``, in order.

    ``source_of`` gives the source of the cell that should define a name, ``cell_error`` says how that cell failed,
    where it did: the message when the name is missing.
    """
    verdicts = _run(files, exercise, student, source_of, cell_error)
    called = [name for name in calls(files).get(exercise, ()) if name not in stand_ins(files)]
    if called and any(v.status == verdict.FAILED for v in verdicts):
        return with_the_cause(verdicts, {name: _run(files, name, student, source_of, "") for name in called})
    return verdicts


def _run(
    files: Sequence[CheckFile], exercise: str, student: Student, source_of: Callable[[str], str], cell_error: str
) -> list[Verdict]:
    """The verdicts of the checks themselves, as pytest ran them."""
    judge = _Judge(files, exercise, student, source_of, cell_error)
    forget(student)
    run_suite(files, exercise, judge)
    return judge.verdicts


class _Judge:
    """Gives checks their student and turns what happens into verdicts."""

    def __init__(
        self,
        files: Sequence[CheckFile],
        exercise: str,
        student: Student,
        source_of: Callable[[str], str],
        cell_error: str,
    ):
        self._hidden = {file.path.resolve() for file in files if file.hidden}
        self._sentences = sentence_modules(files)
        self._stand_ins = {name: source for name, source in stand_ins(files).items() if name != exercise}
        self._holds_with: dict[str, str] = {}
        self._exercise = exercise
        self.student = student
        self._source_of = source_of
        self._cell_error = cell_error
        self.verdicts: list[Verdict] = []

    def before(self, item: pytest.Function) -> None:
        """See Judge.before: one that waits for another, or whose exercise is not attempted, is left out."""
        if any(v.status == verdict.NOT_ATTEMPTED for v in self.verdicts):
            pytest.skip(verdict.NOT_ATTEMPTED)
        before = self._mark(item).kwargs.get("after", ())
        for name in [before] if isinstance(before, str) else before:
            earlier = next((v for v in self.verdicts if v.check == name), None)
            if earlier is not None and earlier.status != verdict.PASSED:
                pytest.skip(f"This check waits until an earlier one passes: {earlier.title}")

    def ask(self, item: pytest.Function) -> None:
        """See Judge.ask: one that fails is asked once more, with right answers in place of earlier ones it may call."""
        arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
        try:
            item.obj(**arguments)
        except (Mismatch, StudentError) as error:

            def holds(sources: Sequence[str]) -> bool:
                anew = {"student": StandingIn(self.student, sources), "rng": generator_of(item.name)}
                with contextlib.suppress(Mismatch, StudentError, NoAnswer):
                    item.obj(**{name: anew.get(name, value) for name, value in arguments.items()})
                    return True
                return False

            names = suffices(self._stand_ins, holds)
            if not names:
                raise error
            self._holds_with[item.name] = names

    def tell(self, item: pytest.Function, raised: BaseException | None) -> None:
        """See Judge.tell."""
        self.verdicts.append(self._judge(item, raised))

    @staticmethod
    def _mark(item: pytest.Item) -> pytest.Mark:
        return item.get_closest_marker("exercise") or pytest.mark.exercise(None).mark

    def _judge(self, item: pytest.Function, raised: BaseException | None) -> Verdict:
        worth = float(self._mark(item).kwargs.get("points", 0))
        status, message, expected, actual = self._read(raised, self._holds_with.get(item.name, ""))
        return Verdict(
            exercise=self._exercise,
            check=item.name,
            title=one_line(item.function.__doc__ or item.name),
            status=status,
            points=worth if status == verdict.PASSED else 0.0,
            max_points=worth,
            message=clean(message),
            expected=clean(expected),
            actual=clean(actual),
            hidden=item.path in self._hidden,
        )

    def _read(self, raised: BaseException | None, said: str) -> tuple[str, str, str, str]:
        """(status, message, expected, actual) of what a check raised; ``said`` of one that holds."""
        if raised is None:
            return verdict.PASSED, said, "", ""
        if isinstance(raised, Mismatch):
            return verdict.FAILED, raised.message, raised.expected, raised.actual
        if isinstance(raised, StudentError):
            return *self._read_student_error(raised), "", ""
        if isinstance(raised, NoAnswer):
            return verdict.FAILED, str(raised), "", ""
        if isinstance(raised, pytest.skip.Exception):
            if raised.msg == verdict.NOT_ATTEMPTED:
                earlier = next(v for v in self.verdicts if v.status == verdict.NOT_ATTEMPTED)
                return verdict.NOT_ATTEMPTED, earlier.message, "", ""
            return verdict.SKIPPED, raised.msg or "", "", ""
        return verdict.ERROR, f"This check could not be run ({type(raised).__name__}: {raised}).", "", ""

    def _read_student_error(self, error: StudentError) -> tuple[str, str]:
        if error.is_to_do:
            if error.is_own:
                root = error.where.partition(".")[0]
                if left := left_stub(self._source_of(root)) if root else "":
                    return verdict.FAILED, left
                return verdict.NOT_ATTEMPTED, "Still to do."
            return verdict.SKIPPED, f"This builds on `{error.where}`, which is still to do."
        if error.kind == "NameError" and error.name and not error.where:
            source = self._source_of(error.name)
            if (
                said := why_not_python(source)
                or left_stub(source)
                or self._cell_error
                or misspelled(error.name, source)
            ):
                return verdict.FAILED, said
            return (
                verdict.NOT_ATTEMPTED,
                f"`{error.name}` is not defined yet: write it and run its cell first.",
            )
        place = f" (line {error.line} of its cell: `{error.text}`)" if error.text else ""
        shown = error.where or (error.expression if is_plain_call(error.expression) else "")
        where = f"`{shown}`" if shown else "Your answer"
        message = in_students_terms(error)
        said = what_it_means(error.kind, message, error.text, self._sentences)
        return verdict.FAILED, f"{said}{where} raised {error.kind}: {first_line(message)}{place}"
