"""An answer that gives NaN or infinity holds no check that looks at a number: it resembles nothing."""

import ast
import functools
import inspect

import keras
import numpy as np
import pandas as pd
import pytest
from keras import ops

from tests.course import solutions
from tests.test_answers import EXERCISES, local_verdicts, prepared

pytestmark = pytest.mark.slow

SPOIL = {"nan": np.nan, "infinity": np.inf}
# Checks of errors, names, types, layer tables and of what was handed in.
ASKS_NO_NUMBER = {
    ("01", "autoencoder"): {"test_three_models"},
    ("03", "read"): {"test_a_missing_column_is_named", "test_any_missing_column_is_named"},
    ("03", "unlabeled"): {"test_the_given_table_stays"},
    ("03", "combine"): {"test_index_is_fresh"},
    ("03", "hold-out"): {"test_the_table_is_kept_whole"},
    ("03", "images"): {"test_the_frame_stays_as_it_is"},
    ("04", "encoder"): {
        "test_encoder_layer_table",
        "test_only_the_second_convolution_halves",
        "test_any_latent_dimension",
        "test_any_image_shape",
    },
    ("04", "decoder"): {"test_decoder_layer_table", "test_any_feature_shape", "test_any_number_of_codes"},
    ("04", "round-trip"): {"test_images_are_not_changed"},
    ("05", "loss-layer"): {"test_tracks_both_parts", "test_save_and_load_keep_beta"},  # spoiled is only what it adds
    ("05", "build-vae"): {"test_published_architecture"},
    ("05", "warm-up"): {"test_is_a_callback"},
    ("06", "scatter"): {"test_legend_and_labels", "test_equal_scales"},
    ("07", "class-encoder"): {"test_encoder_parameters"},
    ("07", "class-decoder"): {"test_decoder_parameters"},
    ("07", "class-loss"): {"test_a_test_step_learns_nothing"},
    ("07", "class-train"): {
        "test_compile_builds_and_compiles",
        "test_compile_again",
        "test_further_arguments",
        "test_images_and_batches",
    },
    ("07", "class-plot"): {"test_two_rows_of_ten", "test_no_ticks"},
    ("10", "one-hot"): {"test_float32", "test_unknown_labels_are_refused"},
    ("10", "conditional-decoder"): {"test_decoder_sizes"},
    ("08", "encoder"): {"test_two_heads", "test_layer_table", "test_any_hidden_state_size"},
}


def spoiled(value, bad):
    """``value`` with every number in it replaced by ``bad``, in the same shapes."""
    if isinstance(value, keras.Model):
        outputs = [x * 0 + bad for x in value.outputs]
        return keras.Model(value.inputs, outputs if len(outputs) > 1 else outputs[0])
    if isinstance(value, pd.DataFrame):
        return value * bad
    if isinstance(value, dict):
        return {key: spoiled(item, bad) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(spoiled(item, bad) for item in value)
    if isinstance(value, bool | str | type(None)) or not (
        isinstance(value, int | float | np.ndarray | np.generic) or ops.is_tensor(value)
    ):
        return value
    if ops.is_tensor(value):
        return ops.full_like(ops.cast(value, "float32"), bad)
    return np.full(np.shape(value), bad, "float32")


def spoil(thing, bad):
    if inspect.isclass(thing):
        for name in ("call", "on_train_batch_begin"):
            if name in vars(thing):
                setattr(thing, name, spoil(vars(thing)[name], bad))
        if issubclass(thing, keras.layers.Layer):
            thing.add_loss = lambda self, loss: keras.layers.Layer.add_loss(self, spoiled(loss, bad))
        if issubclass(thing, keras.callbacks.Callback):
            thing.on_train_batch_begin = lambda self, batch, logs=None: self.layer.beta.assign(bad)
        return thing

    @functools.wraps(thing)
    def wrapped(*args, **kwargs):
        if "plot" in thing.__name__:
            args = [spoiled(arg, bad) if isinstance(arg, np.ndarray) and arg.dtype.kind == "f" else arg for arg in args]
        result = thing(*args, **kwargs)
        if isinstance(result, keras.callbacks.History):
            result.history = spoiled(result.history, bad)
        return spoiled(result, bad)

    return wrapped


@pytest.mark.parametrize("word", SPOIL)
@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES, ids=lambda text: text)
def test_only_what_asks_for_no_number_still_holds(lesson, exercise, word):
    code = solutions(lesson)[exercise]
    prepared(lesson, exercise)[1].update(spoil=spoil, bad=SPOIL[word])
    where = "VariationalAutoencoder." if "method_of" in code else ""
    names = [node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    code += "".join(f"\n{where}{name} = spoil({where}{name}, bad)" for name in names)
    passed = {verdict.check for verdict in local_verdicts(lesson, exercise, code) if verdict.status == "passed"}
    assert passed == ASKS_NO_NUMBER.get((lesson[:2], exercise), set())
