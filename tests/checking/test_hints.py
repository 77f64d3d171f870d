"""``hint`` helps in steps, and counts nothing."""

import pytest

from autograder.checking import hints as module
from autograder.checking.hints import hint

CHECKS = 'HINTS = {"mean": ["Which axis counts the images?", "Average over `axis=(1, 2, 3)`."]}\n'


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    (tmp_path / "checks.py").write_text(CHECKS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "_shown", module.Counter())


def test_each_call_shows_one_more_and_after_the_last_the_first_again(lesson):
    shown = [str(hint("mean")) for _ in range(3)]
    assert shown[0] == ("mean: hint 1 of 2: Which axis counts the images? (Run the cell again for the next hint.)")
    assert shown[1] == "mean: hint 2 of 2: Average over `axis=(1, 2, 3)`."
    assert shown[2] == shown[0]


def test_it_shows_itself_in_a_notebook(lesson):
    assert "<code>" not in hint("mean")._repr_html_()
    assert "<code>axis=(1, 2, 3)</code>" in hint("mean")._repr_html_()


def test_an_unknown_name_is_answered(lesson):
    assert "no exercise of this name. Hints are available for mean" in str(hint("men"))


def test_a_written_answer_has_none(lesson):
    assert str(hint("written-mean")) == "written-mean: there is no hint for this exercise."
