"""What an error of Python, NumPy or pandas means, in a sentence that is shown above the library's own message.

Each row is (pattern, sentence). The text to search is "Kind: message", a newline and the line of code that raised it;
the first pattern found wins. {0}, {1} are the groups of the pattern. A course may have its own table, which is searched
first.
"""

SENTENCES = (
    (
        r"descriptor '\w+' of 'super' object",
        "`super` needs parentheses: `super().__init__(**kwargs)`.",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\([^)]*\))",
        "A reshape keeps the number of values: {0} numbers can't become {1}.",
    ),
    (
        r"operands could not be broadcast together with shapes|Incompatible shapes: \[|required broadcastable shapes"
        r"|Dimensions must be equal, but are|could not broadcast input array|broadcast together with remapped shapes",
        "These shapes don't match: they are compared from the last axis backwards, and each pair of sizes must be "
        "equal, or one of them 1.",
    ),
    (
        r"must have same number of dimensions, but the array",
        "Arrays that are put side by side need the same number of axes: reshape one of them first.",
    ),
    (
        r"array dimensions except for the concatenation axis must match|ConcatOp : Dimension"
        r"|matching shapes except for the concatenation axis|must have the same shape except on the `axis` dim",
        "Arrays that are put side by side need the same size on every other axis: look at both shapes, and at `axis`.",
    ),
    (
        r"input arrays must have the same shape|Shapes of all inputs must match",
        "Only arrays of the same shape can be stacked: look at the shape of each.",
    ),
    (
        r"matmul: Input operand|Matrix size-incompatible|shapes \([^)]*\) and \([^)]*\) not aligned",
        "A matrix product needs as many columns on the left as rows on the right: look at both shapes.",
    ),
    (
        r"Cannot interpret '-?\d+' as a data type",
        "A shape is one argument, a tuple: `np.zeros((2, 3))`.",
    ),
    (
        r"Field elements must be 2- or 3-tuples",
        "An array is made from one list, with a list for each row: `np.array([[1, 2], [3, 4]])`.",
    ),
    (
        r"has an inhomogeneous shape",
        "The rows of an array need the same length: print the length of each.",
    ),
    (
        r"Invalid shape (\([\d, ]+\)) for image data",
        "`imshow` takes one image, of shape (height, width) or (height, width, 3), and gets {0}.",
    ),
    (
        r"Image data of dtype",
        "`imshow` gets no numbers: is it None, text, or a list of rows of different lengths?",
    ),
    (
        r"boolean index did not match",
        "A condition that selects rows needs one value for each row: it comes from an array of another length.",
    ),
    (
        r"did not contain a loop with signature|string multiply ufunc|not supported for the input types"
        r"|ufunc does not support argument \d+ of type NoneType",
        "NumPy computes with numbers, and one of these is text or None: `x.astype(float)` makes numbers of text.",
    ),
    (
        r"not supported between instances of (?:'\w+' and )?'(tuple|list)'",
        "A {0} is compared with something else: unpack it, or choose one of its values by index.",
    ),
    (
        r"only (?:0-dimensional|length-1|size-1) arrays can be converted",
        "This takes one number and gets an array: for all its numbers use the function of NumPy, such as `np.exp`, for "
        "one of them choose it by index.",
    ),
    (
        r"can only concatenate (list|tuple) \(|can't multiply sequence by non-int",
        "Python does not compute with the numbers of a list: make an array of it first, `np.array(…)`.",
    ),
    (
        r"\b(hstack|vstack|dstack|column_stack|stack)\(\) takes",
        "`{0}` takes all arrays in one list: `{0}([x, y])`.",
    ),
    (
        r"only integer scalar arrays can be converted[^\n]*\n.*\b(concatenate)\(\s*[^\s\[(]",
        "`{0}` takes all arrays in one list: `{0}([x, y])`.",
    ),
    (
        r"object cannot be interpreted as an integer|only integer scalar arrays can be converted|indices must be int"
        r"|integer argument expected, got|only integers, slices",
        "This needs a whole number, but it is a number with a decimal point, text or an array: write `//` or `int(…)`.",
    ),
    (
        r"'NoneType' object (?:is not|has no)|must be an iterable, not NoneType",
        "A value is None here: is a `return` missing in a function that this line uses?",
    ),
    (
        r"(?:not enough|too many) values to unpack \(expected (\d+)",
        "There are {0} names left of `=`, but the right side has a different number of values.",
    ),
    (
        r"truth value of (?:an array with more than one element|a DataFrame|a Series) is ambiguous",
        "A comparison of arrays has one result for each element: select with it, `x[x > 0]`, and combine two with "
        "`&` or `|` instead of `and` or `or`.",
    ),
    (r"RecursionError: ", "The function calls itself without end: did you mean another function of the same name?"),
    (
        r"KeyError: .*not found in axis[^\n]*\n.*\b(?:columns|axis) *= *[^0]",
        "The table has no column of this name: `frame.columns` shows the names it has.",
    ),
    (
        r"KeyError: .*not found in axis|KeyError: .*\d+, \d+",
        "`drop` looks for rows with these labels: for columns use `frame.drop(columns=…)`, for rows `frame.index`.",
    ),
    (
        r"first argument must be an iterable of pandas objects|\bconcat\(\) takes 1 positional argument",
        "`pd.concat` takes one list of tables: `pd.concat([one, other])`.",
    ),
    (
        r"cannot insert (\w+), already exists",
        "The table already has a column `{0}`: work on a copy of the table that was passed in.",
    ),
    (
        r"InvalidIndexError|too many indices for array|Index out of range using input dim",
        "There are more indices than axes: read a table with `frame[column]` or `frame.iloc[row, column]`, and an "
        "array with at most as many indices as its shape has sizes.",
    ),
    (
        r"KeyError: \('",
        "Several columns are chosen by a list, so with two pairs of brackets: `frame[['label', 'pixel0']]`.",
    ),
    (r"KeyError: '?(\w+)'?$", "There is no `{0}` in it: `list(…)` shows the names it has."),
    (
        r"NameError: name '(\w+)' is not defined",
        "`{0}` is not defined: is it misspelled, is an import missing, or has its cell not been run?",
    ),
    (
        r"UnboundLocalError: .*variable '(\w+)'",
        "`{0}` is used before it has a value: on some way through the function, no line assigns it.",
    ),
    (
        r"(?:method|function|_ArrayFunctionDispatcher|ufunc|(?<!d)type)'? object|'(?:numpy\._Array\w+|method|function)'"
        r"|<function \w+ at",
        "This is a function that was not called: add parentheses and its arguments.",
    ),
    (
        r"'Text' object is not callable|'Axes' object has no attribute '(?:title|[xy](?:label|lim|ticks))'",
        "What `plt.title` and `plt.xlabel` do, an Axes does with `ax.set_title(…)` and `ax.set_xlabel(…)`.",
    ),
    (
        r"'Axes' object is not subscriptable",
        "`plt.subplots()` without numbers makes one Axes and no array of them: write `ax.plot(…)`.",
    ),
    (
        r"'Figure' object has no attribute '(plot|imshow|scatter|hist|bar|set_\w+)'",
        "A figure does not draw, its axes do: `figure, ax = plt.subplots()`, then `ax.{0}(…)`.",
    ),
    (
        r"'(?:[\w.]+\.)?(\w+)' object is not callable",
        "Parentheses call a function, and this is of type `{0}`: an attribute such as `x.shape` takes none, an index "
        "takes square brackets, and a product needs its `*`.",
    ),
    (
        r"'(?:int|float)' object is not iterable",
        "This is one number where several values are needed: to count, write `range(n)`.",
    ),
    (
        r"(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` gets {2} arguments but takes {1}: keep the line `def {0}(…)` from the exercise. The first argument "
        "of a method is `self`.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+) ?.*: '([\w.]+)' and '([\w.]+)'",
        "`{0}` does not work for a value of type {1} and one of type {2}: is one of them text, None, or a list "
        "instead of its numbers?",
    ),
    (
        r"axis (-?\d+) is out of bounds for (?:an )?array (?:of|with) dimension (\d+)",
        "There is no axis {0}: the array has {1}, counted from 0, and −1 is the last one.",
    ),
    (r"zero-size array|max\(\) (?:arg|iterable)", "An array is empty here: does the condition above leave no row?"),
    (
        r"'numpy\.ndarray' object has no attribute '(plot|imshow|scatter|hist|bar|axis|set_\w+)'",
        "This is an array of axes: choose one of them by its index, `axes[0]` or `axes[0, 1]`.",
    ),
    (
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{0}` has no `{1}`: is it misspelled, or in another module?",
    ),
    (
        r"'(?:[\w.]+\.)?(\w+)' object has no attribute '(\w+)'",
        "An object of type `{0}` has no `{1}`: is it misspelled? What objects of your own class have is set in "
        "`__init__`.",
    ),
)
