"""Where the submissions of a course lie: submitted/STUDENT/LESSON, or near it where nobody can doubt what is meant.

Nothing under submitted/ is passed over in silence: what is no submission is named.
"""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.text import shown

# Made by Jupyter, Git and operating systems wherever they look, and never by a student.
_BY_TOOLS = {".ds_store", ".ipynb_checkpoints", "__macosx", "__pycache__", ".git", ".gitkeep", ".gitignore"}
_BY_TOOLS |= {"thumbs.db", "desktop.ini", ".directory", ".localized"}
_OF_THE_EXCHANGE = {"timestamp.txt", "submission_secret.txt"}  # belong to the notebook that they lie beside


@dataclass
class Survey:
    """What lies under submitted/.

    ``places``: {(student, lesson): its folder}. ``notes``: (student, lesson, sentence) for each that was not where it
    should be. ``odd``: a sentence for each thing that is nobody's submission, as far as one can see.
    """

    places: dict[tuple[str, str], Path] = field(default_factory=dict)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def survey(course: Course, students: Sequence[str] = ()) -> Survey:
    """Look through submitted/, or through the folders of ``students`` alone. Opens no file and follows no link."""
    found, lessons = Survey(), course.lessons()
    entries = {entry.name: entry for entry in _entries(course.submitted)}
    for name in students:
        if name not in entries:
            found.odd.append(f"submitted/{shown(name)}: there is no such folder.")
    for name, entry in entries.items():
        if students and name not in students:
            continue
        where = f"submitted/{shown(name)}"
        if entry.is_symlink():
            found.odd.append(f"{where}: not graded, because it is a symbolic link, and links are not followed.")
        elif not entry.is_dir():
            found.odd.append(
                f"{where}: not graded, because it is not a student's folder. Whose is it? Move it to STUDENT/LESSON/."
            )
        elif name.startswith("."):
            found.odd.append(
                f"{where}: not graded, because its name begins with a period. Rename it if it is a student's."
            )
        else:
            _look_at(found, Path(entry.path), lessons)
    return found


def place_of(course: Course, student: str, lesson: str) -> Path:
    """The folder of one submission; submitted/STUDENT/LESSON where nothing better is found."""
    usual = course.submitted / student / lesson
    return usual if usual.is_dir() else survey(course, [student]).places.get((student, lesson), usual)


def _look_at(found: Survey, folder: Path, lessons: Sequence[str]) -> None:
    """One student's folder."""
    student, where = folder.name, f"submitted/{shown(folder.name)}"
    try:
        entries = _entries(folder)
        os.stat(folder / ".")
    except OSError as error:
        found.odd.append(f"{where}: not graded, because it can't be read: {error.strerror or error}.")
        return
    used: set[str] = set()
    seen: set[Path] = set()
    for lesson in lessons:
        candidates = _candidates(folder, entries, lesson, lessons)
        used.update(name for name, _ in candidates)
        seen.update(place for _, place in candidates)
        places = list(dict.fromkeys(place for _, place in candidates))
        if len(places) == 1:
            found.places[student, lesson] = places[0]
            if places[0] != folder / lesson:
                lies = shown(os.path.relpath(places[0], folder.parent.parent))
                found.notes.append((student, lesson, f"It was in `{lies}`; it belongs in `{where}/{lesson}`."))
        elif places:
            names = " and ".join(f"`{shown(name)}`" for name in dict.fromkeys(name for name, _ in candidates))
            found.odd.append(
                f"{where}: {lesson} not graded, because {names} could both be meant. Move the one that counts to "
                f"{where}/{lesson}/."
            )
    if used & {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}:
        used |= _OF_THE_EXCHANGE
    for entry in entries:
        if entry.name not in used:
            found.odd.append(_nobodys(entry, where))
        elif entry.is_dir(follow_symlinks=False) and not any(_same(entry.name, lesson) for lesson in lessons):
            found.odd += _beside(Path(entry.path), seen, f"{where}/{shown(entry.name)}")


def _beside(folder: Path, seen: set[Path], where: str) -> list[str]:
    """A sentence for each thing in a folder between the student's and a lesson's that is neither graded nor named."""
    rest = [entry for entry in _entries(folder) if Path(entry.path) not in seen]
    if folder in seen:  # a notebook lies in it directly, and the files beside belong to it
        rest = [entry for entry in rest if entry.is_symlink() or not entry.is_file()]
    return [_nobodys(entry, where) for entry in rest]


def _nobodys(entry: os.DirEntry[str], where: str) -> str:
    what = "a symbolic link, and links are not followed" if entry.is_symlink() else "none of the course's lessons"
    return f"{where}/{shown(entry.name)}: not graded, because it is {what}."


def _candidates(
    folder: Path, entries: Sequence[os.DirEntry[str]], lesson: str, lessons: Sequence[str]
) -> list[tuple[str, Path]]:
    """(the entry of the student's folder, the folder to grade) wherever the lesson may lie."""
    for entry in entries:
        if entry.name == lesson and entry.is_dir():  # a link, too: it is opened by nobody, and intake says so
            return [(entry.name, folder / entry.name)]
    found = []
    for entry in entries:
        if entry.is_symlink():
            continue
        if entry.is_file(follow_symlinks=False) and is_called(entry.name, lesson):
            found.append((entry.name, folder))
        elif entry.is_dir(follow_symlinks=False) and _same(entry.name, lesson):
            found.append((entry.name, folder / entry.name))
        elif entry.is_dir(follow_symlinks=False) and not any(_same(entry.name, other) for other in lessons):
            found += [(entry.name, place) for place in _inside(Path(entry.path), lesson)]
    return found


def _inside(folder: Path, lesson: str) -> list[Path]:
    """Where the lesson lies one folder further down."""
    try:
        entries = _entries(folder)
    except OSError:
        return []
    found = [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False) and _same(e.name, lesson)]
    if any(e.is_file(follow_symlinks=False) and is_called(e.name, lesson) for e in entries):
        found.append(folder)
    return found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name, without what tools put there. Raises OSError; nothing where there is none."""
    try:
        with os.scandir(folder) as entries:
            return sorted((e for e in entries if e.name.casefold() not in _BY_TOOLS), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _same(name: str, lesson: str) -> bool:
    return _plain(name) == _plain(lesson)


def is_called(file: str, lesson: str) -> bool:
    """LESSON.ipynb, LESSON.zip, "LESSON (1).ipynb" and their like."""
    name, lesson = _plain(file), _plain(lesson)
    return name == lesson or (name.startswith(lesson) and not name[len(lesson)].isalnum())


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()
