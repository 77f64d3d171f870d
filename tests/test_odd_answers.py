"""An answer that gives something else than it should fails its checks in words: no check breaks on it."""

import ast

import numpy as np
import pandas as pd
import pytest

from tests.course import solutions
from tests.test_answers import EXERCISES, local_verdicts, prepared

pytestmark = pytest.mark.slow

ODD = {
    "nothing": None,
    "a number": 3,
    "a float": 0.5,
    "text": "text",
    "an empty list": [],
    "a pair of numbers": (1.0, 2.0),
    "three of nothing": (None, None, None),
    "a dict": {"loss": "low"},
    "an array": np.zeros((2, 3)),
    "arrays": [np.zeros((4, 5)), np.zeros(7)],
    "an array of text": np.array(["a", "b"]),
    "an empty table": pd.DataFrame(),
    "a thing": object(),
}


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_no_check_breaks_on_an_odd_answer(lesson, exercise):
    code = solutions(lesson)[exercise]
    for word, odd in ODD.items():
        names = prepared(lesson, exercise)[1]
        names["odd"] = lambda *args, odd=odd, **kwargs: odd
        where = "VariationalAutoencoder." if "method_of" in code else ""
        defined = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        more = ""
        for node in defined:
            has_call = any(isinstance(inner, ast.FunctionDef) and inner.name == "call" for inner in node.body)
            name = f"{node.name}.call" if has_call else node.name
            more += f"\n{where}{name} = odd"
        verdicts = local_verdicts(lesson, exercise, code + more)
        assert [(word, v.check, v.message) for v in verdicts if v.status == "error"] == []
        assert not all(v.status == "passed" for v in verdicts), word
        for v in verdicts:
            assert v.status == "passed" or v.message, (word, v)
            assert "Traceback" not in v.message
