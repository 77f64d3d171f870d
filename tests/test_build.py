"""Promises about the build: lessons and solutions follow from the source, byte for byte, and leak nothing."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from typer.testing import CliRunner

from autograder.building import pair
from autograder.cli import app
from autograder.course import Course, CourseError

LESSON = "02_tiny"
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
TEXT = """\
# %% [markdown]
# # 02 · Tiny: a lesson for the tests
#
# **You will be able to**
# - double a number.
#
# **Time** a minute · **Points** 3 · **Builds on** nothing
#
# Words.

# %%
import math


def check(name):
    return f"checked {name}"


# %% exercise="std"
def std(log_var):
    \"\"\"Standard deviation.\"\"\"
    ### BEGIN SOLUTION
    return math.exp(0.5 * log_var)
    ### END SOLUTION


# %% check="std"
check("std")

# %% tags=["skip-grading"]
# %matplotlib inline
print(std(0.0))

# %% [markdown] points=2 written="written-leak"
# The secret rubric.
"""
CHECKS = """\
import pytest


@pytest.mark.exercise("std", points=1)
def test_{kind}_one(student):
    \"\"\"One.\"\"\"


@pytest.mark.exercise("std", points=0.5)
def test_{kind}_two(student):
    \"\"\"Two.\"\"\"
