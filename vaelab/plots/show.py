"""Shows a figure together with a description for readers who cannot see it."""

import base64
import io
from html import escape

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure


def show(figure: Figure, alt: str) -> None:
    """Display ``figure`` in the notebook with ``alt`` as its description, and close it.

    Raises ValueError if ``alt`` is empty.
    """
    data, metadata = described_picture(figure, alt)
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]  # IPython leaves display without types


def described_picture(figure: Figure, alt: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """``figure`` as output data and metadata, with ``alt`` where each front end looks for it; closes the figure.

    JupyterLab ignores the description of a PNG, so it gets HTML; nbconvert and GitHub use the PNG with its metadata.
    """
    if not alt.strip():
        raise ValueError("a figure needs a description: what would you tell someone who cannot see it?")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    plt.close(figure)
    png = base64.b64encode(buffer.getvalue()).decode()
    html = f'<img alt="{escape(alt, quote=True)}" src="data:image/png;base64,{png}" style="max-width: 100%">'
    return {"text/plain": alt, "image/png": png, "text/html": html}, {"image/png": {"alt": alt}}
