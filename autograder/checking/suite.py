"""The checks of an assignment as pytest collects them: once in a process, and then run exercise by exercise.

pytest is asked for the functions and nothing else: no terminal, no plugins from outside, no rewriting of asserts, no
cache. To set it up and collect takes some tens of milliseconds, to run a check less than one.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from autograder.checking.catalogue import CheckFile
from autograder.checking.randomness import generator_of
from autograder.checking.student import Student

if TYPE_CHECKING:
    import numpy as np

KEPT_SUITES = 16
_DISABLED = (
    "capture terminal cacheprovider warnings logging faulthandler unraisableexception threadexception "
    "junitxml pastebin stepwise doctest setuponly setupplan debugging legacypath tmpdir recwarn"
)
# A student's package lies in a folder called .venv, where pytest would not look for checks.
_ARGUMENTS = [
    "--collect-only",
    "--collect-in-virtualenv",
    "-o",
    "norecursedirs=",
    "--assert=plain",
    "--import-mode=importlib",
    "--noconftest",
] + [word for plugin in _DISABLED.split() for word in ("-p", f"no:{plugin}")]


class Judge(Protocol):
    """Gives the checks their student, and makes a verdict of what happens to each."""

    @property
    def student(self) -> Student: ...

    def before(self, item: pytest.Function) -> None:
        """A check is to run; pytest.skip leaves it out."""

    def ask(self, item: pytest.Function) -> None:
        """Run a check, which raises where the student's answer fails it."""

    def tell(self, item: pytest.Function, raised: BaseException | None) -> None:
        """A check has run, or was left out, or could not be set up: what it raised."""


class Suite:
    """The checks of ``files``, collected. It is pytest's plugin too, which hands on to the judge of each run.

    Raises RuntimeError where pytest can't collect them.
    """

    def __init__(self, files: Sequence[CheckFile]):
        public = [file.path for file in files if not file.hidden]
        self._shared = public if len(public) < len(files) else []  # nobody asks where nothing is hidden
        self._items: dict[str, list[pytest.Function]] = {}
        self._judge: Judge | None = None
        paths = [file.path for file in files]
        root, empty = paths[0].parent.parent, Path(__file__).with_name("empty.ini")
        _forget(paths)
        with self._surroundings():
            status = pytest.main([*_ARGUMENTS, "-c", str(empty), f"--rootdir={root}", *map(str, paths)], plugins=[self])
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            raise RuntimeError(f"the checks could not be collected: pytest ended with {status!r}")

    def run(self, exercise: str, judge: Judge) -> None:
        """Run the checks of ``exercise`` in order, for ``judge``. Raises what ends a whole run of pytest."""
        items = self._items.get(exercise, [])
        self._judge = judge
        try:
            with self._surroundings():
                for item, following in zip_longest(items, items[1:]):
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            self._judge = None  # a suite outlives the kernel that its student speaks to

    @contextlib.contextmanager
    def _surroundings(self) -> Iterator[None]:
        with _without_plugins(), _importable(self._shared):
            yield

    @pytest.fixture
    def student(self) -> Student:
        return self._judging.student

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        return generator_of(request.node.name)

    @property
    def _judging(self) -> Judge:
        assert self._judge is not None
        return self._judge

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "exercise(name, points, after): what a check is worth, and where")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            _imported.add(item.module.__name__)
            if (mark := item.get_closest_marker("exercise")) and len(mark.args) == 1:
                self._items.setdefault(mark.args[0], []).append(item)

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        self._judging.before(item)

    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        self._judging.ask(pyfuncitem)
        return True

    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report without pytest's traceback, which holds a repr of every value on the way, however large."""
        raised = call.excinfo.value if call.excinfo else None
        if call.when == "call" or (call.when == "setup" and raised is not None):
            self._judging.tell(item, raised)
        how = "passed" if raised is None else "skipped" if isinstance(raised, pytest.skip.Exception) else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, how, None, call.when)  # type: ignore[arg-type]


def run_suite(files: Sequence[CheckFile], exercise: str, judge: Judge) -> None:
    """Run the checks of ``exercise`` in ``files``, which are collected anew where one of them has changed.

    Raises RuntimeError where pytest can't run them.
    """
    try:
        _collected(tuple(_as_it_is(file) for file in files)).run(exercise, judge)
    except BaseException as problem:
        _collected.cache_clear()  # what pytest has set up stands half-way
        if isinstance(problem, pytest.exit.Exception):
            raise RuntimeError(f"the checks of {exercise!r} could not be run: {problem}") from problem
        raise


def _as_it_is(file: CheckFile) -> tuple[CheckFile, int]:
    """The file, and when it was modified."""
    path = file.path.resolve()
    return replace(file, path=path), path.stat().st_mtime_ns


@lru_cache(maxsize=KEPT_SUITES)
def _collected(files: tuple[tuple[CheckFile, int], ...]) -> Suite:
    return Suite([file for file, _modified in files])


_imported: set[str] = set()  # the names under which pytest has imported check files


def _forget(paths: Sequence[Path]) -> None:
    """Let pytest import check files anew: one was edited, or failed half-way, or another one may have its name.

    A module is asked for its dictionary alone: one that is lazy would be imported by any other question.
    """
    files = {str(path) for path in paths}
    for name, module in list(sys.modules.items()):
        if name in _imported or getattr(module, "__dict__", {}).get("__file__") in files:
            del sys.modules[name]
    _imported.clear()


@contextlib.contextmanager
def _importable(public: Sequence[Path]) -> Iterator[None]:
    """Hidden checks may share what the public ones define: ``from checks import MEANS``."""
    before = list(sys.path)
    sys.path[:0] = [str(path.parent) for path in public]
    try:
        yield
    finally:
        sys.path[:] = before
        for path in public:
            sys.modules.pop(path.stem, None)


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
