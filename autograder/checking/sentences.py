"""What an error of Python, NumPy or pandas means, in a sentence that stands above the library's own words.

(what to look for, what to say): the first pattern that is found in "Kind: message", a new line and the line of code
that raised it. {0}, {1} are the pattern's groups. A course may have a table of its own, which is asked first.
"""

SENTENCES = (
    (
        r"descriptor '\w+' of 'super' object",
        "`super` needs parentheses: `super().__init__(**kwargs)`.",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\([^)]*\))",
        "A reshape moves numbers and adds none: {0} numbers can't become {1}.",
    ),
    (
        r"operands could not be broadcast together with shapes|Incompatible shapes: \[|required broadcastable shapes"
        r"|Dimensions must be equal, but are",
        "These shapes don't fit each other: they are compared from the last axis on, and each pair must be equal, or"
        " one of them 1.",
    ),
    (
        r"object cannot be interpreted as an integer|only integer scalar arrays can be converted|indices must be int"
        r"|integer argument expected, got|only integers, slices",
        "A number with a decimal point, text or an array stands where a whole number is needed: write `//` or "
        "`int(…)`.",
    ),
    (
        r"'NoneType' object (?:is not|has no)|must be an iterable, not NoneType",
        "A value is None here: does a function that this line uses lack its `return`?",
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
        r"(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` is given {2} arguments and takes {1}: keep the line `def {0}(…)` as the exercise has it; the first "
        "one of a method is `self`.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+) ?.*: '([\w.]+)' and '([\w.]+)'",
        "`{0}` doesn't work between a {1} and a {2}: is one of them text, None, or a list where its numbers are meant?",
    ),
    (
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "An array of {1} axes has no axis {0}: they are counted from 0, and −1 is the last one.",
    ),
    (r"zero-size array|max\(\) (?:arg|iterable)", "An array is empty here: no row is left by the condition above it."),
    (
        r"'(?:[\w.]+\.)?(\w+)' object has no attribute '(\w+)'",
        "A `{0}` has no `{1}`: is it misspelt, or did `__init__` not set it?",
    ),
)
