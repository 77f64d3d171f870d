"""Checks are collected once: what may change meanwhile, and what ends a run half-way."""

import os

import numpy as np
import pytest

from autograder.checking.catalogue import CheckFile
from autograder.checking.once import ask_once
from autograder.checking.runner import run_checks

PASSES = "import os\nimport pytest\n\n\n@pytest.mark.exercise('one', points=1)\ndef test_it(student):\n    {body}\n"


class Nobody:
    """A student whom no check here asks anything."""

    def eval(self, expression, **inputs):
        raise AssertionError(expression)


def write(folder, body, name="checks.py"):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(PASSES.format(body=body))
    return file


def statuses(*files, exercise="one"):
    return [v.status for v in run_checks(files, exercise, Nobody())]


def test_a_suite_is_collected_once_and_run_again(tmp_path):
    told = tmp_path / "told"
    file = CheckFile(write(tmp_path / "a", "pass"))
    file.path.write_text(f"open({str(told)!r}, 'a').write('imported ')\n" + file.path.read_text())
    assert [statuses(file) for _ in range(3)] == [["passed"]] * 3
    assert told.read_text() == "imported "


def test_an_edited_file_is_read_again(tmp_path):
    path = write(tmp_path / "a", "pass")
    assert statuses(CheckFile(path)) == ["passed"]
    time = path.stat().st_mtime_ns
    write(tmp_path / "a", "raise ValueError")
    os.utime(path, ns=(time + 1, time + 1))
    assert statuses(CheckFile(path)) == ["error"]


def test_two_files_of_one_name_are_two(tmp_path):
    first, second = (
        CheckFile(write(tmp_path / name / "lesson", body)) for name, body in (("a", "pass"), ("b", "1 / 0"))
    )
    assert [statuses(file) for file in (first, second, first, second)] == [["passed"], ["error"]] * 2


def test_hidden_checks_take_from_the_public_ones_of_their_own_course(tmp_path):
    for name, value in (("a", 1), ("b", 2)):
        public = CheckFile(write(tmp_path / name / "lesson", f"pass\n\n\nVALUE = {value}"))
        hidden = CheckFile(
            write(tmp_path / name / "hidden", f"from checks import VALUE\n    assert VALUE == {value}", "own.py"),
            hidden=True,
        )
        assert statuses(public, hidden) == ["passed", "passed"]
        assert statuses(public, hidden) == ["passed", "passed"]


def test_what_is_no_python_can_be_mended(tmp_path):
    path = write(tmp_path / "a", "pass")
    text = path.read_text()
    path.write_text("import no_such_module\n" + text)
    with pytest.raises(RuntimeError, match="could not be collected"):
        statuses(CheckFile(path))
    path.write_text(text)
    os.utime(path, ns=(1, 1))
    assert statuses(CheckFile(path)) == ["passed"]


def test_an_interrupted_run_is_interrupted_and_the_next_one_whole(tmp_path):
    once = tmp_path / "once"
    body = f"if not os.path.exists({str(once)!r}):\n        os.mkdir({str(once)!r})\n        raise KeyboardInterrupt"
    file = CheckFile(write(tmp_path / "a", body))
    with pytest.raises(KeyboardInterrupt):
        statuses(file)
    assert statuses(file) == ["passed"]


def test_a_check_that_ends_pytest_is_an_error_of_the_checks(tmp_path):
    file = CheckFile(write(tmp_path / "a", "pytest.exit('enough')"))
    with pytest.raises(RuntimeError, match="could not be run: enough"):
        statuses(file)


def test_an_exercise_without_checks_has_no_verdict(tmp_path):
    assert statuses(CheckFile(write(tmp_path / "a", "pass")), exercise="other") == []


def test_nothing_is_left_in_the_environment(tmp_path):
    before = dict(os.environ)
    statuses(CheckFile(write(tmp_path / "a", "pass")))
    assert dict(os.environ) == before


class Counting:
    """A student whose answer is how often they were asked."""

    def __init__(self):
        self.asked = 0

    def eval(self, expression, **inputs):
        self.asked += 1
        return self.asked


def test_what_checks_share_is_asked_once_in_a_run(tmp_path):
    body = (
        "from autograder.checking.once import ask_once\n    assert [ask_once(student, 'x') for _ in 'ab'] == [{0}, {0}]"
    )
    file, student = CheckFile(write(tmp_path / "a", body.format("student.asked"))), Counting()
    assert [v.status for v in run_checks([file], "one", student)] == ["passed"]
    assert [v.status for v in run_checks([file], "one", student)] == ["passed"]
    assert student.asked == 2


def test_other_inputs_are_another_question():
    student, rows = Counting(), np.arange(6.0)
    asked = [ask_once(student, "f(x)", x=x) for x in (rows, rows + 1, rows.copy(), rows.reshape(2, 3), rows + 1)]
    assert asked == [1, 2, 1, 3, 2]


DRAWS = """import pytest

from autograder.checking.expect import require

drawn = []


@pytest.mark.exercise("one", points=1)
def test_first(student, rng):
    drawn.append((student.eval("x"), rng.random(), rng.random()))
    require(False, str(drawn))


@pytest.mark.exercise("one", points=1)
def test_second(student, rng):
    test_first(student, rng)
"""


class Always:
    """A student whose every answer is 1."""

    def eval(self, expression, **inputs):
        return 1


def test_a_check_has_the_same_random_numbers_each_time_and_another_check_others(tmp_path):
    path = tmp_path / "checks.py"
    path.write_text(DRAWS)
    said = [[v.message for v in run_checks([CheckFile(path)], "one", Always())] for _ in range(2)]
    first, second = (eval(messages[-1]) for messages in said)
    assert first[0][1:] != first[1][1:]
    assert second == first * 2
