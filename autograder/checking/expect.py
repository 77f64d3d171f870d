"""How a check says what it expects, and what it says of a mistake.

``expect(actual, ...)`` compares; ``fail(message)`` says it outright. Both raise Mismatch, which becomes a
verdict: one sentence that names the mistake, with expected and actual under it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

from autograder.inside.plain import Frame, Opaque

_UNSET: Any = object()
_SHOWN = 8  # values of an array; a larger one is described
_LONGEST = 300  # characters of a value


class Mismatch(AssertionError):
    """An answer is not what a check expects. Never shown as an exception: it becomes a verdict."""

    def __init__(self, message: str, expected: str = "", actual: str = ""):
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.actual = actual


def fail(message: str, *, expected: Any = "", actual: Any = "") -> NoReturn:
    """Fail the check with ``message``; expected and actual may be values or words.

    Two arrays of the same shape, or two values that read alike, are shown where they differ first.
    """
    raise Mismatch(message, *_contrast(expected, actual))


def require(condition: Any, message: str, *, expected: Any = "", actual: Any = "") -> None:
    """Fail the check with ``message`` unless ``condition`` holds."""
    if not condition:
        fail(message, expected=expected, actual=actual)


def expect(
    actual: Any,
    *,
    close_to: Any = _UNSET,
    equals: Any = _UNSET,
    shape: tuple[int | None, ...] | None = None,
    dtype: str | None = None,
    between: tuple[float, float] | None = None,
    rel: float = 1e-4,
    abs: float = 1e-6,
    if_instead: Mapping[Any, str] | Iterable[tuple[Any, str]] = (),
    message: str = "",
) -> None:
    """Compare ``actual`` with what is expected; the first difference fails the check. Numbers must be finite.

    close_to: a number or array, within ``rel`` and ``abs``. equals: exactly this value. shape, dtype: of
    an array; None in ``shape`` stands for any size. between: closed bounds for every element.
    if_instead: pairs (wrong value, sentence), or a dict of them: when ``actual`` is that wrong value, and with
    ``equals`` exactly that, the sentence is the message. message: the sentence for any other difference.
    """
    _refuse_nothing(actual, equals)
    right = close_to if close_to is not _UNSET else equals
    near = (0, 0) if close_to is _UNSET and equals is not _UNSET else (rel, abs)
    for instead, sentence in if_instead.items() if isinstance(if_instead, Mapping) else if_instead:
        if _same(actual, instead, *near) and not _same(actual, right, *near):
            fail(sentence, expected="" if right is _UNSET else _expected(right, actual), actual=actual)
    if shape is not None:
        _expect_shape(actual, shape, message)
    require_finite(actual, "finite numbers" if right is _UNSET else _expected(right, actual))
    if dtype is not None:
        found = str(getattr(actual, "dtype", type(actual).__name__))
        require(found == dtype, message or "The result has the wrong data type.", expected=dtype, actual=found)
    if equals is not _UNSET and not _same(actual, equals, 0, 0):
        fail(message or "The result is wrong.", expected=equals, actual=actual)
    if close_to is not _UNSET:
        _expect_close(actual, close_to, rel, abs, message)
    if between is not None:
        _expect_between(actual, between, message)


def expect_other(actual: Any, than: Any, message: str, *, expected: Any = "", what: Any = "the same") -> None:
    """Fail the check with ``message`` where ``actual`` and ``than`` agree. Both are finite numbers of one shape."""
    _refuse_nothing(actual, _UNSET)
    for numbers in (actual, than):
        require_finite(numbers)
    if shape_of(actual) is None or shape_of(actual) != shape_of(than):
        fail("The results have different shapes.", expected="numbers, in one shape", actual=_kind(actual))
    require(not _same(actual, than, 1e-5, 1e-8), message, expected=expected, actual=what)


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of a number, of an array, or of lists of numbers; None for anything else."""
    numbers = _numbers(value)
    return None if numbers is None else numbers.shape


def in_shape(actual: Any, shape: tuple[int, ...]) -> Any:
    """``actual`` in this shape where it has as many numbers: for checks of values, when another asks the shape."""
    numbers = _numbers(actual)
    return numbers.reshape(shape) if numbers is not None and numbers.size == np.prod(shape) else actual