"""


@pytest.fixture
def course(tmp_path, repository, monkeypatch) -> Course:
    """A course of one tiny lesson, not yet built."""
    course = Course(tmp_path / "course")
    course.root.mkdir()
    shutil.copy(repository / "nbgrader_config.py", course.root)
    (course.source / LESSON).mkdir(parents=True)
    course.source_text(LESSON).write_text(TEXT)
    (course.source / LESSON / "checks.py").write_text(CHECKS.format(kind="public"))
    course.hidden_dir.mkdir()
    (course.hidden_dir / f"{LESSON}.py").write_text(CHECKS.format(kind="hidden"))
    shutil.copy(repository / "source/jupytext.toml", course.source)
    return course


def run(course: Course, *arguments: str) -> tuple[int, str]:
    """Exit status of the build command, and all that it said."""
    result = CliRunner().invoke(app, ["build", "--course", str(course.root), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cells(file: Path) -> dict[str, nbformat.NotebookNode]:
    return {cell.id: cell for cell in nbformat.read(file, as_version=4).cells}


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_released_lesson_has_stubs_for_answers_and_holds_no_solution(course):
    assert run(course, "--only", "lessons")[0] == 0
    released = cells(course.released_notebook(LESSON))
    assert released["std"].source == (
        'def std(log_var):\n    """Standard deviation."""\n'
        '    raise NotImplementedError("TO DO: replace this line with your answer")'
    )
    assert released["written-leak"].source == "Write your answer here."
    everything = b"".join(v for name, v in tree(course.lessons_dir).items() if name.endswith(".ipynb")).decode()
    for secret in ("math.exp", "SOLUTION", "rubric", "test_hidden", "test_public"):
        assert secret not in everything
    assert sorted(file.name for file in (course.lessons_dir / LESSON).iterdir()) == [f"{LESSON}.ipynb", "checks.py"]
    for cell in released.values():
        if cell.cell_type == "code" and not cell.source.startswith("%"):
            ast.parse(cell.source)


def test_nbgrader_reads_the_metadata_and_points_are_the_sum_of_the_checks(course):
    run(course, "--only", "lessons")
    for file in (course.source_notebook(LESSON), course.released_notebook(LESSON)):
        MetadataValidator().validate_nb(nbformat.read(file, as_version=4))
    meta = {name: cell.metadata.get("nbgrader", {}) for name, cell in cells(course.source_notebook(LESSON)).items()}
    assert meta["check-std"]["points"] == 3  # 1 + 0.5, public and hidden
    assert meta["written-leak"]["points"] == 2
    assert (meta["std"]["solution"], meta["std"]["grade"], meta["std"]["locked"]) == (True, False, False)
    assert (meta["check-std"]["solution"], meta["check-std"]["grade"], meta["check-std"]["locked"]) == (
        False,
        True,
        True,
    )
    given = [m for m in meta.values() if m.get("grade_id", "").startswith("given-")]
    assert len(given) == 2
    assert all(m["locked"] and not m["grade"] and not m["solution"] for m in given)


def test_building_twice_gives_the_same_bytes(course, tmp_path):
    run(course, "--only", "lessons")
    first = tree(course.root)
    shutil.rmtree(course.lessons_dir)
    course.source_notebook(LESSON).unlink()
    run(course, "--only", "lessons")
    assert tree(course.root) == first
    assert run(course, "--only", "lessons", "--check")[0] == 0


PUBLISHED = """
c.Autograder.repository = "{}"
c.Autograder.install = ["statistics @ git+{{repository}}@{{branch}}"]
"""


def publish(course: Course, address: str) -> dict[str, nbformat.NotebookNode]:
    """The cells of the released lesson of a course that is published there."""
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(PUBLISHED.format(address))
    run(course, "--only", "lessons")
    assert run(course, "--only", "lessons", "--check")[0] == 0
    return cells(course.released_notebook(LESSON))


def test_an_address_that_is_none_is_named(course):
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(PUBLISHED.format("github.com/someone/statistics"))
    status, said = run(course, "--only", "lessons")
    assert status != 0
    assert "nbgrader_config.py can't be used: repository must be an address such as https://" in said
    assert "it is 'github.com/someone/statistics'" in said


def test_a_published_lesson_opens_in_colab_and_installs_what_is_missing(course):
    run(course, "--only", "lessons")
    before = cells(course.released_notebook(LESSON))
    released = publish(course, "https://github.com/someone/statistics")
    title, install = list(released.values())[:2]
    file = f"lessons/{LESSON}/{LESSON}.ipynb"
    assert title.source.startswith(
        "# 02 · Tiny: a lesson for the tests\n\nOpen in [Colab](https://colab.research.google.com/"
    )
    assert f"github/someone/statistics/blob/main/{file})" in title.source
    assert f"mybinder.org/v2/gh/someone/statistics/main?labpath={file.replace('/', '%2F')})" in title.source
    assert "(https://codespaces.new/someone/statistics/tree/main)" in title.source
    assert '"statistics @ git+https://github.com/someone/statistics@main"' in install.source
    assert install.metadata.tags == ["skip-grading"]
    exec(install.source, {})  # the engine is installed here: nothing happens
    changed = (title.id, install.id)
    rest, as_before = (
        {name: cell.source for name, cell in lesson.items() if name not in changed} for lesson in (released, before)
    )
    assert rest == as_before


def test_a_branch_is_that_of_the_address_and_other_hosts_have_no_links(course):
    released = publish(course, "https://github.com/someone/statistics/tree/autumn")
    title, install = list(released.values())[:2]
    assert "/blob/autumn/" in title.source and "git+https://github.com/someone/statistics@autumn" in install.source
    title, install = list(publish(course, "https://example.org/statistics.git").values())[:2]
    assert "Open in" not in title.source and "git+https://example.org/statistics@main" in install.source


@pytest.mark.slow
def test_the_solution_is_executed_and_shows_what_it_printed(course):
    assert run(course, "--only", "solutions")[0] == 0
    file = course.solution_notebook(LESSON)
    solved = cells(file)
    assert "return math.exp(0.5 * log_var)" in solved["std"].source
    assert "SOLUTION" not in file.read_text()
    assert solved["check-std"].outputs[0].data["text/plain"] == "'checked std'"
    printed = [out.text for cell in solved.values() for out in cell.get("outputs", []) if out.output_type == "stream"]
    assert printed == ["1.0\n"]
    assert "shell.execute_reply" not in file.read_text()  # when a cell ran would differ each time


@pytest.mark.slow
def test_only_changed_code_is_executed_again(course):
    run(course)
    file = course.solution_notebook(LESSON)
    replace(file, '"1.0\\n"', '"from the first run\\n"')
    replace(course.source_text(LESSON), "Words.", "Other words.")
    assert run(course)[0] == 0
    assert "Other words." in file.read_text()
    assert "from the first run" in file.read_text()
    replace(course.source_text(LESSON), "print(std(0.0))", "print(std(0.0) + 1)")
    assert run(course)[0] == 0
    assert "from the first run" not in file.read_text()
    assert '"2.0\\n"' in file.read_text()
    replace(file, '"2.0\\n"', '"from the third run\\n"')
    checks = course.source / LESSON / "checks.py"
    checks.write_text(f"# the same to a reader of the output\n{checks.read_text()}")
    assert run(course)[0] == 0
    assert "from the third run" in file.read_text()
    checks.write_text(checks.read_text().replace("points=1", "points=2"))
    assert run(course, "--check")[0] == 1
    assert run(course)[0] == 0
    assert "from the third run" not in file.read_text()


def test_drift_in_each_generated_file_is_found_and_named(course):
    run(course)
    assert run(course, "--check") == (0, "The lessons and the solutions are up to date.\n")
    files = {
        course.source_notebook(LESSON): "Words.",
        course.released_notebook(LESSON): "Words.",
        course.solution_notebook(LESSON): "math.exp",
    }
    for file, word in files.items():
        committed = file.read_bytes()
        replace(file, word, "edited")
        edited = file.read_bytes()
        status, said = run(course, "--check")
        name = file.relative_to(course.root).as_posix()
        assert (status, said) == (1, f"{name} is out of date; run: autograder build\n")
        assert file.read_bytes() == edited  # --check writes nothing
        file.write_bytes(committed)
        file.rename(file.with_suffix(".away"))
        assert name in run(course, "--check")[1]
        file.with_suffix(".away").rename(file)


def test_the_map_of_the_course_is_made_from_the_sources(course):
    run(course)
    page = (course.lessons_dir / "README.md").read_text("utf-8")
    assert "[02 · Tiny: a lesson for the tests](02_tiny/02_tiny.ipynb) | a minute | nothing |" in page
    assert "- double a number\n" in page
    (course.lessons_dir / "README.md").write_text("edited")
    assert run(course, "--check") == (1, "lessons/README.md is out of date; run: autograder build\n")


def test_a_changed_source_makes_all_three_stale(course):
    run(course)
    replace(course.source_text(LESSON), "import math", "import math as math")
    status, said = run(course, "--check")
    assert status == 1
    assert [line.split()[0] for line in said.splitlines()] == [
        f"{room}/{LESSON}/{LESSON}.ipynb" for room in ("source", "lessons", "solutions")
    ]


def test_jupytext_sees_a_true_pair(course):
    """Syncing in either direction changes neither half, and an edit to the text keeps nbgrader's metadata."""
    run(course, "--only", "lessons")
    text, notebook = course.source_text(LESSON), course.source_notebook(LESSON)
    before = tree(course.source)

    def sync(file: Path) -> None:
        command = [sys.executable, "-m", "jupytext", "--sync", file.name]
        subprocess.run(command, cwd=file.parent, check=True, capture_output=True)

    sync(notebook)
    assert tree(course.source) == before
    notebook.touch()
    text.touch()
    sync(text)
    assert tree(course.source) == before
    replace(text, "Words.", "Other words.")
    sync(text)
    marked = [cell.metadata.nbgrader.grade_id for cell in cells(notebook).values() if "nbgrader" in cell.metadata]
    assert {"std", "check-std", "written-leak"} <= set(marked)


