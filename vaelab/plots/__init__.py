"""Figures of the lessons. Importing this sets the course's matplotlib style."""

from pathlib import Path

import matplotlib.pyplot as plt

from vaelab.plots.graphs import draw_reparameterization
from vaelab.plots.layers import draw_layers
from vaelab.plots.palettes import DIGIT_COLORS, draw_palettes, smallest_difference
from vaelab.plots.show import show

__all__ = ["DIGIT_COLORS", "draw_layers", "draw_palettes", "draw_reparameterization", "show", "smallest_difference"]

plt.style.use(Path(__file__).with_name("vaelab.mplstyle"))
