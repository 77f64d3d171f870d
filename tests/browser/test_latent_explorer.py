"""The latent explorer under the mouse and the keyboard, in JupyterLab."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.browser.notebook import cell_with, open_notebook, run, use_theme
from tests.browser.screenshots import SHOTS

pytestmark = pytest.mark.slow

SOURCE = """import vaelab.quiet
import keras
import numpy as np
from vaelab import LatentExplorer

def explorer(latent_dim):
    keras.utils.set_random_seed(237)
    z = keras.Input((latent_dim,))
    pixels = keras.layers.Dense(784, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0))(z)
    decoder = keras.Model(z, keras.layers.Reshape((28, 28, 1))(pixels))
    rng = np.random.default_rng(237)
    return LatentExplorer(decoder, rng.standard_normal((500, latent_dim)), rng.integers(0, 12, 500))
"""
PLACE = re.compile(r"At \((-?\d+\.\d\d), (-?\d+\.\d\d)\); nearest known code: \d+, \d+\.\d\d away\.")
PIXELS = "canvas => canvas.toDataURL()"


@pytest.fixture
def explorer(page, lab):
    """Shows an explorer of so many latent dimensions; returns its element."""
    cells = [new_code_cell(SOURCE), *(new_code_cell(f"explorer({n})") for n in (1, 2, 5))]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), lab.folder / "explorer.ipynb")
    open_notebook(page, lab.address("explorer.ipynb"))
    run(page, cell_with(page, "import vaelab.quiet"))

    def show(latent_dim):
        cell = cell_with(page, f"explorer({latent_dim})")
        run(page, cell)
        shown = cell.locator(".vaelab-explorer")
        shown.locator("p", has_text="At (").wait_for()
        shown.scroll_into_view_if_needed()
        return shown

    return show


def place(page, shown, other_than=None):
    """Where the explorer says it stands, once that is another place than ``other_than``."""
    words = shown.locator("p")
    if other_than is not None:
        page.wait_for_function("([p, old]) => !p.textContent.includes(old)", arg=[words.element_handle(), other_than])
    found = PLACE.fullmatch(words.inner_text())
    assert found, words.inner_text()
    return float(found[1]), float(found[2])


def told(where):
    return f"At ({where[0]:.2f}, {where[1]:.2f})"


def test_mouse_and_keyboard_move_it(page, explorer):
    shown = explorer(2)
    plane, picture, neighbor = (shown.locator("canvas").nth(i) for i in range(3))
    first, start = picture.evaluate(PIXELS), place(page, shown)

    box = plane.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"], steps=8)
    page.mouse.up()
    page.wait_for_timeout(1000)
    dragged = place(page, shown, told(start))
    assert dragged[0] > start[0] + 1 and dragged[1] > start[1] + 1
    second, near = picture.evaluate(PIXELS), neighbor.evaluate(PIXELS)
    assert second != first

    # The plane has the focus now; a key moves a step, with Shift five.
    page.keyboard.press("ArrowLeft")
    left = place(page, shown, told(dragged))
    assert left[0] < dragged[0] and left[1] == dragged[1]
    for _ in range(5):
        page.keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(1000)
    down = place(page, shown, told(left))
    assert down[0] == left[0] and down[1] < left[1]
    assert picture.evaluate(PIXELS) != second
    assert neighbor.evaluate(PIXELS) != near, "the nearest known code is another one here"
    assert plane.evaluate("p => p === document.activeElement && getComputedStyle(p).outlineStyle") != "none"
    page.screenshot(path=SHOTS / "explorer-light.png")
    use_theme(page, "dark")
    page.wait_for_timeout(1000)
    corner = "p => p.getContext('2d').getImageData(2, 2, 1, 1).data[0]"
    assert plane.evaluate(corner) < 100, "the plane is dark too"
    page.screenshot(path=SHOTS / "explorer-dark.png")


def test_of_five_dimensions_two_are_chosen(page, explorer):
    shown = explorer(5)
    before = shown.locator("canvas").nth(0).evaluate(PIXELS)
    across, up = shown.get_by_label("across:"), shown.get_by_label("up:")
    assert [option.inner_text() for option in across.locator("option").all()] == ["z1", "z2", "z3", "z4", "z5"]
    across.select_option("z4")
    up.select_option("z3")
    page.wait_for_timeout(1000)
    assert shown.locator("canvas").nth(0).evaluate(PIXELS) != before


def test_one_dimension_is_enough(page, explorer):
    shown = explorer(1)
    start = place(page, shown)
    shown.locator("canvas").nth(0).focus()
    page.keyboard.press("Shift+ArrowRight")
    assert place(page, shown, told(start))[0] > start[0]
