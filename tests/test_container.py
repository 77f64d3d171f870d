"""The steps of the Containerfile, run in an empty folder: what it copies is enough to install and to grade with."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.browser.conftest import free_port
from tests.test_release import UNREACHABLE, answer_of

pytestmark = pytest.mark.slow
HERE = "/home/vaelab/course"


@pytest.fixture(scope="module")
def image(repository, tmp_path_factory):
    """(its folder, its environment, its command) after every COPY and RUN but those of the system's packages."""
    checkout, folder = tmp_path_factory.mktemp("checkout") / "vaelab", tmp_path_factory.mktemp("image")
    subprocess.run(["git", "clone", "--quiet", str(repository), str(checkout)], check=True)
    env, command = dict(os.environ, PATH=f"{os.path.dirname(sys.executable)}:{os.defpath}"), []
    for line in (checkout / "Containerfile").read_text("utf-8").replace("\\\n", "").splitlines():
        instruction, _, rest = line.partition(" ")
        if instruction == "COPY":
            *sources, target = [word for word in rest.split() if not word.startswith("--chown")]
            for source in sources:
                copy(checkout / source, folder / target / ("" if source in (target, ".") else source))
        elif instruction == "RUN" and not rest.startswith("apt-get"):
            done = subprocess.run(rest, shell=True, cwd=folder, env=env, capture_output=True, text=True)
            if done.returncode and any(words in done.stdout + done.stderr for words in UNREACHABLE):
                pytest.skip("no package index can be reached from here")
            assert done.returncode == 0, done.stderr[-3000:]
        elif instruction == "ENV":
            name, _, value = rest.partition("=")
            env[name] = value.replace(HERE, str(folder)).replace("$PATH", env["PATH"])
        elif instruction == "CMD":
            command = json.loads(rest.replace(HERE, str(folder)))
    yield folder, env, command
    shutil.rmtree(folder)


def copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    else:
        shutil.copy(source, target)


def test_it_grades_a_class(image):
    folder, env, _ = image
    done = subprocess.run(
        ["autograder", "demo", "03"], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Graded 12 submissions" in done.stdout
    assert (folder / "build" / "demo" / "report.html").is_file()


def test_its_command_opens_jupyterlab_with_the_lessons(image):
    folder, env, command = image
    port = free_port()
    own = [word.replace("0.0.0.0", "127.0.0.1").replace("8888", str(port)) for word in command]
    started = subprocess.Popen(
        [*own, "--allow-root", "--IdentityProvider.token=t"], cwd=folder, env=env, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}/api/contents/lessons/01_autoencoder_vs_vae?content=0&token=t"
        assert json.loads(answer_of(address, started))["type"] == "directory"
    finally:
        started.terminate()
        started.wait(30)


def test_the_development_container_is_made_of_it(image, repository):
    folder, env, _ = image
    found = json.loads((repository / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert (repository / ".devcontainer" / found["build"]["dockerfile"]).resolve() == repository / "Containerfile"
    done = subprocess.run(found["postCreateCommand"], shell=True, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    python = found["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert (folder / python.replace("${containerWorkspaceFolder}/", "")).is_file()
