"""``check()`` without a name: the lesson so far."""

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import check

CHECKS = '''
import pytest
from autograder.checking.expect import expect

@pytest.mark.exercise("double", points=1)
def test_double(student):
    """It doubles."""
    expect(student.eval("double(3)"), close_to=6, message="Twice the number, not <b>more</b>.")

@pytest.mark.exercise("double", points=2)
def test_negative(student):
    """It doubles a negative number."""
    expect(student.eval("double(-1)"), close_to=-2, message="Negative numbers too.")

@pytest.mark.exercise("square", points=2)
def test_square(student):
    """It squares."""
    expect(student.eval("square(3)"), close_to=9, message="The number times itself.")
'''


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "03_numbers"
    folder.mkdir()
    (folder / "checks.py").write_text(CHECKS)
    return folder


@pytest.fixture
def so_far(folder, monkeypatch):
    monkeypatch.chdir(folder)

    def progress(code):
        space = {"check": check}
        exec(f"{code}\nresult = check()", space)
        return space["result"]

    return progress


def test_an_untouched_lesson(so_far):
    shown = so_far("")
    assert (shown.points, shown.max_points, shown.next) == (0, 5, "double")
    assert str(shown).splitlines() == [
        "03_numbers: 0 of 2 exercises, 0 of 5 points by these checks; next: `double`. "
        "Written answers are marked by a person.",
        "  ○ double: not attempted",
        "  ○ square: not attempted",
    ]


def test_a_mistake_is_named_and_the_rest_counted(so_far):
    shown = so_far("def double(x): return abs(2 * x)\ndef square(x): return x * x")
    assert (shown.points, shown.next) == (3, "double")
    assert "  ◐ double: 1 of 2 checks hold. Negative numbers too." in str(shown)
    assert "  ✓ square: all checks hold" in str(shown)


def test_all_done(so_far):
    shown = so_far("def double(x): return 2 * x\ndef square(x): return x * x")
    assert shown.next == "" and "5 of 5 points by these checks; every check holds" in str(shown)


def test_its_html_holds_no_markup_of_a_message(so_far):
    page = so_far("def double(x): return 7")._repr_html_()
    assert "&lt;b&gt;more" in page and "<b>more" not in page
    assert '<li class="not-attempted">' in page


def test_where_there_is_no_lesson_it_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    space = {"check": check}
    exec("result = check()", space)
    assert "say which" in str(space["result"])


def test_in_a_notebook_it_follows_later_checks(folder):
    cells = [
        "from autograder import check",
        "check()",
        "def double(x): return 2 * x",
        'check("double")',
        "def double(x): return abs(2 * x)",
        'check("double")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}})
    said = []
    with client.setup_kernel():
        for i, cell in enumerate(notebook.cells):
            client.execute_cell(cell, i)
            said.append("".join(output["data"]["text/plain"] for output in notebook.cells[1].get("outputs", [])))
    assert "double: not attempted" in said[1]
    assert "1 of 2 exercises, 3 of 5 points" in said[3] and "double: all checks hold" in said[3]
    assert "0 of 2 exercises, 1 of 5 points" in said[5] and "Negative numbers too." in said[5]
