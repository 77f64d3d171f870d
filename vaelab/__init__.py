"""What the lessons of the VAE course import: the data, the figures and the latent explorer."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaelab.explorer import LatentExplorer

__all__ = ["LatentExplorer"]


def __getattr__(name: str) -> object:
    """The explorer is imported when it is first asked for: the data need no widgets."""
    if name == "LatentExplorer":
        from vaelab.explorer import LatentExplorer

        return LatentExplorer
    raise AttributeError(f"module 'vaelab' has no attribute {name!r}")
