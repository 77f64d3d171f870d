"""A command that can't do what it is asked says why in a sentence, and exits with 2."""

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.scaffold import make_course

COMMANDS = {
    "grade": ["grade", "99_none"],
    "a limit that is none": ["grade", "--limit", "cell_seconds=soon"],
    "an unknown limit": ["grade", "--limit", "luck=1"],
    "report": ["report", "99_none"],
    "feedback": ["feedback", "99_none"],
    "collect": ["collect", "no-such-file.zip", "01_averages"],
    "release one": ["release", "99_none"],
    "release nothing": ["release"],
    "release both": ["release", "01_averages", "--all"],
    "test": ["test", "99_none"],
    "adopt": ["adopt", "99_none"],
    "mark": ["mark", "99_none"],
    "demo": ["demo", "99_none"],
    "build": ["build", "99_none"],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "statistics"
    make_course(folder)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_why_in_a_sentence(course, command):
    before = sorted(course.rglob("*"))
    done = CliRunner().invoke(app, [*COMMANDS[command], "--course", str(course)])
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output and len(done.output.strip()) > 15
    assert sorted(course.rglob("*")) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_no_course_is_named(tmp_path, command):
    done = CliRunner().invoke(app, [*COMMANDS[command], "--course", str(tmp_path / "nothing")])
    assert done.exit_code == 2 and "nothing" in done.output
