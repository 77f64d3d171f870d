"""Strange files: what else can lie where a notebook is awaited, and what reaches a page or a table from it."""

import json
import os
import stat
import zipfile

import nbformat

from tests.hostile.case import (
    BUG,
    FILE,
    LESSON,
    NOT_TRIED,
    PASSED,
    RIGHT_BUG,
    RIGHT_STD,
    STD,
    WRITTEN,
    Case,
    Got,
    attack,
    edit,
    failed,
    honest,
)

LOST = "the work is lost"
SCRIPT = "<script>hostile()</script>"
FORMULA = "=cmd|' /C calc'!A0"


def _bytes(change):
    def build(folder):
        (folder / FILE).write_bytes(change((folder / FILE).read_bytes()))

    return build


def _encoded(encoding):
    return _bytes(lambda raw: raw.decode("utf-8").encode(encoding, "replace"))


def _renamed(name):
    def build(folder):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / FILE).rename(folder / name)

    return build


def _two_notebooks(folder):
    other = json.loads((folder / FILE).read_text("utf-8").replace("0.5 *", "0.25 *"))
    (folder / FILE).rename(folder / "one.ipynb")
    (folder / "two.ipynb").write_text(json.dumps(other))


def _zipped(name, *, link=False, password=False):
    def build(folder):
        raw = (folder / FILE).read_bytes()
        (folder / FILE).unlink()
        with zipfile.ZipFile(folder / f"{LESSON}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            entry = zipfile.ZipInfo(name)
            if link:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                raw = b"/etc/passwd"
            archive.writestr(entry, raw)
        if password:
            data = bytearray((folder / f"{LESSON}.zip").read_bytes())
            for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
                data[data.index(magic) + offset] |= 1
            (folder / f"{LESSON}.zip").write_bytes(data)

    return build


def _fifo(folder):
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE)


def _fifo_beside(folder):
    os.mkfifo(folder / "answers.ipynb")


def _folder_of_that_name(folder):
    (folder / FILE).unlink()
    (folder / FILE).mkdir()


def _notebook_in_such_a_folder(folder):
    raw = (folder / FILE).read_bytes()
    _folder_of_that_name(folder)
    (folder / FILE / FILE).write_bytes(raw)


def _format_3(folder):
    notebook = nbformat.read(folder / FILE, as_version=4)
    (folder / FILE).write_text(json.dumps(nbformat.convert(notebook, 3)), "utf-8")


def _surrogates(notebook):
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("a broken letter"))


def _broken_letter(folder):
    edit(_surrogates)(folder)
    text = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(text.replace("a broken letter", "a broken letter \\ud800 \\u0000 \\u202e"), "utf-8")


def _odd_names(folder):
    for name in ("\n", "<script>hostile()<script>.ipynb.txt", "a" * 200, "=1+1.csv", "\u202egnp.ipynb~"):
        (folder / name.replace("/", "")).write_text("x")


def _lfs(folder):
    (folder / FILE).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")


def _conflict(raw):
    return raw.replace(b'"cells"', b'\n<<<<<<< HEAD\n"cells"\n=======\n"cells"\n>>>>>>> theirs\n', 1)


def _raises(message):
    return attack("", f"def std_from_log_var(z_log_var):\n    raise RuntimeError({message!r})\n")


_JAVASCRIPT = f"""
from IPython.display import HTML, Javascript, display, publish_display_data
display(HTML("{SCRIPT}"), Javascript("hostile()"))
publish_display_data({{"image/png": '">{SCRIPT}', "text/html": "{SCRIPT}", "image/svg+xml": "{SCRIPT}"}})
print("{SCRIPT}")
"""
_NAMED = f"Evil = type({FORMULA!r}, (), {{}})\n\ndef std_from_log_var(z_log_var):\n    return Evil()\n"

