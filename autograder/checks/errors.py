"""What an error of a library means, in a sentence that stands above the library's own words.

(what to look for, what to say): the first pattern that is found in "Kind: message", a new line and the line of code
that raised it. {0}, {1} are the pattern's groups. Each row is tried against the real error in tests/test_errors.py.
"""

from autograder.checks.habits import HABITS

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
        r"descriptor '\w+' of 'super' object",
        "`super` needs parentheses: `super().__init__(**kwargs)`.",
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
        r"'NoneType' object (?:is not|has no)|must be an iterable, not NoneType",
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
        r"KeyError: .*not found in axis|KeyError: .*\d+, \d+",
        "`drop` looks for rows that have these labels; columns need `frame.drop(columns=…)`, and rows `frame.index`.",
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
        r"(?:method|function|_ArrayFunctionDispatcher|ufunc|type)'? object|'(?:numpy\._Array\w+|method|function)'"
        r"|<function \w+ at",
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
