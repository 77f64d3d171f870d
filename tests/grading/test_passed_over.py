"""What grading passes over runs after all when something needs a name of it, and only then."""

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.checking.student import LocalStudent
from autograder.grading import grade
from autograder.grading.lesson import exercise_of, grade_id, is_check, is_skipped
from autograder.grading.passed_over import PassedOver
from autograder.grading.session import Outcome, Stopped
from autograder.inside import keras_adapter
from autograder.intake.names import names_of
from autograder.sandbox import Limits
from tests.course import COURSE, all_answers, answered, solutions

LESSON = "02_reparameterization"
SETUP = new_code_cell("from keras import ops", metadata={"nbgrader": {"grade_id": "setup"}})
DEF, RETURN = "def std_from_log_var(z_log_var):\n", "    return ops.exp(0.5 * z_log_var)\n"
RIGHT = DEF + RETURN


class HereSession:
    """A kernel's session without a kernel: the cells run in this process."""

    def __init__(self, *_):
        self.names = {"__name__": "__main__"}
        self.student, self.alive = LocalStudent(self.names, [keras_adapter]), True

    def __enter__(self):
        return self

    def close(self):
        self.alive = False

    def run(self, source):
        if "sys" in source:  # keeping names, as a kernel does it: it has no package of ours here
            source = source.replace("__import__('sys').modules['autograder_inside']", "autograder_inside")
            self.names.setdefault("autograder_inside", SimpleNamespace())
        if "quit()" in source:
            self.alive = False
            raise Stopped("Stopped: the code ended its own kernel.")
        try:
            exec(compile(source, "<cell>", "exec"), self.names)
        except Exception as error:
            return Outcome(error=(type(error).__name__, str(error)))
        return Outcome()


def demo(source):
    return new_code_cell(source, metadata={"tags": ["skip-grading"]})


def own(source):
    return new_code_cell(source)


def answer(source):
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": "std", "solution": True}})


def std(body):
    """An answer whose function has this body."""
    return answer(f"{DEF}    {body}")