CASES = [
    Case(
        "truncated",
        "is cut off in the middle",
        LOST,
        answers=honest(),
        build=_bytes(lambda raw: raw[: len(raw) // 2]),
        unreadable="cut off in the middle",
    ),
    Case(
        "byte-order-mark",
        "begins with a byte order mark",
        LOST,
        answers=honest(),
        build=_bytes(lambda raw: b"\xef\xbb\xbf" + raw),
        std=PASSED,
        mended=("byte order mark",),
    ),
    Case(
        "latin-1",
        "is saved as Latin-1",
        LOST,
        answers=honest() | {STD: "# é, ü and ñ\n" + RIGHT_STD},
        build=_encoded("latin-1"),
        std=PASSED,
        mended=("not saved as UTF-8",),
    ),
    Case(
        "utf-16",
        "is saved as UTF-16",
        NOT_TRIED,
        answers=honest(),
        build=_encoded("utf-16"),
        std=PASSED,
        mended=("UTF-16",),
    ),
    Case(
        "copy-of-a-name",
        "is called `… (1).ipynb`",
        LOST,
        answers=honest(),
        build=_renamed(f"{LESSON} (1).ipynb"),
        std=PASSED,
        mended=("its name should be",),
    ),
    Case(
        "upper-case-name",
        "is called in upper case, with another ending",
        NOT_TRIED,
        answers=honest(),
        build=_renamed(f"{LESSON.upper()}.IPYNB.json"),
        std=PASSED,
        mended=("its name should be",),
    ),
    Case(
        "folder-too-deep",
        "lies two folders deeper",
        NOT_TRIED,
        answers=honest(),
        build=_renamed(f"my work/final/{FILE}"),
        std=PASSED,
        mended=("was read from",),
    ),
    Case(
        "zip",
        "is handed in as a zip",
        NOT_TRIED,
        answers=honest(),
        build=_zipped(FILE),
        std=PASSED,
        mended=("was read from",),
    ),
    Case(
        "zip-upwards",
        "is a zip whose entry points to ../../",
        NOT_TRIED,
        answers=honest(),
        build=_zipped(f"../../{FILE}"),
        unreadable="no notebook",
    ),
    Case(
        "zip-absolute",
        "is a zip whose entry points to /",
        NOT_TRIED,
        answers=honest(),
        build=_zipped(f"/tmp/{FILE}"),
        unreadable="no notebook",
    ),
    Case(
        "zip-link",
        "is a zip that holds a link",
        NOT_TRIED,
        answers=honest(),
        build=_zipped(FILE, link=True),
        unreadable="no notebook",
    ),
    Case(
        "zip-password",
        "is a zip with a password",
        NOT_TRIED,
        answers=honest(),
        build=_zipped(FILE, password=True),
        unreadable="password",
    ),
    Case(
        "fifo",
        "is a pipe on which a reader waits for ever",
        NOT_TRIED,
        answers=honest(),
        build=_fifo,
        unreadable="not an ordinary file",
    ),
    Case("fifo-beside", "has a pipe beside it", NOT_TRIED, answers=honest(), build=_fifo_beside, std=PASSED),
    Case(
        "folder-for-a-notebook",
        "is an empty folder",
        NOT_TRIED,
        answers=honest(),
        build=_folder_of_that_name,
        unreadable="no notebook",
    ),
    Case(
        "notebook-in-such-a-folder",
        "lies in a folder of its own name",
        NOT_TRIED,
        answers=honest(),
        build=_notebook_in_such_a_folder,
        std=PASSED,
        mended=("was read from",),
    ),
    Case(
        "two-notebooks",
        "is two notebooks with different answers",
        NOT_TRIED,
        answers=honest(),
        build=_two_notebooks,
        unreadable="Two notebooks",
    ),
    Case(
        "empty-file", "is an empty file", NOT_TRIED, answers=honest(), build=_bytes(lambda raw: b""), unreadable="empty"
    ),
    Case(
        "web-page",
        "is a web page saved under its name",
        NOT_TRIED,
        answers=honest(),
        build=_bytes(lambda raw: b"<!DOCTYPE html><html></html>"),
        unreadable="web page",
    ),
    Case("git-lfs", "is a Git LFS pointer", NOT_TRIED, answers=honest(), build=_lfs, unreadable="Git LFS"),
    Case(
        "merge-conflict",
        "holds a Git merge conflict",
        NOT_TRIED,
        answers=honest(),
        build=_bytes(_conflict),
        unreadable="merge conflict",
    ),
    Case(
        "format-3",
        "is of notebook format 3",
        NOT_TRIED,
        answers=honest(),
        build=_format_3,
        std=PASSED,
        mended=("old format 3",),
    ),
    Case(
        "broken-letters",
        "holds half a surrogate pair, a NUL and a right-to-left mark",
        NOT_TRIED,
        answers=honest(),
        build=_broken_letter,
        std=PASSED,
    ),
    Case(
        "odd-names",
        "comes with files whose names are a line break, a tag, a formula",
        NOT_TRIED,
        answers=honest(),
        build=_odd_names,
        std=PASSED,
    ),
    Case(
        "script-in-error",
        "raises an error whose message is a script",
        NOT_TRIED,
        answers=_raises(SCRIPT),
        std=failed("raised RuntimeError"),
        ours="and pages show it as text",
    ),
    Case(
        "script-in-output",
        "displays HTML, JavaScript and an image that is a script",
        NOT_TRIED,
        answers=attack(_JAVASCRIPT, RIGHT_STD),
        std=PASSED,
        ours="and pages show text alone",
    ),
    Case(
        "script-in-prose",
        "writes a script into its written answer",
        NOT_TRIED,
        answers=honest() | {WRITTEN: SCRIPT},
        std=PASSED,
        ours="and pages show it as text",
    ),
    Case(
        "script-in-code",
        "writes a script into its code",
        NOT_TRIED,
        answers=honest() | {STD: f"# </code></pre>{SCRIPT}\n{RIGHT_STD}"},
        std=PASSED,
        ours="and pages show it as text",
    ),
    Case(
        "formula-in-error",
        "raises an error whose message is a spreadsheet formula",
        NOT_TRIED,
        answers={STD: f"Formula = type({FORMULA!r}, (Exception,), {{}})\nraise Formula({FORMULA!r})", BUG: RIGHT_BUG},
        std=failed("Its cell stopped with =cmd"),
        ours="and no cell of a table begins with it",
    ),
    Case(
        "formula-as-type",
        "answers with an object whose type is called like a formula",
        NOT_TRIED,
        answers={STD: _NAMED, BUG: RIGHT_BUG},
        std=failed("but it is a =cmd"),
    ),
    Case(
        "escape-codes",
        "raises an error full of terminal escape codes",
        NOT_TRIED,
        answers=_raises("\x1b]0;owned\x07\x1b[2J\x1b[31mred"),
        std=failed("raised RuntimeError"),
    ),
    Case(
        "long-message",
        "raises an error of a million characters",
        NOT_TRIED,
        answers=attack("", "def std_from_log_var(z_log_var):\n    raise RuntimeError('x' * 1_000_000)\n"),
        std=failed("raised RuntimeError"),
    ),
    Case(
        "to-do-forged",
        "raises the stub's own error when a check calls it",
        NOT_TRIED,
        answers=attack("", 'def std_from_log_var(z_log_var):\n    raise NotImplementedError("TO DO: later")\n'),
        std=Got(0, "not attempted", "Still to do."),
    ),
]
