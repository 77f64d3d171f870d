"""Odd values: answers and exceptions that lie about what they are, or never come to an end."""

from tests.hostile.case import NOT_TRIED, Case, Got, attack, failed


def returns(code: str) -> dict[str, str]:
    """Answers whose std_from_log_var returns `value(z_log_var)`, defined by `code`."""
    return attack(code, "def std_from_log_var(z_log_var):\n    return value(z_log_var)\n")


def raises(code: str) -> dict[str, str]:
    """Answers whose std_from_log_var raises `problem()`, defined by `code`."""
    return attack(code, "def std_from_log_var(z_log_var):\n    raise problem()\n")


_CHANGING = """
class Changing:
    times = 0
    def __array__(self, dtype=None, copy=None):
        Changing.times += 1
        return np.full((2, 3), float(Changing.times))
Changing.__module__ = "tensorflow"
value = lambda x: Changing()
"""
_UFUNC = """
class Agreeing(np.ndarray):
    def __array_ufunc__(self, *a, **k):
        return True
    def __array_function__(self, *a, **k):
        return True
value = lambda x: np.full((2, 3), -7.0).view(Agreeing)
"""
_CLAIMS_PANDAS = """
class DataFrame:
    dtypes = ()
    shape = (10**12, 10**12)
    columns = index = range(10**12)
    iloc = None
DataFrame.__module__ = "pandas"
value = lambda x: DataFrame()
"""
_NAMELESS = """
class Meta(type):
    @property
    def __module__(cls):
        raise RuntimeError("no module")
    @property
    def __name__(cls):
        return 5
class Nameless(metaclass=Meta):
    pass
value = lambda x: Nameless()
"""
_TEXT = """
class Text(str):
    def __str__(self):
        return 10**9 * "x"
    def __len__(self):
        return -1
value = lambda x: Text("a")
"""
_MAPPING = """
from collections.abc import Mapping
class Endless(Mapping):
    def __getitem__(self, key):
        return self
    def __iter__(self):
        return iter(int, 1)
    def __len__(self):
        return 1
value = lambda x: Endless()
"""
_LAUGHS = """
def value(x):
    part = ["ha"]
    for _ in range(18):
        part = [part] * 10
    return part
"""
_ITSELF = """
def value(x):
    part = []
    part.append(part)
    return part
"""
_KEYS = """
class Key:
    def __hash__(self):
        raise RuntimeError("no hash")
    def __eq__(self, other):
        return True
value = lambda x: {(1, 2): 3, frozenset([1]): {None: {True: 1}}, float("nan"): 1, b"bytes": object()}
"""
_OBJECTS = """
value = lambda x: np.array([[object(), None, 1], [2, "x", value]], dtype=object)
"""
_LONG_NUMBER = "value = lambda x: 10**20_000\n"
_COMPLEX = "value = lambda x: np.exp(0.5 * np.asarray(x)) + 1e3j\n"
_ZERO_STRIDES = "value = lambda x: np.broadcast_to(np.float64(1), (10**6, 10**6))\n"
_NO_SHAPE = "value = lambda x: np.empty((0, 10**15))\n"
_DATES = "value = lambda x: np.array(['2026-01-01', 'NaT'], dtype='datetime64[D]')\n"
_RECORD = "value = lambda x: np.zeros((2, 3), dtype=[('a', 'f4'), ('b', 'O')])\n"
_MASKED = "value = lambda x: np.ma.masked_all((2, 3))\n"
_MEMORY = "value = lambda x: memoryview(bytearray(24)).cast('d', (3,))\n"
_GENERATOR = "value = lambda x: (1 for _ in iter(int, 1))\n"
_COROUTINE = "async def value(x):\n    return x\n"
_MUTATED = """
import threading
shared = np.ones((2, 3))
def disturb():
    while True:
        shared[...] += 1
threading.Thread(target=disturb, daemon=True).start()
value = lambda x: shared
"""
_SWAPPED = """
import threading, time
def swap():
    while True:
        globals()["std_from_log_var"] = lambda z: 0 * z - 7
        time.sleep(0.0005)
        globals()["std_from_log_var"] = lambda z: 0 * z - 8
        time.sleep(0.0005)
threading.Thread(target=swap, daemon=True).start()
"""
_CALLABLE = """
class Callable:
    def __getattribute__(self, name):
        raise SystemExit(0)
    def __call__(self, x):
        return 0 * x
"""
_STR_RAISES = """
class problem(Exception):
    def __str__(self):
        raise RuntimeError("no text")
    __repr__ = __str__
"""
_STR_ENDLESS = """
class problem(Exception):
    def __str__(self):
        return "x" * 300_000_000
"""
_STR_NO_TEXT = """
class problem(Exception):
    def __str__(self):
        return 5
"""
_CHAIN = """
def problem():
    last = None
    for number in range(20_000):
        error = ValueError(number)
        error.__cause__ = last
        last = error
    last.__cause__ = last.__cause__
    return last
"""
_CYCLE = """
def problem():
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    return one
"""
_GROUP = """
def problem():
    group = ExceptionGroup("deep", [ValueError("x")])
    for _ in range(3000):
        group = ExceptionGroup("deep", [group])
    return group
"""
_SYNTAX = """
def problem():
    error = SyntaxError("odd")
    error.lineno, error.offset, error.text, error.filename = 10**30, -5, "x" * 10**7, object()
    return error
"""
_NAME = """
class Odd:
    def __str__(self):
        return "\\x1b[2J" * 1000
    def __bool__(self):
        raise RuntimeError("no truth")
def problem():
    return NameError("odd", name=Odd())
"""
_CLASS_NAME = "problem = type('\\x1b[2J\\r\\n=1+1' * 10_000, (Exception,), {})\n"
_BASE = "problem = BaseException\n"
_GENERATOR_EXIT = "problem = GeneratorExit\n"
_MEMORY_ERROR = "problem = MemoryError\n"
_WARNING = "import warnings\nwarnings.simplefilter('error')\ndef problem():\n    return UserWarning('only a warning')\n"

