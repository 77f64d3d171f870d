"""Who is in the class: a roster as Canvas or Moodle export it, or with columns of one's own."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.text import clean

_SPOKEN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l", "đ": "d"}
)
_TEST_STUDENT = {"student, test", "test student"}


class RosterError(Exception):
    """A roster that can't be used; the message names the file and says why."""


@dataclass(frozen=True)
class Person:
    """One student. ``id`` names the folder in submitted/; ``keys`` are the numbers and logins that platforms know."""

    id: str
    name: str = ""
    section: str = ""
    email: str = ""
    keys: frozenset[str] = field(default_factory=frozenset)
    row: Mapping[str, str] = field(default_factory=dict, compare=False)  # as the file has it


class Roster:
    """The students of a class, found by a platform's number, a login or a name."""

    def __init__(self, people: Iterable[Person], columns: Sequence[str] = (), delimiter: str = ","):
        self.people = list(people)
        self.columns = list(columns)  # as the file has them
        self.delimiter = delimiter
        self._by_key: dict[str, list[Person]] = defaultdict(list)
        self._by_name: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            for key in {person.id, *person.keys, person.email.partition("@")[0]} - {""}:
                self._by_key[key.casefold()].append(person)
            for spelling in spellings(person.name):
                self._by_name[spelling].append(person)

    def by_key(self, keys: Iterable[str]) -> Person | None:
        """The one student with one of these numbers or logins."""
        found = {person.id: person for key in keys if key for person in self._by_key.get(key.casefold(), ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def by_name(self, name: str) -> list[Person]:
        """Every student who may be called so: none, one, or several of the same name."""
        found = {person.id: person for spelling in spellings(name) for person in self._by_name.get(spelling, ())}
        return list(found.values())


def spellings(name: str) -> set[str]:
    """What platforms make of a name: without accents or spelled out, letters alone, in any order of its words."""
    folded = unicodedata.normalize("NFC", name).casefold()
    variants = {
        folded.translate(_SPOKEN),
        "".join(letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter)),
        "".join(letter for letter in folded if letter.isascii()),
    }
    found = set()
    for variant in variants:
        words = [word for word in re.split(r"[\W_]+", variant) if word]
        found |= {"".join(sorted(words, key=str)), "".join(words)}
        if "," in variant:
            last, _, first = variant.partition(",")
            found.add("".join(re.split(r"[\W_]+", first + last)))
        found |= {"".join(words[i:] + words[:i]) for i in range(len(words))}
    return found - {""}


def read_roster(file: Path) -> Roster:
    """The roster in a CSV file: Canvas' gradebook export, Moodle's grading worksheet, or own columns.

    Own columns: ``id``, and ``name`` or ``first_name`` and ``last_name``; ``email`` and ``section`` where wanted. Any
    other column whose name ends in ``id``, ``login`` or ``username`` is a number or name by which a platform knows the
    student. Raises RosterError.
    """
    columns, delimiter, rows = _rows(file)
    if not rows:
        raise RosterError(f"{file} has no rows below its header.")
    header = set(rows[0])
    if {"student", "id"} <= header and ("sis login id" in header or "section" in header):
        people = [_of_canvas(row) for row in rows if _is_student(row.get("student", ""))]
    elif "identifier" in header or any(
        _number(value) for value in [next(iter(rows[0].values()))] if "full name" in header
    ):
        people = [_of_moodle(row) for row in rows]
    elif "id" in header:
        people = [_own(row) for row in rows]
    else:
        raise RosterError(
            f"{file} has the columns {', '.join(sorted(header))}. A roster needs a column `id`, and `name` or "
            "`first_name` and `last_name`; exports of Canvas' gradebook and Moodle's grading worksheet are read as "
            "they are."
        )
    people = [person for person in people if person.id]
    twice = sorted({person.id for person in people if sum(other.id == person.id for other in people) > 1})
    if twice:
        raise RosterError(f"{file} has several rows for {', '.join(twice[:5])}.")
    return Roster(people, columns, delimiter)


def _rows(file: Path) -> tuple[list[str], str, list[dict[str, str]]]:
    """(columns, what stands between them, rows by column in small letters)."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RosterError(f"{file} can't be read: {error.strerror or error}") from None
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeError:
            continue
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [clean(name).strip() for name in next(reader, [])]
    rows = [
        {name.casefold(): clean(value).strip() for name, value in zip(columns, row, strict=False)}
        for row in reader
        if any(value.strip() for value in row)
    ]
    return columns, delimiter, rows


def _is_student(name: str) -> bool:
    # Under Canvas' header stands a row of points possible.
    return bool(name) and name.casefold() not in _TEST_STUDENT and not name.casefold().startswith("points possible")


def _of_canvas(row: Mapping[str, str]) -> Person:
    keys = [row.get(name, "") for name in ("sis login id", "sis user id", "id")]
    return Person(
        id=safe(next((key for key in keys if key), "")),
        name=row.get("student", ""),
        section=row.get("section", ""),
        keys=frozenset(key for key in keys if key),
        row=row,
    )


def _of_moodle(row: Mapping[str, str]) -> Person:
    number = _number(row.get("identifier", "") or next(iter(row.values()), ""))
    keys = [row.get(name, "") for name in ("username", "id number", "email address")]
    known = next((key for key in keys if key), "")
    return Person(
        id=safe(known or number),
        name=row.get("full name", "") or f"{row.get('first name', '')} {row.get('last name', '')}".strip(),
        section=row.get("group", "") or row.get("groups", ""),
        email=row.get("email address", ""),
        keys=frozenset(key for key in (*keys, number) if key),
        row=row,
    )


def _own(row: Mapping[str, str]) -> Person:
    keys = {value for name, value in row.items() if value and name.endswith(("id", "login", "username"))}
    return Person(
        id=safe(row["id"]),
        name=row.get("name") or f"{row.get('first_name', '')} {row.get('last_name', '')}".strip(),
        section=row.get("section", ""),
        email=row.get("email", ""),
        keys=frozenset(keys),
        row=row,
    )


def _number(text: str) -> str:
    """The number at the end of Moodle's "Participant 123456", in any language."""
    found = re.search(r"(\d+)$", text)
    return found[1] if found else ""


def safe(name: str) -> str:
    """A name that can be a folder's, below submitted/."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", clean(name)).strip("._ ")
