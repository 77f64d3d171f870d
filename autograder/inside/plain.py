"""Plain data: what a check may see of a student's value, and its journey through an .npz file.

An .npz holds the arrays; a JSON tree beside them says how they hang together. Nothing is ever pickled.
Reading trusts no number in the file: sizes are compared with the bytes that are really there.
"""

import io
import json
import math
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

MAX_DEPTH = 20
MAX_BYTES = 64 * 2**20  # the largest answer of a solved lesson has 6
MAX_TREE_BYTES = 16 * 2**20  # parsed JSON takes up to twenty times as much
MAX_TEXT = 100_000
MAX_PARTS = 1_000_000  # of lists and mappings: more would not fit in a tree
TREE = "tree.json"


class Opaque:
    """Stands for a value that is not plain data: the name of its type, and a short text of it."""

    def __init__(self, type_name: str, text: str = ""):
        self.type_name = type_name
        self.text = text

    def __repr__(self) -> str:
        return f"a {self.type_name}"


class Frame:
    """A pandas DataFrame as plain data: column names, dtypes, index and one array for each column."""

    def __init__(self, columns: list[Any], dtypes: list[str], index: Any, arrays: list[Any]):
        self.columns = columns
        self.dtypes = dtypes
        self.index = index
        self.arrays = arrays

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns), as pandas counts them."""
        return (len(self.index), len(self.columns))

    def __getitem__(self, column: Any) -> Any:
        return self.arrays[self.columns.index(column)]

    def values(self) -> np.ndarray:
        """(rows, columns): all the columns side by side."""
        return np.column_stack(self.arrays) if self.arrays else np.empty((len(self.index), 0))

    def __repr__(self) -> str:
        return f"a DataFrame of shape {self.shape}"


class Unplain(ValueError):
    """A file that is not plain data as this module writes it."""


class TooMuch(Unplain):
    """More data than is read, however it was written."""


class _Room:
    """Counts the parts of one value, which may have no end."""

    def __init__(self) -> None:
        self._left = MAX_PARTS

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooMuch(f"The result has more than {MAX_PARTS:,} parts, lists in lists included: return an array.")


def plain(value: Any, depth: int = 0, room: _Room | None = None) -> Any:
    """Turn a student's value into NumPy arrays, numbers, strings, lists, tuples and dicts of them.

    Raises TooMuch where it has more than MAX_PARTS.
    """
    room = room or _Room()
    room.take()
    if depth > MAX_DEPTH:
        return Opaque(type(value).__name__, "nested too deeply")
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, str):
        return str(value)[:MAX_TEXT]
    if isinstance(value, np.ndarray | np.generic):
        return _plain_array(value, depth, room)
    if isinstance(value, Mapping):
        return {plain(key, depth + 1, room): plain(item, depth + 1, room) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item, depth + 1, room) for item in value)
    if isinstance(value, list | set | frozenset | range):
        return [plain(item, depth + 1, room) for item in value]
    if isinstance(value, Opaque | Frame):
        return value
    module = type(value).__module__.partition(".")[0]
    if module == "pandas":
        return _plain_pandas(value)
    if module != "__main__" and hasattr(type(value), "__array__"):
        return _plain_tensor(value)
    return Opaque(type(value).__name__, _short(value))


def _plain_array(value: np.ndarray | np.generic, depth: int, room: _Room) -> Any:
    array = np.array(value, subok=False)
    if array.dtype.kind in "biufc":
        return array if array.ndim else array[()]
    if array.dtype.kind in "US":
        return [str(item) for item in array.tolist()] if array.ndim == 1 else str(array.tolist())
    return plain(array.tolist(), depth + 1, room)


def _plain_tensor(value: Any) -> Any:
    """A tensor or variable of any library; a symbolic one, which holds no numbers, is told by its shape."""
    try:
        return _plain_array(np.asarray(value), 0, _Room())
    except Exception:
        return Opaque(type(value).__name__, f"shape {getattr(value, 'shape', 'unknown')}")


def _plain_pandas(value: Any) -> Any:
    if type(value).__name__ == "DataFrame":
        kinds = set(value.dtypes)
        if len(kinds) == 1 and isinstance(next(iter(kinds)), np.dtype):
            # One array for all of them: a table of hundreds of columns costs no more than a narrow one.
            arrays = [plain(column) for column in value.to_numpy().T]
        else:
            arrays = [plain(value.iloc[:, i].to_numpy()) for i in range(value.shape[1])]
        columns = [plain(name) for name in value.columns]
        dtypes = [str(dtype) for dtype in value.dtypes]
        return Frame(columns, dtypes, plain(value.index.to_numpy()), arrays)
    if hasattr(value, "to_numpy"):
        return plain(value.to_numpy())
    return Opaque(type(value).__name__, _short(value))


def _short(value: Any) -> str:
    try:
        return repr(value)[:200]
    except Exception:
        return ""


def pack(value: Any) -> bytes:
    """Write plain data as the bytes of an .npz with its JSON tree."""
    arrays: list[np.ndarray] = []
    tree = json.dumps(_to_tree(plain(value), arrays))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(TREE, tree)
        for i, array in enumerate(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(f"{i}.npy", member.getvalue())
    return buffer.getvalue()


def _to_tree(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, np.generic):
        arrays.append(np.asarray(value).reshape(1))
        return {"scalar": len(arrays) - 1}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [_to_tree(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[_to_tree(k, arrays), _to_tree(v, arrays)] for k, v in value.items()]}
    if isinstance(value, Frame):
        parts = [value.columns, value.dtypes, value.index, _side_by_side(value.arrays)]
        return {"frame": [_to_tree(part, arrays) for part in parts]}
    if isinstance(value, Opaque):
        return {"opaque": [str(value.type_name), str(value.text)[:MAX_TEXT]]}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, int) and abs(value) > 2**63:
        return {"opaque": ["int", "an integer of more than 63 bits"]}
    return value


def _side_by_side(columns: list[Any]) -> np.ndarray | list[Any]:
    """Columns of one length and data type as one array (columns, rows); others as they are."""
    alike = {(c.dtype, c.shape) if isinstance(c, np.ndarray) else None for c in columns}
    return np.stack(columns) if len(alike) == 1 and None not in alike else columns


def unpack(data: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Read what ``pack`` wrote. Raises Unplain for anything else, however it was made."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > max_bytes:
                raise TooMuch(f"the answer is larger than {max_bytes // 2**20} MiB")
            if any(member.compress_type != zipfile.ZIP_STORED for member in members):
                raise Unplain("the answer is compressed")
            if any(member.filename == TREE and member.file_size > MAX_TREE_BYTES for member in members):
                raise TooMuch(f"the answer has more parts than {MAX_TREE_BYTES // 2**20} MiB of JSON can name")
            tree = json.loads(archive.read(TREE))
            arrays = [_read_array(archive.read(f"{i}.npy")) for i in range(len(members) - 1)]
        return _from_tree(tree, _EachOnce(arrays), 0)
    except Unplain:
        raise
    except Exception as error:
        raise Unplain(f"the answer is not plain data ({type(error).__name__})") from error


class _EachOnce(list[np.ndarray | None]):
    """Arrays, each to be taken once, as ``pack`` names them: what takes a copy of each part has a bound."""

    def take(self, number: int) -> np.ndarray:
        """The array of that number. Raises Unplain where it was taken before."""
        array, self[number] = self[number], None
        if array is None:
            raise Unplain("an array that is named twice")
        return array


def _read_array(data: bytes) -> np.ndarray:
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise Unplain("an array with an unusual header")
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=10_000)
    body = memoryview(data)[file.tell() :]
    if dtype.kind not in "biufc" or any(n < 0 for n in shape):
        raise Unplain(f"an array of {dtype}")
    if math.prod(shape) * dtype.itemsize != len(body):
        raise Unplain("an array whose size is not what its header says")
    return np.frombuffer(body, dtype).reshape(shape, order="F" if fortran_order else "C").copy()


def _from_tree(tree: Any, arrays: _EachOnce, depth: int) -> Any:
    if depth > 2 * MAX_DEPTH:
        raise Unplain("the answer is nested too deeply")
    if not isinstance(tree, dict):
        return tree

    def inner(item: Any) -> Any:
        return _from_tree(item, arrays, depth + 1)

    kind = next(iter(tree))
    content = tree[kind]
    if kind == "array":
        return arrays.take(content)
    if kind == "scalar":
        return arrays.take(content)[0]
    if kind == "list":
        return [inner(item) for item in content]
    if kind == "tuple":
        return tuple(inner(item) for item in content)
    if kind == "dict":
        return {inner(key): inner(item) for key, item in content}
    if kind == "frame":
        columns, dtypes, index, columns_data = (inner(item) for item in content)
        return Frame(columns, dtypes, index, list(columns_data))
    if kind == "opaque":
        return Opaque(str(content[0]), str(content[1]))
    if kind == "float":
        return float(content)
    raise Unplain(f"an unknown kind of value: {kind}")
