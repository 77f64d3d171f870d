"""Feedback pages on their way back: written anew, and zipped as Canvas and Moodle take them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder.collecting.layouts import origin_of
from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Journal, write_atomically
from autograder.views.feedback import Submission, write_feedback

_TIME = (2026, 1, 1, 0, 0, 0)  # fixed, so that the same pages give the same bytes


def rewrite_feedback(course: Course, journal: Journal, lesson: str) -> int:
    """Write every feedback page of a lesson anew, with the marks that people have given since; how many there are."""
    writer, count = GradebookWriter(course), 0
    for student in journal.students(lesson):
        entry = journal.read(lesson, student)
        if entry is None:
            continue
        graded = entry.graded()
        for name in (*graded, *entry.unreadable):
            try:
                marks = writer.marks(lesson, [name], student)[name] if name in graded else None
            except MissingEntry:
                marks = None
            submission = Submission(lesson, name, student)
            write_feedback(course, submission, graded.get(name), entry.unreadable.get(name, ""), marks)
            count += 1
    return count


def zip_feedback(course: Course, lesson: str, origins: Mapping[str, str]) -> tuple[list[Path], list[str]]:
    """The zips for the platforms that ``origins`` are of, {student: path in the download}; and who is in none.

    Canvas takes them under "Upload submissions", where a file is called as the one it answers; Moodle under "Upload
    multiple feedback files in a zip", in the folder that its own download has for the student.
    """
    platforms: dict[str, dict[str, bytes]] = {}
    left: list[str] = []
    for folder in sorted(course.feedback.glob(f"*/{_escaped(lesson)}")):
        student = folder.parent.name
        origin = origin_of(tuple(origins[student].split("/"))) if student in origins else None
        if origin is None or origin.layout not in ("Canvas", "Moodle"):
            left.append(student)
            continue
        for page in sorted(folder.glob("*.html")):
            name = _name(origin.layout, origins[student], page.name)
            platforms.setdefault(origin.layout, {})[name] = page.read_bytes()
    written = []
    for layout, pages in platforms.items():
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in pages.items():
                archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
        file = course.root / "build" / "feedback" / f"{lesson}-{layout.casefold()}.zip"
        write_atomically(file, buffer.getvalue())
        written.append(file)
    return written, left


def _name(layout: str, origin: str, page: str) -> str:
    """What the platform knows the page by."""
    parts = origin.split("/")
    if layout == "Canvas":
        return f"{parts[-1].rpartition('.')[0]}.html"
    folder = next((part for part in parts[:-1] if "_assignsubmission_" in part), None)
    if folder is None:  # the flat form: the number and the kind stand in the file's own name
        folder = f"{parts[-1].partition('_assignsubmission_')[0]}_assignsubmission_file_"
    return f"{folder}/{page}"


def _escaped(lesson: str) -> str:
    return lesson.replace("[", "[[]")
