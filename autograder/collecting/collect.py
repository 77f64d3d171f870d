"""Plans where each file of a download goes, and puts it there. Nothing is executed, nothing overwritten in silence."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.collecting.download import Found, files_of
from autograder.collecting.layouts import Origin, moment_of, origin_of
from autograder.collecting.roster import Person, Roster, safe
from autograder.course import Course
from autograder.grading.handed_in import TIMESTAMP
from autograder.grading.journal import write_atomically
from autograder.grading.places import is_called
from autograder.intake.archives import ENDINGS
from autograder.text import clean, shown

KEPT = "collected"  # below the course: earlier versions, LESSON/STUDENT/

TAKEN, REPLACED, SAME, EARLIER, BESIDE, OTHER, UNKNOWN = (
    "taken",
    "taken, in place of what was there",
    "there already",
    "an earlier version, kept",
    "taken, beside the notebook",
    "not taken, another lesson's",
    "not taken, nobody of this name in the roster",
)
_NOTEBOOKS = (".ipynb", ".py", ".md", *ENDINGS)


@dataclass(frozen=True)
class Decision:
    """What was decided for one file of the download. ``target`` is where it goes; None for what is not taken."""

    file: str
    student: str
    what: str
    target: Path | None = None
    note: str = ""
    found: Found | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must look: it was not taken, and it may be a student's work."""
        return self.target is None and self.what != SAME


@dataclass
class Plan:
    """All decisions of a download for a lesson, and who of the roster handed in nothing."""

    lesson: str
    decisions: list[Decision] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    timestamps: dict[Path, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)  # {student: the path of what counts, in the download}

    @property
    def students(self) -> set[str]:
        """Everybody of whom something is taken or there already."""
        return {one.student for one in self.decisions if not one.needs_a_person and one.student}


@dataclass
class _Handed:
    """One file, and whose it is."""

    found: Found
    origin: Origin
    student: str
    note: str

    def order(self) -> tuple[bool, datetime, int, datetime]:
        """What makes one version newer than another."""
        moment = moment_of(self.origin.handed_in)
        return (moment is not None, moment or datetime.min, self.origin.number, self.found.changed)


def plan(course: Course, download: Path, lesson: str, roster: Roster | None = None) -> Plan:
    """Decide for each file of ``download``. Reads it and writes nothing. Raises DownloadError and CourseError."""
    lesson = course.lesson(lesson)
    files, said = files_of(download)
    made = Plan(lesson, said=said)
    by_student: dict[str, list[_Handed]] = defaultdict(list)
    for found in files:
        origin = origin_of(found.parts)
        if origin is None:
            origin = _by_its_name(found, lesson, roster)
        if origin is None:
            made.decisions.append(Decision(found.path, "", "not taken, it says of no student"))
        elif found.parts[-1] == TIMESTAMP:
            continue
        else:
            handed = _whose(found, origin, roster)
            if isinstance(handed, Decision):
                made.decisions.append(handed)
            else:
                by_student[handed.student].append(handed)
    times = _timestamps(files)
    for student in sorted(by_student):
        _decide(made, course, lesson, student, by_student[student], times)
    if roster is not None:
        made.missing = [person for person in roster.people if person.id not in made.students]
    return made


def carry_out(course: Course, made: Plan) -> None:
    """Lay every file where the plan says; what lies there and differs is put aside first."""
    for one in made.decisions:
        if one.target is None or one.found is None:
            continue
        content = one.found.read()
        if one.what == REPLACED and one.target.is_file():
            old = one.target.read_bytes()
            write_atomically(_aside(course, one.target), old)
        write_atomically(one.target, content)
    for file, text in made.timestamps.items():
        write_atomically(file, f"{text}\n".encode())
    known = read_origins(course, made.lesson)
    write_atomically(_origins_file(course, made.lesson), json.dumps(known | made.origins, indent=1).encode())


