"""``autograder release``: the zip that a student gets. No source, solution or hidden check is in it."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from autograder.course import Course, CourseError, files_in
from autograder.grading.journal import write_atomically
from autograder.views.pages import render

# Fixed, so that the same course gives the same bytes.
_TIME = (2026, 1, 1, 0, 0, 0)
_ENGINE = Path(__file__).resolve().parents[1]
_HASH = re.compile(r"\s*\\?\s*--hash=\S+")
_EXTRAS = re.compile(r"\[[^\]]*\](?===)")  # of a name: jsonschema[format-nongpl]==4.24.1


def release(course: Course, lessons: list[str], target: Path, *, title: str) -> Path:
    """Write ``target``, a zip with ``lessons``, what they read, the wheel and a README with the two commands.

    The wheel is the course's own, where its folder holds a Python project, or else the engine's. Raises
    CourseError when a lesson is not released, or the wheel can't be built.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    project = course.root if (course.root / "pyproject.toml").is_file() else _ENGINE
    with tempfile.TemporaryDirectory() as folder:
        wheel = _build_wheel(project, Path(folder))
        part = Path(folder) / "release.zip"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            notebooks: list[str] = []
            for lesson in lessons:
                course.released(lesson)  # says what is wrong when it is missing or damaged
                for below, path in files_in(course.lessons_dir / lesson).items():
                    if ".kept-" in path.name:  # somebody's work, which a build put aside
                        continue
                    name = f"{course.lessons_dir.name}/{lesson}/{below}"
                    _add(archive, name, path.read_bytes())
                    notebooks += [name] if path.suffix == ".ipynb" else []
            for extra in course.pages():
                _add(archive, f"{course.lessons_dir.name}/{extra.name}", extra.read_bytes())
            lock = _constraints(project)
            page = render("release.md", title=title, wheel=wheel.name, notebooks=notebooks, constrained=bool(lock))
            _add(archive, "README.md", page.encode())
            _add(archive, wheel.name, wheel.read_bytes())
            if lock:
                _add(archive, "constraints.txt", lock.encode())
            if (project / "LICENSE").is_file():
                _add(archive, "LICENSE", (project / "LICENSE").read_bytes())
            _add(archive, "nbgrader_config.py", _settings(course).encode())
            for path in data_files(course):
                _add(archive, path.relative_to(course.root).as_posix(), path.read_bytes())
        write_atomically(target, part.read_bytes())
    return target


def data_files(course: Course) -> list[Path]:
    """What lessons read besides the files in their own folders, as the course's settings name it."""
    found = {path for pattern in course.settings.release_files for path in course.root.glob(pattern) if path.is_file()}
    return sorted(found)


def _settings(course: Course) -> str:
    """What `autograder doctor` must know of the course on a student's machine; nothing of the instructor's."""
    settings = course.settings
    return (
        f'"""Settings of {course.title}, for autograder doctor."""\n\n'
        "c = get_config()  # noqa: F821\n"
        f"c.CourseDirectory.release_directory = {course.lessons_dir.name!r}\n"
        f"c.Autograder.title = {course.title!r}\n"
        f"c.Autograder.environment = {dict(settings.environment)!r}\n"
        f"c.Autograder.ready = {dict(settings.ready)!r}\n"
    )


def _build_wheel(project: Path, folder: Path) -> Path:
    if not (project / "pyproject.toml").is_file():
        raise CourseError(
            f"{project} holds no pyproject.toml to build a wheel from; install the engine from its repository, with "
            "`pip install -e`"
        )
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(project)]
    done = subprocess.run(command, capture_output=True, text=True)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise CourseError(f"the wheel could not be built:\n{(done.stderr or done.stdout)[-1500:]}")
    return wheels[0]


def _constraints(project: Path) -> str:
    """requirements.lock without its hashes and extras: pip takes neither for constraints on a local wheel. Empty where
    there is none."""
    file = project / "requirements.lock"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pins = (line for line in lines if not line.lstrip().startswith("--hash"))
    kept = [_EXTRAS.sub("", _HASH.sub("", line)).rstrip(" \\") for line in pins]
    return "".join(f"{line}\n" for line in kept if line and not line.startswith("#"))


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".npz", ".whl")) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
