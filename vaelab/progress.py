"""One line under a training cell that is written over as the training goes on."""

import time
from typing import Any

import keras
from IPython import get_ipython
from IPython.display import display

REDRAW_SECONDS = 0.25
SHOWN = ("loss", "val_loss")


class LiveLine(keras.callbacks.Callback):  # type: ignore[misc]  # Keras carries no types
    """Tells how far a training is, its loss and the time left, in a single line. Use it with ``verbose=0``.

    name: stands at the beginning of the line, where a cell trains more than one model. Outside a notebook only the
    last line is printed.
    """

    def __init__(self, name: str = ""):
        super().__init__()
        self.name = name
        self._handle: Any = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Show the line for the first time."""
        self._start = self._drawn = time.monotonic()
        self._epoch = 0
        if get_ipython() is not None:
            self._handle = display(  # type: ignore[no-untyped-call]  # IPython leaves display without types
                _plain(self._line("starting")), raw=True, display_id=True
            )

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Remember which epoch this is, from 0."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Write the line anew, a few times a second."""
        now = time.monotonic()
        if self._handle is None or now - self._drawn < REDRAW_SECONDS:
            return
        self._drawn = now
        epochs, steps = self.params["epochs"], self.params.get("steps")
        done = (self._epoch + (batch + 1) / steps) / epochs if steps else self._epoch / epochs
        parts = [f"epoch {self._epoch + 1} of {epochs}", f"{done:4.0%}", *_losses(logs)]
        if done > 0:
            parts.append(f"{(now - self._start) * (1 - done) / done:.0f} s left")
        self._handle.update(_plain(self._line(*parts)), raw=True)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Say how it ended."""
        epochs = self._epoch + 1
        trained = f"{epochs} epoch{'s' * (epochs > 1)} in {time.monotonic() - self._start:.0f} s"
        line = self._line(trained, *_losses(logs))
        if self._handle is None:
            print(line)
        else:
            self._handle.update(_plain(line), raw=True)

    def _line(self, *parts: str) -> str:
        told = " · ".join(parts)
        return f"{self.name}: {told}" if self.name else told


def _losses(logs: dict[str, float] | None) -> list[str]:
    given = logs or {}
    return [f"{name} {given[name]:.4g}" for name in SHOWN if name in given]


def _plain(line: str) -> dict[str, str]:
    return {"text/plain": line}
