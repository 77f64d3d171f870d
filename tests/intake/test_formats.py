"""The lesson as a script, as Markdown, compressed or in a tar archive is the lesson; bombs and tricks are not read."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile

import jupytext
import nbformat
import pytest

from autograder.intake import Limits, Unreadable, take_in
from tests.intake.conftest import LESSON
from tests.intake.test_reading import all_answered

NAME = f"{LESSON}.ipynb"


def as_text(desk, kind: str) -> bytes:
    return jupytext.writes(nbformat.reads(desk.raw().decode(), 4), kind).encode()


def tarred(files: dict[str, bytes], mode: str = "w", *odd: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in odd:
            archive.addfile(entry)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"{LESSON}.py", "py:percent"),
        (f"{LESSON}.py", "py:light"),
        (f"{LESSON}.py", "py:hydrogen"),
        (f"{LESSON}.md", "md"),
        (f"{LESSON}.md", "md:myst"),
        (f"{LESSON} (1).PY", "py:percent"),
        (f"handed in/{LESSON}.md", "md:myst"),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["with its names", "without names"])
def test_a_lesson_as_text_is_read(desk, answers_of, name, kind, named):
    if not named:
        desk.strip()
    desk.hand_in(name, as_text(desk, kind))
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    what = "Python script" if name.casefold().endswith("py") else "Markdown file"
    assert any(f"handed in as a {what}" in note for note in intake.mended)
    assert any(f"its name should be `{NAME}`" in note for note in intake.mended)


def test_a_script_as_jupyterlab_exports_it_is_read(desk, answers_of):
    path = desk.hand_in()
    notebook = nbformat.read(path, 4)
    notebook.metadata = desk.released.metadata | {"language_info": {"name": "python", "file_extension": ".py"}}
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "nbconvert", "--to", "script", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.unlink()
    intake = desk.take_in()
    assert {name: answer for name, answer in answers_of(intake).items() if name != "written-leak"} == {
        name: answer for name, answer in desk.answers.items() if name != "written-leak"
    }


def test_windows_line_ends_and_a_header_are_passed_over(desk, answers_of):
    text = as_text(desk, "py:percent")
    assert b"\n# ---\n# jupyter:" in text
    desk.hand_in(f"{LESSON}.py", text.replace(b"\n", b"\r\n"))
    assert all_answered(desk, desk.take_in(), answers_of)


def test_a_script_beside_the_notebook_is_not_the_notebook(desk, answers_of):
    desk.hand_in()
    (desk.folder / "helper.py").write_text("x = 1")
    (desk.folder / "README.md").write_text("# Read me")
    assert all_answered(desk, desk.take_in(), answers_of)
    (desk.folder / NAME).unlink()
    with pytest.raises(Unreadable, match="There is no notebook in the folder"):
        desk.take_in()


@pytest.mark.parametrize(
    "header", ["a: &a [x, x]\n# b: &b [*a, *a]\n# c: [*b, *b]", "jupyter: !!python/object:os.system x"]
)
def test_settings_in_a_header_are_not_read(desk, answers_of, header):
    text = as_text(desk, "py:percent").decode()
    desk.hand_in(f"{LESSON}.py", f"# ---\n# {header}\n# ---\n\n{text.split('# ---')[2]}".encode())
    assert all_answered(desk, desk.take_in(), answers_of)


def test_a_text_of_a_million_characters_is_refused(desk):
    desk.hand_in(f"{LESSON}.py", b"# %%\nx = 1\n" * 100_000)
    with pytest.raises(Unreadable, match="1,100,000 characters"):
        desk.take_in()


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        (f"{NAME}.gz", gzip.compress),
        (f"{NAME}.bz2", bz2.compress),
        (f"{NAME}.xz", lzma.compress),
        (NAME, gzip.compress),
        ("all.tar", lambda raw: tarred({NAME: raw})),
        ("all.tar.gz", lambda raw: tarred({f"homework/{NAME}": raw, "data.csv": b"1,2"}, "w:gz")),
        ("all.tgz", lambda raw: tarred({f"./{NAME}": raw, "__MACOSX/._x.ipynb": b"junk"}, "w:gz")),
        ("all.tar.bz2", lambda raw: tarred({NAME: raw}, "w:bz2")),
        ("ALL.TAR.XZ", lambda raw: tarred({NAME: raw}, "w:xz")),
        (f"{LESSON}.zip", lambda raw: tarred({NAME: raw}, "w:gz")),
    ],
)
def test_what_is_packed_is_unpacked(desk, answers_of, name, pack):
    desk.hand_in(name, pack(desk.raw()))
    before = sorted(desk.folder.parent.rglob("*"))
    assert all_answered(desk, desk.take_in(), answers_of)
    assert sorted(desk.folder.parent.rglob("*")) == before, "nothing is written to disk"


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (entry(NAME, tarfile.SYMTYPE, "/etc/passwd"), "is a link"),
        (entry(NAME, tarfile.LNKTYPE, "../../secret.ipynb"), "is a link"),
        (entry(NAME, tarfile.FIFOTYPE), "not an ordinary file"),
        (entry(NAME, tarfile.CHRTYPE), "not an ordinary file"),
        (entry(f"../../{NAME}", tarfile.REGTYPE), "points outside"),
        (entry(f"/tmp/{NAME}", tarfile.REGTYPE), "points outside"),
        (entry(f"a/b/c/d/{NAME}", tarfile.REGTYPE), "too many folders deep"),
    ],
    ids=["link", "hard link", "pipe", "device", "upwards", "absolute", "deep"],
)
def test_odd_entries_of_a_tar_archive_are_named(desk, odd, words):
    desk.hand_in("all.tar", tarred({}, "w", odd))
    with pytest.raises(Unreadable, match=words):
        desk.take_in()


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_a_bomb_is_not_unpacked(desk, compress):
    desk.hand_in(f"{NAME}.gz", compress(bytes(60_000_000)))
    with pytest.raises(Unreadable, match=r"50\.0 MB is not read"):
        desk.take_in()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (tarred({f"{number}.txt": b"" for number in range(3000)}), "more than 2,000 files"),
        (gzip.compress(gzip.compress(b"x")), "archive in an archive"),
        (tarred({NAME: b"x" * 5000})[:2000], "damaged"),
        (gzip.compress(b"{" * 5000)[:-9], "damaged"),
        (b"\xfd7zXZ\x00" + bytes(100), "damaged"),
    ],
    ids=["many", "twice", "cut off", "cut off gzip", "no xz"],
)
def test_what_cannot_be_unpacked_is_told(desk, raw, words):
    desk.hand_in("all.tar.gz", raw)
    with pytest.raises(Unreadable, match=words):
        desk.take_in()


def test_a_size_that_lies_gets_no_memory(desk):
    made = entry(NAME, tarfile.REGTYPE)
    made.size = 2**40
    desk.hand_in("all.tar", made.tobuf() + bytes(1024))
    with pytest.raises(Unreadable, match="damaged"):
        take_in(desk.folder, LESSON, desk.released, Limits())
