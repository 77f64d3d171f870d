"""Figures of every style are described alike, by what is to be seen."""

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from matplotlib.patches import Patch  # noqa: E402

from autograder.inside.figures import describe_axes, describe_figure  # noqa: E402

RED = [1.0, 0.0, 0.0, 1.0]
X = [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "style",
    [
        {"color": "red"},
        {"c": [RED]},
        {"color": "red", "edgecolors": "white"},
        {"color": "none", "edgecolor": "red"},
        {"facecolors": "none", "edgecolors": "red"},
        {"facecolors": [(0, 0, 1, 0)], "edgecolors": "red"},
        {"color": "red", "marker": "x"},
        {"color": "red", "marker": "o", "linewidths": 0},
    ],
)
def test_markers_have_the_color_that_is_seen(style):
    axes = Figure().subplots()
    axes.scatter(X, X, label="points", **style)
    axes.legend()
    found = describe_axes(axes)
    assert found["scatters"][0]["colors"].tolist() == [RED]
    assert found["legend"] == ["points"]
    assert found["legend_colors"] == [RED]


def test_markers_of_a_color_map_have_its_colors():
    axes = Figure().subplots()
    points = axes.scatter(X, X, c=X, cmap="gray")
    axes.legend(*points.legend_elements())
    found = describe_axes(axes)
    assert found["scatters"][0]["colors"][:, 0].tolist() == [0.0, pytest.approx(0.5, abs=0.01), 1.0]
    assert [found["legend_colors"][i][0] for i in (0, -1)] == [0.0, 1.0]


@pytest.mark.parametrize(
    "handle",
    [
        Patch(color="red"),
        Patch(facecolor="none", edgecolor="red"),
        Line2D([], [], color="red"),
        Line2D([], [], color="blue", marker="o", markerfacecolor="red", linestyle=""),
        Line2D([], [], marker="o", markerfacecolor="none", markeredgecolor="red", linestyle=""),
    ],
)
def test_the_legend_has_the_color_that_is_seen(handle):
    axes = Figure().subplots()
    axes.legend([handle], ["digit 3"])
    assert describe_axes(axes)["legend_colors"] == [RED]


def test_axes_of_subfigures_have_a_place_in_the_whole_figure():
    figure = Figure()
    for part in figure.subfigures(2, 1):
        part.subplots(1, 2)
    left, bottom, width, height = np.transpose([axes["position"] for axes in describe_figure(figure)["axes"]])
    assert (bottom[:2] > bottom[2:] + height[2:]).all()
    assert (left[[0, 2]] + width[[0, 2]] < left[[1, 3]]).all()


def test_axes_that_are_not_visible_are_not_described():
    figure = Figure()
    figure.subplots(1, 2)[1].set_visible(False)
    assert len(describe_figure(figure)["axes"]) == 1
