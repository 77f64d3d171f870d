"""From the pair to the lesson that students open, by nbgrader's generate_assignment."""

import io
import logging
import shutil
import tempfile
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_solution
from traitlets.config import Config

from autograder.building.pair import to_bytes
from autograder.course import Course, CourseError, files_in


def released_files(course: Course, lesson: str, source: NotebookNode) -> dict[Path, bytes]:
    """What lessons/LESSON/ must hold, by path, when the source notebook is ``source``.

    The other files beside the source, such as checks.py, are released too; its text never is.

    nbgrader runs in a folder of its own and without a database: what it writes depends on ``source``,
    nbgrader_config.py and the other files beside the source, and on nothing else.
    """
    config = course.nbgrader_config(must_exist=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / "source" / lesson
        shutil.copytree(
            course.source / lesson,
            folder,
            ignore=shutil.ignore_patterns("*.ipynb", ".*", "__pycache__", f"{lesson}.py"),
        )
        (folder / f"{lesson}.ipynb").write_bytes(to_bytes(source))
        root = folder.parent.parent
        config.CourseDirectory.merge({"root": str(root), "assignment_id": lesson})
        config.CourseDirectory.db_url = "sqlite://"  # never opened: the gradebook is the grader's
        config.GenerateAssignment.merge({"no_database": True, "force": True})
        config.SaveCells.enabled = False
        _generate(config, course.source_notebook(lesson))
        made = root / config.CourseDirectory.get("release_directory", "release") / lesson
        files = sorted(path for path in made.rglob("*") if path.is_file())
        target = course.lessons_dir / lesson
        return {target / path.relative_to(made): _tidy(path) for path in files}


def supporting_files(course: Course, lesson: str) -> dict[Path, bytes]:
    """What stands beside a solution: its checks, helper modules and data, by path."""
    return {
        course.solutions / lesson / name: file.read_bytes()
        for name, file in files_in(course.source / lesson).items()
        if file.suffix != ".ipynb" and file != course.source_text(lesson)
    }


def holds_work(notebook: NotebookNode, config: Config) -> bool:
    """Whether somebody has worked in this released notebook: cells were run, or answers filled in."""
    settings = ClearSolutions(config=config)
    stubs = (settings.code_stub["python"], settings.text_stub)
    return any(
        cell.get("execution_count")
        or cell.get("outputs")
        or (is_solution(cell) and not any(stub in cell.source for stub in stubs))
        for cell in notebook.cells
    )


def _generate(config: Config, source: Path) -> None:
    """Run nbgrader's converter; its log is shown only when it fails."""
    log = logging.getLogger("autograder.building")
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    log.addHandler(handler)
    log.propagate = False
    try:
        coursedir = CourseDirectory(config=config)
        converter = GenerateAssignment(coursedir=coursedir, config=config, log=log, exporter_class=NotebookExporter)
        converter.start()
    except NbGraderException as error:
        raise CourseError(f"{source}: nbgrader can't make the lesson: {error}\n{told.getvalue()}") from error
    finally:
        log.removeHandler(handler)


def _tidy(path: Path) -> bytes:
    content = path.read_bytes()
    return content.rstrip(b"\n") + b"\n" if path.suffix == ".ipynb" else content
