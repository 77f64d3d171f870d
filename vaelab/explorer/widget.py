"""The explorer as a Jupyter widget (anywidget), with a still figure where no widget can run."""

import os
from pathlib import Path
from typing import Any

import anywidget
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from vaelab.explorer.state import LatentPlane
from vaelab.plots import DIGIT_COLORS
from vaelab.plots.show import described_picture

GRAY = "#D0D0D0"  # of codes without a label, lighter than the two grays among the ten
STATIC = "VAELAB_STATIC"
GRID = 9


class LatentExplorer(anywidget.AnyWidget):
    """Drag, click or use the arrow keys on the latent plane, and see the decoded image at once.

    decoder: a Keras model (n, latent_dim) → images in [0, 1], (n, height, width, 1) or (n, pixels).
    codes: (n, latent_dim) of known images; labels: (n,), their classes (0 to 9, others gray), or None.
    With more than two latent dimensions, choose the two to look at. ``position`` is the current point; set it
    to move. Where widgets can't run, or VAELAB_STATIC is set, a still figure takes its place.
    """

    _esm = Path(__file__).with_name("explorer.js")
    _css = Path(__file__).with_name("explorer.css")

    position = traitlets.List(traitlets.Float(), [0.0, 0.0]).tag(sync=True)
    dims = traitlets.List(traitlets.Int(), [0, 1]).tag(sync=True)
    latent_dim = traitlets.Int(2).tag(sync=True)
    extent = traitlets.List(traitlets.Float(), [-3.0, 3.0, -3.0, 3.0]).tag(sync=True)
    points = traitlets.Bytes(b"").tag(sync=True)
    classes = traitlets.Bytes(b"").tag(sync=True)
    colors = traitlets.List(traitlets.Unicode(), [*map(to_hex, DIGIT_COLORS), GRAY]).tag(sync=True)
    shape = traitlets.List(traitlets.Int(), [28, 28]).tag(sync=True)
    shown = traitlets.Dict({}).tag(sync=True)  # image, nearest image, index, label and distance, in one message

    def __init__(self, decoder: Any, codes: np.ndarray, labels: np.ndarray | None = None, **options: Any):
        super().__init__(**options)
        self._plane = LatentPlane(_decoding(decoder), codes, labels)
        self.latent_dim = self._plane.latent_dim
        self.dims = list(self._plane.dims)
        known = np.isin(self._plane.labels, range(10)) & self._plane.has_labels
        self.classes = np.where(known, self._plane.labels, 10).astype(np.uint8).tobytes()
        self._place()
        self.observe(self._choose, "dims")
        self.observe(self._move, "position")

    def _place(self) -> None:
        self.points = self._plane.points().astype("<f4").tobytes()
        self.extent = list(self._plane.extent())
        self._move()

    def _choose(self, change: dict[str, Any] | None = None) -> None:
        x, y = (min(max(0, d), self.latent_dim - 1) for d in self.dims)
        self._plane.choose(x, y)
        self._place()

    def _move(self, change: dict[str, Any] | None = None) -> None:
        image, neighbor, index, distance = self._plane.look(*self.position)
        self.shape = list(image.shape)
        self.shown = {
            "image": image.tobytes(),
            "neighbor": neighbor.tobytes(),
            "index": index,
            "label": str(self._plane.labels[index]) if self._plane.has_labels else "",
            "distance": distance,
        }

    def figure(self) -> Figure:
        """The still figure: the codes, and the decoded images of a grid of points over them."""
        left, right, bottom, top = self.extent
        figure, (plane, grid) = plt.subplots(1, 2, figsize=(10, 4.4))
        points, classes = self._plane.points(), np.frombuffer(self.classes, np.uint8)
        for number in np.unique(classes):
            own = points[classes == number]
            name = str(number) if number < 10 else "unknown" if self._plane.has_labels else "codes"
            behind = self._plane.has_labels and number == 10  # many rows may be unknown, and would bury the others
            plane.scatter(*own.T, s=6, color=self.colors[number], label=name, zorder=1 if behind else 2)
        plane.set(xlabel=f"$z_{{{self.dims[0] + 1}}}$", ylabel=f"$z_{{{self.dims[1] + 1}}}$", title="Latent codes")
        plane.legend(markerscale=2, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
        points_of_grid = [(x, y) for y in np.linspace(top, bottom, GRID) for x in np.linspace(left, right, GRID)]
        images = self._plane.images_at(np.array(points_of_grid))
        height, width = images.shape[1:]
        sheet = images.reshape(GRID, GRID, height, width).swapaxes(1, 2).reshape(GRID * height, GRID * width)
        grid.imshow(sheet, cmap="gray_r", extent=(left, right, bottom, top), aspect="auto")
        grid.set(xlabel=plane.get_xlabel(), ylabel=plane.get_ylabel(), title="Decoded images of a grid of points")
        grid.grid(False)
        return figure

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        widget, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        alt = "The latent plane, its codes colored by class, beside the decoded images of a grid of points."
        still, described = described_picture(self.figure(), alt)
        # A front end that has no widgets, and nbconvert, take the still figure; JupyterLab takes the widget.
        data = still if os.environ.get(STATIC) else {**widget, **still}
        return data, {**metadata, **described}


def _decoding(decoder: Any) -> Any:
    """``decoder`` as a function on NumPy arrays; a direct call is many times faster than ``predict`` for one code."""
    return lambda code: np.asarray(decoder(code, training=False))
