"""Exhaustion: time, memory, processes, disk, output, recursion; the kernel's and the grader's own.

Whatever starts many processes or takes much memory is bounded by its own code too, so that this machine comes to
no harm should the sandbox fail.
"""

import io
import json
import zipfile
from dataclasses import replace

from autograder.sandbox import MiB
from tests.hostile.case import (
    FILE,
    HASTE,
    LESSON,
    LIMITS,
    NO_LIMIT,
    NOT_TRIED,
    PASSED,
    RIGHT_STD,
    SAME_KERNEL,
    WRONG,
    WRONG_STD,
    Case,
    Got,
    attack,
    failed,
    honest,
    stopped,
)
from tests.hostile.forged import reply_with

HASTY = replace(LIMITS, cell_seconds=HASTE)
SMALL = replace(LIMITS, memory_bytes=600 * MiB)
TOO_LONG = stopped(f"it ran for more than {HASTE} s")
FLOOD = replace(TOO_LONG, or_says=("it sent more than 512 MiB",))

_STUBBORN = """
import time
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
"""
_DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
time.sleep(100)
"""
_LOOP_WHEN_CALLED = "def std_from_log_var(z_log_var):\n    while True:\n        pass\n"
_STUBBORN_WHEN_CALLED = """
def std_from_log_var(z_log_var):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
_HOG = """
import time
kept = []
for _ in range(400):  # at most 4 GB
    kept.append(bytearray(b"x" * (10 * 2**20)))
    time.sleep(0.01)
"""
_ODD_NAMES = """
import ctypes, mmap, os, time
name = "/tmp/x\\x0cffffffffffff-0 a/dev/zero"  # read as a line of its own, a mapping of fewer than no bytes
os.makedirs(os.path.dirname(name))
with open(name, "w+b") as file:
    file.write(bytes(4096))
    file.flush()
    mapped = mmap.mmap(file.fileno(), 4096)
os.unlink(name)
ctypes.CDLL(None).prctl(15, b"\\rThreads: -9999")
""" + _HOG
_FIRST_THREAD_ENDS = """
import os, subprocess, sys, time
number = 60 if os.uname().machine == "x86_64" else 93
code = f"import ctypes, threading, time\\ndef hog():\\n    kept = [bytearray(b'x' * 2**20) for _ in range(1500)]\\n"
code += f"    time.sleep(60)\\nthreading.Thread(target=hog).start()\\nctypes.CDLL(None).syscall({number}, 0)"
subprocess.run([sys.executable, "-c", code])
"""
_PAGE_TABLES = """
import mmap, time
held = mmap.mmap(-1, 2**39, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
held.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, 2**39, 2**21):  # a gigabyte of tables for pages that are all the same
    held[at]
time.sleep(60)
"""
_SPARED = """
import time
with open("/proc/self/oom_score_adj", "w") as file:
    file.write("0")
time.sleep(10)
"""
_FOLDER_HIDDEN = """
import mmap, os, socket, time
os.makedirs("/submission/closed")
os.chdir("/submission/closed")
os.chmod("/submission/closed", 0o300)
os.chmod("/submission", 0o300)
ours, theirs = socket.socketpair()
kept = []
for number in range(20):  # at most 2 GB, in files that nobody finds
    file = os.open(f"part-{number}", os.O_RDWR | os.O_CREAT)
    os.unlink(f"part-{number}")
    for _ in range(100):
        os.write(file, b"x" * 2**20)
    if number % 2:
        kept.append(mmap.mmap(file, 100 * 2**20))
    else:
        socket.send_fds(ours, [b"x"], [file])
    os.close(file)
time.sleep(30)
"""
_CHILD_HOGS = """
import subprocess, sys, time
code = "import time; kept = bytearray(b'x' * (150 * 2**20)); time.sleep(60)"
for _ in range(8):
    subprocess.Popen([sys.executable, "-c", code])
time.sleep(60)
"""
_FORKS = """
import os, time
for _ in range(8):  # at most 256 processes
    os.fork()
time.sleep(60)
"""
_THREADS = """
import threading, time
threading.stack_size(65536)
for _ in range(500):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
"""
_TMP = """
try:
    with open("/tmp/large", "wb") as file:
        for _ in range(400):
            file.write(bytes(2**20))
except OSError as problem:
    said = problem.strerror

def std_from_log_var(z_log_var):
    raise RuntimeError(said)
"""
_DISK = """
import time
for number in range(10):  # at most a gigabyte
    with open(f"/submission/large-{number}", "wb") as file:
        for _ in range(100):
            file.write(b"x" * 2**20)
time.sleep(30)
"""
_ONE_FILE = """
with open("/submission/large", "wb") as file:
    file.seek(2**40)
    file.write(b"x")
"""
_PRINTS = """
for number in range(200_000):
    print("all work and no play makes a dull notebook", number)
"""
_PRINTS_STUBBORNLY = """
while True:
    try:
        while True:
            print("all work and no play makes a dull notebook" * 100)
    except BaseException:
        pass
"""
_PRINTS_ONCE = """
import sys
print("x" * (50 * 2**20))
"""
_PRINTS_OUTSIDE = """
import subprocess
subprocess.run(["yes", "all work and no play makes a dull notebook"])
"""
_REPR = """
class Endless:
    def __repr__(self):
        while True:
            pass

Endless()
"""
_MANY_OUTPUTS = """
from IPython.display import display
for number in range(1500):
    display(number)
"""
_RECURSION = "def std_from_log_var(z_log_var):\n    return std_from_log_var(z_log_var)\n"
_DEEP_FOLDERS = """
import os, time
for _ in range(3000):
    os.mkdir("down")
    os.chdir("down")
time.sleep(10)
"""
_MANY_FILES = """
import os
for number in range(20_000):
    os.close(os.open(f"/submission/{number}", os.O_CREAT))
"""
_SHELL_FLOOD = """
import zmq
kernel = get_ipython().kernel
ident, session = kernel._parent_ident["shell"], kernel.session
socket = zmq.Socket.shadow(kernel.shell_stream.socket.underlying)
while True:
    try:
        while True:
            message = session.msg("execute_reply", {"status": "ok"}, parent={"msg_id": "another"})
            socket.send_multipart(session.serialize(message, ident))
    except BaseException:
        pass
"""
_STDIN_FLOOD = """
import time
kernel = get_ipython().kernel
ident = kernel._parent_ident["shell"]
for _ in range(60):
    content = {"prompt": "x" * 25_000_000, "password": False}
    kernel.session.send(kernel.stdin_socket, "input_request", content=content, ident=ident)
    time.sleep(0.05)
"""
_ARRAY_MANY_TIMES = """
import io, json, numpy, zipfile
buffer = io.BytesIO()
numpy.save(buffer, numpy.ones(6_250_000))
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', json.dumps({"dict": [["value", {"list": [{"array": 0}] * 45}]]}))
    archive.writestr('0.npy', buffer.getvalue())
"""
_LARGE_ARRAY = """
import io, json, numpy, zipfile
buffer = io.BytesIO()
numpy.save(buffer, numpy.ones(25_000_000))
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"array": 0}]]}')
    archive.writestr('0.npy', buffer.getvalue())
"""
_IOPUB_FLOOD = """
kernel = get_ipython().kernel
while True:
    try:
        while True:
            busy = {"execution_state": "busy"}
            kernel.session.send(kernel.iopub_socket, "status", content=busy, parent={"msg_id": "x"})
    except BaseException:
        pass
"""
_PARTS = """
import zmq
kernel = get_ipython().kernel
ident, session = kernel._parent_ident["shell"], kernel.session
socket = zmq.Socket.shadow(kernel.shell_stream.socket.underlying)
part = bytes(4 * 2**20)
frames = session.serialize(session.msg("execute_reply", {"status": "ok"}, parent={"msg_id": "another"}), ident)
# One message of up to 4 GB, which takes 4 MiB of this kernel's memory.
socket.send_multipart(frames + [zmq.Frame(part, copy=False) for _ in range(1)] * 1000, copy=False)
"""
_LARGE_MESSAGE = """
kernel = get_ipython().kernel
kernel.session.send(kernel.iopub_socket, "display_data", parent=kernel.get_parent("shell"),
                    content={"data": {"text/plain": "x" * (40 * 2**20)}, "metadata": {}})
"""
_SLOW_TRACEBACK = """
kernel = get_ipython().kernel
for text in ("Cell In" * 100_000, "line " + "9" * 10_000):
    kernel.session.send(kernel.iopub_socket, "error", parent=kernel.get_parent("shell"),
                        content={"ename": "E", "evalue": "e", "traceback": [text]})
"""
_JSON_BOMB = """
import zipfile
with zipfile.ZipFile(reply, 'w') as archive:
    archive.writestr('tree.json', '{"dict": [["value", {"list": [' + '0,' * 300_000 + '0]}]]}')
"""
_AGAIN_AND_AGAIN = """
import os
get_ipython().events.register("pre_run_cell", lambda info: os._exit(1))
"""


