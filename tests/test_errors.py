"""The sentences above a library's words: each is tried against the real error."""

import re
import traceback

import pytest

from autograder.checking.errors import first_line, what_it_means
from autograder.checking.sentences import SENTENCES as GENERAL
from vaelab.errors import SENTENCES, SLIPS
from vaelab.habits import HABITS

pytestmark = pytest.mark.slow

SETUP = """
import math, os, tempfile, keras, numpy as np, pandas as pd, tensorflow as tf
from keras import layers, ops
import matplotlib; matplotlib.use("agg"); import matplotlib.pyplot as plt
x, code, folder = keras.Input((3,)), keras.Input((2,)), tempfile.mkdtemp()
model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
functional = keras.Model(x, layers.Dense(2)(x))
frame = pd.DataFrame({"label": [1, 2], "pixel0": [3, 4]})
"""

IN_A_LAYER = "class Draw(layers.Layer):\n    def call(self, x):\n        {}\nDraw()(x)"

IN_A_STEP = (
    "class Own(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = layers.Dense(2)\n"
    "    def train_step(self, data):\n"
    "        with tf.GradientTape() as tape:\n            loss = ops.sum(self.d(data))\n"
    "        found = tape.gradient(loss, self.d.weights)\n        {}\n        return dict(loss=loss)\n"
    "own = Own()\nown.compile('adam')\nown.fit(np.ones((2, 2)), verbose=0)"
)

