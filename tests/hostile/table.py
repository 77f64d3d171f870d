"""The tables, here in README.md and short in the course's own, from the records: python -m tests.hostile.table."""

from pathlib import Path

from tests.course import ROOT
from tests.hostile.case import BUG, FULL_MARKS, NOT_TRIED, PASSED, STD, Case, Got
from tests.hostile.corpus import CASES, THEMES
from tests.hostile.stock import kept

README = Path(__file__).with_name("README.md")
FRONT = ROOT / "README.md"
BEGIN, END = "<!-- by python -m tests.hostile.table -->", "<!-- to here -->"
SHOWN = (
    *("lying-array", "gradebook-daemon", "hook-reads-tests", "notebook-is-a-link", "network-ipv4", "kill-everybody"),
    *("memory-grows", "fork-bomb", "os-exit", "answer-twice", "byte-order-mark", "script-in-output"),
)

_TOP = """# The hostile corpus

{count} submissions that try to win points they don't deserve, to read what isn't theirs, to get out of the sandbox, to
wear the grader down, or to get lost on the way; and what each must get, to the point and the word. Each is a
record in one of the files here; `test_hostile.py` grades them all.

The lesson is lesson 02 cut down to two exercises of 3 points. In most cases `{std}` carries the attack, and
`{bug}` an honest answer that must keep its points. An attack that looks for something has the right answer ready
for when it finds it: it gets 0 because it found nothing.

What stock nbgrader 0.9.6 does was seen by running it (`python -m tests.hostile.stock` grades a case with it, in a
sandbox, with the checks as assertions in the notebook), or follows from its running submissions unconfined; where
neither holds, as with floods of memory, the table says "not tried".

This page is made by `python -m tests.hostile.table`; a test holds it against the records.
"""


def front() -> str:
    """What stands in the course's README: how many cases a theme has, and two of each in full."""
    rows = [
        f"| {theme} ({len(cases)}) | {_cell(case.does)} | {_cell(_stock(case))} | {_cell(_ours(case))} |"
        for theme, cases in THEMES.items()
        for case in cases
        if case.name in SHOWN
    ]
    head = "| theme (cases) | for example, a submission that … | stock nbgrader 0.9.6 | we |\n|---|---|---|---|"
    return "\n".join([BEGIN, head, *rows, END])


def front_page() -> str:
    """The course's README with that table in its place."""
    before, _, rest = FRONT.read_text("utf-8").partition(BEGIN)
    return before + front() + rest.partition(END)[2]


def page() -> str:
    """The whole page."""
    parts = [_TOP.format(count=len(CASES), std=STD, bug=BUG)]
    for theme, cases in THEMES.items():
        rows = [
            f"| `{case.name}` | {_cell(case.does)} | {_cell(_stock(case))} | {_cell(_ours(case))} |" for case in cases
        ]
        head = "| case | the submission … | stock nbgrader 0.9.6 | we |\n|---|---|---|---|"
        parts.append(f"## {theme}\n\n{head}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _stock(case: Case) -> str:
    seen = kept().get(case.name)
    if case.nbgrader != NOT_TRIED or seen is None:
        return case.nbgrader
    if not seen.ended:
        return "waits for ever"
    if seen.std is None:
        said = ["not graded"]
    elif seen.std == 3 and case.std.points == 0 and case in THEMES["Forged scores"]:
        said = [FULL_MARKS]
    else:
        said = [f"{seen.std:g} of 3"]
    if seen.bug not in (3, None):
        said.append(f"`{BUG}` {seen.bug:g} of 3")
    if seen.script:
        said.append("the feedback page runs the script")
    if not seen.next_graded:
        said.append("nobody after it is graded")
    return "; ".join(said)


def _ours(case: Case) -> str:
    if case.unreadable:
        return f"unreadable, for a person: “{case.unreadable}”"
    said = [_got(STD, case.std)]
    if case.bug != PASSED:
        said.append(_got(BUG, case.bug))
    said += [f"repaired: “{words}”" for words in case.mended]
    return "; ".join(said) + (f"; {case.ours}" if case.ours else "")


def _got(exercise: str, got: Got) -> str:
    prefix = f"`{exercise}` " if exercise != STD else ""
    words = f": “{got.says.removeprefix('Stopped: ')}”" if got.says else ""
    words += "".join(f" or “{other}”" for other in got.or_says)
    return f"{prefix}{got.points:g} of 3, {got.status}{words}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    README.write_text(page(), encoding="utf-8")
    FRONT.write_text(front_page(), encoding="utf-8")
