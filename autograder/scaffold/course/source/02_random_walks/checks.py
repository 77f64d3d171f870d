"""Public checks of lesson 02: a random answer, judged with room for chance, and a figure."""

import numpy as np
import pytest

from autograder.checking.expect import expect, fail, require

WALKERS, STEPS = 4_000, 25
# A right answer leaves six standard errors once in 500 million times.
STANDARD_ERRORS = 6.0


def ask(student):
    """What the answer gives, with a fixed seed: the same walks each time."""
    walks = student.eval("random_walks(np.random.default_rng(7), n, t)", n=WALKERS, t=STEPS)
    expect(walks, shape=(WALKERS, STEPS), message="There should be a row for each walker, and a column for each step.")
    return walks


@pytest.mark.exercise("walks", points=2)
def test_steps_of_one(student):
    """Each step is +1 or −1, from the first one on."""
    walks = ask(student)
    steps = np.diff(walks, axis=1, prepend=0)
    if np.all(np.abs(walks) == 1):
        fail("These are the steps: the position is their sum so far, np.cumsum(…, axis=1).")
    require(
        np.all(np.abs(np.diff(walks, axis=1)) == 1),
        "From one column to the next the position should change by +1 or −1.",
    )
    require(
        np.all(np.abs(steps) == 1), "The first column should be the position after the first step, +1 or −1, not 0."
    )


@pytest.mark.exercise("walks", points=2, after="test_steps_of_one")
def test_both_directions_alike(student):
    """Both directions are equally likely, and each walker goes a way of its own."""
    steps = np.diff(ask(student), axis=1, prepend=0)
    away = abs(steps.mean()) * np.sqrt(steps.size)
    require(len(np.unique(steps, axis=0)) > WALKERS // 2, "All walkers go the same way: draw steps for each of them.")
    require(
        away < STANDARD_ERRORS,
        "One direction is more likely than the other.",
        expected=0.5,
        actual=(1 + steps.mean()) / 2,
    )


@pytest.mark.exercise("plot-walks", points=2)
def test_a_line_for_each_walk(student):
    """Each walk is a line of the figure."""
    walks = np.array([[1, 2, 1, 0], [-1, 0, -1, -2], [1, 0, 1, 2]])
    drawn = student.eval("(lambda ax: describe_axes(ax) if hasattr(ax, 'lines') else None)(plot_walks(w))", w=walks)
    require(drawn is not None, "`plot_walks` should return the axes, as `plt.subplots()` gives them.")
    lines = drawn["lines"]
    if len(lines) == walks.shape[1]:
        fail("There is a line for each step: `plot` draws columns, so hand it the walks transposed, `walks.T`.")
    expect(len(lines), equals=len(walks), message="There should be one line for each walk.")
    for line, walk in zip(lines, walks, strict=True):
        expect(line["y"], close_to=walk, message="Each line should show the positions of one walk.")


@pytest.mark.exercise("plot-walks", points=1, after="test_a_line_for_each_walk")
def test_the_axes_have_labels(student):
    """Both axes have a label."""
    drawn = student.eval("describe_axes(plot_walks(w))", w=np.array([[1, 2], [-1, 0]]))
    require(drawn["xlabel"].strip() and drawn["ylabel"].strip(), "Label both axes: `axes.set(xlabel=…, ylabel=…)`.")
