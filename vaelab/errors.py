"""What an error of Keras, TensorFlow or another library of the course means. Shown above the library's own message.

Each row is (pattern, sentence). The text to search is "Kind: message", a newline and the line of code that raised it;
the first pattern found wins. {0}, {1} are the groups of the pattern. tests/test_errors.py tries each row on the real
error. Sentences that any course can use are in the engine, in autograder/checking/sentences.py.
"""

from vaelab.habits import HABITS

# Mistakes whose messages don't help a beginner, in any version of the libraries.
SLIPS = (
    (
        r"(?i)Received: \w+=\[?<KerasTensor",
        "A tensor is passed where a layer is created: `layers.Dense(32)(x)` creates the layer from its number of "
        "units, then calls it on `x`.",
    ),
    (
        r"normal\(\) got an unexpected keyword argument '(seed|dtype)'",
        "`np.random.normal` has no argument `{0}`: use `np.random.default_rng(seed).normal(…)` or "
        "`keras.random.normal`.",
    ),
    (
        r"for %: 'SeedGenerator'",
        "`tf.random` does not accept a SeedGenerator: use `keras.random.normal`.",
    ),
    (
        r"Could not interpret optimizer identifier: <class",
        "This is the class, not an optimizer: add parentheses, `Adam()`.",
    ),
    (
        r"cannot unpack non-iterable (?!\w*(?:method|function))(\w+) object",
        "There are several names left of `=` and one {0} right of it: is a call missing, for example "
        "`encoder(images)`?",
    ),
    (
        r"unary -: 'str'|Cannot convert '[^']*' to EagerTensor|sequence with mixed types|attr 'T' of string is not"
        r"|passed to parameter .* of type 'str'",
        "This is text where a number is needed: remove the quotation marks.",
    ),
    (
        r"expected a positive integer\. Received: (\w+)=\d+\.",
        "`{0}` has a decimal point because `/` returns a float: write `//` or `int(…)`.",
    ),
    (
        r"expected a positive integer\. Received: (\w+)=[\[(]",
        "`{0}` is a number, not a shape: `math.prod(shape)` multiplies the sizes.",
    ),
    (
        r"(?:cannot be used as a boolean|as a Python `?bool|truth value of an array)[\s\S]*"
        r"\n.*\b(concatenate|[hv]?stack)\(\s*[^\s\[(]",
        "`{0}` takes all tensors in one list: `{0}([x, y])`.",
    ),
    (
        r"concat_dim: Tensor conversion requested",
        "`tf.concat` takes all tensors in one list, and then the axis: `tf.concat([x, y], axis=1)`.",
    ),
    (
        r"KerasTensor is symbolic|symbolic KerasTensor cannot|(?:Keras|Symbolic)Tensor' object has no attribute 'numpy'"
        r"|Cannot convert a symbolic tf\.Tensor|not '?(?:Symbolic|Keras)Tensor|Tensor' object cannot be interpreted as",
        "While a model is built or traced, its tensors have no values, so NumPy, `if` and `float` don't work on them: "
        "use functions of `keras.ops`.",
    ),
    (
        r"Cannot convert '(\d+)' to a shape",
        "A shape is a tuple, even when it has one entry: `({0},)`.",
    ),
    (
        r"shape must be a vector of",
        "A shape is a tuple, even when it has one entry: `(2,)`.",
    ),
    (
        r"Expected `trainable` to be a boolean",
        "`keras.Sequential` takes all its layers in one list: `keras.Sequential([layers.Dense(3), layers.Dense(2)])`.",
    ),
    (
        r"Only instances of `keras.Layer` can be added to a Sequential",
        "`keras.Sequential` takes layers that nobody has called yet: `layers.Dense(2)`, not `layers.Dense(2)(x)`.",
    ),
    (
        r"could not automatically infer the shape of the Lambda's output",
        "The function of this Lambda layer does not work on tensors: use functions of `keras.ops`, not of NumPy.",
    ),
    (
        r"(?<!\w)too many positional arguments|multiple values for argument 'training'",
        "A layer is called with more than its `call` takes: several tensors go in as one list, "
        "`layers.Concatenate()([x, y])`, and the first argument of `call` is `self`.",
    ),
    (
        r"`(?:Concatenate|Add|Multiply|Average)` layer should be called on a list"
        r"|(?:Concatenate|Add|Multiply|Average)\.__init__\(\) takes from",
        "A layer takes several tensors as one list: `layers.Concatenate()([x, y])`.",
    ),
    (
        r"Output with path .* is not connected to `inputs`",
        "An output does not depend on the inputs of this model: start from `keras.Input` and call each layer on "
        "the output of the previous one.",
    ),
    (
        r"All `outputs` values must be KerasTensors[^\n]*outputs=\[?None",
        "An output of this model is None: is a `return` missing, for example in `call`?",
    ),
    (
        r"All `(inputs|outputs)` values must be KerasTensors",
        "`{0}` must come from `keras.Input` and from layers that were called: `layers.Dense(2)(x)`, not "
        "`layers.Dense(2)`.",
    ),
    (
        r"expected (?:min_)?ndim=(\d+), found ndim=(\d+)",
        "A layer expects {0} axes, including the batch, but gets {1}: a convolution takes (n, height, width, "
        "channels). Is a Reshape or the channel axis missing?",
    ),
    (
        r"expects 1 (?:named )?input\(s\).* received (\d+) input",
        "A model or layer with one input gets {0} tensors: the output of a model with several outputs is a list. "
        "Unpack it first, `z_mean, z_log_var = encoder(images)`.",
    ),
    (
        r"expects (\d+) (?:named )?input\(s\).* received (\d+) input",
        "A model or layer with {0} inputs gets {1}: give it all of them in one list, `model([images, labels])`.",
    ),
    (
        r"expected axis -1 of input shape to have value (\d+), but received input with shape (\([^)]*\))",
        "A layer or model made for inputs of {0} numbers gets inputs of shape {1}: which of the two did you mean?",
    ),
    (
        r"expected shape=(\([^)]*\)), found shape=(\([^)]*\))",
        "A model made for inputs of shape {0} gets inputs of shape {1}: which of the two did you mean?",
    ),
    (
        r"you cannot mix tensors and non-tensors",
        "A list of inputs holds tensors or arrays, not both: make tensors of all, `ops.convert_to_tensor(x)`.",
    ),
    (
        r"Data cardinality is ambiguous",
        "All arrays that a model gets at once need the same number of rows: look at the first entry of each shape.",
    ),
    (
        r"Unrecognized data type: (\w+)=\[",
        "`{0}` is a list of numbers, and Keras takes arrays or tensors: `np.array({0})`.",
    ),
    (
        r"Expected shape \(None, ([^)]*)\), but input has incompatible shape \(([^)]*)\)",
        "A model takes a batch, here of shape (n, {0}), and gets ({1}): a single input becomes a batch by `x[None]`.",
    ),
    (
        r"Cannot broadcast shape, the failure dim|Inputs have incompatible shapes\. Received shapes",
        "These shapes don't match: without the batch axis, they are compared from the last axis backwards, and each "
        "pair of sizes must be equal, or one of them 1.",
    ),
    (
        r"Invalid reduction dimension \(?(-?\d+) for input with (\d+) dim",
        "There is no axis {0}: the tensor has {1}, counted from 0, and −1 is the last one.",
    ),
    (
        r"In\[[01]\] ndims must be >= 2",
        "A matrix product needs two matrices, and one of these has fewer axes: add an axis, or multiply with `*`.",
    ),
    (
        r"None values not supported",
        "A tensor is needed where there is None: the targets of a loss, `fit(x, x)` for an autoencoder, or what a "
        "function without `return` gives.",
    ),
    (
        r"non-persistent GradientTape can only be used",
        "A tape gives gradients once, after its `with` block: ask for all in one call, `tape.gradient(loss, [a, b])`.",
    ),
    (
        r"total size of the tensor must be unchanged\. Received: input_shape=(\([^)]*\)), target_shape=(\([^)]*\))",
        "A Reshape keeps the number of values: {0} can't become {1}. The layer before it returns too many or too few.",
    ),
    (
        r"__init__\(\) got an unexpected keyword argument '(name|dtype|trainable)'",
        "Keras passes `{0}` to a layer: accept `**kwargs` in `__init__` and pass them on, "
        "`super().__init__(**kwargs)`.",
    ),
    (
        r"could not be deserialized properly",
        "`get_config` must return the arguments of `__init__` as plain numbers and text, for example "
        "`float(self.beta)`, not a weight.",
    ),
    (
        r"has no attribute '_unique_id'"
        r"|(?:Iterating over|not well defined for) a symbolic[\s\S]*\n.*\.apply(?:_gradients)?\(",
        "`apply_gradients` takes pairs of a gradient and its weight: `zip(gradients, self.trainable_variables)`.",
    ),
    (
        r"Iterating over a symbolic[\s\S]*\n\s*\w+(?:\s*,\s*\w+)+\s*=\s*data\b",
        "`fit` got images alone, so `data` is one tensor and not a pair of images and targets.",
    ),
    (
        r"Iterating over a symbolic[\s\S]*\n\s*\w+(?:\s*,\s*\w+)+\s*=\s*\w+\s*$"
        r"|too many values to unpack.*\n.*=\s*inputs\b",
        "This is one tensor, not a list of several: call the layer on a list, `Sampling()([z_mean, z_log_var])`.",
    ),
    (
        r"Iterating over a symbolic",
        "In a model or a traced function a tensor has no values yet, so Python can't loop over it or unpack it: keep "
        "its parts in a list, or take them by index.",
    ),
    (
        r"len is not well defined for a symbolic|'KerasTensor' has no len|Tensor' has no len",
        "While a model is built or traced, the number of rows is not known: `ops.shape(x)[0]` stands for it.",
    ),
    (
        r"only supports singleton tf\.Variables",
        "A weight or metric is made inside a step, a new one each time: make it in `__init__`, and use it here.",
    ),
    (
        r"symbolic `?tf\.Tensor`? as a Python `?bool",
        "Inside a traced function a tensor has no value yet, so `if` can't test it: choose with `ops.where`.",
    ),
    (
        r"Dimension size must be evenly divisible by|Input to reshape is a tensor with",
        "A reshape keeps the number of values, and these two shapes don't hold the same number.",
    ),
    (
        r"(?:Eager|Symbolic)Tensor'? object (?:has no attribute '(?:astype|reshape|mean|sum|copy|T)'|does not support)",
        "A tensor is not a NumPy array: use functions of `keras.ops`, or `ops.convert_to_numpy(x)` where you need "
        "no gradient.",
    ),
    (
        r"attr 'T' of u?int\d+ is not|must have the same dtype, got tf",
        '`tf` does not convert whole numbers by itself: use functions of `keras.ops`, or `ops.cast(x, "float32")`.',
    ),
    (
        r"was expected to be a (\w+) tensor but is a (\w+) tensor",
        "`tf` does not mix data types, here {0} and {1}: use `keras.ops`, or convert with `ops.cast(x, "
        '"float32")` first.',
    ),
    (
        r"(?:Tensor|float|int)' object has no attribute 'items'|Op passed list of length 0 less than minimum"
        r"|truth value of an array[\s\S]*\n.*\.(?:fit|evaluate)\(",
        '`train_step` and `test_step` return a dictionary of losses, for example `{{"loss": loss}}`.',
    ),
    (
        r"(?:should be tensors\. Got '|convert a value \(|data type: x=|argument 0 of type )"
        r"<?(?:Functional|Sequential)\b",
        "A model stands where a tensor or an array is needed: call it on one, `model(x)`.",
    ),
    (
        r"not 'NoneType'[\s\S]*\n.*\.(predict|fit|evaluate)\(",
        "`{0}` needs arrays with values: a `keras.Input` only marks where a model begins.",
    ),
    (
        r"Inputs to a layer should be tensors\. Got 'None'",
        "A layer gets None: is a `return` missing in the function or in the `call` before it?",
    ),
    (
        r"No gradients provided for any variable",
        "There are no gradients: compute the loss inside `with tf.GradientTape() as tape:`, from the weights that "
        "are trained, with functions of `keras.ops` or `tf` and not of NumPy.",
    ),
    (
        r"'(list|tuple)' object has no attribute '(\w+)'",
        "This is a {0}, as a model with several outputs returns one: unpack it first, for example `z_mean, "
        "z_log_var = …`.",
    ),
    (
        r"Only input tensors may be passed as positional arguments|invalid dimension '\(",
        "A layer takes the tensor that the previous layer returns, not a list around it and not the layer itself: "
        "`layers.Dense(2)(x)`.",
    ),
    (
        r"__init__\(\) takes[^\n]*\n.*super\(.*\)\.__init__\(",
        "`super().__init__` of a layer or model takes `**kwargs` alone; `self` goes in by itself.",
    ),
    (
        r"Layer\.__init__\(\) takes 1 positional argument but 2",
        "`keras.Model` needs both ends of the model: `keras.Model(inputs, outputs)`.",
    ),
    (
        r"(\w+)\.__init__\(\) missing (?:a|\d+) required positional arguments?: '(\w+)'",
        "`{0}(…)` lacks its argument `{1}`.",
    ),
    (
        r"\w+\.(\w+)\(\) missing (?:a|\d+) required positional arguments?: '(\w+)'",
        "The method `{0}` lacks its argument `{1}`. If it is called on the class itself, create an object of it first: "
        "`KDTree(codes).query(…)`.",
    ),
    (
        r"missing (?:a|\d+) required (?:positional )?arguments?: '(\w+)'",
        "A call lacks its argument `{0}`.",
    ),
    (
        r"Reshape\.__init__\(\) takes",
        "The shape is one argument, a tuple: `layers.Reshape((28, 28, 1))`.",
    ),
    (
        r"(\w+)\.__init__\(\) takes (?:from \d+ to )?\d+ positional arguments? but",
        "`{0}(…)` gets too many arguments: give options by name, and a tensor in a second call, `{0}(…)(x)`.",
    ),
    (
        r"must have the same rank \(ndim\)\. Received: target\.shape=(\([^)]*\)), output\.shape=(\([^)]*\))",
        "The two have different numbers of axes, {0} and {1}: compare images with reconstructions of the same shape.",
    ),
    (
        r"module '((?:keras|tensorflow)[\w.]*)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`: is it misspelled, or in another module? Layers are in `keras.layers`, functions of "
        "tensors in `keras.ops`, random numbers in `keras.random`.",
    ),
)

SENTENCES = HABITS + SLIPS
