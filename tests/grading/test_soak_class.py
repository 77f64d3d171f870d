"""A class of 200, killed three times in the middle: nothing is lost, and nothing is graded twice."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time

import psutil
import pytest

from tests.grading.test_classrun import PATIENCE, STUDENTS, command, entries, grade, make_class, rows

pytestmark = pytest.mark.soak

SIZE = int(os.environ.get("AUTOGRADER_SOAK_CLASS", "200"))
CLASS = [f"{STUDENTS[n % len(STUDENTS)]}.{n:03}" for n in range(SIZE)]


def journal(course):
    """{file: what tells whether it was written again}, without whether the gradebook has it yet."""
    files = (course.root / ".journal").rglob("[!.]*.json")
    return {file.name: json.loads(file.read_text("utf-8"))["notebooks"] for file in files}


def killed(course, share, workers):
    """Grade until about ``share`` of the class is journaled, then kill the coordinator, or all its workers first."""
    process = subprocess.Popen(
        command(course, "--jobs", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    end = time.monotonic() + 10 * PATIENCE
    while entries(course) < share * SIZE:
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)
    if workers:
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGKILL)
    process.kill()
    process.wait()


def test_a_class_killed_three_times_has_the_grades_of_an_undisturbed_one(tmp_path):
    undisturbed = make_class(tmp_path / "undisturbed", CLASS)
    assert grade(undisturbed, "--jobs", "2")[1]["graded"] == SIZE
    course = make_class(tmp_path / "killed", CLASS)
    chance = random.Random(237)
    for number in range(3):
        killed(course, (number + chance.random()) / 3, workers=number == 1)
        before = journal(course)
        assert before
    _, said = grade(course, "--jobs", "2")
    assert said["graded"] == SIZE - len(before)
    assert {name: notebooks for name, notebooks in journal(course).items() if name in before} == before
    assert entries(course) == SIZE
    assert rows(course) == rows(undisturbed)
