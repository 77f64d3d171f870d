"""A matplotlib figure, described as plain data."""

from typing import Any

import numpy as np


def describe_figure(figure: Any) -> dict[str, Any]:
    """{"axes": [describe_axes of each that is visible], "size": inches (width, height), "title"}."""
    suptitle = getattr(figure, "_suptitle", None)
    return {
        "axes": [describe_axes(ax) for ax in figure.axes if ax.get_visible()],
        "size": tuple(float(n) for n in figure.get_size_inches()),
        "title": suptitle.get_text() if suptitle else "",
    }


def describe_axes(axes: Any) -> dict[str, Any]:
    """What stands on the axes: texts, aspect, legend, ticks, scatter plots, lines and images.

    The legend is its texts, legend_colors the color beside each, RGBA or nothing. Each scatter has offsets (n, 2),
    colors (n or 1, 4) of its faces, or of its edges where the markers are hollow, zorder, label and size;
    each line x, y and label; each image its array and color map.
    """
    legend = axes.get_legend()
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "aspect": str(axes.get_aspect()),
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
        "legend_colors": [_color(h) for h in legend.legend_handles if h is not None] if legend else [],
        "xticks": _shown(axes.xaxis),
        "yticks": _shown(axes.yaxis),
        "frame": bool(axes.axison),
        "position": [float(n) for n in _position(axes).bounds],
        "scatters": [_scatter(c) for c in axes.collections if hasattr(c, "get_offsets")],
        "lines": [_line(line) for line in axes.lines],
        "images": [_image(image) for image in axes.images],
        "colorbars": sum(1 for other in axes.figure.axes if other.get_label() == "<colorbar>"),
    }


def _position(axes: Any) -> Any:
    """Where the axes are in the whole figure, also those of a subfigure."""
    whole = axes.get_figure(root=True)
    return axes.get_position().transformed(axes.figure.transSubfigure - whole.transSubfigure)


def _color(handle: Any) -> list[float]:
    """RGBA of a patch, a line or markers beside a text of a legend; nothing where it has no single color."""
    from matplotlib.colors import is_color_like, to_rgba

    if hasattr(handle, "get_offsets"):
        colors = _scatter_colors(handle)
        return [float(n) for n in colors[0]] if len(colors) else []
    if hasattr(handle, "get_markerfacecolor"):
        marked = str(handle.get_marker()) not in ("None", "none", "", " ")
        names = [handle.get_markerfacecolor(), handle.get_markeredgecolor()] if marked else [handle.get_color()]
    else:
        names = [getattr(handle, name)() for name in ("get_facecolor", "get_edgecolor") if hasattr(handle, name)]
    colors = [to_rgba(name) for name in names if is_color_like(name)]
    return next((list(map(float, color)) for color in colors if color[3]), [])


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


def _scatter_colors(collection: Any) -> Any:
    if collection.get_array() is not None:
        return collection.to_rgba(np.asarray(collection.get_array()))
    faces = collection.get_facecolors()
    hollow = not len(faces) or not faces[:, 3].any()
    return collection.get_edgecolors() if hollow else faces


def _scatter(collection: Any) -> dict[str, Any]:
    return {
        "offsets": np.asarray(collection.get_offsets(), dtype=float),
        "colors": np.asarray(_scatter_colors(collection), dtype=float),
        "zorder": float(collection.get_zorder()),
        "label": str(collection.get_label()),
        "sizes": np.asarray(collection.get_sizes() if hasattr(collection, "get_sizes") else [], dtype=float),
    }


def _line(line: Any) -> dict[str, Any]:
    x, y = line.get_data()
    return {"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float), "label": str(line.get_label())}


def _image(image: Any) -> dict[str, Any]:
    return {"array": np.asarray(image.get_array(), dtype=float), "cmap": image.get_cmap().name}
