"""The glossary says what the lessons say: each term in bold in its lesson, each code name and source really there."""

import ast
import re

import nbformat
import pytest

from tests.course import COURSE

PAGE = (COURSE.source / "GLOSSARY.md").read_text("utf-8")
SHEET = (COURSE.source / "SYLLABUS.md").read_text("utf-8")


def table(heading):
    """The rows of the table under a heading, as lists of cells."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


TERMS = {row[0]: row for row in table("Glossary")}


def prose(lesson):
    cells = nbformat.read(COURSE.source_notebook(lesson), as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def bold(text):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)  # `**kwargs` is code
    return " · ".join(" ".join(found.split()).casefold() for found in re.findall(r"\*\*(.+?)\*\*", text, re.S))


def code_names():
    names = set()
    for lesson in COURSE.sources():
        for cell in nbformat.read(COURSE.source_notebook(lesson), as_version=4).cells:
            if cell.cell_type == "code":
                names |= {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
                names |= {n.attr for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Attribute)}
                names |= {n.arg for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.arg)}
                names |= {
                    n.name for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.FunctionDef | ast.ClassDef)
                }
    return names


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_introduced_in_bold_where_the_glossary_says(term):
    [lesson] = [name for name in COURSE.sources() if name.startswith(TERMS[term][4])]
    assert term.casefold() in bold(prose(lesson)), f"{lesson} has no **{term}**"


def test_every_row_is_whole():
    for heading, width in (("Notation", 3), ("Glossary", 6)):
        assert [row for row in table(heading) if len(row) != width or not row[0]] == []
    assert [term for term, row in TERMS.items() if not row[3]] == []


def test_code_names_are_those_of_the_lessons():
    named = {name for row in [*table("Notation"), *table("Glossary")] for name in re.findall(r"`(\w+)`", " ".join(row))}
    assert named - code_names() == set()


def test_every_source_is_listed_and_every_listed_one_is_named():
    cited = {part.strip() for row in TERMS.values() for part in row[5].split(";") if part.strip()}
    listed = PAGE.split("## Sources\n")[1].splitlines()
    for one in cited:
        surname, year = one.split()[0], one.split()[-1]
        assert any(line.startswith(f"- {surname}") and year in line for line in listed), one
    for line in filter(None, listed):
        surname = line.split()[1].rstrip(",")
        assert any(one.startswith(surname) for one in cited), line


def test_the_sheet_names_every_lesson_with_its_time():
    rows = re.findall(r"^\| \[(\d\d)\]\((\S+?)/\2\.ipynb\) \|.*\| (\d+) \|$", SHEET, re.M)
    assert [lesson for _, lesson, _ in rows] == COURSE.sources()
    for _, lesson, minutes in rows:
        assert re.search(rf"\*\*Time\*\* about {minutes} minutes", prose(lesson)), lesson
