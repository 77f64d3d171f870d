"""The latent explorer: move over the latent plane and see the decoded image of each point."""

from vaelab.explorer.widget import LatentExplorer

__all__ = ["LatentExplorer"]
