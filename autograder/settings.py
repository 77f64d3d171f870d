"""What a course tells the engine in its nbgrader_config.py; the defaults suit a plain nbgrader course."""

from traitlets import Bool, Dict, Enum, List, Unicode
from traitlets.config import Configurable

NBGRADER_RULES = ("stderr", "timeout", "modules")


class Autograder(Configurable):
    """The engine's settings, written as ``c.Autograder.preload = ["numpy"]`` where nbgrader's own stand.

    Paths are taken from the course's folder. The folders of assignments and submissions, and the database, are
    nbgrader's settings, under ``c.CourseDirectory``.
    """

    title = Unicode("", help="The course's name on pages and in file names; empty: its folder's name.").tag(config=True)
    hidden_directory = Unicode("hidden", help="The folder of hidden checks, ASSIGNMENT.py in it.").tag(config=True)
    solution_directory = Unicode("solutions", help="Where solved notebooks are built.").tag(config=True)
    answers_directory = Unicode(
        "answers", help="Right and wrong answers, LESSON/EXERCISE/right_*.py and wrong_*.py in it."
    ).tag(config=True)
    preload = List(
        Unicode(),
        help="Modules that a warm kernel has imported before it starts, such as numpy and pandas; empty: "
        "those that the released notebooks import.",
    ).tag(config=True)
    readable = List(
        Unicode(), help="Folders that kernels may read, besides the assignment's own files, such as data."
    ).tag(config=True)
    packages = List(
        Unicode(), help="Importable packages that notebooks use and that lie outside of the installation."
    ).tag(config=True)
    prepare = Unicode("", help="A Python script that is run before grading, such as one that writes data files.").tag(
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
        help="{what it shows: a line of Python that fails where that isn't so}: what `autograder doctor` tries.",
    ).tag(config=True)
    release_files = List(
        Unicode(), help="Files that a released lesson needs besides those in its folder, such as data/*.csv."
    ).tag(config=True)
    limits = Dict(
        help='What a submission may use, in place of the defaults, as {"cell_seconds": 30, "memory_bytes": "4GB"}.'
    ).tag(config=True)
    nbgrader_rules = List(
        Enum(NBGRADER_RULES),
        help="Where test cells judge, follow nbgrader in these too: 'stderr', a test cell that writes to standard "
        "error earns nothing; 'timeout', after a cell that ran too long nothing more runs; 'modules', a file handed in "
        "beside the notebook may stand in for an installed module.",
    ).tag(config=True)
    require_sandbox = Bool(False, help="Refuse to grade where no sandbox can be made.").tag(config=True)
