"""What a course tells the engine in its nbgrader_config.py; the defaults suit a plain nbgrader course."""

import re

from traitlets import Bool, Dict, Enum, List, TraitError, Unicode, validate
from traitlets.config import Configurable
from traitlets.utils.bunch import Bunch

NBGRADER_RULES = ("stderr", "timeout", "modules")
PUBLISHED = re.compile(r"(?P<address>\w+://.+?)(?:/tree/(?P<branch>[^/]+))?/?")


class Autograder(Configurable):
    """The engine's settings, written as ``c.Autograder.preload = ["numpy"]`` beside nbgrader's own.

    Paths are relative to the course's folder. The folders of assignments and submissions, and the database, are
    nbgrader's settings, under ``c.CourseDirectory``.
    """

    title = Unicode("", help="The course's name on pages and in file names; empty: its folder's name.").tag(config=True)
    hidden_directory = Unicode("hidden", help="The folder with the hidden checks, ASSIGNMENT.py.").tag(config=True)
    solution_directory = Unicode("solutions", help="The folder for solved notebooks.").tag(config=True)
    answers_directory = Unicode(
        "answers", help="The folder with right and wrong answers, LESSON/EXERCISE/right_*.py and wrong_*.py."
    ).tag(config=True)
    preload = List(
        Unicode(),
        help="Modules that a warm kernel has imported before it starts, such as numpy and pandas; empty: "
        "those that the released notebooks import.",
    ).tag(config=True)
    preload_for = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="Assignments that need only some of these modules, {ASSIGNMENT: modules}: graded alone, they are sooner "
        "graded.",
    ).tag(config=True)
    readable = List(
        Unicode(), help="Folders that kernels may read, besides the assignment's own files, such as data."
    ).tag(config=True)
    packages = List(Unicode(), help="Importable packages that notebooks use and that are not installed.").tag(
        config=True
    )
    prepare = Unicode("", help="A Python script that runs before grading, for example to write data files.").tag(
        config=True
    )
    environment = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="Environment variables of every kernel. {course} stands for the course's folder.",
    ).tag(config=True)
    solution_environment = Dict(
        value_trait=Unicode(), key_trait=Unicode(), help="Environment variables of the kernels that run solutions."
    ).tag(config=True)
    ready = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="{name: a line of Python that fails if it isn't ready}: what `autograder doctor` tries.",
    ).tag(config=True)
    release_files = List(
        Unicode(), help="Files that a released lesson requires besides those in its folder, for example data/*.csv."
    ).tag(config=True)
    limits = Dict(
        help='Limits of a submission instead of the defaults, for example {"cell_seconds": 30, "memory_bytes": "4GB"}.'
    ).tag(config=True)
    lessons_url = Unicode(
        "",
        help="Where students read the lessons, such as https://example.org/lessons/{lesson}/{notebook}.html: feedback "
        "then links to the section to read again. Anchors are those of Sphinx and Jupyter Book.",
    ).tag(config=True)
    repository = Unicode(
        "",
        help="Where the course is published, such as https://github.com/OWNER/NAME, with /tree/BRANCH where that isn't "
        "main: released lessons then have links that open them in Colab, Binder and Codespaces.",
    ).tag(config=True)
    install = List(
        Unicode(),
        help="What pip installs where a lesson is opened away from its course, by a first cell that a published course "
        "has, such as 'statistics @ git+{repository}@{branch}'.",
    ).tag(config=True)
    nbgrader_rules = List(
        Enum(NBGRADER_RULES),
        help="Where test cells judge, follow nbgrader in these too: 'stderr', a test cell that writes to standard "
        "error earns nothing; 'timeout', after a cell that ran too long nothing more runs; 'modules', a file handed in "
        "beside the notebook may stand in for an installed module.",
    ).tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade without a sandbox.").tag(config=True)

    @validate("repository")
    def _an_address(self, proposal: Bunch) -> str:
        address = str(proposal.value)
        if address and not PUBLISHED.fullmatch(address):
            raise TraitError(f"repository must be an address such as https://github.com/OWNER/NAME; it is {address!r}.")
        return address
