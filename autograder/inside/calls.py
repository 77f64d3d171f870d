"""Helpers for expressions that call a student's function in a special way."""

import inspect
import os
import pathlib
import tempfile
import time


def tensor(value, dtype="float32"):
    """A Keras tensor of ``value``: what a layer or a loss is given in real use."""
    import keras

    return keras.ops.convert_to_tensor(value, dtype=dtype)


def gradients(function, *inputs):
    """d sum(function(*inputs)) / d input, for each input (None where no gradient arrives)."""
    import tensorflow as tf

    variables = [tf.Variable(tf.convert_to_tensor(x, dtype=tf.float32)) for x in inputs]
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(function(*[v.value() for v in variables]))
    return tuple(tape.gradient(total, variables))


def call_count(target, method, action):
    """Run ``action()`` and count the calls of ``target.method`` meanwhile: {"result", "calls"}.

    ``target`` may be a module, a class or an object, such as a model whose ``predict`` is counted.
    """
    calls = 0
    had_own = method in vars(target)
    original = getattr(target, method)

    def counting(*args, **kwargs):
        nonlocal calls
        calls += 1
        return original(*args, **kwargs)

    object.__setattr__(target, method, counting) if not isinstance(target, type) else setattr(target, method, counting)
    try:
        result = action()
    finally:
        if had_own:
            setattr(target, method, original)
        else:
            delattr(target, method)
    return {"result": result, "calls": calls}


def watch_rows(log):
    """A Keras layer that passes its input on and appends the number of rows of every pass to ``log``.

    It counts what really runs, by a call, by predict or inside a larger model, where counting calls of a
    method would count how often a model was traced.
    """
    import keras
    import tensorflow as tf

    def note(x):
        log.append(len(x))
        return x

    class WatchRows(keras.layers.Layer):
        def call(self, inputs):
            return tf.ensure_shape(tf.numpy_function(note, [inputs], inputs.dtype), inputs.shape)

    layer = WatchRows()
    layer.supports_jit = False  # XLA has no way back to Python
    return layer


def seconds(action):
    """Run ``action()``: {"result", "seconds"}."""
    start = time.perf_counter()
    result = action()
    return {"result": result, "seconds": time.perf_counter() - start}


def defaults(function):
    """[name, whether it may be given by position, whether it has a default, the default] of each argument.

    Nothing where they can't be seen.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        [p.name, p.kind is not p.KEYWORD_ONLY, p.default is not p.empty, None if p.default is p.empty else p.default]
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]


def raised(action):
    """Run ``action()``; the exception it raised as {"type", "message", "kinds"}, or None.

    kinds: the names of its class and of all classes that this is derived from.
    """
    try:
        action()
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return {"type": type(error).__name__, "message": str(error), "kinds": kinds}
    return None


def is_instance(value, *class_names):
    """True when one of ``class_names`` is the name of a class that ``value`` is, or is derived from."""
    kinds = value.__mro__ if isinstance(value, type) else type(value).__mro__
    return any(kind.__name__ in class_names for kind in kinds)


def save_and_load(model, **custom_objects):
    """Save a Keras model, load it again and return it; classes go in by name."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        return keras.saving.load_model(path, custom_objects=custom_objects or None)


def data_frame(columns, values, index=None):
    """A pandas DataFrame of its own from column names and an array (rows, columns), in the array's data type."""
    import pandas

    return pandas.DataFrame(values.copy(), columns=list(columns), index=index)


def with_files(texts, action):
    """Write each text of {file name: text} into a new folder, and return ``action(path, ...)`` in that order.

    The folder is gone afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, name) for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return action(*paths)
