"""What an error of Keras, TensorFlow or another library of the course means, above the library's own words.

(what to look for, what to say): the first pattern that is found in "Kind: message", a new line and the line of code
that raised it. {0}, {1} are the pattern's groups. Each row is tried against the real error in tests/test_errors.py.
What any course could say is in the engine, in autograder/checking/sentences.py.
"""

from vaelab.habits import HABITS

# Slips that any version of the libraries answers in words that don't help a beginner.
SLIPS = (
    (
        r"Received: \w+=\[?<KerasTensor",
        "A tensor stands where a layer is made: `layers.Dense(32)(x)` makes it, by its number of units, then calls it.",
    ),
    (
        r"normal\(\) got an unexpected keyword argument '(seed|dtype)'",
        "`np.random.normal` takes no `{0}`: `np.random.default_rng(seed).normal(…)` does, or `keras.random.normal`.",
    ),
    (
        r"for %: 'SeedGenerator'",
        "`tf.random` takes no SeedGenerator: use `keras.random.normal`.",
    ),
    (
        r"Could not interpret optimizer identifier: <class",
        "This is the class, not an optimizer: put parentheses behind it, `Adam()`.",
    ),
    (
        r"cannot unpack non-iterable (?!\w*(?:method|function))(\w+) object",
        "Several names stand left of `=`, and one {0} right of it: is a call missing, such as `encoder(images)`?",
    ),
    (
        r"unary -: 'str'|Cannot convert '[^']*' to EagerTensor|sequence with mixed types",
        "Text stands where a number belongs: leave the quotation marks away.",
    ),
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
        r"__init__\(\) got an unexpected keyword argument '(name|dtype|trainable)'",
        "Keras hands `{0}` to a layer: take `**kwargs` in `__init__`, and hand them on, `super().__init__(**kwargs)`.",
    ),
    (
        r"could not be deserialized properly",
        "What `get_config` returns goes into `__init__` when a model is loaded: plain numbers and texts under names "
        "of arguments, such as `float(self.beta)`, not a weight.",
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
        r"'(list|tuple)' object has no attribute '(\w+)'",
        "This is a {0}, as a model of several outputs gives one: take one of them first, as in `z_mean, z_log_var = "
        "…`.",
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
        r"(\w+)\(\) missing (?:a|\d+) required positional arguments?: '(\w+)'|(missing a required argument): '(\w+)'",
        "A call lacks its argument `{1}{3}`: where it belongs to a class, make an object of it first, "
        "`KDTree(codes).query(…)`.",
    ),
    (
        r"must have the same rank \(ndim\)\. Received: target\.shape=(\([^)]*\)), output\.shape=(\([^)]*\))",
        "The two have different numbers of axes, {0} and {1}: compare images with reconstructions of their own shape.",
    ),
    (
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`: is it misspelt, or elsewhere? Layers are in `keras.layers`, functions of tensors in "
        "`keras.ops`.",
    ),
)

SENTENCES = HABITS + SLIPS
