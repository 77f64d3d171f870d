"""Whatever a submission, an archive, an answer or a message of a kernel is made of: it is read, or refused in words.

`make test` tries some hundreds, `make soak` goes on for an hour.
"""

import gzip
import io
import json
import tarfile
import time
import zipfile
from functools import lru_cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading.client import reduce_display
from autograder.grading.handed_in import HandedIn, read_handed_in
from autograder.grading.session import keep
from autograder.inside.plain import Unplain, pack, plain, unpack
from autograder.intake import Limits, Unreadable
from autograder.intake.archives import open_archive
from autograder.intake.cells import read_cells
from autograder.intake.graft import graft
from autograder.intake.harmless import harmless
from tests.course import COURSE, answered, solutions

LESSON = "02_reparameterization"
LIMITS = Limits(file_bytes=2_000_000, written_characters=200_000)
SOAK_SECONDS = 600  # for each reader

texts = st.text(max_size=40) | st.sampled_from(["\x1b[2J", "=1+1", "\ud800", "<script>", "std", "code", "a" * 5000])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)
# Pieces of what readers look for, so that made-up bytes come further than the first one.
pieces = st.sampled_from(
    [
        b'{"cells": [',
        b'"source": ',
        b'"metadata": {"nbgrader": {"grade_id": "std"}}',
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"]}",
    ]
    + [
        b"PK\x05\x06",
        b"\x93NUMPY\x01\x00",
        b"ustar",
        b"\x1f\x8b",
        b"BZh9",
        b"\xfd7zXZ\x00",
        b"\xff\xfe",
        b"# %%\n",
        b"---\n",
    ]
)


@lru_cache
def samples() -> dict[str, bytes]:
    """A sound file of each kind, to be damaged."""
    notebook = nbformat.writes(answered(COURSE.released(LESSON), solutions(LESSON))).encode()
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{LESSON}.ipynb", notebook)
        archive.writestr("a/b.txt", b"1")
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        entry = tarfile.TarInfo(f"{LESSON}.ipynb")
        entry.size = len(notebook)
        archive.addfile(entry, io.BytesIO(notebook))
    answer = pack({"value": [np.arange(6.0).reshape(2, 3), ("x", 1.5, None), {"a": np.float32(1)}]})
    return {
        "notebook": notebook,
        "zip": zipped.getvalue(),
        "tar": tarred.getvalue(),
        "gzip": gzip.compress(notebook),
        "answer": answer,
    }


@st.composite
def damaged(draw: st.DrawFn, *kinds: str) -> bytes:
    """A sound file in which parts were cut out, doubled, overwritten or moved; or bytes of no kind at all."""
    raw = bytearray(draw(st.sampled_from([samples()[kind] for kind in kinds])) if draw(st.booleans()) else b"")
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from([0, 0, 1, 2, 4, 30, 1000])))
        new = draw(pieces | st.binary(max_size=20) | st.just(bytes(raw[: end - start])))
        raw[start:end] = new
    return bytes(raw)


def read_notebook(raw: bytes) -> None:
    for name in (f"{LESSON}.ipynb", f"{LESSON}.py", f"{LESSON}.md"):
        notes: list[str] = []
        try:
            cells = read_cells(Path(name), raw, LIMITS, notes)
        except Unreadable as problem:
            assert problem.reason.endswith((".", ")"))
            continue
        done = graft(COURSE.released(LESSON), cells, LIMITS)
        nbformat.validate(done.notebook)
        json.dumps(done.notebook).encode()


def read_json(value: object) -> None:
    cells = {"cells": value, "nbformat": value, "metadata": value}
    for document in (value, {"cells": [value]}, {"cells": [{"source": value, "metadata": value, "id": value}]}, cells):
        read_notebook(json.dumps(document).encode())


def read_archive(raw: bytes) -> None:
    try:
        notes: list[str] = []
        archive = open_archive(Path("a.zip"), raw, LIMITS, notes)
        for parts in archive.files:
            assert ".." not in parts and all(parts)
            assert len(archive.read(parts)) <= LIMITS.file_bytes
    except Unreadable as problem:
        assert problem.reason.endswith((".", ")"))


def read_answer(raw: bytes) -> None:
    try:
        value = unpack(raw, max_bytes=2_000_000)
    except Unplain:
        return
    pack(value)


def read_tree(value: object) -> None:
    with zipfile.ZipFile(io.BytesIO(samples()["answer"])) as sound:
        parts = {name: sound.read(name) for name in sound.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, json.dumps(value) if name == "tree.json" else content)
    read_answer(made.getvalue())
    assert plain(unpack(pack(value))) is not Ellipsis


def read_message(content: object) -> None:
    """A display of a kernel's, as its client reduces it and the session keeps it."""
    message = {"data": content, "metadata": content, "transient": content, "text": content}
    reduce_display(message)
    outputs = [
        {"output_type": kind, "ename": content, "evalue": content, "traceback": content, **message}
        for kind in ("stream", "error", "display_data", "execute_result", "odd")
    ]
    for output in keep(outputs).outputs:
        assert set(output.get("data", {})) <= {"text/plain", "image/png"}
        json.dumps(output).encode()


def read_time(raw: bytes, folder: Path) -> None:
    (folder / "timestamp.txt").write_bytes(raw)
    found = read_handed_in(folder)
    assert isinstance(found, HandedIn) and bool(found.at) != bool(found.problem)


def read_markdown(text: str) -> None:
    made = harmless(text)
    assert made.replace("\u200b", "") == text.replace("\u200b", "")
    assert harmless(made).replace("\u200b", "") == made.replace("\u200b", "")


markdown = st.lists(texts | st.sampled_from(["<", "](", "]:", "javascript:", "![", "[x]", "\n", "\\href"])).map("".join)
READERS = {
    "notebook": (read_notebook, damaged("notebook")),
    "json": (read_json, values),
    "archive": (read_archive, damaged("zip", "tar", "gzip")),
    "answer": (read_answer, damaged("answer", "zip")),
    "tree": (read_tree, values),
    "message": (read_message, values),
    "markdown": (read_markdown, markdown),
}


def fuzz(reader, made: st.SearchStrategy, examples: int, *, anew: bool = False) -> None:
    """Try `examples` pieces of input, the same ones each time unless `anew`; the smallest that breaks it is shown."""
    health = list(HealthCheck)

    @settings(max_examples=examples, deadline=None, suppress_health_check=health, database=None, derandomize=not anew)
    @given(made)
    def once(value):
        reader(value)

    once()


@pytest.mark.parametrize("name", READERS)
def test_a_few_hundred(name):
    fuzz(*READERS[name], 100)


def test_times(tmp_path):
    times = st.binary(max_size=40) | st.datetimes().map(lambda moment: str(moment).encode())
    fuzz(lambda raw: read_time(raw, tmp_path), times, 200)


@pytest.mark.soak
@pytest.mark.parametrize("name", READERS)
def test_for_an_hour(name):
    end = time.monotonic() + SOAK_SECONDS
    while time.monotonic() < end:
        fuzz(*READERS[name], 5_000, anew=True)
