"""Every answer lands in its own exercise, whatever was done to the notebook around it."""

import json

import pytest

from autograder.intake import Limits, take_in


def hand_in_and_read(desk, answers_of, **options):
    desk.hand_in()
    intake = desk.take_in(**options)
    return intake, answers_of(intake)


def own_cells(intake):
    """The student's own cells, each with the id of the lesson's cell above it."""
    found, above = [], None
    for cell in intake.notebook.cells:
        if cell.id.startswith("id-"):
            above = cell.id.removeprefix("id-")
        else:
            found.append((above, cell.cell_type, cell.source))
    return found


def said(intake, *words):
    """Whether one sentence has all these words."""
    return any(all(word in sentence for word in words) for sentence in intake.mended)


# -- what was untouched --------------------------------------------------------------------------------------


def test_the_released_lesson_is_untouched(desk):
    desk.hand_in(raw=json.dumps(desk.released).encode())
    intake = desk.take_in()
    assert intake.untouched == {"std", "sampling", "written-leak"}
    assert intake.mended == ()


@pytest.mark.parametrize(
    "change", [lambda s: s.replace("\n", "\r\n"), lambda s: f"\n\n{s}  \n", lambda s: s.replace("\n", " \n\n")]
)
def test_white_space_alone_is_no_answer(desk, answers_of, change):
    desk.cells["std"]["source"] = change(desk.stub("std"))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert intake.untouched == {"std"}
    assert answers["std"] == desk.stub("std")


def test_a_changed_letter_is_an_answer(desk, answers_of):
    desk.cells["std"]["source"] = desk.stub("std").replace("TO DO", "to do")
    intake, _ = hand_in_and_read(desk, answers_of)
    assert intake.untouched == frozenset()


@pytest.mark.parametrize("source", ["", "  \n\n", []])
def test_an_emptied_answer_gets_its_stub_back(desk, answers_of, source):
    desk.cells["std"]["source"] = source
    intake, answers = hand_in_and_read(desk, answers_of)
    assert intake.untouched == {"std"} and answers["std"] == desk.stub("std")
    assert said(intake, "`std`", "was empty")


def test_a_deleted_answer_is_untouched(desk, answers_of):
    del desk.cells["sampling"]
    intake, answers = hand_in_and_read(desk, answers_of)
    assert intake.untouched == {"sampling"} and answers["sampling"] == desk.stub("sampling")
    assert said(intake, "`sampling`", "was missing")


def test_an_answer_without_end_is_not_taken_over(desk, answers_of):
    desk.cells["std"]["source"] = "x = 1\n" * 50
    desk.insert("std", "long", "y = 1\n" * 50)
    intake, answers = hand_in_and_read(desk, answers_of, limits=Limits(cell_characters=250))
    assert intake.untouched == {"std"} and answers["std"] == desk.stub("std")
    assert said(intake, "`std`", "more than 250 characters")
    assert said(intake, "An added cell", "more than 250 characters") and own_cells(intake) == []


# -- how a cell is recognized --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["std", "sampling", "written-leak"])
@pytest.mark.parametrize(
    ("ids", "grade_id", "how"),
    [(False, None, "its cell id"), (False, "renamed", "its cell id"), (True, None, None), (True, "renamed", None)],
)
def test_an_answer_that_lost_its_name_is_recognized(desk, answers_of, name, ids, grade_id, how):
    desk.strip(name, ids=ids)
    if grade_id:
        desk.cells[name]["metadata"] = {"nbgrader": {"grade_id": grade_id, "solution": True}}
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers and intake.untouched == frozenset()
    assert len(intake.mended) == 1
    assert said(intake, f"`{name}`", "lost its name", how or "recognized by")


def test_a_notebook_without_any_metadata_is_recognized(desk, answers_of):
    desk.strip()
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == []


def test_by_place_alone_where_nothing_else_speaks(desk, answers_of):
    desk.strip("std", "written-leak")
    desk.cells["std"]["source"] = "from mine import f as std_from_log_var"
    desk.cells["written-leak"]["source"] = "Nope."
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers["std"] == "from mine import f as std_from_log_var"
    assert answers["written-leak"] == "Nope."
    assert said(intake, "`std`", "its place") and said(intake, "`written-leak`", "its place")


