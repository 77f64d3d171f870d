"""Every hostile submission gets exactly what it must, harms nobody else, and leaves nothing behind."""

import csv
import logging
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

import autograder
from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.client import GROWTH_BYTES
from autograder.grading.grade import grade_notebook
from autograder.grading.result import Result
from autograder.grading.submissions import journal_of
from autograder.grading.settings import Settings
from autograder.intake import Unreadable
from autograder.sandbox import KernelFactory
from autograder.views.feedback import Submission, feedback_page
from autograder.views.report import write_report
from tests.course import COURSE, part_of_it
from tests.hostile import table
from tests.hostile.case import BUG, LESSON, LIMITS, RIGHT_STD, STD, WRONG_STD, Case, Got, honest, released, submit
from tests.hostile.corpus import CASES
from tests.hostile.escapes import MARK
from tests.hostile.leaks import LEFT_BEHIND
from tests.hostile.strange_files import FORMULA, SCRIPT
from tests.sandbox.test_sandbox_ordinary_user import opened_up

pytestmark = pytest.mark.slow
logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a kernel that is killed leaves tasks behind

PROJECT = Path(autograder.__file__).resolve().parent.parent
USER = "autograder-hostile"
CHECKS = COURSE.check_files(LESSON, hidden=True)
# What talking to a kernel may take, and a moment until that is seen.
MOST_GROWTH = 2 * GROWTH_BYTES
# Made by pytest and multiprocessing themselves in the temporary folder.
# pymp-: where Python's forkserver listens, which a class run starts; it ends with this process.
NOT_OURS = ("pytest-", "pymp-", "submissions", "course-")


@pytest.fixture(scope="module")
def mounted_before() -> set[str]:
    return _mounts()


def _mounts() -> set[str]:
    return set(Path("/proc/self/mounts").read_text().splitlines())


def _must_leave_nothing(own_tmp: Path, mounted_before: set[str]) -> None:
    """No process, mount or file of the corpus is left, in any place that a case has tried.

    A process that grades may end before its kernels do; these clear up by themselves, a moment later.
    """
    end = time.monotonic() + 60
    while left := [path.name for path in own_tmp.iterdir() if not path.name.startswith(NOT_OURS)]:
        assert time.monotonic() < end, [
            str(path) for name in left for path in (own_tmp / name, *(own_tmp / name).rglob("*"))
        ]
        time.sleep(0.1)
    assert _mounts() == mounted_before
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert [c for c in commands if MARK in c or any("gradebook.db" in w and "os.walk" in w for w in c)] == []
    assert [
        path for path in ("/tmp/hostile-pickle-was-here", LEFT_BEHIND, "/gradebook.db") if os.path.exists(path)
    ] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, factory, own_tmp, mounted_before):
    if case.name == "recursion-limit" and "COVERAGE_RUN" in os.environ:
        pytest.skip("a kernel whose lines are counted needs more room for calls")
    folder = own_tmp / "submissions" / case.name / LESSON
    submit(case, folder)
    before = _tree(folder)
    size = _size_from_now_on()
    try:
        graded = grade_notebook(folder, LESSON, released(), CHECKS, factory, case.limits)
    except Unreadable as problem:
        assert case.unreadable and case.unreadable in str(problem)
        _must_be_text(feedback_page(Submission(LESSON, LESSON, case.name), None, str(problem)))
    else:
        result = Result.read_from(graded)
        assert not case.unreadable
        got = {STD: _got(result, STD, case.std), BUG: _got(result, BUG, case.bug)}
        assert got == {STD: case.std, BUG: case.bug}, [result.message(name) for name in got]
        assert result.broken_checks == []
        for words in case.mended:
            assert any(words in sentence for sentence in result.mended), result.mended
        _must_be_text(feedback_page(Submission(LESSON, LESSON, case.name), graded))
        _must_be_harmless(graded)
    assert _tree(folder) == before
    assert _status("VmHWM") - size < MOST_GROWTH, "the grader's own memory has a bound"


def _size_from_now_on() -> int:
    """Forget the most memory that this process ever had, and return what it has."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> int:
    """A number of bytes that Linux tells of this process."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def _got(result: Result, exercise: str, wanted: Got) -> Got:
    """What the exercise got; of its message the words that are wanted, if it has them."""
    message = result.message(exercise)
    as_good = any(words in message for words in wanted.or_says)
    says = wanted.says if as_good or wanted.says in message else message
    status = result.status(exercise)
    if as_good and status == "stopped":
        status = wanted.status
    return Got(result.points(exercise), status, says)


