"""What the documentation shows works as it says."""

import re

import pytest

from autograder.checking.catalogue import CheckFile
from autograder.checking.runner import run_checks
from autograder.checking.student import LocalStudent
from tests.course import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.fixture(scope="module")
def example():
    """The code blocks of the worked example: exercise, check, right answer, wrong answer."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "writing.md").read_text("utf-8"), re.S)


def mark(check, answer, folder):
    file = folder / "test_99_example.py"
    file.write_text(check, "utf-8")
    namespace = {}
    exec(answer, namespace)
    return run_checks([CheckFile(file)], "mean", LocalStudent(namespace))


def test_the_worked_example_works(example, tmp_path):
    exercise, check, right, wrong = example
    solved = exercise.partition("# %% check")[0]
    assert [v.status for v in mark(check, solved, tmp_path)] == ["passed"]
    assert [v.status for v in mark(check, right, tmp_path)] == ["passed"]
    [verdict] = mark(check, wrong, tmp_path)
    assert verdict.check == re.search("# fails: (.*)", wrong)[1]
    assert re.search("# says: (.*)", wrong)[1] in verdict.message


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_repository_resolve(page):
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []
