"""The latent explorer: move over the plane of codes and see what the decoder makes of each point."""

from vaelab.explorer.widget import LatentExplorer

__all__ = ["LatentExplorer"]
