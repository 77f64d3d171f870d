"""The walls and the limits again, as a user who is not root."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

pytestmark = pytest.mark.slow

PROJECT = Path(autograder.__file__).resolve().parent.parent
USER = "autograder-test"
# What depends on who asks: other capabilities, other permissions, other limits of the kernel's.
CHOSEN = (
    "its_own_folder or visible or written_to or settings or interpreter or capability or network or do_not_meet "
    "or every_process or written_into or _folder "
    "or one_process or bomb or undumpable or training or interrupt or (ended and kill) or owner-warm or are_warm"
)


@pytest.fixture
def user() -> Iterator[pwd.struct_passwd]:
    if os.getuid() != 0:
        pytest.skip("this whole run is an ordinary user's")
    subprocess.run(["useradd", "--system", "--no-create-home", USER], check=True)
    try:
        yield pwd.getpwnam(USER)
    finally:
        subprocess.run(["userdel", USER], check=True)


def opened_up(paths: list[Path]) -> str:
    """Shell commands that make `paths` reachable in this mount namespace, where root's home folder hides them."""
    lines = []
    for number, path in enumerate(paths):
        closed = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
        if closed:
            aside = f"/mnt/autograder-{number}"
            lines += [f"mkdir -p {aside}", f"mount --bind {shlex.quote(str(path))} {aside}"]
            lines += [f"mountpoint -q {closed[0]} || mount -t tmpfs tmpfs {closed[0]}"]
            lines += [f"mkdir -p {shlex.quote(str(path))}", f"mount --bind {aside} {shlex.quote(str(path))}"]
    return "\n".join(["set -e", "mount -t tmpfs tmpfs /mnt", *lines])


def test_it_all_holds_for_an_ordinary_user(user):
    base = tempfile.mkdtemp(prefix="autograder-user-", dir="/tmp")
    try:
        os.chown(base, user.pw_uid, user.pw_gid)
        tests = [
            str(Path(__file__).with_name(f"test_sandbox_{name}.py")) for name in ("walls", "limits", "life", "folder")
        ]
        command = ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        command += ["env", "-i", f"HOME={base}", f"PATH={os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE=1"]
        command += [f"PYTHONPATH={PROJECT}", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [f"--basetemp={base}/tests", "-k", CHOSEN, *tests]
        script = opened_up([Path(sys.base_prefix), Path(sys.prefix), PROJECT]) + f"\nexec {shlex.join(command)}"
        result = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
        assert " passed" in result.stdout
        assert "skipped" not in result.stdout
    finally:
        shutil.rmtree(base, ignore_errors=True)
