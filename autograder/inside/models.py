"""A Keras model or layer, described as plain data."""


def describe_model(model):
    """Everything a check asks of a model, without running it.

    Returns name, class, inputs and outputs (shapes), output_names, params, trainable_params and layers;
    each layer has name, class, params, output_shape, activation, and from its configuration units,
    filters, kernel_size, strides and padding where it has them.
    """
    return {
        "name": getattr(model, "name", ""),
        "class": type(model).__name__,
        "inputs": [_shape(x) for x in _tensors(model, "inputs")],
        "outputs": [_shape(x) for x in _tensors(model, "outputs")],
        "output_names": list(getattr(model, "output_names", None) or []),
        "params": _count(model, "weights"),
        "trainable_params": _count(model, "trainable_weights"),
        "layers": [describe_layer(layer) for layer in getattr(model, "layers", [])],
    }


def describe_layer(layer):
    """Plain description of one layer; see describe_model."""
    described = {
        "name": layer.name,
        "class": type(layer).__name__,
        "bases": [kind.__name__ for kind in type(layer).__mro__],
        "params": _count(layer, "weights"),
        "output_shape": _output_shape(layer),
        "activation": _activation(layer),
    }
    for key in ("units", "filters", "kernel_size", "strides", "padding", "target_shape", "rate"):
        if hasattr(layer, key):
            described[key] = getattr(layer, key)
    if getattr(layer, "layers", None):
        described["layers"] = [describe_layer(inner) for inner in layer.layers]
    return described


def _activation(layer):
    kind = type(layer).__name__
    if kind in ("ReLU", "LeakyReLU", "Softmax"):
        return kind.lower()
    activation = getattr(layer, "activation", None)
    return getattr(activation, "__name__", None) if activation is not None else None


def _tensors(model, attribute):
    try:
        found = getattr(model, attribute)
    except Exception:
        return []
    return found if isinstance(found, list | tuple) else [found]


def _shape(x):
    return tuple(getattr(x, "shape", ()))


def _output_shape(layer):
    try:
        output = layer.output
    except Exception:
        return None
    if isinstance(output, list | tuple):
        return [_shape(x) for x in output]
    return _shape(output)


def _count(model, attribute):
    total = 0
    for weight in getattr(model, attribute, []):
        size = 1
        for n in weight.shape:
            size *= n
        if "seed_generator" not in getattr(weight, "path", ""):
            total += size
    return total
