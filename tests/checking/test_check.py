"""What a student sees when they call check, and what a program gets from verdicts."""

import nbformat
import numpy as np
import pytest

import autograder
import autograder.checking.student
from autograder.checking.show import CheckResult, as_html
from autograder.checking.verdict import Verdict, exercise_status, first_message
from tests.course import COURSE

RIGHT = "from keras import ops\ndef std_from_log_var(z_log_var):\n    return ops.exp(0.5 * z_log_var)\n"
WRONG = RIGHT.replace("0.5 * ", "")
STUB = 'def std_from_log_var(z_log_var):\n    raise NotImplementedError("TO DO: replace this line with your answer")\n'


def run(code, call='check("std")'):
    namespace = {"check": autograder.check}
    exec(compile(code, "<cell>", "exec"), namespace)
    return eval(call, namespace)


def test_a_right_answer():
    result = run(RIGHT)
    assert [v.status for v in result.verdicts] == ["passed"] * len(result.verdicts)
    assert "✓" in repr(result) and "✗" not in repr(result)


def test_a_wrong_answer_is_told_its_mistake():
    result = run(WRONG)
    text, page = repr(result), result._repr_html_()
    assert "This is the variance" in text and "expected: " in text and "actual: " in text
    assert "This is the variance" in page and "--jp-content-font-color1" in page


def test_an_untouched_answer_is_not_wrong():
    assert repr(run(STUB)).startswith("std: not attempted")
    assert {v.status for v in run(STUB).verdicts} == {"not attempted"}


def test_a_cell_that_was_not_run_is_not_wrong():
    verdicts = run("").verdicts
    assert {v.status for v in verdicts} == {"not attempted"}
    assert "`std_from_log_var` is not defined yet" in verdicts[0].message


def test_a_students_exception_is_told_without_a_traceback_of_ours():
    result = run("def std_from_log_var(z_log_var):\n    return z_log_var.no_such_thing\n")
    message = first_message(result.verdicts)
    assert message.startswith("An object of type `EagerTensor` has no `no_such_thing`: is it misspelled")
    assert "`std_from_log_var` raised AttributeError" in message
    assert "Traceback" not in repr(result) and "autograder" not in message


def test_what_a_check_prints_or_warns_is_not_shown(capfd):
    run("import sys, warnings\n" + RIGHT.replace("    return", "    print('hm'); warnings.warn('oh')\n    return"))
    assert capfd.readouterr() == ("", "")


DRAWS = "import keras, random\nimport numpy as np\n" + RIGHT.replace(
    "    return", "    random.random(), np.random.rand(), keras.layers.Dense(2).build((1, 2))\n    return"
)
NUMBERS = "[random.random(), np.random.rand(), *keras.layers.Dense(2)(np.ones((1, 2))).numpy().ravel()]"


def test_a_check_takes_no_random_numbers_from_the_notebook():
    drawn = [
        run(f"{DRAWS}keras.utils.set_random_seed(237)\n", call.format(NUMBERS))
        for call in ("{}", "(check('std'), {})[1]", "(check('std'), check('std'), {})[2]")
    ]
    assert drawn[0] == drawn[1] == drawn[2]


def test_an_unknown_exercise_gets_a_hint():
    assert "Did you mean 'sampling'" in repr(run("", 'check("smapling")'))


ESSAY = """
import pytest
@pytest.mark.exercise("essays", points=1)
def test_count(student):
    student.eval("count([])")
"""


@pytest.mark.parametrize("exercise", ["written-holes", "essay"])
def test_a_person_reads_a_written_answer(exercise, tmp_path, monkeypatch):
    cell = nbformat.v4.new_markdown_cell("Why?", metadata={"nbgrader": {"grade_id": "essay", "solution": True}})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "lesson.ipynb")
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "checks.py").write_text(ESSAY)
    monkeypatch.chdir(tmp_path)
    assert "a person reads and marks this answer" in repr(run("", f"check({exercise!r})"))
    assert "Did you mean 'essays'" in repr(run("", "check('esays')"))


# Each raises while a check asks in a way that no student should see.
ASKED = """
import pytest
@pytest.mark.exercise("net", points=1)
def test_method(student):
    student.eval("(lambda net: net.train(1))(type('Recorder', (Net,), {})())")

@pytest.mark.exercise("net", points=1)
def test_argument(student):
    student.eval("Net.apply(lambda x: x)")

@pytest.mark.exercise("net", points=1)
def test_plain(student):
    student.eval("build(3, size=(1, 2))")

@pytest.mark.exercise("net", points=1)
def test_values(student):
    student.eval("[x.missing for x in (Net(),)]")
"""


