"""Why a cell is not valid Python, or never reaches its answer: one sentence that a beginner can act on, with the line.

The student's check and the grader both use it, so they say the same.
"""

import ast
import re
import unicodedata

from autograder.checking.python import parse_strictly, plain_python

TO_DO = "TO DO"

# What word processors and web pages write, and the character that Python needs instead.
_QUOTES = dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′‹›´", "'")
_DASHES = dict.fromkeys("–—−‐‑‒―", "-")
_SIGNS = {"×": "*", "·": "*", "∙": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "…": "...", "²": "**2", "³": "**3"}
_TYPED = _QUOTES | _DASHES | _SIGNS
_INVISIBLE = {"Cf", "Cc", "Zs", "Zl", "Zp"}
_TEXT = re.compile(r"#[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)

# (words of Python's message, sentence); the sentence may contain {line} and groups of the pattern.
_SENTENCES = (
    (
        r"inconsistent use of tabs",
        "The indentation of line {line} mixes tabs and spaces, which look alike. Delete the white space at its "
        "start and type four spaces for each level.",
    ),
    (
        r"Missing parentheses in call to '(\w+)'",
        "In line {line}, `{0}` needs parentheses: `{0}(…)`. Without them it is Python 2.",
    ),
    (
        r"expected ':'",
        "A colon is missing in line {line}: a line with `def`, `class`, `if`, `else`, `for`, `while` or "
        "`with` ends in `:`.",
    ),
    (
        r"'(.)' was never closed",
        "The bracket `{0}` in line {line} is never closed: add the closing one.",
    ),
    (
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'",
        "In line {line}, `{0}` closes a bracket that was opened with `{1}`: make them match.",
    ),
    (
        r"unmatched '(.)'",
        "In line {line}, `{0}` closes a bracket that was never opened: delete it, or add the opening one.",
    ),
    (
        r"unterminated (?:triple-quoted )?(?:f-)?string",
        "A quotation mark is missing: the text that starts in line {line} has no end.",
    ),
    (
        r"expected an indented block after (.+?)(?: on line (\d+))?$",
        "The line after the {0}{on} must be indented: put four spaces before the lines that belong to it.",
    ),
    (
        r"unexpected indent",
        "Line {line} is indented more than the line above, but no block starts there: delete the spaces at its start.",
    ),
    (
        r"unindent does not match",
        "The indentation of line {line} matches no line above: align it with the line that it belongs to.",
    ),
    (
        r"'(return|yield|await)' outside function",
        "In line {line}, `{0}` is outside a function: indent it so that it belongs to the `def` above.",
    ),
    (
        r"Perhaps you forgot a comma",
        "Something is missing in line {line} between two values: a comma, an operator or a bracket.",
    ),
    (
        r"cannot assign to (.+?)(?: here|$|\.)",
        "Line {line} assigns to something that can't take a value ({0}): the name goes left of `=`. To compare, "
        "write `==`.",
    ),
    (
        r"Maybe you meant '=='",
        "In line {line}, `=` is used to compare two values: write `==`.",
    ),
    (
        r"invalid decimal literal",
        "In line {line}, a number is followed directly by a name. For a product write `2 * x`; a name can't start "
        "with a digit.",
    ),
    (
        r"leading zeros in decimal",
        "In line {line}, a number starts with 0: remove the leading zeros.",
    ),
    (
        r"positional argument follows keyword",
        "In line {line}, an argument without a name comes after one with a name: put it first.",
    ),
    (
        r"(?:non-default|parameter without a default)",
        "In line {line}, a parameter without a default comes after one with a default: put it first.",
    ),
    (
        r"expected 'except' or 'finally'",
        "The `try` above line {line} has no `except`: add one, or remove the `try`.",
    ),
    (
        r"multiple exception types must be parenthesized",
        "In line {line}, write `except (A, B)` or `except A as error`: the form without them is Python 2.",
    ),
    (
        r"f-string: ?(.*)",
        "The f-string in line {line} can't be read: check what is between its braces.",
    ),
)


def why_not_python(source: str) -> str:
    """Why a cell can't be read as Python, in one sentence; empty if it can."""
    try:
        tree = parse_strictly(source)
    except SyntaxError as error:
        return _pasted(source, error.lineno or 1) or explain(error.msg or "invalid syntax", error.lineno or 1, source)
    except (ValueError, RecursionError, MemoryError):
        return "The cell can't be read as Python: it is nested too deeply, or contains a character that no code uses."
    for statement in tree.body:
        for node in _outside_functions(statement):
            if isinstance(node, ast.Return):
                return explain("'return' outside function", node.lineno, source)
    return ""


def explain(message: str, line: int, source: str) -> str:
    """What Python's ``message`` on a line of a cell means, in one sentence."""
    text = _line(source, line)
    code = text.strip()
    for pattern, sentence in _SENTENCES:
        if found := re.search(pattern, message):
            words = [group or "" for group in found.groups()]
            on = f" (line {words[1]})" if len(words) > 1 and words[1] else ""
            return _shown(sentence.format(*words, line=line, on=on), code)
    if re.match(r"[<>=]{7}( |$)", text):
        return f"Line {line} was left by a Git merge conflict: delete such lines and keep one of the two versions."
    if re.match(r"(exec|raise \w+,|print\b(?! *[=(]))", code) or "<>" in code:
        return _shown(f"Line {line} is Python 2, which Python 3 can't read.", code)
    return _shown(f"Line {line} can't be read as Python: {message}.", code)


def left_stub(source: str) -> str:
    """What to say about a cell that still has its TO DO line above the answer; empty if it has none."""
    try:
        tree = parse_strictly(source)
        for node in ast.walk(tree):
            for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
                for statement in (block if isinstance(block, list) else [])[:-1]:
                    if _is_to_do(statement):
                        return (
                            f'The line `raise NotImplementedError("{TO_DO}…")` is still above your answer, in line '
                            f"{statement.lineno} of the cell, so nothing below it runs: delete that line."
                        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return ""


def _is_to_do(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or not isinstance(statement.exc, ast.Call):
        return False
    call = statement.exc
    said = call.args[0] if call.args else None
    return (
        isinstance(call.func, ast.Name)
        and call.func.id == "NotImplementedError"
        and isinstance(said, ast.Constant)
        and TO_DO in str(said.value)
    )


def _pasted(source: str, line: int) -> str:
    """What to say if characters from pasted text make a cell unreadable; empty if there are none."""
    code = _TEXT.sub(lambda text: " " * len(text[0]) if "\n" not in text[0] else text[0], plain_python(source))
    lines = code.split("\n")
    found = [(number, char) for number, text in enumerate(lines, 1) for char in text if _is_strange(char)]
    if not found:  # “abc" or "abc”: the line is all text
        found = [(line, char) for char in _line(source, line) if char in _QUOTES]
    if not found:
        return ""
    number, char = next((one for one in found if one[0] == line), found[0])
    others = sorted({other for other, _ in found} - {number})
    also = f" (also in line {', '.join(map(str, others[:5]))}{', …' if len(others) > 5 else ''})" if others else ""
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    if char in _TYPED:
        return (
            f"Line {number} contains `{char}` ({name}), which came with pasted text{also}: "
            f"replace it with `{_TYPED[char]}`."
        )
    if unicodedata.category(char) in _INVISIBLE:
        return (
            f"Line {number} contains an invisible character ({name}), which came with pasted text{also}: "
            "delete the white space there and type it again."
        )
    plain = unicodedata.normalize("NFKC", char)
    return f"Line {number} contains `{char}` ({name}), which came with pasted text{also}: " + (
        f"replace it with `{plain}`." if plain != char and plain.isascii() else "type it again."
    )


def _is_strange(char: str) -> bool:
    if char.isascii():
        return not (char.isprintable() or char in "\t\f\r")
    if char in _TYPED or unicodedata.category(char) in _INVISIBLE:
        return True
    return (
        not char.isidentifier() and not unicodedata.category(char).startswith("M") or unicodedata.category(char) == "Nd"
    )


def _outside_functions(statement: ast.AST) -> list[ast.AST]:
    found, left = [], [statement]
    while left:
        node = left.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found.append(node)
            left += ast.iter_child_nodes(node)
    return found


def _line(source: str, line: int) -> str:
    lines = source.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _shown(sentence: str, code: str) -> str:
    code = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in code.replace("`", "'"))
    return f"{sentence} It reads `{code[:80]}`." if code else sentence
