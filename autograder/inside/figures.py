"""A matplotlib figure, described as plain data."""

from typing import Any

import numpy as np


def describe_figure(figure: Any) -> dict[str, Any]:
    """{"axes": [describe_axes of each], "size": inches (width, height), "title"}."""
    suptitle = getattr(figure, "_suptitle", None)
    return {
        "axes": [describe_axes(ax) for ax in figure.axes],
        "size": tuple(float(n) for n in figure.get_size_inches()),
        "title": suptitle.get_text() if suptitle else "",
    }


def describe_axes(axes: Any) -> dict[str, Any]:
    """What stands on the axes: texts, aspect, legend, ticks, scatter plots, lines and images.

    Each scatter has offsets (n, 2), face colors (n or 1, 4), zorder, label and size;
    each line x, y and label; each image its array and color map.
    """
    legend = axes.get_legend()
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "aspect": str(axes.get_aspect()),
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
        "xticks": _shown(axes.xaxis),
        "yticks": _shown(axes.yaxis),
        "frame": bool(axes.axison),
        "position": [float(n) for n in axes.get_position().bounds],
        "scatters": [_scatter(c) for c in axes.collections if hasattr(c, "get_offsets")],
        "lines": [_line(line) for line in axes.lines],
        "images": [_image(image) for image in axes.images],
        "colorbars": sum(1 for other in axes.figure.axes if other.get_label() == "<colorbar>"),
    }


def _shown(axis: Any) -> int:
    """The number of ticks that are to be seen, by their mark or their label."""
    if not axis.axes.axison or not axis.get_visible():
        return 0
    axis.get_ticklabels()  # the labels get their texts only now, or when the figure is drawn
    ticks = [tick for tick in axis.get_major_ticks() if tick.get_visible()]
    return sum(
        tick.tick1line.get_visible() or tick.tick2line.get_visible() or _says(tick.label1) or _says(tick.label2)
        for tick in ticks
    )


def _says(label: Any) -> bool:
    return bool(label.get_visible() and label.get_text())


def _scatter(collection: Any) -> dict[str, Any]:
    colors = collection.get_facecolors()
    if collection.get_array() is not None:
        colors = collection.to_rgba(np.asarray(collection.get_array()))
    return {
        "offsets": np.asarray(collection.get_offsets(), dtype=float),
        "colors": np.asarray(colors, dtype=float),
        "zorder": float(collection.get_zorder()),
        "label": str(collection.get_label()),
        "sizes": np.asarray(collection.get_sizes() if hasattr(collection, "get_sizes") else [], dtype=float),
    }


def _line(line: Any) -> dict[str, Any]:
    x, y = line.get_data()
    return {"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float), "label": str(line.get_label())}


def _image(image: Any) -> dict[str, Any]:
    return {"array": np.asarray(image.get_array(), dtype=float), "cmap": image.get_cmap().name}
