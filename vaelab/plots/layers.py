"""The layers of a network as a row of blocks, with matplotlib alone."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

_MAPS: dict[str, Any] = {"facecolor": "#E8F1F8", "edgecolor": "#0072B2", "linewidth": 1.0}
_VECTOR: dict[str, Any] = {"facecolor": "#FDEBDD", "edgecolor": "#D55E00", "linewidth": 1.0}
_OFFSET = 0.07  # from one sheet of a stack to the next
_TALLEST = 3.0  # height of the largest block


def draw_layers(layers: Sequence[tuple[str, tuple[int, ...], int]], title: str = "") -> Figure:
    """Draw a network from left to right, one block for each layer.

    layers: (name, shape of the output without the batch, number of parameters). Feature maps (height, width,
    channels) become a stack of sheets, in proportion to their height, and thicker for more channels; vectors (n,)
    become a bar that grows with the logarithm of n. Raises ValueError for any other shape.
    """
    sides = [shape[0] for _, shape, _ in layers if len(shape) == 3]
    longest = max((shape[0] for _, shape, _ in layers if len(shape) == 1), default=1)
    figure, axes = plt.subplots(figsize=(max(6.0, 1.25 * len(layers)), 3.6))
    left = 0.0
    for name, shape, params in layers:
        if len(shape) == 3:
            width = _sheets(axes, left, shape, _TALLEST / max(sides))
        elif len(shape) == 1:
            width = _bar(axes, left, _TALLEST * (0.1 + 0.9 * math.log(shape[0]) / max(math.log(longest), 1.0)))
        else:
            raise ValueError(f"layer {name!r} has shape {shape}: draw_layers knows (height, width, channels) and (n,)")
        width = max(width, 1.6)
        place: dict[str, Any] = {"x": left + width / 2, "ha": "center", "fontsize": 9.5}
        axes.text(y=_TALLEST / 2 + 0.75, s="×".join(f"{n:,}" for n in shape), va="bottom", **place)
        axes.text(y=-_TALLEST / 2 - 0.35, s=name, va="top", weight="bold", **place)
        axes.text(y=-_TALLEST / 2 - 1.35, s=f"{params:,}" if params else "–", va="top", **place)
        left += width + 0.65
        axes.annotate("", (left - 0.08, 0), (left - 0.57, 0), arrowprops={"arrowstyle": "-|>", "color": "#333333"})
    axes.texts[-1].remove()  # no arrow after the last block
    axes.set(xlim=(-0.2, left - 0.45), ylim=(-_TALLEST / 2 - 1.9, _TALLEST / 2 + 1.3), title=title)
    axes.axis("off")
    return figure


def _sheets(axes: Axes, left: float, shape: tuple[int, ...], scale: float) -> float:
    """A stack of feature maps; returns the width it takes up."""
    side, count = shape[0] * scale, 1 + round(math.log2(shape[2]))
    width = max(shape[1] * scale * 0.45, 0.3)  # seen from the side, so that a row of them fits
    total = width + (count - 1) * _OFFSET
    start = left + max(0.0, (1.6 - total) / 2)
    for i in reversed(range(count)):
        shift = (count - 1) * _OFFSET / 2 - i * _OFFSET
        axes.add_patch(Rectangle((start + i * _OFFSET, -side / 2 - shift), width, side, **_MAPS))
    return total


def _bar(axes: Axes, left: float, height: float) -> float:
    """A vector; returns the width it takes up."""
    axes.add_patch(Rectangle((left + 0.68, -height / 2), 0.24, height, **_VECTOR))
    return 1.6
