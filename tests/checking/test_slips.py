"""A cell that is no Python, or keeps its TO DO above the answer, is told in one sentence, by both check and grader."""

import ast
import sys
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_notebook

import autograder
from autograder.checking.slips import left_stub, why_not_python
from autograder.checking.verdict import first_message
from autograder.grading import grade
from autograder.sandbox import Limits
from tests.course import COURSE
from tests.grading.test_passed_over import LESSON, HereSession

DEF = "from keras import ops\ndef std_from_log_var(z_log_var):\n"
RETURN = "    return ops.exp(0.5 * z_log_var)\n"
LEFT = 'raise NotImplementedError("TO DO: replace this line with your answer")\n'


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "x = 1\ny = “two”",
            'Line 2 contains `“` (left double quotation mark), which came with pasted text: replace it with `"`',
        ),
        ('y = "two”', "Line 1 contains `”`"),
        ("print(‘a’)", "replace it with `'`"),
        ("def\N{NO-BREAK SPACE}f(x):\n    return x", "Line 1 contains an invisible character (no-break space)"),
        ("def f(x):\n\N{NO-BREAK SPACE}   return x", "Line 2 contains an invisible character (no-break space)"),
        ("x = 1\N{ZERO WIDTH SPACE}", "invisible character (zero width space)"),
        ("x =\N{IDEOGRAPHIC SPACE}1", "invisible character (ideographic space)"),
        (
            "\N{ZERO WIDTH NO-BREAK SPACE}x = 1\ny = \N{ZERO WIDTH NO-BREAK SPACE}2",
            "invisible character (zero width no-break",
        ),
        (
            "y = a – b\nz = c — d",
            "Line 1 contains `–` (en dash), which came with pasted text (also in line 2): replace it with `-`",
        ),
        ("y = −1", "Line 1 contains `−` (minus sign)"),
        (
            "y = ３ + x",
            "Line 1 contains `３` (fullwidth digit three), which came with pasted text: replace it with `3`",
        ),
        ("y = f（x）", "replace it with `(`"),
        ("y = 2 × x", "replace it with `*`"),
        ("def f(x):\n\ty = 1\n        return y", "The indentation of line 3 mixes tabs and spaces"),
        ("print x", "In line 1, `print` needs parentheses: `print(…)`"),
        ('exec "x = 1"', "needs parentheses"),
        ("def f(x)\n    return x", "A colon is missing in line 1"),
        ("for i in x\n    i", "A colon is missing in line 1"),
        ("y = f(1, (2)\nz = 3", "The bracket `(` in line 1 is never closed"),
        ("y = f(1]", "In line 1, `]` closes a bracket that was opened with `(`"),
        ("y = f(1))", "In line 1, `)` closes a bracket that was never opened"),
        ("y = 'abc", "A quotation mark is missing: the text that starts in line 1 has no end"),
        ("def f():\nreturn 1", "The line after the function definition (line 1) must be indented"),
        ("x = 1\n  y = 2", "Line 2 is indented more than the line above"),
        ("if x:\n    y = 1\n  z = 2", "The indentation of line 3 matches no line above"),
        ("x = 1\nreturn x", "In line 2, `return` is outside a function"),
        ("y = 2x", "In line 1, a number is followed directly by a name"),
        ("if x = 1:\n    pass", "`=` is used to compare two values"),
        ("y = [1 2]", "a comma, an operator or a bracket"),
        ("f(x) = 1", "Line 1 assigns to something that can't take a value"),
        ("<<<<<<< HEAD\nx = 1", "Line 1 was left by a Git merge conflict"),
        ("x = 1\nraise Error, 'no'", "Line 2 is Python 2"),
        ("x = y ?? z", "can't be read as Python"),
        ("(" * 5000, "can't be read as Python"),
        ("x = 1\0", "Line 1 contains an invisible character (u+0000)"),
    ],
)
def test_a_slip_gets_one_sentence(source, words):
    said = why_not_python(source)
    assert words in said
    assert "\n" not in said and "\N{NO-BREAK SPACE}" not in said


