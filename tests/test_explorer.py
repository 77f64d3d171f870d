"""The latent explorer: what it decodes, what it shows, and what stands instead where no widget can run."""

import base64

import numpy as np
import pytest

from vaelab.explorer.state import MOST_POINTS, LatentPlane
from vaelab.explorer.widget import STATIC, LatentExplorer

pytestmark = pytest.mark.slow

CODES = np.array([[-1.0, -1.0], [1.0, -1.0], [0.0, 2.0]])
LABELS = np.array([3, 7, 11])


def image_of(code, training=False):
    """A "decoder" of 4x4 images: all pixels show the first coordinate, the corner shows the second."""
    made = np.full((len(code), 4, 4, 1), 1 / (1 + np.exp(-code[:, 0])).reshape(-1, 1, 1, 1))
    made[:, 0, 0, 0] = 1 / (1 + np.exp(-code[:, 1]))
    return made


def shade(x):
    return round(255 / (1 + np.exp(-x)))


def test_a_move_decodes_the_point_and_finds_its_neighbor():
    explorer = LatentExplorer(image_of, CODES, LABELS)
    explorer.position = [0.9, -0.5]
    shown = np.frombuffer(explorer.shown["image"], np.uint8).reshape(explorer.shape)
    assert shown[1, 1] == pytest.approx(shade(0.9), abs=1) and shown[0, 0] == pytest.approx(shade(-0.5), abs=1)
    assert (explorer.shown["index"], explorer.shown["label"]) == (1, "7")
    assert explorer.shown["distance"] == pytest.approx(np.hypot(0.1, 0.5), rel=1e-4)


def test_known_classes_have_their_color_and_unknown_ones_are_gray():
    explorer = LatentExplorer(image_of, CODES, LABELS)
    assert list(explorer.classes) == [3, 7, 10]
    assert list(LatentExplorer(image_of, CODES).classes) == [10, 10, 10]


def test_with_more_dimensions_two_are_chosen_and_the_others_stay_at_the_mean():
    codes = np.random.default_rng(1).normal(size=(50, 5)).astype("float32")
    seen = []
    explorer = LatentExplorer(lambda code, training: seen.append(code) or image_of(code), codes)
    explorer.dims = [3, 1]
    explorer.position = [0.25, -0.75]
    code = seen[-1][0]
    expected = codes.mean(0)
    expected[[3, 1]] = 0.25, -0.75
    assert code == pytest.approx(expected, abs=1e-6)
    points = np.frombuffer(explorer.points, "<f4").reshape(-1, 2)
    assert points == pytest.approx(codes[:, [3, 1]])


def test_one_dimension_is_a_line():
    explorer = LatentExplorer(lambda code, training: image_of(np.repeat(code, 2, 1)), CODES[:, :1])
    explorer.position = [1.0, 5.0]
    assert explorer.shown["index"] == 1
    assert not np.frombuffer(explorer.points, "<f4").reshape(-1, 2)[:, 1].any()


def test_many_codes_are_thinned_evenly():
    plane = LatentPlane(image_of, np.zeros((25_000, 2)) + np.arange(25_000)[:, None], np.zeros(25_000))
    assert MOST_POINTS / 2 < len(plane.codes) <= MOST_POINTS
    assert plane.codes[-1, 0] > 24_990


@pytest.mark.parametrize(
    ("codes", "labels", "words"),
    [(np.zeros((0, 2)), None, "at least one row"), (np.zeros(5), None, "shape"), (CODES, [1], "1 labels")],
)
def test_what_cannot_be_shown_is_said(codes, labels, words):
    with pytest.raises(ValueError, match=words):
        LatentPlane(image_of, codes, labels)


def test_without_widgets_a_still_figure_takes_its_place(monkeypatch):
    explorer = LatentExplorer(image_of, CODES, LABELS)
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    monkeypatch.setenv(STATIC, "1")
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "latent plane" in metadata["image/png"]["alt"]
