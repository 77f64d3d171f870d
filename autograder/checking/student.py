"""The only way from a check to a student's names: ``student.eval(expression, **arrays)``.

LocalStudent evaluates in the notebook's own namespace, KernelStudent sends the expression to the kernel
that ran the student's code. Both return plain data only; a check cannot tell which it has.
"""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from autograder.checking.slips import TO_DO
from autograder.inside import answer, plain
from autograder.text import clean

MAX_REPLY_TABLE = 2**19  # bytes of its table of contents: some 10,000 arrays
MAX_ERROR_TEXT = 2_000
INSIDE_MODULES = ("plain", "calls", "figures", "answer")


class Student(Protocol):
    """What a check knows of a student: a way to ask."""

    def eval(self, expression: str, **inputs: Any) -> Any:
        """The value of ``expression`` over the student's names and ``inputs``, as plain data."""


class StudentError(Exception):
    """The student's code raised while a check asked it something.

    ``kind`` is the exception's class name, ``where`` the qualified name of the student's function it was
    raised in, ``line`` and ``text`` the line there, ``name`` the name that a NameError missed.
    """

    def __init__(self, expression: str, error: Mapping[str, Any]):
        self.expression = expression
        # The kernel may put anything here: of any type, and of any length.
        said = {
            name: clean(str(value)[:MAX_ERROR_TEXT]) for name, value in error.items() if isinstance(value, str | int)
        }
        self.kind = said.get("type", "Exception")
        self.message = said.get("message", "")
        self.where = said.get("where", "")
        self.line = int(error["line"]) if type(error.get("line")) is int else 0
        self.text = said.get("text", "")
        self.name = said.get("name", "")
        super().__init__(f"{self.kind}: {self.message}")

    @property
    def is_to_do(self) -> bool:
        """True when a stub that still waits for an answer was reached."""
        return self.kind == "NotImplementedError" and TO_DO in self.message

    @property
    def is_own(self) -> bool:
        """True when it was raised in a function or class that the expression itself names."""
        root = self.where.partition(".")[0]
        return not root or bool(re.search(rf"\b{re.escape(root)}\b", self.expression))


class NoAnswer(Exception):
    """The kernel gave no readable answer to a question; the message says why, for a person."""


class Unanswered(NoAnswer):
    """The kernel runs and leaves no answer as the helpers in it write them: code in it has changed those."""


def _result(expression: str, reply: Any) -> Any:
    if not isinstance(reply, dict) or len(reply) != 1:
        raise Unanswered("The notebook returned an answer that can't be read.")
    if isinstance(reply.get("error"), dict):
        raise StudentError(expression, reply["error"])
    if "value" not in reply:
        raise Unanswered("The notebook returned an answer that can't be read.")
    return reply["value"]


class LocalStudent:
    """Evaluates in ``namespace``, the notebook's own names, within this process."""

    def __init__(self, namespace: dict[str, Any], helpers: Sequence[ModuleType] = ()):
        self._namespace = namespace
        self._helpers = helpers

    def eval(self, expression: str, **inputs: Any) -> Any:
        """See Student.eval. Inputs and results are copies: neither side can change the other's."""
        copies = plain.unpack(plain.pack(inputs))
        reply = answer.evaluate(expression, self._namespace, copies, self._helpers)
        return _result(expression, plain.unpack(plain.pack(reply)))