# (what a student could write, words of the sentence)
TRIED = [
    ("functional(keras.Model(code, [code, code])(np.ones((1, 2))))", "Unpack it first"),
    ("np.float(3)", "use Python's own `float`"),
    ("np.random.default_rng(0).randn(3)", "`standard_normal`"),
    ("np.hstack(np.ones(2), np.ones(2))", "`hstack([x, y])`"),
    ("np.concatenate(np.ones(2), np.ones(2))", "`concatenate([x, y])`"),
    ("ops.concatenate(x, code)", "`concatenate([x, y])`"),
    ("layers.Dense()", "`Dense(…)` lacks its argument `units`"),
    ("layers.Reshape(28, 28)", "a tuple: `layers.Reshape((28, 28, 1))`"),
    ("layers.Activation('relu', x)", "`Activation(…)` gets too many arguments"),
    ("class Own:\n    def width(self, scale): ...\nOwn.width(3)", "create an object of it first"),
    ("class Own:\n    def __init__(self, width): ...\nOwn(3, 4)", "`Own(…)` gets too many arguments"),
    ("frame.drop(columns='labl')", "no column of this name"),
    ("frame.drop('labl', axis=1)", "no column of this name"),
    ("plt.subplots(2, 2)[1].plot([1])", "choose one of them by its index"),
    ("plt.legends()", "`matplotlib.pyplot` has no `legends`: is it misspelled, or in another module?"),
    ("ops.random.normal((2,))", "random numbers in `keras.random`"),
    ("if frame['label'] > 1 and frame['pixel0'] > 1: pass", "one result for each element"),
    ("if frame: pass", "one result for each element"),
    ("np.zeros((2, 3))[:] = np.ones(2)", "compared from the last axis backwards"),
    ("np.array([1, 2, 3])[np.array([True, False])]", "one value for each row"),
    ("np.log(None)", "one of these is text or None"),
    ("np.array(['a']) + 1", "one of these is text or None"),
    ("np.sqrt(np.array(['1']))", "one of these is text or None"),
    ("(1, 2) > 1", "A tuple is compared with something else"),
    ("1 < [1, 2]", "A list is compared with something else"),
    ("plt.imshow(None)", "`imshow` gets no numbers"),
    ("plt.imshow([np.ones((28, 28))])", "and gets (1, 28, 28)"),
    ("frame.shape()", "an attribute such as `x.shape` takes none"),
    ("fig, ax = plt.subplots()\nax.title('all')", "`ax.set_title(…)`"),
    ("fig, ax = plt.subplots()\nax.xlabel('all')", "`ax.set_xlabel(…)`"),
    ("fig, ax = plt.subplots()\nax[0].plot([1])", "makes one Axes and no array of them"),
    ("plt.subplots()[0].plot([1])", "then `ax.plot(…)`"),
    ("frame.sort_values()", "If it is called on the class itself"),
    ("class L(layers.Layer):\n    def call(x): return x\nL()(x)", "the first argument of `call` is `self`"),
    ("class L(layers.Layer):\n    def __init__(self): super().__init__(self)\nL()", "`self` goes in by itself"),
    ("class L(layers.Layer):\n    def call(self, x): pass\nkeras.Model(x, L()(x))", "An output of this model is None"),
    (IN_A_LAYER.format("return x + np.random.normal(size=x.shape)"), "A size is None here"),
    (IN_A_LAYER.format("return x[0, 1, 2]"), "more indices than axes"),
    ("ops.stack(ops.ones(2), ops.ones(2))", "`stack([x, y])`"),
    ("tf.concat(tf.ones(2), tf.ones(2))", "`tf.concat([x, y], axis=1)`"),
    ("layers.MaxPooling2D()(x)", "A layer expects 4 axes, including the batch, but gets 2"),
    ("keras.Model([x, code], x)(np.ones((1, 3)))", "A model or layer with 2 inputs gets 1"),
    ("tf.exp(2)", "`tf` does not convert whole numbers"),
    ("tf.constant([1, 2]) / tf.constant([1.0, 2.0])", "`tf` does not convert whole numbers"),
    ("layers.Dense(2)(None)", "A layer gets None"),
    (IN_A_STEP.format("return data"), '`{"loss": loss}`'),
    (IN_A_STEP.format("return 1"), '`{"loss": loss}`'),
    (IN_A_STEP.format("return {}"), '`{"loss": loss}`'),
    (IN_A_LAYER.format("return ops.exp(print(x))"), "a function without `return`"),
    ("[1].items()", "This is a list"),
    (IN_A_STEP.format("self.optimizer.apply_gradients(zip(self.d.weights, found))"), "a gradient and its weight"),
    (IN_A_STEP.format("self.optimizer.apply_gradients(found[0])"), "a gradient and its weight"),
    (IN_A_STEP.format("self.optimizer.apply(loss)"), "a gradient and its weight"),
    (IN_A_STEP.format("x, y = data"), "`data` is one tensor"),
    (IN_A_STEP.format("loss = float(loss)"), "its tensors have no values"),
    (IN_A_STEP.format("loss = math.sqrt(loss)"), "its tensors have no values"),
    (IN_A_STEP.format("mean = keras.metrics.Mean()"), "make it in `__init__`"),
    (IN_A_STEP.format("loss = loss / len(data)"), "`ops.shape(x)[0]`"),
    ("len(x)", "`ops.shape(x)[0]`"),
    (IN_A_LAYER.format("return x + np.random.normal(size=ops.shape(x))"), "its tensors have no values"),
    (IN_A_LAYER.format("return ops.concatenate(x, x)"), "`concatenate([x, y])`"),
    (IN_A_LAYER.format("return ops.mean(x, axis=2)"), "There is no axis 2: the tensor has 2"),
    (IN_A_LAYER.format("return x ** '2'"), "remove the quotation marks"),
    ("ops.concatenate([x, code], axis=3)", "There is no axis 3"),
    ("functional(x, code)", "several tensors go in as one list"),
    ("functional(functional)", "A model stands where a tensor"),
    ("ops.exp(functional)", "A model stands where a tensor"),
    ("np.exp(functional)", "A model stands where a tensor"),
    ("functional.predict(functional)", "A model stands where a tensor"),
    ("functional.predict(x, verbose=0)", "`predict` needs arrays with values"),
    ("np.zeros(2, 3)", "A shape is one argument"),
    ("np.array([1, 2], [3, 4])", "made from one list"),
    ("np.array([[1, 2], [3]])", "need the same length"),
    ("plt.imshow(np.ones(784))", "and gets (784,)"),
    ("math.exp(np.ones(2))", "one number and gets an array"),
    ("float(np.ones((2, 1)))", "one number and gets an array"),
    ("[1, 2] + 1", "make an array of it first"),
    ("[1, 2] * 0.5", "make an array of it first"),
    ("frame['label', 'pixel0']", "two pairs of brackets"),
    ("np.ones(3)(1)", "this is of type `ndarray`"),
    ("2 * (1 + 2)(3)", "a product needs its `*`"),
    ("keras.Input((3,))(x)", "this is of type `KerasTensor`"),
    ("for i in 5: pass", "`range(n)`"),
    ("layers.Flatten(x)", "A tensor is passed where a layer is created"),
    ("keras.Sequential(layers.Dense(3), layers.Dense(2))", "all its layers in one list"),
    ("keras.Sequential([layers.Dense(2)(x)])", "layers that nobody has called yet"),
    ("layers.Lambda(lambda t: np.exp(t))(x)", "The function of this Lambda layer"),
    ("layers.Concatenate(x, code)", "several tensors as one list"),
    ("layers.Concatenate()(x, code)", "several tensors go in as one list"),
    ("layers.Concatenate()(x)", "several tensors as one list"),
    ("functional(np.ones(3))", "of shape (n, 3), and gets (3,)"),
    ("x + code", "compared from the last axis backwards"),
    ("layers.Add()([x, code])", "compared from the last axis backwards"),
    ("ops.concatenate([x, code], axis=0)", "the same size on every other axis"),
    ("ops.sum(ops.ones(4), axis=3)", "There is no axis 3: the tensor has 1"),
    ("ops.matmul(ops.ones((2, 3)), ops.ones(3)); tf.ones((2, 3)) @ tf.ones(3)", "needs two matrices"),
    ("functional.compile(loss='mse'); functional.fit(np.ones((3, 3)), epochs=1, verbose=0)", "the targets of a loss"),
    (
        "v = tf.Variable(1.0)\nwith tf.GradientTape() as tape: y = v * v\ntape.gradient(y, v), tape.gradient(y, v)",
        "once",
    ),
    ("keras.random.normal(2)", "A shape is a tuple"),
    ("ops.reshape(ops.ones(4), (3,))", "keeps the number of values"),
    ("ops.exp('a')", "remove the quotation marks"),
    ("np.concatenate([np.ones((2, 2)), np.ones(3)])", "the same number of axes"),
    ("np.concatenate([np.ones((2, 2)), np.ones((1, 3))], axis=1)", "the same size on every other axis"),
    ("ops.concatenate([ops.ones((2, 2)), ops.ones((1, 3))])", "the same size on every other axis"),
    ("layers.Concatenate()([keras.Input((4, 4)), code])", "the same size on every other axis"),
    ("np.stack([np.ones(2), np.ones(3)])", "Only arrays of the same shape"),
    ("ops.stack([ops.ones(2), ops.ones(3)])", "Only arrays of the same shape"),
    ("np.ones((2, 3)) @ np.ones((4, 2))", "as many columns on the left as rows on the right"),
    ("np.ones((2, 3)).dot(np.ones((4, 2)))", "as many columns on the left as rows on the right"),
    ("ops.matmul(ops.ones((2, 3)), ops.ones((4, 2)))", "as many columns on the left as rows on the right"),
    ("keras.Model([x, code], layers.Concatenate()([x, code]))([np.ones((1, 3)), ops.ones((1, 2))])", "not both"),
    ("model.compile(loss='mse'); model.fit(np.ones((3, 2)), np.ones(2), verbose=0)", "the same number of rows"),
    ("model.predict([[1.0, 2.0]], verbose=0)", "`np.array(x)`"),
    ("layers.Dense(np.prod((14, 14, 64)))", "write `int(np.prod(…))` or `math.prod(…)`"),
    ("layers.Dense(units=np.int64(12544))", "`units` is a NumPy integer"),
    ("keras.backend.random_normal((2, 2))", "keras.random.normal"),
    ("keras.backend.random_uniform((2, 2))", "Keras 3 has no `random_uniform`"),
    ("keras.backend.int_shape(x)", "x.shape"),
    ("keras.backend.exp(x)", "the functions of Keras 2's `K` are in `keras.ops`"),
    ("keras.backend.binary_crossentropy(x, x)", "Keras 3 has no `binary_crossentropy`"),
    ("K.exp(x)", "`K` was the backend of Keras 2"),
    ("from keras.layers import merge", "Keras 3 has no `merge`"),
    ("from keras.utils import np_utils", "Keras 3 has no `np_utils`"),
    ("from keras.layers.core import Dense", "Keras 3 has no `layers.core`"),
    (
        "path = os.path.join(folder, 'a.keras')\n"
        "keras.Model(x, layers.Lambda(lambda t: t + keras.random.normal(ops.shape(t)))(x)).save(path)\n"
        "keras.saving.load_model(path)",
        "A model with a `Lambda` layer can't be loaded again",
    ),
    ("functional.add_loss(ops.mean(functional.output))", "`self.add_loss` inside the `call` of a layer"),
    ("functional.add_loss(tf.reduce_mean(functional.output))", "`self.add_loss` inside the `call` of a layer"),
    ("functional.add_metric(1.0, name='kl')", "keras.metrics.Mean"),
    ("tf.exp(x)", "functions of `tf` need values"),
    ("tf.shape(x)[0]", "functions of `tf` need values"),
    ("keras.random.normal((x.shape[0], 3))", "`ops.shape(x)` returns the size of the actual batch"),
    ("keras.random.normal(x.shape)", "A size is None here"),
    (IN_A_LAYER.format("return x + keras.random.normal((x.shape[0], 3))"), "A size is None here"),
    (IN_A_LAYER.format("return x + tf.random.normal(x.shape)"), "A size is None here"),
    (IN_A_LAYER.format("return x + K.exp(x)"), "`K` was the backend of Keras 2"),
    (IN_A_LAYER.format("return np.exp(x)"), "use functions of `keras.ops`"),
    (IN_A_LAYER.format("return x.numpy()"), "use functions of `keras.ops`"),
    (IN_A_LAYER.format("z_mean, z_log_var = x\n        return z_mean"), "call the layer on a list"),
    (IN_A_LAYER.format("return [part for part in ops.stack([x, x])]"), "keep its parts in a list"),
    (IN_A_LAYER.format("return x if ops.sum(x) > 0 else 2 * x"), "choose with `ops.where`"),
    (IN_A_LAYER.format("return x @ tf.zeros((5, 5))"), "compared from the last axis backwards"),
    (IN_A_LAYER.format("return ops.reshape(x, (7,))"), "don't hold the same number"),
    ("layers.experimental.preprocessing.Rescaling(1 / 255)", "`layers.Rescaling`"),
    ("tf.keras.layers.experimental.preprocessing.Rescaling(1 / 255)", "`layers.Rescaling`"),
    ("from tensorflow.keras.layers.experimental import preprocessing", "`layers.Rescaling`"),
    ("keras.optimizers.Adam(lr=1e-3)", "`learning_rate`"),
    ("keras.optimizers.SGD(lr=1e-3)", "`learning_rate`"),
    ("model.predict_classes(np.zeros((2, 2)))", "`predict_classes` no longer exists"),
    ("model.predict_proba(np.zeros((2, 2)))", "`predict_proba` no longer exists"),
    ("model.fit_generator(iter([]))", "`fit` itself accepts generators"),
    ("model.predict_generator(iter([]))", "`predict` itself accepts generators"),
    ("model.save_weights(os.path.join(folder, 'w.h5'))", "`.weights.h5`"),
    ("model.save(os.path.join(folder, 'model'))", "must end in `.keras`"),
    (
        "class Own(layers.Layer):\n    def call(self, x):\n        return x\n"
        "path = os.path.join(folder, 'a.h5')\nkeras.Model(x, Own()(x)).save(path)\nkeras.saving.load_model(path)",
        "Save as `.keras`",
    ),
    (
        "class Own(layers.Layer):\n    def call(self, x):\n        return x\n"
        "path = os.path.join(folder, 'a.keras')\nkeras.Model(x, Own()(x)).save(path)\nkeras.saving.load_model(path)",
        "`load_model(path, custom_objects=…)`",
    ),
    ("plt.cm.get_cmap('tab10', 10)", "`plt.get_cmap(name)`"),
    ("keras.Model(input=x, output=x)", "`inputs` and `outputs`"),
    ("layers.Dense(2, batch_input_shape=(None, 3))", "`keras.Input(shape)`"),
    ("model.compile(loss='mse')\nmodel.fit(np.zeros((2, 2)), np.zeros((2, 1)), nb_epoch=1)", "`epochs`"),
    ("model.layers[0].output_shape", "`layer.output.shape`"),
    ("model.layers[0].input_shape", "`layer.input.shape`"),
    ("tf.log(1.0)", "`tf.log` is TensorFlow 1"),
    ("tf.placeholder('float32')", "`tf.placeholder` is TensorFlow 1"),
    ("keras.losses.mse(x, x)", "keras.io"),
    ("keras.objectives.binary_crossentropy", "keras.io"),
    ("frame.append(frame)", "pd.concat"),
    ("frame.ix[0]", "`loc` and `iloc`"),
    ("frame.as_matrix()", "`to_numpy()`"),
    ("np.product((14, 14))", "`np.prod`"),
    ("np.trapz([1.0, 2.0])", "`np.trapezoid`"),
    ("layers.Dense(x)", "creates the layer from its number of units"),
    ("np.random.normal((2, 2), seed=7)", "`np.random.normal` has no argument `seed`"),
    ("tf.random.normal((2, 2), seed=keras.random.SeedGenerator(1))", "use `keras.random.normal`"),
    ("model.compile(keras.optimizers.Adam)", "`Adam()`"),
    ("super.__init__()", "`super` needs parentheses"),
    ("z_mean, z_log_var = functional", "is a call missing"),
    ("-'1'", "remove the quotation marks"),
    ("ops.exp * 2.0 + tf.zeros(3)", "was not called"),
    ("tf.zeros(3) * ops.exp", "was not called"),
    ("print(*(lambda: None)())", "a `return` missing"),
    ("frame.drop([5, 6])", "`frame.index`"),
    ("layers.Dense(784 / 2)", "`units` has a decimal point"),
    ("layers.Dense((14, 14, 64))", "`math.prod(shape)`"),
    ("layers.Dense([14, 14])", "`math.prod(shape)`"),
    ("np.exp(x)", "use functions of `keras.ops`"),
    ("x.numpy()", "use functions of `keras.ops`"),
    ("1 if ops.sum(x) > 0 else 2", "its tensors have no values"),
    ("float(ops.sum(x))", "its tensors have no values"),
    ("keras.Input(784)", "`(784,)`"),
    ("keras.Model(x, layers.Dense(2)(code))", "does not depend on the inputs of this model"),
    ("keras.Model(x, layers.Dense(2))", "`layers.Dense(2)(x)`, not `layers.Dense(2)`"),
    ("layers.Conv2D(3, 3)(keras.Input((784,)))", "expects 4 axes, including the batch, but gets 2"),
    ("layers.Conv2D(3, 3)(np.zeros((5, 28, 28), 'float32'))", "expects 4 axes, including the batch, but gets 3"),
    ("layer = layers.Dense(2)\nlayer(x)\nlayer(code)", "made for inputs of 3 numbers"),
    ("functional(np.zeros((5, 4), 'float32'))", "made for inputs"),
    ("layers.Reshape((28, 28, 1))(layers.Dense(100)(x))", "(100,) can't become (28, 28, 1)"),
    ("np.zeros(12).reshape(5, 2)", "12 numbers can't become (5,2)"),
    (
        "class Sampling(layers.Layer):\n    def __init__(self):\n        super().__init__()\nSampling(name='draw')",
        "accept `**kwargs` in `__init__`",
    ),
    (
        "class Own(layers.Layer):\n    def __init__(self, beta=1.0, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.beta = self.add_weight(shape=(), initializer=keras.initializers.Constant(beta))\n"
        "    def call(self, x):\n        return x\n"
        "    def get_config(self):\n        return {**super().get_config(), 'beta': self.beta}\n"
        "path = os.path.join(folder, 'b.keras')\nkeras.Model(x, Own()(x)).save(path)\n"
        "keras.saving.load_model(path, custom_objects={'Own': Own})",
        "not a weight",
    ),
    ("np.zeros((5, 2)) + np.zeros((5, 3))", "compared from the last axis backwards"),
    ("tf.zeros((5, 2)) + tf.zeros((5, 3))", "compared from the last axis backwards"),
    ("range(28 / 2)", "`//` or `int(…)`"),
    ("np.zeros((28 / 2, 2))", "`//` or `int(…)`"),
    ("tf.zeros(3).astype('float32')", "A tensor is not a NumPy array"),
    ("ops.zeros(3)[0] = 1.0", "A tensor is not a NumPy array"),
    ("tf.zeros(3) * tf.constant(1.0, 'float64')", "does not mix data types"),
    (
        "model.compile('adam')\nmodel.optimizer.apply_gradients([(None, model.trainable_variables[0])])",
        "inside `with tf.GradientTape()",
    ),
    ("(lambda: None)()[0]", "a `return` missing"),
    ("(lambda: None)().shape", "a `return` missing"),
    ("(lambda: [tf.zeros(3)])().shape", "unpack it first"),
    ("(lambda: (tf.zeros(3), 1))().mean()", "unpack it first"),
    ("z_mean, z_log_var, z = [1, 2]", "3 names left of `=`"),
    ("z_mean, z_log_var = [1, 2, 3]", "2 names left of `=`"),
    ("np.ones(3) if np.ones(3) > 0 else 0", "one result for each element"),
    ("(np.ones(3) > 0) and (np.ones(3) < 1)", "combine two with `&` or `|`"),
    ("def std(x):\n    return std(x)\nstd(1)", "calls itself without end"),
    ("frame.drop('label')", "frame.drop(columns=…)"),
    ("pd.concat(frame, frame)", "takes one list of tables"),
    ("frame.insert(0, 'label', 11)", "already has a column `label`"),
    ("np.zeros(3)[0, 1]", "more indices than axes"),
    ("frame['labels']", "There is no `labels` in it"),
    ("{'loss': 1}['kl_loss']", "There is no `kl_loss` in it"),
    ("def f():\n    if 0:\n        y = 1\n    return y\nf()", "`y` is used before it has a value"),
    ("keras.Model.predict[0]", "was not called"),
    ("float(np.mean)", "was not called"),
    ("a, b = np.zeros(3).mean", "was not called"),
    ("layers.Dense(2)(layers.Dense(3))", "not a list around it and not the layer"),
    ("layers.Dense(2)([x])", "not a list around it and not the layer"),
    ("keras.Model(layers.Dense(2)(x))", "`keras.Model(inputs, outputs)`"),
    ("def interpolate(a, b):\n    return a\ninterpolate(1, 2, 3)", "`interpolate` gets 3 arguments but takes 2"),
    ("class A:\n    def call():\n        return 1\nA().call()", "The first argument of a method is `self`"),
    ("def f(a, b):\n    return a\nf(1)", "A call lacks its argument `b`"),
    ("ops.exp()", "A call lacks its argument `x`"),
    ("layers.Reshape((2,))()", "A call lacks its argument `inputs`"),
    ("1 + '1'", "`+` does not work for a value of type int and one of type str"),
    ("[1] / 2", "`/` does not work for a value of type list and one of type int"),
    ("np.zeros((2, 2)).mean(axis=2)", "There is no axis 2: the array has 2"),
    (
        "ops.binary_crossentropy(np.zeros((2, 2), 'float32'), np.zeros((2, 2, 1), 'float32'))",
        "have different numbers of axes, (2, 2) and (2, 2, 1)",
    ),
    ("np.zeros(0).max()", "An array is empty here"),
    ("ops.exps(x)", "`keras.ops` has no `exps`"),
    ("tf.Dense(2)", "Layers are in `keras.layers`"),
    ("np.linspaces(0, 1, 2)", "`numpy` has no `linspaces`"),
    ("frame.to_numpys()", "type `DataFrame` has no `to_numpys`"),
    ("keras.callbacks.Callback().layer", "set in `__init__`"),
    ("'abc'[1.5]", "needs a whole number"),
    ("np.zeros(3)[1.5]", "needs a whole number"),
    ("[1, 2][1.5:]", "needs a whole number"),
    ("reparametrize(x)", "`reparametrize` is not defined"),
]


