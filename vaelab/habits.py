"""The one table of Keras 2 habits, and of such of TensorFlow 1 and older libraries: lines that ran once.

Published notebooks are full of them. Each row is what to look for in an error, and what a student sees above it; see
``errors.py``, whose table begins with these.
"""

HABITS = (
    (
        r"expected a positive integer\. Received: (\w+)=\d+$",
        "`{0}` is a NumPy integer, as `np.prod` gives one, and Keras 3 takes only Python's: write `int(np.prod(…))` or "
        "`math.prod(…)`.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(random_\w+)'",
        "Keras 3 has no `{0}` in its backend: use `keras.random.normal` and its like, with a `SeedGenerator`.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(int_shape)'",
        "Keras 3 has no `{0}`: ask the tensor itself, `x.shape`.",
    ),
    (
        r"has no attribute 'experimental'|No module named '[\w.]*experimental",
        "`experimental.preprocessing` is gone: its layers are in `keras.layers` itself, such as `layers.Rescaling`.",
    ),
    (
        r"cannot import name '(\w+)' from '[\w.]*keras|No module named '(?:tensorflow\.)?keras\.([\w.]+)'",
        "Keras 3 has no `{0}{1}` in that place: write `from keras import layers, ops`, and look the name up there.",
    ),
    (
        r"module '[\w.]*backend' has no attribute '(\w+)'",
        "Keras 3 has no `{0}` in its backend: the functions of Keras 2's `K` are in `keras.ops`.",
    ),
    (
        r"name 'K' is not defined",
        "`K` was the backend of Keras 2: its functions are in `keras.ops` now, such as `ops.exp`.",
    ),
    (
        r"deserialization of a `?Lambda",
        "A model with a `Lambda` layer can't be loaded again: write a class derived from `keras.layers.Layer`, which"
        " draws its noise in `call`.",
    ),
    (
        r"^NotImplementedError: *\n(?=.*\badd_loss\()",
        "A finished model takes no `add_loss` any more: call `self.add_loss` inside the `call` of a layer of your own.",
    ),
    (
        r"A KerasTensor cannot be used as input to a TensorFlow function[\s\S]*\badd_loss\(",
        "A finished model takes no `add_loss` any more: call `self.add_loss` inside the `call` of a layer of your own.",
    ),
    (
        r"`add_metric\(\)` method is deprecated|has no attribute 'add_metric'",
        "`add_metric` is gone: make a `keras.metrics.Mean` in `__init__`, and call its `update_state` in `call`.",
    ),
    (
        r"A KerasTensor cannot be used as input to a TensorFlow function",
        "While a functional model is put together there are no numbers yet, and functions of `tf` need some: use "
        "those of `keras.ops`, or move the line into the `call` of a layer.",
    ),
    (
        r"Attempt to convert a value \(None\) with|Failed to convert elements of \(None|partially known TensorShape",
        "A size is None here: `x.shape[0]` is, while a model is put together, for it takes batches of any size. "
        "`ops.shape(x)` gives the size of the batch at hand.",
    ),
    (r"not recognized: \{'lr'", "The learning rate is called `learning_rate`, no longer `lr`."),
    (
        r"has no attribute '(predict_classes|predict_proba)'",
        "`{0}` is gone: `model.predict(x)` gives the probabilities, and its `.argmax(axis=-1)` the classes.",
    ),
    (
        r"has no attribute '(fit|predict|evaluate)_generator'",
        "`{0}_generator` is gone: `{0}` itself takes generators and datasets.",
    ),
    (
        r"must end in `\.weights\.h5`",
        "Weights go into a file whose name ends in `.weights.h5`; a whole model into one that ends in `.keras`.",
    ),
    (
        r"Invalid filepath extension for saving",
        "A model goes into a file whose name ends in `.keras`.",
    ),
    (
        r"(?:Could not locate (?:function|class)|Unknown (?:layer|object):) '(\w+)'",
        "`{0}` isn't known when the file is read: save as `.keras`, of which `.h5` keeps a part, and hand classes of"
        " your own over, `load_model(path, custom_objects=…)`.",
    ),
    (
        r"module 'matplotlib\.cm' has no attribute 'get_cmap'",
        "`plt.cm.get_cmap` is gone: write `plt.get_cmap(name)`, or `matplotlib.colormaps[name].resampled(10)`.",
    ),
    (
        r"Unrecognized keyword arguments passed to \w+: \{'(input|output)':",
        "The arguments of `keras.Model` are called `inputs` and `outputs`.",
    ),
    (
        r"Unrecognized keyword arguments passed to \w+: \{'batch_input_shape'",
        "`batch_input_shape` is gone: begin the model with `keras.Input(shape)`.",
    ),
    (r"unexpected keyword argument 'nb_epoch'", "The number of epochs is called `epochs`, no longer `nb_epoch`."),
    (
        r"'(\w+)' object has no attribute '(input|output)_shape'",
        "A layer has no `{1}_shape` any more: its `{1}` has a shape, `layer.{1}.shape`.",
    ),
    (
        r"module 'tensorflow' has no attribute '(log|Session|placeholder|random_normal|random_uniform)'",
        "`tf.{0}` is TensorFlow 1: use `keras.ops` and `keras.random`.",
    ),
    (
        r"module 'keras(?:\.\w+)?' has no attribute '(mse|objectives|engine|np_utils|merge)'",
        "Keras 3 has no `{0}` there: look the name up at keras.io, such as `keras.losses.MeanSquaredError`.",
    ),
    (
        r"'DataFrame' object has no attribute '(append)'",
        "A DataFrame has no `append` any more: `pd.concat([one, other])`.",
    ),
    (
        r"'DataFrame' object has no attribute '(ix|as_matrix|sort)'",
        "A DataFrame has no `{0}` any more: there are `loc` and `iloc`, `to_numpy()` and `sort_values()`.",
    ),
    (
        r"module 'numpy' has no attribute '(product|trapz|in1d|float_)'",
        "NumPy 2 has no `{0}` any more: there are `np.prod`, `np.trapezoid`, `np.isin` and `np.float64`.",
    ),
)
