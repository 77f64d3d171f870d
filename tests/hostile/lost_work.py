"""Lost work: honest answers that a slip, or a crash beside them, must not cost."""

import nbformat

from tests.hostile.case import (
    BUG,
    NOT_TRIED,
    PASSED,
    RIGHT_BUG,
    RIGHT_STD,
    STD,
    Case,
    Got,
    attack,
    cell_of,
    edit,
    failed,
    honest,
    stopped,
)

LOST = "the work is lost"


def _duplicate_answer(notebook):
    first = cell_of(notebook, STD)
    copy = nbformat.from_dict({**first, "id": "copied"})
    first.source = first.source.replace("0.5 *", "")
    notebook.cells.insert(notebook.cells.index(first) + 1, copy)


def _duplicate_check(notebook):
    check = cell_of(notebook, f"check-{STD}")
    notebook.cells.append(nbformat.from_dict({**check, "id": "copied"}))


def _delete_checks(notebook):
    notebook.cells = [
        c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check-")
    ]


def _delete_setup(notebook):
    notebook.cells = [cell for cell in notebook.cells if "import keras" not in cell.source]


def _rename(notebook):
    cell_of(notebook, STD).metadata.nbgrader["grade_id"] = "my-own-name"


def _no_metadata(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({"id": f"colab{number}"})
        cell.id = f"colab{number}"


def _as_markdown(notebook):
    cell = cell_of(notebook, STD)
    cell.cell_type = "markdown"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)


def _one_cell(notebook):
    notebook.cells = [nbformat.v4.new_code_cell(RIGHT_STD + "\n\n" + RIGHT_BUG)]


def _other_order(notebook):
    notebook.cells = list(reversed(notebook.cells))


def _own_cells(notebook):
    for place in (3, 1):
        notebook.cells.insert(place, nbformat.v4.new_code_cell("raise ValueError('a cell of my own that fails')"))


CASES = [
    Case(
        "line-below-fails",
        "has a line below a right definition that names something nobody has defined",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + "\nstd_from_log_var(undefined_name)\n"),
        std=PASSED,
    ),
    Case(
        "try-below-fails",
        "tries a right definition on a list, which fails, and goes on",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + "\nprint(std_from_log_var([1, 'two']))\ny = 1\n"),
        std=PASSED,
    ),
    Case(
        "assert-below-fails",
        "has an assert of its own below a right definition, which expects something else",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + "\nassert std_from_log_var(np.zeros(1)) == 2\n"),
        std=PASSED,
    ),
    Case(
        "fails-in-the-middle",
        "fails between two definitions of which the first is right",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + "\nraise ValueError('scratch')\n\ndef helper():\n    return 2\n"),
        std=PASSED,
    ),
    Case(
        "os-exit",
        "calls os._exit(0) after its answer",
        LOST,
        answers=attack("", RIGHT_STD + "\nimport os\nos._exit(0)"),
        std=stopped("the kernel exited"),
        ours="and the answers after it keep theirs",
    ),
    Case(
        "sys-exit",
        "calls sys.exit() after its answer",
        NOT_TRIED,
        answers=attack("", RIGHT_STD + "\nimport sys\nsys.exit()"),
        std=PASSED,
    ),
    Case("quit", "calls quit() after its answer", NOT_TRIED, answers=attack("", RIGHT_STD + "\nquit()"), std=PASSED),
    Case(
        "exit-when-called",
        "raises SystemExit when called",
        NOT_TRIED,
        answers=attack("", "def std_from_log_var(z_log_var):\n    raise SystemExit\n"),
        std=failed("raised SystemExit"),
    ),
    Case(
        "interrupt-when-called",
        "raises KeyboardInterrupt when called",
        NOT_TRIED,
        answers=attack("", "def std_from_log_var(z_log_var):\n    raise KeyboardInterrupt\n"),
        std=failed(),
    ),
    Case(
        "stderr-noise",
        "prints to stderr and warns",
        "0 points for the cell",
        answers=attack("import sys, warnings\nprint('note', file=sys.stderr)\nwarnings.warn('soon')", RIGHT_STD),
        std=PASSED,
    ),
    Case(
        "asks-for-input",
        "asks for input() before its answer",
        NOT_TRIED,
        answers=attack("name = input('Who are you?')", RIGHT_STD),
        std=failed("Its cell stopped with StdinNotImplementedError"),
    ),
    Case(
        "syntax-error",
        "has a syntax error in one answer",
        NOT_TRIED,
        answers=attack("", "def std_from_log_var(z_log_var:\n"),
        std=failed("is never closed: add the closing one"),
    ),
    Case(
        "answer-twice",
        "holds the answer's cell twice, the first one wrong",
        "aborts the whole class's run",
        answers=honest(),
        build=edit(_duplicate_answer),
        std=PASSED,
        mended=("several cells that differ",),
    ),
    Case(
        "check-twice",
        "holds a check cell twice",
        "aborts the whole class's run",
        answers=honest(),
        build=edit(_duplicate_check),
        std=PASSED,
    ),
    Case(
        "checks-deleted",
        "has lost its check cells",
        LOST,
        answers=honest(),
        build=edit(_delete_checks),
        std=PASSED,
        mended=("was missing and was put back",),
    ),
    Case(
        "setup-deleted",
        "has lost its set-up cell",
        NOT_TRIED,
        answers=honest(),
        build=edit(_delete_setup),
        std=PASSED,
        mended=("was missing and was put back",),
    ),
    Case(
        "grade-id-renamed",
        "has renamed a grade_id",
        LOST,
        answers=honest(),
        build=edit(_rename),
        std=PASSED,
        mended=("had lost its name",),
    ),
    Case(
        "metadata-lost",
        "went through a program that drops all metadata",
        NOT_TRIED,
        answers=honest(),
        build=edit(_no_metadata),
        std=PASSED,
        mended=("had lost its name",),
    ),
    Case(
        "answer-as-markdown",
        "turned an answer into a markdown cell",
        NOT_TRIED,
        answers=honest(),
        build=edit(_as_markdown),
        std=PASSED,
        mended=("was in a markdown cell",),
    ),
    Case(
        "all-in-one-cell",
        "holds both answers in one cell, and nothing else",
        NOT_TRIED,
        answers=honest(),
        build=edit(_one_cell),
        std=PASSED,
        mended=("was in another cell",),
    ),
    Case(
        "cells-reordered",
        "has its cells in reverse order",
        NOT_TRIED,
        answers=honest(),
        build=edit(_other_order),
        std=PASSED,
        mended=("another order",),
    ),
    Case(
        "own-cells-fail",
        "has cells of its own that fail",
        NOT_TRIED,
        answers=honest(),
        build=edit(_own_cells),
        std=PASSED,
    ),
    Case(
        "only-one-answer",
        "answers the second exercise alone",
        NOT_TRIED,
        answers={BUG: RIGHT_BUG},
        std=Got(0, "not attempted", "Still to do."),
    ),
]
