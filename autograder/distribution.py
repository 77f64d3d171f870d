"""The name under which the engine is installed, and what `pip install` has to be told to install it again."""

import json
from importlib.metadata import distribution as find_distribution
from importlib.metadata import entry_points


def distribution() -> str:
    """The name of the distribution that brought the command ``autograder``."""
    for script in entry_points(group="console_scripts", name="autograder"):
        if script.dist is not None:
            return script.dist.name
    return "autograder"


def requirement(extra: str) -> str:
    """The line of a requirements.txt that installs this very engine with an extra: by its name or, where it came from
    a repository, a folder or a wheel, from there (PEP 610)."""
    name = distribution()
    text = find_distribution(name).read_text("direct_url.json")
    if text is None:
        return f"{name}[{extra}]"
    said = json.loads(text)
    vcs = said.get("vcs_info")
    address = f"{vcs['vcs']}+{said['url']}@{vcs['commit_id']}" if vcs else said["url"]
    return f"{name}[{extra}] @ {address}"
