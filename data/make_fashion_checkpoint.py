"""Trains the VAE of lesson 08 and writes its weights and scores to data/checkpoints/. Takes ten minutes or so."""

import json
import platform
import sys
import time
from types import SimpleNamespace

import numpy as np
from making import DATA, record, write_npz

sys.path.insert(0, str(DATA.parent))

import keras
import tensorflow as tf

from tests.course import names_before

LESSON = "08_fashion_mnist"
SETTINGS = {"seed": 237, "latent_dim": 8, "batch_size": 128, "epochs": 12, "learning_rate": 1e-3, "warm_up_steps": 300}
# Weights are rounded to multiples of this share of their kernel's standard deviation: a file of half the size.
ROUNDING = 1 / 8
SMALL = 5_000  # kernels with fewer weights aren't rounded


def lesson_names() -> SimpleNamespace:
    """What the lesson defines up to its exercise `generate`: the images, the builders, the losses."""
    return SimpleNamespace(**names_before(LESSON, "generate"))


def build(lesson: SimpleNamespace) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder) whose inner layers compute in bfloat16: several times faster if the CPU supports it."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    encoder, decoder = lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])
    keras.config.set_dtype_policy("float32")
    for layer in (encoder.get_layer("z_mean"), encoder.get_layer("z_log_variance"), decoder.layers[-1]):
        layer.dtype_policy = "float32"  # three digits are too few for the input of an exponential or a logarithm
    return encoder, decoder


def train(lesson: SimpleNamespace, encoder: keras.Model, decoder: keras.Model) -> float:
    """Train on the 20,000 training images; the learning rate rises, then falls to 0. Returns the seconds."""
    vae = lesson.build_vae(encoder, decoder)
    images = lesson.prepare_images(lesson.train_raw)
    steps = -(-len(images) // SETTINGS["batch_size"]) * SETTINGS["epochs"]
    rate = keras.optimizers.schedules.CosineDecay(
        SETTINGS["learning_rate"] / 10,
        steps - SETTINGS["warm_up_steps"],
        warmup_target=SETTINGS["learning_rate"],
        warmup_steps=SETTINGS["warm_up_steps"],
    )
    vae.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)
    start = time.perf_counter()
    vae.fit(images, batch_size=SETTINGS["batch_size"], epochs=SETTINGS["epochs"], verbose=2)
    return time.perf_counter() - start


def rounded(weights: np.ndarray) -> np.ndarray:
    """The weights as they are stored, in float16. Large kernels keep few different values, which compress well."""
    if weights.size >= SMALL:
        step = weights.std() * ROUNDING
        weights = np.round(weights / step) * step
    return weights.astype("float16")


def score(lesson: SimpleNamespace, weights: dict[str, np.ndarray]) -> dict[str, float]:
    """Scores in nats of the stored weights, in float32, on the 5,000 test images, with one sample of z each."""
    encoder, decoder = lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])
    for model in (encoder, decoder):
        model.set_weights([value for name, value in weights.items() if name.startswith(model.name)])
    images = lesson.prepare_images(lesson.test_raw)
    z_mean, z_log_var = encoder.predict(images, batch_size=250, verbose=0)
    noise = np.random.default_rng(SETTINGS["seed"]).standard_normal(z_mean.shape).astype("float32")
    draws = lesson.reparameterize(z_mean, z_log_var, noise)
    kl = float(np.mean(lesson.kl_divergence(z_mean, z_log_var)))
    losses = [
        float(np.mean(lesson.reconstruction_loss(images, decoder.predict(codes, batch_size=250, verbose=0))))
        for codes in (draws, z_mean)
    ]
    scores = {
        "negative_elbo": losses[0] + kl,
        "reconstruction": losses[0],
        "kl": kl,
        "reconstruction_of_mean": losses[1],
    }
    return {name: round(value, 2) for name, value in scores.items()}


def main() -> None:
    """Train, round, score, write, record."""
    lesson = lesson_names()
    keras.utils.set_random_seed(SETTINGS["seed"])
    encoder, decoder = build(lesson)
    seconds = train(lesson, encoder, decoder)
    stored = {f"{m.name}_{i:02}": rounded(w) for m in (encoder, decoder) for i, w in enumerate(m.get_weights())}
    write(lesson, stored, seconds)


def write(lesson: SimpleNamespace, stored: dict[str, np.ndarray], seconds: float) -> None:
    """Write the weights and, beside them, their scores and how they were made."""
    folder = DATA / "checkpoints"
    folder.mkdir(exist_ok=True)
    write_npz(folder / "fashion.npz", stored)
    report = {
        "lesson": LESSON,
        "held_out": score(lesson, stored),
        "training_seconds": round(seconds),
        "settings": SETTINGS,
        "versions": {"python": platform.python_version(), "keras": keras.__version__, "tensorflow": tf.__version__},
    }
    (folder / "fashion.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    record(folder / "fashion.npz")
    record(folder / "fashion.json")


if __name__ == "__main__":
    main()
