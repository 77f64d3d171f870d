"""What the first line of a function promises: a value for each argument that a call leaves out."""

from typing import Any

import numpy as np

from autograder.checking.expect import require
from autograder.checking.student import Student


def require_default(student: Student, function: str, position: int, name: str, value: Any) -> None:
    """Fail the check where ``function`` has another default than ``value`` for ``name``, its argument at ``position``.

    An argument under another name is found by its position. Where none is to be seen there, as in ``*args`` or behind
    a decorator that hides it, nothing is known: what the function does is asked elsewhere.
    """
    seen = student.eval(f"defaults({function})")
    by_position = [row for row in seen if row[1]]
    found = next((row for row in seen if row[0] == name), None) or next(iter(by_position[position:]), None)
    if found is None:
        return
    called, _, has_one, default = found
    require(
        bool(has_one),
        f"`{function}` promises `{name}={value!r}` where a call leaves it out; in yours it must be given.",
        expected=f"{name}={value!r}",
        actual=str(called),
    )
    require(
        isinstance(default, bool | int | float | str | np.generic) and default == value,
        f"`{function}` promises `{name}={value!r}` where a call leaves it out; yours has `{called}={default!r}`.",
        expected=f"{name}={value!r}",
        actual=f"{called}={default!r}",
    )
