"""A training shows one line, in a notebook and outside one."""

import re

import numpy as np
import pytest

from tests.test_course import LESSONS, outputs

pytestmark = pytest.mark.slow

ENDED = re.compile(r"(.+: )?(\d+) epochs? in \d+ s( · (val_)?loss [\d.e+-]+)+")


def test_outside_a_notebook_the_last_line_is_printed(capsys):
    import keras

    from vaelab.progress import LiveLine

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    x = np.ones((40, 3), "float32")
    model.fit(x, x[:, :1], epochs=2, batch_size=10, callbacks=[LiveLine("a line")], verbose=0)
    told = capsys.readouterr()
    assert told.err == ""
    assert ENDED.fullmatch(told.out.rstrip("\n"))[2] == "2"
    assert told.out.startswith("a line: ")


# Lesson 06 trains only when asked to: its solution loads the weights.
@pytest.mark.parametrize("lesson", ["01", "04", "05", "07", "08"])
def test_in_a_solved_lesson_each_training_has_left_one_line(lesson):
    name = next(name for name in LESSONS if name.startswith(lesson))
    shown = [output.get("data", {}).get("text/plain", "") for output in outputs(name)]
    assert [text for text in shown if ENDED.fullmatch(text)]
    assert not [text for text in shown if text.endswith((" s left", "starting"))]
