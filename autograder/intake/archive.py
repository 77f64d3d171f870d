"""What is the same for every kind of archive: its files by name, one by one, in memory. Nothing is written to disk."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from autograder.intake.folder import is_ours_to_read
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown


class Archive(ABC):
    """An archive in memory. ``files`` maps the folders and name of each file worth a look to its entry."""

    def __init__(self, path: Path, limits: Limits, notes: list[str]):
        """Read the table of contents. Raises Unreadable; says in `notes` what was passed over."""
        self.path = path
        self.limits = limits
        self.files: dict[tuple[str, ...], Any] = {}
        self._notes = notes

    @abstractmethod
    def read(self, parts: tuple[str, ...]) -> bytes:
        """The bytes of one file in it. Raises Unreadable."""

    def keep(self, filename: str, entry: Any, *, is_link: bool = False, is_special: bool = False) -> None:
        """Take an entry into ``files``, or say why it was passed over."""
        name = filename.replace("\\", "/")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if not parts or not all(map(is_ours_to_read, (part for part in parts if part != ".."))):
            return
        said = f"`{shown(name)}` in `{shown(self.path.name)}`"
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            self._notes.append(f"{said} points outside of it and was passed over.")
        elif is_link:
            self._notes.append(f"{said} is a link, and links are not followed.")
        elif is_special:
            self._notes.append(f"{said} is not an ordinary file, and was not opened.")
        elif len(parts) > self.limits.depth + 1:
            self._notes.append(f"{said} lies too many folders deep; it was passed over.")
        else:
            if parts in self.files:
                self._notes.append(f"{said} is in it more than once; the last one counts.")
            self.files[parts] = entry

    def too_many(self) -> Unreadable:
        """What to say of an archive of too many files."""
        return Unreadable(
            self.path, f"The archive holds more than {self.limits.members:,} files. Ask for the notebook alone."
        )
