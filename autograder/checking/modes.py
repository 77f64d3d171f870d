"""Checks of a model that behaves otherwise in training than in use."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checking.expect import require
from autograder.checking.student import Student


def require_inference(modes: Sequence[bool], model: str = "A model") -> None:
    """Fail the check where one of ``modes`` is true: ``model`` was called with ``training=True``, see watch_modes."""
    require(
        not any(modes),
        f"{model} is called with `training=True`, where layers such as Dropout add noise: leave that argument out.",
        expected="a call without it",
        actual="training=True",
    )


def require_same_in_training(student: Student, model: str, x: Any, may_penalize: bool = False) -> None:
    """Fail the check where ``model``, an expression, computes something else of ``x`` (batch, …) in training, or adds
    to the loss, as a regularizer does, unless it ``may_penalize``.

    An output that is random in use is left out.
    """
    calls = "[m(tensor(x), training=flag) for flag in (False, False, True)]"
    runs, losses = student.eval(f"(lambda m: [{calls}, len(m.losses)])({model})", x=x)
    for first, again, training in zip(*map(_arrays, runs), strict=True):
        require(
            not np.allclose(first, again, rtol=1e-4, atol=1e-5) or np.allclose(first, training, rtol=1e-3, atol=1e-4),
            "In training the model computes something else: leave out layers that are not asked for, such as Dropout.",
            expected="the same outputs in training",
            actual="others",
        )
    message = "A regularizer adds to the loss of the model: leave it out."
    require(may_penalize or losses == 0, message, expected="no loss of its own", actual=f"{losses}")


def _arrays(outputs: Any) -> list[Any]:
    """The outputs of a model, however it returns them."""
    if isinstance(outputs, dict):
        outputs = list(outputs.values())
    parts = outputs if isinstance(outputs, tuple | list) else [outputs]
    return [np.asarray(part, dtype=float) for part in parts]