@pytest.mark.parametrize(
    "source",
    [
        "x = 'curly “quotes” in text'  # and – dashes ×",
        "%time x = 3\n!ls\nx?",
        "%%bash\nif [ x ]; then",
        "α = 'σ'",
        "",
        "x = await y",
    ],
)
def test_python_gets_none(source):
    assert (why_not_python(source), left_stub(source)) == ("", "")


@pytest.mark.parametrize(
    "source", [LEFT + DEF + RETURN, DEF + "    " + LEFT + RETURN, DEF + "    x = 1\n    " + LEFT + "    z_log_var\n"]
)
def test_a_todo_left_above_the_answer_is_told(source):
    line = next(number for number, text in enumerate(source.split("\n"), 1) if "TO DO" in text)
    assert f"is still above your answer, in line {line} of the cell" in left_stub(source)


@pytest.mark.parametrize(
    "source", [DEF + RETURN + LEFT, DEF + "    " + LEFT, DEF + "    if 0:\n        " + LEFT + RETURN]
)
def test_a_todo_that_hides_nothing_is_none(source):
    ast.parse(source)
    assert left_stub(source) == ""


@pytest.fixture
def shell(monkeypatch):
    """An IPython in this process. It takes the place of `__main__` and of the hook for displayed values: put back."""
    for module, name in ((sys, "displayhook"), (sys, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def in_the_notebook(source, shell):
    """What the student's own check says."""
    shell.push({"check": autograder.check})
    shell.run_cell(source, store_history=True, silent=False)
    return shell.run_cell('check("std")', store_history=True).result.verdicts


def in_grading(source, tmp_path, monkeypatch):
    monkeypatch.setattr(grade, "Session", HereSession)
    setup = new_code_cell("from keras import ops", metadata={"nbgrader": {"grade_id": "setup"}})
    answer = new_code_cell(source, metadata={"nbgrader": {"grade_id": "std", "solution": True}})
    check = new_code_cell('check("std")', metadata={"nbgrader": {"grade_id": "check-std", "grade": True}})
    factory = SimpleNamespace(work_dir=lambda: tmp_path / "work")
    (tmp_path / "work").mkdir()
    notebook = new_notebook(cells=[setup, answer, check])
    grading = grade._Grading(COURSE.check_files(LESSON, hidden=True), notebook, factory, Limits())
    grading.run()
    return grading.result.verdicts


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (
            DEF + RETURN.replace(" *", "\N{NO-BREAK SPACE}*"),
            "failed",
            "Line 3 contains an invisible character (no-break space)",
        ),
        (DEF.replace("):", ")") + RETURN, "failed", "A colon is missing in line 2"),
        (DEF + RETURN + "print “done”", "failed", "Line 4 contains `“`"),
        (LEFT + DEF + RETURN, "failed", "in line 1 of the cell, so nothing below it runs: delete that line"),
        (DEF + "    " + LEFT + RETURN, "failed", "in line 3 of the cell, so nothing below it runs: delete that line"),
        (DEF + RETURN + LEFT, "passed", ""),
        (DEF + "    " + LEFT, "not attempted", "Still to do."),
    ],
)
def test_the_notebook_and_grading_say_the_same(source, status, words, shell, tmp_path, monkeypatch, capsys):
    here, there = in_the_notebook(source, shell), in_grading(source, tmp_path, monkeypatch)
    for verdicts in (here, there):
        assert {v.status for v in verdicts} <= {status, "skipped"}
        assert words in first_message(verdicts)
    assert first_message(here) == first_message(there)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("from keras.layers.experimental import preprocessing\n" + DEF + RETURN, "`layers.Rescaling`"),
        ("rate = K.epsilon()\n" + DEF + RETURN, "`K` was the backend of Keras 2"),
        ("1 / 0\n" + DEF + RETURN, "Its cell stopped with ZeroDivisionError"),
    ],
)
def test_a_cell_that_stops_before_its_answer_is_explained(source, words, tmp_path, monkeypatch):
    message = first_message(in_grading(source, tmp_path, monkeypatch))
    assert words in message and "Its cell stopped with" in message