def require_finite(value: Any, expected: Any = "finite numbers") -> None:
    """Fail the check where ``value``, or anything in a list or dict of it, is NaN or infinite: it resembles nothing."""
    for part in _parts(value):
        numbers = _numbers(part)
        if numbers is not None and not np.isfinite(numbers).all():
            raise Mismatch(
                "The result contains values that are not finite (NaN or infinity).",
                _words(expected),
                _not_finite(part, numbers),
            )


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Frame):
        return value.arrays
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, tuple | list) or _numbers(items) is not None:
        return [items]
    return [part for item in items for part in _parts(item)]


def _refuse_nothing(actual: Any, equals: Any) -> None:
    if actual is None and equals is not None:
        fail("The function returned nothing: is a `return` missing?", expected="a value", actual="None")


def _numbers(value: Any) -> np.ndarray | None:
    """``value`` as an array of numbers, or None when it is not one."""
    if isinstance(value, str | bytes | dict | Frame | Opaque) or value is None:
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biufc" else None


def _required_numbers(value: Any) -> np.ndarray:
    numbers = _numbers(value)
    if numbers is None:
        fail(f"The result should be numbers, but it is {_kind(value)}.", expected="numbers", actual=value)
    return numbers


def _same(actual: Any, other: Any, rel: float, abs_: float) -> bool:
    if other is _UNSET:
        return False
    left, right = _numbers(actual), _numbers(other)
    if left is None or right is None:
        if isinstance(actual, tuple | list) and isinstance(other, tuple | list):
            return len(actual) == len(other) and all(_same(a, b, rel, abs_) for a, b in zip(actual, other, strict=True))
        return type(actual) is type(other) and bool(np.all(actual == other))
    if left.shape != right.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.isfinite(left).all() and np.allclose(left, right, rtol=rel, atol=abs_))


def _expect_shape(actual: Any, shape: tuple[int | None, ...], message: str) -> None:
    array = _numbers(actual)
    if array is None:
        fail(f"The result should be an array, but it is {_kind(actual)}.", expected=f"shape {shape}", actual=actual)
    fits = len(array.shape) == len(shape) and all(
        want is None or want == got for want, got in zip(shape, array.shape, strict=True)
    )
    wanted = str(shape).replace("None", "any")
    require(
        fits,
        message or "The result has the wrong shape.",
        expected=f"shape {wanted}",
        actual=f"shape {array.shape}",
    )


def _expect_close(actual: Any, wanted: Any, rel: float, abs_: float, message: str) -> None:
    left = _required_numbers(actual)
    right = _required_numbers(wanted)  # what is wanted may be another answer of the student's
    if left.shape != right.shape:
        fail(
            message or "The result has the wrong shape.",
            expected=f"shape {right.shape}",
            actual=f"shape {left.shape}",
        )
    with np.errstate(all="ignore"):
        off = ~np.isclose(left, right, rtol=rel, atol=abs_)
    if off.any():
        if left.ndim == 0:
            fail(message or "The value is wrong.", expected=wanted, actual=actual)
        raise Mismatch(message or "Some values are wrong.", *_first_difference(right, left, off))


def _expect_between(actual: Any, bounds: tuple[float, float], message: str) -> None:
    array = _numbers(actual)
    low, high = bounds
    wanted = f"between {_words(low)} and {_words(high)}"
    if array is None:
        fail(f"The result should be numbers, but it is {_kind(actual)}.", expected=wanted, actual=actual)
    inside = array.size and np.isfinite(array).all() and array.min() >= low and array.max() <= high
    if not inside:
        found = _words(actual) if array.ndim == 0 else f"from {_words(array.min())} to {_words(array.max())}"
        fail(message or "The result is outside its range.", expected=wanted, actual=found)


def _expected(value: Any, actual: Any) -> Any:
    wanted, got = _numbers(value), _numbers(actual)
    if wanted is not None and got is not None and wanted.shape != got.shape:
        return f"shape {wanted.shape}"
    return value


