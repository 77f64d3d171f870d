"""Colors as people with and without color blindness see them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import color_sequences
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.typing import ColorType

# One color for each of the ten digits, or kinds of clothing, in every figure of the course: Petroff 2021,
# arXiv:2107.02270. Even without the cones for red or green, its two most similar colors are 17 apart in CIELAB.
DIGIT_COLORS = color_sequences["petroff10"]

# What linear RGB looks like without the cones for red (protanopia) or for green (deuteranopia): Machado, Oliveira and
# Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.
_VISIONS = {
    "typical": np.eye(3),
    "red-blind": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "green-blind": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def smallest_difference(colors: Sequence[ColorType]) -> float:
    """Distance of the two most similar colors, for the kind of vision that distinguishes them worst.

    The distance is in CIELAB, where about 2 is just noticeable. Vision: typical, red-blind (protanopia) and green-blind
    (deuteranopia). Requires at least two colors.
    """
    return min(_smallest(_to_lab(_seen(colors, matrix))) for matrix in _VISIONS.values())


def draw_palettes(palettes: Mapping[str, Sequence[ColorType]]) -> Figure:
    """Each palette as a row of numbered fields, for each kind of vision, with its smallest difference."""
    figure, grid = plt.subplots(len(palettes), 3, figsize=(10, 0.75 * len(palettes) + 0.5), squeeze=False)
    for row, (name, colors) in zip(grid, palettes.items(), strict=True):
        for ax, (vision, matrix) in zip(row, _VISIONS.items(), strict=True):
            linear = _seen(colors, matrix)
            ax.imshow(_to_srgb(linear)[None], aspect="auto")
            for i, luminance in enumerate(linear @ _TO_XYZ[1]):
                ax.text(i, 0, i, ha="center", va="center", color="black" if luminance > 0.18 else "white")
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
            ax.set_xlabel(f"smallest difference {_smallest(_to_lab(linear)):.1f}", fontsize=9)
            if row is grid[0]:
                ax.set_title(vision)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


def _seen(colors: Sequence[ColorType], matrix: np.ndarray) -> np.ndarray:
    """Linear RGB (n, 3) in [0, 1] of colors as seen with this kind of vision."""
    srgb = np.array([to_rgb(color) for color in colors])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen: np.ndarray = np.clip(linear @ matrix.T, 0, 1)
    return seen


def _to_srgb(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _to_lab(linear: np.ndarray) -> np.ndarray:
    """CIELAB (n, 3) of linear RGB, for daylight (D65)."""
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def _smallest(points: np.ndarray) -> float:
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(distances[np.triu_indices(len(points), 1)].min())
