"""Remembers every graded submission as soon as it is graded, so that a killed run goes on where it stopped.

One JSON file a submission, written atomically: COURSE/.journal/LESSON/STUDENT.json. Its key is a digest of all
that grading depends on; another key means that it must be graded again.
"""

import hashlib
import itertools
import json
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.checking.catalogue import CheckFile
from autograder.checking.helpers import helper_sources
from autograder.intake.problem import Limits as IntakeLimits
from autograder.sandbox import Limits

# A change to the grader's own code may change verdicts: these folders count as part of every check.
_PACKAGE = Path(__file__).resolve().parents[1]
_GRADER_FOLDERS = ("checking", "inside", "intake", "grading")
_CHUNK = 2**20
_READ = IntakeLimits()
MAX_ENTRIES = 10_000  # of one folder, and of a submission


@dataclass(frozen=True)
class Entry:
    """A graded submission: each of its notebooks as JSON, or the reason why nobody could read it. ``recorded`` once the
    gradebook has it."""

    key: str
    notebooks: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    recorded: bool = False

    def graded(self) -> dict[str, NotebookNode]:
        """The graded notebooks by name; those that nobody could read are not among them."""
        # Our own writing: checking it against nbformat's schema again would take longer than reading it.
        return {name: nbformat.v4.reads(text) for name, text in self.notebooks.items()}


class Journal:
    """The journal of a course."""

    def __init__(self, folder: Path):
        self._folder = folder

    def read(self, lesson: str, student: str) -> Entry | None:
        """What is known of a submission, or None; a damaged file counts as nothing known."""
        try:
            return Entry(**json.loads(self._path(lesson, student).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, lesson: str, student: str, entry: Entry) -> None:
        """Put ``entry`` on disk, whole or not at all."""
        write_atomically(self._path(lesson, student), json.dumps(asdict(entry)).encode())

    def students(self, lesson: str) -> list[str]:
        """Everybody with an entry for ``lesson``, sorted."""
        return sorted(path.name.removesuffix(".json") for path in (self._folder / lesson).glob("*.json"))

    def _path(self, lesson: str, student: str) -> Path:
        return self._folder / lesson / f"{student}.json"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def lesson_digest(
    released: Sequence[Path],
    checks: Sequence[CheckFile],
    beside: Mapping[str, Path],
    limits: Limits,
    rules: Sequence[str] = (),
) -> str:
    """A digest of what all submissions to a lesson share: released notebooks and the files ``beside`` them, checks and
    helpers, grader, limits and nbgrader's ``rules``."""
    digest = hashlib.sha256(repr((limits, tuple(rules))).encode())
    grader = (path for name in _GRADER_FOLDERS for path in sorted((_PACKAGE / name).rglob("*.py")))
    for path in (*released, *(file.path for file in checks), *grader):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name, file in beside.items():
        digest.update(name.encode() + b"\0" + file.read_bytes())
    for name, source in helper_sources(checks).items():
        digest.update(name.encode() + b"\0" + source.encode())
    return digest.hexdigest()


def submission_key(folder: Path, shared: str) -> str:
    """The key of a submission: ``shared`` and the name, kind and content of everything in its folder.

    Links are told by where they point, never followed; devices and pipes are never opened. A file larger than
    intake reads is told by its size and time alone, and of a folder with too much in it only the first entries.
    """
    digest, room = hashlib.sha256(shared.encode()), _READ.read_bytes
    for path in itertools.islice(_walk(folder), MAX_ENTRIES):
        digest.update(os.fsencode(os.path.relpath(path, folder)) + b"\0")
        try:
            status = os.lstat(path)
            digest.update(f"{stat.S_IFMT(status.st_mode)}\0".encode())
            if stat.S_ISLNK(status.st_mode):
                digest.update(os.fsencode(os.readlink(path)))
            elif stat.S_ISREG(status.st_mode):
                room -= _add_file(digest, path, status, room)
        except OSError as error:  # too deep a path, or a file that may not be read: as it is next time
            digest.update(str(error.errno).encode())
    return digest.hexdigest()


def _add_file(digest: "hashlib._Hash", path: str, status: os.stat_result, room: int) -> int:
    """Add a file's content, or its time where that is more than intake reads; how many bytes were read."""
    digest.update(f"{status.st_size}\0".encode())
    if status.st_size > min(room, _READ.file_bytes):
        digest.update(str(status.st_mtime_ns).encode())
        return 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return status.st_size


def _walk(folder: Path) -> Iterator[str]:
    """The paths of everything in ``folder``, folders before what is in them; without recursion, however deep."""
    if folder.is_symlink() or not folder.is_dir():
        return
    left = [str(folder)]
    while left:
        place = left.pop()
        try:
            with os.scandir(place) as found:
                entries = sorted(itertools.islice(found, MAX_ENTRIES), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
