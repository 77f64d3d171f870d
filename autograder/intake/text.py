"""From the bytes of a file to its text and its JSON: encodings, cut-off files, files of another kind."""

import json
import re
from pathlib import Path
from typing import Any

from autograder.intake.problem import Limits, Unreadable

_AGAIN = "Ask for the notebook itself (in JupyterLab: File > Download)."
_BINARY = {
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive",
}
_NOT_JSON = (
    (re.compile(r"\s*<(!doctype|html|\?xml)", re.I), "a web page (HTML), not the notebook"),
    (re.compile(r"\s*version https://git-lfs"), "a Git LFS pointer, which only names the notebook's content"),
    (
        re.compile(r"\s*(#|%|\"\"\"|'''|import |from |def |class |print\()"),
        "Python code or plain text (an export), not the notebook",
    ),
)
_LAST_BIT = re.compile(r"[\w+.\\,-]{0,8}")  # of a word, a number or an escape that is cut off, or a comma
_CONFLICT = re.compile(r"^<{7} ", re.M)
# Of a notebook's values these alone are large, and nothing of them is kept.
_DROPPED = {"outputs", "prompt_outputs", "attachments", "widgets"}


def to_text(path: Path, raw: bytes, notes: list[str]) -> str:
    """Decode a file. Raises Unreadable where it is no text at all; says in `notes` what was odd about it."""
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(path, f"The file is empty. {_AGAIN}")
    for magic, kind in _BINARY.items():
        if raw.startswith(magic):
            raise Unreadable(path, f"The file is {kind}. {_AGAIN}")
    encoding = json.detect_encoding(raw)
    if encoding == "utf-8-sig":
        notes.append("The file began with a byte order mark, which was ignored.")
        raw, encoding = raw[3:], "utf-8"
    if encoding != "utf-8":
        notes.append(f"The file was saved as {encoding.upper()} instead of UTF-8; it was read as such.")
        return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_mixed(raw, notes)


def _decode_mixed(raw: bytes, notes: list[str]) -> str:
    """Text that isn't clean UTF-8: either UTF-8 with a few damaged bytes, or an old one-byte encoding."""
    text = raw.decode("utf-8", errors="replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    if sum(letter > "\x7f" for letter in text) > 2 * damaged:
        notes.append(f"Damaged letters of the file are shown as \N{REPLACEMENT CHARACTER} ({damaged} in all).")
        return text
    notes.append("The file was not saved as UTF-8; it was read as Windows-1252, so accents may look wrong.")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def to_json(path: Path, text: str, limits: Limits, notes: list[str]) -> Any:
    """Parse a notebook's JSON, without its outputs and attachments. Raises Unreadable."""
    if sum(map(text.count, "{[,")) > limits.json_parts:
        raise Unreadable(path, f"The file has more than {limits.json_parts:,} values, which no notebook has. {_AGAIN}")
    text = text.strip("\0 \t\r\n\N{ZERO WIDTH NO-BREAK SPACE}")
    # Raw line breaks and tabs inside a string are let through (strict=False). The only number that matters to us
    # is the format's, and int() takes quadratic time over a million digits: long ones aren't converted.
    decoder = json.JSONDecoder(
        object_pairs_hook=_lean, parse_int=lambda digits: int(digits) if len(digits) < 10 else 0, strict=False
    )
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(path, _why_not_json(text, error)) from None
    except (RecursionError, MemoryError, ValueError):
        raise Unreadable(path, f"The file's JSON is nested too deeply for a notebook. {_AGAIN}") from None
    if end < len(text):
        notes.append("There were characters after the end of the notebook; they were ignored.")
    return value


def _lean(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object without its large parts: they are dropped while parsing, so that they never pile up."""
    return {key: value for key, value in pairs if key not in _DROPPED}


def _why_not_json(text: str, error: json.JSONDecodeError) -> str:
    for pattern, kind in _NOT_JSON:
        if pattern.match(text):
            return f"The file is {kind}. {_AGAIN}"
    if _CONFLICT.search(text):
        return (
            "The file contains both sides of a Git merge conflict. Ask for a version in which the conflict is resolved."
        )
    if error.msg.startswith("Unterminated string") or _LAST_BIT.fullmatch(text[error.pos :][:9]):
        return (
            f"The notebook is cut off in the middle: it ends at line {text.count(chr(10)) + 1} "
            f"without being complete. {_AGAIN}"
        )
    return f"The file is not a notebook: its JSON is wrong at line {error.lineno}, column {error.colno}. {_AGAIN}"
