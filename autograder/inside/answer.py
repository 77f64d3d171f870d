"""Evaluates one expression over the student's names and says what came out, or what went wrong."""

import contextlib
import io
import linecache
import logging
import os
import sys
import warnings
from importlib import import_module

from .calls import (
    call_count,
    data_frame,
    defaults,
    gradients,
    is_instance,
    raised,
    save_and_load,
    seconds,
    tensor,
    watch_rows,
    with_files,
)
from .figures import describe_axes, describe_figure
from .models import describe_layer, describe_model, layers_with_weights, run_with
from .plain import pack, plain, unpack

HELPERS = {
    helper.__name__: helper
    for helper in (
        call_count,
        data_frame,
        defaults,
        describe_axes,
        describe_figure,
        describe_layer,
        describe_model,
        gradients,
        is_instance,
        layers_with_weights,
        raised,
        run_with,
        save_and_load,
        seconds,
        tensor,
        watch_rows,
        with_files,
    )
}
QUESTION = "<question>"


def evaluate(expression, namespace, inputs):
    """{"value": plain data}, or {"error": what a person needs to know of it}.

    What the student's code prints or warns meanwhile is dropped: a check is not the place for it.
    """
    scope = {**namespace, **HELPERS, **_modules(expression), **inputs}
    try:
        with _quiet(), _plain_keras_errors():
            code = compile(expression, QUESTION, "eval")
            return {"value": plain(eval(code, scope))}
    except KeyboardInterrupt:
        raise  # the grader's, when a limit of time has passed
    except BaseException as error:
        return {"error": _describe_error(error, namespace)}


def answer_file(request, reply, namespace):
    """Read a question from the file ``request`` and put the answer into the file ``reply``."""
    with open(request, "rb") as file:
        expression, inputs = unpack(file.read())
    data = pack(evaluate(expression, namespace, inputs))
    with open(reply + ".part", "wb") as file:
        file.write(data)
    os.replace(reply + ".part", reply)


def _modules(expression):
    """The libraries an expression names: whatever the student imported, and under whatever name."""
    wanted = {"np": "numpy", "keras": "keras", "tf": "tensorflow"}
    return {name: import_module(full) for name, full in wanted.items() if f"{name}." in expression}


@contextlib.contextmanager
def _quiet():
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logged = logging.root.manager.disable
        logging.disable(logging.WARNING)  # TensorFlow's log goes to the stream it found when it was imported
        try:
            yield
        finally:
            logging.disable(logged)


@contextlib.contextmanager
def _plain_keras_errors():
    """Keras rewrites the errors of a layer's call; here they come as they were raised."""
    keras = sys.modules.get("keras")
    if keras is None or not keras.config.is_traceback_filtering_enabled():
        yield
        return
    keras.config.disable_traceback_filtering()
    try:
        yield
    finally:
        keras.config.enable_traceback_filtering()


def _describe_error(error, namespace):
    place = _student_frame(error.__traceback__, namespace)
    described = {
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


def _message(error):
    """The text of an exception, whose class may be the student's own."""
    try:
        return str(error)[:2000]
    except Exception:
        return "its text can't be shown"


def _student_frame(traceback, namespace):
    """The innermost frame of the student's own code, as (frame, line number)."""
    found = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals is namespace and frame.f_code.co_filename != QUESTION:
            found = (frame, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