def _contrast(expected: Any, actual: Any) -> tuple[str, str]:
    """Both in words. Where they would read alike, the words say where the two differ."""
    wanted, got = _numbers(expected), _numbers(actual)
    if wanted is not None and got is not None and wanted.shape == got.shape and wanted.ndim > 0:
        with np.errstate(all="ignore"):
            off = ~np.isclose(got, wanted, rtol=1e-4, atol=1e-6)
            off = off if off.any() else got != wanted
        if off.any() and got.size > _SHOWN:
            return _first_difference(wanted, got, off)
    words = _words(expected), _words(actual)
    if words[0] != words[1] or not words[0]:
        return words
    if isinstance(expected, str) and isinstance(actual, str):
        return words if expected == actual else _first_other_item("character", expected, actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return _first_other_item("item", expected, actual)
    if wanted is not None and got is not None and wanted.ndim == 0 and wanted != got:
        return f"{wanted.item()!r}", f"{got.item()!r}"
    if type(expected) is not type(actual):
        return f"{words[0]} ({_kind(expected)})", f"{words[1]} ({_kind(actual)})"
    return words


def _first_difference(wanted: np.ndarray, got: np.ndarray, off: np.ndarray) -> tuple[str, str]:
    """Where two arrays of one shape differ first, and by how much; ``off`` marks every difference."""
    where = tuple(int(i) for i in np.argwhere(off)[0])
    place = f"at [{', '.join(map(str, where))}]"
    right, left = wanted[where], got[where]
    by = ""
    if got.dtype.kind in "iuf" and wanted.dtype.kind in "iuf" and np.isfinite(left):
        gap = float(left) - float(right)
        by = f", {'larger' if gap > 0 else 'smaller'} by {_words(abs(gap))}"
    words = _words(right), _words(left)
    if words[0] == words[1]:
        words = repr(right.item()), repr(left.item())
    return f"{words[0]} {place}", f"{words[1]} {place}{by} ({int(off.sum())} of {off.size} values differ)"


def _first_other_item(kind: str, expected: Any, actual: Any) -> tuple[str, str]:
    """Where two sequences that begin alike differ first."""
    pairs = enumerate(zip(expected, actual, strict=False))
    first = next((i for i, (one, other) in pairs if not _same(one, other, 0, 0)), min(len(expected), len(actual)))
    said = [
        f"{_words(value[first])} as {kind} {first}" if first < len(value) else f"{len(value)} {kind}s"
        for value in (expected, actual)
    ]
    return said[0], said[1]


def _not_finite(value: Any, numbers: np.ndarray) -> str:
    """Where the first value that is not finite is, in an array too large to show."""
    if numbers.size <= _SHOWN:
        return _words(value)
    off = ~np.isfinite(numbers)
    where = tuple(int(i) for i in np.argwhere(off)[0])
    place = ", ".join(map(str, where))
    return f"{_words(numbers[where])} at [{place}] ({int(off.sum())} of {off.size} values are not finite)"


def _kind(value: Any) -> str:
    """A student's value in words."""
    if isinstance(value, np.ndarray):
        return "an array of text" if all(isinstance(part, str) for part in value.flat) else "an array of objects"
    names = {str: "text", dict: "a dict", tuple: "a tuple", list: "a list", type(None): "nothing", Frame: "a DataFrame"}
    name = value.type_name if isinstance(value, Opaque) else type(value).__name__
    return names.get(type(value), f"{'an' if name[0] in 'aeiou' else 'a'} {name}")


def _words(value: Any, deep: int = 0) -> str:
    """A value in at most a line or two; ``deep`` says in how many lists it is."""
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, np.ndarray):
        if value.size > _SHOWN:
            return f"array of shape {value.shape}"
        return np.array2string(value, precision=5, separator=", ")
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, np.integer):
        return str(int(value))
    if isinstance(value, list | tuple):
        ends = "[]" if isinstance(value, list) else "()"
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        text = f"{ends[0]}{', '.join(_part(item, deep) for item in value[:_LONGEST])}{comma}{ends[1]}"
    elif isinstance(value, dict):
        items = list(value.items())[:_LONGEST]
        text = f"{{{', '.join(f'{_part(key, deep)}: {_part(item, deep)}' for key, item in items)}}}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _part(value: Any, deep: int) -> str:
    """A value within a list or dict, as Python writes it: numbers of NumPy as plain ones, text in quotes."""
    if deep >= 10:  # a list may hold itself
        return "..."
    return repr(value[:_LONGEST]) if isinstance(value, str) else _words(value, deep + 1)
