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


def helper_source(name: str) -> str:
    """The source of a helper module, to be run in a kernel. Raises ImportError where there is none."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(f"HELPERS of a check file names {name}, and there is no such module")
    return Path(spec.origin).read_text(encoding="utf-8")
