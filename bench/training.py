"""How long the course's models train until they are good, against the published lab."""

import math
import time
from collections.abc import Iterator

import keras
import numpy as np

from bench import published
from bench.measure import Figure, at_least, at_most, seconds
from bench.solved import names_until, pictures

QUALITY = 152.2  # nats: where the published lab ended in our first measurement
SIXTY = 60.0  # seconds
PEAK = 4e-3


def measure(quick: bool) -> Iterator[Figure]:
    """train_time_to_quality, and without ``quick`` elbo_at_60s."""
    x_train, x_valid = pictures()
    ours = [time_to_quality(x_train, x_valid) for _ in range(1 if quick else 3)]
    theirs, how = time_of_published(x_train, epochs=0.015 if quick else 0.5)
    yield at_least("train_time_to_quality", [theirs], ours, 50, ("published, s", "ours, s"), how)
    if quick:
        return  # a minute of training takes a minute
    nats = elbo_after(SIXTY, x_train, x_valid)
    yield at_most("elbo_at_60s", [nats], 136, "nats")


def time_to_quality(x_train: np.ndarray, x_valid: np.ndarray) -> float:
    """Seconds of training, as lesson 05 trains, until the held-out −ELBO is at or below QUALITY at an epoch's end.

    Set-up and validation don't count, tracing the first step does. Raises RuntimeError when it gets there never.
    """
    lesson = names_until("05_vae_loss", "effective-beta")
    vae = lesson["build_vae"](*lesson["dense_pair"]())
    epochs, batch = 2, 128
    steps = epochs * math.ceil(len(x_train) / batch)
    rate = lesson["rise_and_decay"](steps)
    vae.compile(keras.optimizers.Adam(rate), jit_compile=False, steps_per_execution=8)
    spent = 0.0
    for epoch in range(epochs):
        start = time.perf_counter()
        vae.fit(x_train, batch_size=batch, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        spent += time.perf_counter() - start
        loss = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)["loss"]
        if loss <= QUALITY:
            return spent
    raise RuntimeError(f"lesson 05's training ended at {loss:.1f} nats, above {QUALITY}")


def time_of_published(x_train: np.ndarray, epochs: float) -> tuple[float, str]:
    """(seconds of the published training, how that was found): the first ``epochs`` are timed, and all take the same.

    Tracing doesn't count. ``python -m bench.published`` trains to the end.
    """
    vae, batch = published.build(), published.BATCH
    some = x_train[: math.ceil(epochs * len(x_train) / batch) * batch]
    vae.fit(x_train[:batch], x_train[:batch], batch_size=batch, verbose=0)  # traces
    spent = seconds(lambda: vae.fit(some, some, batch_size=batch, verbose=0))
    steps = math.ceil(len(some) / batch)
    return spent * published.EPOCHS * len(x_train) / len(some), f"the published training scaled up from {steps:,} steps"


class ByTheClock(keras.callbacks.Callback):
    """Ends a training after ``duration`` seconds; its rate climbs for a tenth, then falls to 0 as a half cosine."""

    def __init__(self, duration: float, peak: float):
        super().__init__()
        self.duration, self.peak = duration, peak

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        """Set the rate."""
        share = (time.perf_counter() - self.start) / self.duration
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, (share - 0.1) / 0.9)))
        self.model.optimizer.learning_rate.assign(self.peak * (share / 0.1 if share < 0.1 else fall))

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Stop when the time is up."""
        if time.perf_counter() - self.start >= self.duration:
            self.model.stop_training = True


def elbo_after(duration: float, x_train: np.ndarray, x_valid: np.ndarray) -> float:
    """Held-out −ELBO of lesson 06's model in nats, after ``duration`` seconds of training from nothing."""
    lesson = names_until("06_latent_clustering", "encode")
    vae = lesson["build_vae"](lesson["build_encoder"](), lesson["build_decoder"]())
    vae.compile(optimizer=keras.optimizers.Adam(PEAK), jit_compile=False, steps_per_execution=8)
    clock = ByTheClock(duration, PEAK)
    vae.fit(x_train, batch_size=128, epochs=1000, callbacks=[clock], verbose=0)
    return vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)["loss"]
