"""How long the course's models train until they are good, against the published lab."""

import math
import time
from collections.abc import Iterator

import keras
import numpy as np

from autograder.corpus import cells_before
from bench import published
from bench.measure import Figure, at_least, at_most
from vaelab import datasets

QUALITY = 152.2  # nats: where the published lab ended in our first measurement
SIXTY = 60.0
PEAK = 6e-3


def measure(quick: bool) -> Iterator[Figure]:
    """train_time_to_quality and elbo_at_60s."""
    x_train, x_valid = pictures()
    ours = [time_to_quality(x_train, x_valid) for _ in range(1 if quick else 3)]
    theirs, end = time_of_published(x_train, x_valid, steps=60 if quick else None)
    yield at_least("train_time_to_quality", [theirs], ours, 25, ("published, s", "ours, s"), end)
    nats = elbo_after(SIXTY, x_train, x_valid)
    yield at_most("elbo_at_60s", [nats], 142, "nats")


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """The 65,000 pictures to train on and the 5,000 held out, split as in lesson 03."""
    lesson = names_of("06_latent_clustering", "encode")
    train_raw, test_raw = lesson["read_raw"](*datasets.mnist_csv_files())
    parts = lesson["hold_out"](lesson["combine"](train_raw, lesson["mark_unlabeled"](test_raw)))
    return tuple(lesson["to_images"](part)[0] for part in parts)


def names_of(lesson: str, exercise: str) -> dict:
    """What the lesson defines before ``exercise``, with the earlier answers right."""
    names: dict = {}
    for source in cells_before(lesson, exercise):
        exec(compile(source, lesson, "exec"), names)
    return names


def time_to_quality(x_train: np.ndarray, x_valid: np.ndarray) -> float:
    """Seconds of training, as lesson 05 trains, until the held-out −ELBO is at or below QUALITY at an epoch's end.

    Set-up and validation don't count, tracing the first step does. Raises RuntimeError when it gets there never.
    """
    lesson = names_of("05_vae_loss", "warm-up")
    vae = lesson["build_vae"](*lesson["dense_pair"]())
    steps = 3 * math.ceil(len(x_train) / 256)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-3, decay_steps=steps - steps // 10, warmup_target=1e-2, warmup_steps=steps // 10
    )
    vae.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)
    spent = 0.0
    for epoch in range(3):
        start = time.perf_counter()
        vae.fit(x_train, batch_size=256, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
        spent += time.perf_counter() - start
        loss = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)["loss"]
        if loss <= QUALITY:
            return spent
    raise RuntimeError(f"lesson 05's training ended at {loss:.1f} nats, above {QUALITY}")


def time_of_published(x_train: np.ndarray, x_valid: np.ndarray, steps: int | None) -> tuple[float, str]:
    """(seconds of the published training, a note where it ended); with ``steps`` it is scaled up from so many."""
    vae = published.build()
    whole = published.EPOCHS * math.ceil(len(x_train) / published.BATCH)
    if steps:
        some = x_train[: steps * published.BATCH]
        vae.fit(some, some, batch_size=published.BATCH, verbose=0)  # compiles
        start = time.perf_counter()
        vae.fit(some, some, batch_size=published.BATCH, verbose=0)
        return (time.perf_counter() - start) * whole / steps, f"the published training scaled up from {steps} steps"
    start = time.perf_counter()
    vae.fit(x_train, x_train, batch_size=published.BATCH, epochs=published.EPOCHS, verbose=0)
    seconds = time.perf_counter() - start
    return seconds, f"the published training ended at {published.negative_elbo(vae, x_valid):.1f} nats"


class ByTheClock(keras.callbacks.Callback):
    """Ends a training after ``seconds``; the rate climbs in the first tenth and falls along a half cosine to 0."""

    def __init__(self, seconds: float, peak: float):
        super().__init__()
        self.seconds, self.peak = seconds, peak

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        """Set the rate."""
        share = (time.perf_counter() - self.start) / self.seconds
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, (share - 0.1) / 0.9)))
        self.model.optimizer.learning_rate.assign(self.peak * (share / 0.1 if share < 0.1 else fall))

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Stop when the time is up."""
        if time.perf_counter() - self.start >= self.seconds:
            self.model.stop_training = True


def elbo_after(seconds: float, x_train: np.ndarray, x_valid: np.ndarray) -> float:
    """Held-out −ELBO of lesson 06's model in nats, after so many seconds of training from nothing."""
    lesson = names_of("06_latent_clustering", "encode")
    vae = lesson["build_vae"](lesson["build_encoder"](), lesson["build_decoder"]())
    vae.compile(optimizer=keras.optimizers.Adam(PEAK), jit_compile=False)
    clock = ByTheClock(seconds, PEAK)
    vae.fit(x_train, batch_size=256, epochs=1000, callbacks=[clock], verbose=0)
    return vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)["loss"]
