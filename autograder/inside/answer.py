"""Evaluates one expression over the student's names and says what came out, or what went wrong."""

import contextlib
import io
import linecache
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import FrameType, ModuleType, TracebackType
from typing import Any

from .calls import call_count, data_frame, defaults, is_instance, raised, seconds, standing_in, with_files
from .figures import describe_axes, describe_figure
from .plain import pack, plain, unpack

HELPERS = (
    call_count,
    data_frame,
    defaults,
    describe_axes,
    describe_figure,
    is_instance,
    raised,
    seconds,
    standing_in,
    with_files,
)
MODULES = {"np": "numpy"}
QUESTION = "<question>"
NAMESPACE = "autograder_namespace"  # what a question calls the student's own names, for standing_in


def helper_names(helpers: Sequence[ModuleType]) -> set[str]:
    """What a question may call and the notebook need not define; ``helpers`` are the modules that a course adds."""
    return set(_functions(helpers))


def _functions(helpers: Sequence[ModuleType]) -> dict[str, Any]:
    """{name: function} of what a question may call."""
    return {helper.__name__: helper for given in (HELPERS, *(m.HELPERS for m in helpers)) for helper in given}


def evaluate(
    expression: str, namespace: dict[str, Any], inputs: Mapping[str, Any], helpers: Sequence[ModuleType] = ()
) -> dict[str, Any]:
    """{"value": plain data}, or {"error": what a person needs to know of it}.

    Each of ``helpers`` is a module with HELPERS, functions for questions; MODULES, {the name in a question: a library};
    and perhaps while_asking, a context manager around each question. What the student's code prints or warns
    meanwhile is dropped: a check is not the place for it.
    """
    scope: dict[str, Any] = {
        **namespace,
        NAMESPACE: namespace,
        **_functions(helpers),
        **_modules(expression, helpers),
        **inputs,
    }
    try:
        with contextlib.ExitStack() as around:
            around.enter_context(_quiet())
            for module in helpers:
                if hasattr(module, "while_asking"):
                    around.enter_context(module.while_asking())
            code = compile(expression, QUESTION, "eval")
            return {"value": plain(eval(code, scope))}
    except KeyboardInterrupt:
        raise  # the grader's, when a limit of time has passed
    except BaseException as error:
        return {"error": _describe_error(error, namespace)}


def answer_file(request: str, reply: str, namespace: dict[str, Any], helpers: Sequence[ModuleType] = ()) -> None:
    """Read a question from the file ``request`` and put the answer into the file ``reply``."""
    with open(request, "rb") as file:
        expression, inputs = unpack(file.read())
    data = pack(evaluate(expression, namespace, inputs, helpers))
    with open(reply + ".part", "wb") as file:
        file.write(data)
    os.chmod(reply + ".part", 0o644)  # the student's code may have set a umask under which nobody can read it
    os.replace(reply + ".part", reply)


def _modules(expression: str, helpers: Sequence[ModuleType]) -> dict[str, ModuleType]:
    """The libraries an expression names: whatever the student imported, and under whatever name."""
    wanted = dict(MODULES)
    for module in helpers:
        wanted.update(module.MODULES)
    return {name: import_module(full) for name, full in wanted.items() if f"{name}." in expression}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logged = logging.root.manager.disable
        logging.disable(logging.WARNING)  # some libraries log to the stream that they found when they were imported
        try:
            yield
        finally:
            logging.disable(logged)


def _describe_error(error: BaseException, namespace: dict[str, Any]) -> dict[str, str | int]:
    place = _student_frame(error.__traceback__, namespace)
    described: dict[str, str | int] = {
        "type": type(error).__name__[:200],
        "message": _message(error),
        "where": "",
        "line": 0,
        "text": "",
    }
    if isinstance(error, NameError):
        described["name"] = error.name if isinstance(error.name, str) else ""
    if place is not None:
        frame, line = place
        described["where"] = frame.f_code.co_qualname
        described["line"] = line
        described["text"] = linecache.getline(frame.f_code.co_filename, line).strip()[:200]
    return described


def _message(error: BaseException) -> str:
    """The text of an exception, whose class may be the student's own."""
    try:
        return str(error)[:2000]
    except Exception:
        return "its text can't be shown"


def _student_frame(traceback: TracebackType | None, namespace: dict[str, Any]) -> tuple[FrameType, int] | None:
    """The innermost frame of the student's own code, as (frame, line number)."""
    found = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals is namespace and frame.f_code.co_filename != QUESTION:
            found = (frame, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
