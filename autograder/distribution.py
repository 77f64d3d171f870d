"""The name under which the engine is installed: what `pip install` has to be told."""

from importlib.metadata import entry_points


def distribution() -> str:
    """The name of the distribution that brought the command ``autograder``."""
    for script in entry_points(group="console_scripts", name="autograder"):
        if script.dist is not None:
            return script.dist.name
    return "autograder"