class KernelStudent:
    """Asks a kernel through files in a folder that both sides see.

    ``run`` executes one line of code in the kernel and returns when it is done; ``outside`` is the shared
    folder here, ``inside`` the same folder as the kernel names it. ``helpers`` are {module: source} of what the
    course adds for its questions. Call ``prepare`` on a fresh kernel, before any of the student's code runs there.
    """

    def __init__(self, run: Callable[[str], None], outside: Path, inside: str, helpers: Mapping[str, str]):
        self._run = run
        self._helpers = helpers
        self._outside = outside
        self._inside = inside

    def prepare(self) -> None:
        """Put the helper modules into the kernel, as source text."""
        package = resources.files("autograder.inside")
        sources = {name: (package / f"{name}.py").read_text(encoding="utf-8") for name in INSIDE_MODULES}
        self._run(_BOOTSTRAP.format(sources=sources, helpers=dict(self._helpers)))

    def eval(self, expression: str, **inputs: Any) -> Any:
        """See Student.eval. Raises NoAnswer when the kernel leaves no answer behind."""
        token = secrets.token_hex(8)
        request, reply = f"question-{token}.npz", f"answer-{token}.npz"
        self._write(request, plain.pack((expression, inputs)))
        try:
            paths = f"{self._inside + '/' + request!r}, {self._inside + '/' + reply!r}"
            self._run(
                f"__import__('sys').modules['autograder_inside.answer'].answer_file("
                f"{paths}, globals(), __import__('sys').modules['autograder_inside'].helpers)"
            )
            data = self._read(reply)
        finally:
            self._remove(request)
        try:
            return _result(expression, plain.unpack(data))
        except plain.Unplain as error:
            kind = NoAnswer if isinstance(error, plain.TooMuch) else Unanswered
            # Without its cause: whoever shows a traceback would have to show 200 MB of answer too.
            raise kind(f"The notebook returned an answer that can't be read: {error}.") from None

    def _write(self, name: str, data: bytes) -> None:
        path = self._outside / name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            os.chmod(self._outside, 0o700)  # the student's code may have closed the folder, to itself as well
            with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
                file.write(data)
        except OSError as error:  # the folder has a limited size, and files of the student's in it
            self._remove(name)
            reason = error.strerror or "no reason given"
            raise Unanswered(f"The notebook's folder has no room for a question: {reason}.") from error

    def _read(self, name: str) -> bytes:
        """The answer file, if it is a plain file of bearable size: the folder is the student's too."""
        path = self._outside / name
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Unanswered(
                "The notebook no longer answers questions: code in it has changed how its cells run."
            ) from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NoAnswer("The notebook wrote something other than a file for its answer.")
            if status.st_size > plain.MAX_BYTES:
                raise NoAnswer(f"The notebook returned an answer of more than {plain.MAX_BYTES // 2**20} MiB.")
            with os.fdopen(os.dup(descriptor), "rb") as file:
                data = file.read(plain.MAX_BYTES)
        finally:
            os.close(descriptor)
            self._remove(name)
        _refuse_many_parts(data)
        return data

    def _remove(self, name: str) -> None:
        # What the student's code put in its place, such as a folder, goes with the whole folder later.
        with contextlib.suppress(OSError):
            (self._outside / name).unlink()


def _refuse_many_parts(data: bytes) -> None:
    """Raise NoAnswer for a zip archive of which zipfile would make a million objects, before it does.

    As ``pack`` writes it, without a comment, an archive's last 22 bytes say how long its table of contents is; for
    a longer table a locator stands before them. See PKWARE's APPNOTE.TXT, 4.3.15 and 4.3.16.
    """
    end, locator = data[-22:], data[-42:-38]
    if not end.startswith(b"PK\x05\x06"):
        raise NoAnswer("The notebook returned an answer that can't be read: it is not plain data.")
    if int.from_bytes(end[12:16], "little") > MAX_REPLY_TABLE or locator == b"PK\x06\x07":
        raise NoAnswer("The notebook returned an answer with too many parts.")


# Builds the package autograder_inside from source text, in a kernel that need not have autograder installed.
_BOOTSTRAP = """
def _prepare(sources, helpers):
    import sys, types
    package = types.ModuleType("autograder_inside")
    package.__path__ = []
    sys.modules["autograder_inside"] = package
    package.helpers = []
    for name, source in [*sources.items(), *helpers.items()]:
        module = types.ModuleType("autograder_inside." + name)
        module.__package__ = "autograder_inside"
        sys.modules["autograder_inside." + name] = module
        setattr(package, name, module)
        exec(compile(source, "<autograder_inside." + name + ">", "exec"), module.__dict__)
        if name in helpers:
            package.helpers.append(module)
_prepare({sources!r}, {helpers!r})
del _prepare
# quit() in an answer, or a shutdown of its own, would end the kernel 0.1 s later, while another answer is checked.
get_ipython().unobserve_all("exit_now")
"""
