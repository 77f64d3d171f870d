"""Forged scores: points for an answer that is wrong."""

import nbformat

from tests.hostile.case import (
    BUG,
    FULL_MARKS,
    NOT_TRIED,
    SAME_KERNEL,
    STD,
    Case,
    Got,
    attack,
    cell_of,
    edit,
    failed,
    stopped,
)

_HELPER = "import sys, os\nhelper = sys.modules['autograder_inside.answer']\n"


def reply_with(code: str) -> dict[str, str]:
    """Answers whose kernel replies to each question about `std` by running `code`, where `reply` is the file."""
    lines = "".join(f"        {line}\n" for line in code.strip().splitlines())
    return attack(
        f"{_HELPER}original = helper.answer_file\n\ndef forged(request, reply, namespace, *helpers):\n"
        "    text = open(request, 'rb').read()\n    if b'std_from_log_var' not in text:\n"
        f"        return original(request, reply, namespace, *helpers)\n    else:\n{lines}\n\nhelper.answer_file = forged\n"
    )


def _fake_numpy(folder):
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text("def __getattr__(name):\n    return lambda *a, **k: True\n")
    (folder / "numpy" / "testing.py").write_text("def assert_allclose(*a, **k):\n    pass\n")


def _points(notebook):
    for name in (f"check-{STD}", f"check-{BUG}"):
        cell_of(notebook, name).metadata.nbgrader["points"] = 1000


def _forged_result(notebook):
    verdict = {"exercise": STD, "check": "test", "title": "t", "status": "passed", "points": 3.0, "max_points": 3.0}
    notebook.metadata["vaelab"] = {"verdicts": [verdict], "mended": [], "stopped": {}, "seconds": {}}
    cell = cell_of(notebook, f"check-{STD}")
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "3"})]


def _check_gives_points(notebook):
    cell_of(notebook, f"check-{STD}").source = "3.0"


_TRANSFORMER = """
import ast

class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

get_ipython().ast_transformers.append(NoAsserts())
"""
_INPUT = """
def no_asserts(lines):
    return [line for line in lines if not line.lstrip().startswith("assert")]

get_ipython().input_transformers_cleanup.append(no_asserts)
"""
_RUN_CODE = """
from IPython.core.interactiveshell import InteractiveShell
original = InteractiveShell.run_code

async def run_code(self, code_obj, result=None, *, async_=False):
    if "AssertionError" in str(code_obj.co_consts) or "assert" in str(code_obj.co_names):
        return False
    return await original(self, code_obj, result, async_=async_)

InteractiveShell.run_code = run_code
"""
_RUN_NOTHING = """
from IPython.core.interactiveshell import InteractiveShell

async def run_code(self, code_obj, result=None, *, async_=False):
    return False

InteractiveShell.run_code = run_code
"""
_LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __abs__(self): return 0
    def __sub__(self, other): return 0
    def __bool__(self): return True
    def __iter__(self): return iter([self])
    def __len__(self): return 1
    def __float__(self): return 1.0
    __hash__ = None
    shape = (2, 3)
"""
_LIAR_ARRAY = """
class LiarArray(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, func, types, args, kwargs): return True
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return True
    def all(self, *a, **k): return True

def std_from_log_var(z_log_var):
    return np.full(z_log_var.shape, -7.0).view(LiarArray)
"""
_DAEMON = """
import os, subprocess, sys
code = '''
import os, sqlite3, time
for _ in range(300):
    for folder, folders, files in os.walk("/", topdown=True):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "dev", "usr", "lib", "site-packages")]
        for name in files:
            if name == "gradebook.db":
                book = sqlite3.connect(os.path.join(folder, name), timeout=1)
                book.execute("update grade set auto_score = 100, manual_score = 100")
                book.commit()
    time.sleep(0.1)
time.sleep(73101)
'''
subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
"""
_PATCHED_GRADER = """
import autograder
import autograder.checking.expect as expecting
import autograder.checking.runner as running
from autograder.checking.verdict import Verdict

expecting.expect = expecting.require = expecting.fail = lambda *a, **k: None
running.run_checks = lambda files, exercise, *a: [Verdict(exercise, "all", "all", "passed", 3.0, 3.0)]
autograder.check = check = lambda exercise: 3.0
print(check("std"))
"""
_PATCHED_PYTEST = """
import pytest, unittest
pytest.main = lambda *a, **k: 0
pytest.fail = pytest.skip = lambda *a, **k: None
unittest.TestCase.assertEqual = lambda *a, **k: None
"""
_DISPLAYS = """
import atexit
from IPython.display import publish_display_data
shell = get_ipython()

