"""A lesson handed in as text: a Python script or Markdown, as Jupytext, JupyterLab's export and VS Code write it."""

import re
import warnings
from pathlib import Path
from typing import Any

from autograder.intake.problem import Limits, Unreadable

ENDINGS = (".py", ".md")
_LONGEST = 500_000  # characters: Jupytext takes a second for so many
_HEADER = re.compile(r"\A(?:#.*coding.*\n)?(?:# )?---[ \t]*\n(?:.*\n){0,200}?(?:# )?---[ \t]*\n")  # Jupytext's settings
_MYST = re.compile(r"^```+\{code-cell\}", re.M)


def read_text_notebook(path: Path, text: str, limits: Limits, notes: list[str]) -> dict[str, Any]:
    """The notebook that a text stands for, as its JSON would be. Raises Unreadable; says in `notes` what it was."""
    if len(text) > min(_LONGEST, limits.written_characters):
        raise Unreadable(path, f"The file has {len(text):,} characters. Ask for the notebook itself.")
    text = _HEADER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"), count=1)
    kind = {"extension": path.suffix.casefold()}
    if kind["extension"] == ".md":
        kind["format_name"] = "myst" if _MYST.search(text) else "markdown"
    import jupytext  # a fifth of a second, which few submissions need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without ids, which no text has
            notebook: dict[str, Any] = jupytext.reads(text, kind)
    except Exception as error:  # of a foreign parser, over a text that may be anything
        raise Unreadable(
            path, f"The file can't be read as a notebook ({type(error).__name__}). Ask for the notebook itself."
        ) from None
    what = "Python script" if kind["extension"] == ".py" else "Markdown file"
    notes.append(f"The notebook was handed in as a {what}; its cells were read from it.")
    return notebook
