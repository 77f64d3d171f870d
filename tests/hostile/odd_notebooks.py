"""Odd notebooks: JSON, cells and archives that a careless reader takes for something else."""

import gzip
import io
import json
import struct
import zipfile

from tests.hostile.case import FILE, LESSON, NOT_TRIED, PASSED, STD, Case, Got, cell_of, edit, failed, honest


def _json(change):
    def build(folder):
        document = json.loads((folder / FILE).read_text("utf-8"))
        (folder / FILE).write_text(change(document), "utf-8")

    return build


def _raw(change):
    def build(folder):
        (folder / FILE).write_bytes(change((folder / FILE).read_bytes()))

    return build


def _twice(document):
    text = json.dumps(document)
    return '{"cells": [], "cells": 5, ' + text[1:]


def _numbers(document):
    document["metadata"]["n"] = "PLACE"
    numbers = "[1e999, -1e999, NaN, Infinity, 0.1e-999, -0, " + "9" * 5000 + "]"
    return json.dumps(document).replace('"PLACE"', numbers)


def _sources(document):
    for cell in document["cells"]:
        source = cell["source"]
        lines = source if isinstance(source, list) else source.splitlines(keepends=True)
        cell["source"] = [part for line in lines for part in (line, None, 5, {"a": 1})]
    return json.dumps(document)


def _strange_cells(document):
    document["cells"] = [None, 5, "cell", [], {}, {"cell_type": ["code"]}, *document["cells"], {"source": {"a": 1}}]
    return json.dumps(document)


def _version(document):
    document["nbformat"], document["nbformat_minor"] = "4", [5]
    return json.dumps(document)


def _metadata(document):
    for cell in document["cells"]:
        cell["metadata"] = {"nbgrader": {**cell["metadata"].get("nbgrader", {}), "points": "NaN", "schema_version": -1}}
        cell["id"] = cell.get("id", "") * 5000
    document["metadata"] = {"kernelspec": {"name": "../../evil", "language": {"a": 1}}, "language_info": 5}
    return json.dumps(document)


def _same_name(document):
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["nbgrader"] = {"grade_id": STD, "grade": False, "solution": True, "locked": False}
    return json.dumps(document)


def _proto(notebook):
    for number, name in enumerate(("__proto__", "../../x", "std\x00", "", "a" * 10_000, "check-std ")):
        copy = cell_of(notebook, STD).copy()
        copy["id"] = f"odd{number}"
        copy["metadata"] = {"nbgrader": {"grade_id": name, "solution": True, "grade": True, "points": 100}}
        copy["source"] = "x = 1"
        notebook.cells.append(copy)


def _worksheets(document):
    cells = [{**cell, "input": "".join(cell["source"])} for cell in document["cells"]]
    sheets = [{"cells": []} for _ in range(5000)] + [{"cells": cells}, {"cells": None}, None]
    return json.dumps({"worksheets": sheets, "nbformat": 3, "nbformat_minor": 0, "metadata": {}})


def _homoglyph(notebook):
    cell = cell_of(notebook, STD)
    cell.source = cell.source.replace("std_from_log_var", "std_from_log_v\u0430r")


def _full_width(notebook):
    cell = cell_of(notebook, STD)
    cell.source = cell.source.replace("std_from_log_var", "\uff53td_from_log_var")


def _line_ends(notebook):
    cell = cell_of(notebook, STD)
    cell.source = cell.source.replace("\n", "\r") + "\x0c\x0b\x1c\x85\u2028"


def _magics(notebook):
    cell = cell_of(notebook, STD)
    cell.source = f"%%capture\n!touch /submission/x\n{cell.source}"


def _other_language(notebook):
    cell = cell_of(notebook, STD)
    cell.source = f"%%javascript\nalert(1)\n{cell.source}"


def _endless_line(notebook):
    cell_of(notebook, STD).source += "x = [" + "0," * 40_000 + "]"


def _nested_code(notebook):
    cell_of(notebook, STD).source += "\nx = " + "(" * 90 + "1" + ")" * 90 + "\ny = " + "-" * 30_000 + "1"


def _archive(write):
    def build(folder):
        raw = (folder / FILE).read_bytes()
        (folder / FILE).unlink()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            write(archive, raw)
        (folder / f"{LESSON}.zip").write_bytes(buffer.getvalue())

    return build


def _backslashes(archive, raw):
    archive.writestr("..\\..\\" + FILE, raw)
    archive.writestr("C:" + FILE, raw)


def _device(archive, raw):
    for name in ("con.ipynb", "NUL.ipynb", "aux."):
        archive.writestr(name, b"x")
    archive.writestr(FILE, raw)


