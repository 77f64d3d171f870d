"""What a student needs works on Windows and macOS too, as far as Linux can show it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course import COURSE

# Python modules of Unix alone, and functions of `os` that Windows lacks and that only our own code might call.
NO_UNIX = """
import os, sys
import IPython, ipywidgets, keras, matplotlib.pyplot, nbformat, pandas, pooch, pytest, scipy.stats  # they run there

UNIX = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios"}

class NotOnWindows:
    def find_spec(self, name, path=None, target=None):
        if name in UNIX:
            raise ModuleNotFoundError(f"No module named {name!r}")

for name in UNIX:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, NotOnWindows())
for name in ("fork", "geteuid", "getpgid", "getuid", "killpg", "sched_getaffinity", "setsid"):
    delattr(os, name)
"""
STUDENT = """
import vaelab.quiet
from autograder import check, hint
from vaelab import LatentExplorer, datasets, plots
from vaelab.progress import LiveLine
from keras import ops

def std_from_log_var(z_log_var):
    return ops.exp(0.5 * z_log_var)

datasets.load_mnist()
print(check("std"))
print(hint("std"))
"""


@pytest.mark.slow
def test_a_lesson_and_its_checks_run_without_unix():
    folder = COURSE.lessons_dir / "02_reparameterization"
    command = [sys.executable, "-c", NO_UNIX + STUDENT]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "std: 2 of 2 checks hold" in done.stdout and "hint 1 of" in done.stdout


def opened_without_encoding(*arguments: str, text: str = "") -> list[str]:
    """Calls that would read or write text in the encoding of the machine, found by ruff's rule."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "PLW1514"]
    command += ["--output-format", "concise", "--quiet", *arguments]
    done = subprocess.run(command, cwd=COURSE.root, input=text, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("package", ["autograder/checking", "autograder/inside", "vaelab"])
def test_no_text_is_read_in_the_encoding_of_the_machine(package):
    assert opened_without_encoding(package) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('open("a.csv")', 1),
        ('from pathlib import Path\nPath("a").read_text()', 1),
        ('from pathlib import Path\nopen("a", "rb")\nPath("a").write_text("x", encoding="utf-8")', 0),
    ],
)
def test_the_search_for_encodings_finds_them(text, faults):
    assert len(opened_without_encoding("-", text=text)) == faults


def test_no_link_and_no_name_that_another_system_refuses():
    tracked = subprocess.run(
        ["git", "ls-files", "-s"], cwd=COURSE.root, capture_output=True, text=True, check=True
    ).stdout
    names = [line.split("\t", 1)[1] for line in tracked.splitlines()]
    assert not [line for line in tracked.splitlines() if line.startswith("120000")]
    assert not [name for name in names if re.search(r'[<>:"|?*\\]|[. ]$', name)]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(len(name) for name in names) < 200 and not any(
        Path(name).stem.lower() in {"con", "aux", "nul"} for name in names
    )
