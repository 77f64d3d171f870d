"""Under nbgrader's Validate, which looks only for errors, a check that doesn't hold is one."""

import pytest

import autograder
from autograder.checking.show import ChecksFailed

STUB = 'def std_from_log_var(z_log_var):\n    raise NotImplementedError("TO DO: replace this line with your answer")\n'
RIGHT = "from keras import ops\ndef std_from_log_var(z_log_var):\n    return ops.exp(0.5 * z_log_var)\n"


@pytest.fixture(autouse=True)
def validating(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")


def run(code, call='check("std")'):
    namespace = {"check": autograder.check}
    exec(code, namespace)
    return eval(call, namespace)


def test_a_right_answer_raises_nothing():
    assert run(RIGHT).holds


@pytest.mark.parametrize(
    "code, call, words",
    [
        (RIGHT.replace("0.5 * ", ""), 'check("std")', "This is the variance"),
        (STUB, 'check("std")', "std: not attempted"),
        (RIGHT, 'check("sdt")', "Did you mean 'std'?"),
    ],
)
def test_another_raises_the_checks_and_no_traceback(code, call, words):
    with pytest.raises(ChecksFailed) as failed:
        run(code, call)
    shown = "\n".join(failed.value._render_traceback_())
    assert words in shown and "Traceback" not in shown
