"""A real JupyterLab on a copy of the course, and a real browser to look at it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.screenshots import SHOTS

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 120
WAIT_MS = 120_000  # for what is to show on a page: a busy machine takes its time

expect.set_options(timeout=WAIT_MS)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it answers, and the folder it serves."""

    url: str
    token: str
    folder: Path

    def address(self, path: str) -> str:
        """The address of a file, opened in JupyterLab."""
        return f"{self.url}/lab/tree/{path}?token={self.token}&reset"


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium; while Playwright's event loop runs, no other in this process can. Skips where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip("no Chromium here; on Debian and Ubuntu: sudo apt-get install chromium")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser():
    """Chromium, for one file of tests."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for name in ("lessons", "data", "nbgrader_config.py"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    with serve(folder, tmp_path_factory.mktemp("home")) as lab:
        yield lab


@contextmanager
def serve(folder: Path, home: Path) -> Iterator[Lab]:
    """JupyterLab on ``folder``, started there as `make lab` does; all that it keeps for its user goes to ``home``."""
    apputils = home / "settings" / "@jupyterlab" / "apputils-extension"
    apputils.mkdir(parents=True)
    (apputils / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    (apputils / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}')
    port, token = free_port(), secrets.token_hex(12)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *(f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"),
    ]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "share"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    environment.pop("MPLBACKEND", None)
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            lab = Lab(f"http://127.0.0.1:{port}", token, folder)
            wait_until_it_answers(f"{lab.url}/api?token={token}", server)
            yield lab
        finally:
            server.terminate()
            server.wait(60)


def wait_until_it_answers(url: str, server: subprocess.Popen) -> None:
    """Return when ``url`` answers; fail when the server ends or the time is up."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "JupyterLab ended at once"
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not answer within {START_SECONDS} s")


@contextmanager
def opened_page(browser: Browser, width: int, height: int) -> Iterator[Page]:
    """A page of this size, in a context of its own, whose reader prefers a light theme."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    context.close()


@pytest.fixture
def page(browser):
    with opened_page(browser, 1280, 900) as page:
        yield page