def test_answers_written_into_a_released_lesson_are_put_aside_not_overwritten(course):
    run(course, "--only", "lessons")
    lesson = course.released_notebook(LESSON)
    replace(lesson, 'raise NotImplementedError(\\"TO DO: replace this line with your answer\\")', "return 7")
    status, said = run(course, "--only", "lessons")
    aside = lesson.with_suffix(".kept-1.ipynb")
    assert (status, aside.name in said) == (0, True)
    assert "return 7" in aside.read_text()
    assert "return 7" not in lesson.read_text()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (' exercise="std"', "", "students will see it"),
        ('check="std"', 'check="sdt"', 'pytest.mark.exercise("sdt"'),
        ('check("std")', 'check("sdt")', 'must be check("std")'),
        ("    ### BEGIN SOLUTION\n", "", "nothing for a student to do"),
        ("    ### END SOLUTION\n", "", "no end solution"),
        ('# %% check="std"\ncheck("std")\n', "", 'no cell `# %% check="std"`'),
        ("points=2 ", "", "states its points"),
        ('exercise="std"', 'exercice="std"', "its header has exercice"),
        ('exercise="std"', 'exercise="Std Dev"', "can't be a name"),
        ('written="written-leak"', 'written="std"', "already the name"),
    ],
)
def test_a_source_that_makes_no_sound_lesson_is_refused_with_its_file_and_reason(course, old, new, says):
    replace(course.source_text(LESSON), old, new)
    status, said = run(course, "--only", "lessons")
    assert status == 1
    assert f"source/{LESSON}/{LESSON}" in said
    assert says in said
    assert not course.released_notebook(LESSON).exists()


