"""Computes for lesson 09 what takes too long there: log p(x) on a fine grid, refined Gaussians. Takes some minutes."""

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
from vaelab import datasets
from vaelab.datasets.files import data_file

LESSON = "09_tight_bounds"
SETTINGS = {"seed": 237, "images": 300, "half_width": 5.0, "points": 1601, "steps": 300, "draws": 16}


def lesson_names() -> SimpleNamespace:
    """What the lesson defines up to its last exercise: the models, the quadrature, the refining."""
    return SimpleNamespace(**names_before(LESSON, "effective-sample-size"))


def held_out(lesson: SimpleNamespace) -> np.ndarray:
    """The first held-out images, split as in lesson 03."""
    train_raw, test_raw = lesson.read_raw(*datasets.mnist_csv_files())
    rows = lesson.hold_out(lesson.combine(train_raw, lesson.mark_unlabeled(test_raw)))[1]
    return lesson.to_images(rows[: SETTINGS["images"]])[0]


def models(lesson: SimpleNamespace) -> tuple[keras.Model, keras.Model]:
    """(encoder, decoder) with the weights of lesson 06."""
    encoder, decoder = lesson.build_encoder(), lesson.build_decoder()
    for model in (encoder, decoder):
        model.load_weights(data_file(f"checkpoints/mnist_2d_{model.name}.weights.h5"))
    return encoder, decoder


def main() -> None:
    """Refine, integrate, store, record."""
    lesson = lesson_names()
    images = held_out(lesson)
    encoder, decoder = models(lesson)
    keras.utils.set_random_seed(SETTINGS["seed"])
    start = time.perf_counter()
    means = encoder.predict(images, verbose=0)
    refined = lesson.refine(decoder, images, *means, SETTINGS["steps"], SETTINGS["draws"], SETTINGS["seed"])
    seconds = {"refining": round(time.perf_counter() - start)}
    start = time.perf_counter()
    log_marginal = lesson.log_marginal(decoder, images, SETTINGS["half_width"], SETTINGS["points"])
    seconds["quadrature"] = round(time.perf_counter() - start)
    arrays = dict(zip(("z_mean", "z_log_var", "elbo"), refined, strict=True)) | {"log_marginal": log_marginal}
    folder = DATA / "checkpoints"
    write_npz(folder / "tight_bounds.npz", {name: array.astype("float32") for name, array in arrays.items()})
    report = {
        "lesson": LESSON,
        "mean": {name: round(float(arrays[name].mean()), 2) for name in ("elbo", "log_marginal")},
        "seconds": seconds,
        "settings": SETTINGS,
        "versions": {"python": platform.python_version(), "keras": keras.__version__, "tensorflow": tf.__version__},
    }
    (folder / "tight_bounds.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    record(folder / "tight_bounds.npz")
    record(folder / "tight_bounds.json")


if __name__ == "__main__":
    main()
