"""Models of every kind are described alike, by what runs in them."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow

keras = pytest.importorskip("keras")

from autograder.inside.keras_adapter import describe_model, layers_with_weights, quick, run_with, watch_rows  # noqa: E402

X = np.ones((3, 4), "float32")


def functional():
    x = keras.Input((4,))
    hidden = keras.layers.Dense(5, activation="relu", name="hidden")(x)
    return keras.Model(x, [keras.layers.Dense(2, name=name)(hidden) for name in ("first", "second")])


def nested():
    x = keras.Input((4,))
    trunk = keras.Sequential([keras.layers.Dense(5, activation="relu", name="hidden")])
    hidden = keras.layers.Dropout(0.5)(trunk(x))
    return keras.Model(x, [keras.layers.Dense(2, name=name)(hidden) for name in ("first", "second")])


class Own(keras.Model):
    """Its layers are made in another order than they run in."""

    def __init__(self):
        super().__init__()
        self.second = keras.layers.Dense(2, name="second")
        self.first = keras.layers.Dense(2, name="first")
        self.hidden = keras.layers.Dense(5, activation="relu", name="hidden")

    def call(self, x):
        x = self.hidden(x)
        return self.first(x), self.second(x)


@pytest.mark.parametrize("make", [functional, nested, Own])
def test_models_of_every_kind_are_described_alike(make):
    found = describe_model(make(), X)
    assert found["outputs"] == [(3, 2), (3, 2)]
    assert found["output_names"] == ["first", "second"]
    table = [(layer["name"], layer["params"], layer["output_shape"]) for layer in found["layers"] if layer["params"]]
    assert table == [("hidden", 25, (3, 5)), ("first", 12, (3, 2)), ("second", 12, (3, 2))]
    assert found["params"] == 49


@pytest.mark.parametrize("make", [functional, nested, Own])
def test_weights_go_where_they_are_used(make):
    model = make()
    first, second = run_with(model, [1.0, np.arange(5.0), 1.0, 0.0, 2.0, -1.0], X)
    assert np.asarray(first).tolist() == [[30.0, 30.0]] * 3
    assert np.asarray(second).tolist() == [[59.0, 59.0]] * 3
    assert [layer.name for layer in layers_with_weights(model, X)] == ["hidden", "first", "second"]
    with pytest.raises(ValueError):
        run_with(model, [1.0], X)


def test_an_activation_that_is_a_layer_belongs_to_its_layer():
    hidden = keras.layers.Dense(5, activation=keras.layers.ReLU(), name="hidden")
    model = keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(2, name="last")])
    table = [(layer["name"], layer["params"], layer["output_shape"]) for layer in describe_model(model, X)["layers"]]
    assert table == [("hidden", 25, (3, 5)), ("last", 12, (3, 2))]
    assert layers_with_weights(model, X) == model.layers


def test_without_inputs_nothing_runs():
    found = describe_model(Own())
    assert (found["inputs"], found["outputs"], found["params"]) == ([], [], 0)
    assert describe_model(functional())["inputs"] == [(None, 4)]
    assert describe_model(3)["class"] == "int"


def test_a_layer_that_runs_twice_stands_there_once():
    x, shared = keras.Input((4,)), keras.layers.Dense(4)
    assert len(describe_model(keras.Model(x, shared(shared(x))), X)["layers"]) == 1


@pytest.mark.parametrize("batch_size", [None, 2, 100])
def test_a_quick_model_predicts_the_same_in_the_same_batches(batch_size):
    log, x, y = [], keras.Input((4,)), keras.Input((2,))
    hidden = watch_rows(log)(keras.layers.Concatenate()([x, y]))
    model = keras.Model([x, y], [keras.layers.Dense(3)(hidden), keras.layers.Dropout(0.5)(hidden)])
    rng = np.random.default_rng(1)
    given = [rng.normal(size=(37, 4)), rng.normal(size=(37, 2))]
    wanted = model.predict(given, batch_size=batch_size, verbose=0)
    batches = log[-len(range(0, 37, batch_size or 32)) :]
    log.clear()
    found = quick(model).predict(given, batch_size=batch_size, verbose=0)
    assert isinstance(model, keras.Model) and log == batches
    for one, other in zip(found, wanted, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_quick_model_leaves_other_data_to_keras():
    model = quick(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))
    wanted = model.predict(X, verbose=0)
    with pytest.raises(ValueError, match="Unrecognized data type"):
        model.predict(X.tolist(), verbose=0)
    np.testing.assert_allclose(model.predict(X, steps=1, verbose=0), wanted, rtol=1e-6)
    with pytest.raises(Exception, match="shape"):
        model.predict(np.ones((3, 5)), verbose=0)