def test_checks_for_an_exercise_that_is_not_in_the_lesson_are_reported(course):
    extra = CHECKS.format(kind="extra").replace('"std"', '"lost"')
    (course.source / LESSON / "checks.py").write_text(CHECKS.format(kind="public") + extra)
    status, said = run(course)
    assert (status, "has no exercise lost" in said) == (1, True)


def test_right_answers_in_a_check_file_of_the_students_are_refused(course):
    checks = course.source / LESSON / "checks.py"
    checks.write_text(checks.read_text("utf-8") + '\nSTAND_INS = {"std": "def std(x): return 1"}\n', encoding="utf-8")
    status, said = run(course, "--only", "lessons")
    assert status == 1 and "students can read this file; move STAND_INS to the hidden checks" in said


@pytest.mark.slow
def test_a_solution_that_fails_is_not_written(course):
    replace(course.source_text(LESSON), "print(std(0.0))", "print(sdt(0.0))")
    status, said = run(course)
    assert status == 1
    assert "name 'sdt' is not defined" in said
    assert not course.solution_notebook(LESSON).exists()


def test_a_course_is_found_from_inside_and_its_lessons_by_name_or_number(course):
    run(course, "--only", "lessons")
    found = Course.find(course.lessons_dir / LESSON)
    assert found == course
    assert found.lessons() == [LESSON]
    assert [found.lesson(name) for name in (LESSON, "2", "02", f"lessons/{LESSON}/")] == [LESSON] * 4
    with pytest.raises(CourseError, match="did you mean 02_tiny"):
        found.lesson("02_tyni")


def test_a_folder_with_nothing_but_released_lessons_is_a_course(course, tmp_path):
    run(course, "--only", "lessons")
    shutil.copytree(course.lessons_dir, tmp_path / "elsewhere" / "release")  # nbgrader's own name for it
    other = Course.find(tmp_path / "elsewhere")
    assert other.lessons() == [LESSON]
    assert other.released(LESSON).cells[0].source.startswith("# 02 · Tiny")
    (tmp_path / "elsewhere/release" / LESSON / f"{LESSON}.ipynb").write_text('{"cells": [')
    with pytest.raises(CourseError, match=rf"{LESSON}\.ipynb is not a readable notebook .* unpack"):
        other.released(LESSON)


def test_outside_a_course_the_message_says_how_to_name_one(tmp_path):
    with pytest.raises(CourseError, match=r"--course DIR"):
        Course.find(tmp_path)


def test_a_named_folder_is_the_course_or_nothing(course):
    """--course must never end up in a folder above the one that was named."""
    run(course, "--only", "lessons")
    (course.root / "build").mkdir()
    with pytest.raises(CourseError, match="build is not a course"):
        Course.at(course.root / "build")
    assert Course.at(course.root) == course


def test_a_lesson_that_was_not_built_yet_says_how(course):
    with pytest.raises(CourseError, match=rf"lessons/{LESSON}/{LESSON}\.ipynb does not exist; .*autograder build"):
        course.released(LESSON)


def test_the_committed_lessons_and_solutions_are_what_the_source_gives(repository):
    status, said = run(Course(repository), "--check")
    assert status == 0, said


def test_the_committed_lessons_hold_no_line_of_a_solution_and_no_hidden_check(repository):
    course = Course(repository)
    for lesson in course.sources():
        source = pair.source_notebook(course, lesson).cells
        solutions = [block for cell in source for block in SOLUTION.findall(cell.source)]
        given = "\n".join(SOLUTION.sub("", cell.source) for cell in source)
        secrets = {line.strip() for block in solutions for line in block.splitlines()}
        # A closing bracket or an import that the lesson shows elsewhere gives nothing away.
        secrets = {line for line in secrets if len(line) > 8 and line not in given}
        secrets |= {check.name for check in course.checks(lesson, hidden=True) if check.hidden}
        assert len(secrets) >= len(solutions)
        released = course.released(lesson)
        seen = "\n".join(cell.source + repr(cell.metadata) for cell in released.cells) + repr(released.metadata)
        assert [secret for secret in secrets if secret in seen] == [], lesson
