"""Runs the checks of one exercise with pytest and collects their verdicts.

pytest is asked for the functions and nothing else: no terminal, no plugins from outside, no rewriting
of asserts, no cache. That keeps a run to some tens of milliseconds inside a notebook.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from autograder.checking import verdict
from autograder.checking.catalogue import CheckFile, calls, one_line, sentence_modules, stand_ins
from autograder.checking.errors import first_line, what_it_means
from autograder.checking.expect import Mismatch
from autograder.checking.names import misspelled
from autograder.checking.questions import in_students_terms, is_plain_call
from autograder.checking.slips import left_stub, why_not_python
from autograder.checking.standing_in import StandingIn, suffices, with_the_cause
from autograder.checking.student import NoAnswer, Student, StudentError
from autograder.checking.verdict import Verdict
from autograder.text import clean

_DISABLED = (
    "terminal cacheprovider warnings logging faulthandler unraisableexception threadexception "
    "junitxml pastebin stepwise doctest setuponly setupplan debugging legacypath tmpdir recwarn"
)
# A student's package lies in a folder called .venv, where pytest would not look for checks.
_ARGUMENTS = [
    "--collect-in-virtualenv",
    "-o",
    "norecursedirs=",
    "--assert=plain",
    "-s",
    "--import-mode=importlib",
    "--noconftest",
] + [word for plugin in _DISABLED.split() for word in ("-p", f"no:{plugin}")]


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
    collector = _Collector(files, exercise, student, source_of, cell_error)
    empty = Path(__file__).with_name("empty.ini")
    paths = [file.path.resolve() for file in files]
    _forget_others(paths)
    with _without_plugins(), _public_checks_importable(files):
        status = pytest.main(
            [*_ARGUMENTS, "-c", str(empty), f"--rootdir={paths[0].parent.parent}", *map(str, paths)],
            plugins=[collector],
        )
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"the checks of {exercise!r} could not be run: pytest ended with {status!r}")
    return collector.verdicts


@contextlib.contextmanager
def _public_checks_importable(files: Sequence[CheckFile]) -> Iterator[None]:
    """Hidden checks may share what the public ones define: ``from checks import MEANS``."""
    public = [file.path.resolve() for file in files if not file.hidden]
    if len(public) == len(files):  # nobody asks
        yield
        return
    before = list(sys.path)
    sys.path[:0] = [str(path.parent) for path in public]
    try:
        yield
    finally:
        sys.path[:] = before
        for path in public:
            sys.modules.pop(path.stem, None)


_imported: dict[str, tuple[Path, int]] = {}  # what pytest has imported, by its name for it


def _forget_others(paths: Sequence[Path]) -> None:
    """Let pytest import check files anew that were edited, and such as have the name of another one."""
    for name, (path, time) in list(_imported.items()):
        if path not in paths or path.stat().st_mtime_ns != time:
            sys.modules.pop(name, None)
            del _imported[name]


@contextlib.contextmanager
def _without_plugins() -> Iterator[None]:
    """Plugins that happen to be installed stay out; the variables pytest sets are put back after it."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_CURRENT_TEST")
    before = {name: os.environ.get(name) for name in (*names, "PYTEST_VERSION")}
    for name in names:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Collector:
    """The pytest plugin: gives checks their student and turns what happens into verdicts."""

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
        self._student = student
        self._source_of = source_of
        self._cell_error = cell_error
        self.verdicts: list[Verdict] = []

    @pytest.fixture
    def student(self) -> Student:
        return self._student

    def pytest_configure(self, config: pytest.Config) -> None:
        # Python's own style of traceback: pytest's holds a repr of every value on the way, however large.
        config.option.tbstyle = "native"
        config.addinivalue_line("markers", "exercise(name, points, after): what a check is worth, and where")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            _imported[item.module.__name__] = (item.path, item.path.stat().st_mtime_ns)
        items[:] = [item for item in items if self._mark(item).args == (self._exercise,)]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if any(v.status == verdict.NOT_ATTEMPTED for v in self.verdicts):
            pytest.skip(verdict.NOT_ATTEMPTED)
        before = self._mark(item).kwargs.get("after", ())
        for name in [before] if isinstance(before, str) else before:
            earlier = next((v for v in self.verdicts if v.check == name), None)
            if earlier is not None and earlier.status != verdict.PASSED:
                pytest.skip(f"This check waits until an earlier one passes: {earlier.title}")

    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run a check; one that fails once more, with right answers in place of those earlier ones that it may call."""
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        try:
            pyfuncitem.obj(**arguments)
        except (Mismatch, StudentError) as error:

            def holds(sources: Sequence[str]) -> bool:
                with contextlib.suppress(Mismatch, StudentError, NoAnswer):
                    pyfuncitem.obj(**{**arguments, "student": StandingIn(self._student, sources)})
                    return True
                return False

            names = suffices(self._stand_ins, holds)
            if not names:
                raise error
            self._holds_with[pyfuncitem.name] = names
        return True

    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[None]) -> None:
        if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
            self.verdicts.append(self._judge(item, call.excinfo.value if call.excinfo else None))

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
