"""Grades one submission: intake, execute, check. A pure function of what was handed in and the lesson."""

import bisect
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from nbformat import NotebookNode

from autograder.checking.catalogue import CheckFile, exercises, list_checks, sentence_modules
from autograder.checking.errors import first_line, what_it_means
from autograder.checking.helpers import helper_sources, load_helpers
from autograder.checking.runner import run_checks
from autograder.checking.show import STYLE, as_html
from autograder.checking.slips import TO_DO
from autograder.checking.verdict import FAILED, Verdict
from autograder.grading.asking import Asking
from autograder.grading.beside import Beside
from autograder.grading.lesson import exercise_of, grade_id, is_answer, is_check, is_skipped, tested_exercises
from autograder.grading.nodes import output_of
from autograder.grading.passed_over import PassedOver
from autograder.grading.reach import reaches
from autograder.grading.result import Result
from autograder.grading.session import Outcome, Session, Stopped
from autograder.grading.test_cells import judge, with_hidden_tests
from autograder.inside.answer import helper_names
from autograder.intake import take_in
from autograder.sandbox import KernelFactory, Limits, remove_folder
from autograder.text import shown

MAX_RESTARTS = 12
MAX_SUSPECTS = 3  # cells left out one by one where an exercise ends the kernel
KEPT_OUTPUTS = 4  # of a whole notebook, in times the limit of one cell
_WAITS = "(Not run: it needs what a cell assigns that grading passes over, and no answer needs this cell.)\n"
T = TypeVar("T")
# What a cell that runs late would overwrite, though in the notebook it stands above what has bound it since.
_KEEP = (
    "__import__('sys').modules['autograder_inside'].kept = "
    "{{name: value for name, value in globals().items() if name in {names!r}}}"
)
_PUT_BACK = "globals().update(__import__('sys').modules['autograder_inside'].kept)"


def grade_notebook(
    submission: Path,
    name: str,
    released: NotebookNode,
    checks: Sequence[CheckFile],
    factory: KernelFactory,
    limits: Limits | None = None,
    beside: Beside | None = None,
    siblings: Sequence[str] = (),
    source: Path | None = None,
    rules: Sequence[str] = (),
) -> NotebookNode:
    """The graded notebook ``name`` of the folder ``submission`` (submitted/STUDENT/LESSON).

    The student's answers stand in the released notebook, each check cell holds its score and verdicts, by ``checks``,
    and the metadata holds a Result. ``beside``: what a notebook finds beside it, {path: file, or its content};
    ``siblings`` are the other notebooks of its assignment. A cell that has no check is run as a test, with hidden
    tests of its ``source``, and judged by those of nbgrader's ``rules`` that settings.NBGRADER_RULES lists.

    Writes nothing outside a temporary folder of its own. Raises autograder.intake.Unreadable for a submission that no
    notebook can be made of.
    """
    own_tests = not tested_exercises(released) <= exercises(checks).keys()
    taken = take_in(Path(submission), name, released, siblings=siblings, free_cells=own_tests or not checks)
    notebook = with_hidden_tests(taken.notebook, source) if own_tests and source is not None else taken.notebook
    limits = limits or Limits()
    grading = _Grading(checks, notebook, factory, limits, beside, rules if own_tests else ())
    try:
        grading.run()
    finally:
        grading.close()
    if own_tests:
        grading.result.suspect = _suspect(notebook)
    grading.result.mended = [*taken.mended, *dict.fromkeys(grading.also_ran)]
    grading.result.protections_off = list(factory.protections)
    grading.result.write_to(notebook)
    return notebook


def _suspect(notebook: NotebookNode) -> list[str]:
    """A sentence for each of the student's cells that could reach the tests of its notebook."""
    found = []
    for cell in notebook.cells:
        own = cell.cell_type == "code" and not is_check(cell) and not cell.metadata.get("nbgrader", {}).get("locked")
        if own and (names := reaches(cell.source)):
            begins = shown(first_line(cell.source), longest=60)
            what = ", ".join(f"`{name}`" for name in names[:5])
            found.append(f"The cell that begins `{begins}` could reach the tests, by {what}: look at it.")
    return found