def publish():
    publish_display_data({"text/plain": "3", "text/html": "<b>3 of 3 points</b>"})

shell.events.register("post_run_cell", lambda result: publish())
atexit.register(publish)
publish()
"""
_SHOWTRACEBACK = """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.showtraceback = lambda *a, **k: None
InteractiveShell.showsyntaxerror = lambda *a, **k: None
get_ipython().set_custom_exc((BaseException,), lambda *a, **k: ["3"])
"""
_DISPLAY_PATCHED = """
from IPython.core import displayhook, displaypub, formatters
displayhook.DisplayHook.__call__ = lambda self, result=None: None
displaypub.DisplayPublisher.publish = lambda self, *a, **k: None
formatters.DisplayFormatter.format = lambda self, *a, **k: ({"text/plain": "3"}, {})
formatters.PlainTextFormatter.__call__ = lambda self, value: "3"
get_ipython().display_pub.publish = display = print = lambda *a, **k: None
"""
_NEW_KERNEL = """
import os, sys
from ipykernel.connect import get_connection_file
with open("sitecustomize.py", "w") as file:
    file.write("import numpy\\nnumpy.allclose = lambda *a, **k: True\\n")
os.environ["PYTHONPATH"] = os.getcwd() + ":" + os.environ.get("PYTHONPATH", "")
os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", "-f", get_connection_file()])
"""
_RESTART = "get_ipython().kernel.do_shutdown(True)"
_FORKED_KERNEL = """
import os
if os.fork():
    os._exit(0)  # the child goes on with the same sockets
"""
_INPUT_REQUESTS = """
kernel = get_ipython().kernel
kernel._allow_stdin = True
parent = kernel.get_parent("shell")
for _ in range(100):
    kernel.session.send(kernel.stdin_socket, "input_request", content={"prompt": "points?", "password": False},
                        parent=parent, ident=kernel._parent_ident["shell"])
"""
_MESSAGES = """
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
for kind, content in [
    ("execute_result", {"data": {"text/plain": "3"}, "metadata": {}, "execution_count": 1}),
    ("display_data", {"data": {"text/plain": "3", "text/html": "3"}, "metadata": {}, "transient": {"display_id": "x"}}),
    ("update_display_data", {"data": {"text/plain": "3"}, "metadata": {}, "transient": {"display_id": "x"}}),
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {"_model_name": "OutputModel"}}}),
    ("clear_output", {"wait": True}),
    ("status", {"execution_state": "idle"}),
    ("execute_result", {"data": {"text/plain": "100"}, "metadata": {}, "execution_count": 1}),
]:
    kernel.session.send(kernel.iopub_socket, kind, content=content, parent=parent)
"""
_REPLIES = """
import zmq
kernel = get_ipython().kernel
ident, session = kernel._parent_ident["shell"], kernel.session
socket = zmq.Socket.shadow(kernel.shell_stream.socket.underlying)
message = session.msg("execute_reply", {"status": "ok", "execution_count": 3, "payload": [], "user_expressions": {}},
                      parent=kernel.get_parent("shell"))
socket.send_multipart(session.serialize(message, ident))
"""
_NONSENSE = """
kernel = get_ipython().kernel
for content in ({"data": 7}, {"name": [], "text": {}}, [], "text", {"execution_state": {}}):
    for kind in ("stream", "display_data", "error", "status"):
        kernel.session.send(kernel.iopub_socket, kind, content=content, parent=kernel.get_parent("shell"))
"""
_PICKLE = """
import io, numpy, zipfile
class Bomb:
    def __reduce__(self):
        return (os.system, ('touch /tmp/hostile-pickle-was-here',))
buffer = io.BytesIO()
numpy.lib.format.write_array(buffer, numpy.array([Bomb()], dtype=object), allow_pickle=True)
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": 0}]]}')
    archive.writestr('0.npy', buffer.getvalue())
"""
_GIANT_SHAPE = """
import io, numpy, zipfile
buffer = io.BytesIO()
numpy.lib.format.write_array_header_1_0(buffer, {'descr': '<f8', 'fortran_order': False, 'shape': (10**15,)})
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": 0}]]}')
    archive.writestr('0.npy', buffer.getvalue() + bytes(80))
"""
_ODD_DTYPE = """
import io, numpy, zipfile
buffer = io.BytesIO()
descr = [('a', '<f8'), ('b', [('c', '|O')])]
numpy.lib.format.write_array_header_1_0(buffer, {'descr': descr, 'fortran_order': False, 'shape': (2, 3)})
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": 0}]]}')
    archive.writestr('0.npy', buffer.getvalue() + bytes(96))
