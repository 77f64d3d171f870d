"""Writes down what the journal holds: into the gradebook, formgrader's copy and the feedback page, and last that it is.

So a run that was killed in between catches up next time. Imports all of nbgrader, which takes a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Entry, Journal
from autograder.grading.rubric import with_rubrics
from autograder.grading.worker import Task
from autograder.views.feedback import Submission, write_feedback


class Recorder:
    """Brings journaled submissions into the gradebook of ``course``, where ``lessons`` are from now on."""

    def __init__(self, course: Course, lessons: Sequence[str]):
        self._course = course
        self._writer = GradebookWriter(course)
        for lesson in lessons:
            self._writer.register(lesson)

    def settle(self, journal: Journal, task: Task, entry: Entry, graded: Mapping[str, NotebookNode]) -> str:
        """Record ``entry``, whose notebooks are ``graded``, and write its feedback page, unless that was done already.

        Returns what is wrong with the time at which it was handed in; empty where nothing is.
        """
        folder = self._course.root / task.folder
        handed_in = self._writer.handed_in(folder)
        if entry.recorded and not self._writer.reckon_penalty(task.lesson, task.student, handed_in):
            return handed_in.problem
        if not entry.recorded:
            self._writer.record(task.lesson, task.student, graded, handed_in)
            shown = {name: self._for_formgrader(task, entry, name, notebook) for name, notebook in graded.items()}
            self._writer.write_autograded(task.lesson, task.student, shown, folder)
        marks = self._writer.marks(task.lesson, graded, task.student)
        for name in (*graded, *entry.unreadable):
            submission = Submission(task.lesson, name, task.student)
            write_feedback(self._course, submission, graded.get(name), entry.unreadable.get(name, ""), marks.get(name))
        journal.write(task.lesson, task.student, replace(entry, recorded=True))
        return handed_in.problem

    def _for_formgrader(self, task: Task, entry: Entry, name: str, notebook: NotebookNode) -> str:
        marked = with_rubrics(self._course, task.lesson, task.student, notebook)
        return entry.notebooks[name] if marked is notebook else nbformat.v4.writes(marked)
