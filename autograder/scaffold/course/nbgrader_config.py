"""The settings of this course, nbgrader's and the grader's. Lines that are commented out show the defaults."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

COURSE = Path(__file__).resolve().parent

# ---- nbgrader's own settings

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.course_id = "@COURSE@"
# The text of a lesson contains its solutions: it is never released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "[0-9][0-9]_*.py"]

# What students get instead of a solution.
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

# Submissions are graded in a sandbox, by formgrader's button too, and feedback is the grader's page.
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
# The Validate button runs a whole lesson; on a busy machine its output may arrive late.
c.Execute.iopub_timeout = 60
c.GenerateFeedback.exporter_class = "autograder.views.exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []

# ---- the grader's settings

# Modules that every lesson imports: they are imported once, not once for each submission.
c.Autograder.preload = ["numpy", "matplotlib.pyplot"]
# Folders that notebooks read, besides the files in their own folder.
# c.Autograder.readable = ["data"]
# Your own importable packages that are not installed with pip.
# c.Autograder.packages = []
# Environment variables of every kernel; {course} stands for this folder.
# c.Autograder.environment = {}
# What a submission may use: seconds for a cell, memory for all of it, and more: autograder grade --help.
c.Autograder.limits = {"cell_seconds": 20, "memory_bytes": "1GB"}
# True: refuse to grade without a sandbox.
# c.Autograder.require_sandbox = False
# Other folders for hidden checks, answers and solved lessons.
# c.Autograder.hidden_directory = "hidden"
# c.Autograder.answers_directory = "answers"
# c.Autograder.solution_directory = "solutions"
# Where the course is published, and what pip installs where a lesson is opened away from it, as in Colab: the package
# with this grader, and what the lessons import.
# c.Autograder.repository = "https://github.com/OWNER/NAME"
# c.Autograder.install = ["ENGINE @ git+https://github.com/OWNER/ENGINE"]