class _Grading:
    """Runs the cells of one notebook in order, in a new kernel after a stop, and checks at each check cell."""

    def __init__(
        self,
        checks: Sequence[CheckFile],
        notebook: NotebookNode,
        factory: KernelFactory,
        limits: Limits,
        beside: Beside | None = None,
        rules: Sequence[str] = (),
    ):
        self._beside = beside or {}
        self._rules = rules
        self._ended = ""  # why nothing more runs, by nbgrader's rule
        self._checks = checks
        self._checked = exercises(checks).keys()
        self._sentences = sentence_modules(checks)
        skips = any(is_skipped(cell) for cell in notebook.cells)
        self._helpers = helper_sources(checks) if checks or skips else None  # nothing would be asked
        self._notebook = notebook
        self._factory = factory
        self._limits = limits
        self._deadline = time.monotonic() + limits.submission_seconds
        self._folder = factory.work_dir()
        self._session: Session | None = None
        self._restarts = 0
        self._ran: list[int] = []  # cells to run again in a new kernel, in order
        self.also_ran: list[str] = []  # a sentence for each cell that grading had passed over
        self._passed_over = PassedOver(notebook.cells)
        self._cell_errors: dict[str, str] = {}
        self._unassigned_stop = ""
        self._room = KEPT_OUTPUTS * limits.output_bytes
        self._known_names = helper_names(load_helpers(checks))
        self.result = Result()

    def run(self) -> None:
        for index, cell in enumerate(self._notebook.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if is_check(cell):
                self._check(index, cell)
            elif is_skipped(cell):
                self._passed_over.pass_over(index)
            elif cell.source.strip() and not self._ended:
                self._execute(index, cell)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        remove_folder(self._folder)

    def _execute(self, index: int, cell: NotebookNode) -> None:
        exercise = grade_id(cell) if is_answer(cell) else ""
        needs = self._passed_over.names(index).needs
        first = self._passed_over.needed(needs, index)
        if first and not grade_id(cell):
            self._passed_over.pass_over(index, own=True)
            cell.outputs = [output_of("stream", name="stdout", text=_WAITS)]
            return
        started = time.monotonic()
        try:
            self._run_passed_over(first, exercise)
            outcome = self._run(cell.source)
        except Stopped as stop:
            self._end_by_rule(stop)
            if exercise:
                self.result.stopped[exercise] = str(stop)
            elif not grade_id(cell):
                # A cell the student added: the next exercise answers for it.
                self._unassigned_stop = (
                    f"{stop} It was the cell above that begins with `{shown(first_line(cell.source))}`."
                )
            cell.outputs = [_stopped_output(stop)]
            return
        finally:
            if exercise:
                self._count(exercise, started)
        self._keep(index, outcome)
        if exercise:
            missing = self._passed_over.why_missing(sorted(needs)) if outcome.error else ""
            self._cell_errors[exercise] = " ".join(filter(None, (_cell_error(outcome, self._sentences), missing)))

    def _end_by_rule(self, stop: Stopped) -> None:
        if "timeout" in self._rules and not self._ended:
            self._ended = f"Not run: nbgrader's rule, since a cell above was stopped. {stop}"

    def _keep(self, index: int, outcome: Outcome) -> None:
        """A cell has run to its end, or to its error: it runs again in each new kernel."""
        bisect.insort(self._ran, index)
        self._passed_over.ran(index)
        self._notebook.cells[index].outputs = self._that_fit(outcome.outputs)

    def _run_passed_over(self, indices: Sequence[int], exercise: str) -> None:
        """Run cells that grading had passed over. Raises Stopped where nothing more can run; a cell that is stopped
        by itself is left out."""
        for index in indices:
            cell, later = self._notebook.cells[index], self._passed_over.bound_below(index)
            whose = "The student's cell" if not is_skipped(cell) else "The given cell"
            self.also_ran.append(
                f"{whose} that begins `{self._passed_over.title(index)}` was run, for what `{exercise}` needs of it."
            )
            try:
                session = self._open()
                if later:
                    session.run(_KEEP.format(names=later))
                outcome = session.run(cell.source)
                if later:
                    session.run(_PUT_BACK)
            except Stopped as stop:
                self._passed_over.failed(index, str(stop))
                cell.outputs = [_stopped_output(stop)]
                if time.monotonic() > self._deadline:
                    raise
                continue
            self._keep(index, outcome)
            if outcome.error:
                self._passed_over.failed(index, f"{outcome.error[0]}: {first_line(outcome.error[1])}")

    def _run(self, source: str) -> Outcome:
        """Run one more cell. Raises Stopped."""

        def attempt() -> tuple[Outcome | Stopped, bool]:
            session = self._open()
            try:
                return session.run(source), False
            except Stopped as stop:
                return stop, not session.alive

        done = self._without_suspects(attempt)
        if isinstance(done, Stopped):
            raise done
        return done

    def _without_suspects(self, attempt: Callable[[], tuple[T, bool]]) -> T:
        """What ``attempt`` brings; it says too whether it has lost the kernel.

        Then an older cell may be to blame: again in a new kernel, without one suspect more. Where that doesn't help,
        none of them was.
        """
        before = list(self._ran)
        for _ in range(MAX_SUSPECTS + 1):
            done, lost = attempt()
            if not lost:
                return done
            if not self._leave_out_a_suspect():
                break
        self._ran = before
        return done

    def _leave_out_a_suspect(self) -> bool:
        """Drop the last cell that the student added, or whose exercise was stopped or lost points. False where there is
        none."""
        lost = {verdict.exercise for verdict in self.result.verdicts if verdict.points < verdict.max_points}
        for index in reversed(self._ran):
            name = grade_id(self._notebook.cells[index])
            if not name or name in lost or name in self.result.stopped:
                self._ran.remove(index)
                return True
        return False

    def _leave_out(self, exercise: str) -> None:
        """The answer to an exercise does not run again in a new kernel."""
        self._ran = [index for index in self._ran if grade_id(self._notebook.cells[index]) != exercise]

    def _that_fit(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """Outputs, as long as those of the notebook together are bearable: a thousand cells may have some."""
        self._room -= sum(len(str(output)) for output in outputs)
        if self._room < 0:
            return [output_of("stream", name="stdout", text="(The notebook's outputs are too large; left out.)\n")]
        return outputs

    def _check(self, index: int, cell: NotebookNode) -> None:
        exercise = exercise_of(cell)
        started = time.monotonic()
        if self._unassigned_stop:
            self.result.stopped.setdefault(exercise, self._unassigned_stop)
            self._unassigned_stop = ""
        if exercise not in self._checked:
            outputs = self._run_test(index, cell)
        else:
            stopped = exercise in self.result.stopped
            self.result.verdicts += self._stopped_verdicts(exercise) if stopped else self._ask(exercise, index)
            outputs = []
        verdicts = self.result.of(exercise)
        self._count(exercise, started)
        points = sum(v.points for v in verdicts)
        page = f"<style>{STYLE}</style>{as_html(exercise, verdicts)}"
        data = {"text/plain": f"{points:g}", "text/html": page}
        cell.outputs = [*outputs, output_of("execute_result", data=data, execution_count=None)]

    def _run_test(self, index: int, cell: NotebookNode) -> list[NotebookNode]:
        """Run a test cell in the kernel, and keep the verdict on it; what it printed."""
        try:
            if self._ended:
                raise Stopped(self._ended)
            outcome = self._run(cell.source)
        except Stopped as stop:
            self._end_by_rule(stop)
            self.result.stopped[exercise_of(cell)] = str(stop)
            self.result.verdicts.append(judge(cell, Outcome(error=("Stopped", str(stop)))))
            return [_stopped_output(stop)]
        bisect.insort(self._ran, index)
        self.result.verdicts.append(judge(cell, outcome, on_error_stream="stderr" in self._rules))
        if outcome.unshown:
            kind, said = outcome.unshown
            return [output_of("error", ename=kind, evalue=said, traceback=[f"{kind}: {said}"])]
        return self._that_fit(outcome.outputs)

    def _ask(self, exercise: str, index: int) -> list[Verdict]:
        def prepare(names: frozenset[str]) -> None:
            self._run_passed_over(self._passed_over.needed(names, index), exercise)

        def attempt() -> tuple[tuple[list[Verdict], Asking], bool]:
            session = self._open()
            student = Asking(session, prepare, self._passed_over, self._known_names)
            verdicts = run_checks(
                self._checks,
                exercise,
                student,
                lambda name: self._source_of(exercise),
                self._cell_errors.get(exercise, ""),
            )
            if student.is_cut_off:
                return attempt()
            if student.is_unanswered:
                session.give_up("it answers no question")
            return (verdicts, student), not session.alive

        try:
            verdicts, student = self._without_suspects(attempt)
        except Stopped as stop:
            self.result.stopped[exercise] = str(stop)
            return self._stopped_verdicts(exercise)
        if student.stop:
            self.result.stopped[exercise] = student.stop
        elif student.is_unanswered:
            self._leave_out(exercise)
        return verdicts

    def _source_of(self, exercise: str) -> str:
        """The source of an exercise's answer."""
        cells = (cell for cell in self._notebook.cells if is_answer(cell) and grade_id(cell) == exercise)
        return next((cell.source for cell in cells), "")

    def _stopped_verdicts(self, exercise: str) -> list[Verdict]:
        checks = [check for check in list_checks(self._checks) if check.exercise == exercise]
        message = self.result.stopped[exercise]
        return [Verdict(exercise, c.name, c.title, FAILED, 0.0, c.points, message, hidden=c.hidden) for c in checks]

    def _count(self, exercise: str, started: float) -> None:
        spent = self.result.seconds.get(exercise, 0.0) + time.monotonic() - started
        self.result.seconds[exercise] = round(spent, 3)

    def _open(self) -> Session:
        """The live session; after a stop a new one, in which the cells that ran well have run again."""
        while self._session is None or not self._session.alive:
            if self._session is not None:
                self._session.close()
                self._restarts += 1
                if self._restarts > MAX_RESTARTS:
                    raise Stopped("Stopped: the notebook ended its kernel again and again.")
            work_dir = Path(tempfile.mkdtemp(dir=self._folder))
            self._session = Session(
                self._factory, work_dir, self._limits, self._deadline, self._helpers, self._beside
            ).__enter__()
            for index in list(self._ran):
                try:
                    self._session.run(self._notebook.cells[index].source)
                except Stopped:
                    self._ran.remove(index)
                    if time.monotonic() > self._deadline:
                        raise
                    if not self._session.alive:
                        break
        return self._session


def _cell_error(outcome: Outcome, sentences: Sequence[str]) -> str:
    """How a student's cell failed, in a sentence; empty where it ran, or reached its own TO DO."""
    if outcome.error is None:
        return ""
    kind, message = outcome.error
    if kind == "NotImplementedError" and TO_DO in message:
        return ""
    place = f" in line {outcome.line}" if outcome.line else ""
    return f"{what_it_means(kind, message, tables=sentences)}Its cell stopped with {kind}{place}: {first_line(message)}"


def _stopped_output(stop: Stopped) -> NotebookNode:
    """What stands under a cell that was stopped."""
    output: NotebookNode = output_of("error", ename="Stopped", evalue=str(stop), traceback=[str(stop)])
    return output
