"""What a submission may use before it is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MiB = 2**20
GiB = 2**30
_UNITS = {"KB": 2**10, "MB": MiB, "GB": GiB}


@dataclass(frozen=True)
class Limits:
    """The limits of one submission. Sizes are in bytes, times in seconds.

    The executor keeps `cell_seconds`, `submission_seconds`, `output_seconds` and `output_bytes`; the sandbox keeps
    the rest. `output_seconds` is how long after the end of its cell an output may arrive.
    `memory_bytes` covers the whole process tree, files in /tmp included.
    `processes` counts programs, `threads` the threads of all of them: a lesson that trains a model has
    one process and about 20 threads.
    `file_bytes` is the largest single file, `disk_bytes` all that is written to /submission.

    Raises ValueError for a limit that is not a positive number.
    """

    cell_seconds: float = 60
    submission_seconds: float = 600
    output_seconds: float = 10
    memory_bytes: int = 2 * GiB
    processes: int = 64
    threads: int = 256
    file_bytes: int = 256 * MiB
    disk_bytes: int = GiB
    tmp_bytes: int = 512 * MiB
    output_bytes: int = 10 * MiB

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"The limit {field.name} must be a positive number; it is {value!r}.")
            if field.type == "int" and not isinstance(value, int):
                raise ValueError(f"The limit {field.name} must be a whole number; it is {value!r}.")

    @classmethod
    def from_mapping(cls, values: Mapping[str, float | str]) -> Limits:
        """Limits with some values replaced, as read from JSON or a command line: numbers, or text like "90" or "4GB".

        Raises ValueError for an unknown name, or for what is no such number.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"There is no limit called {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
        numbers: dict[str, Any] = {name: _number(name, value) for name, value in values.items()}
        return cls(**numbers)

    def as_dict(self) -> dict[str, float]:
        """The limits by name, ready for JSON."""
        return asdict(self)


def _number(name: str, value: float | str) -> float:
    """A value of the limit ``name``; text may end in KB, MB or GB where it is a size."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    unit = text[-2:].upper() if name.endswith("_bytes") else ""
    try:
        if unit in _UNITS:
            return round(float(text[:-2]) * _UNITS[unit])
        return float(text) if name.endswith("_seconds") else int(text)
    except (ValueError, OverflowError):
        example = "4GB" if name.endswith("_bytes") else "90"
        raise ValueError(f"The limit {name} must be a number, such as {example}; it is {value!r}.") from None


def in_words(size: float) -> str:
    """A size in bytes as a person says it: 2147483648 → '2 GB'."""
    for unit, name in ((GiB, "GB"), (MiB, "MB"), (2**10, "KB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size:.0f} bytes"
