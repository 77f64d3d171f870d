"""Trains the conditional VAEs of lesson 10, and what it compares them with; writes models and scores to
data/checkpoints/. Takes about ten minutes."""

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
from keras import layers
from scipy.spatial import KDTree

from tests.course import names_before, solutions
from vaelab.datasets.files import data_file

LESSON = "10_conditional_vae"
SETTINGS = {"seed": 237, "batch_size": 256, "epochs": 12, "peak": 2e-3}
STORED, COMPARED = (2, 8), (1, 2, 4, 8, 16)
NEIGHBORS = 15


def lesson_names() -> SimpleNamespace:
    """What the lesson defines up to its exercise `generate-digit`, and its classifier."""
    names = names_before(LESSON, "generate-digit")
    exec(solutions(LESSON)["classify"], names)
    return SimpleNamespace(**names)


def splits(lesson: SimpleNamespace) -> dict[str, np.ndarray]:
    """Labeled images and labels, to train on and held out, split as in lesson 03."""
    from vaelab import datasets

    train_raw, test_raw = lesson.read_raw(*datasets.mnist_csv_files())
    train, valid = lesson.hold_out(lesson.combine(train_raw, lesson.mark_unlabeled(test_raw)))
    found = {}
    for name, frame in (("train", train), ("valid", valid)):
        found[f"x_{name}"], found[f"y_{name}"] = lesson.to_images(frame[frame["label"] != 11])
    return found


def conditional(lesson: SimpleNamespace, data: dict[str, np.ndarray], latent_dim: int) -> dict[str, float]:
    """Train one, store it where the lesson loads it, and score it: nats, and the share of digits that it names."""
    keras.utils.set_random_seed(SETTINGS["seed"])
    encoder, decoder = lesson.build_conditional_encoder(latent_dim), lesson.build_conditional_decoder(latent_dim)
    vae = lesson.build_conditional_vae(encoder, decoder)
    lesson.train(vae, data["x_train"], data["y_train"], SETTINGS["epochs"], SETTINGS["batch_size"], SETTINGS["peak"])
    for part in (encoder, decoder):
        part.set_weights([w.astype("float16").astype("float32") for w in part.get_weights()])
        if latent_dim in STORED:
            part.save(model_file(latent_dim, part))
    inputs = [data["x_valid"], lesson.one_hot(data["y_valid"])]
    nats = vae.evaluate(inputs, batch_size=500, verbose=0, return_dict=True)
    named = lesson.classify_by_bound(encoder, decoder, data["x_valid"])
    return {
        "negative_elbo": round(nats["loss"], 1),
        "kl": round(nats["kl_loss"], 1),
        "accuracy": share(named, data["y_valid"]),
    }


def plain_classifier(data: dict[str, np.ndarray]) -> float:
    """The share of held-out digits that the same hidden layers with a softmax name, trained for as many epochs."""
    keras.utils.set_random_seed(SETTINGS["seed"])
    hidden = [layers.Dense(n, activation="relu", kernel_initializer="he_normal") for n in (384, 256, 128)]
    model = keras.Sequential([layers.Flatten(), *hidden, layers.Dense(10, activation="softmax")])
    steps = SETTINGS["epochs"] * int(np.ceil(len(data["x_train"]) / SETTINGS["batch_size"]))
    schedule = keras.optimizers.schedules.CosineDecay(SETTINGS["peak"], steps)
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", steps_per_execution=8)
    model.fit(data["x_train"], data["y_train"], SETTINGS["batch_size"], SETTINGS["epochs"], verbose=0)
    return share(model.predict(data["x_valid"], verbose=0).argmax(axis=1), data["y_valid"])


def neighbors(data: dict[str, np.ndarray]) -> float:
    """The share that nearest neighbors name in the latent space of lesson 06, which saw no labels."""
    encoder = SimpleNamespace(**names_before("06_latent_clustering", "encode")).build_encoder(2)
    encoder.load_weights(data_file("checkpoints/mnist_2d_encoder.weights.h5"))
    codes, queries = (encoder.predict(data[name], batch_size=500, verbose=0)[0] for name in ("x_train", "x_valid"))
    _, nearest = KDTree(codes).query(queries, k=NEIGHBORS)
    votes = data["y_train"][nearest]
    named = (votes[:, :, None] == np.arange(10)).sum(axis=1).argmax(axis=1)
    return share(named, data["y_valid"])


def share(named: np.ndarray, labels: np.ndarray) -> float:
    """How many are right."""
    return round(float(np.mean(named == labels)), 4)


def model_file(latent_dim: int, model: keras.Model) -> Path:
    """Where an encoder or a decoder is stored."""
    return DATA / "checkpoints" / f"conditional_{latent_dim}d_{model.name}.keras"


def main() -> None:
    """Train, store, score, record."""
    lesson = lesson_names()
    data = splits(lesson)
    (DATA / "checkpoints").mkdir(exist_ok=True)
    start = time.perf_counter()
    report = {
        "lesson": LESSON,
        "conditional": {str(d): conditional(lesson, data, d) for d in COMPARED},
        "classifier": plain_classifier(data),
        "neighbors_in_lesson_06": neighbors(data),
        "training_seconds": round(time.perf_counter() - start),
        "settings": SETTINGS,
        "versions": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
        },
    }
    file = DATA / "checkpoints" / "conditional.json"
    file.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    for path in (*sorted((DATA / "checkpoints").glob("conditional_*.keras")), file):
        record(path)


if __name__ == "__main__":
    main()
