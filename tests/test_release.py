"""The zip that a student gets: nothing secret in it, and its README holds on a machine without this repository."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course
from tests.browser.conftest import free_port
from tests.course import COURSE, DATA, answered, solutions
from tests.test_leaks import hidden_names, leaks, solution_lines

pytestmark = pytest.mark.slow

LESSON = "02_reparameterization"
UNREACHABLE = ("Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable")
# Names that Windows refuses, with any extension.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
RUN = """
import sys, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
folder = source.rpartition("/")[0]
try:
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
except CellExecutionError:
    pass
nbformat.write(notebook, target)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """What a release is made from; the zips go to its build/ and leave this repository's alone."""
    root = tmp_path_factory.mktemp("course")
    for name in ("lessons", "data", "nbgrader_config.py"):
        (root / name).symlink_to(COURSE.root / name)
    return Course(root)


def released(course, *arguments):
    """The zip that ``autograder release`` makes."""
    done = CliRunner().invoke(app, ["release", *arguments, "--course", str(course.root)])
    assert done.exit_code == 0, done.output
    name = "vaelab" if arguments == ("--all",) else arguments[0]
    assert f"{name}.zip" in done.output
    return course.root / "build" / "release" / f"{name}.zip"


@pytest.fixture(scope="module")
def one(course):
    return released(course, LESSON)


@pytest.fixture(scope="module")
def everything(course):
    return released(course, "--all")


@pytest.fixture(scope="module", params=["one", "everything"])
def either(request):
    return request.getfixturevalue(request.param)


def texts(archive):
    """(name, text) of every file in a zip, and in the wheel inside it."""
    for name in archive.namelist():
        data = archive.read(name)
        if name.endswith(".whl"):
            with zipfile.ZipFile(BytesIO(data)) as wheel:
                yield from texts(wheel)
        else:
            yield name, data.decode("utf-8", "replace")


@pytest.mark.slow
def test_a_release_holds_its_lessons_and_what_they_need(one, everything):
    for path, lessons in ((one, [LESSON]), (everything, COURSE.lessons())):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            readme = archive.read("README.md").decode()
            for lesson in lessons:
                notebook = f"lessons/{lesson}/{lesson}.ipynb"
                assert archive.read(notebook) == COURSE.released_notebook(lesson).read_bytes()
                assert notebook in readme
        wanted = [f"lessons/{lesson}/{file}" for lesson in lessons for file in (f"{lesson}.ipynb", "checks.py")]
        assert [name for name in names if name.startswith("lessons/")] == wanted
        assert len(names) == len(set(names))
        assert {name.split("/")[0] for name in names if not name.endswith(".whl")} == {
            *("README.md", "LICENSE", "constraints.txt", "nbgrader_config.py", "lessons", "data")
        }
        assert sum(name.endswith(".whl") for name in names) == 1
        assert {"data/mnist.npz", "data/fashion_mnist.npz", "data/CHECKSUMS", "data/SOURCES.md"} <= set(names)
        listed = [line.split()[1] for line in (DATA / "CHECKSUMS").read_text("utf-8").splitlines()]
        made_or_original = ("csv/", "mnist/", "fashion-mnist/")
        assert {f"data/{name}" for name in listed if not name.startswith(made_or_original)} <= set(names)


@pytest.mark.slow
def test_no_secret_is_in_a_release_nor_in_its_wheel(either):
    found = {lesson: solution_lines(lesson) for lesson in COURSE.sources()}
    hidden = hidden_names()
    assert hidden and all(blocks and lines for blocks, lines in found.values()), "there is something to look for"
    every_block = [block for blocks, _ in found.values() for block in blocks]
    with zipfile.ZipFile(either) as archive:
        for name, text in texts(archive):
            if not name.startswith("autograder/scaffold/course/"):  # what `autograder new` makes a course from
                assert not {"source", "solutions", "hidden", "answers"} & set(PurePosixPath(name).parts), name
            assert leaks(text, hidden) == [], name
            if name.endswith(".ipynb"):
                # A later lesson builds on answers to earlier ones, in its given cells; its own are not there.
                assert leaks(text, found[PurePosixPath(name).stem][1]) == [], name
                assert "BEGIN SOLUTION" not in text, name
            else:
                assert [block for block in every_block if block in text] == [], name


@pytest.mark.slow
def test_the_search_would_find_a_secret_in_a_wheel(tmp_path):
    [block, *_], _ = solution_lines(LESSON)
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as wheel:
        wheel.writestr("vaelab/answers.py", block)
    with zipfile.ZipFile(tmp_path / "release.zip", "w") as archive:
        archive.writestr("vaelab.whl", inner.getvalue())
    with zipfile.ZipFile(tmp_path / "release.zip") as archive:
        assert [name for name, text in texts(archive) if block in text] == ["vaelab/answers.py"]


@pytest.mark.slow
def test_windows_can_unpack_a_release(either):
    with zipfile.ZipFile(either) as archive:
        names = archive.namelist()
    assert len({name.lower() for name in names}) == len(names), "two names that differ by case only"
    for name in names:
        assert len(name) < 120, name
        for part in name.split("/"):
            assert re.fullmatch(r"[A-Za-z0-9_.-]*[A-Za-z0-9_-]", part), name
            assert part.split(".")[0].lower() not in RESERVED, name


