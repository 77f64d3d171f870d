"""The names that platforms give to what they collect: who handed in, what, and when.

Sources: Canvas' guide "How do I download all student submissions for an assignment?"; Moodle's "Assignment activity",
Download all submissions; ILIAS' exercise, Download submissions; nbgrader's exchange.
"""

import re
from dataclasses import dataclass
from datetime import datetime

_CANVAS = re.compile(r"^(?P<name>[^_]*)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)$")
_CANVAS_ANONYMOUS = re.compile(r"^anon_(?P<user>\w+?)_(?:(?P<late>LATE)_)?(?P<submission>\d+)_(?P<file>.+)$")
_MOODLE = re.compile(
    r"^(?P<name>.+?)_(?P<user>\d+)_(?:assignsubmission_)?(?P<kind>file|onlinetext)_?(?P<file>.*)$", re.S
)
_ILIAS = re.compile(r"^(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>.+)_(?P<user>\d+)$")
_EXCHANGE = re.compile(
    r"^(?P<user>.+?)\+(?P<lesson>.+?)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+)(?:\+.*)?$"
)
_AGAIN = re.compile(r"^(?P<stem>.+)-(?P<number>\d{1,2})(?P<ending>\.[^.]+(?:\.gz)?)$")


@dataclass(frozen=True)
class Origin:
    """What a path in a download says: ``keys`` and ``name`` of the student, the file's own ``path``, and its order.

    ``number`` counts resubmissions; ``handed_in`` is what the exchange's timestamp says; ``lesson`` where it is named.
    """

    layout: str
    keys: tuple[str, ...]
    name: str
    path: tuple[str, ...]
    number: int = 0
    late: bool = False
    handed_in: str = ""
    lesson: str = ""

    @property
    def key(self) -> str:
        """What tells the students of a download apart."""
        return self.keys[0] if self.keys else self.name


def origin_of(parts: tuple[str, ...]) -> Origin | None:
    """What a path in a download says of a submission; None where it says of nobody."""
    for index, part in enumerate(parts[:-1]):
        rest = parts[index + 1 :]
        if found := _EXCHANGE.match(part):
            return Origin("exchange", (found["user"],), "", rest, handed_in=found["time"], lesson=found["lesson"])
        if found := _MOODLE.match(part):
            return Origin("Moodle", (found["user"],), found["name"], rest)
        if found := _ILIAS.match(part):
            return Origin("ILIAS", (found["login"], found["user"]), f"{found['first']} {found['last']}", rest)
    file = parts[-1]
    if found := _CANVAS.match(file) or _CANVAS_ANONYMOUS.match(file):
        name, number = _without_number(found["file"])
        who = found.groupdict().get("name") or ""
        return Origin("Canvas", (found["user"],), who, (name,), number, late=bool(found["late"]))
    if (found := _MOODLE.match(file)) and found["file"]:
        return Origin("Moodle", (found["user"],), found["name"], (found["file"],))
    if len(parts) > 1:
        return Origin("folder", (parts[-2],) if len(parts) == 2 else (parts[0], parts[-2]), "", (file,))
    return None


def _without_number(file: str) -> tuple[str, int]:
    """Canvas counts a resubmission in the name: ``lab-1.ipynb`` is the second of ``lab.ipynb``."""
    found = _AGAIN.match(file)
    return (f"{found['stem']}{found['ending']}", int(found["number"])) if found else (file, 0)


def moment_of(text: str) -> datetime | None:
    """The moment of the exchange's timestamp, for its order."""
    try:
        return datetime.fromisoformat(text.rpartition(" ")[0])
    except ValueError:
        return None
