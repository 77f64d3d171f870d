"""Drawings of computation graphs, with matplotlib alone."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_PLAIN = {"boxstyle": "round,pad=0.45", "facecolor": "#E8F1F8", "edgecolor": "#0072B2"}
_RANDOM = {"boxstyle": "circle,pad=0.45", "facecolor": "#FDEBDD", "edgecolor": "#D55E00", "linestyle": "--"}


def draw_reparameterization() -> Figure:
    """Sampling as a random node between parameters and loss, and the same with the randomness moved into ε."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
    for axes in (left, right):
        axes.set(xlim=(-0.6, 4.6), ylim=(-0.7, 4.5))
        axes.axis("off")
    left.set_title("Sampling blocks the gradient")
    _node(left, 0.5, 0.0, "$\\mu$")
    _node(left, 3.5, 0.0, "$\\sigma$")
    _node(left, 2.0, 2.0, "$z \\sim \\mathcal{N}(\\mu, \\sigma^2)$", random=True)
    _node(left, 2.0, 3.9, "loss")
    _arrow(left, (0.7, 0.3), (1.4, 1.1))
    _arrow(left, (3.3, 0.3), (2.6, 1.1))
    _arrow(left, (2.0, 3.05), (2.0, 3.55))
    _back(left, (2.35, 3.55), (2.35, 3.1))
    left.text(3.15, 2.9, "✗  no gradient\n    beyond here", color="#B34700", va="center")

    right.set_title("Reparameterized: randomness in $\\varepsilon$")
    _node(right, 0.2, 0.0, "$\\mu$")
    _node(right, 2.0, 0.0, "$\\sigma$")
    _node(right, 4.0, 0.0, "$\\varepsilon \\sim \\mathcal{N}(0, 1)$", random=True)
    _node(right, 2.0, 2.2, "$z = \\mu + \\sigma \\cdot \\varepsilon$")
    _node(right, 2.0, 3.9, "loss")
    _arrow(right, (0.4, 0.3), (1.45, 1.8))
    _arrow(right, (2.0, 0.35), (2.0, 1.8))
    _arrow(right, (3.55, 0.85), (2.65, 1.8))
    _arrow(right, (2.0, 2.6), (2.0, 3.5))
    _back(right, (2.3, 3.5), (2.3, 2.6))
    _back(right, (2.3, 1.8), (2.3, 0.35))
    _back(right, (1.1, 1.8), (0.05, 0.35))
    right.text(2.55, 3.05, "gradient", color="#B34700", va="center")
    return figure


def _node(axes: Axes, x: float, y: float, text: str, random: bool = False) -> None:
    axes.text(x, y, text, ha="center", va="center", fontsize=12, bbox=_RANDOM if random else _PLAIN)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "#333333", "linewidth": 1.4})


def _back(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "",
        end,
        start,
        arrowprops={"arrowstyle": "-|>", "color": "#D55E00", "linewidth": 1.8, "linestyle": ":"},
    )