def read_origins(course: Course, lesson: str) -> dict[str, str]:
    """{student: what the platform called the file that counts}, of everything that was ever collected for a lesson."""
    try:
        found: dict[str, str] = json.loads(_origins_file(course, lesson).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _origins_file(course: Course, lesson: str) -> Path:
    return course.root / KEPT / lesson / "origins.json"


def enter_names(course: Course, roster: Roster) -> None:
    """Enter the class into the gradebook, so that names and not ids alone are shown there."""
    with Gradebook(course.database, course.course_id) as gradebook:
        for person in roster.people:
            last, comma, first = person.name.partition(",")
            if not comma:
                first, _, last = person.name.rpartition(" ")
            names = {"first_name": first.strip(), "last_name": last.strip(), "email": person.email}
            gradebook.update_or_create_student(person.id, **{key: value for key, value in names.items() if value})


def _by_its_name(found: Found, lesson: str, roster: Roster | None) -> Origin | None:
    """A single file whose name holds a student's id or name."""
    if roster is None:
        return None
    stem = found.parts[-1].partition(".")[0]
    rest = stem.replace(lesson, "").strip("_- .")
    person = roster.by_key([stem, rest])
    people = [person] if person else roster.by_name(rest)
    return Origin("file", (people[0].id,), "", (found.parts[-1],)) if len(people) == 1 else None


def _whose(found: Found, origin: Origin, roster: Roster | None) -> _Handed | Decision:
    note = f"{origin.layout}{', late' if origin.late else ''}"
    if roster is None:
        name = origin.name if origin.layout in ("Canvas", "Moodle") else ""
        student = safe(f"{name}-{origin.key}" if name else origin.keys[0])
        return _Handed(found, origin, student, note)
    if person := roster.by_key(origin.keys):
        return _Handed(found, origin, person.id, note)
    people = roster.by_name(origin.name or origin.key)
    if len(people) == 1:
        return _Handed(found, origin, people[0].id, f"{note}, by the name {people[0].name}")
    who = shown(origin.name or origin.key)
    if people:
        ids = ", ".join(person.id for person in people)
        return Decision(found.path, "", f"not taken, {who} may be {ids}", note=note)
    return Decision(found.path, "", UNKNOWN, note=who)


def _decide(
    made: Plan, course: Course, lesson: str, student: str, handed: list[_Handed], times: dict[str, str]
) -> None:
    """One student's files: the newest notebook counts, what belongs to it lies beside it, the others are kept."""
    folder = course.submitted / student / lesson
    others = [name for name in course.lessons() if name != lesson]
    names = course.notebooks(lesson)
    mine = [one for one in handed if not _of_another(one, lesson, others)]
    made.decisions += [Decision(one.found.path, student, OTHER, note=one.note) for one in handed if one not in mine]
    work = [one for one in mine if one.origin.path[-1].casefold().endswith(_NOTEBOOKS)]
    newest: dict[str, _Handed] = {}
    for one in sorted(work, key=_Handed.order):
        newest[_slot(one, names)] = one
    counting = {id(one) for one in newest.values()}
    last = max(newest.values(), key=_Handed.order, default=None)
    if last is not None:
        made.origins[student] = "/".join(last.found.parts)
    for one in mine:
        slot = _slot(one, names)
        if id(one) in counting:
            target = folder / slot
            made.decisions.append(_into(one, student, target, TAKEN))
        elif one in work:
            target = course.root / KEPT / lesson / student / _version(one)
            made.decisions.append(_into(one, student, target, EARLIER))
        else:
            made.decisions.append(_into(one, student, folder / Path(*map(_harmless, one.origin.path)), BESIDE))
    handed_in = next((time for key in ((last.origin.key,) if last else ()) if (time := times.get(key))), "")
    handed_in = handed_in or (last.origin.handed_in if last else "")
    if handed_in:
        made.timestamps[folder / TIMESTAMP] = clean(handed_in)


def _of_another(one: _Handed, lesson: str, others: Sequence[str]) -> bool:
    file = one.origin.path[-1]
    if one.origin.lesson:
        return one.origin.lesson != lesson
    folders = one.found.parts[:-1]
    if lesson in folders:
        return False
    return any(other in folders for other in others) or (
        not is_called(file, lesson) and any(is_called(file, other) for other in others)
    )


def _slot(one: _Handed, names: Sequence[str]) -> str:
    """The name under which a notebook counts: its own, or the lesson's where that has one notebook alone."""
    file = _harmless(one.origin.path[-1])
    ending = next((e for e in sorted(_NOTEBOOKS, key=len, reverse=True) if file.casefold().endswith(e)), "")
    if len(names) == 1 and ending == ".ipynb":
        return f"{names[0]}.ipynb"
    return file


def _version(one: _Handed) -> str:
    order = one.origin.number or one.found.changed.strftime("%Y%m%d-%H%M%S")
    return f"{order}-{_harmless(one.origin.path[-1])}"


def _into(one: _Handed, student: str, target: Path, what: str) -> Decision:
    note = one.note
    decision = Decision(one.found.path, student, what, target, note, one.found)
    if not target.is_file():
        return decision
    if target.read_bytes() == one.found.read():
        return replace(decision, what=SAME, target=None, found=None)
    return replace(decision, what=REPLACED)


def _timestamps(files: Sequence[Found]) -> dict[str, str]:
    """{who: what their timestamp.txt says}, as the exchange writes it."""
    found = {}
    for file in files:
        if file.parts[-1] == TIMESTAMP and file.size < 200 and (origin := origin_of(file.parts)):
            found[origin.key] = file.read().decode("utf-8", "replace").strip()
    return found


def _aside(course: Course, target: Path) -> Path:
    """Where what lies at ``target`` is kept; a name that is free."""
    student, lesson = target.relative_to(course.submitted).parts[:2]
    number = 1
    while (place := course.root / KEPT / lesson / student / f"replaced-{number}-{target.name}").exists():
        number += 1
    return place


def _harmless(name: str) -> str:
    return safe(name) or "file"
