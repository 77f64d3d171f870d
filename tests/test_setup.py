"""Promises about setting the project up: its lists of packages agree, and a student's wheel holds no secret."""

import os
import re
import shutil
import signal
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

# What pip and uv say where they reach no package index.
UNREACHABLE = ("Failed to establish a new connection", "Temporary failure in name resolution", "error sending request")


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
    extras = project["project"]["optional-dependencies"]
    listed = map(
        Requirement, [*project["project"]["dependencies"], *(one for extra in extras.values() for one in extra)]
    )
    for requirement in (one for one in listed if one.name != project["project"]["name"]):
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
    assert [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)] == [
        ["-e .[grading,course]"]
    ]


def test_ci_tries_every_supported_python(repository, project):
    workflow = yaml.safe_load((repository / ".github/workflows/test.yml").read_text())
    tried = set(workflow["jobs"]["test"]["strategy"]["matrix"]["python"])
    supported = SpecifierSet(project["project"]["requires-python"])
    assert tried == {f"3.{minor}" for minor in range(30) if supported.contains(f"3.{minor}")}


def test_make_help_lists_every_target(repository):
    makefile = (repository / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert {"demo", "lab", "check", "test", "build", "bench"} <= targets
    # Inside `make test` a second make would say which folder it enters.
    command = ["make", "--no-print-directory", "help"]
    told = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in told.stdout.splitlines()} == targets


@pytest.fixture
def small(tmp_path, repository):
    """A project that is set up as this one is, but needs two small packages only; uv is among the pins, to be had."""
    folder = tmp_path / "project"
    shutil.copytree(repository / "setup", folder / "setup")
    for name in ("Makefile", "README.md", "LICENSE"):
        shutil.copy(repository / name, folder)
    for name in ("vaelab", "autograder"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text((repository / "pyproject.toml").read_text())
    entries = re.split(r"\n(?=\S)", (repository / "requirements.lock").read_text())
    kept = [entry for entry in entries if re.match(r"(uv|iniconfig|mdurl)==", entry)]
    (folder / "requirements.lock").write_text("\n".join(kept) + "\n")
    return folder


def set_up(folder: Path, path: Path | None = None, **more: str) -> subprocess.CompletedProcess:
    """Run the set-up in ``folder``, with ``path`` in front of the PATH."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL", "UV_PYTHON"))
    }
    kept["PATH"] = os.pathsep.join([*([str(path)] if path else []), "/usr/local/bin:/usr/bin:/bin"])
    python = sys._base_executable
    command = ["/bin/sh", "setup/environment.sh", ".venv", python]
    done = subprocess.run(command, cwd=folder, env=kept | more, capture_output=True, text=True)
    if done.returncode > 0 and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip("no package index is reached from here: connect to the internet, or give pip one to use")
    return done


def installed(folder: Path) -> set[str]:
    ask = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    command = [folder / ".venv/bin/python", "-c", ask]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_either_tool_sets_it_up_and_says_so_in_one_line(small, tool):
    done = set_up(small, SETUP_TOOL=tool)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(rf"Setting up \.venv .* with {tool}\b.* \d+ s\n", done.stdout)
    assert done.stderr == ""
    assert {"iniconfig", "mdurl", "vaelab", "pip"} <= installed(small)


@pytest.mark.slow
def test_where_uv_fails_pip_does_it(small, tmp_path):
    broken = tmp_path / "bin" / "uv"
    broken.parent.mkdir()
    broken.write_text('#!/bin/sh\n[ "$1" = --version ] && echo uv 9 && exit\nexit 1\n')
    broken.chmod(0o755)
    done = set_up(small, broken.parent)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"Setting up .* with uv \.\.\. failed, with pip.* \d+ s\n", done.stdout)
    assert {"iniconfig", "mdurl"} <= installed(small)


@pytest.mark.slow
def test_a_set_up_that_was_killed_half_way_is_made_anew(small, tmp_path):
    """Half a package that an installer was killed over is not taken for a whole one."""
    killer = tmp_path / "bin" / "uv"
    killer.parent.mkdir()
    half = small / ".venv" / "half-a-package"
    killer.write_text(
        '#!/bin/sh\ncase "$1" in\n--version) echo uv 9 ;;\n'
        f'venv) "{sys._base_executable}" -m venv .venv ;;\n*) touch "{half}"; kill -9 $PPID ;;\nesac\n'
    )
    killer.chmod(0o755)
    assert set_up(small, killer.parent).returncode == -signal.SIGKILL
    assert half.exists()
    assert set_up(small, SETUP_TOOL="uv").returncode == 0
    assert not half.exists()
    assert {"iniconfig", "mdurl"} <= installed(small)


def test_make_names_a_python_that_is_too_old(tmp_path, repository):
    """A person with the wrong Python reads which ones would do, and no .venv is made."""
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    shutil.copytree(repository / "setup", tmp_path / "setup")
    made = subprocess.run(["make", "demo", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode != 0
    assert "requires Python 3.11, 3.12 or 3.13" in made.stderr
    assert "Python 3.9.2" in made.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_test_says_what_it_cannot_test_without_bubblewrap_and_chromium(tmp_path, repository):
    """Where neither is there, nor apt-get to install them, it is a line each, and the tests still run."""
    for tool in ("id", "grep"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    told = subprocess.run(
        ["/bin/sh", repository / "setup/programs.sh", "test"],
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
    for name in ("autograder", "vaelab", "source", "hidden"):
        shutil.copytree(repository / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(repository / name, copy)
    (copy / "hidden/99_planted.py").write_text("def test_planted_secret(student): ...\n")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, copy]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("vaelab-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    public = {f"vaelab/checks/{file.parent.name}/checks.py" for file in (repository / "source").glob("*/checks.py")}
    assert len(public) >= 8 and public == {name for name in names if name.startswith("vaelab/checks/")}
    assert {"autograder/py.typed", "vaelab/py.typed"} <= set(names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"vaelab", "autograder"}
    for file in (copy / "hidden").glob("*.py"):
        for check in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE):
            assert check not in text, f"{check} of {file.name} is in the wheel"
    for source in (repository / "source").glob("*/[0-9]*.py"):
        for block in re.findall(r"### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", source.read_text(), re.DOTALL):
            assert block not in text, f"a solution of {source.name} is in the wheel:\n{block}"
