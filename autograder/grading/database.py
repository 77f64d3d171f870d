"""nbgrader's database layer as a class run needs it: opened once, and a transaction for each submission."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.api import Comment, Grade, Gradebook, SubmittedNotebook
from nbgrader.preprocessors import latesubmissions, saveautogrades
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import SAWarning


class OpenGradebook(Gradebook):
    """nbgrader's gradebook, opened once for many transactions.

    nbgrader opens it anew for each of its steps, which looks through all its tables, and commits after each cell,
    which waits for the disk.
    """

    def __init__(self, db_url: str, course_id: str):
        with nbgrader_at_ease():
            super().__init__(db_url, course_id)
        self.db.remove()

        self._submitted: dict[tuple[str, str, str], SubmittedNotebook] = {}  # of the transaction that is open

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """As nbgrader's, which asks the database anew for each cell, joining seven tables."""
        grades = self._submitted_notebook(notebook, assignment, student).grades
        found = next((grade for grade in grades if grade.name == grade_cell), None)
        return found or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """As nbgrader's; see find_grade."""
        comments = self._submitted_notebook(notebook, assignment, student).comments
        found = next((comment for comment in comments if comment.name == solution_cell), None)
        return found or super().find_comment(solution_cell, notebook, assignment, student)

    def _submitted_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        names = notebook, assignment, student
        if names not in self._submitted:
            self._submitted[names] = self.find_submission_notebook(*names)
        return self._submitted[names]

    def close(self) -> None:
        """Nothing: a step of nbgrader's closes what it takes for its own. No connection outlives its transaction."""

    @contextmanager
    def transaction(self) -> Iterator["OpenGradebook"]:
        """All that this block writes counts together or not at all; so do nbgrader's steps in it, which find this
        gradebook where they would open one."""
        with nbgrader_at_ease(), _opened_by_steps(self), self.engine.begin() as connection:
            # A session inside a transaction that is not its own: its commits only send what is pending.
            self.db(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
            try:
                yield self
                self.db.commit()
            finally:
                self._submitted.clear()
                self.db.remove()


@contextmanager
def nbgrader_at_ease() -> Iterator[None]:
    """What nbgrader's database layer needs: it tells its migrations to the log, and adds records in an order that
    SQLAlchemy warns of without harm. Its engine is kept, and a program it would start is asked here."""
    logger = logging.getLogger("alembic")
    level = logger.level
    logger.setLevel(logging.ERROR)
    ours = {"create_engine": _engine, "get_alembic_version": _schema_version}
    try:
        with _replaced(nbgrader.api, **ours), warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        logger.setLevel(level)


@contextmanager
def _opened_by_steps(book: OpenGradebook) -> Iterator[None]:
    """The steps that record a submission have no other way to be told which gradebook is open."""
    with (
        _replaced(saveautogrades, Gradebook=lambda db_url: book),
        _replaced(latesubmissions, Gradebook=lambda db_url: book),
    ):
        yield


@contextmanager
def _replaced(module: object, **ours: object) -> Iterator[None]:
    theirs = {name: getattr(module, name) for name in ours}
    vars(module).update(ours)
    try:
        yield
    finally:
        vars(module).update(theirs)


@lru_cache(maxsize=4)
def _engine(url: str, **options: bool) -> Engine:
    """nbgrader makes an engine for each thing it writes, and every engine would compile the same statements anew.

    Without a pool: a connection would be lost, in a long run, when the server ends the idle ones.
    """
    return create_engine(url, poolclass=NullPool, **options)


def _schema_version() -> str:
    """The newest version of nbgrader's tables, without the process that nbgrader starts to ask for it."""
    return str(ScriptDirectory(str(Path(nbgrader.api.__file__).parent / "alembic")).get_current_head())
