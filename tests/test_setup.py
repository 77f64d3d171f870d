"""Promises about setting the project up: its lists of packages agree, and a student's wheel holds no secret."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def project(repository: Path) -> dict:
    return tomllib.loads((repository / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def pins(repository: Path) -> dict[str, set[str]]:
    """Each package of requirements.lock with the versions it is pinned to."""
    found: dict[str, set[str]] = {}
    for line in (repository / "requirements.lock").read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def test_the_lock_pins_every_listed_package_to_a_version_that_is_allowed(project, pins):
    listed = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, listed):
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in requirements.lock; run: make lock"
        for version in versions:
            assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}; run: make lock"


def test_every_pin_has_a_hash(repository):
    entries = re.split(r"\n(?=\S)", (repository / "requirements.lock").read_text().strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_conda_environment_installs_this_package_on_a_python_it_supports(repository, project):
    environment = yaml.safe_load((repository / "environment.yml").read_text())
    assert environment["name"] == project["project"]["name"]
    conda = {
        name: version
        for name, _, version in (
            entry.partition("=") for entry in environment["dependencies"] if isinstance(entry, str)
        )
    }
    # Whatever conda installed beside a Python and pip could disagree with the versions in pyproject.toml.
    assert conda.keys() == {"python", "pip"}
    assert SpecifierSet(project["project"]["requires-python"]).contains(conda["python"])
    assert [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)] == [["-e ."]]


def test_ci_tries_every_supported_python(repository, project):
    workflow = yaml.safe_load((repository / ".github/workflows/test.yml").read_text())
    tried = set(workflow["jobs"]["test"]["strategy"]["matrix"]["python"])
    supported = SpecifierSet(project["project"]["requires-python"])
    assert tried == {f"3.{minor}" for minor in range(30) if supported.contains(f"3.{minor}")}


def test_make_help_lists_every_target(repository):
    makefile = (repository / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert {"demo", "lab", "test", "build", "bench"} <= targets
    # Inside `make test` a second make would say which folder it enters.
    command = ["make", "--no-print-directory", "help"]
    told = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in told.stdout.splitlines()} == targets


def test_make_names_a_python_that_is_too_old(tmp_path, repository):
    """A person with the wrong Python reads which ones would do, and no .venv is made."""
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    made = subprocess.run(["make", "demo", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13" in made.stderr
    assert "Python 3.9.2" in made.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_test_says_what_it_cannot_test_without_bubblewrap_and_chromium(tmp_path, repository):
    """Where neither is there, nor apt-get to install them, it is a line each, and the tests still run."""
    for tool in ("id", "grep"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    told = subprocess.run(
        ["/bin/sh", repository / "tests/system_tools.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stderr == ""
    sandbox, browser = told.stdout.splitlines()
    assert "apt-get install bubblewrap" in sandbox
    assert "apt-get install chromium" in browser


@pytest.mark.slow
def test_the_wheel_holds_the_public_checks_and_nothing_of_the_instructor(tmp_path, repository):
    """Students install the wheel. Hidden checks, one planted here among them, and solutions stay out of it."""
    copy = tmp_path / "copy"
    for name in ("autograder", "vaelab"):
        shutil.copytree(repository / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(repository / name, copy)
    (copy / "autograder/hidden").mkdir(exist_ok=True)
    (copy / "autograder/hidden/test_99_planted.py").write_text("def test_planted_secret(student): ...\n")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, copy]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("vaelab-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    public = {f"autograder/checks/{file.name}" for file in (repository / "autograder/checks").glob("test_*.py")}
    assert public <= set(names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"vaelab", "autograder"}
    assert not [name for name in names if name.startswith("autograder/hidden")]
    for file in (copy / "autograder/hidden").glob("test_*.py"):
        for check in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE):
            assert check not in text, f"{check} of {file.name} is in the wheel"
    for source in (repository / "source").glob("*/*.py"):
        for block in re.findall(r"### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", source.read_text(), re.DOTALL):
            assert block not in text, f"a solution of {source.name} is in the wheel:\n{block}"
