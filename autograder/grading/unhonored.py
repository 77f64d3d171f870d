"""The settings of nbgrader that its own autograde would follow, and this engine does not."""

from traitlets.config import Config

# {section: what of it is followed here}; whatever else a course sets in one of these sections is named.
_FOLLOWED = {
    "CourseDirectory": {
        "root",
        "course_id",
        "db_url",
        "source_directory",
        "source_with_tests_directory",
        "release_directory",
        "submitted_directory",
        "autograded_directory",
        "feedback_directory",
        "solution_directory",
        "directory_structure",
        "ignore",
        "groupshared",
        "assignment_id",
    },
    "Execute": {"timeout", "iopub_timeout", "allow_errors"},
    "ExecutePreprocessor": {"timeout", "iopub_timeout", "allow_errors"},
    "Autograde": {"exclude_overwriting", "create_student", "force"},
    "OverwriteCells": set[str](),
    "OverwriteKernelspec": set[str](),
    "DeduplicateIds": set[str](),
    "IgnorePattern": set[str](),
    "LimitOutput": set[str](),
    "SaveAutoGrades": set[str](),
    "CheckCellMetadata": set[str](),
}
_STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"


def unhonored(config: Config) -> list[str]:
    """``c.Section.name`` of each setting that has no effect on `autograder grade`, sorted.

    The steps of nbgrader's autograde are none where this engine is one of them: they are for formgrader's button.
    """
    ours = any("autograder." in str(step) for step in config.Autograde.get("autograde_preprocessors") or ())
    found = [
        f"c.{section}.{name}"
        for section, followed in _FOLLOWED.items()
        if section in config and not (ours and section == "Autograde")
        for name in config[section]
        if name not in followed
    ]
    structure = config.CourseDirectory.get("directory_structure")
    if isinstance(structure, str) and structure.replace("\\", "/") != _STRUCTURE:
        found.append("c.CourseDirectory.directory_structure")
    for section in ("Execute", "ExecutePreprocessor"):
        if section in config and config[section].get("allow_errors") is False:
            found.append(f"c.{section}.allow_errors")
    return sorted(found)
