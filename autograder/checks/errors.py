"""What an error of a library means, in a sentence that stands above the library's own words.

(what to look for, what to say): the first pattern that is found in "Kind: message", a new line and the line of code
that raised it. {0}, {1} are the pattern's groups. Each row is tried against the real error in tests/test_errors.py.
"""

# Lines that ran with Keras 2, TensorFlow 1 or older libraries, as published notebooks still have them.
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

# Slips that any version of the libraries answers in words that don't help a beginner.
SLIPS = (
    (
        r"expected a positive integer\. Received: (\w+)=\d+\.",
        "`{0}` has a decimal point, as `/` gives one: write `//`, or `int(…)`.",
    ),
    (
        r"expected a positive integer\. Received: (\w+)=[\[(]",
        "`{0}` is how many, not a shape: `math.prod(shape)` multiplies its numbers.",
    ),
    (
        r"KerasTensor is symbolic|symbolic KerasTensor cannot|(?:Keras|Symbolic)Tensor' object has no attribute 'numpy'"
        r"|Cannot convert a symbolic tf\.Tensor",
        "While a functional model is put together there are no numbers yet, so that NumPy, `if` and `float` have "
        "nothing to work with: use functions of `keras.ops`.",
    ),
    (
        r"Cannot convert '(\d+)' to a shape",
        "A shape is a tuple, also where it is one number: `({0},)`.",
    ),
    (
        r"Output with path .* is not connected to `inputs`",
        "An output doesn't come from the inputs of this model: each layer takes what the one before gives, from "
        "`keras.Input` on.",
    ),
    (
        r"All `(inputs|outputs)` values must be KerasTensors",
        "`{0}` come from `keras.Input` and layers that were called: `layers.Dense(2)(x)`, not `layers.Dense(2)`.",
    ),
    (
        r"expected min_ndim=(\d+), found ndim=(\d+)",
        "A layer wants {0} axes, the batch included, and gets {1}: a convolution takes (n, height, width, channels)."
        " Is a Reshape missing before it, or the axis of the channel?",
    ),
    (
        r"expected axis -1 of input shape to have value (\d+), but received input with shape (\([^)]*\))",
        "A layer or model made for inputs of {0} numbers gets some of shape {1}: which of your shapes is meant?",
    ),
    (
        r"expected shape=(\([^)]*\)), found shape=(\([^)]*\))",
        "A model made for inputs of shape {0} gets some of shape {1}: which of your shapes is meant?",
    ),
    (
        r"total size of the tensor must be unchanged\. Received: input_shape=(\([^)]*\)), target_shape=(\([^)]*\))",
        "A Reshape moves numbers and adds none: {0} can't become {1}. The layer before it gives too many or too few.",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\([^)]*\))",
        "A reshape moves numbers and adds none: {0} numbers can't become {1}.",
    ),
    (
        r"__init__\(\) got an unexpected keyword argument '(name|dtype|trainable)'",
        "Keras hands `{0}` to a layer: take `**kwargs` in `__init__`, and hand them on, `super().__init__(**kwargs)`.",
    ),
    (
        r"could not be deserialized properly",
        "What `get_config` returns goes into `__init__` when a model is loaded: plain numbers and texts under names "
        "of arguments, such as `float(self.beta)`, not a weight.",
    ),
    (
        r"operands could not be broadcast together with shapes|Incompatible shapes: \[|required broadcastable shapes"
        r"|Dimensions must be equal, but are",
        "These shapes don't fit each other: they are compared from the last axis on, and each pair must be equal, or"
        " one of them 1.",
    ),
    (
        r"Iterating over a symbolic|too many values to unpack.*\n.*=\s*inputs\b",
        "This is one tensor, not a list of several: call the layer on a list, `Sampling()([z_mean, z_log_var])`.",
    ),
    (
        r"symbolic `?tf\.Tensor`? as a Python `?bool",
        "In a traced function `if` can't ask a tensor, which has no value yet: choose with `ops.where`.",
    ),
    (
        r"Dimension size must be evenly divisible by (\d+) but is (\d+)",
        "A reshape moves numbers and adds none: these shapes don't hold equally many.",
    ),
    (
        r"object cannot be interpreted as an integer|only integer scalar arrays can be converted|indices must be int"
        r"|integer argument expected, got|only integers, slices",
        "A number with a decimal point, text or an array stands where a whole number is needed: write `//` or "
        "`int(…)`.",
    ),
    (
        r"(?:Eager|Symbolic)Tensor'? object (?:has no attribute '(?:astype|reshape|mean|sum|copy|T)'|does not support)",
        "A tensor is no NumPy array: use functions of `keras.ops`, or `ops.convert_to_numpy(x)` where there is no "
        "gradient to take.",
    ),
    (
        r"was expected to be a (\w+) tensor but is a (\w+) tensor",
        '`tf` doesn\'t mix data types, here {0} and {1}: use `keras.ops`, or `ops.cast(x, "float32")` first.',
    ),
    (
        r"No gradients provided for any variable",
        "No gradient was found: the loss must be computed inside of `with tf.GradientTape() as tape:`, from the "
        "weights that are trained, and by functions of `keras.ops` or `tf`, not of NumPy.",
    ),
    (
        r"'NoneType' object (?:is not|has no)",
        "A value is None here: does a function that this line uses lack its `return`?",
    ),
    (
        r"'(list|tuple)' object has no attribute '(\w+)'",
        "This is a {0}, as a model of several outputs gives one: take one of them first, as in `z_mean, z_log_var = "
        "…`.",
    ),
    (
        r"(?:not enough|too many) values to unpack \(expected (\d+)",
        "{0} names stand left of `=`, and the right side gives another number of values.",
    ),
    (
        r"truth value of an array with more than one element is ambiguous",
        "A comparison of arrays gives one answer for each element: select with it, `x[x > 0]`, and join two by `&` "
        "or `|` instead of `and` or `or`.",
    ),
    (r"RecursionError: ", "The function calls itself without end: is a name meant that another function has, too?"),
    (
        r"KeyError: .*not found in axis",
        "`drop` looks for rows of this name unless you say columns: `frame.drop(columns=…)`.",
    ),
    (
        r"first argument must be an iterable of pandas objects|\bconcat\(\) takes 1 positional argument",
        "`pd.concat` takes one list of tables: `pd.concat([one, other])`.",
    ),
    (
        r"cannot insert (\w+), already exists",
        "The table has a column `{0}` already: work on a copy of the table given.",
    ),
    (
        r"InvalidIndexError|too many indices for array",
        "There are more indices than axes: a table is asked by `frame[column]` or `frame.iloc[row, column]`, an "
        "array by at most as many numbers as its shape has.",
    ),
    (r"KeyError: '?(\w+)'?$", "There is no `{0}` in it: look at the names that are there, `list(…)`."),
    (
        r"NameError: name '(\w+)' is not defined",
        "`{0}` isn't defined where it is used: is it misspelt, its import missing, or its cell not run?",
    ),
    (
        r"UnboundLocalError: .*variable '(\w+)'",
        "`{0}` is used before a line of this function gives it a value: not every way through the function has one.",
    ),
    (
        r"'?(?:method|function|_ArrayFunctionDispatcher|ufunc|type)'? object|not 'numpy\._ArrayFunctionDispatcher'",
        "A function stands here that wasn't called: put parentheses behind it, with its arguments.",
    ),
    (
        r"Only input tensors may be passed as positional arguments|invalid dimension '\(",
        "A layer takes the tensor that the one before gives, neither a list around it nor the layer: "
        "`layers.Dense(2)(x)`.",
    ),
    (
        r"Layer\.__init__\(\) takes 1 positional argument but 2",
        "`keras.Model` needs both ends of the model: `keras.Model(inputs, outputs)`.",
    ),
    (
        r"(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` is given {2} arguments and takes {1}: keep the line `def {0}(…)` as the exercise has it; the first "
        "one of a method is `self`.",
    ),
    (
        r"(\w+)\(\) missing (?:a|\d+) required positional arguments?: '(\w+)'|(missing a required argument): '(\w+)'",
        "A call lacks its argument `{1}{3}`: where it belongs to a class, make an object of it first, "
        "`KDTree(codes).query(…)`.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+) ?.*: '([\w.]+)' and '([\w.]+)'",
        "`{0}` doesn't work between a {1} and a {2}: is one of them text, None, or a list where its numbers are meant?",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "An array of {1} axes has no axis {0}: they are counted from 0, and −1 is the last one.",
    ),
    (
        r"must have the same rank \(ndim\)\. Received: target\.shape=(\([^)]*\)), output\.shape=(\([^)]*\))",
        "The two have different numbers of axes, {0} and {1}: compare images with reconstructions of their own shape.",
    ),
    (r"zero-size array|max\(\) (?:arg|iterable)", "An array is empty here: no row is left by the condition above it."),
    (
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`: is it misspelt, or elsewhere? Layers are in `keras.layers`, functions of tensors in "
        "`keras.ops`.",
    ),
    (
        r"'(?:[\w.]+\.)?(\w+)' object has no attribute '(\w+)'",
        "A `{0}` has no `{1}`: is it misspelt, or did `__init__` not set it?",
    ),
)

SENTENCES = HABITS + SLIPS
