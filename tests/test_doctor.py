"""`autograder doctor` names what isn't ready and the command that mends it, whatever else is broken."""

import importlib.metadata
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from autograder import doctor
from autograder.cli import app
from autograder.course import Course
from autograder.distribution import distribution

GIB = 2**30
NUMPY = importlib.metadata.version("numpy")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    return Course(tmp_path)


def locked(course, *lines, name="requirements.lock"):
    (course.root / name).write_text("\n".join(lines) + "\n")
    return doctor._packages(course)


def test_a_package_of_another_version_is_named_with_the_command_that_installs_it(course):
    found = locked(course, "numpy==0.1 \\", "    --hash=sha256:0", "pytest==" + importlib.metadata.version("pytest"))
    assert not found.ok and found.detail == f"numpy is {NUMPY}, but the lock says 0.1"
    assert found.fix == f'"{sys.executable}" -m pip install -r "{course.root / "requirements.lock"}"'


def test_a_missing_package_is_named(course):
    found = locked(course, "no-such-package==1.0")
    assert (found.ok, found.detail) == (False, "no-such-package is missing, but the lock says 1.0")


def test_a_package_for_other_machines_is_not_missed(course):
    found = locked(course, f"numpy=={NUMPY}", "no-such-package==1.0 ; sys_platform == 'plan9' \\")
    assert found == doctor.Finding("packages as locked", True)


def test_no_more_than_five_packages_are_named(course):
    found = locked(course, *(f"no-such-package-{n}==1.0" for n in range(9)))
    assert found.detail.count("is missing") == 5


def test_students_need_no_tools_of_instructors(course):
    found = locked(course, "no-such-package==1.0", f"numpy=={NUMPY}", name="constraints.txt")
    assert found.ok
    assert locked(course, "numpy==0.1", name="constraints.txt").detail.startswith("numpy is ")


def test_a_course_without_a_lock_is_no_problem(course):
    assert doctor._packages(course).ok


def test_what_the_engine_needs_holds_no_optional_part():
    assert {"numpy", "pytest"} <= doctor._required()
    assert not {"nbgrader", "tensorflow-cpu", "ruff"} & doctor._required(), distribution()


def test_a_line_of_the_course_that_fails_is_told_by_its_last_words(course):
    found = doctor._ready(course, "data", "raise SystemExit('the data are not here')")
    assert (found.ok, found.detail) == (False, "the data are not here") and found.fix
    assert doctor._ready(course, "data", "raise SystemExit(3)").detail == "it stopped"
    assert doctor._ready(course, "data", "pass") == doctor.Finding("data", True)


@pytest.mark.parametrize(("version", "ok"), [((3, 10, 2), False), ((3, 11, 0), True), ((3, 13, 9), True)])
def test_the_version_of_python(monkeypatch, version, ok):
    monkeypatch.setattr(sys, "version_info", version)
    found = doctor._python()
    assert found.ok is ok and found.detail == ".".join(map(str, version)) and bool(found.fix) is not ok


@pytest.mark.parametrize(("gib", "ok"), [(3.9, False), (4.1, True)])
def test_free_memory(monkeypatch, gib, ok):
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: SimpleNamespace(available=gib * GIB))
    found = doctor._memory()
    assert (found.ok, found.detail) == (ok, f"{gib:.1f} GiB") and bool(found.fix) is not ok


@pytest.mark.parametrize(("gib", "ok"), [(1.9, False), (2.1, True)])
def test_free_disk(monkeypatch, course, gib, ok):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=gib * GIB))
    assert doctor._disk(course).ok is ok


def test_without_a_sandbox_the_reason_and_what_to_install(monkeypatch):
    monkeypatch.setattr(doctor, "protections", lambda: ["bubblewrap is not installed."])
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = doctor._sandbox()
    assert (found.ok, found.detail) == (False, "bubblewrap is not installed.")
    assert found.fix == "sudo apt-get install bubblewrap"
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    assert "docs/instructor.md" in doctor._sandbox().fix


def test_extensions_that_jupyter_does_not_list_are_named(monkeypatch):
    said = SimpleNamespace(stdout="nbgrader.server_extensions.formgrader enabled", stderr="@jupyter/nbgrader v0.9")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    found = doctor._nbgrader()
    assert (found.ok, found.detail) == (False, "nbgrader.server_extensions.validate_assignment") and found.fix


def test_a_broken_examination_hides_no_other(monkeypatch, course):
    def broken():
        raise OSError("no such thing")

    monkeypatch.setattr(doctor, "_nbgrader", lambda: doctor.Finding("nbgrader in JupyterLab", True))
    monkeypatch.setattr(doctor, "_memory", broken)
    found = {finding.what: finding for finding in doctor.examine(course)}
    assert (found["broken"].ok, found["broken"].detail) == (False, "OSError: no such thing")
    assert {"Python", "packages as locked", "sandbox", "free disk"} < found.keys()


def test_the_command_says_what_is_wrong_and_how_to_mend_it(monkeypatch, course):
    findings = [doctor.Finding("Python", True, "3.12.1"), doctor.Finding("data", False, "[gone]", "make data")]
    monkeypatch.setattr(doctor, "examine", lambda course: findings)
    done = CliRunner().invoke(app, ["doctor", "--course", str(course.root)])
    assert (done.exit_code, done.output.split("\n")[:3]) == (
        1,
        ["✓ Python: 3.12.1", "✗ data: [gone]", "    fix: make data"],
    )
    monkeypatch.setattr(doctor, "examine", lambda course: findings[:1])
    assert CliRunner().invoke(app, ["doctor", "--course", str(course.root)]).exit_code == 0


@pytest.mark.slow
def test_this_environment_is_ready(repository):
    found = [
        one for one in doctor.examine(Course(repository)) if one.what not in ("free memory", "free disk", "sandbox")
    ]
    assert [one for one in found if not one.ok] == []
    assert {"Python", "packages as locked", "nbgrader in JupyterLab"} <= {one.what for one in found}
