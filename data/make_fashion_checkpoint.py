"""Trains the VAE and the classifier of lesson 08 and writes their weights and scores to data/checkpoints/.

Takes ten minutes or so. With --classifier it trains the classifier alone, in about a minute.
"""

import argparse
import json
import platform
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
from making import DATA, record

sys.path.insert(0, str(DATA.parent))

import keras
import tensorflow as tf

from tests.course import names_before

LESSON = "08_fashion_mnist"
SETTINGS = {"seed": 237, "latent_dim": 8, "batch_size": 128, "epochs": 12, "learning_rate": 1e-3, "warm_up_steps": 300}
CLASSIFIER = {"seed": 237, "batch_size": 128, "epochs": 10, "learning_rate": 2e-3}
# Weights are rounded to multiples of this share of their kernel's standard deviation: they compress to a quarter.
ROUNDING = 1 / 8
SMALL = 5_000  # kernels with fewer weights aren't rounded
CHECKPOINTS = DATA / "checkpoints"


def lesson_names() -> SimpleNamespace:
    """What the lesson defines up to its exercise `slerp`: the images, the builders, the losses."""
    return SimpleNamespace(**names_before(LESSON, "slerp"))


def build(lesson: SimpleNamespace) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder) whose inner layers compute in bfloat16: several times faster if the CPU supports it."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    encoder, decoder = lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])
    keras.config.set_dtype_policy("float32")
    for layer in (encoder.get_layer("z_mean"), encoder.get_layer("z_log_variance"), decoder.layers[-1]):
        layer.dtype_policy = "float32"  # three digits are too few for the input of an exponential or a logarithm
    return encoder, decoder


def train(lesson: SimpleNamespace, encoder: keras.Model, decoder: keras.Model) -> float:
    """Train on the 20,000 training images; the learning rate rises, then decays to 0. Returns the seconds."""
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
    """The weights as they are stored, float16 in a float32 array. Large kernels keep few different values."""
    if weights.size >= SMALL:
        step = weights.std() * ROUNDING
        weights = np.round(weights / step) * step
    return weights.astype("float16").astype("float32")


def weights_file(name: str) -> Path:
    """Where the weights of the encoder, the decoder or the classifier are stored."""
    return CHECKPOINTS / f"fashion_{name}.weights.h5"


def store(model: keras.Model, name: str) -> None:
    """Save the model's weights as `load_weights` reads them, each array compressed."""
    path = weights_file(name)
    model.save_weights(path)
    with h5py.File(path) as plain, h5py.File(path.with_suffix(".part"), "w") as compressed:
        copy(plain, compressed)
    path.with_suffix(".part").replace(path)


def copy(source: h5py.Group, target: h5py.Group) -> None:
    """Copy a group with its attributes; arrays large enough to gain from it are compressed."""
    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            copy(item, target.create_group(name))
        elif item.size < SMALL:
            target.create_dataset(name, data=item[()])
        else:
            target.create_dataset(name, data=item[()], compression="gzip", compression_opts=9, shuffle=True)


def score(lesson: SimpleNamespace) -> dict[str, float]:
    """Scores of the stored weights in nats, in float32, on the 5,000 test images, with one sample of z each."""
    encoder, decoder = lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])
    for model in (encoder, decoder):
        model.load_weights(weights_file(model.name))
    images = lesson.prepare_images(lesson.test_raw)
    z_mean, z_log_var = encoder.predict(images, batch_size=250, verbose=0)
    noise = np.random.default_rng(SETTINGS["seed"]).standard_normal(z_mean.shape).astype("float32")
    samples = lesson.reparameterize(z_mean, z_log_var, noise)
    kl = float(np.mean(lesson.kl_divergence(z_mean, z_log_var)))
    losses = [
        float(np.mean(lesson.reconstruction_loss(images, decoder.predict(codes, batch_size=250, verbose=0))))
        for codes in (samples, z_mean)
    ]
    scores = {
        "negative_elbo": losses[0] + kl,
        "reconstruction": losses[0],
        "kl": kl,
        "reconstruction_of_mean": losses[1],
    }
    return {name: round(value, 2) for name, value in scores.items()}


def make_vae(lesson: SimpleNamespace) -> None:
    """Train, round and store the VAE, score what was stored, record."""
    keras.utils.set_random_seed(SETTINGS["seed"])
    encoder, decoder = build(lesson)
    seconds = train(lesson, encoder, decoder)
    plain = lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])
    for trained, model in zip((encoder, decoder), plain, strict=True):
        model.set_weights([rounded(w) for w in trained.get_weights()])
        store(model, model.name)
    write_report("fashion", {"held_out": score(lesson), "training_seconds": round(seconds), "settings": SETTINGS})
    for model in plain:
        record(weights_file(model.name))


def make_classifier(lesson: SimpleNamespace) -> None:
    """Train and store the classifier that judges images in the lesson; record it with its accuracy."""
    keras.utils.set_random_seed(CLASSIFIER["seed"])
    classifier = lesson.build_classifier()
    images = lesson.prepare_images(lesson.train_raw)
    steps = -(-len(images) // CLASSIFIER["batch_size"]) * CLASSIFIER["epochs"]
    rate = keras.optimizers.schedules.CosineDecay(CLASSIFIER["learning_rate"], steps)
    loss = keras.losses.SparseCategoricalCrossentropy()
    classifier.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, jit_compile=False)
    start = time.perf_counter()
    classifier.fit(
        images, lesson.train_labels, batch_size=CLASSIFIER["batch_size"], epochs=CLASSIFIER["epochs"], verbose=2
    )
    seconds = time.perf_counter() - start
    weights = [w.astype("float16").astype("float32") for w in classifier.get_weights()]
    classifier = lesson.build_classifier()  # without the optimizer's variables, which would be stored too
    classifier.set_weights(weights)
    store(classifier, "classifier")
    found = classifier.predict(lesson.prepare_images(lesson.test_raw), batch_size=500, verbose=0).argmax(axis=1)
    accuracy = round(float(np.mean(found == lesson.test_labels)), 4)
    report = {"held_out": {"accuracy": accuracy}, "training_seconds": round(seconds), "settings": CLASSIFIER}
    write_report("fashion_classifier", report)
    record(weights_file("classifier"))


def write_report(name: str, report: dict[str, object]) -> None:
    """Write scores and settings beside the weights, and record them."""
    versions = {"python": platform.python_version(), "keras": keras.__version__, "tensorflow": tf.__version__}
    text = json.dumps({"lesson": LESSON, **report, "versions": versions}, indent=2)
    (CHECKPOINTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    record(CHECKPOINTS / f"{name}.json")


def main() -> None:
    """Make both, or the classifier alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classifier", action="store_true", help="train the classifier alone")
    lesson = lesson_names()
    if not parser.parse_args().classifier:
        make_vae(lesson)
    make_classifier(lesson)


if __name__ == "__main__":
    main()
