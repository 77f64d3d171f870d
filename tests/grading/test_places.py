"""Whatever lies under submitted/ is graded or named."""

import os
import random
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading.places import place_of, survey

LESSONS = ("02_reparameterization", "03_mnist_pipeline")
FIRST, SECOND = LESSONS


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path)
    for lesson in LESSONS:
        made.released_notebook(lesson).parent.mkdir(parents=True)
        made.released_notebook(lesson).write_text("{}")
    made.submitted.mkdir()
    return made


def put(course, *paths: str) -> None:
    for path in paths:
        file = course.submitted / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")


def found(course) -> dict[tuple[str, str], str]:
    return {key: str(place.relative_to(course.submitted)) for key, place in survey(course).places.items()}


def test_the_usual_place_needs_no_word(course):
    put(course, f"ada/{FIRST}/{FIRST}.ipynb", f"ada/{FIRST}/timestamp.txt", f"bo/{SECOND}/x.ipynb", "ada/.DS_Store")
    looked = survey(course)
    assert found(course) == {("ada", FIRST): f"ada/{FIRST}", ("bo", SECOND): f"bo/{SECOND}"}
    assert (looked.notes, looked.odd) == ([], [])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (f"ada/{FIRST}.ipynb", "ada"),
        (f"ada/{FIRST} (1).ipynb", "ada"),
        (f"ada/{FIRST}.zip", "ada"),
        (f"ada/{FIRST}", "ada"),
        (f"ada/homework/{FIRST}/{FIRST}.ipynb", f"ada/homework/{FIRST}"),
        (f"ada/homework/{FIRST}.ipynb", "ada/homework"),
        (f"ada/{FIRST.upper()}/x.ipynb", f"ada/{FIRST.upper()}"),
    ],
)
def test_another_place_is_said_where_it_is_clear(course, path, place):
    put(course, path, "ada/" + os.path.relpath(os.path.dirname(path) or ".", "ada") + "/timestamp.txt")
    looked = survey(course)
    assert found(course) == {("ada", FIRST): place}
    ((student, lesson, note),) = looked.notes
    assert (student, lesson) == ("ada", FIRST) and f"it belongs in `submitted/ada/{FIRST}`" in note
    assert looked.odd == [] or looked.odd == [
        "submitted/ada/timestamp.txt: not graded, because it is none of the course's lessons."
    ]
    assert place_of(course, "ada", FIRST) == course.submitted / place


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([f"{FIRST}.ipynb"], "it is not a student's folder"),
        (["ada/ps1/ps1.ipynb"], "submitted/ada/ps1: not graded, because it is none of the course's lessons"),
        (["ada/notes.txt"], "submitted/ada/notes.txt: not graded"),
        ([f".ada/{FIRST}/{FIRST}.ipynb"], "its name begins with a period"),
        (
            [f"ada/a/{FIRST}/x.ipynb", f"ada/b/{FIRST}/x.ipynb"],
            f"{FIRST} not graded, because `a` and `b` could both be meant",
        ),
        ([f"ada/{FIRST}/x.ipynb", f"ada/{FIRST}.ipynb"], f"submitted/ada/{FIRST}.ipynb: not graded"),
        ([f"ada/a/b/c/{FIRST}/x.ipynb"], "submitted/ada/a: not graded"),
        (["ada/\x1b[2J=1+1"], "not graded"),
        ([f"ada/hw/{FIRST}/x.ipynb", "ada/hw/notes.txt"], "submitted/ada/hw/notes.txt: not graded"),
        ([f"ada/hw/{FIRST}/x.ipynb", f"ada/hw/old/{SECOND}/x.ipynb"], "submitted/ada/hw/old: not graded"),
        ([f"ada/hw/{FIRST}.ipynb", "ada/hw/data.csv", "ada/hw/old/x.ipynb"], "submitted/ada/hw/old: not graded"),
    ],
)
def test_what_is_not_clear_is_named(course, paths, words):
    put(course, *paths)
    odd = survey(course).odd
    assert any(words in line for line in odd), odd
    assert "\x1b" not in "".join(odd)


def test_links_are_named_and_not_followed(course, tmp_path):
    put(course, f"ada/{FIRST}/x.ipynb")
    outside = tmp_path / "outside"
    (outside / FIRST).mkdir(parents=True)
    os.symlink(outside, course.submitted / "eve")
    os.symlink(outside, course.submitted / "ada" / "more")
    os.symlink(outside, course.submitted / "ada" / SECOND)
    looked = survey(course)
    # A lesson's folder that is a link gets its sentence from intake, like a notebook that is one.
    assert found(course) == {("ada", FIRST): f"ada/{FIRST}", ("ada", SECOND): f"ada/{SECOND}"}
    assert sorted(line.partition(":")[0] for line in looked.odd) == ["submitted/ada/more", "submitted/eve"]


def test_only_those_who_were_asked_for(course):
    put(course, f"ada/{FIRST}/x.ipynb", f"bo/{FIRST}/x.ipynb", "stray.txt")
    looked = survey(course, ["ada", "cy"])
    assert list(looked.places) == [("ada", FIRST)]
    assert looked.odd == ["submitted/cy: there is no such folder."]


NAMES = (
    "ada",
    "bo",
    FIRST,
    SECOND,
    FIRST.upper(),
    f"{FIRST}.ipynb",
    f"{SECOND} (2).ipynb",
    "hw",
    ".x",
    "a.txt",
    "x.zip",
)


def grow(folder: Path, depth: int, draw: random.Random) -> None:
    for name in draw.sample(NAMES, draw.randint(0, 4)):
        path = folder / name
        kind = draw.random()
        if kind < 0.15:
            path.symlink_to(folder)
        elif kind < 0.5 or depth == 0:
            path.write_text("{}")
        else:
            path.mkdir()
            grow(path, depth - 1, draw)


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_passed_over_in_silence(course, seed):
    """Of any tree: each thing in submitted/ and in each student's folder is named, or lies where it is graded."""
    grow(course.submitted, 4, random.Random(seed))
    looked = survey(course)
    places = {path.relative_to(course.submitted).parts for path in looked.places.values()}
    notes = [note for _, _, note in looked.notes]
    for entry in course.submitted.iterdir():
        alone = entry.is_symlink() or not entry.is_dir() or entry.name.startswith(".")
        inside = [entry] if alone else list(entry.iterdir())
        # A folder on the way to a lesson's is no answer for what lies beside that lesson.
        for folder in [path for path in inside if path.is_dir() and not path.is_symlink()]:
            on_the_way = any(place[:-1] == folder.relative_to(course.submitted).parts for place in places)
            inside += folder.iterdir() if on_the_way else []
        for path in inside:
            parts = path.relative_to(course.submitted).parts
            graded = any(place[: len(parts)] == parts for place in places)
            # A folder that holds the notebook directly is graded for it, and below the student's, files may lie beside.
            beside = parts[:-1] in places and path.is_file() and not path.is_symlink()
            flat = beside and (len(parts) > 2 or any(lesson in path.name.casefold() for lesson in LESSONS))
            named = any(line.startswith(f"submitted/{'/'.join(parts)}:") for line in looked.odd)
            named |= any(f"`{parts[-1]}" in line or parts[-1] in line for line in looked.odd + notes)
            assert graded or flat or named, (parts, looked)
