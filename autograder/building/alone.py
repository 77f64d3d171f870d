"""A step of nbgrader's generate_assignment: a released lesson can be opened alone, away from its repository."""

import re

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.lesson import SKIP_TAG
from autograder.settings import PUBLISHED

_GITHUB = re.compile(r"https://github\.com/(?P<name>[^/]+/[^/]+)")
_INSTALL = """\
# Away from its course, as in Colab, the lesson installs what it needs. Elsewhere nothing happens.
from importlib.util import find_spec

if find_spec("autograder") is None:
    import subprocess
    import sys

    packages = [
{packages}
    ]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *packages], check=True)"""


class OpenedAlone(NbGraderPreprocessor):
    """Where the settings say that the course is published, adds links that open the lesson elsewhere, under its title,
    and a first cell that installs what ``c.Autograder.install`` lists."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Changes nothing in a course without the setting ``repository``."""
        settings = self.config.Autograder
        published = PUBLISHED.fullmatch(settings.get("repository") or "")
        if not published:
            return nb, resources
        address, branch = published["address"].removesuffix(".git"), published["branch"] or "main"
        head = next((n for n, cell in enumerate(nb.cells) if cell.cell_type == "markdown"), None)
        if head is not None and (links := self._links(address, branch, resources)):
            title, _, rest = nb.cells[head].source.partition("\n")
            nb.cells[head].source = f"{title}\n\n{links}\n{rest}"
        if packages := settings.get("install"):
            lines = [f'        "{each.format(repository=address, branch=branch)}",' for each in packages]
            cell = new_code_cell(
                _INSTALL.format(packages="\n".join(lines)), id="install", metadata={"tags": [SKIP_TAG]}
            )
            nb.cells.insert(0 if head is None else head + 1, cell)
        return nb, resources

    def _links(self, address: str, branch: str, resources: ResourcesDict) -> str:
        """Links for a repository on GitHub, which Colab, Binder and Codespaces read; nothing for another one."""
        if not (github := _GITHUB.fullmatch(address)):
            return ""
        name, lesson = github["name"], resources["nbgrader"]["assignment"]
        folder = self.config.CourseDirectory.get("release_directory") or "release"
        file = f"{folder}/{lesson}/{resources['unique_key']}.ipynb"
        places = {
            "Colab": f"https://colab.research.google.com/github/{name}/blob/{branch}/{file}",
            "Binder": f"https://mybinder.org/v2/gh/{name}/{branch}?labpath={file.replace('/', '%2F')}",
            "Codespaces": f"https://codespaces.new/{name}/tree/{branch}",
        }
        return "Open in " + " · ".join(f"[{place}]({link})" for place, link in places.items())
