"""README.md, from the records: python -m tests.hostile.table."""

from pathlib import Path

from tests.hostile.case import BUG, PASSED, STD, Case, Got
from tests.hostile.corpus import CASES, THEMES

README = Path(__file__).with_name("README.md")

_TOP = """# The hostile corpus

{count} submissions that try to win points they don't deserve, to read what isn't theirs, to get out of the sandbox, to
wear the grader down, or to get lost on the way; and what each must get, to the point and the word. Each is a
record in one of the files here; `test_hostile.py` grades them all.

The lesson is lesson 02 cut down to two exercises of 3 points. In most cases `{std}` carries the attack, and
`{bug}` an honest answer that must keep its points. An attack that looks for something has the right answer ready
for when it finds it: it gets 0 because it found nothing.

What stock nbgrader 0.9.6 does was seen by running it, or follows from its running submissions unconfined; where
neither holds, the table says "not tried".

This page is made by `python -m tests.hostile.table`; a test holds it against the records.
"""


def page() -> str:
    """The whole page."""
    parts = [_TOP.format(count=len(CASES), std=STD, bug=BUG)]
    for theme, cases in THEMES.items():
        rows = [
            f"| `{case.name}` | {_cell(case.does)} | {_cell(case.nbgrader)} | {_cell(_ours(case))} |" for case in cases
        ]
        head = "| case | the submission … | stock nbgrader 0.9.6 | we |\n|---|---|---|---|"
        parts.append(f"## {theme}\n\n{head}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _ours(case: Case) -> str:
    if case.unreadable:
        return f"unreadable, for a person: “{case.unreadable}”"
    said = [_got(STD, case.std)]
    if case.bug != PASSED:
        said.append(_got(BUG, case.bug))
    said += [f"mended: “{words}”" for words in case.mended]
    return "; ".join(said) + (f"; {case.ours}" if case.ours else "")


def _got(exercise: str, got: Got) -> str:
    prefix = f"`{exercise}` " if exercise != STD else ""
    words = f": “{got.says.removeprefix('Stopped: ')}”" if got.says else ""
    return f"{prefix}{got.points:g} of 3, {got.status}{words}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    README.write_text(page(), encoding="utf-8")
