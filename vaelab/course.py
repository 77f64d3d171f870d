"""Where the public checks of the course lie, for notebooks that are opened alone (an entry point names this)."""

from pathlib import Path


def checks_folder() -> Path:
    """The folder that holds LESSON/checks.py: in an installed package its own, in a checkout source/."""
    installed = Path(__file__).with_name("checks")
    return installed if installed.is_dir() else Path(__file__).resolve().parents[1] / "source"