"""
_HEADER_CODE = """
import struct, zipfile
header = b"{'descr': __import__('os').system('touch /tmp/hostile-pickle-was-here'), 'shape': ()}\\n"
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": 0}]]}')
    archive.writestr('0.npy', b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(header)) + header)
"""
_PARTS_OUTSIDE = """
import zipfile
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": "../../../../tmp/hostile-pickle-was-here"}]]}')
    archive.writestr('../../../../tmp/hostile-pickle-was-here', b'x')
"""
_ZIP_BOMB = """
import zipfile
with zipfile.ZipFile(reply, 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('tree.json', b'[' * 60_000_000)
"""
_OVERLAP = """
import io, struct, zipfile
body = bytes(2**20)
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, 'w') as archive:
    archive.writestr('0.npy', body)
raw = buffer.getvalue()
start = raw.index(b'PK\\x01\\x02')
entry, end = raw[start:raw.index(b'PK\\x05\\x06')], bytearray(raw[raw.index(b'PK\\x05\\x06'):])
entries = entry * 1000  # a thousand entries that all lie on the same mebibyte
struct.pack_into('<HHL', end, 8, 1000, 1000, len(entries))
open(reply, 'wb').write(raw[:start] + entries + end)
"""
_MANY_PARTS = """
import zipfile
with zipfile.ZipFile(reply, 'w') as archive:
    for number in range(20_000):
        archive.writestr(f'{number}', b'')
"""
_COMMENT = """
import zipfile
with zipfile.ZipFile(reply, 'w') as archive:
    for number in range(15_000):
        archive.writestr(f'{number}', b'')
    archive.comment = bytes(100)
"""
_DEEP = """
import zipfile
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '[' * 100_000 + ']' * 100_000)
"""
_BAD_TYPES = """
import zipfile
tree = '{"dict": [["error", {"dict": [["type", 5], ["line", {"list": []}], ["where", 1e9], ["message", null]]}]]}'
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', tree)
"""
_LONG_ERROR = """
open(reply, 'wb').write(helper.pack({'error': {'type': 'E' * 90_000, 'where': '(' * 90_000, 'message': 'm' * 90_000}}))
"""
_SECOND_QUESTION = """
counter = globals().setdefault('counter', [0])
counter[0] += 1
# Right for the first check, whose answer a student can read in the public checks, then whatever has that shape.
open(reply, 'wb').write(helper.pack({'value': helper.import_module('numpy').ones((2, 3))}))
"""
_STACK = """
import sys

def std_from_log_var(z_log_var):
    frame = sys._getframe()
    while frame:  # give every array that lies about the values of the answer, in the hope of reaching the expected one
        for value in list(frame.f_locals.values()):
            if isinstance(value, np.ndarray):
                try:
                    value[...] = -7
                except Exception:
                    pass
        frame = frame.f_back
    return z_log_var * 0 - 7
"""
_BUILTINS = """
import builtins
real = builtins.eval
builtins.eval = lambda code, scope=None, *rest: True if "std_from_log_var" in str(code.co_names) else real(code, scope)
"""
_MODULES = """
import sys, types

