"""PostgreSQL as nbgrader's database: the same grades as with SQLite, from a server of the test's own."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.course import COURSE
from tests.grading.test_classrun import grade, make_class, rows

pytestmark = pytest.mark.slow

STUDENTS = ("all-right", "half-done", "untouched")


def program(name):
    """The path of one of PostgreSQL's programs, which Debian keeps out of PATH; None where there is none."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), *Path("/usr").glob("pgsql*/bin")]
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)]))


def as_server(command):
    """A command as the account that may run the server: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@pytest.fixture
def database():
    """The address of an empty database over a socket in a private folder."""
    if program("initdb") is None:
        pytest.skip("PostgreSQL is not installed. On Debian: sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # where another account may look, and a short path
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster, quiet = str(folder / "data"), {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL}
    create = [program("initdb"), "-D", cluster, "-U", "grader", "-A", "trust", "-E", "UTF8", "--no-sync"]
    control = [program("pg_ctl"), "-D", cluster, "-w"]
    try:
        subprocess.run(as_server(create), **quiet)
        options = f"-c listen_addresses='' -k {folder}"
        subprocess.run(as_server([*control, "-o", options, "-l", str(folder / "log"), "start"]), **quiet)
        yield f"postgresql+psycopg://grader@/postgres?host={folder}"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(as_server([*control, "-m", "immediate", "stop"]), **quiet)
        shutil.rmtree(folder)


def test_the_grades_are_those_of_sqlite(database, tmp_path):
    lite = make_class(tmp_path / "lite", STUDENTS)
    assert grade(lite)[1]["graded"] == len(STUDENTS)
    course = make_class(tmp_path / "course", STUDENTS)
    config = (COURSE.root / "nbgrader_config.py").read_text("utf-8")
    (course.root / "nbgrader_config.py").write_text(f"{config}\nc.CourseDirectory.db_url = {database!r}\n")
    assert grade(course)[1]["graded"] == len(STUDENTS)
    assert not (course.root / "gradebook.db").exists()
    assert rows(course) == rows(lite)
    assert grade(course)[1]["unchanged"] == len(STUDENTS)
    report = subprocess.run(
        [shutil.which("autograder") or "autograder", "report", "--course", str(course.root)], capture_output=True
    )
    assert report.returncode == 0, report.stderr
    assert rows(course) == rows(lite)
