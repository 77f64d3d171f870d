"""Removes folders that a student's code has written to."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path


def remove_folder(folder: Path | str) -> None:
    """Remove ``folder`` and all in it: closed folders too, and thousands of nested ones, however long their path is.

    Never raises. What can't go stays.
    """
    with contextlib.suppress(RecursionError):  # shutil goes down a folder a call, until Python 3.13
        shutil.rmtree(folder, ignore_errors=True)
    # These go down by descriptors, so no path is too long. An ordinary user must open a closed folder first.
    opening = [] if os.path.islink(folder) else [["chmod", "-R", "u+rwX"]]
    for command in (*opening, ["rm", "-rf"]):
        if os.path.lexists(folder):
            with contextlib.suppress(OSError):  # Windows has neither
                subprocess.run([*command, "--", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
