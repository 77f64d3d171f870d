"""The settings of this course, nbgrader's and the engine's.

nbgrader reads this file from the folder it is started in; formgrader and every `autograder` command read it too.
"""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

COURSE = Path(__file__).resolve().parent

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.course_id = "vaelab"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{student_id}/{assignment_id}"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "lessons"
c.CourseDirectory.db_url = f"sqlite:///{COURSE / 'gradebook.db'}"
# The text of a lesson contains its solutions: nbgrader would copy it to the students as a "supporting file".
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "[0-9][0-9]_*.py",
]

c.Autograder.title = "vaelab"
c.Autograder.answers_directory = "tests/answers"
c.Autograder.packages = ["vaelab"]
c.Autograder.readable = ["data"]
c.Autograder.prepare = "data/prepare.py"
c.Autograder.release_files = [
    "data/**/*.npz",
    "data/**/*.h5",
    "data/**/*.keras",
    "data/**/*.json",
    "data/CHECKSUMS",
    "data/SOURCES.md",
]
# Set this to the address of the published repository, run `autograder build`, and every lesson opens in Colab, too.
c.Autograder.repository = ""
c.Autograder.install = [
    "vaelab[course] @ git+{repository}@{branch}",
    "vaelab-data @ git+{repository}@{branch}#subdirectory=data",
]
# In this order, because TensorFlow brings its own version of something that the others load.
_BY_ALL = ["numpy", "pandas", "pyarrow.csv", "matplotlib.pyplot", "vaelab.datasets", "vaelab.plots"]
_BY_MODELS = [*_BY_ALL, "scipy.stats", "tensorflow", "keras"]
c.Autograder.preload = [*_BY_MODELS, "vaelab.progress", "vaelab.explorer"]
c.Autograder.preload_for = {"02_reparameterization": _BY_MODELS, "03_mnist_pipeline": _BY_ALL}
c.Autograder.environment = {
    "KERAS_BACKEND": "tensorflow",
    # One thread each: a grader runs as many kernels side by side as there are cores.
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "VAELAB_DATA": "{course}/data",
}
# Solutions run on the CPU, with static images instead of widgets: they are read where no widget can run.
c.Autograder.solution_environment = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "VAELAB_STATIC": "1"}
c.Autograder.ready = {
    "TensorFlow runs": "import vaelab.quiet, keras; assert float(keras.ops.sum(keras.ops.ones((2, 3)))) == 6.0",
    "data": "from vaelab.datasets.files import verify; verify()",
}

# Assignment List fetches and submits lessons through the course's folder exchange/ if there is one (`make lab` creates
# it on your own machine), and on a JupyterHub through the hub's exchange.
if (COURSE / "exchange").is_dir():
    c.Exchange.root = str(COURSE / "exchange")

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("TO DO: replace this line with your answer")'}
c.ClearSolutions.text_stub = "Write your answer here."

# nbgrader's own list, behind a step that fills cells "From lesson N" from the solutions of that lesson, and one for
# lessons that are opened away from the course.
c.GenerateAssignment.preprocessors = [
    "autograder.building.given.FromEarlierLessons",
    "autograder.building.alone.OpenedAlone",
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# nbgrader's own lists, with two changes: the engine reads and grades a submission in one step, which rebuilds the
# notebook from the released one, so nothing of nbgrader may repair (or reject) the submission before it.
c.Autograde.pre_convert_hook = "autograder.grading.registration.register_lesson"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "autograder.grading.nbgrader.GradeSubmission",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The Validate button runs a whole lesson. On a busy machine the output of a training arrives late.
c.Execute.iopub_timeout = 60

# Feedback is the engine's page, with the marks and comments of the gradebook; nbgrader's would be the whole notebook.
c.GenerateFeedback.exporter_class = "autograder.views.exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []
