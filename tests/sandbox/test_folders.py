"""What a student's code has made is removed, whatever it is, and nothing is raised on the way."""

import os
import tempfile
from multiprocessing import get_context
from pathlib import Path

import pytest

from autograder.sandbox import remove_folder

pytestmark = pytest.mark.without_sandbox
NOBODY = 65534


def nest(top: Path, depth: int) -> None:
    """Folders in folders, further down than a path can name, some of them closed to their owner."""
    here = os.open(top, os.O_RDONLY)
    for number in range(depth):
        name = "d" * 100
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        if number % 20 == 10:
            os.fchmod(here, 0)
        os.close(here)
        here = below
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.fchmod(here, 0)
    os.close(here)


def remove_as(user: int, top: str) -> None:
    if user:
        os.setuid(user)
    made = Path(tempfile.mkdtemp(dir=top))
    nest(made, 100)
    remove_folder(made)
    os._exit(0 if not os.path.lexists(made) else 3)


@pytest.mark.parametrize("user", [0, NOBODY], ids=["as this user", "as nobody"])
def test_closed_folders_deeper_than_a_path_can_name_are_removed(user):
    if user and os.getuid():
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory(dir="/tmp") as top:
        os.chmod(top, 0o777)
        process = get_context("fork").Process(target=remove_as, args=(user, top))
        process.start()
        process.join()
        assert process.exitcode == 0


def test_what_is_not_there_or_is_no_folder_raises_nothing(tmp_path):
    remove_folder(tmp_path / "nowhere")
    file = tmp_path / "file"
    file.write_text("x")
    remove_folder(file)
    assert not file.exists()
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.mkdir(mode=0o500)
    link.symlink_to(kept)
    remove_folder(link)
    assert kept.is_dir() and kept.stat().st_mode & 0o777 == 0o500
