"""The command `autograder grade` says what protects nothing and why, and keeps the limits it is told."""

import json
import os
import subprocess

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.sandbox import GiB, Limits
from tests.course import answered
from tests.grading.test_classrun import LESSON, PATIENCE, command, make_class

pytestmark = pytest.mark.slow


def run(course, *more, path=None):
    """Run the command, with another PATH if one is given."""
    arguments = [word for word in command(course, *more) if word != "--json" or "--json" in more]
    env = os.environ | ({"PATH": path} if path else {})
    return subprocess.run(arguments, capture_output=True, text=True, timeout=PATIENCE, env=env)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_class(tmp_path_factory.mktemp("command") / "course", ("untouched",))


@pytest.fixture
def nowhere(tmp_path):
    """A PATH without bubblewrap."""
    (tmp_path / "empty").mkdir()
    return str(tmp_path / "empty")


@pytest.fixture
def forbidden(tmp_path):
    """A PATH whose bubblewrap is not allowed to make a sandbox."""
    program = tmp_path / "bwrap"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --help ] && echo --disable-userns --size && exit\n'
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1\n"
    )
    program.chmod(0o755)
    return f"{tmp_path}:{os.environ['PATH']}"


def must_refuse(course, path, words):
    done = run(course, "--require-sandbox", path=path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    for said in ("A sandbox is required. The sandbox can't be used here: ", words, "use the network"):
        assert said in done.stderr
    assert not (course.root / ".journal").exists()


def test_a_required_sandbox_that_is_missing_is_refused_with_the_reason(course, nowhere):
    must_refuse(course, nowhere, "is not installed. Install it with: sudo apt-get install bubblewrap")


def test_a_required_sandbox_that_is_forbidden_is_refused_with_the_reason(course, forbidden):
    must_refuse(course, forbidden, "cannot build a sandbox here (bwrap: No permissions to create new namespace)")


def test_without_a_sandbox_the_reason_and_what_is_off_are_said(course, nowhere):
    done = run(course, "--json", path=nowhere)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["graded"] == 1
    reason, *off = said["protections_off"]
    assert reason.startswith("The sandbox can't be used here: bubblewrap, which builds it, is not installed.")
    assert [word for word in ("files", "network", "memory") if not any(word in sentence for sentence in off)] == []
    lines = run(course, path=nowhere).stdout.splitlines()
    assert [line for line in lines if line.startswith("Protection off: ")] == [
        f"Protection off: {sentence}" for sentence in (reason, *off)
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--limit", "memory_byte=4GB"], "no limit called memory_byte"),
        (["--limit", "memory_bytes=much"], "must be a number, such as 4GB; it is 'much'"),
        (["--limit", "processes=0"], "must be a positive number"),
        (["--limit", "threads"], "takes a name and a value"),
    ],
)
def test_a_limit_that_is_none_is_wrong_usage(course, arguments, words):
    done = CliRunner().invoke(app, ["grade", "--course", str(course.root), *arguments])
    assert done.exit_code == 2
    assert words in done.stderr


def test_limits_come_from_the_course_and_the_command_line_has_the_last_word(tmp_path):
    course = Course(tmp_path)
    assert Settings.of(course) == Settings(course.root, Limits())
    chosen = {"memory_bytes": "4GB", "cell_seconds": 30, "processes": "5"}
    lines = ["c = get_config()", f"c.Autograder.limits = {chosen!r}", "c.Autograder.require_sandbox = True"]
    (tmp_path / "nbgrader_config.py").write_text("\n".join(lines))
    limits = Limits(memory_bytes=4 * GiB, cell_seconds=30, processes=5)
    course = Course(tmp_path)
    assert Settings.of(course) == Settings(course.root, limits, require_sandbox=True)
    assert Settings.of(course, {"cell_seconds": "7.5"}).limits.cell_seconds == 7.5


def test_the_command_stops_a_cell_at_the_limit_it_is_told(tmp_path):
    course = make_class(tmp_path / "course", ("untouched",))
    file = course.submitted / "untouched" / LESSON / f"{LESSON}.ipynb"
    # Two processes, each below the limit: one alone would get a MemoryError at it, or be stopped, whichever is first.
    hog = "import os, time\nos.fork()\nheld = bytearray(b'x') * (450 * 10**6)\ntime.sleep(60)"
    nbformat.write(answered(course.released(LESSON), {"read": hog}), file)
    done = run(course, "--json", "--limit", "memory_bytes=700MB", LESSON)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["attention"] == [
        f"untouched, {LESSON}: exercise read: Stopped: used more than 700 MB of memory."
    ]


def test_a_configuration_that_cannot_be_run_is_named(tmp_path):
    course = make_class(tmp_path / "course", ("untouched",))
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nc.Exchange.root = nowhere\n")
    done = run(course)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "nbgrader_config.py can't be used: NameError: name 'nowhere' is not defined" in done.stderr