def test_by_likeness_where_it_was_moved_away(desk, answers_of):
    desk.strip("std")
    desk.cells["std"]["source"] = desk.stub("std").replace("def std_from_log_var", "def my_std_of")
    desk.cells = {name: desk.cells[name] for name in [*(n for n in desk.cells if n != "std"), "std"]}
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers["std"] == desk.cells["std"]["source"]
    assert said(intake, "`std`", "what it says") and said(intake, "another order")


def test_the_one_that_defines_the_name_is_the_answer(desk, answers_of):
    desk.strip("std")
    desk.insert("setup", "first", "factor = 0.5")
    desk.insert("std", "last", "print(std_from_log_var(np.zeros(3)))")
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == [
        ("setup", "code", "factor = 0.5"),
        ("std", "code", "print(std_from_log_var(np.zeros(3)))"),
    ]


@pytest.mark.parametrize("kind", ["markdown", "raw", "heading", "sql", None])
def test_a_code_answer_in_another_kind_of_cell_is_read_as_code(desk, answers_of, kind):
    desk.cells["std"]["cell_type"] = kind
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert said(intake, "`std`", "read as code")


def test_a_written_answer_in_a_code_cell_is_read_as_text(desk, answers_of):
    desk.cells["written-leak"]["cell_type"] = "code"
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert said(intake, "`written-leak`", "read as markdown")


def test_points_locks_and_tags_of_the_student_count_for_nothing(desk, answers_of):
    for cell in desk.cells.values():
        cell["metadata"].setdefault("nbgrader", {}).update(points=1000, locked=False, grade=True, schema_version=-1)
        cell["metadata"]["tags"] = ["skip-grading"]
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers and intake.mended == ()


# -- the lesson's own cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [("check-std", "check cell of `std`"), ("setup", "begins `import keras`"), ("demo", "begins `for log_var")],
)
@pytest.mark.parametrize("change", ["deleted", "changed", "emptied", "made markdown"])
def test_the_lessons_cells_stand_as_released(desk, answers_of, name, words, change):
    if change == "deleted":
        del desk.cells[name]
    elif change == "made markdown":
        desk.cells[name]["cell_type"] = "markdown"
    else:
        desk.cells[name]["source"] = "check = print" if change == "changed" else ""
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == []
    assert len(intake.mended) == 1
    assert said(intake, words, "was missing and was put back" if change == "deleted" else "had been changed")


def test_a_given_cell_without_metadata_is_recognized_when_edited(desk, answers_of):
    desk.strip("demo")
    desk.cells["demo"]["source"] = desk.stub("demo").replace("2.0", "3.0")
    intake, _ = hand_in_and_read(desk, answers_of)
    assert own_cells(intake) == []
    assert said(intake, "begins `for log_var", "had been changed")


def test_changed_prose_gets_one_sentence(desk, answers_of):
    desk.cells["title"]["source"] += " My notes."
    del desk.cells["prose"]
    intake, _ = hand_in_and_read(desk, answers_of)
    assert intake.mended == ("2 text cells of the lesson had been changed or deleted; the lesson's own text is used.",)


def test_white_space_in_a_given_cell_is_not_mentioned(desk, answers_of):
    desk.cells["setup"]["source"] = desk.stub("setup").replace("\n", "\r\n") + "\n\n"
    intake, _ = hand_in_and_read(desk, answers_of)
    assert intake.mended == ()


def test_all_checks_deleted_and_all_prose(desk, answers_of):
    desk.cells = {name: desk.cells[name] for name in desk.answers}
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert said(intake, "check cell of `std`", "put back") and said(intake, "check cell of `sampling`", "put back")


def test_cells_in_another_order_go_back(desk, answers_of):
    desk.cells = dict(reversed(desk.cells.items()))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert intake.mended == ("The lesson's cells were in another order; the original order was restored.",)


# -- copies --------------------------------------------------------------------------------------------------


