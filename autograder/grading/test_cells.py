"""Assignments without check files: their own test cells, judged as nbgrader judges them.

Such a test runs in the student's process, so an answer can reach it: that is weaker than a check from outside.
"""

from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from autograder.checking.errors import first_line, what_it_means
from autograder.checking.slips import TO_DO
from autograder.checking.verdict import FAILED, NOT_ATTEMPTED, PASSED, Verdict
from autograder.course import CourseError, read_notebook
from autograder.grading.lesson import exercise_of, grade_id, is_answer
from autograder.grading.nodes import output_of
from autograder.grading.session import Outcome

WEAKER = (
    "graded by its own test cells. They run in the student's process, where an answer can reach them; checks in a "
    "checks.py run outside"
)


def judge(cell: NotebookNode, outcome: Outcome, on_error_stream: bool = False) -> Verdict:
    """The verdict on a test cell that has run: no point where it raised, a part where its value is one, else all.

    ``on_error_stream``: nor where it wrote to standard error, as nbgrader has it.
    """
    from nbgrader.utils import determine_grade  # imports all of nbgrader, which a course with checks does without

    error = outcome.error or outcome.unshown
    judged = deepcopy(cell)
    judged.outputs = []
    if error:
        judged.outputs = [output_of("error", ename=error[0], evalue=error[1], traceback=[])]
    elif outcome.value:
        judged.outputs = [output_of("execute_result", data={"text/plain": outcome.value}, execution_count=None)]
    noisy = on_error_stream and outcome.wrote_error and not error
    if noisy:
        judged.outputs = [output_of("stream", name="stderr", text="noise")]
    points, most = determine_grade(judged)
    name = exercise_of(cell)
    title = f"The test cell {grade_id(cell)}."
    if noisy:
        message = "The test wrote to standard error, which costs its points by nbgrader's rule."
        return Verdict(name, grade_id(cell), title, FAILED if most else PASSED, points, most, message if most else "")
    if error is None:
        message = "" if points == most else f"The test gave {points:g} of {most:g} points."
        return Verdict(name, grade_id(cell), title, PASSED if points == most else FAILED, points, most, message)
    kind, said = error
    if kind == "NotImplementedError" and (TO_DO in said or not said):
        return Verdict(name, grade_id(cell), title, NOT_ATTEMPTED, 0.0, most, "Still to do.")
    place = f" in line {outcome.line} of the test" if outcome.line else ""
    message = f"{what_it_means(kind, said)}The test stopped with {kind}{place}: {first_line(said)}"
    return Verdict(name, grade_id(cell), title, FAILED, 0.0, most, message)


def with_hidden_tests(released: NotebookNode, source: Path) -> NotebookNode:
    """A released notebook whose locked cells are those of its source: hidden tests are back in them.

    The released one itself where there is no source.
    """
    try:
        origin = read_notebook(source, mend="")
    except CourseError:
        return released
    sources = {grade_id(cell): cell.source for cell in origin.cells if grade_id(cell) and not is_answer(cell)}
    whole = deepcopy(released)
    for cell in whole.cells:
        if grade_id(cell) and not is_answer(cell):
            cell.source = sources.get(grade_id(cell), cell.source)
    return whole
