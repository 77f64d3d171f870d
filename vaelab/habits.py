"""Habits from Keras 2, TensorFlow 1 and older libraries: lines that used to run and that published notebooks still use.

Each row is a pattern to look for in an error and the sentence that a student sees above it. The table in ``errors.py``
starts with these rows.
"""

HABITS = (
    (
        r"expected a positive integer\. Received: (\w+)=[1-9]\d*$",
        "`{0}` is a NumPy integer, as `np.prod` returns one, and Keras 3 accepts only Python's int: write "
        "`int(np.prod(…))` or `math.prod(…)`.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(random_\w+)'",
        "Keras 3 has no `{0}` in its backend: use `keras.random.normal` and similar functions, with a `SeedGenerator`.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(int_shape)'",
        "Keras 3 has no `{0}`: read the shape of the tensor, `x.shape`.",
    ),
    (
        r"has no attribute 'experimental'|No module named '[\w.]*experimental",
        "`experimental.preprocessing` no longer exists: its layers are in `keras.layers` itself, for example "
        "`layers.Rescaling`.",
    ),
    (
        r"cannot import name '(\w+)' from '[\w.]*keras|No module named '(?:tensorflow\.)?keras\.([\w.]+)'",
        "Keras 3 has no `{0}{1}` in that module: write `from keras import layers, ops` and look the name up there.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(\w+)'",
        "Keras 3 has no `{0}` in its backend: the functions of Keras 2's `K` are in `keras.ops`.",
    ),
    (
        r"name 'K' is not defined",
        "`K` was the backend of Keras 2: its functions are now in `keras.ops`, for example `ops.exp`.",
    ),
    (
        r"deserialization of a `?Lambda",
        "A model with a `Lambda` layer can't be loaded again: write a subclass of `keras.layers.Layer` that "
        "samples its noise in `call`.",
    ),
    (
        r"^NotImplementedError: *\n(?=.*\badd_loss\()",
        "A finished model no longer accepts `add_loss`: call `self.add_loss` inside the `call` of a layer of your own.",
    ),
    (
        r"A KerasTensor cannot be used as input to a TensorFlow function[\s\S]*\badd_loss\(",
        "A finished model no longer accepts `add_loss`: call `self.add_loss` inside the `call` of a layer of your own.",
    ),
    (
        r"`add_metric\(\)` method is deprecated|has no attribute 'add_metric'",
        "`add_metric` no longer exists: create a `keras.metrics.Mean` in `__init__` and call its `update_state` "
        "in `call`.",
    ),
    (
        r"A KerasTensor cannot be used as input to a TensorFlow function",
        "A functional model has no values while you build it, and functions of `tf` need values: use those of "
        "`keras.ops`, or move the line into the `call` of a layer.",
    ),
    (
        r"Attempt to convert a value \(None\) with|Failed to convert elements of \(None|partially known TensorShape"
        r"|'NoneType' object cannot be interpreted as an integer",
        "A size is None here. `x.shape[0]` is None while a model is built, because the model accepts batches of "
        "any size. `ops.shape(x)` returns the size of the actual batch.",
    ),
    (r"not recognized: \{'lr'", "The learning rate is called `learning_rate`, no longer `lr`."),
    (
        r"has no attribute '(predict_classes|predict_proba)'",
        "`{0}` no longer exists: `model.predict(x)` returns the probabilities, and its `.argmax(axis=-1)` the classes.",
    ),
    (
        r"has no attribute '(fit|predict|evaluate)_generator'",
        "`{0}_generator` no longer exists: `{0}` itself accepts generators and datasets.",
    ),
    (
        r"must end in `\.weights\.h5`",
        "The name of a weights file must end in `.weights.h5`; that of a whole model in `.keras`.",
    ),
    (
        r"Invalid filepath extension for saving",
        "The name of a model file must end in `.keras`.",
    ),
    (
        r"(?:Could not locate (?:function|class)|Unknown (?:layer|object):) '(\w+)'",
        "`{0}` is unknown when the file is loaded. Save as `.keras`, because `.h5` keeps only part of a model, "
        "and pass your own classes: `load_model(path, custom_objects=…)`.",
    ),
    (
        r"module 'matplotlib\.cm' has no attribute 'get_cmap'",
        "`plt.cm.get_cmap` no longer exists: write `plt.get_cmap(name)`, or "
        "`matplotlib.colormaps[name].resampled(10)`.",
    ),
    (
        r"Unrecognized keyword arguments passed to \w+: \{'(input|output)':",
        "The arguments of `keras.Model` are called `inputs` and `outputs`.",
    ),
    (
        r"Unrecognized keyword arguments passed to \w+: \{'batch_input_shape'",
        "`batch_input_shape` no longer exists: start the model with `keras.Input(shape)`.",
    ),
    (r"unexpected keyword argument 'nb_epoch'", "The number of epochs is called `epochs`, no longer `nb_epoch`."),
    (
        r"'(\w+)' object has no attribute '(input|output)_shape'",
        "A layer no longer has `{1}_shape`: its `{1}` has a shape, `layer.{1}.shape`.",
    ),
    (
        r"module 'tensorflow' has no attribute '(log|Session|placeholder|random_normal|random_uniform)'",
        "`tf.{0}` is TensorFlow 1: use `keras.ops` and `keras.random`.",
    ),
    (
        r"module 'keras(?:\.\w+)?' has no attribute '(mse|objectives|engine|np_utils|merge)'",
        "Keras 3 has no `{0}` there: look the name up at keras.io, for example `keras.losses.MeanSquaredError`.",
    ),
    (
        r"'DataFrame' object has no attribute '(append)'",
        "A DataFrame no longer has `append`: use `pd.concat([one, other])`.",
    ),
    (
        r"'DataFrame' object has no attribute '(ix|as_matrix|sort)'",
        "A DataFrame no longer has `{0}`: use `loc` and `iloc`, `to_numpy()` or `sort_values()`.",
    ),
    (
        r"module 'numpy' has no attribute '(product|trapz|in1d|float_)'",
        "NumPy 2 no longer has `{0}`: use `np.prod`, `np.trapezoid`, `np.isin` or `np.float64`.",
    ),
    (
        r"module 'numpy' has no attribute '(float|int|bool|object|str)'",
        "NumPy no longer has `{0}`: use Python's own `{0}`.",
    ),
    (
        r"Generator' object has no attribute '(rand|randn|randint)'",
        "A Generator has no `{0}`: use its `random`, `standard_normal` or `integers`.",
    ),
)