CASES = [
    Case("value-changes", "answers with an array that is another one at each look", NOT_TRIED, answers=returns(_CHANGING), std=Got(0.5, "partial", "σ should be exp(½·z_log_var).")),
    Case("array-agrees", "answers with an array of a class that computes nothing but True", NOT_TRIED, answers=returns(_UFUNC)),
    Case("claims-pandas", "answers with a class of its own that calls itself pandas.DataFrame, of 10²⁴ cells", NOT_TRIED, answers=returns(_CLAIMS_PANDAS), std=failed("raised TypeError")),
    Case("class-without-name", "answers with an object whose class has no name and no module", NOT_TRIED, answers=returns(_NAMELESS), std=failed("`Meta.__module__` raised RuntimeError: no module")),
    Case("text-lies", "answers with text that has another length and a gigabyte of text", NOT_TRIED, answers=returns(_TEXT), std=failed("MemoryError")),
    Case("mapping-endless", "answers with a mapping whose keys never end", NOT_TRIED, answers=returns(_MAPPING), std=failed("more than 1,000,000 parts")),
    Case("billion-laughs", "answers with a list of 10¹⁸ parts made of eighteen lists", NOT_TRIED, answers=returns(_LAUGHS), std=failed("more than 1,000,000 parts")),
    Case("list-in-itself", "answers with a list that is its own part", NOT_TRIED, answers=returns(_ITSELF), std=failed("The result should be numbers, but it is a list.")),
    Case("odd-keys", "answers with a dictionary whose keys are tuples, sets and NaN", NOT_TRIED, answers=returns(_KEYS), std=failed("raised TypeError")),
    Case("array-of-objects", "answers with an array of objects", NOT_TRIED, answers=returns(_OBJECTS), std=failed("The result should be numbers, but it is a list.")),
    Case("number-of-digits", "answers with a number of 20,000 digits", NOT_TRIED, answers=returns(_LONG_NUMBER), std=failed("The result should be numbers, but it is an int.")),
    Case("complex-numbers", "answers with complex numbers", NOT_TRIED, answers=returns(_COMPLEX)),
    Case("array-of-one-number", "answers with an array of 8 TB that is one number", NOT_TRIED, answers=returns(_ZERO_STRIDES), std=failed("Unable to allocate 7.28 TiB")),
    Case("array-of-nothing", "answers with an array of 10¹⁵ columns and no row", NOT_TRIED, answers=returns(_NO_SHAPE)),
    Case("dates", "answers with dates", NOT_TRIED, answers=returns(_DATES), std=failed("The result should be numbers, but it is a list.")),
    Case("records", "answers with an array of records", NOT_TRIED, answers=returns(_RECORD)),
    Case("masked", "answers with an array whose every value is masked", NOT_TRIED, answers=returns(_MASKED)),
    Case("memory-view", "answers with a view of memory", NOT_TRIED, answers=returns(_MEMORY), std=failed("The result should be numbers, but it is a memoryview.")),
    Case("generator", "answers with a generator that never ends", NOT_TRIED, answers=returns(_GENERATOR), std=failed("The result should be numbers, but it is a generator.")),
    Case("coroutine", "answers with a coroutine that nobody awaits", NOT_TRIED, answers=attack(_COROUTINE + "std_from_log_var = value\n", ""), std=failed("The result should be numbers, but it is a coroutine.")),
    Case("array-disturbed", "answers with an array that a thread changes all the time", NOT_TRIED, answers=returns(_MUTATED)),
    Case("function-swapped", "has a thread put another function under the name a thousand times a second", NOT_TRIED, answers=attack(_SWAPPED)),
    Case("callable-exits", "defines an object that ends the program when it is looked at", NOT_TRIED, answers=attack(_CALLABLE, "std_from_log_var = Callable()\n")),
    Case("exception-without-text", "raises an exception whose text is an exception", NOT_TRIED, answers=raises(_STR_RAISES), std=failed("raised problem: its text can't be shown")),
    Case("exception-of-megabytes", "raises an exception whose text has 300 MB", NOT_TRIED, answers=raises(_STR_ENDLESS), std=failed("raised problem: xxx")),
    Case("exception-text-is-five", "raises an exception whose text is no text", NOT_TRIED, answers=raises(_STR_NO_TEXT), std=failed("raised problem: its text can't be shown")),
    Case("exception-chain", "raises an exception with 20,000 causes", NOT_TRIED, answers=raises(_CHAIN), std=failed("raised ValueError: 19999")),
    Case("exception-cycle", "raises an exception that is the cause of its cause", NOT_TRIED, answers=raises(_CYCLE), std=failed("raised ValueError: one")),
    Case("exception-groups", "raises 3,000 exception groups, one in the other", NOT_TRIED, answers=raises(_GROUP), std=failed("raised ExceptionGroup: deep (1 sub-exception)")),
    Case("syntax-error-odd", "raises a syntax error in line 10³⁰ of an object", NOT_TRIED, answers=raises(_SYNTAX), std=failed("raised SyntaxError: odd")),
    Case("name-error-odd", "raises a NameError whose name is an object full of escape codes", NOT_TRIED, answers=raises(_NAME), std=failed("raised NameError: odd")),
    Case("exception-class-name", "raises an exception whose class is called by 100,000 control characters", NOT_TRIED, answers=raises(_CLASS_NAME), std=failed("raised �[2J")),
    Case("base-exception", "raises BaseException itself", NOT_TRIED, answers=raises(_BASE), std=failed("raised BaseException: (no message)")),
    Case("generator-exit", "raises GeneratorExit", NOT_TRIED, answers=raises(_GENERATOR_EXIT), std=failed("raised GeneratorExit: (no message)")),
    Case("memory-error", "raises MemoryError", NOT_TRIED, answers=raises(_MEMORY_ERROR), std=failed("raised MemoryError: (no message)")),
    Case("warning-raised", "makes every warning an error, and raises one", NOT_TRIED, answers=raises(_WARNING), std=failed("raised UserWarning: only a warning")),
]
