"""How the checks of one exercise ask: what a question needs runs first; after the first stop nothing more is asked."""

from collections.abc import Callable, Set

from autograder.checking.student import NoAnswer, StudentError, Unanswered
from autograder.grading.passed_over import PassedOver
from autograder.grading.session import Session, Stopped
from autograder.intake.names import asked_names


class Asking:
    """A student over a kernel, for one exercise: after the first stop nothing more is asked.

    ``known`` are the names of the helpers, which no cell need define.

    ``prepare`` is told the names that a question looks up, before it is asked. ``is_cut_off``: that took the kernel, so
    all must be asked again in a new one. ``is_unanswered``: the kernel runs, and answers no question.
    """

    def __init__(
        self, session: Session, prepare: Callable[[frozenset[str]], None], passed_over: PassedOver, known: Set[str]
    ):
        self._session = session
        self._prepare = prepare
        self._passed_over = passed_over
        self._known = known
        self.stop = ""
        self.is_cut_off = self.is_unanswered = False

    def eval(self, expression: str, **inputs: object) -> object:
        if self.stop:
            raise Stopped(self.stop)
        try:
            self._prepare(asked_names(expression) - inputs.keys() - self._known)
            self.is_cut_off = not self._session.alive
            return self._session.student.eval(expression, **inputs)
        except StudentError as error:
            if missing := self._passed_over.why_missing([error.name] if error.kind == "NameError" else []):
                raise NoAnswer(missing) from error
            raise
        except Unanswered:
            self.is_unanswered = True
            raise
        except Stopped as stop:
            self.stop = str(stop)
            raise
