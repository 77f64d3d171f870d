"""What is installed is what somebody needs: the engine alone, with the newest and with the lowest versions allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.course import ROOT

pytestmark = pytest.mark.slow

UNREACHABLE = ("Temporary failure in name resolution", "Failed to fetch", "error sending request", "dns error")
TEMPLATE = ROOT / "autograder" / "scaffold" / "course"
ANSWERED = """
import numpy as np
from autograder import check

def weighted_mean(values, weights):
    return np.mean(values * weights)

result = check("weighted-mean")
print(result)
"""


def uv(*arguments: str | Path) -> None:
    """Run uv, which must succeed; skips where it would need what can't be had."""
    done = subprocess.run([Path(sys.executable).with_name("uv"), *arguments], capture_output=True, text=True)
    if any(words in done.stderr for words in UNREACHABLE):
        pytest.skip("no registry of packages can be reached")
    assert done.returncode == 0, done.stderr


def environment(folder: Path, *packages: str) -> Path:
    """A fresh virtual environment with these packages, and options of uv; skips where nothing can be had."""
    uv("venv", "--quiet", "--python", sys.executable, folder)
    uv("pip", "install", "--quiet", "--python", folder / "bin" / "python", *packages)
    return folder / "bin"


def run(programs: Path, folder: Path, *command: str) -> subprocess.CompletedProcess:
    """A command in ``folder``, with the environment's programs first on the PATH and nothing of this process's."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "JUPYTER"))
    }
    env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)


def absent(programs: Path, *modules: str) -> bool:
    """True where none of these can be imported."""
    code = f"import importlib.util as u; print([m for m in {modules!r} if u.find_spec(m)])"
    return run(programs, programs, str(programs / "python"), "-c", code).stdout.strip() == "[]"


def test_the_engine_alone_checks_a_notebook(tmp_path):
    programs = environment(tmp_path / "venv", f"{ROOT}")
    assert absent(programs, "tensorflow", "keras", "nbgrader", "dask", "jupyterlab", "matplotlib", "pandas", "typer")
    folder = tmp_path / "lesson"
    folder.mkdir()
    (folder / "checks.py").write_text((TEMPLATE / "source/01_averages/checks.py").read_text("utf-8"), "utf-8")
    done = run(programs, folder, str(programs / "python"), "-c", ANSWERED)
    assert "You divided by the number of values" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("resolution", ["highest", "lowest-direct"])
def test_a_course_of_one_s_own_grades_itself_without_tensorflow(resolution, tmp_path):
    programs = environment(tmp_path / "venv", f"{ROOT}[grading]", "--resolution", resolution)
    assert absent(programs, "tensorflow", "keras", "pandas", "scipy")
    assert run(programs, tmp_path, "autograder", "new", "statistics").returncode == 0
    course = tmp_path / "statistics"
    built = run(programs, course, "autograder", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    tried = run(programs, course, "autograder", "test")
    assert tried.stdout.strip().endswith("answers tested, 0 not judged as they should be"), tried.stdout + tried.stderr
    demo = run(programs, course, "autograder", "demo")
    assert demo.returncode == 0 and (course / "build/demo/report.html").is_file(), demo.stdout + demo.stderr
    message = "You divided by the number of values: divide by the sum of the weights."
    assert message in (course / "build/demo/grades.csv").read_text("utf-8")


def test_a_lesson_opened_alone_finds_the_data_that_is_installed(tmp_path):
    uv("build", "--wheel", "--quiet", "-o", tmp_path, ROOT / "data")
    (wheel,) = tmp_path.glob("*.whl")
    programs = environment(tmp_path / "venv", f"{ROOT}", "pooch", str(wheel))
    code = "from vaelab.datasets.files import *; verify(); print(data_folder(), len(load_parts('mnist.npz')))"
    done = run(programs, tmp_path, str(programs / "python"), "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0].endswith("vaelab_data") and done.stdout.split()[1] == "2"


def test_a_published_lesson_opened_alone_installs_its_course(tmp_path):
    """The first cell of a lesson, run where nothing of the course is; without TensorFlow, to keep it short."""
    published = tmp_path / "published"
    aside = shutil.ignore_patterns(".*", "build", "solutions", "tests", "*.csv", "__pycache__")
    shutil.copytree(ROOT, published, ignore=aside)
    for command in (["init", "--quiet", "--initial-branch", "main"], ["add", "."], ["commit", "--quiet", "-m", "all"]):
        who = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
        subprocess.run(["git", *who, *command], cwd=published, check=True)
    config = published / "nbgrader_config.py"
    address = f"file://{published}"
    settings = config.read_text("utf-8").replace('repository = ""', f'repository = "{address}"')
    config.write_text(settings.replace("vaelab[course]", "vaelab"), "utf-8")
    lesson = "02_reparameterization"
    build = [sys.executable, "-m", "autograder", "build", lesson, "--only", "lessons", "--course", published]
    subprocess.run(build, check=True, capture_output=True)
    notebook = nbformat.read(published / f"lessons/{lesson}/{lesson}.ipynb", as_version=4)
    (install,) = (cell.source for cell in notebook.cells if cell.id == "install")
    alone = tmp_path / "alone"
    alone.mkdir()
    programs = environment(tmp_path / "venv", "pip", "numpy", "pooch")
    assert absent(programs, "vaelab", "autograder", "vaelab_data")
    code = install + "\nfrom vaelab.datasets.files import *; verify(); print(data_folder())"
    done = run(programs, alone, str(programs / "python"), "-c", code)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).name == "vaelab_data"
    assert run(programs, alone, str(programs / "python"), "-c", install).stdout == ""  # nothing, the second time
