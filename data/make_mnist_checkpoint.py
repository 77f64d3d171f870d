"""Trains the 2-D VAE of lesson 06 and writes its weights and scores to data/checkpoints/. Takes some minutes."""

import json
import platform
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from making import DATA, record

sys.path.insert(0, str(DATA.parent))

import keras
import tensorflow as tf

from tests.course import names_before
from vaelab import datasets

LESSON = "06_latent_clustering"
SETTINGS = {"seed": 237, "latent_dim": 2, "batch_size": 256, "epochs": 30, "peak": 6e-3}


def lesson_names() -> SimpleNamespace:
    """What the lesson defines up to its exercise `encode`: the pipeline, the models, the losses, the training."""
    return SimpleNamespace(**names_before(LESSON, "encode"))


def splits(lesson: SimpleNamespace) -> tuple[np.ndarray, np.ndarray]:
    """The 65,000 images to train on and the 5,000 held out, split as in lesson 03."""
    train_raw, test_raw = lesson.read_raw(*datasets.mnist_csv_files())
    parts = lesson.hold_out(lesson.combine(train_raw, lesson.mark_unlabeled(test_raw)))
    return tuple(lesson.to_images(part)[0] for part in parts)


def build(lesson: SimpleNamespace) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder), untrained."""
    return lesson.build_encoder(SETTINGS["latent_dim"]), lesson.build_decoder(SETTINGS["latent_dim"])


def weights_file(model: keras.Model) -> Path:
    """Where the weights of the encoder or the decoder are stored."""
    return DATA / "checkpoints" / f"mnist_2d_{model.name}.weights.h5"


def store(model: keras.Model) -> None:
    """Save the weights as Keras reads them, rounded to float16: the file then compresses to half its size.

    Rounding changes the score by less than a hundredth of a nat.
    """
    model.set_weights([w.astype("float16").astype("float32") for w in model.get_weights()])
    model.save_weights(weights_file(model))


def score(lesson: SimpleNamespace, images: np.ndarray) -> dict[str, float]:
    """Scores of the stored weights on held-out images in nats, estimated with one sample of z for each image."""
    models = build(lesson)
    for model in models:
        model.load_weights(weights_file(model))
    found = lesson.build_vae(*models).evaluate(images, batch_size=500, verbose=0, return_dict=True)
    names = {"negative_elbo": "loss", "reconstruction": "reconstruction_loss", "kl": "kl_loss"}
    return {name: round(found[metric], 2) for name, metric in names.items()}


def main() -> None:
    """Train, store, score what was stored, record."""
    lesson = lesson_names()
    x_train, x_valid = splits(lesson)
    keras.utils.set_random_seed(SETTINGS["seed"])
    models = build(lesson)
    start = time.perf_counter()
    lesson.train(lesson.build_vae(*models), x_train, SETTINGS["epochs"], SETTINGS["batch_size"], SETTINGS["peak"])
    seconds = time.perf_counter() - start
    folder = DATA / "checkpoints"
    folder.mkdir(exist_ok=True)
    for model in models:
        store(model)
    report = {
        "lesson": LESSON,
        "held_out": score(lesson, x_valid),
        "training_seconds": round(seconds),
        "settings": SETTINGS,
        "versions": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
        },
    }
    (folder / "mnist_2d.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    for path in (*map(weights_file, models), folder / "mnist_2d.json"):
        record(path)


if __name__ == "__main__":
    main()
