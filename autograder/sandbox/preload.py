"""Which modules can be imported ahead, into the process that kernels are forked from: tried in a child first."""

import importlib
import os
from collections.abc import Sequence

_GOOD, _FAILS, _STARTS_THREADS = "good", "fails", "starts-threads"


def harmless_imports(modules: Sequence[str]) -> list[str]:
    """Those of ``modules`` whose import succeeds, comes to an end, and starts no thread.

    A fork copies one thread alone, so a module that starts more must wait for the notebook that imports it.
    """
    found: list[str] = []
    left = list(modules)
    while left:
        said = _try_in_a_child(left)
        found += [name for name, what in zip(left, said, strict=False) if what == _GOOD]
        tried = len(said) if said and said[-1] == _STARTS_THREADS else len(said) + 1  # one that ended the child
        left = left[tried:]
    return found


def _try_in_a_child(modules: Sequence[str]) -> list[str]:
    """What is found of each module, up to the first that starts a thread or ends the process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            for name in modules:
                what = _import(name)
                os.write(writing, f"{what}\n".encode())
                if what == _STARTS_THREADS:
                    break
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as lines:
        said = lines.read().split()
    os.waitpid(child, 0)
    return said


def _import(name: str) -> str:
    try:
        importlib.import_module(name)
    except BaseException:  # the notebook that imports it is told why
        return _FAILS
    return _GOOD if len(os.listdir("/proc/self/task")) == 1 else _STARTS_THREADS
