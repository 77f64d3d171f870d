"""Finds the notebook in whatever a student handed in, and hands over the rebuilt lesson."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from autograder.intake import archives, text_notebook
from autograder.intake.archive import Archive
from autograder.intake.archives import is_archive, open_archive
from autograder.intake.cells import read_cells
from autograder.intake.folder import Listing, look_into, read_inside
from autograder.intake.graft import Graft, graft
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

_MANY = 10  # files that are named one by one; a student can make thousands


@dataclass(frozen=True)
class Intake:
    """A submission made fit for grading. Compare, store and send it freely: it is plain data."""

    notebook: NotebookNode  # the released one (format 4.5, no outputs) with the student's answers and own cells
    mended: tuple[str, ...]  # one plain sentence each, for the student and the instructor
    untouched: frozenset[str]  # exercises without an answer: their cell holds the released stub
    source: Path  # the file that was read; the archive, where the notebook lay in one


def take_in(
    folder: Path,
    lesson: str,
    released: NotebookNode,
    limits: Limits | None = None,
    siblings: Sequence[str] = (),
    free_cells: bool = False,
) -> Intake:
    """Read the submission to `lesson` in `folder` and rebuild it from the `released` notebook.

    `LESSON.ipynb` is taken where it holds an answer. Otherwise all notebooks in the folder, in its folders and
    in zip archives are read, and the one with the most of the lesson's cells is taken. Nothing of the student's
    is executed, no link followed, nothing written. `siblings` are the names of the assignment's other notebooks:
    a file of such a name is never this one. With `free_cells`, code cells that nbgrader
    has neither named nor locked are the student's to change. Raises Unreadable where a person must look.
    """
    return _Search(Path(folder), lesson, released, limits or Limits(), siblings, free_cells).run()


@dataclass(frozen=True)
class _Candidate:
    """A file that may be the notebook. `load` gives its bytes."""

    source: Path
    label: str  # what a sentence calls it
    closeness: int  # 0: the right name; 1: the same name otherwise spelt; 2: any other
    load: Callable[[], bytes]


@dataclass(frozen=True)
class _Found:
    """A candidate that is a notebook, or the reason why it isn't."""

    candidate: _Candidate
    graft: Graft | None = None
    notes: tuple[str, ...] = ()
    problem: Unreadable | None = None
    is_empty: bool = False

    @property
    def rebuilt(self) -> Graft:
        assert self.graft is not None
        return self.graft


