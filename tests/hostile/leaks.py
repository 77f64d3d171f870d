"""Leaks: hidden checks, expected values, other people's work and secrets."""

import os

from tests.hostile.case import (
    FILE,
    NO_SANDBOX,
    NOT_TRIED,
    PASSED,
    SAME_KERNEL,
    Case,
    failed,
    held,
    honest,
    probe,
)

SECRET = "HOSTILE_CORPUS_SECRET"  # an environment variable that the tests set in the grading process
LEFT_BEHIND = "/tmp/hostile-left-behind"

_FIND = """
import os

def find(wanted, top="/"):
    found = []
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "lib", "lib64", "bin", "share", "dev")]
        found += [os.path.join(folder, name) for name in files if wanted(folder, name)]
    return found
"""
_HOOK = """
seen = []
get_ipython().events.register("pre_run_cell", lambda info: seen.append(info.raw_cell))

def attempt():
    words = ("assert", "expect(", "close_to", "### BEGIN HIDDEN", "check(")
    return [cell for cell in seen if any(word in cell for word in words)]
"""
_STACK = """
import gc, sys

def attempt():
    words = ("close_to", "if_instead", "pytest.mark", "max_points", "def test_std")
    loot, frame = [], sys._getframe(2)
    while frame:
        loot += [name for name in frame.f_locals if name in ("expected", "verdict", "checks", "sigma", "test_std")]
        frame = frame.f_back
    for thing in gc.get_objects():
        kind = type(thing).__name__
        if kind in ("Verdict", "Mismatch", "KernelStudent") and "autograder" in type(thing).__module__:
            loot.append(kind)
        elif kind == "function" and thing.__name__.startswith("test_std"):
            loot.append(thing.__name__)
    loot += [name for name in sys.modules if name.startswith(("autograder.hidden", "autograder.grading"))]
    return loot
"""
_HIDDEN = """
import autograder, os

def attempt():
    folder = os.path.join(os.path.dirname(autograder.__file__), "hidden")
    return [name for name in os.listdir(folder)] if os.path.isdir(folder) else []
"""
_SOLUTIONS = f"""{_FIND}
import autograder

def attempt():
    root = os.path.dirname(os.path.dirname(autograder.__file__))
    loot = [name for name in ("source", "solutions", "tests", "submitted", "gradebook.db", ".git", ".journal")
            if os.path.exists(os.path.join(root, name))]
    return loot + find(lambda folder, name: name.startswith("0") and name.endswith((".py", ".ipynb")))
"""
_OTHERS = f"""{_FIND}
def attempt():
    loot = find(lambda folder, name: name.endswith((".ipynb", ".csv", ".npz.part")) and "data" not in folder)
    return loot + [name for name in os.listdir("..") if name == "submitted"]
"""
_GRADEBOOK = f"""{_FIND}
def attempt():
    return find(lambda folder, name: name.endswith((".db", ".sqlite")) or name == "grades.csv")
"""
_ENVIRONMENT = f"""
import os

def attempt():
    loot = [name for name in os.environ if "{SECRET}" in name or "TOKEN" in name or "PASSWORD" in name]
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                if b"{SECRET}" in open(f"/proc/{{pid}}/environ", "rb").read():
                    loot.append(pid)
            except OSError:
                pass
    return loot
"""
_MEMORY = f"""
import gc

def attempt():
    secret = "{SECRET}"[:7] + "{SECRET}"[7:]
    return [type(thing).__name__ for thing in gc.get_objects() if type(thing) is dict and secret in thing]
"""
_PROC = """
import os

def attempt():
    loot = []
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            command = open(f"/proc/{pid}/cmdline", "rb").read().replace(b"\\0", b" ").decode()
            # bubblewrap's own arguments, in process 1, tell where the machine keeps its packages.
            words = ("pytest", "dask", " grade ", "jupyterhub", "systemd")
            if "bwrap" not in command and any(word in command for word in words):
                loot.append(command)
            for name in ("root", "cwd"):
                try:
                    loot += [n for n in os.listdir(f"/proc/{pid}/{name}/") if n in ("home", "boot", "submitted", "mnt")]
                except OSError:
                    pass
    return loot
"""
_PROC_MEMORY = """
import os

def attempt():
    loot = []
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) not in (os.getpid(),):
            try:
                with open(f"/proc/{pid}/mem", "rb") as file:
                    loot.append((pid, file.fileno()))
            except OSError as problem:
                last = problem
    return [pid for pid, _ in loot if b"bwrap" not in open(f"/proc/{pid}/cmdline", "rb").read()
            and b"sleep" not in open(f"/proc/{pid}/cmdline", "rb").read()]
"""
_DESCRIPTORS = """
import os

def attempt():
    loot = []
    for number in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        known = ("/dev/null", "/dev/urandom", "/proc", "/submission")
        if target.startswith("/") and not target.startswith(known):
            loot.append(target)
    return loot
"""
_LEAVE = f"""
import os, socket

os.makedirs("{LEFT_BEHIND}", exist_ok=True)
for folder in ("/tmp", "/submission", "/dev/shm", "/var/tmp", "{LEFT_BEHIND}"):
    try:
        with open(f"{{folder}}/hostile-note", "w") as file:
            file.write("the answer is exp(z / 2)")
    except OSError:
        pass
listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0hostile-note")
listener.listen()
"""
_LOOK_FOR = f"""
import os, socket

def attempt():
    loot = [path for path in ("/tmp/hostile-note", "/submission/hostile-note", "/dev/shm/hostile-note",
            "/var/tmp/hostile-note", "{LEFT_BEHIND}") if os.path.exists(path)]
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect("\\0hostile-note")
        loot.append("socket")
    except ConnectionRefusedError:
        pass
    return loot
"""
_CHECKPOINT = """
import os

def attempt():
    return [name for name in os.listdir("/submission") if not name.startswith(("question-", "answer-"))]
"""
_INPUTS = """
questions = []

def std_from_log_var(z_log_var):
    questions.append(np.asarray(z_log_var))
    raise RuntimeError(f"inputs so far: {[q.shape for q in questions]}")
"""


