"""What the kernels of a course need besides the interpreter, the kernel's own packages and their folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Surroundings:
    """What a course asks of its kernels; the defaults suit notebooks that need nothing but installed packages.

    ``preload`` are modules that a warm kernel has imported before it starts. ``guessed`` are more of them, which may
    fail to be imported. ``readable`` are host folders, mounted
    read-only where they lie, and ``packages`` are importable packages that lie outside of the installation, such as
    one installed with ``pip install -e``. ``environment`` are variables, for the warm process too. ``covered`` are host
    folders that no kernel may see, even where a readable one holds them.
    """

    preload: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    readable: tuple[Path, ...] = ()
    packages: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[Path, ...] = ()
