"""All the cases, by theme."""

from tests.hostile import escapes, exhaustion, forged, leaks, lost_work, strange_files
from tests.hostile.case import Case

THEMES: dict[str, list[Case]] = {
    "Forged scores": forged.CASES,
    "Leaks": leaks.CASES,
    "Escapes": escapes.CASES,
    "Exhaustion": exhaustion.CASES,
    "Lost work": lost_work.CASES,
    "Strange files": strange_files.CASES,
}
CASES = [case for cases in THEMES.values() for case in cases]
