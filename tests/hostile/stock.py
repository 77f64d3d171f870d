"""What stock nbgrader 0.9.6 does with a case, seen by running it: python -m tests.hostile.stock [CASE…].

nbgrader with its own configuration grades a course of the short lesson, whose check cells hold assertions, visible and
hidden, with two submissions: the case, and an honest one that comes after it. The whole of it runs in a bubblewrap
sandbox with no network, a read-only disk and processes of its own, so that what nbgrader lets through harms nobody.
Cases that would flood memory, disk or process table are left out. What was seen is kept in stock.json.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from tests.course import answered
from tests.hostile.case import BUG, FILE, LESSON, NOT_TRIED, STD, Case, cell_of, honest, released
from tests.hostile.corpus import CASES
from tests.hostile.strange_files import SCRIPT

SEEN = Path(__file__).with_name("stock.json")
INSIDE = "/tmp/course"
SECONDS = 150
MEMORY_BYTES = 6 * 2**30
TOGETHER = 10
HONEST = "zoe"
LEFT_OUT = (
    "keras-patched",
    "prints-for-ever",
    "prints-from-a-program",
    "reply-flood",
    "status-flood",
    "message-of-gigabytes",
    "large-message",
)

# In place of Keras: the answers need no more of it, and it starts at once.
_SETUP = "# import keras\nimport numpy as np\n\nops = np"
_CHECKS = {
    STD: """assert np.allclose(std_from_log_var(np.zeros((2, 3))), 1.0)
### BEGIN HIDDEN TESTS
log_var = np.linspace(-2.0, 2.0, 7)
assert np.allclose(std_from_log_var(log_var), np.exp(log_var / 2))
### END HIDDEN TESTS""",
    BUG: """assert np.allclose(implied_log_var(np.ones((2, 3))), 2.0)
### BEGIN HIDDEN TESTS
assert np.allclose(implied_log_var(np.linspace(-2.0, 2.0, 7)), np.linspace(-4.0, 4.0, 7))
### END HIDDEN TESTS""",
}


@dataclass(frozen=True)
class Seen:
    """Points of the two exercises, None where nothing was graded; whether the honest submission after it was."""

    std: float | None
    bug: float | None
    next_graded: bool
    ended: bool = True  # within SECONDS
    script: bool = False  # the feedback page holds the student's script as it is


@cache
def kept() -> dict[str, Seen]:
    """What was seen, by case."""
    return {name: Seen(**seen) for name, seen in json.loads(SEEN.read_text("utf-8")).items()}


def lesson() -> NotebookNode:
    """The short lesson as an instructor with stock nbgrader writes it."""
    notebook = released()
    next(cell for cell in notebook.cells if "import keras" in cell.source).source = _SETUP
    for name, source in _CHECKS.items():
        cell_of(notebook, f"check-{name}").source = source
    return notebook


def run(folder: Path, *command: str, seconds: float = SECONDS) -> bool:
    """Run nbgrader in the course ``folder``; False if it had to be ended."""
    walls = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run"]
    walls += ["--unshare-all", "--die-with-parent", "--bind", str(folder), INSIDE, "--chdir", INSIDE, "--clearenv"]
    programs = Path(sys.executable).parent
    for name, value in {"PATH": f"{programs}:/usr/bin:/bin", "HOME": "/tmp"}.items():
        walls += ["--setenv", name, value]
    nbgrader = ["prlimit", f"--as={MEMORY_BYTES}", "--core=0", sys.executable, "-m", "nbgrader", *command]
    with open(folder / "said.txt", "ab") as said:
        try:
            subprocess.run(["bwrap", *walls, "--", *nbgrader], stdout=said, stderr=said, timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
    return True


def make_course(folder: Path) -> Path:
    """A course in an empty folder, with the lesson released."""
    target = folder / "source" / LESSON / FILE
    target.parent.mkdir(parents=True)
    nbformat.write(lesson(), target)
    config = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\nc.ClearSolutions.enforce_metadata = False\n'
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run(folder, "generate_assignment", LESSON)
    return folder


def look(cases: Sequence[Case], course: Path, folder: Path) -> dict[str, Seen]:
    """Grade the cases, and an honest submission after them, in ``folder``, a copy of ``course``."""
    shutil.copytree(course, folder)
    start = nbformat.read(course / "release" / LESSON / FILE, as_version=4)
    for case in [*cases, Case(HONEST, "", "", answers=honest())]:
        place = folder / "submitted" / case.name / LESSON
        place.mkdir(parents=True)
        own = f"{INSIDE}/autograded/{case.name}/{LESSON}"
        answers = {name: source.replace("/submission", own) for name, source in case.answers.items()}
        nbformat.write(answered(start, answers), place / FILE)
        if case.build is not None:
            case.build(place)
    ended = run(folder, "autograde", LESSON, seconds=SECONDS + 30 * len(cases))
    if any(case.name.startswith("script-") for case in cases):
        run(folder, "generate_feedback", LESSON)
    next_graded = grades(folder, HONEST) == {STD: 3, BUG: 3}
    seen = {}
    for case in cases:
        points = grades(folder, case.name)
        page = folder / "feedback" / case.name / LESSON / FILE.replace(".ipynb", ".html")
        script = page.is_file() and SCRIPT in page.read_text("utf-8")
        seen[case.name] = Seen(points.get(STD), points.get(BUG), next_graded, ended, script)
    return seen


def grades(folder: Path, student: str) -> dict[str, float]:
    """{exercise: points} of a submission that was graded, as its gradebook has them."""
    if not (folder / "autograded" / student / LESSON / FILE).is_file():
        return {}
    found = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "stock") as book:
        for name in (STD, BUG):
            try:
                score = book.find_grade(f"check-{name}", LESSON, LESSON, student).auto_score
            except MissingEntry:
                continue
            if score is not None:
                found[name] = score
    return found


def main(names: list[str]) -> None:
    """Look at the named cases, or at all that were not looked at and of which nothing else is known.

    Several go into one run; of those that got no grade, each gets a run of its own.
    """
    seen = dict(kept()) if SEEN.is_file() else {}
    untold = [c for c in CASES if c.nbgrader == NOT_TRIED and c.name not in (*LEFT_OUT, *seen)]
    wanted = [case for case in CASES if case.name in names] if names else untold
    left = [wanted[start : start + TOGETHER] for start in range(0, len(wanted), TOGETHER)]
    with tempfile.TemporaryDirectory(prefix="stock-", ignore_cleanup_errors=True) as top:
        course = make_course(Path(top, "course"))
        while left:
            together, folder = left.pop(0), Path(top, "one")
            found = look(together, course, folder)
            subprocess.run(["rm", "-rf", "--", str(folder)], stderr=subprocess.DEVNULL)
            for case in together:
                if len(together) > 1 and (found[case.name].std is None or not found[case.name].next_graded):
                    left.append([case])
                else:
                    seen[case.name] = found[case.name]
                    print(case.name, seen[case.name], flush=True)
            ordered = {case.name: asdict(seen[case.name]) for case in CASES if case.name in seen}
            SEEN.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
