"""Helpers for expressions that call a student's function in a special way."""

import inspect
import pathlib
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def call_count(target: Any, method: str, action: Callable[[], Any]) -> dict[str, Any]:
    """Run ``action()`` and count the calls of ``target.method`` meanwhile: {"result", "calls"}.

    ``target`` may be a module, a class or an object, such as a model whose ``predict`` is counted.
    """
    calls = 0
    had_own = method in vars(target)
    original = getattr(target, method)

    def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        return original(*args, **kwargs)

    object.__setattr__(target, method, counting) if not isinstance(target, type) else setattr(target, method, counting)
    try:
        result = action()
    finally:
        if had_own:
            setattr(target, method, original)
        else:
            delattr(target, method)
    return {"result": result, "calls": calls}


def seconds(action: Callable[[], Any]) -> dict[str, Any]:
    """Run ``action()``: {"result", "seconds"}."""
    start = time.perf_counter()
    result = action()
    return {"result": result, "seconds": time.perf_counter() - start}


def defaults(function: Any) -> list[list[Any]]:
    """[name, whether it may be given by position, whether it has a default, the default] of each argument.

    Nothing where they can't be seen.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        [p.name, p.kind is not p.KEYWORD_ONLY, p.default is not p.empty, None if p.default is p.empty else p.default]
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]


def standing_in(namespace: dict[str, Any], sources: Iterable[str], action: Callable[[], Any]) -> Any:
    """The result of ``action()``, while what ``sources`` define stands in ``namespace`` in place of the student's."""
    scope = dict(namespace)
    for source in sources:
        exec(source, scope)
    changed = {name: value for name, value in scope.items() if namespace.get(name) is not value}
    before = {name: namespace[name] for name in changed if name in namespace}
    namespace.update(changed)
    try:
        return action()
    finally:
        for name in changed:
            namespace.pop(name, None)
        namespace.update(before)


def raised(action: Callable[[], Any]) -> dict[str, str | list[str]] | None:
    """Run ``action()``; the exception it raised as {"type", "message", "kinds"}, or None.

    kinds: the names of its class and of all classes that this is derived from.
    """
    try:
        action()
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return {"type": type(error).__name__, "message": str(error), "kinds": kinds}
    return None


def is_instance(value: Any, *class_names: str) -> bool:
    """True when one of ``class_names`` is the name of a class that ``value`` is, or is derived from."""
    kinds = value.__mro__ if isinstance(value, type) else type(value).__mro__
    return any(kind.__name__ in class_names for kind in kinds)


def data_frame(columns: Iterable[Any], values: Any, index: Any = None) -> Any:
    """A pandas DataFrame of its own from column names and an array (rows, columns), in the array's data type."""
    import pandas

    return pandas.DataFrame(values.copy(), columns=list(columns), index=index)


def with_files(texts: Mapping[str, str], action: Callable[..., Any]) -> Any:
    """Write each text of {file name: text} into a new folder, and return ``action(path, ...)`` in that order.

    The folder is gone afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, name) for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return action(*paths)
