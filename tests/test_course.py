"""One course of many lessons: what holds for every lesson, its release and its solution."""

import re
import subprocess
import sys

import nbformat
import pytest

from autograder.grading.lesson import list_exercises
from tests.course import COURSE, solutions

LESSONS = COURSE.sources()
MOST_LINES = 40
FROM_LESSON = re.compile(r"# From lesson (\d+): ([\w-]+)\n")
MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.M)


def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(lesson):
    return [cell for cell in notebook(COURSE.source_notebook(lesson)).cells if cell.cell_type == "code"]


def outputs(lesson):
    cells = notebook(COURSE.solution_notebook(lesson)).cells
    return [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def test_lessons_are_numbered_from_one_without_a_gap_and_have_checks():
    assert len(LESSONS) >= 9
    assert [lesson[:2] for lesson in LESSONS] == [f"{n:02}" for n in range(1, len(LESSONS) + 1)]
    assert COURSE.lessons() == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_of_a_lesson_has_checks_and_every_check_an_exercise(lesson):
    exercises = {e.name for e in list_exercises(notebook(COURSE.source_notebook(lesson))) if not e.written}
    assert exercises == set(COURSE.exercises(lesson)) == set(COURSE.exercises(lesson, hidden=True))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cell_fits_a_screen(lesson):
    assert [cell.source for cell in code_cells(lesson) if cell.source.count("\n") >= MOST_LINES] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_taken_up_answer_is_the_earlier_lessons_solution(lesson):
    """One line in the source; the whole solution, folded, in what a student opens."""
    named = [cell.source for cell in code_cells(lesson) if cell.source.startswith("# From lesson")]
    assert [source for source in named if "\n" in source.strip()] == []
    released = [cell for cell in COURSE.released(lesson).cells if cell.source.startswith("# From lesson")]
    assert [cell.source.split("\n")[0] for cell in released] == [source.strip() for source in named]
    for cell in released:
        match = FROM_LESSON.match(cell.source)
        earlier = next(name for name in LESSONS if int(name[:2]) == int(match[1]))
        assert earlier < lesson
        assert cell.source[match.end() :] == MARKERS.sub("", solutions(earlier)[match[2]]).rstrip("\n")
        assert cell.metadata.jupyter.source_hidden and "given" in cell.metadata.tags


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_has_words(lesson):
    pictures = [output for output in outputs(lesson) if "image/png" in output.get("data", {})]
    assert pictures
    for output in pictures:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        assert len(alt.split()) >= 8, f"{lesson}: a figure without a description"


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_solution_prints_red_noise_or_fails(lesson):
    for output in outputs(lesson):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", f"{lesson}: {output.text[:200]}"


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_check_in_a_solution_holds(lesson):
    shown = [text for o in outputs(lesson) if "checks hold" in (text := o.get("data", {}).get("text/plain", ""))]
    assert len(shown) == len(COURSE.exercises(lesson))
    assert [text for text in shown if "✗" in text or "○" in text or "–" in text.split("\n")[0]] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_links_inside_the_course_resolve(lesson):
    text = COURSE.source_text(lesson).read_text("utf-8")
    links = re.findall(r"\]\((\.\.?/[^)#\s]+)\)", text)
    place = COURSE.lessons_dir / lesson
    assert [link for link in links if not (place / link).exists()] == []
    number = int(lesson[:2])
    for neighbor in (n for n in LESSONS if int(n[:2]) in (number - 1, number + 1)):
        assert f"../{neighbor}/{neighbor}.ipynb" in text, f"{lesson} has no link to {neighbor}"


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_released_cell_parses(lesson):
    for cell in notebook(COURSE.released_notebook(lesson)).cells:
        if cell.cell_type == "code":
            compile(cell.source, lesson, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("lesson", COURSE.settings.preload_for)
def test_a_lesson_that_needs_only_some_modules_imports_no_others(lesson):
    """What a kernel of this lesson has not imported before it starts, the lesson does not import either."""
    kept = COURSE.surroundings([lesson]).preload
    left_out = [module for module in COURSE.surroundings().preload if module not in kept]
    cells = [cell.source for cell in COURSE.released(lesson).cells if cell.cell_type == "code"]
    imports = [line for cell in cells for line in cell.splitlines() if re.match(r"(import|from) [\w.]+", line)]
    script = "\n".join([*imports, "import sys", f"print([name for name in {left_out} if name in sys.modules])"])
    done = subprocess.run([sys.executable, "-c", script], cwd=COURSE.root, capture_output=True, text=True, check=True)
    assert left_out and imports
    assert done.stdout.strip() == "[]"
