"""How long a newcomer waits: setting up by uv and by pip, and the demo. And how long all tests take."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, at_least, at_most, paired, seconds
from tests.course import ROOT

NEEDED = ("Makefile", "pyproject.toml", "requirements.lock", "README.md", "LICENSE", "setup", "vaelab", "autograder")


def measure(quick: bool) -> Iterator[Figure]:
    """setup_time and demo_time. pip and uv start with empty caches."""
    pip, uv = paired(lambda: set_up("pip"), lambda: set_up("uv"), 1 if quick else 2)
    yield at_least("setup_time", pip, uv, 4, ("pip", "uv"))
    demo = [
        seconds(lambda: run(sys.executable, "-m", "autograder", "demo", "02", "03")) for _ in range(1 if quick else 3)
    ]
    yield at_most("demo_time", demo, 20, "s", "the packages are there")


def measure_tests(quick: bool) -> Iterator[Figure]:
    """test_time; nothing with ``quick``."""
    if not quick:
        yield at_most("test_time", [seconds(lambda: run("make", "test"))], 720, "s")


def set_up(tool: str) -> float:
    """Seconds in which ``tool`` makes an environment from nothing, with a cache that is empty."""
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(folder, name))
        caches = {"UV_CACHE_DIR": f"{folder}/uv", "PIP_CACHE_DIR": f"{folder}/pip", "SETUP_TOOL": tool}
        command = ["sh", "setup/environment.sh", ".venv", sys.executable]
        return seconds(lambda: run(*command, cwd=Path(folder), **caches))


def run(*command: str, cwd: Path = ROOT, **environment: str) -> None:
    """Run a program to its end. Raises CalledProcessError where it fails."""
    subprocess.run(command, cwd=cwd, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