class _Search:
    def __init__(
        self,
        folder: Path,
        lesson: str,
        released: NotebookNode,
        limits: Limits,
        siblings: Sequence[str],
        free_cells: bool,
    ):
        self.free_cells = free_cells
        self.siblings = {_plain(f"{name}.ipynb") for name in siblings}
        self.folder = folder
        self.lesson = lesson
        self.right_name = f"{lesson}.ipynb"
        self.released = released
        self.limits = limits
        self.room = limits.read_bytes
        self.passed_over: list[str] = []  # sentences about links and the like
        self.problems: list[Unreadable] = []  # archives that can't be opened

    def run(self) -> Intake:
        right = self._right_one()
        if right and right.graft and right.graft.is_answered and right.graft.recognized:
            return self._intake(right)
        listing = look_into(self.folder, self.limits)
        others = [self._open(candidate) for candidate in self._other_candidates(listing, right)]
        if right and right.problem and not right.is_empty:
            raise self._with_others(right.problem, others)
        found = [one for one in [right, *others] if one is not None]
        usable = [one for one in found if one.graft and one.graft.recognized]
        answered = [one for one in usable if one.graft and one.graft.is_answered]
        if answered:
            return self._intake(self._best(answered), others=found)
        broken = [one.problem for one in others if one.problem] + self.problems
        if broken:  # it may hold the answers that the readable ones lack
            raise broken[0]
        if usable:
            return self._intake(usable[0])
        raise self._nothing(right, found, listing)

    # -- reading -------------------------------------------------------------------------------------------

    def _right_one(self) -> _Found | None:
        """The file of the right name. None where there is none, or where it is an archive in disguise."""
        try:
            raw = self._account(read_inside(self.folder, (self.right_name,), self.limits))
        except (FileNotFoundError, IsADirectoryError):
            return None
        except Unreadable as problem:
            return _Found(_Candidate(problem.path, self.right_name, 0, lambda: b""), problem=problem)
        if is_archive(raw):
            return None
        return self._open(_Candidate(self.folder / self.right_name, self.right_name, 0, lambda: raw))

    def _read(self, parts: tuple[str, ...]) -> bytes:
        try:
            return self._account(read_inside(self.folder, parts, self.limits))
        except (FileNotFoundError, IsADirectoryError):
            raise Unreadable(self.folder.joinpath(*parts), "It was deleted while it was read.") from None

    def _read_from(self, archive: Archive, inside: tuple[str, ...]) -> bytes:
        return self._account(archive.read(inside))

    def _account(self, raw: bytes) -> bytes:
        self.room -= len(raw)
        return raw

    def _must_have_room(self) -> None:
        if self.room < 0:
            raise Unreadable(self.folder, "The submission contains too much data to read. Ask for the notebook alone.")

    def _open(self, candidate: _Candidate) -> _Found:
        self._must_have_room()
        notes: list[str] = []
        try:
            raw = candidate.load()
        except Unreadable as problem:
            return _Found(candidate, problem=problem)
        try:
            cells = read_cells(candidate.source, raw, self.limits, notes)
        except Unreadable as problem:
            return _Found(candidate, problem=problem, is_empty=not raw.strip(b"\0 \t\r\n"))
        return _Found(candidate, graft(self.released, cells, self.limits, self.free_cells), tuple(notes))

    def _other_candidates(self, listing: Listing, right: _Found | None) -> list[_Candidate]:
        for what, names in (
            ("a link, and links are not followed", listing.links),
            ("not an ordinary file, and was not opened", listing.special),
            ("too many folders deep, and was not searched", listing.deep),
        ):
            self.passed_over += [f"`{shown('/'.join(parts))}` is {what}." for parts in names]
        known = (self.right_name,) if right else None
        found = [candidate for parts in listing.files if parts != known for candidate in self._candidates(parts)]
        if len(found) > self.limits.notebooks:
            raise Unreadable(
                self.folder,
                f"The folder contains {len(found)} notebooks, and none of them is an answered "
                f"`{self.right_name}`. Ask for the notebook alone.",
            )
        return sorted(found, key=lambda candidate: candidate.closeness)

    def _candidates(self, parts: tuple[str, ...]) -> Iterator[_Candidate]:
        path, label = self.folder.joinpath(*parts), "/".join(parts)
        if parts[-1].casefold().endswith(archives.ENDINGS) or parts == (self.right_name,):
            yield from self._in_archive(path, parts)
        elif (closeness := self._closeness(parts)) is not None:
            yield _Candidate(path, label, closeness, lambda: self._read(parts))

    def _in_archive(self, path: Path, parts: tuple[str, ...]) -> Iterator[_Candidate]:
        self._must_have_room()
        try:
            archive = open_archive(path, self._read(parts), self.limits, self.passed_over)
        except Unreadable as problem:
            self.problems.append(problem)
            return
        for inside in sorted(archive.files):
            if self._closeness(inside) is not None:
                label = "/".join((*parts, *inside))
                yield _Candidate(path, label, 2, partial(self._read_from, archive, inside))

    def _closeness(self, parts: tuple[str, ...]) -> int | None:
        """How close a file's name is to the right one; None where it can't be the notebook."""
        name, lesson = _plain(parts[-1]), _plain(self.lesson)
        if name in self.siblings:
            return None
        respelt = {f"{lesson}{ending}" for ending in (".ipynb", ".ipynb.txt", ".ipynb.json", ".json", "")}
        if name in respelt:
            return 1 if len(parts) == 1 else 2
        if name.endswith(text_notebook.ENDINGS):  # only the lesson's own: any other script or page is something else
            return 2 if lesson in name else None
        return 2 if name.endswith((".ipynb", ".ipynb.txt", ".ipynb.json")) else None

    # -- choosing ------------------------------------------------------------------------------------------

    def _best(self, answered: list[_Found]) -> _Found:
        """The one notebook that stands out. Raises Unreadable where two do: which one counts we don't guess."""

        def rank(one: _Found) -> tuple[int, int]:
            return (one.candidate.closeness, -one.rebuilt.recognized)

        best = min(answered, key=rank)
        for other in answered:
            if rank(other) == rank(best) and other.rebuilt.notebook != best.rebuilt.notebook:
                raise Unreadable(
                    self.folder,
                    "Two notebooks with different answers could both be the submission: "
                    f"`{shown(best.candidate.label)}` and `{shown(other.candidate.label)}`. "
                    f"Ask which one counts, and name it `{self.right_name}`.",
                )
        return best

    def _intake(self, one: _Found, others: Sequence[_Found] = ()) -> Intake:
        label = shown(one.candidate.label)
        notes = []
        if one.candidate.label != self.right_name:
            notes.append(f"The notebook was read from `{label}`; its name should be `{self.right_name}`.")
        unused = [shown(other.candidate.label) for other in others if other is not one]
        if unused:
            notes.append("Not used: " + ", ".join(f"`{name}`" for name in unused) + ".")
        mended = (*notes, *self.passed_over[:_MANY], *one.notes, *one.rebuilt.mended)
        return Intake(one.rebuilt.notebook, mended, one.rebuilt.untouched, one.candidate.source)

    def _with_others(self, problem: Unreadable, others: list[_Found]) -> Unreadable:
        """The problem of the right file, with the name of another notebook that a person may prefer to it."""
        readable = [other for other in others if other.graft and other.graft.recognized]
        if not readable:
            return problem
        return Unreadable(
            problem.path,
            f"{problem.reason} `{shown(readable[0].candidate.label)}` beside it can be read: "
            f"if it is the submission, name it `{self.right_name}`.",
        )

    def _nothing(self, right: _Found | None, found: list[_Found], listing: Listing) -> Unreadable:
        if right and right.problem:
            return right.problem
        if found:
            return Unreadable(
                found[0].candidate.source,
                f"`{shown(found[0].candidate.label)}` is a notebook, but none of the exercises of "
                f"{self.lesson} is in it: it may belong to another lesson.",
            )
        names = [f"`{shown('/'.join(parts))}`" for parts in listing.files[:_MANY]]
        more = ", …" if len(listing.files) > _MANY else ""
        what = f"It contains {', '.join(names)}{more}." if names else "It contains no files."
        return Unreadable(
            self.folder,
            " ".join(["There is no notebook in the folder.", what, *self.passed_over[:_MANY]])
            + f" Ask for `{self.right_name}`.",
        )


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