def _tree(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def _must_be_harmless(notebook: NotebookNode) -> None:
    """nbgrader's pages show these outputs: text, and pictures that are pictures."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
            for output in cell.outputs:
                assert set(output.get("data", {})) <= {"text/plain", "image/png"}
                assert "<" not in output.get("data", {}).get("image/png", "")
    assert len(nbformat.writes(notebook)) < 5_000_000


def _must_be_text(page: str) -> None:
    assert SCRIPT not in page
    assert "student.eval" not in page


def test_nothing_is_left_after_the_cases(factory, own_tmp, mounted_before):
    started = _processes_of(factory)
    assert started, "the warm server, at least"
    factory.close()
    assert [process for process in started if process.is_running()] == []
    _must_leave_nothing(own_tmp, mounted_before)


def _processes_of(factory: KernelFactory) -> list[psutil.Process]:
    """The factory's warm server and all that it started. Other tests' servers may run in the same process of pytest."""
    folder = str(factory.start().parent)
    servers = [process for process in psutil.Process().children() if folder in process.cmdline()]
    return [process for server in servers for process in (server, *server.children(recursive=True))]


BYSTANDERS = {
    "ada": honest(),
    "bo": {STD: RIGHT_STD},
    "cy": honest() | {STD: WRONG_STD},
    "dee": honest() | {STD: RIGHT_STD.replace("0.5 * ", "")},
    "eve": {},
}


def _make_course(root: Path) -> Course:
    course = part_of_it(root, LESSON)
    nbformat.write(released(), course.released_notebook(LESSON))
    for student, answers in BYSTANDERS.items():
        submit(Case(student, "", "", answers=answers), course.submitted / student / LESSON)
    return course


def _grade(course: Course, rows_of=BYSTANDERS) -> tuple[list[list[str]], list[str]]:
    """(the rows of `rows_of` in grades.csv, who needs a person's attention)."""
    settings = Settings(course.root, replace(LIMITS, cell_seconds=6))
    run = grade_class(course, [LESSON], settings, jobs=2)
    write_report(course, journal_of(course), [LESSON])
    with open(course.root / "grades.csv", newline="", encoding="utf-8") as file:
        table_ = list(csv.reader(file))
    assert not [cell for row in table_ for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    return [row for row in table_ if row[0] in rows_of], run.attention


@pytest.mark.soak
def test_everybody_elses_rows_are_the_same(own_tmp, mounted_before):
    alone = _make_course(own_tmp / "course-alone")
    among = _make_course(own_tmp / "course-among")
    odd_names = {FORMULA.replace("/", "_"): honest(), SCRIPT.replace("/", ""): honest(), "a\nb": honest()}
    for name, answers in odd_names.items():
        submit(Case(name, "", "", answers=answers), among.submitted / name / LESSON)
    for case in CASES:
        submit(case, among.submitted / f"hostile-{case.name}" / LESSON)
    rows, attention = _grade(alone)
    assert attention == []
    assert len(rows) == 3 * len(BYSTANDERS)
    rows_among, attention = _grade(among)
    assert rows_among == rows
    # What two cases lay beside their lesson, to link to, is named; nobody's lesson is left ungraded.
    ungraded = [line for line in attention if "not graded" in line or line.partition(",")[0] in BYSTANDERS]
    assert [line.partition(":")[0].partition("/hostile-")[2] for line in ungraded] == [
        f"folder-is-a-link/{LESSON}-of-a-neighbor",
        f"notebook-is-a-link/{LESSON}-of-a-neighbor.ipynb",
    ]
    graded = {path.name for path in (among.root / ".journal" / LESSON).iterdir()}
    linked = "hostile-folder-is-a-link"
    assert {f"hostile-{case.name}.json" for case in CASES} - graded <= {f"{linked}.json"}
    page = (among.root / "report.html").read_text("utf-8")
    assert SCRIPT.replace("/", "") not in page
    assert SCRIPT not in page
    _must_leave_nothing(own_tmp, mounted_before)


@pytest.mark.without_sandbox
def test_the_tables_are_current():
    assert table.README.read_text("utf-8") == table.page(), "run python -m tests.hostile.table"
    assert table.front() in table.FRONT.read_text("utf-8"), "run python -m tests.hostile.table"


@pytest.mark.without_sandbox
def test_every_case_has_a_name_of_its_own():
    assert len(CASES) >= 250
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.fixture
def user():
    if os.getuid() != 0:
        pytest.skip("only root can make another user to run the corpus as")
    subprocess.run(["useradd", "--system", "--no-create-home", USER], check=True)
    try:
        yield pwd.getpwnam(USER)
    finally:
        subprocess.run(["userdel", USER], check=True)


@pytest.mark.soak
def test_all_of_it_holds_for_an_ordinary_user(user):
    base = tempfile.mkdtemp(prefix="autograder-user-", dir="/tmp")
    try:
        os.chown(base, user.pw_uid, user.pw_gid)
        command = ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        command += ["env", "-i", f"HOME={base}", f"PATH={os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE=1"]
        command += [f"PYTHONPATH={PROJECT}", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [f"--basetemp={base}/tests", __file__]
        script = opened_up([Path(sys.base_prefix), Path(sys.prefix), PROJECT]) + f"\nexec {shlex.join(command)}"
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert "skipped" not in done.stdout
    finally:
        shutil.rmtree(base, ignore_errors=True)
