"""What an error of Keras, TensorFlow or another library of the course means. Shown above the library's own message.

Each row is (pattern, sentence). The text to search is "Kind: message", a newline and the line of code that raised it;
the first pattern found wins. {0}, {1} are the groups of the pattern. tests/test_errors.py tries each row on the real
error. Sentences that any course can use are in the engine, in autograder/checking/sentences.py.
"""

from vaelab.habits import HABITS

# Mistakes whose messages don't help a beginner, in any version of the libraries.
SLIPS = (
    (
        r"Received: \w+=\[?<KerasTensor",
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
        r"unary -: 'str'|Cannot convert '[^']*' to EagerTensor|sequence with mixed types",
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
        r"KerasTensor is symbolic|symbolic KerasTensor cannot|(?:Keras|Symbolic)Tensor' object has no attribute 'numpy'"
        r"|Cannot convert a symbolic tf\.Tensor",
        "A functional model has no values while you build it, so NumPy, `if` and `float` don't work on its "
        "tensors: use functions of `keras.ops`.",
    ),
    (
        r"Cannot convert '(\d+)' to a shape",
        "A shape is a tuple, even when it has one entry: `({0},)`.",
    ),
    (
        r"Output with path .* is not connected to `inputs`",
        "An output does not depend on the inputs of this model: start from `keras.Input` and call each layer on "
        "the output of the previous one.",
    ),
    (
        r"All `(inputs|outputs)` values must be KerasTensors",
        "`{0}` must come from `keras.Input` and from layers that were called: `layers.Dense(2)(x)`, not "
        "`layers.Dense(2)`.",
    ),
    (
        r"expected min_ndim=(\d+), found ndim=(\d+)",
        "A layer expects {0} axes, including the batch, but gets {1}: a convolution takes (n, height, width, "
        "channels). Is a Reshape or the channel axis missing?",
    ),
    (
        r"expects 1 (?:named )?input\(s\).* received (\d+) input",
        "A model or layer with one input gets {0} tensors: the output of a model with several outputs is a list. "
        "Unpack it first, `z_mean, z_log_var = encoder(images)`.",
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
        r"symbolic `?tf\.Tensor`? as a Python `?bool",
        "Inside a traced function a tensor has no value yet, so `if` can't test it: choose with `ops.where`.",
    ),
    (
        r"Dimension size must be evenly divisible by (\d+) but is (\d+)",
        "A reshape keeps the number of values, and these two shapes don't hold the same number.",
    ),
    (
        r"(?:Eager|Symbolic)Tensor'? object (?:has no attribute '(?:astype|reshape|mean|sum|copy|T)'|does not support)",
        "A tensor is not a NumPy array: use functions of `keras.ops`, or `ops.convert_to_numpy(x)` where you need "
        "no gradient.",
    ),
    (
        r"was expected to be a (\w+) tensor but is a (\w+) tensor",
        "`tf` does not mix data types, here {0} and {1}: use `keras.ops`, or convert with `ops.cast(x, "
        '"float32")` first.',
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
        r"Layer\.__init__\(\) takes 1 positional argument but 2",
        "`keras.Model` needs both ends of the model: `keras.Model(inputs, outputs)`.",
    ),
    (
        r"(\w+)\(\) missing (?:a|\d+) required positional arguments?: '(\w+)'|(missing a required argument): '(\w+)'",
        "A call lacks its argument `{1}{3}`. If it is a method, create an object of the class first: "
        "`KDTree(codes).query(…)`.",
    ),
    (
        r"must have the same rank \(ndim\)\. Received: target\.shape=(\([^)]*\)), output\.shape=(\([^)]*\))",
        "The two have different numbers of axes, {0} and {1}: compare images with reconstructions of the same shape.",
    ),
    (
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`: is it misspelled, or in another module? Layers are in `keras.layers`, functions of "
        "tensors in `keras.ops`.",
    ),
)

SENTENCES = HABITS + SLIPS
