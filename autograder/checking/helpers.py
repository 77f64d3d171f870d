"""The helpers that a check file names: modules whose functions its questions may use inside the student's process."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from autograder.checking.catalogue import CheckFile, helper_modules


def load_helpers(files: Iterable[CheckFile]) -> list[ModuleType]:
    """The helper modules of check files, imported. Raises ImportError, which names the module, where there is none."""
    return [import_module(name) for name in helper_modules(files)]


def helper_sources(files: Iterable[CheckFile]) -> dict[str, str]:
    """{module: source} of the helper modules of check files, to be run in a kernel. Raises ImportError where there is
    no such module."""
    return {name: _source(name) for name in helper_modules(files)}


def _source(name: str) -> str:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(f"HELPERS of a check file names {name}, and there is no such module")
    return Path(spec.origin).read_text(encoding="utf-8")