def copy_of(desk, name, source=None):
    """A cell as JupyterLab copies it: the same metadata, another id."""
    cell = json.loads(json.dumps(desk.cells[name]))
    return {"source": cell["source"] if source is None else source, "metadata": cell["metadata"], "id": f"copy-{name}"}


@pytest.mark.parametrize("keeps_metadata", [True, False])
@pytest.mark.parametrize("after", ["setup", "std", "summary"])
def test_a_copy_of_the_stub_does_not_undo_the_answer(desk, answers_of, after, keeps_metadata):
    copy = copy_of(desk, "std", desk.stub("std"))
    desk.insert(after, "copy", **(copy if keeps_metadata else {"source": copy["source"]}))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == [] and intake.mended == ()


def test_of_several_answers_the_last_counts(desk, answers_of):
    later = "def std_from_log_var(v):\n    return np.exp(v / 2)"
    desk.insert("std", "copy", **copy_of(desk, "std", later))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers["std"] == later
    assert own_cells(intake) == []
    assert said(intake, "`std`", "the last one counts")


@pytest.mark.parametrize("after", ["setup", "std"])
def test_a_copy_that_holds_a_helper_is_kept_as_one(desk, answers_of, after):
    desk.insert(after, "copy", **copy_of(desk, "std", "def half(x):\n    return 0.5 * x"))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == [(after, "code", "def half(x):\n    return 0.5 * x")]


def test_a_written_answer_in_several_cells_is_joined(desk, answers_of):
    desk.insert("written-leak", "more", kind="markdown", **copy_of(desk, "written-leak", "And a third sentence."))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers["written-leak"] == desk.answers["written-leak"] + "\n\nAnd a third sentence."
    assert said(intake, "`written-leak`", "joined")


def test_copies_of_a_check_are_dropped(desk, answers_of):
    desk.insert("setup", "same", **copy_of(desk, "check-std"))
    desk.insert("std", "other", **copy_of(desk, "check-std", "check = print"))
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers and own_cells(intake) == [] and intake.mended == ()


def test_a_copy_of_a_given_cell_with_the_students_own_code_is_kept(desk, answers_of):
    desk.insert("setup", "copy", **copy_of(desk, "setup", "import math"))
    intake, _ = hand_in_and_read(desk, answers_of)
    assert own_cells(intake) == [("setup", "code", "import math")]


# -- the student's own cells ---------------------------------------------------------------------------------


def test_own_cells_are_kept_in_their_place_and_bare(desk, answers_of):
    forged = {"nbgrader": {"grade_id": "check-forged", "grade": True, "points": 100}, "tags": ["skip-grading"]}
    desk.insert("title", "note", "My notes.", kind="markdown", attachments={"a": {"image/png": "AA"}})
    desk.insert("check-std", "helper", "def half(x):\n    return x / 2", metadata=forged, id="id-std")
    desk.insert("helper", "second", "half(3)", id="not an id!")
    desk.insert("sampling", "raw", "some text", kind="raw")
    desk.insert("sampling", "nothing", "  ")
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers == desk.answers
    assert own_cells(intake) == [
        ("title", "markdown", "My notes."),
        ("check-std", "code", "def half(x):\n    return x / 2"),
        ("check-std", "code", "half(3)"),
        ("sampling", "raw", "some text"),
    ]


def test_a_cell_above_the_lesson_stays_there(desk, answers_of):
    desk.cells = {"top": {"cell_type": "code", "source": "%matplotlib inline"}, **desk.cells}
    intake, _ = hand_in_and_read(desk, answers_of)
    assert own_cells(intake) == [(None, "code", "%matplotlib inline")]


def test_a_moved_cell_is_no_landmark(desk, answers_of):
    """A helper above `sampling` stays there though a cell of the lesson's end was moved in between."""
    moved = desk.cells.pop("summary")
    desk.insert("demo", "helper", "def half(x):\n    return x / 2")
    order = list(desk.cells)
    order.insert(order.index("helper"), "summary")
    desk.cells["summary"] = moved
    desk.cells = {name: desk.cells[name] for name in order}
    intake, _ = hand_in_and_read(desk, answers_of)
    assert own_cells(intake) == [("demo", "code", "def half(x):\n    return x / 2")]


