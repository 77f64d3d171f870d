"""What the explorer knows, without any widget: latent codes, the current point, and how to decode it."""

from collections.abc import Callable

import numpy as np
from scipy.spatial import KDTree

MOST_POINTS = 4000  # more would cover one another, and slow the browser down


class LatentPlane:
    """Two dimensions of a latent space, with the codes of known images in it.

    decode: function (n, latent_dim) float32 → square images in [0, 1], (n, height, width, 1) or (n, pixels).
    codes: (n, latent_dim); labels: (n,) integers, or None. Of more than ``MOST_POINTS`` codes, every k-th is kept.
    Raises ValueError for codes that are not (n, latent_dim) with n ≥ 1, or labels of another length.
    """

    def __init__(self, decode: Callable[[np.ndarray], np.ndarray], codes: np.ndarray, labels: np.ndarray | None):
        codes = np.asarray(codes, dtype=np.float32)
        if codes.ndim != 2 or not len(codes) or not codes.shape[1]:
            raise ValueError(f"codes must have shape (n, latent_dim) with at least one row; they have {codes.shape}")
        if labels is not None and len(labels) != len(codes):
            raise ValueError(f"there are {len(codes)} codes but {len(labels)} labels")
        step = max(1, -(-len(codes) // MOST_POINTS))
        self.codes = codes[::step]
        self.labels = np.zeros(len(self.codes), int) if labels is None else np.asarray(labels)[::step].astype(int)
        self.has_labels = labels is not None
        self.latent_dim = codes.shape[1]
        self._decode = decode
        self._center = self.codes.mean(axis=0)
        self.choose(0, min(1, self.latent_dim - 1))

    def choose(self, x: int, y: int) -> None:
        """Look at the dimensions ``x`` and ``y``; the others stay at the mean of the codes."""
        self.dims = (x, y)
        self.tree = KDTree(self.points())

    def points(self) -> np.ndarray:
        """(n, 2): the codes in these two dimensions. With one latent dimension they lie on a line."""
        x, y = self.dims
        vertical = self.codes[:, y] if x != y else np.zeros(len(self.codes), np.float32)
        return np.stack([self.codes[:, x], vertical], axis=1)

    def extent(self) -> tuple[float, float, float, float]:
        """(left, right, bottom, top) of the codes, with a margin."""
        low, high = self.points().min(axis=0), self.points().max(axis=0)
        margin = np.maximum(0.08 * (high - low), 0.5)
        (left, bottom), (right, top) = low - margin, high + margin
        return float(left), float(right), float(bottom), float(top)

    def images_at(self, points: np.ndarray) -> np.ndarray:
        """Decoded images of points (n, 2) of the plane: uint8 (n, height, width), 0 is paper and 255 ink."""
        return self._images(self._codes_at(np.asarray(points)))

    def look(self, x: float, y: float) -> tuple[np.ndarray, np.ndarray, int, float]:
        """(image here, image of the nearest code, its index, its distance), with one call of the decoder."""
        distance, index = self.tree.query([x, y])
        here = self._codes_at(np.array([[x, y]]))
        image, neighbor = self._images(np.concatenate([here, self.codes[[index]]]))
        return image, neighbor, int(index), float(distance)

    def _codes_at(self, points: np.ndarray) -> np.ndarray:
        codes = np.repeat(self._center[None], len(points), axis=0)
        codes[:, self.dims[0]] = points[:, 0]
        if self.dims[0] != self.dims[1]:
            codes[:, self.dims[1]] = points[:, 1]
        return codes

    def _images(self, codes: np.ndarray) -> np.ndarray:
        images = np.asarray(self._decode(codes.astype(np.float32))).reshape(len(codes), -1)
        side = round(images.shape[1] ** 0.5)
        ink: np.ndarray = np.rint(255 * np.clip(images, 0, 1)).astype(np.uint8)
        return ink.reshape(len(codes), side, -1)