@pytest.fixture(scope="module")
def student(one, tmp_path_factory):
    """A folder with the unpacked zip, in which the first command of its README was run, and the second command."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(one) as archive:
        archive.extractall(folder)
    first, second = commands(folder)
    env = clean(folder) | {"PIP_NO_COMPILE": "1"}  # what is not imported need not be compiled
    done = subprocess.run(first, shell=True, cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode and any(words in done.stdout + done.stderr for words in UNREACHABLE):
        pytest.skip("pip reaches no package index from here: connect to the internet, or give pip one to use")
    assert done.returncode == 0, done.stderr[-3000:]
    yield folder, second
    shutil.rmtree(folder)


def commands(folder):
    """The two commands of a zip's README."""
    return re.search(r"```\n(.*?)\n```", (folder / "README.md").read_text("utf-8"), re.S)[1].split("\n")


def clean(folder):
    """An environment that knows nothing of this repository but the Python that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL"))}
    return kept | {"HOME": str(folder), "PATH": f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin"}


def run(folder, notebook):
    """``notebook`` as it is after a run by the student's own Python; it stops at the first error."""
    place = folder / "lessons" / LESSON
    nbformat.write(notebook, place / "try.ipynb")
    command = [".venv/bin/python", "-c", RUN, f"lessons/{LESSON}/try.ipynb", "tried.ipynb"]
    subprocess.run(command, cwd=folder, env=clean(folder), check=True, capture_output=True, timeout=600)
    return nbformat.read(folder / "tried.ipynb", as_version=4)


@pytest.mark.slow
def test_the_student_s_python_has_the_package_from_the_wheel(student, repository):
    folder, _ = student
    ask = "import autograder, vaelab, importlib.util as u; print(autograder.__file__, vaelab.__file__)"
    done = subprocess.run(
        [".venv/bin/python", "-c", ask], cwd=folder, env=clean(folder), capture_output=True, text=True, check=True
    )
    assert done.stdout.count(str(folder / ".venv")) == 2
    assert str(repository) not in done.stdout
    assert not list((folder / ".venv").rglob("autograder/hidden"))


@pytest.mark.slow
def test_an_untouched_lesson_runs_up_to_its_first_to_do(student):
    folder, _ = student
    ran = run(folder, nbformat.read(folder / f"lessons/{LESSON}/{LESSON}.ipynb", as_version=4))
    [error] = [out for cell in ran.cells for out in cell.get("outputs", []) if out.output_type == "error"]
    assert error.ename == "NotImplementedError"
    assert error.evalue.startswith("TO DO")


@pytest.mark.slow
def test_a_solved_lesson_passes_every_check(student):
    folder, _ = student
    untouched = nbformat.read(folder / f"lessons/{LESSON}/{LESSON}.ipynb", as_version=4)
    ran = run(folder, answered(untouched, solutions(LESSON)))
    assert [out for cell in ran.cells for out in cell.get("outputs", []) if out.output_type == "error"] == []
    passed = []
    for cell in ran.cells:
        if cell.source.startswith("check("):
            shown = "\n".join(out.data["text/plain"] for out in cell.outputs if "data" in out)
            marks = re.findall(r"^\s*([✓✗○–!]) ", shown, re.M)
            assert marks and set(marks) == {"✓"}, f"{cell.source}\n{shown}"
            passed.append(len(marks))
    assert len(passed) == len({check.exercise for check in COURSE.checks(LESSON)})


@pytest.mark.slow
def test_the_doctor_finds_nothing_wrong_with_the_student_s_packages_and_data(student):
    folder, _ = student
    done = subprocess.run(
        [".venv/bin/autograder", "doctor"], cwd=folder, env=clean(folder), capture_output=True, text=True
    )
    assert "✓ packages as locked" in done.stdout
    assert "✓ data" in done.stdout


@pytest.mark.slow
def test_the_second_command_serves_the_lesson_in_jupyterlab(student, tmp_path):
    folder, command = student
    with jupyterlab(command, folder, tmp_path) as contents:
        # JupyterLab takes the folder of a notebook that it is given for its own.
        assert contents(f"{LESSON}.ipynb")["type"] == "notebook"


@pytest.mark.slow
def test_the_second_command_of_the_whole_course_shows_every_lesson(student, everything, tmp_path):
    installed, _ = student
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(everything) as archive:
        archive.extractall(folder)
    (folder / ".venv").symlink_to(installed / ".venv")
    with jupyterlab(commands(folder)[1], folder, tmp_path) as contents:
        for lesson in COURSE.lessons():
            assert contents(f"lessons/{lesson}/{lesson}.ipynb")["type"] == "notebook"


@contextmanager
def jupyterlab(command, folder, settings):
    """``command``, running in ``folder``: a function that asks it for one of its files."""
    port, token = free_port(), secrets.token_hex(12)
    server_app = {"open_browser": False, "allow_root": True, "port": port, "port_retries": 0}
    config = {"ServerApp": server_app, "IdentityProvider": {"token": token}}
    (settings / "jupyter_server_config.json").write_text(json.dumps(config))
    environment = clean(folder) | {"JUPYTER_CONFIG_DIR": str(settings)}
    with (settings / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, shell=True, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            address = f"http://localhost:{port}/api/contents"
            yield lambda path: json.loads(answer_of(f"{address}/{path}?token={token}", server))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def answer_of(address, server):
    """What ``address`` answers, once it does; fails when the server ends or two minutes have passed."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert server.poll() is None, "JupyterLab ended at once"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.5)
    raise AssertionError("JupyterLab did not answer within two minutes")