def raised(code):
    """(kind, message, line) of the error that ``code`` raises, as a check is told it."""
    names = {}
    exec(SETUP, names)
    with pytest.raises(Exception) as caught:
        exec(compile(code, "<cell>", "exec"), names)
    lines = [frame.lineno for frame in traceback.extract_tb(caught.value.__traceback__) if frame.filename == "<cell>"]
    return type(caught.value).__name__, str(caught.value)[:2000], code.split("\n")[lines[-1] - 1]


@pytest.mark.parametrize(("code", "words"), TRIED, ids=lambda text: text[:40])
def test_the_sentence_stands_above_the_real_error(code, words):
    said = what_it_means(*raised(code), ["vaelab.errors"])
    assert words in said
    assert "\n" not in said and len(said) < 260


def test_every_sentence_is_tried():
    texts = [f"{kind}: {message}\n{line}" for kind, message, line in map(raised, dict(TRIED))]
    for pattern, sentence in SENTENCES + GENERAL:
        assert any(re.search(pattern, text, re.M) for text in texts), sentence
    assert len(HABITS) > 20 and len(SLIPS + GENERAL) > 40


@pytest.mark.parametrize(
    "code", ["raise ValueError('the label is missing')", "assert False, 'no'", "1 / 0", "[][1]", "open('/nowhere')"]
)
def test_what_speaks_for_itself_gets_none(code):
    assert what_it_means(*raised(code), ["vaelab.errors"]) == ""


def test_the_line_that_says_something_is_found():
    with pytest.raises(Exception) as caught:
        exec(SETUP + "tf.function(lambda: ops.reshape(x, (1,)) if tf.zeros(3) else tf.zeros(2) + tf.zeros(3))()", {})
    said = first_line(str(caught.value))
    assert said and not said.startswith(("in user code", "File", "Exception encountered"))
    assert first_line("Exception encountered when calling Reshape.call().\n\nThe size differs.") == "The size differs."
    assert first_line('in user code:\n\n    File "<cell>", line 1\n\n    ValueError: too small\n') == "too small"
    assert first_line("\n") == "(no message)"
    _, message, _ = raised(IN_A_LAYER.format("return x + K.exp(x)"))
    assert first_line(message) == "name 'K' is not defined"
    assert (
        first_line("{{function_node __wrapped__Sum_device_/job:localhost}} Too many axes [Op:Sum] name:")
        == "Too many axes"
    )