def test_an_id_of_ours_in_the_lesson_is_not_used_twice(desk, answers_of):
    desk.released.cells[0]["id"] = "id-added"
    desk.released.cells[4]["id"] = "added-1"
    desk.hand_in()
    desk.insert("std", "helper", "a = 1")
    desk.hand_in()
    ids = [cell.id for cell in take_in(desk.folder, desk.lesson, desk.released).notebook.cells]
    assert len(set(ids)) == len(ids) and "added-2" in ids


# -- answers in another cell ---------------------------------------------------------------------------------


def test_two_answers_in_one_cell_are_told_apart(desk, answers_of):
    both = desk.answers["std"] + "\n\n\n@keras.saving.register_keras_serializable()\n" + desk.answers["sampling"]
    desk.cells["std"]["source"] = both
    desk.cells["sampling"]["source"] = desk.stub("sampling")
    intake, answers = hand_in_and_read(desk, answers_of)
    assert answers["std"] == both
    assert answers["sampling"] == "@keras.saving.register_keras_serializable()\n" + desk.answers["sampling"]
    assert intake.untouched == frozenset()
    assert said(intake, "`sampling`", "was in another cell")


@pytest.mark.parametrize("stub", ["stands", "deleted", "emptied"])
@pytest.mark.parametrize("after", ["setup", "std", "summary"])
def test_an_answer_in_an_added_cell_is_fetched(desk, answers_of, after, stub):
    desk.insert(after, "mine", "%time\nscratch = 1\n" + desk.answers["std"])
    desk.cells["std"]["source"] = "" if stub == "emptied" else desk.stub("std")
    if stub == "deleted":
        del desk.cells["std"]
    intake, answers = hand_in_and_read(desk, answers_of)
    assert desk.answers["std"] in answers["std"]
    assert intake.untouched == frozenset()


def test_a_stub_is_kept_whole_around_the_fetched_definition(desk, answers_of):
    place = desk.names.index("std")
    desk.released.cells[place].source = f"scale = 2.0\n\n\n{desk.stub('std')}\n\nprint(scale)"
    desk.cells["std"]["source"] = desk.stub("std")
    desk.insert("setup", "mine", desk.answers["std"])
    _, answers = hand_in_and_read(desk, answers_of)
    assert answers["std"] == f"scale = 2.0\n\n\n{desk.answers['std']}\n\nprint(scale)"


@pytest.mark.parametrize(
    "other",
    [
        "def std_from_log_var(:\n    return",  # does not parse
        "print(std_from_log_var)",
        "x = " + "-" * 50_000 + "1",  # too much for the parser
        "x = 1" + "+1" * 50_000,
        "x = 'a\\d'",
    ],
)
def test_code_that_defines_nothing_of_it_leaves_the_stub(desk, answers_of, other):
    desk.cells["std"]["source"] = desk.stub("std")
    desk.insert("setup", "mine", other)
    intake, answers = hand_in_and_read(desk, answers_of)
    assert intake.untouched == {"std"} and answers["std"] == desk.stub("std")
    assert own_cells(intake) == [("setup", "code", other)]


def test_a_name_that_several_cells_of_the_lesson_define_is_not_fetched(desk, answers_of):
    """One class written over several exercises: the first answer isn't the second exercise's."""
    place = desk.names.index("sampling")
    desk.released.cells[place].source = desk.stub("std") + "\n    # goes on here"
    desk.cells["sampling"]["source"] = desk.stub("sampling")
    intake, answers = hand_in_and_read(desk, answers_of)
    assert intake.untouched == {"sampling"} and answers["sampling"] == desk.stub("sampling")


def test_nothing_of_the_students_is_executed(desk, answers_of, tmp_path):
    mark = tmp_path / "executed"
    evil = f"open({str(mark)!r}, 'w')\n@(lambda f: open({str(mark)!r}, 'w'))\n"
    desk.cells["std"]["source"] = evil + desk.answers["std"]
    desk.insert("setup", "mine", evil + desk.answers["sampling"])
    hand_in_and_read(desk, answers_of)
    assert not mark.exists()
