"""Build the published site: the lessons as they are released, the guides, and on request the solutions.

python docs/site/build.py [--solutions] [--out build/site]
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEST_LABELS = Path("docs") / "test_labels.md"  # answers too, of lesson 06


def gather(pages: Path, solutions: bool) -> None:
    """Lay the pages out as they lie in the repository, so that the links between them hold."""
    for folder in ("lessons", "docs", *(["solutions"] if solutions else [])):
        shutil.copytree(ROOT / folder, pages / folder, ignore=shutil.ignore_patterns("site", ".*", "*.kept-*.ipynb"))
    start = (HERE / "index.md").read_text(encoding="utf-8")
    if solutions:
        start += "\n" + (HERE / "solutions.md").read_text(encoding="utf-8")
    else:
        (pages / TEST_LABELS).unlink()
    (pages / "index.md").write_text(start, encoding="utf-8")
    shutil.copy(HERE / "api.md", pages / "docs")


def build(out: Path, solutions: bool = False) -> int:
    """Write the site into ``out``, in place of what was there; Sphinx' exit status, where a warning is an error."""
    if out.exists() and any(out.iterdir()) and not (out / "searchindex.js").is_file():
        sys.exit(f"{out} holds something else than a site; name another folder with --out")
    with tempfile.TemporaryDirectory() as scratch:
        pages, made = Path(scratch) / "pages", Path(scratch) / "made"  # MyST-NB leaves files beside what is made
        gather(pages, solutions)
        options = ["-q", "-W", "--keep-going", "-j", "auto", "-c", str(HERE), "-d", str(Path(scratch) / "doctrees")]
        if status := sphinx([*options, str(pages), str(made)]):
            return status
        shutil.rmtree(out, ignore_errors=True)
        shutil.move(made, out)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the published site.")
    parser.add_argument("--solutions", action="store_true", help="with the solved lessons and their figures")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="the folder to write it into")
    options = parser.parse_args()
    if status := build(options.out.resolve(), options.solutions):
        sys.exit(status)
    print(f"site in {options.out / 'index.html'}")
