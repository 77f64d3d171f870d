"""What checks of Keras models need: the one module of the engine that knows Keras.

A check file asks for it with ``HELPERS = ["autograder.inside.keras_adapter"]``. Keras itself is imported when a
question needs it. What a model is made of shows when it runs: so a functional model, a Sequential and a class of one's
own are described alike, layer by layer in the order in which they compute.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any


def describe_model(model: Any, *inputs: Any) -> dict[str, Any]:
    """Everything a check asks of a model.

    Returns name, class, inputs and outputs (shapes), output_names, params, trainable_params and layers;
    each layer has name, class, params, output_shape, activation, and from its configuration units,
    filters, kernel_size, strides and padding where it has them.
    With ``inputs`` the model is run on them: outputs are what it gives, and layers are all that ran and have no layers
    inside of them, once each, in this order.
    """
    ran: list[tuple[Any, Any]] = []
    results: list[Any] = []
    if inputs and callable(model):
        result, ran = run_layers(model, *inputs)
        results = _as_list(result)
    layers = [describe_layer(layer, output) for layer, output in ran]
    names = [next((layer.name for layer, output in ran if output is result), "") for result in results]
    return {
        "name": getattr(model, "name", ""),
        "class": type(model).__name__,
        "bases": [kind.__name__ for kind in type(model).__mro__],
        "inputs": [_shape(x) for x in _tensors(model, "inputs")],
        "outputs": [_shape(x) for x in results or _tensors(model, "outputs")],
        "output_names": list(getattr(model, "output_names", None) or names),
        "params": _count(model, "weights"),
        "trainable_params": _count(model, "trainable_weights"),
        "layers": layers or [describe_layer(layer) for layer in getattr(model, "layers", [])],
    }


def _as_list(result: Any) -> list[Any]:
    if isinstance(result, dict):
        return list(result.values())
    return list(result) if isinstance(result, list | tuple) else [result]


def run_layers(model: Any, *inputs: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """(what ``model`` gives for ``inputs``, [(layer, its output)] of the layers that ran and hold no other layers)."""
    import keras

    if not getattr(model, "built", True):
        model(*inputs)  # the first call builds, and for that runs the layers on symbols
    ran: list[tuple[Any, Any]] = []
    original = keras.layers.Layer.__call__

    def noting(layer: Any, *args: Any, **kwargs: Any) -> Any:
        before = len(ran)
        output = original(layer, *args, **kwargs)
        if layer is not model and layer.weights and not any(inner.weights for inner, _ in ran[before:]):
            del ran[before:]  # an activation that is a layer belongs to the layer that has the weights
        if len(ran) == before and layer is not model:
            ran.append((layer, output))
        return output

    keras.layers.Layer.__call__ = noting
    try:
        result = model(*inputs)
    finally:
        keras.layers.Layer.__call__ = original
    first: dict[int, tuple[Any, Any]] = {}
    for layer, output in ran:
        first.setdefault(id(layer), (layer, output))
    order = {id(output): i for i, output in enumerate(_as_list(result))}  # Keras runs the heads of a model in any order
    return result, sorted(first.values(), key=lambda pair: order.get(id(pair[1]), -1))


def layers_with_weights(model: Any, *inputs: Any) -> list[Any]:
    """The layers of ``model`` that have weights to train, in the order in which they compute."""
    return [layer for layer, _ in run_layers(model, *inputs)[1] if layer.trainable_weights]


def run_with(model: Any, weights: Iterable[Any], inputs: Any) -> Any:
    """What ``model`` gives for ``inputs`` when its layers have these ``weights``, in the order in which they compute.

    A weight may be a number or an array that broadcasts to its shape. Raises ValueError where there are more or fewer.
    """
    return run_with_each(model, [weights], inputs)[0]


def run_with_each(model: Any, settings: Iterable[Iterable[Any]], inputs: Any) -> list[Any]:
    """See run_with: what ``model`` gives with each of these sets of weights."""
    import numpy as np

    places = [w for layer in layers_with_weights(model, inputs) for w in layer.trainable_weights]
    results = []
    for weights in settings:
        for place, value in zip(places, weights, strict=True):
            place.assign(np.broadcast_to(value, place.shape))
        results.append(model(inputs))
    return results


def describe_layer(layer: Any, output: Any = None) -> dict[str, Any]:
    """Plain description of one layer, and of its output where it has run; see describe_model."""
    described = {
        "name": layer.name,
        "class": type(layer).__name__,
        "bases": [kind.__name__ for kind in type(layer).__mro__],
        "params": _count(layer, "weights"),
        "output_shape": _output_shape(layer) if output is None else _shapes(output),
        "activation": _activation(layer),
    }
    for key in ("units", "filters", "kernel_size", "strides", "padding", "target_shape", "rate"):
        if hasattr(layer, key):
            described[key] = getattr(layer, key)
    if getattr(layer, "layers", None):
        described["layers"] = [describe_layer(inner) for inner in layer.layers]
    return described


def _activation(layer: Any) -> Any:
    kind = type(layer).__name__
    if kind in ("ReLU", "LeakyReLU", "Softmax"):
        return kind.lower()
    activation = getattr(layer, "activation", None)
    return getattr(activation, "__name__", None) if activation is not None else None


def _tensors(model: Any, attribute: str) -> list[Any] | tuple[Any, ...]:
    try:
        found = getattr(model, attribute)
    except Exception:
        return []
    return found if isinstance(found, list | tuple) else [found]


def _shape(x: Any) -> tuple[Any, ...]:
    return tuple(getattr(x, "shape", ()))


def _output_shape(layer: Any) -> tuple[Any, ...] | list[tuple[Any, ...]] | None:
    try:
        output = layer.output
    except Exception:
        return None
    return _shapes(output)


def _shapes(output: Any) -> tuple[Any, ...] | list[tuple[Any, ...]]:
    return [_shape(x) for x in output] if isinstance(output, list | tuple) else _shape(output)


def _count(model: Any, attribute: str) -> int:
    total = 0
    for weight in getattr(model, attribute, []):
        size = 1
        for n in weight.shape:
            size *= n
        if "seed_generator" not in getattr(weight, "path", ""):
            total += size
    return total


def tensor(value: Any, dtype: str = "float32") -> Any:
    """A Keras tensor of ``value``: what a layer or a loss is given in real use."""
    import keras

    return keras.ops.convert_to_tensor(value, dtype=dtype)


def gradients(function: Callable[..., Any], *inputs: Any) -> Any:
    """d sum(function(*inputs)) / d input, for each input (None where no gradient arrives)."""
    library = _backend()
    if hasattr(library, "GradientTape"):
        variables = [library.Variable(library.convert_to_tensor(x, dtype=library.float32)) for x in inputs]
        with library.GradientTape() as tape:
            total = library.reduce_sum(function(*[v.value() for v in variables]))
        return tuple(tape.gradient(total, variables))
    if hasattr(library, "autograd"):
        tensors = [tensor(x).requires_grad_() for x in inputs]
        return library.autograd.grad(function(*tensors).sum(), tensors, allow_unused=True)
    return library.grad(lambda *x: function(*x).sum(), argnums=tuple(range(len(inputs))))(*map(tensor, inputs))


def traced(function: Callable[..., Any]) -> Any:
    """``function``, compiled to a graph as ``fit`` does it; as it stands where the backend has no such thing."""
    library = _backend()
    return library.function(function, autograph=False) if hasattr(library, "GradientTape") else function


def _backend() -> ModuleType:
    """The library that Keras computes with: a backend has the name of its library."""
    import keras

    return import_module(keras.config.backend())


def quick(model: Any, whole: bool = False) -> Any:
    """``model`` itself, whose ``predict`` calls it batch by batch, where Keras first traces a loop over batches.

    For models that a check makes, and that an answer asks a few times: the same batches and numbers, many times as
    fast. With ``whole`` all rows are one batch, for a model to which that makes no difference. What isn't arrays goes
    to Keras' own ``predict``.
    """
    import keras
    import numpy as np

    kept: Any = type(model)
    tree = keras.tree

    def predict(
        self: Any, x: Any, batch_size: Any = None, verbose: Any = 0, steps: Any = None, callbacks: Any = None
    ) -> Any:
        parts = tree.flatten(x)
        arrays = all(isinstance(part, np.ndarray) or keras.ops.is_tensor(part) for part in parts)
        rows = len(parts[0]) if arrays and parts[0].shape else 0
        size = rows if whole and rows else batch_size or 32
        few = 0 < rows <= 100 * size  # for more, tracing pays
        if not few or steps is not None or callbacks is not None:
            return kept.predict(self, x, batch_size, verbose, steps, callbacks)

        def batch(start: int) -> Any:
            taken = tree.map_structure(
                lambda part: keras.ops.convert_to_tensor(part[start : start + size], self.compute_dtype), x
            )
            return tree.map_structure(keras.ops.convert_to_numpy, self(taken, training=False))

        results = [batch(start) for start in range(0, rows, size)]
        return tree.map_structure(lambda *pieces: np.concatenate(pieces), *results)

    model.__class__ = type(kept.__name__, (kept,), {"predict": predict})
    return model


def functional(model: Any) -> Any:
    """A Sequential model that knows its input, as a functional one of the same layers.

    So it has ``input`` and ``output``, which answers may ask for, as those that the functional API makes.
    """
    import keras

    return keras.Model(model.inputs[0], model.outputs[0])


def watch_rows(log: list[int]) -> Any:
    """A Keras layer that passes its input on and appends the number of rows of every pass to ``log``.

    It counts what really runs, by a call, by predict or inside a larger model, where counting calls of a
    method would count how often a model was traced. A backend that doesn't trace runs it as it stands.
    """
    import keras

    library = _backend()

    def note(x: Any) -> Any:
        log.append(len(x))
        return x

    class WatchRows(keras.layers.Layer):  # type: ignore[misc]  # Keras carries no types
        def call(self, inputs: Any) -> Any:
            if not hasattr(library, "numpy_function"):
                return note(inputs)
            return library.ensure_shape(library.numpy_function(note, [inputs], inputs.dtype), inputs.shape)

    layer = WatchRows()
    layer.supports_jit = False  # XLA has no way back to Python
    return layer


def watch_modes(log: list[bool]) -> Any:
    """A Keras layer that passes its input on and appends to ``log`` whether it is called, or traced, in training."""
    import keras

    class WatchModes(keras.layers.Layer):  # type: ignore[misc]  # Keras carries no types
        def call(self, inputs: Any, training: Any = None) -> Any:
            log.append(bool(training))
            return inputs

    return WatchModes()


def save_and_load(model: Any, **custom_objects: Any) -> Any:
    """Save a Keras model, load it again and return it; classes go in by name."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        return keras.saving.load_model(path, custom_objects=custom_objects or None)


@contextlib.contextmanager
def while_asking() -> Iterator[None]:
    """Keras rewrites the errors of a layer's call; while a question is answered they come as they were raised."""
    keras = sys.modules.get("keras")
    if keras is None or not keras.config.is_traceback_filtering_enabled():
        yield
        return
    keras.config.disable_traceback_filtering()
    try:
        yield
    finally:
        keras.config.enable_traceback_filtering()


MODULES = {"keras": "keras"}
HELPERS = (
    describe_layer,
    describe_model,
    functional,
    gradients,
    layers_with_weights,
    quick,
    run_with,
    run_with_each,
    save_and_load,
    tensor,
    traced,
    watch_modes,
    watch_rows,
)
