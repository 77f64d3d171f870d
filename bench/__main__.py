"""``python -m bench [--quick] [--only NAME]``: measure, print a line for each figure, write build/bench.json.

Exits 0 whether or not the figures hold: it measures, it does not judge.
"""

import importlib.metadata
import json
import os
import platform
import time
import traceback
from datetime import datetime
from typing import Annotated

import psutil
import typer

from bench import (
    checks,
    engine,
    explorer,
    grading,
    kernels,
    large,
    lessons,
    manifold,
    memory,
    pipeline,
    setup,
    training,
)
from bench.measure import Figure
from tests.course import ROOT

# In this order: what needs a quiet machine first.
SUITES = {
    "pipeline": pipeline.measure,
    "manifold": manifold.measure,
    "kernels": kernels.measure,
    "checks": checks.measure,
    "explorer": explorer.measure,
    "training": training.measure,
    "lessons": lessons.measure,
    "grading": grading.measure,
    "large": large.measure,
    "memory": memory.measure,
    "engine": engine.measure,
    "setup": setup.measure,
    "tests": setup.measure_tests,
}
PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "pandas", "scipy", "nbgrader", "nbclient")


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer runs and smaller classes: within five minutes.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(SUITES)}; may be repeated.")] = None,
) -> None:
    """Run the benchmarks."""
    start = time.monotonic()
    figures: list[Figure] = []
    failures: dict[str, str] = {}
    for name, measure in SUITES.items():
        if only and name not in only:
            continue
        try:
            for figure in measure(quick):
                figures.append(figure)
                print(figure.line(), flush=True)
        except Exception as error:  # one suite that breaks must not take the others' figures along
            failures[name] = traceback.format_exc()
            print(f"{name}: not measured, {type(error).__name__}: {error}", flush=True)
        write(figures, failures, quick, time.monotonic() - start)


def write(figures: list[Figure], failures: dict[str, str], quick: bool, seconds: float) -> None:
    """Write what was measured so far."""
    found = {
        "date": datetime.now().isoformat(timespec="seconds"),
        "quick": quick,
        "minutes": round(seconds / 60, 1),
        "machine": {
            "system": platform.platform(),
            "processor": processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
            "python": platform.python_version(),
            "load_at_end": os.getloadavg(),
        },
        "versions": {name: version for name in PACKAGES if (version := installed(name))},
        "figures": [figure.as_dict() for figure in figures],
        "not_measured": failures,
    }
    file = ROOT / "build" / "bench.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def installed(name: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    typer.run(main)
