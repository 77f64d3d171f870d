"""Plain data goes through an .npz and comes back the same; anything else is refused."""

import io
import zipfile
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from autograder.inside.plain import MAX_DEPTH, MAX_TREE_BYTES, Frame, Opaque, TooMuch, Unplain, pack, plain, unpack


def through(value):
    return unpack(pack(value))


@pytest.mark.parametrize(
    "value", [None, True, 3, -2.5, "ε", [1, (2.0, "x")], {"a": [1], 3: None}, float("inf"), [], {}, ()], ids=repr
)
def test_plain_values_come_back_equal(value):
    back = through(value)
    assert back == value and type(back) is type(value)


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8", "int64", "bool", "complex64"])
def test_arrays_keep_type_and_shape(dtype):
    for shape in [(3,), (2, 0), (2, 3, 4)]:
        array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        back = through(array)
        assert back.dtype == array.dtype and np.array_equal(back, array)


def test_nan_and_scalars_survive():
    assert np.isnan(through(float("nan")))
    assert through(np.float32(1.5)) == np.float32(1.5) and through(np.float32(1.5)).dtype == "float32"


def test_a_frame_keeps_columns_types_and_index():
    frame = pd.DataFrame({"label": np.array([1, 2], "uint8"), "p": [0.5, 1.5]}, index=[7, 9])
    back = through(frame)
    assert isinstance(back, Frame)
    assert (back.columns, back.dtypes, back.shape) == (["label", "p"], ["uint8", "float64"], (2, 2))
    assert back.index.tolist() == [7, 9] and back["p"].tolist() == [0.5, 1.5]


def test_other_objects_become_their_type_name():
    back = through(object())
    assert isinstance(back, Opaque) and back.type_name == "object"


def test_an_object_cannot_lie_about_being_equal():
    class Liar:
        def __eq__(self, other):
            return True

    class LyingArray(np.ndarray):
        def __eq__(self, other):
            return True

    assert isinstance(through(Liar()), Opaque)
    assert type(through(np.zeros(2).view(LyingArray))) is np.ndarray


def test_endless_nesting_is_cut():
    value = []
    value.append(value)
    for _ in range(MAX_DEPTH):
        value = [value]
    assert isinstance(plain(value), list)


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if members.pop("_deflate", False) else 0) as file:
        for name, data in members.items():
            file.writestr({"tree": "tree.json"}.get(name, name + ".npy"), data)
    return buffer.getvalue()


HEADER = "{'descr': '%s', 'fortran_order': False, 'shape': (%d,)}"


def npy(header: str, body: bytes = b"") -> bytes:
    text = header.ljust(118 - 1).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no archive", "not plain data"),
        (archive(tree=b"[" * 100_000), "not plain data"),
        (archive(tree=b'{"evil": 1}'), "unknown kind"),
        (archive(tree=b'{"array": 5}'), "not plain data"),
        (archive(**{"tree": b'{"array": 0}', "0": npy(HEADER % ("<f8", 9999999999))}), "size"),
        (archive(**{"tree": b'{"array": 0}', "0": npy(HEADER % ("|O", 1), b"x" * 8)}), "array of object"),
        (archive(**{"tree": b'{"array": 0}', "0": b"\x93NUMPY\x03\x00" + b"\xff" * 20}), "header"),
        (archive(_deflate=True, tree=b"0" * 1000), "compressed"),
    ],
    ids=["text", "deep", "kind", "index", "size", "object", "version", "compressed"],
)  # fmt: skip
def test_hostile_files_are_refused(data, words):
    with pytest.raises(Unplain, match=words):
        unpack(data)


def test_a_tree_of_endless_parts_is_refused_before_it_is_parsed():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("tree.json", b"[" + b"0," * (MAX_TREE_BYTES // 2) + b"0]")
    with pytest.raises(Unplain, match="more parts"):
        unpack(buffer.getvalue())


def test_files_larger_than_allowed_are_refused():
    with pytest.raises(Unplain, match="larger"):
        unpack(pack(np.zeros(2**21, "uint8")), max_bytes=2**20)


def test_an_array_is_named_once():
    numbers = np.arange(3.0)
    first, second = through([numbers, numbers])  # two of them: neither side sees what becomes of the other's
    assert first is not second and np.array_equal(first, second)
    with pytest.raises(Unplain, match="named twice"):
        unpack(archive(**{"tree": b'{"list": [{"array": 0}, {"array": 0}]}', "0": npy(HEADER % ("<f8", 1), bytes(8))}))


class Endless(Mapping):
    """A mapping whose keys never end."""

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(int, 1)

    def __len__(self):
        return 1


def test_a_value_of_no_end_has_too_many_parts():
    inside = np.empty(1, object)  # not np.array, which would go through the mapping
    inside[0] = Endless()
    for value in (Endless(), [Endless()], inside):
        with pytest.raises(TooMuch, match="more than 1,000,000 parts"):
            plain(value)
