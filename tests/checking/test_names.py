"""A function under nearly the right name is an attempt, and told what to change."""

import pytest

import autograder
from autograder.checking.names import misspelled

LESSON = "02_reparameterization"
BODY = "(z_log_var):\n    return 2.0 * z_log_var\n"


@pytest.mark.parametrize(
    "written", ["std_from_logvar", "std_form_log_var", "StdFromLogVar", "std_from_log_var_", "stdFromLogVar"]
)
def test_a_name_that_is_nearly_right_is_named(written):
    said = misspelled("std_from_log_var", f"import numpy as np\ndef {written}{BODY}")
    assert said == f"The cell defines `{written}`, but the exercise asks for `std_from_log_var`: rename it."


def test_a_letter_that_only_looks_right_is_named():
    said = misspelled("std_from_log_var", f"def std_from_log_v\u0430r{BODY}")
    assert "whose `\u0430` is a letter of another alphabet" in said


@pytest.mark.parametrize(
    "source",
    ["", "x = 1", "def helper(x):\n    return x", "def std_from_log_var(x):\n    return x", "def f(:", "%%html"],
)
def test_nothing_else_is(source):
    assert misspelled("std_from_log_var", source) == ""
    assert misspelled("f", "def g(x):\n    return x") == ""


def test_the_student_is_told():
    cell = f"def std_from_logvar{BODY}"
    namespace = {"In": ["", cell, "autograder.check('std')"]}
    exec(cell, namespace)
    first = autograder.verdicts(LESSON, "std", namespace)[0]
    assert (first.status, first.points) == ("failed", 0)
    assert "The cell defines `std_from_logvar`, but the exercise asks for `std_from_log_var`" in first.message