def _deep_archive(archive, raw):
    archive.writestr("d/" * 500 + FILE, raw)


def _long_name(archive, raw):
    archive.writestr("n" * 60_000 + ".ipynb", raw)


def _wrong_sum(folder):
    _archive(lambda archive, raw: archive.writestr(FILE, raw))(folder)
    path = folder / f"{LESSON}.zip"
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 16
    struct.pack_into("<I", data, place, 12345)
    path.write_bytes(data)


def _wrong_size(folder):
    _archive(lambda archive, raw: archive.writestr(FILE, raw))(folder)
    path = folder / f"{LESSON}.zip"
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 7)
    path.write_bytes(data)


def _method(folder):
    _archive(lambda archive, raw: archive.writestr(FILE, raw))(folder)
    path = folder / f"{LESSON}.zip"
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.index(magic) + offset, 97)
    path.write_bytes(data)


def _case(name, does, build, **more):
    return Case(name, does, NOT_TRIED, answers=honest(), build=build, **more)


CASES = [
    _case("keys-twice", "names its list of cells three times", _json(_twice), std=PASSED),
    _case("odd-numbers", "holds NaN, infinities and a number of 5,000 digits", _json(_numbers), std=PASSED),
    _case("odd-sources", "holds numbers and objects between its lines", _json(_sources), std=PASSED),
    _case("odd-cells", "holds cells that are numbers, lists and nothing", _json(_strange_cells), std=PASSED),
    _case("odd-version", "says it is of version “4”, a text", _json(_version), std=PASSED),
    _case("odd-metadata", "has names of 25,000 characters and metadata of the wrong types", _json(_metadata), std=PASSED),
    _case("one-name-for-all", "gives the name of one exercise to all of its cells", _json(_same_name), std=PASSED),
    _case("names-of-paths", "has graded cells called __proto__ and ../../x, with 100 points each", edit(_proto), std=PASSED),
    _case("worksheets", "is of format 3, with 5,000 empty worksheets", _json(_worksheets), std=PASSED),
    _case("homoglyph", "writes its function's name with a Cyrillic letter", edit(_homoglyph), std=failed("whose `\u0430` is a letter of another alphabet")),
    _case("full-width-name", "writes its function's name with a full-width letter, which Python takes for the plain one", edit(_full_width), std=PASSED),
    _case("odd-line-ends", "ends its lines by seven kinds of line ends", edit(_line_ends), std=failed("Line 3 contains an invisible character")),
    _case("magic-cell", "hides its answer behind %%capture, and calls the shell", edit(_magics), std=PASSED),
    _case("javascript-cell", "is JavaScript by a magic", edit(_other_language), std=Got(0, "not attempted", "is not defined yet")),
    _case("line-of-80-kb", "holds a line of 80,000 characters", edit(_endless_line), std=PASSED),
    _case("nested-code", "holds 90 brackets and 30,000 signs before one number", edit(_nested_code), std=failed("nested too deeply")),
    _case("two-documents", "is followed by another notebook", _raw(lambda raw: raw + b"\n" + raw), std=PASSED),
    _case("trailing-zeros", "is followed by 10,000 zeros", _raw(lambda raw: raw + bytes(10_000)), std=PASSED),
    _case("zeros-between", "has a zero byte after each byte, and says it is UTF-8", _raw(lambda raw: b"\xef\xbb\xbf" + raw.decode().encode("utf-16-le")), unreadable="its JSON is wrong"),
    _case("utf-32", "is saved as UTF-32", _raw(lambda raw: raw.decode().encode("utf-32")), std=PASSED),
    _case("gzip-in-disguise", "is compressed, under its own name", _raw(gzip.compress), std=PASSED),
    _case("python-literal", "is a Python dictionary and no JSON", _json(lambda document: repr(document)), unreadable="its JSON is wrong"),
    _case("zip-backslashes", "is a zip whose entry is called ..\\..\\", _archive(_backslashes), unreadable="points outside"),
    _case("zip-devices", "is a zip with entries called con, NUL and aux", _archive(_device), std=PASSED),
    _case("zip-deep", "is a zip in whose five hundredth folder it lies", _archive(_deep_archive), unreadable="too many folders deep"),
    _case("zip-long-name", "is a zip with a name of 60,000 characters", _archive(_long_name), std=PASSED),
    _case("zip-wrong-sum", "is a zip whose checksum is wrong", _wrong_sum, unreadable="damaged"),
    _case("zip-wrong-size", "is a zip that says it holds seven bytes", _wrong_size, unreadable="damaged"),
    _case("zip-unknown-method", "is a zip compressed by a method that nobody knows", _method, unreadable="packed in an unusual way"),
]