def _linked_notebook(folder):
    neighbor = folder.parent / f"{folder.name}-of-a-neighbor.ipynb"
    (folder / FILE).rename(neighbor)
    (folder / FILE).symlink_to(neighbor)


def _linked_file(folder):
    (folder / "train.csv").symlink_to("/etc/passwd")
    (folder / "all").symlink_to("/")


def _linked_folder(folder):
    real = folder.parent / f"{folder.name}-of-a-neighbor"
    folder.rename(real)
    os.symlink(real, folder)


_LINK_PROBE = """
import os

def attempt():
    return [name for name in ("train.csv", "all") if os.path.lexists(name)]
"""

CASES = [
    Case(
        "hook-reads-tests",
        "registers a pre_run_cell hook that keeps what the grader runs",
        "reads the hidden tests",
        answers=probe(_HOOK, when_called=True),
        std=held("nothing found"),
    ),
    Case(
        "stack-and-gc",
        "searches stack, modules and garbage collector for expected values and tests",
        SAME_KERNEL,
        answers=probe(_STACK, when_called=True),
        std=held("nothing found"),
    ),
    Case(
        "hidden-checks-read",
        "lists the grader's folder of hidden checks",
        SAME_KERNEL,
        answers=probe(_HIDDEN),
        std=held("nothing found"),
    ),
    Case(
        "solutions-read",
        "searches the disk for sources, solutions and tests",
        NO_SANDBOX,
        answers=probe(_SOLUTIONS),
        std=held("nothing found"),
    ),
    Case(
        "other-submissions-read",
        "searches the disk for other people's notebooks",
        NO_SANDBOX,
        answers=probe(_OTHERS),
        std=held("nothing found"),
    ),
    Case(
        "gradebook-read",
        "searches the disk for a gradebook",
        NO_SANDBOX,
        answers=probe(_GRADEBOOK),
        std=held("nothing found"),
    ),
    Case(
        "environment-read",
        "looks for secrets in the environment of every process",
        NO_SANDBOX,
        answers=probe(_ENVIRONMENT),
        std=held("nothing found"),
    ),
    Case(
        "memory-searched",
        "looks for the grader's environment in its own memory, a fork's",
        NO_SANDBOX,
        answers=probe(_MEMORY),
        std=held("nothing found"),
    ),
    Case(
        "proc-snooping",
        "reads command lines, roots and folders of all processes in /proc",
        NO_SANDBOX,
        answers=probe(_PROC),
        std=held("nothing found"),
    ),
    Case(
        "proc-memory",
        "opens the memory of other processes",
        NO_SANDBOX,
        answers=probe(_PROC_MEMORY),
        std=held("nothing found"),
    ),
    Case(
        "descriptors-inherited",
        "looks for open files inherited from the grader",
        NO_SANDBOX,
        answers=probe(_DESCRIPTORS),
        std=held("nothing found"),
    ),
    Case(
        "note-left",
        "leaves notes in /tmp, /dev/shm and an abstract socket for the next submission",
        NO_SANDBOX,
        answers=honest() | {"std": _LEAVE + honest()["std"]},
        std=PASSED,
    ),
    Case(
        "note-searched",
        "looks for notes that another submission left",
        NO_SANDBOX,
        answers=probe(_LOOK_FOR),
        std=held("nothing found"),
    ),
    Case(
        "folder-listed",
        "looks for what else lies in its own working folder",
        NO_SANDBOX,
        answers=probe(_CHECKPOINT),
        std=held("nothing found"),
    ),
    Case(
        "inputs-told",
        "raises errors that tell the inputs of hidden checks",
        NOT_TRIED,
        answers={"std": _INPUTS, "published-bug": honest()["published-bug"]},
        std=failed("inputs so far: [(2, 3)]"),
        ours="inputs of hidden checks can be seen, expected values can't",
    ),
    Case(
        "notebook-is-a-link",
        "hands in a link to somebody else's notebook",
        "follows the link",
        answers=honest(),
        build=_linked_notebook,
        unreadable="symbolic link",
    ),
    Case(
        "links-beside",
        "hands in links to /etc/passwd and / beside the notebook",
        "follows the links",
        answers=probe(_LINK_PROBE),
        build=_linked_file,
        std=held("nothing found"),
    ),
    Case(
        "folder-is-a-link",
        "hands in a folder that is a link",
        NOT_TRIED,
        answers=honest(),
        build=_linked_folder,
        unreadable="symbolic link",
    ),
]
