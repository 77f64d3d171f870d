"""The command `autograder`, and python -m autograder."""

import sys

from autograder.distribution import distribution


def main() -> None:
    """Run the command, or say in one line what to install for it."""
    try:
        from autograder.cli import app
    except ModuleNotFoundError as missing:
        sys.exit(f"The command needs {missing.name}, which is not installed: pip install '{distribution()}[grading]'")
    app(prog_name="autograder")


if __name__ == "__main__":
    main()
