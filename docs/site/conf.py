"""Sphinx' settings for the published site; build.py gathers the pages and calls it."""

import base64
import hashlib
import json
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

logging.getLogger("alembic").setLevel(logging.WARNING)  # nbgrader's database announces each plugin

project = "vaelab"
html_title = "vaelab"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "settings_directive"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings say shapes and units, which types don't
nb_execution_mode = "off"  # lessons are shown as they are released, solutions as they were executed
nb_ipywidgets_js = {}  # figures stand in for widgets; the scripts of live ones would come from elsewhere
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_domain_indices = False  # the reference is one page
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

# Formulas become MathML, which browsers show by themselves; MathJax would come from elsewhere.
extensions.append("mathml")
html_math_renderer = "mathml"


def describe_figures(app, doctree):
    """Give each figure the description that its notebook keeps of it: MyST-NB calls files by their content."""
    notebook = Path(app.env.doc2path(app.env.docname))
    if notebook.suffix != ".ipynb":
        return
    descriptions = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                picture = base64.b64decode("".join(output["data"]["image/png"]))
                alt = output["metadata"].get("image/png", {}).get("alt", "")
                descriptions[hashlib.sha256(picture).hexdigest()] = alt
    for image in doctree.findall(lambda node: node.tagname == "image"):
        if (name := Path(image["uri"]).stem) in descriptions:
            image["alt"] = descriptions[name]


def setup(app):
    app.connect("doctree-read", describe_figures)
    return {"parallel_read_safe": True}