CHECK = new_code_cell('check("std")', metadata={"nbgrader": {"grade_id": "check-std", "grade": True, "points": 3}})


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Grades a notebook of these cells; its result and the cells that had been passed over and ran."""
    monkeypatch.setattr(grade, "Session", HereSession)

    def graded(*cells):
        factory = SimpleNamespace(work_dir=lambda: tmp_path / "work")
        (tmp_path / "work").mkdir(exist_ok=True)
        grading = grade._Grading(
            COURSE.check_files(LESSON, hidden=True), new_notebook(cells=[SETUP, *cells]), factory, Limits()
        )
        grading.run()
        grading.close()
        return grading.result, grading.also_ran

    return graded


MU = demo("mu = ops.ones(3)\nprint(mu)")


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([MU, std("assert len(mu) == 3\n" + RETURN)], id="inside the answer"),
        pytest.param([MU, answer("assert len(mu) == 3\n" + RIGHT)], id="in the answer's cell"),
        pytest.param(
            [MU, own("def half(x):\n    return 0.5 * x * mu[0]"), std("return ops.exp(half(z_log_var))")],
            id="in a helper",
        ),
        pytest.param(
            [MU, own("scale = 0.5 * float(mu[0])"), std("return ops.exp(scale * z_log_var)")],
            id="in an own cell",
        ),
        pytest.param(
            [MU, demo("score = mu / 2"), own("scale = score[0]"), std("return ops.exp(scale * z_log_var)")],
            id="with what it needs in turn",
        ),
        pytest.param(
            [
                MU,
                own("settings = {}\nsettings['by'] = 0.5 * float(mu[0])"),
                answer(
                    "class Model:\n    def std(self, x):\n        return ops.exp(settings['by'] * x)\n"
                    "std_from_log_var = Model().std"
                ),
            ],
            id="in a method",
        ),
        pytest.param(
            [demo("log_scale = 0.5\nstep = 7"), own("step = 1"), std("return ops.exp(log_scale * step * z_log_var)")],
            id="what a cell below has bound keeps its value",
        ),
        pytest.param(
            [demo("half = quit()"), MU, std("assert len(mu) == 3\n    half = 2\n" + RETURN)],
            id="another that ends the kernel stays unrun",
        ),
    ],
)
def test_an_answer_gets_what_it_reads(cells, run):
    result, also = run(*cells, CHECK)
    assert result.status("std") == "passed", result.message("std")
    assert also and all("for what `std` needs of it" in sentence for sentence in also)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([MU, answer(RIGHT)], id="nothing is needed"),
        pytest.param([MU, own("print(mu)\nsize = len(mu)"), answer(RIGHT)], id="an own cell that only looks"),
        pytest.param([MU, own("mu = 3"), std("assert mu == 3\n" + RETURN)], id="bound by both"),
        pytest.param([MU, std("mu = 0.5\n    return ops.exp(mu * z_log_var)")], id="its own variable"),
        pytest.param([MU, answer("mu = 3\n" + RIGHT + "print(mu)")], id="bound before it is read"),
        pytest.param([answer(RIGHT), MU], id="below the check"),
    ],
)
def test_nothing_runs_that_nothing_needs(cells, run):
    result, also = run(*cells, CHECK)
    assert (result.status("std"), also) == ("passed", [])


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("mu = ops.ones(3)[7, 7, 7, 7]", "Error"),
        ("mu = nothing_of_this_name", "NameError: name 'nothing_of_this_name' is not defined"),
        ("mu = quit()", "Stopped: the code ended its own kernel."),
    ],
)
def test_a_cell_that_runs_for_an_answer_and_stops_is_named(broken, words, run):
    result, _ = run(demo(broken), std("assert len(mu) == 3\n" + RETURN), CHECK)
    said = result.message("std")
    assert said.startswith(f"`mu` is missing: the cell above that begins `{broken}`, which was run for it, stopped: ")
    assert words in said


def test_an_answer_with_a_failing_line_keeps_its_points(run):
    """An unused line below the definition, and an error in the middle, after it."""
    for cell in (
        RIGHT + "print(1 / 0)",
        RIGHT + "import no_such_module\nlast = 5",
        RIGHT + "std_from_log_var()\n" + "y = 3",
    ):
        result, _ = run(answer(cell), CHECK)
        assert result.status("std") == "passed", cell


@pytest.mark.parametrize("lesson", COURSE.sources())
def test_an_honest_submission_costs_nothing_more(lesson):
    """No solution and no right answer of the corpus makes a demonstration run."""
    corpus = [a for a in all_answers() if a.lesson == lesson and a.right]
    for more in [{}, *({a.exercise: a.code} for a in corpus)]:
        cells = answered(COURSE.released(lesson), solutions(lesson) | more).cells
        passed_over, answers = PassedOver(cells), {}
        for index, cell in enumerate(cells):
            if cell.cell_type != "code":
                continue
            if is_skipped(cell):
                passed_over.pass_over(index)
            elif is_check(cell):
                asked = answers.get(exercise_of(cell), ())
                assert passed_over.needed(asked, index) == [], (more.keys(), grade_id(cell))
            else:
                names = passed_over.names(index)
                assert passed_over.needed(names.needs, index) == [], (more.keys(), cell.source)
                passed_over.ran(index)
                answers[grade_id(cell)] = set(names.binds)


@pytest.mark.parametrize(
    ("source", "needs", "binds"),
    [
        ("score = score * 2", "score", "score"),
        ("mu = 3\nprint(mu)", "", "mu"),
        ("def f(z):\n    return mu * z", "", "f"),
        ("def f(z):\n    return mu * z\nprint(f(3))", "mu", "f"),
        ("class A(B):\n    k = mu\n    def call(self, x):\n        return k", "B mu", "A"),
        ("%time z = f(mu)", "f mu", "z"),
        ("%%time\nz = f(mu)", "f mu", "z"),
        ("%%bash\nls $mu", "", ""),
        ("files = !ls\nmu?", "", "files"),
        ("x = [a * mu for a in b if (c := a)]", "b mu", "x c"),
        ("a, (b, *c) = mu", "mu", "a b c"),
        ("t += f'{mu}'", "t mu", "t"),
        ("with open(p) as f: pass", "p", "f"),
        ("f = lambda x, y=k: x + y + mu", "k", "f"),
        ("import numpy as np, os.path\nnp.mean(os.listdir(mu))", "mu", "np os"),
        ("for i in range(3):\n    t = i\nprint(t, i)", "", "i t"),
        ("def broken(", "", ""),
        ("x = " + "(" * 5000, "", ""),
        ("x = a" + ".b" * 50_000, "", ""),
    ],
)
def test_the_names_of_a_cell(source, needs, binds):
    names = names_of(source)
    assert (names.needs, set(names.binds)) == (set(needs.split()), set(binds.split()))