def _zip_bomb(folder):
    (folder / FILE).unlink()
    with zipfile.ZipFile(folder / f"{LESSON}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, b" " * 100_000_000)


def _zip_of_many(folder):
    (folder / FILE).rename(folder / "kept")
    with zipfile.ZipFile(folder / f"{LESSON}.zip", "w") as archive:
        archive.write(folder / "kept", FILE)
        for number in range(60_000):
            archive.writestr(f"{number}.txt", "")
    (folder / "kept").unlink()


def _zip_of_zips(folder):
    inner = (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    for _ in range(5):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("again.zip", inner)
        inner = buffer.getvalue()
    (folder / "work.zip").write_bytes(inner)


def _large_file(folder):
    with open(folder / FILE, "r+b") as file:
        file.truncate(60_000_000)


def _large_beside(folder):
    with open(folder / "notes.bin", "wb") as file:
        file.truncate(200_000_000)


def _large_output(folder):
    notebook = json.loads((folder / FILE).read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 30_000_000}]
    (folder / FILE).write_text(json.dumps(notebook), "utf-8")


def _nested(folder):
    text = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(
        text.replace('"metadata"', '"deep": ' + "[" * 200_000 + "]" * 200_000 + ', "metadata"', 1)
    )


def _many_cells(folder):
    notebook = json.loads((folder / FILE).read_text("utf-8"))
    notebook["cells"] += [{"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}] * 2000
    (folder / FILE).write_text(json.dumps(notebook), "utf-8")


def _long_answer(folder):
    notebook = json.loads((folder / FILE).read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "std":
            cell["source"] = "x = 1\n" * 50_000
    (folder / FILE).write_text(json.dumps(notebook), "utf-8")


CASES = [
    Case("loop-in-cell", "never ends", NOT_TRIED, answers=attack("while True:\n    pass"), std=TOO_LONG, limits=HASTY),
    Case(
        "loop-when-called",
        "never ends when a check calls it",
        NOT_TRIED,
        answers=attack("", _LOOP_WHEN_CALLED),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "loop-catches-interrupts",
        "never ends, and catches KeyboardInterrupt",
        NOT_TRIED,
        answers=attack(_STUBBORN),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "loop-ignores-signals",
        "sleeps, and ignores SIGINT",
        NOT_TRIED,
        answers=attack(_DEAF),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "stubborn-when-called",
        "never ends when called, and catches everything",
        NOT_TRIED,
        answers=attack("", _STUBBORN_WHEN_CALLED),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "folder-hidden",
        "fills its folder with files that are closed, unlinked, mapped or in flight over a socket",
        NO_LIMIT,
        answers=attack(_FOLDER_HIDDEN),
        std=stopped("wrote more than 300 MB of files"),
    ),
    Case(
        "memory-odd-names",
        "takes memory, and names a file and a process like a line of numbers that takes it back",
        NO_LIMIT,
        answers=attack(_ODD_NAMES),
        std=stopped("used more than 600 MB of memory"),
        limits=SMALL,
    ),
    Case(
        "memory-first-thread-ends",
        "takes memory in a process whose first thread has ended",
        NO_LIMIT,
        answers=attack(_FIRST_THREAD_ENDS),
        std=stopped("used more than 600 MB of memory"),
        limits=SMALL,
    ),
    Case(
        "memory-page-tables",
        "fills memory with the tables of pages that take none",
        NO_LIMIT,
        answers=attack(_PAGE_TABLES),
        std=stopped("used more than 600 MB of memory"),
        limits=SMALL,
    ),
    Case(
        "memory-spared",
        "asks to be spared when the machine runs out of memory",
        NO_LIMIT,
        answers=attack(_SPARED),
        std=stopped("tried to be spared when memory runs out"),
    ),
    Case(
        "memory-grows",
        "fills its memory step by step",
        NO_LIMIT,
        answers=attack(_HOG),
        std=stopped("used more than 600 MB of memory"),
        limits=SMALL,
    ),
    Case(
        "memory-at-once",
        "asks for 128 GB at once",
        NO_LIMIT,
        answers=attack("np.ones(2**34)", ""),
        std=failed("Its cell stopped with MemoryError"),
        limits=SMALL,
    ),
    Case(
        "memory-of-children",
        "fills the memory of child processes",
        NO_LIMIT,
        answers=attack(_CHILD_HOGS),
        std=stopped("used more than 600 MB of memory"),
        limits=SMALL,
    ),
    Case(
        "fork-bomb",
        "forks again and again",
        NO_LIMIT,
        answers=attack(_FORKS),
        std=stopped("started more than 32 processes"),
    ),
    Case(
        "thread-bomb",
        "starts 500 threads",
        NO_LIMIT,
        answers=attack(_THREADS),
        std=stopped("started more than 200 threads"),
    ),
    Case("tmp-filled", "fills /tmp", NO_LIMIT, answers=attack(_TMP, ""), std=failed("No space left on device")),
    Case(
        "disk-filled", "fills its folder", NO_LIMIT, answers=attack(_DISK), std=stopped("wrote more than 300 MB of files")
    ),
    Case(
        "file-of-a-terabyte",
        "writes a sparse file of a terabyte",
        NO_LIMIT,
        answers=attack(_ONE_FILE, ""),
        std=failed("Its cell stopped with OSError"),
    ),
    Case(
        "prints-much",
        "prints 10 MB",
        NOT_TRIED,
        answers=attack(_PRINTS),
        std=stopped("it printed more than 1 MiB"),
    ),
    Case(
        "prints-for-ever",
        "prints for ever, and catches everything",
        NOT_TRIED,
        answers=attack(_PRINTS_STUBBORNLY),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "prints-at-once",
        "prints 50 MB in one go",
        NOT_TRIED,
        answers=attack(_PRINTS_ONCE),
        std=stopped("it printed more than 1 MiB"),
    ),
    Case(
        "prints-from-a-program",
        "has a program print for ever",
        NOT_TRIED,
        answers=attack(_PRINTS_OUTSIDE),
        std=stopped("it printed more than 1 MiB"),
    ),
    Case(
        "repr-never-ends",
        "displays an object whose text never ends",
        NOT_TRIED,
        answers=attack("", WRONG_STD + _REPR),
        std=TOO_LONG,
        limits=HASTY,
    ),
    Case(
        "displays-much",
        "displays 1,500 things",
        NOT_TRIED,
        answers=attack(_MANY_OUTPUTS, RIGHT_STD),
        std=PASSED,
        ours="and 200 of them are kept",
    ),
    Case("recursion", "calls itself for ever", NOT_TRIED, answers=attack("", _RECURSION), std=failed("RecursionError")),
    Case(
        "crash",
        "reads address 0",
        NOT_TRIED,
        answers=attack("import ctypes\nctypes.string_at(0)"),
        std=stopped("the kernel crashed (SIGSEGV)"),
    ),
    Case(
        "descriptors-closed",
        "closes every file of its kernel",
        NOT_TRIED,
        answers=attack("import os\nos.closerange(0, 512)"),
        std=stopped(""),
    ),
    Case(
        "descriptors-used-up",
        "opens files until no more can be opened",
        NOT_TRIED,
        answers=attack("kept = [open('/dev/null') for _ in range(5000)]", ""),
        std=failed("Its cell stopped with OSError"),
    ),
    Case(
        "deep-folders",
        "makes 3,000 folders, one in the other",
        NOT_TRIED,
        answers=attack(_DEEP_FOLDERS, RIGHT_STD),
        std=PASSED,
    ),
    Case("many-files", "makes 20,000 files", NOT_TRIED, answers=attack(_MANY_FILES, RIGHT_STD), std=PASSED),
    Case(
        "reply-flood",
        "floods the grader with replies to other requests, for ever",
        NOT_TRIED,
        answers=attack(_SHELL_FLOOD),
        std=FLOOD,
        limits=HASTY,
    ),
    Case(
        "stdin-flood",
        "asks the person at the keyboard for input, with a prompt of 25 MB, sixty times",
        NOT_TRIED,
        answers=attack(_STDIN_FLOOD),
        limits=replace(LIMITS, cell_seconds=120),  # it writes 1.5 GB, which a busy machine takes long for
    ),
    Case(
        "one-array-many-times",
        "answers with one array of 50 MB in 45 places",
        SAME_KERNEL,
        answers=reply_with(_ARRAY_MANY_TIMES),
        std=failed("an array that is named twice"),
    ),
    Case(
        "large-array",
        "answers with an array of 200 MB",
        SAME_KERNEL,
        answers=reply_with(_LARGE_ARRAY),
        std=failed("an answer of more than 64 MiB"),
    ),
    Case(
        "status-flood",
        "floods the grader with status messages, for ever",
        NOT_TRIED,
        answers=attack(_IOPUB_FLOOD),
        std=FLOOD,
        limits=HASTY,
    ),
    Case(
        "message-of-gigabytes",
        "sends the grader one message of 4 GB",
        NOT_TRIED,
        answers=attack(_PARTS),
        std=stopped("it sent more than 512 MiB"),
    ),
    Case(
        "large-message",
        "sends a display of 40 MB, larger than the grader's sockets take",
        NOT_TRIED,
        answers=attack(_LARGE_MESSAGE),
        std=stopped("its output was too large"),
    ),
    Case(
        "slow-traceback",
        "sends tracebacks that a careless search takes hours or fails over",
        NOT_TRIED,
        answers=attack(_SLOW_TRACEBACK),
        std=WRONG,
    ),
    Case(
        "answer-json-bomb",
        "answers with a list of 300,000 numbers",
        SAME_KERNEL,
        answers=reply_with(_JSON_BOMB),
        std=failed("exp(0) is 1"),
    ),
    Case(
        "dies-again-and-again",
        "ends its kernel whenever another cell runs",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + _AGAIN_AND_AGAIN),
        std=stopped("the kernel exited"),
        ours="and the answers after it keep theirs",
    ),
    Case(
        "zip-bomb",
        "hands in a zip of 100 KB that holds a notebook of 100 MB",
        NOT_TRIED,
        answers=honest(),
        build=_zip_bomb,
        unreadable="more than 50.0 MB is not read",
    ),
    Case(
        "zip-of-many",
        "hands in a zip of 60,000 files",
        NOT_TRIED,
        answers=honest(),
        build=_zip_of_many,
        unreadable="more than 2,000 files",
    ),
    Case(
        "zip-of-zips",
        "hands in a zip in a zip in a zip",
        NOT_TRIED,
        answers=honest(),
        build=_zip_of_zips,
        unreadable="no notebook",
    ),
    Case(
        "large-file",
        "hands in a notebook of 60 MB",
        NOT_TRIED,
        answers=honest(),
        build=_large_file,
        unreadable="more than 50.0 MB is not read",
    ),
    Case(
        "large-file-beside",
        "hands in 200 MB of something else beside the notebook",
        NOT_TRIED,
        answers=honest(),
        build=_large_beside,
        std=PASSED,
    ),
    Case(
        "large-output",
        "hands in 30 MB of output",
        NOT_TRIED,
        answers=honest(),
        build=_large_output,
        std=PASSED,
        ours="and the output is left out",
    ),
    Case(
        "nested-json",
        "hands in JSON nested 200,000 deep",
        NOT_TRIED,
        answers=honest(),
        build=_nested,
        unreadable="nested too deeply",
    ),
    Case("many-cells", "hands in 2,000 cells", NOT_TRIED, answers=honest(), build=_many_cells, unreadable="cells"),
    Case(
        "long-answer",
        "answers with 50,000 lines",
        NOT_TRIED,
        answers=honest(),
        build=_long_answer,
        std=Got(0, "not attempted", "Still to do."),
        mended=("had more than 200,000 characters",),
    ),
]
