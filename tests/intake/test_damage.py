"""Seeded random damage: no answer with its name is lost, and nothing but Unreadable comes out."""

import json
import random

import pytest

from autograder.intake import Intake, Unreadable, take_in
from tests.intake.test_reading import zipped


@pytest.mark.parametrize("seed", range(60))
def test_an_answer_with_its_name_lands_in_its_own_exercise(desk, answers_of, seed):
    """Cells are shuffled, deleted, copied, retyped and stripped; the answers keep their grade_id."""
    chance = random.Random(seed)
    cells = []
    for name, cell in desk.cells.items():
        is_answer = name in desk.answers
        if not is_answer and chance.random() < 0.3:
            continue
        if chance.random() < 0.3:
            cell.pop("id", None)
        if chance.random() < 0.2:
            cell["cell_type"] = chance.choice(["code", "markdown", "raw"])
        if not is_answer and chance.random() < 0.3:
            cell["metadata"] = {}
        cells.append(cell)
        if chance.random() < 0.3:
            cells.append(json.loads(json.dumps(cell)))
        if chance.random() < 0.3:
            cells.append({"cell_type": "code", "metadata": {}, "source": f"scratch_{len(cells)} = 1", "id": "id-std"})
        if chance.random() < 0.2 and is_answer:
            cells.append({**cell, "source": desk.stub(name)})
    if chance.random() < 0.7:
        chance.shuffle(cells)
    desk.hand_in(raw=json.dumps({"cells": cells, "nbformat": 4}).encode())
    intake = desk.take_in()
    assert answers_of(intake) == desk.answers
    assert intake.untouched == frozenset()
    scratch = [cell["source"] for cell in cells if cell["source"].startswith("scratch_")]
    kept = [cell.source for cell in intake.notebook.cells if cell.source.startswith("scratch_")]
    assert sorted(kept) == sorted(scratch), "a cell of the student's own was lost"


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """The file after one to eight accidents."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) or 1)
        accident = chance.randrange(6)
        if accident == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif accident == 1:
            del data[at : at + chance.randint(1, 200)]
        elif accident == 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
        elif accident == 3:
            data[at:at] = chance.choice([b'"', b"{", b"]", b"null", b"\\ud800", b"1e999", b"-", b"NaN", b"\0", b"[]"])
        elif accident == 4:
            word = chance.choice(
                [b'"code"', b'"std"', b'"id"', b'"source"', b'"metadata"', b'"nbgrader"', b"4", b"true"]
            )
            data = bytearray(bytes(data).replace(word, chance.choice([b"null", b"[]", b"{}", b"7", b'"\\n"']), 1))
        else:
            data[at:] = data[at:][::-1] if chance.random() < 0.2 else data[at:] + data[:at]
    return bytes(data)


@pytest.mark.parametrize("archived", [False, True])
def test_random_damage_is_read_or_reported(desk, archived):
    chance = random.Random(237)
    raw = zipped({desk.lesson + ".ipynb": desk.raw()}) if archived else desk.raw()
    outcomes = {Intake: 0, Unreadable: 0}
    for _ in range(300):
        desk.hand_in(raw=damaged(raw, chance))
        try:
            outcome = type(desk.take_in())
        except Unreadable as problem:
            outcome = type(problem)
            assert problem.reason
        outcomes[outcome] += 1
    assert min(outcomes.values()) >= 5, f"the damage tests one side only: {outcomes}"


@pytest.mark.parametrize("seed", range(20))
def test_json_of_the_wrong_types_is_read_or_reported(desk, seed):
    """Any value of the notebook may be replaced with any other kind of value."""
    chance = random.Random(seed)

    def mutate(value, depth=0):
        if chance.random() < 0.04 and depth:
            return chance.choice([None, True, -1, 1e308, "", "x", [], [None], {}, {"a": []}, [["x"]], {"source": 3}])
        if isinstance(value, dict):
            return {key: mutate(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list):
            return [mutate(inner, depth + 1) for inner in value]
        return value

    for _ in range(15):
        desk.hand_in(raw=json.dumps(mutate(desk.document())).encode())
        try:
            desk.take_in()
        except Unreadable as problem:
            assert problem.reason


def test_a_released_lesson_of_format_4_4_gets_ids(desk):
    for cell in desk.released.cells:
        del cell["id"]
    desk.released.nbformat_minor = 4
    desk.hand_in()
    intake = take_in(desk.folder, desk.lesson, desk.released)
    assert {cell.id for cell in intake.notebook.cells} == {f"lesson-{n}" for n in range(len(desk.released.cells))}
    assert take_in(desk.folder, desk.lesson, desk.released) == intake, "the same submission gave two intakes"
