"""What a student may see of the question that a check asked: a plain call of their own function, and no more."""

import ast
import re

from autograder.checking.student import StudentError

LONGEST_CALL = 80
_MADE_FROM = re.compile(r"\btype\('(\w+)', \((\w+),")


def is_plain_call(expression: str) -> bool:
    """True for a short call of a function by names and literals, as a student would write it."""
    if len(expression) > LONGEST_CALL:
        return False
    try:
        call = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    plain = (ast.Name, ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.USub, ast.Load, ast.keyword)
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and all(isinstance(node, plain) for part in (*call.args, *call.keywords) for node in ast.walk(part))
    )


def in_students_terms(error: StudentError) -> str:
    """The message of what the student's code raised, without names that only the check knows.

    A check may derive a class from the student's own, ``type('Recorder', (Model,), ...)``: the message then names
    ``Model``. A check may also pass in a lambda.
    """
    message = error.message
    for derived, base in _MADE_FROM.findall(error.expression):
        message = re.sub(rf"\b{derived}\b", base, message)
    if "lambda" in error.expression and "lambda" not in error.text and "<lambda>" not in error.where:
        message = message.replace("<lambda>()", "<lambda>").replace("<lambda>", "a function of the check")
    return message
