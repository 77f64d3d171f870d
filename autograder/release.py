"""``autograder release``: the zip that a student gets. No source, solution or hidden check is in it."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from autograder.corpus import ROOT
from autograder.course import Course, CourseError
from autograder.grading.journal import write_atomically
from autograder.views.pages import render

# Fixed, so that the same course gives the same bytes.
_TIME = (2026, 1, 1, 0, 0, 0)
_HASH = re.compile(r"\s*\\?\s*--hash=\S+")
_EXTRAS = re.compile(r"\[[^\]]*\](?===)")  # of a name: jsonschema[format-nongpl]==4.24.1


def release(course: Course, lessons: list[str], target: Path, *, title: str) -> Path:
    """Write ``target``, a zip with ``lessons``, the data, the wheel and a README with the two commands.

    Raises CourseError when a lesson is not released, or the wheel can't be built.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        wheel = _build_wheel(Path(folder))
        part = Path(folder) / "release.zip"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            names = [f"lessons/{lesson}/{lesson}.ipynb" for lesson in lessons]
            _add(archive, "README.md", render("release.md", title=title, wheel=wheel.name, notebooks=names).encode())
            _add(archive, "LICENSE", (ROOT / "LICENSE").read_bytes())
            _add(archive, wheel.name, wheel.read_bytes())
            _add(archive, "constraints.txt", _constraints().encode())
            for lesson, name in zip(lessons, names, strict=True):
                course.released(lesson)  # says what is wrong when it is missing or damaged
                _add(archive, name, course.released_notebook(lesson).read_bytes())
            for path in data_files(course):
                _add(archive, f"data/{path.relative_to(course.data)}", path.read_bytes())
        write_atomically(target, part.read_bytes())
    return target


def data_files(course: Course) -> list[Path]:
    """What lessons read from data/: the data sets, checkpoints, their checksums and licences; no script."""
    kinds = {".npz", ".h5", ".keras", ".json"}
    found = [path for path in course.data.rglob("*") if path.suffix in kinds and "csv" not in path.parts]
    return sorted([*found, *(course.data / name for name in ("CHECKSUMS", "SOURCES.md"))])


def _build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise CourseError(f"the wheel could not be built:\n{(done.stderr or done.stdout)[-1500:]}")
    return wheels[0]


def _constraints() -> str:
    """requirements.lock without its hashes and extras: pip takes neither for constraints on a local wheel."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = (line for line in lines if not line.lstrip().startswith("--hash"))
    kept = [_EXTRAS.sub("", _HASH.sub("", line)).rstrip(" \\") for line in pins]
    return "\n".join(line for line in kept if line and not line.startswith("#")) + "\n"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".npz", ".whl")) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