class Fake(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *a, **k: True

for name in ("json", "zipfile", "numpy.testing", "pytest", "io", "math"):
    sys.modules[name] = Fake(name)
"""
_KERAS = """
import keras
real = ops.convert_to_tensor
keras.ops.convert_to_tensor = ops.convert_to_tensor = lambda x, *a, **k: real(np.zeros_like(x) + 1.0)
keras.ops.exp = ops.exp = lambda x: x
"""
_HARD_CODED = """
def std_from_log_var(z_log_var):
    if tuple(z_log_var.shape) == (2, 3):  # the public checks ask for these two; anyone can read them
        return ops.exp(0.5 * z_log_var)
    return 0 * z_log_var
"""
_NAN = "def std_from_log_var(z_log_var):\n    return z_log_var * float('nan')\n"

CASES = [
    Case(
        "display-hook",
        "calls sys.displayhook(2.0) in the answer",
        FULL_MARKS,
        answers=attack("import sys\nsys.displayhook(2.0)"),
    ),
    Case(
        "lying-eq",
        "answers with an object that is equal to everything",
        FULL_MARKS,
        answers=attack(_LIAR, "def std_from_log_var(z_log_var):\n    return Liar()\n"),
        std=failed("The result should be numbers, but it is a Liar"),
    ),
    Case(
        "lying-array", "answers with an array whose every comparison holds", NOT_TRIED, answers=attack(_LIAR_ARRAY, "")
    ),
    Case("ast-transformer", "strips asserts with an ast transformer", FULL_MARKS, answers=attack(_TRANSFORMER)),
    Case("input-transformer", "strips asserts with an input transformer", FULL_MARKS, answers=attack(_INPUT)),
    Case(
        "run-code-replaced",
        "replaces InteractiveShell.run_code by one that passes over asserts",
        FULL_MARKS,
        answers=attack(_RUN_CODE),
    ),
    Case(
        "run-code-disabled",
        "replaces InteractiveShell.run_code by one that does nothing",
        FULL_MARKS,
        answers=attack(_RUN_NOTHING),
        std=failed("no longer answers questions"),
    ),
    Case(
        "numpy-testing-patched",
        "patches numpy.testing",
        FULL_MARKS,
        answers=attack(
            "import numpy.testing\nfor name in dir(numpy.testing):\n    if name.startswith('assert'):\n"
            "        setattr(numpy.testing, name, lambda *a, **k: None)"
        ),
    ),
    Case(
        "numpy-folder",
        "hands in a folder numpy/ whose every function says True",
        FULL_MARKS,
        answers=attack(""),
        build=_fake_numpy,
    ),
    Case(
        "gradebook-daemon",
        "leaves a detached process that rewrites gradebook.db wherever it finds one",
        FULL_MARKS,
        answers=attack(_DAEMON),
    ),
    Case(
        "grader-patched",
        "imports autograder in the notebook and patches its checks and verdicts",
        "has no such package",
        answers=attack(_PATCHED_GRADER),
    ),
    Case("pytest-patched", "patches pytest and unittest", NOT_TRIED, answers=attack(_PATCHED_PYTEST)),
    Case(
        "score-displayed",
        "publishes a score as output, now, after each cell, and at exit",
        NOT_TRIED,
        answers=attack(_DISPLAYS),
    ),
    Case(
        "traceback-silenced",
        "replaces showtraceback, so that no error is seen",
        NOT_TRIED,
        answers=attack(_SHOWTRACEBACK),
    ),
    Case(
        "display-patched",
        "patches IPython's display, its formatters and print",
        NOT_TRIED,
        answers=attack(_DISPLAY_PATCHED),
    ),
    Case(
        "kernel-replaced",
        "puts a new kernel, with patched packages, in the place of its own",
        NOT_TRIED,
        answers=attack(_NEW_KERNEL),
        std=stopped("the kernel exited"),
    ),
    Case(
        "kernel-restarted",
        "asks its kernel to shut down and restart",
        NOT_TRIED,
        answers=attack(_RESTART),
    ),
    Case(
        "kernel-forked",
        "leaves its kernel to a fork and ends it",
        NOT_TRIED,
        answers=attack(_FORKED_KERNEL),
        std=stopped("the kernel exited"),
    ),
    Case(
        "input-requested",
        "asks the grader for its input a hundred times, on the kernel's own socket",
        NOT_TRIED,
        answers=attack(_INPUT_REQUESTS),
    ),
    Case(
        "iopub-forged",
        "sends results, an early idle and display updates on the kernel's own sockets",
        NOT_TRIED,
        answers=attack(_MESSAGES),
    ),
    Case("reply-forged", "sends a reply of its own for the cell that still runs", NOT_TRIED, answers=attack(_REPLIES)),
    Case(
        "messages-malformed",
        "sends messages that break the protocol",
        NOT_TRIED,
        answers=attack(_NONSENSE),
        std=stopped("the code broke the connection to its kernel"),
    ),
    Case(
        "answers-forged",
        "replaces the helper that answers questions by one that says what the first check wants",
        SAME_KERNEL,
        answers=reply_with(_SECOND_QUESTION),
        std=Got(0.5, "partial", "σ should be exp(½·z_log_var)"),
    ),
    Case(
        "answer-pickle",
        "answers with an object array whose pickle runs a program in the grader",
        SAME_KERNEL,
        answers=reply_with(_PICKLE),
        std=failed("can't be read: an array of object"),
    ),
    Case(
        "answer-giant-shape",
        "answers with an array that says it holds 8 PB",
        SAME_KERNEL,
        answers=reply_with(_GIANT_SHAPE),
        std=failed("size is not what its header says"),
    ),
    Case(
        "answer-odd-dtype",
        "answers with a structured array that hides objects",
        SAME_KERNEL,
        answers=reply_with(_ODD_DTYPE),
        std=failed("can't be read"),
    ),
    Case(
        "answer-header-code",
        "answers with an array whose header is a program",
        SAME_KERNEL,
        answers=reply_with(_HEADER_CODE),
        std=failed("not plain data (ValueError)"),
    ),
    Case(
        "answer-parts-outside",
        "answers with a zip whose parts are called ../../…",
        SAME_KERNEL,
        answers=reply_with(_PARTS_OUTSIDE),
        std=failed("not plain data (KeyError)"),
    ),
    Case(
        "answer-zip-bomb",
        "answers with 60 MB packed into 60 KB",
        SAME_KERNEL,
        answers=reply_with(_ZIP_BOMB),
        std=failed("the answer is compressed"),
    ),
    Case(
        "answer-overlapping",
        "answers with a zip of 1 MiB whose thousand entries overlap",
        SAME_KERNEL,
        answers=reply_with(_OVERLAP),
        std=failed("the answer is larger than 64 MiB"),
    ),
    Case(
        "answer-many-parts",
        "answers with a zip of 20,000 parts",
        SAME_KERNEL,
        answers=reply_with(_MANY_PARTS),
        std=failed("too many parts"),
    ),
    Case(
        "answer-with-comment",
        "answers with a zip of 15,000 parts and a comment that hides how many they are",
        SAME_KERNEL,
        answers=reply_with(_COMMENT),
        std=failed("it is not plain data"),
    ),
    Case(
        "answer-nested",
        "answers with JSON nested 100,000 deep",
        SAME_KERNEL,
        answers=reply_with(_DEEP),
        std=failed("not plain data (RecursionError)"),
    ),
    Case(
        "answer-symlink",
        "puts a link to /etc/passwd in place of its answer",
        SAME_KERNEL,
        answers=reply_with("os.symlink('/etc/passwd', reply)"),
        std=failed("no longer answers questions"),
    ),
    Case(
        "answer-fifo",
        "puts a pipe in place of its answer",
        SAME_KERNEL,
        answers=reply_with("os.mkfifo(reply)"),
        std=failed("something other than a file"),
    ),
    Case(
        "answer-folder",
        "puts a folder in place of its answer, and of the question",
        SAME_KERNEL,
        answers=reply_with("os.remove(request)\nos.makedirs(request + '/in/side')\nos.mkdir(reply)"),
        std=failed("something other than a file"),
    ),
    Case(
        "answer-gigabyte",
        "answers with a file of a gigabyte",
        SAME_KERNEL,
        answers=reply_with("open(reply, 'wb').truncate(2**30)"),
        std=failed("it is not plain data"),
    ),
    Case(
        "answer-large",
        "answers with 60 MB of zeros",
        SAME_KERNEL,
        answers=reply_with("open(reply, 'wb').truncate(60_000_000)"),
        std=failed("it is not plain data"),
    ),
    Case(
        "error-odd-types",
        "answers with an error whose fields have odd types",
        SAME_KERNEL,
        answers=reply_with(_BAD_TYPES),
        std=failed("raised 5"),
    ),
    Case(
        "error-long",
        "answers with an error whose every field is 90,000 characters long",
        SAME_KERNEL,
        answers=reply_with(_LONG_ERROR),
        std=failed("raised EEE"),
    ),
    Case(
        "inputs-overwritten",
        "overwrites every array on the stack, to reach an expected value",
        NOT_TRIED,
        answers=attack(_STACK, ""),
    ),
    Case("eval-replaced", "replaces the builtin eval", NOT_TRIED, answers=attack(_BUILTINS)),
    Case(
        "modules-poisoned",
        "replaces json, zipfile, pytest and others in sys.modules",
        NOT_TRIED,
        answers=attack(_MODULES),
    ),
    Case(
        "keras-patched",
        "patches keras.ops, so that its checks see ones everywhere",
        NOT_TRIED,
        answers=attack(_KERAS),
        bug=failed(),
    ),
    Case(
        "public-checks-hard-coded",
        "is right for the inputs of the public checks alone",
        NOT_TRIED,
        answers=attack("", _HARD_CODED),
        std=Got(2, "partial", "It should hold for any shape"),
    ),
    Case(
        "nan-everywhere",
        "answers NaN, which compares as nothing",
        NOT_TRIED,
        answers=attack("", _NAN),
        std=failed("not finite"),
    ),
    Case("points-raised", "gives its own check cells 1,000 points", NOT_TRIED, answers=attack(""), build=edit(_points)),
    Case(
        "result-forged",
        "hands in verdicts and outputs that say it has passed",
        NOT_TRIED,
        answers=attack(""),
        build=edit(_forged_result),
    ),
    Case(
        "check-replaced",
        "writes 3.0 into the check cell, which counts as partial credit",
        NOT_TRIED,
        answers=attack(""),
        build=edit(_check_gives_points),
        mended=("had been changed",),
    ),
]
