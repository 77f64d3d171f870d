"""Formulas as MathML: no script and no font to fetch, and a screen reader reads them."""

from docutils import nodes
from math_core import LatexToMathML

CONVERTER = LatexToMathML(fancy_error=False)


def visit_inline(writer, node):
    writer.body.append(CONVERTER.convert_with_local_state(node.astext(), displaystyle=False))
    raise nodes.SkipNode


def visit_block(writer, node):
    formula = CONVERTER.convert_with_local_state(node.astext(), displaystyle=True)
    writer.body.append(f'<div class="math">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
