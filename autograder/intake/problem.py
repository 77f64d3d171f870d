"""What a person is told when a submission can't be read, and the limits beyond which it isn't."""

from dataclasses import dataclass
from pathlib import Path

from autograder.text import shown


class Unreadable(Exception):
    """A submission that needs a person.

    `path` is the file (or the folder, where it holds no notebook); `reason` says in whole sentences what is
    wrong with it and what to do. The file is never changed or moved.
    """

    def __init__(self, path: Path, reason: str):
        super().__init__(path, reason)  # both as args, so that it can be pickled between Dask workers
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{shown(str(self.path), longest=4096)}: {self.reason} The file is kept as it was handed in."


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a submission is refused or a cell isn't taken over; honest work is far from them."""

    file_bytes: int = 50_000_000  # a notebook, or an archive, as it lies on disk or unpacked
    read_bytes: int = 200_000_000  # all that is read of one submission
    json_parts: int = 5_000_000  # values in a notebook's JSON: each costs about 60 bytes of memory
    cells: int = 1_000  # in a notebook
    written_characters: int = 2_000_000  # in all cells together: parsing takes up to 3 s a million
    cell_characters: int = 200_000  # in one answer, or one added cell
    entries: int = 10_000  # files and folders in the submission's folder
    members: int = 2_000  # in a zip archive
    notebooks: int = 20  # that may be the one meant
    depth: int = 2  # folders below the submission's folder, or below the top of an archive


def megabytes(size: int) -> str:
    """A size in bytes as a person says it."""
    return f"{size / 1e6:,.1f} MB"
