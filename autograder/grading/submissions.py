"""What was handed in to a course and what is known of it: the same for the class run and for nbgrader's step."""

import os
from pathlib import Path

from autograder.course import Course
from autograder.grading.beside import files_of_course
from autograder.grading.journal import Entry, Journal, lesson_digest, submission_key
from autograder.grading.lesson import has_own_tests
from autograder.grading.places import place_of
from autograder.grading.settings import Settings
from autograder.grading.worker import Done, Task, grade_task

LONGEST_NAME = 200  # bytes of a student's name: files are called after it


def journal_of(course: Course) -> Journal:
    """The journal of a course."""
    return Journal(course.journal)


def why_not(student: str) -> str:
    """Why nothing can be kept under the name of a student's folder; empty when all is well."""
    if any("\ud800" <= letter <= "\udfff" for letter in student):  # bytes that are no UTF-8 come as lone surrogates
        return "the folder's name is not UTF-8. Rename it"
    if len(student.encode()) > LONGEST_NAME:
        return f"the folder's name is longer than {LONGEST_NAME} bytes. Rename it"
    return ""


class Submissions:
    """The submissions of a course under one set of settings, and its journal."""

    def __init__(self, course: Course, settings: Settings):
        self.journal = journal_of(course)
        self._course = course
        self._settings = settings
        self._digests: dict[str, str] = {}

    def task(self, lesson: str, student: str, folder: Path) -> Task:
        """The submission as it lies in ``folder`` now, with the key of its content. Raises CourseError or OSError."""
        if lesson not in self._digests:
            names = self._course.notebooks(lesson)
            released = [self._course.released_notebook(lesson, name) for name in names]
            checks = self._course.check_files(lesson, hidden=True)
            own_tests = has_own_tests(self._course, lesson)
            if own_tests:  # hidden tests come from there
                sources = [self._course.source_notebook(lesson, name) for name in names]
                released += [source for source in sources if source.is_file()]
            self._digests[lesson] = lesson_digest(
                released,
                checks,
                files_of_course(self._course, lesson, own_tests),
                self._settings.limits,
                self._settings.rules,
            )
        key = submission_key(folder, self._digests[lesson])
        return Task(lesson, student, key, os.path.relpath(folder, self._course.root))

    def known(self, task: Task) -> Entry | None:
        """What the journal has on exactly this content, or None."""
        entry = self.journal.read(task.lesson, task.student)
        return entry if entry is not None and entry.key == task.key else None

    def keep(self, done: Done) -> Entry:
        """Journal what came back from a worker; nothing of it may have failed."""
        entry = Entry(done.task.key, notebooks=done.notebooks, unreadable=done.unreadable)
        self.journal.write(done.task.lesson, done.task.student, entry)
        return entry

    def graded(self, lesson: str, student: str) -> Entry:
        """The entry of one submission, graded now unless it is known. Raises RuntimeError where it can't be."""
        task = self.task(lesson, student, place_of(self._course, student, lesson))
        known = self.known(task)
        if known is not None:
            return known
        done = grade_task(task, self._settings)
        if done.failure:
            raise RuntimeError(f"{student}, {lesson}: not graded, {done.failure}")
        return self.keep(done)
