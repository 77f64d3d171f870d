"""Each solution, changed in one place, fails a check; or the list says why the change makes no difference."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course import COURSE, solutions
from tests.mutants.operators import mutants

EQUIVALENT = Path(__file__).with_name("equivalent.txt")
_LINE = re.compile(r"(\S+) (\S+) (\d+): (.*)")
Key = tuple[str, str, int, str]  # lesson, exercise, line, change


def listed() -> dict[Key, str]:
    """{mutant: the reason why no check fails for it}, from the list."""
    found, reason = {}, ""
    for line in EQUIVALENT.read_text("utf-8").splitlines():
        if line.startswith("## "):
            reason = line.removeprefix("## ")
        elif match := _LINE.fullmatch(line):
            found[match[1], match[2], int(match[3]), match[4]] = reason
    return found


def survivors(lesson: str, exercise: str) -> set[Key]:
    """The mutants of an exercise that no check fails for. One that ends the whole process is caught, too."""
    left, judged, wanted = set(), 0, len(list(mutants(solutions(lesson)[exercise])))
    while judged < wanted:
        command = [sys.executable, "-m", "tests.mutants.judge", lesson, exercise, str(judged)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        assert said, f"nothing was judged from number {judged} on"
        judged += sum("started" in line for line in said)
        left |= {(lesson, exercise, line["line"], line["what"]) for line in said if line.get("caught") is False}
    return left


def compare(lesson: str, exercise: str) -> None:
    found = survivors(lesson, exercise)
    known = {key for key in listed() if key[:2] == (lesson, exercise)}
    assert found - known == set(), "no check fails for these, and the list gives no reason"
    assert known - found == set(), "the list has these, and a check fails for them"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", COURSE.exercises("02_reparameterization", hidden=True))
def test_mutants_of_one_lesson(exercise):
    compare("02_reparameterization", exercise)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("lesson", "exercise"),
    [(lesson, exercise) for lesson in COURSE.lessons() for exercise in COURSE.exercises(lesson, hidden=True)],
    ids=lambda text: text,
)
def test_mutants_of_every_lesson(lesson, exercise):
    compare(lesson, exercise)


def test_each_line_of_the_list_is_a_mutant_with_a_reason():
    known = listed()
    lines = [line for line in EQUIVALENT.read_text("utf-8").splitlines() if _LINE.fullmatch(line)]
    assert len(lines) == len(known) > 50
    assert all(reason.strip() for reason in known.values())
    for lesson, exercise in {key[:2] for key in known}:
        made = {(mutant.where, mutant.what) for mutant in mutants(solutions(lesson)[exercise])}
        assert {key[2:] for key in known if key[:2] == (lesson, exercise)} <= made


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("y = a + 2", {"a + 2 → a - 2", "2 → 3", "without: y = a + 2"}),
        (
            "def f(x, y):\n    return x ** y",
            {"x ** y → x * y", "without: return x ** y", "line 2: x → y", "line 2: y → x"},
        ),
        (
            "f(a, b, k=True)",
            {
                "f(a, b, k=True) → f(b, a, k=True)",
                "f(a, b, k=True) → f(a, b)",
                "True → False",
                "without: f(a, b, k=True)",
            },
        ),
        (
            "if not x < 1 and y:\n    pass",
            {
                "not x < 1 → +(x < 1)",
                "x < 1 → x <= 1",
                "1 → 2",
                "not x < 1 and y → not x < 1 or y",
                "without: if not x < 1 and y:",
            },
        ),
        ('def f():\n    """A word."""\n    return "x"', {"'x' → 'Xx'", "without: return 'x'"}),
    ],
)
def test_the_operators(source, changes):
    assert {mutant.what for mutant in mutants(source)} == changes
