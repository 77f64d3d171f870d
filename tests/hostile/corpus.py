"""All the cases, by theme."""

from tests.hostile import (
    escapes,
    exhaustion,
    forged,
    leaks,
    lost_work,
    odd_notebooks,
    odd_values,
    sabotage,
    strange_files,
)
from tests.hostile.case import Case

THEMES: dict[str, list[Case]] = {
    "Forged scores": forged.CASES,
    "Odd values": odd_values.CASES,
    "Sabotage": sabotage.CASES,
    "Leaks": leaks.CASES,
    "Escapes": escapes.CASES,
    "Exhaustion": exhaustion.CASES,
    "Lost work": lost_work.CASES,
    "Strange files": strange_files.CASES,
    "Odd notebooks": odd_notebooks.CASES,
}
CASES = [case for cases in THEMES.values() for case in cases]
