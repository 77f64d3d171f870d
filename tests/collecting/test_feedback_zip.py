"""Feedback goes back under the names that the platform gave to what it answers."""

import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.collecting.collect import carry_out, plan, read_origins
from autograder.views.feedback import sections
from autograder.views.handing_back import zip_feedback
from tests.collecting.test_collect import LESSON, course, download, work  # noqa: F401  (fixtures)


def test_each_platform_gets_its_own_names(course, download):  # noqa: F811
    files = {
        "mullerjorg_LATE_101_9001_lab one-1.ipynb": work(),
        "Anna Smith_4711_assignsubmission_file_/lab one.ipynb": work(),
        "Bob Stone_4712_assignsubmission_file_lab one.ipynb": work(),
        "folder/lab one.ipynb": work(),
    }
    carry_out(course, plan(course, download(files), LESSON))
    origins = read_origins(course, LESSON)
    assert len(origins) == 4
    for student in origins:
        page = course.feedback / student / LESSON / f"{LESSON}.html"
        page.parent.mkdir(parents=True)
        page.write_text(student)
    written, left = zip_feedback(course, LESSON, origins)
    assert left == ["folder"]
    found = {}
    for file in written:
        with zipfile.ZipFile(file) as archive:
            found[file.name] = sorted(archive.namelist())
    assert found == {
        "lab one-canvas.zip": ["mullerjorg_LATE_101_9001_lab one-1.html"],
        "lab one-moodle.zip": [
            "Anna Smith_4711_assignsubmission_file_/lab one.html",
            "Bob Stone_4712_assignsubmission_file_/lab one.html",
        ],
    }
    assert zip_feedback(course, LESSON, origins) == (written, left)  # the same bytes, written again


def test_a_later_download_adds_to_what_is_known(course, download):  # noqa: F811
    carry_out(course, plan(course, download({"a_1_2_lab one.ipynb": work()}), LESSON))
    carry_out(course, plan(course, download({"b_3_4_lab one.ipynb": work()}, "later.zip"), LESSON))
    assert read_origins(course, LESSON) == {"a-1": "a_1_2_lab one.ipynb", "b-3": "b_3_4_lab one.ipynb"}


def test_an_exercise_belongs_to_the_section_above_it():
    def cell(kind, source, name="", **marks):
        made = kind(source)
        if name:
            made.metadata["nbgrader"] = {"grade_id": name, **marks}
        return made

    notebook = new_notebook(
        cells=[
            cell(new_markdown_cell, "# Title\n## 1 · First"),
            cell(new_code_cell, "", "one", solution=True),
            cell(new_code_cell, "", "check-one", grade=True, solution=False),
            cell(new_markdown_cell, "words\n\n## 2 · Second\n### TO DO"),
            cell(new_code_cell, "", "two", solution=True),
        ]
    )
    assert sections(nbformat.from_dict(notebook)) == {"one": "1 · First", "two": "2 · Second"}
