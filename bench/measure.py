"""Samples, medians and ratios. A figure is a ratio of medians of paired runs, or a median against a bound."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median

import psutil

POLL_SECONDS = 0.01


@dataclass
class Figure:
    """One line of the table. ``samples`` holds every measured number, by what was measured."""

    name: str
    value: float
    unit: str
    wanted: str
    holds: bool
    samples: dict[str, list[float]] = field(default_factory=dict)
    note: str = ""

    def line(self) -> str:
        """``name: value``, whether it holds, and what was wanted."""
        note = f"  ({self.note})" if self.note else ""
        verdict = "holds" if self.holds else "falls short"
        return f"{self.name}: {self.value:.3g} {self.unit}, wanted {self.wanted}, {verdict}{note}"

    def as_dict(self) -> dict:
        """Plain data for bench.json."""
        return asdict(self)


def at_least(
    name: str, slow: list[float], fast: list[float], bound: float, what: tuple[str, str], note: str = ""
) -> Figure:
    """How many times ``fast`` is faster (or smaller) than ``slow``, wanted to be ``bound`` or more."""
    value = median(slow) / median(fast)
    samples = {what[0]: slow, what[1]: fast}
    return Figure(name, value, "×", f"≥ {bound:g} ×", value >= bound, samples, note)


def at_most(
    name: str, samples: list[float], bound: float, unit: str, note: str = "", value: float | None = None
) -> Figure:
    """The median of ``samples`` (or ``value``), wanted to be ``bound`` or less."""
    value = median(samples) if value is None else value
    return Figure(name, value, unit, f"≤ {bound:g} {unit}", value <= bound, {name: samples}, note)


def seconds(action: Callable[[], object]) -> float:
    """How long ``action`` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def paired(slow: Callable[[], float], fast: Callable[[], float], runs: int) -> tuple[list[float], list[float]]:
    """``runs`` samples of each, in turn, so that both see the same machine."""
    samples: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        samples[0].append(slow())
        samples[1].append(fast())
    return samples


@dataclass(frozen=True)
class Process:
    """A finished program: the numbers on its last line, and its largest memory in bytes."""

    reported: list[float]
    peak_bytes: int


def run_program(module: str, *arguments: str) -> Process:
    """Run ``python -m module``; the last line it prints is numbers, its memory is watched from outside."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True)
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(POLL_SECONDS)
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"python -m {module} {' '.join(arguments)} ended with {process.returncode}")
    return Process([float(word) for word in said.splitlines()[-1].split()], peak)