def test_how_a_check_asks_is_never_shown(tmp_path, monkeypatch):
    (tmp_path / "checks.py").write_text(ASKED)
    monkeypatch.chdir(tmp_path)
    code = "class Net:\n    def apply(function):\n        return function(1, 2)\ndef build(size): return size\n"
    messages = [verdict.message for verdict in run(code, 'check("net")').verdicts]
    assert messages[0].endswith("Your answer raised AttributeError: 'Net' object has no attribute 'train'")
    assert "a function of the check takes 1 positional argument but 2 were given" in messages[1]
    assert "`build(3, size=(1, 2))` raised TypeError" in messages[2]
    assert messages[3].endswith("Your answer raised AttributeError: 'Net' object has no attribute 'missing'")
    assert not any(word in message for message in messages for word in ("lambda", "Recorder", "type(", "for x in"))


ENCODER = """
import keras
from tests.course import COURSE
def build_encoder(latent_dim=2):
    raise NotImplementedError("TO DO: replace this line with your answer")
"""


@pytest.mark.parametrize(
    "ran, lesson",
    [
        (["check('conv-arithmetic')", 'check("encoder")'], "04_encoder_decoder"),
        (['check("prepare")', 'check("encoder")'], "08_fashion_mnist"),
        (['check("encoder")'], None),
    ],
)
def test_which_of_two_lessons_is_meant_shows_in_what_the_notebook_ran(ran, lesson, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    namespace = {"check": autograder.check, "In": ["", *ran]}
    exec(ENCODER, namespace)
    result = eval('check("encoder")', namespace)
    titles = {info.title for info in COURSE.checks(lesson) if info.exercise == "encoder"} if lesson else set()
    assert {verdict.title for verdict in result.verdicts} == titles
    assert ("say which: lesson='04_encoder_decoder' or '08_fashion_mnist'" in repr(result)) == (lesson is None)


def test_a_check_leaves_the_students_names_alone():
    namespace = {"check": autograder.check, "x": 1, "tensor": "mine"}
    exec(RIGHT, namespace)
    before = dict(namespace)
    eval('check("std")', namespace)
    namespace.pop("__builtins__", None), before.pop("__builtins__", None)
    assert namespace == before


def test_verdicts_for_programs():
    namespace = {}
    exec(RIGHT, namespace)
    public = autograder.verdicts("02_reparameterization", "std", namespace)
    everything = autograder.verdicts("02_reparameterization", "std", namespace, hidden=True)
    assert isinstance(public[0], autograder.Verdict)
    assert len(everything) > len(public) and sum(v.max_points for v in everything) == 3
    fields = ("exercise", "check", "title", "status", "points", "max_points", "message", "expected", "actual")
    assert all(hasattr(public[0], field) for field in fields)
    with pytest.raises(ValueError, match="no exercise 'x'"):
        autograder.verdicts("02_reparameterization", "x", namespace)
    with pytest.raises(ValueError, match="no lesson"):
        autograder.verdicts("99_nothing", "std", namespace)


def test_what_comes_from_the_student_is_escaped():
    evil = "<script>alert(1)</script>"
    page = as_html(evil, [Verdict(evil, evil, evil, "failed", 0, 1, evil, evil, evil)])
    assert "<script>" not in page
    assert "<script>" not in CheckResult(evil, [], evil)._repr_html_()


def test_checks_cannot_change_the_students_arrays():
    namespace = {"data": np.zeros(3), "f": lambda x: x}
    student = autograder.checking.student.LocalStudent(namespace)
    student.eval("data")[0] = 5
    given = np.zeros(2)
    student.eval("[a.__setitem__(0, 9)]", a=given)
    assert namespace["data"].sum() == 0 and given.sum() == 0


def test_status_of_an_exercise():
    def status(*statuses):
        return exercise_status([Verdict("e", "c", "t", s, 0, 1) for s in statuses])

    assert status("passed", "passed") == "passed"
    assert status("passed", "failed") == "partial"
    assert status("failed", "skipped") == "failed"
    assert status("not attempted", "not attempted") == "not attempted"
    assert status() == "failed"
