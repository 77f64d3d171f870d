"""Whatever a student hands in is read or reported for a person, and nothing outside the folder is touched."""

import codecs
import io
import itertools
import json
import os
import pickle
import stat
import struct
import threading
import zipfile

import pytest

from autograder.intake import Limits, Unreadable, take_in

LESSON = "02_sampling"
NAME = f"{LESSON}.ipynb"


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """A zip archive of names (or ZipInfos) and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def all_answered(desk, intake, answers_of):
    return intake.untouched == frozenset() and answers_of(intake) == desk.answers


def test_a_sound_submission_is_read_without_a_word(desk, answers_of):
    path = desk.hand_in()
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert intake.mended == ()
    assert intake.source == path


def test_an_intake_can_be_sent_between_processes(desk):
    desk.hand_in()
    intake = desk.take_in()
    assert pickle.loads(pickle.dumps(intake)) == intake


@pytest.mark.parametrize(
    "name",
    [
        f"{LESSON} (1).ipynb",
        f"{LESSON.upper()}.IPYNB",
        f"{NAME}.txt",
        f"{NAME}.json",
        f"{LESSON}.json",
        LESSON,
        "my homework final.ipynb",
        f"{LESSON}/{NAME}",
        f"handed in/{LESSON}/{NAME}",
        "Übung\n<b>.ipynb",
    ],
)
def test_a_notebook_under_another_name_is_found(desk, answers_of, name):
    path = desk.hand_in(name)
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert intake.source == path
    (sentence,) = intake.mended
    assert "read from" in sentence and NAME in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize("inside", [NAME, f"{LESSON}/{NAME}", "a/b/other name.ipynb", f"{LESSON}\\{NAME}"])
@pytest.mark.parametrize("name", ["all.zip", "deep/all.ZIP", NAME, f"{LESSON}.zip"])
def test_a_notebook_in_an_archive_is_found(desk, answers_of, name, inside):
    path = desk.hand_in(name, zipped({inside: desk.raw(), "__MACOSX/._x.ipynb": b"junk", "data.csv": b"1,2"}))
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert intake.source == path


@pytest.mark.parametrize(
    "name", [f".ipynb_checkpoints/{NAME}", f"__MACOSX/{NAME}", f"._{NAME}", f"a/b/c/{NAME}", f"{NAME}/notes.md"]
)
def test_what_is_not_the_students_notebook_is_passed_over(desk, name):
    desk.hand_in(name)
    with pytest.raises(Unreadable, match="no notebook in the folder"):
        desk.take_in()


def test_a_package_folder_beside_the_notebook_makes_no_difference(desk):
    desk.hand_in()
    plain = desk.take_in()
    desk.hand_in("numpy/__init__.py", b"raise SystemExit('imported')")
    desk.hand_in("numpy/core/scratch.ipynb", b"junk")
    assert desk.take_in() == plain


# -- encodings and formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encode", "words"),
    [
        (lambda raw: codecs.BOM_UTF8 + raw, "byte order mark"),
        (lambda raw: raw.decode().encode("utf-16"), "UTF-16"),
        (lambda raw: codecs.BOM_UTF16_BE + raw.decode().encode("utf-16-be"), "UTF-16"),
        (lambda raw: raw.decode().encode("utf-16-le"), "UTF-16-LE"),
        (lambda raw: raw.decode().encode("utf-32"), "UTF-32"),
        (lambda raw: raw + b"\n]} trailing", "after the end"),
        (lambda raw: raw + b"\0" * 4096, None),
        (lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": 5'), "format 5"),
        (lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": "four"'), None),
        (lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 100_000), None),
        (lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": NaN'), None),
        (lambda raw: raw.replace(b'"nbformat_minor": 5', b'"nbformat_minor": 99'), None),
        (lambda raw: raw.replace(b'{"cells": [', b'{"cells": [null, 3, "x", [], {}, {"source": 7}, '), None),
    ],
)
def test_an_odd_file_is_read_and_the_oddity_is_said(desk, answers_of, encode, words):
    desk.hand_in(raw=encode(desk.raw()))
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    if words is None:
        assert intake.mended == ()
    else:
        assert len(intake.mended) == 1 and words in intake.mended[0]


def test_windows_1252_is_read_with_a_warning(desk, answers_of):
    desk.cells["written-leak"]["source"] = "Nein, das wäre übertrieben – meiner Meinung nach."
    desk.hand_in(raw=desk.raw().decode().encode("cp1252", errors="replace"))
    intake = desk.take_in()
    assert answers_of(intake)["written-leak"] == desk.cells["written-leak"]["source"]
    assert "Windows-1252" in intake.mended[0]


def test_one_damaged_byte_does_not_garble_the_other_letters(desk, answers_of):
    desk.cells["written-leak"]["source"] = "σ und ½ und ü und X"
    desk.hand_in(raw=desk.raw().replace("ü und X".encode(), b"\xfc und X"))
    intake = desk.take_in()
    assert answers_of(intake)["written-leak"] == "σ und ½ und \N{REPLACEMENT CHARACTER} und X"
    assert "(1 in all)" in intake.mended[0]


def test_format_3_is_brought_up(desk, answers_of):
    cells = [
        {"cell_type": "code", "input": cell["source"].split("\n"), "language": "python", "outputs": [], "metadata": {}}
        if cell["cell_type"] == "code"
        else cell
        for cell in desk.cells.values()
    ]
    for old, cell in zip(cells, desk.cells.values(), strict=True):
        old["metadata"] = cell["metadata"]
        if "input" in old:
            old["input"] = [line + "\n" for line in old["input"]]
    desk.hand_in(raw=json.dumps({"worksheets": [{"cells": cells}, None], "nbformat": 3}).encode())
    intake = desk.take_in()
    assert {name: text.strip() for name, text in answers_of(intake).items()} == desk.answers
    assert any("old format 3" in sentence for sentence in intake.mended)


def test_sources_of_any_shape_become_text_that_can_be_written(desk, answers_of):
    desk.cells["std"]["source"] = ["def std_from_log_var(v):\r\n", None, "    return 'a\ud800\0' # \ud83d\ude00"]
    desk.cells["sampling"]["source"] = {"not": "text"}
    desk.cells["sampling"]["metadata"]["nbgrader"]["points"] = "NaN"
    desk.cells["demo"]["metadata"] = ["not", "an", "object"]
    desk.hand_in(raw=json.dumps(desk.document()).encode())
    intake = desk.take_in()
    bad = "\N{REPLACEMENT CHARACTER}"
    assert answers_of(intake)["std"] == f"def std_from_log_var(v):\n    return 'a{bad}{bad}' # \U0001f600"
    assert json.dumps(intake.notebook, ensure_ascii=False).encode("utf-8")
    assert intake.untouched == {"sampling"}


# -- what needs a person -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"\0" * 5000, "empty"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "HTML"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS"),
        (b"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n", "Python"),
        (b"import numpy as np\n", "Python"),
        (b'{\n<<<<<<< HEAD\n "cells": []\n=======\n>>>>>>> b\n}', "merge conflict"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"[1, 2, 3]", "no list of cells"),
        (b'{"a": 1}', "no list of cells"),
        (b'{"cells": {"0": 1}}', "no list of cells"),
        (b'{"cells": []}', "none of the exercises"),
        (b'{"cells": [}', "JSON is wrong at line 1"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"a":' * 1_000_000, "nested too deeply"),
        (b"[" + b"{}," * 5_000_000 + b"{}]", "values"),
        (b'{"cells": [' + b"{}," * 1001 + b"{}]}", "1,002 cells"),
        (b'{"cells": [{"source": "' + b"x" * 2_000_001 + b'"}]}', "2,000,001 characters"),
    ],
)
def test_what_cannot_be_read_is_reported_with_the_reason_and_kept(desk, raw, words):
    path = desk.hand_in(raw=raw)
    with pytest.raises(Unreadable, match=words) as caught:
        desk.take_in()
    assert caught.value.path == path
    assert words in caught.value.reason
    assert NAME in str(caught.value)
    assert path.read_bytes() == raw
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.path, copy.reason) == (caught.value.path, caught.value.reason)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_says_so(desk, share):
    raw = desk.raw()
    desk.hand_in(raw=raw[: int(len(raw) * share)])
    with pytest.raises(Unreadable, match="cut off in the middle"):
        desk.take_in()


def test_another_lessons_notebook_is_not_graded_as_this_one(desk):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Convolutions\n\nWhat a stride does to a picture."},
        {"cell_type": "code", "metadata": {}, "source": desk.stub("setup")},
        {"cell_type": "code", "metadata": {}, "source": "def conv_output_size(size):\n    return size // 2"},
        {"cell_type": "markdown", "metadata": {}, "source": "It halves the picture, and that is what we wanted."},
    ]
    desk.hand_in(raw=json.dumps({"cells": cells, "nbformat": 4}).encode())
    with pytest.raises(Unreadable, match="none of the exercises"):
        desk.take_in()


def test_an_empty_folder_and_a_missing_one_are_reported(desk):
    with pytest.raises(Unreadable, match="It contains no files"):
        desk.take_in()
    desk.hand_in("answers.pdf", b"%PDF")
    with pytest.raises(Unreadable, match=r"It contains `answers\.pdf`"):
        desk.take_in()
    with pytest.raises(Unreadable, match="no such folder"):
        take_in(desk.folder / "nowhere", LESSON, desk.released)


def test_a_file_over_the_limit_is_not_read(desk):
    desk.hand_in(raw=b" " * 2000 + desk.raw())
    with pytest.raises(Unreadable, match="more than 0.0 MB is not read"):
        desk.take_in(limits=Limits(file_bytes=2000))


def test_a_huge_sparse_file_costs_no_memory(desk):
    path = desk.folder / NAME
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(Unreadable, match=r"1,099,511\.6 MB"):
        desk.take_in()


def test_outputs_and_attachments_are_dropped(desk, answers_of):
    for cell in desk.cells.values():
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 500_000}]
            cell["execution_count"] = 7
        else:
            cell["attachments"] = {"image.png": {"image/png": "A" * 500_000}}
    desk.hand_in()
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert len(json.dumps(intake.notebook)) < 20_000


# -- several notebooks ---------------------------------------------------------------------------------------


def test_the_right_name_wins_over_other_notebooks(desk, answers_of):
    desk.hand_in()
    desk.cells["std"]["source"] = "def std_from_log_var(v):\n    return 0"
    desk.hand_in("other.ipynb")
    assert all_answered(desk, desk.take_in(), answers_of)


def test_an_answered_copy_wins_over_the_untouched_original(desk, answers_of):
    desk.hand_in(f"{LESSON}-Copy1.ipynb")
    desk.hand_in(raw=json.dumps(desk.released).encode())
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert f"Not used: `{NAME}`." in intake.mended


def test_the_notebook_with_more_of_the_lesson_wins(desk, answers_of):
    desk.hand_in("b.ipynb")
    for name in ("std", "check-std", "check-sampling"):
        del desk.cells[name]
    desk.hand_in("a.ipynb")
    desk.hand_in("c.ipynb", b'{"cells": [{"cell_type": "code", "source": "scratch = 1"}]}')
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert "Not used: `a.ipynb`, `c.ipynb`." in intake.mended


def test_equal_candidates_with_other_answers_are_never_guessed_between(desk):
    desk.hand_in(f"{LESSON} (1).ipynb")
    desk.cells["std"]["source"] = "def std_from_log_var(v):\n    return 0"
    desk.hand_in(f"{LESSON} (2).ipynb")
    with pytest.raises(Unreadable, match="Two notebooks") as caught:
        desk.take_in()
    assert "(1)" in caught.value.reason and "(2)" in caught.value.reason


def test_two_copies_with_the_same_answers_are_one(desk, answers_of):
    desk.hand_in(f"{LESSON} (1).ipynb")
    desk.cells["demo"]["outputs"] = [{"output_type": "stream", "text": "seen"}]
    desk.hand_in(f"{LESSON} (2).ipynb")
    assert all_answered(desk, desk.take_in(), answers_of)


def test_an_empty_file_gives_way_but_a_broken_one_is_for_a_person(desk, answers_of):
    desk.hand_in(f"{LESSON} (1).ipynb")
    desk.hand_in(raw=b"")
    assert all_answered(desk, desk.take_in(), answers_of)
    desk.hand_in(raw=desk.raw()[:1000])
    with pytest.raises(Unreadable, match="cut off") as caught:
        desk.take_in()
    assert f"`{LESSON} (1).ipynb` beside it can be read" in caught.value.reason


def test_an_untouched_copy_does_not_hide_a_broken_one(desk):
    desk.hand_in(f"{LESSON} (1).ipynb", desk.raw()[:1000])
    desk.hand_in(raw=json.dumps(desk.released).encode())
    with pytest.raises(Unreadable, match="cut off"):
        desk.take_in()


def test_too_many_notebooks_or_files_are_for_a_person(desk):
    for number in range(21):
        desk.hand_in(f"{number}.ipynb", b"{}")
    with pytest.raises(Unreadable, match="21 notebooks"):
        desk.take_in()
    with pytest.raises(Unreadable, match="more than 20 files"):
        desk.take_in(limits=Limits(entries=20))


# -- links and devices ---------------------------------------------------------------------------------------


def secret(desk):
    """A notebook outside of the submission, answered."""
    path = desk.folder.parent.parent / "solution.ipynb"
    path.write_bytes(desk.raw())
    return path


def test_a_link_in_place_of_the_notebook_is_not_followed(desk):
    (desk.folder / NAME).symlink_to(secret(desk))
    with pytest.raises(Unreadable, match="symbolic link"):
        desk.take_in()


def test_links_beside_it_are_not_followed_either(desk):
    (desk.folder / "other.ipynb").symlink_to(secret(desk))
    (desk.folder / "folder").symlink_to(secret(desk).parent)
    (desk.folder / "loop").symlink_to(desk.folder)
    with pytest.raises(Unreadable, match="no notebook") as caught:
        desk.take_in()
    assert caught.value.reason.count("is a link") == 3


def test_the_folder_itself_may_not_be_a_link(desk):
    desk.hand_in()
    link = desk.folder.parent / "link"
    link.symlink_to(desk.folder)
    with pytest.raises(Unreadable, match="symbolic link"):
        take_in(link, LESSON, desk.released)


def test_a_file_swapped_for_a_link_while_it_is_read_gives_nothing_away(desk, answers_of):
    target, sound, path = secret(desk), desk.folder.parent / "sound", desk.folder / NAME
    sound.write_bytes(desk.raw())
    target.write_bytes(desk.raw().replace(b"0.5", b"0.25"))
    done = threading.Event()

    def swap():
        for number in itertools.count():
            if done.is_set():
                return
            link = desk.folder.parent / "next"
            link.symlink_to(target) if number % 2 else link.hardlink_to(sound)
            link.replace(path)
            link.unlink(missing_ok=True)  # a rename of one name of a file to another does nothing

    desk.hand_in()
    swapping = threading.Thread(target=swap)
    swapping.start()
    refused = 0
    try:
        for tries in range(100_000):  # on a busy machine the two take turns seldom
            if refused and tries >= 200:
                break
            try:
                assert all_answered(desk, desk.take_in(), answers_of)
            except Unreadable as problem:
                refused += "link" in problem.reason
    finally:
        done.set()
        swapping.join()
    assert refused


@pytest.mark.parametrize("name", [NAME, "other.ipynb"])
def test_a_pipe_is_never_opened(desk, name):
    os.mkfifo(desk.folder / name)
    with pytest.raises(Unreadable, match="not an ordinary file"):
        desk.take_in()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device node: run the tests as root to see it")
def test_a_device_is_never_opened(desk):
    try:
        os.mknod(desk.folder / NAME, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("this container forbids device nodes, even to root")
    with pytest.raises(Unreadable, match="not an ordinary file"):
        desk.take_in()


# -- archives ------------------------------------------------------------------------------------------------


def test_archive_entries_that_point_outside_are_passed_over(desk, answers_of):
    desk.hand_in(
        "all.zip",
        zipped(
            {
                "../x.ipynb": b"{}",
                "/etc/y.ipynb": b"{}",
                "C:\\z.ipynb": b"{}",
                "a/../../w.ipynb": b"{}",
                NAME: desk.raw(),
            }
        ),
    )
    intake = desk.take_in()
    assert all_answered(desk, intake, answers_of)
    assert sum("points outside" in sentence for sentence in intake.mended) == 4
    assert {path.name for path in desk.folder.parent.rglob("*")} == {LESSON, "all.zip"}


def test_a_link_in_an_archive_is_passed_over(desk):
    link = zipfile.ZipInfo(NAME)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    desk.hand_in("all.zip", zipped({link: "/etc/passwd"}))
    with pytest.raises(Unreadable, match="is a link"):
        desk.take_in()


def test_a_zip_bomb_is_not_unpacked(desk):
    bomb = zipped({NAME: b" " * 60_000_000})
    assert len(bomb) < 100_000
    desk.hand_in("all.zip", bomb)
    with pytest.raises(Unreadable, match=r"60\.0 MB"):
        desk.take_in()


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked(desk):
    bomb = bytearray(zipped({NAME: b" " * 60_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", bomb, bomb.index(signature) + offset, 100)
    desk.hand_in("all.zip", bytes(bomb))
    with pytest.raises(Unreadable, match="damaged"):
        desk.take_in()


def test_many_small_bombs_together_are_not_unpacked(desk):
    desk.hand_in("all.zip", zipped({f"{number}.ipynb": b" " * 40_000 for number in range(5)}))
    with pytest.raises(Unreadable, match="too much data to read"):
        desk.take_in(limits=Limits(read_bytes=150_000))


def password_protected(desk):
    raw = bytearray(zipped({NAME: desk.raw()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda desk: zipped({f"{number}.txt": b"" for number in range(2001)}), "more than 2,000 files"),
        (lambda desk: zipped({NAME: desk.raw()})[:-30], "damaged"),
        (lambda desk: b"not a zip", "damaged"),
        (lambda desk: zipped({NAME: desk.raw()}, zipfile.ZIP_LZMA), "unusual way"),
        (password_protected, "password"),
        (lambda desk: zipped({"inner.zip": zipped({NAME: desk.raw()})}), "no notebook"),
        (lambda desk: zipped({"a/b/c/x.ipynb": desk.raw()}), "no notebook"),
    ],
)
def test_an_archive_that_cannot_be_used_is_for_a_person(desk, make, words):
    desk.hand_in("all.zip", make(desk))
    with pytest.raises(Unreadable, match=words):
        desk.take_in()
