"""Text that others wrote, made clean where it enters: it can be encoded, and it commands no terminal."""

import re

REPLACED = "\N{REPLACEMENT CHARACTER}"
# Control characters except tab and line feed, line separators, and what turns the direction of writing round.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def encodable(text: str) -> str:
    """Text that can be written as UTF-8 and into a database: surrogates joined or replaced, no NUL."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", REPLACED)


def clean(text: str) -> str:
    """``encodable`` text without control characters and bidirectional overrides; tabs and line breaks stay."""
    return _COMMANDS.sub(REPLACED, encodable(text.replace("\r\n", "\n")))


def shown(text: str, longest: int = 80) -> str:
    """Text that others chose, fit for a sentence or a terminal: printable, on one line, not too long."""
    printable = "".join(letter if letter.isprintable() else REPLACED for letter in text)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"
