"""The command ``autograder``: what an instructor types."""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.building.part import Part
from autograder.course import Course, CourseError
from autograder.text import shown

if TYPE_CHECKING:
    from autograder.collecting.collect import Decision

app = typer.Typer(help="Grades a course of notebooks.", no_args_is_help=True, add_completion=False)

CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course folder; by default the current folder.")
]
NEEDS_A_PERSON = 1
WRONG_USAGE = 2
console = Console(highlight=False)


@app.callback()
def main() -> None:
    """Grade a course of notebooks: the one in the current folder, or in --course."""


@app.command()
def grade(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
    jobs: Annotated[int, typer.Option(min=1, help="Number of submissions graded at the same time.")] = 1,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Use a running Dask scheduler instead.")
    ] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student (may be repeated).")] = None,
    require_sandbox: Annotated[
        bool, typer.Option("--require-sandbox", help="Refuse to grade without the sandbox.")
    ] = False,
    timeout: Annotated[
        float | None, typer.Option(min=0.1, metavar="SECONDS", help="Limit for one cell; 60 by default.")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Any limit, for example memory_bytes=4GB (may be repeated)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Grade every new or changed submission in submitted/.

    Limits: cell_seconds, submission_seconds, output_seconds, memory_bytes, processes, threads, file_bytes, disk_bytes,
    tmp_bytes, output_bytes. Set them for the course in nbgrader_config.py:
    c.Autograder.limits = {"memory_bytes": "4GB"}.

    Exit status: 0 all graded; 1 something needs your attention (one line each); 2 wrong usage.
    """
    from autograder.grading.ahead import looks_new, start_ahead
    from autograder.grading.settings import Settings, shared_kernels
    from autograder.sandbox import SandboxUnavailable, limits_kept_by, protections

    place = _find(course)
    chosen = _lessons(place, lessons)
    try:
        settings = Settings.of(place, _limits(limit or [], timeout), require_sandbox, chosen)
    except (ValueError, CourseError) as error:
        _refuse(str(error))
    told = [] if as_json or scheduler or settings.require_sandbox else protections()
    _say_what_is_off(told)
    if not (as_json or scheduler or protections()):
        console.print(limits_kept_by(), soft_wrap=True)
    try:
        with ExitStack() as started:
            if not scheduler and looks_new(place, chosen):
                start_ahead()
                settings = started.enter_context(shared_kernels(settings))
            # Only now: these take as long to import as what was started takes to come up.
            from autograder.classrun import grade_class

            progress = started.enter_context(_bar(as_json))
            bar = progress.add_task("Grading", total=None)
            run = grade_class(
                place,
                chosen,
                settings,
                students=student or (),
                jobs=jobs,
                scheduler=scheduler,
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
    except (SandboxUnavailable, CourseError, OSError) as error:
        _refuse(str(error))
    from autograder.grading.submissions import journal_of
    from autograder.views.grades import list_grades, write_grades

    write_grades(place.root / "grades.csv", list_grades(place, journal_of(place), chosen))
    if as_json:
        print(json.dumps(asdict(run)))
    else:
        _say_what_is_off([sentence for sentence in run.protections_off if sentence not in told])
        for line in run.notes:
            console.print("note:", escape(shown(line, longest=4096)), soft_wrap=True)
        for line in run.attention:
            console.print("[bold]needs attention:[/]", escape(shown(line, longest=4096)), soft_wrap=True)
        console.print(f"{run.graded} graded, {run.unchanged} unchanged; grades in {place.root / 'grades.csv'}")
    raise typer.Exit(NEEDS_A_PERSON if run.attention else 0)


@app.command()
def collect(
    download: Annotated[Path, typer.Argument(metavar="DOWNLOAD", help="The platform's zip, or a folder.")],
    lesson: Annotated[str, typer.Argument(metavar="LESSON")],
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="The students of the class; by default the course's roster.csv.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, but do nothing.")] = False,
    course: CourseOption = None,
) -> None:
    """Copy submissions from Canvas, Moodle, ILIAS, an exchange or a folder into submitted/, and list each decision.

    The roster is an export of Canvas' gradebook, Moodle's grading worksheet, or a CSV file with columns id and name.
    If there are two versions, the newer one counts and the other is kept in collected/.

    Exit status: 0 everything was collected; 1 something needs your attention (one line each); 2 wrong usage.
    """
    from autograder.collecting.collect import carry_out, enter_names, plan
    from autograder.collecting.download import DownloadError
    from autograder.collecting.roster import RosterError, read_roster

    place = _find(course)
    list_of_people = roster or place.root / "roster.csv"
    try:
        people = read_roster(list_of_people) if roster or list_of_people.is_file() else None
        made = plan(place, download, lesson, people)
        _show_plan(place, made.decisions)
        if not dry_run:
            carry_out(place, made)
            if people is not None:
                enter_names(place, people)
    except (RosterError, DownloadError, CourseError, OSError) as error:
        _refuse(str(error))
    for line in made.said:
        console.print("[bold]needs attention:[/]", escape(line), soft_wrap=True)
    for person in made.missing:
        console.print(f"nothing from {escape(shown(person.id))} ({escape(shown(person.name))})", soft_wrap=True)
    open_ones = sum(one.needs_a_person for one in made.decisions) + len(made.said)
    done = "would be collected from" if dry_run else "collected from"
    console.print(
        f"{done} {len(made.students)} students; {open_ones} need attention; {len(made.missing)} handed in nothing"
    )
    raise typer.Exit(NEEDS_A_PERSON if open_ones else 0)


def _show_plan(place: Course, decisions: "Sequence[Decision]") -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("file", "student", "decision", "goes to", "how it was recognized"):
        table.add_column(column, overflow="fold")
    for one in decisions:
        target = one.target.relative_to(place.root).as_posix() if one.target else ""
        table.add_row(
            *(escape(shown(text, longest=200)) for text in (one.file, one.student, one.what, target, one.note))
        )
    console.print(table)


@app.command()
def report(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Write the class report and the exports: report.html, grades.csv, canvas.csv and moodle.csv."""
    from autograder.grading.submissions import journal_of
    from autograder.views.report import write_report

    place = _find(course)
    write_report(place, journal_of(place), _lessons(place, lessons))
    console.print(f"report in {place.root / 'report.html'}", soft_wrap=True)


@app.command()
def mark(
    lesson: Annotated[str, typer.Argument(metavar="LESSON")],
    course: CourseOption = None,
    names: Annotated[bool, typer.Option("--names", help="Show whose answers they are.")] = False,
    second: Annotated[str, typer.Option(metavar="NAME", help="A second marker, for a tenth of the answers.")] = "",
    browser: Annotated[bool, typer.Option(help="Open it in JupyterLab.")] = True,
) -> None:
    """Mark written answers in JupyterLab: one at a time, the rubric beside it, every tick saved at once."""
    from autograder.by_hand.notebook import open_in_jupyterlab, write_marking_notebook

    place = _find(course)
    try:
        file = write_marking_notebook(place, _lessons(place, [lesson])[0], names, second)
    except CourseError as error:
        _refuse(str(error))
    console.print(f"marking in {file}", soft_wrap=True)
    if browser:
        raise typer.Exit(open_in_jupyterlab(place, file))


@app.command()
def feedback(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
    as_zip: Annotated[bool, typer.Option("--zip", help="Also write zips that Canvas and Moodle accept.")] = False,
) -> None:
    """Write the feedback pages again, with the marks that people have given since grading.

    --zip: build/feedback/LESSON-canvas.zip or LESSON-moodle.zip, for submissions collected from there.
    """
    from autograder.collecting.collect import read_origins
    from autograder.grading.submissions import journal_of
    from autograder.views.handing_back import rewrite_feedback, zip_feedback

    place = _find(course)
    for lesson in _lessons(place, lessons):
        count = rewrite_feedback(place, journal_of(place), lesson)
        console.print(f"{lesson}: {count} pages in {place.feedback}", soft_wrap=True)
        if as_zip and count:
            written, left = zip_feedback(place, lesson, read_origins(place, lesson))
            for file in written:
                console.print(f"{lesson}: {file}", soft_wrap=True)
            if left:
                who = ", ".join(shown(student) for student in left)
                console.print(
                    f"{lesson}: in no zip, because not collected from a platform: {escape(who)}", soft_wrap=True
                )


@app.command()
def release(
    lesson: Annotated[str | None, typer.Argument(metavar="LESSON", help="The lesson to release.")] = None,
    course: CourseOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Release the whole course in one zip.")] = False,
) -> None:
    """Create the zip that students get: build/release/LESSON.zip."""
    from autograder.release import release as make_zip

    place = _find(course)
    if (lesson is None) != everything:
        _refuse("Name one lesson, or use --all.")
    lessons = _lessons(place, [lesson] if lesson else None)
    name = place.title if everything else lessons[0]
    try:
        file = make_zip(place, lessons, place.root / "build" / "release" / f"{name}.zip", title=name)
    except (CourseError, OSError) as error:
        _refuse(str(error))
    console.print(f"{file} ({file.stat().st_size / 2**20:.1f} MiB)", soft_wrap=True)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Create a new course: two small lessons with checks and answers, settings, a README and a CI file."""
    from autograder.scaffold import make_course

    try:
        make_course(folder)
    except CourseError as error:
        _refuse(str(error))
    console.print(f"Created a course in {folder}. Read its README.md first.", soft_wrap=True)


@app.command()
def test(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Test the checks on the course's answers: right ones must get full marks, wrong ones their message.

    Exit status 1 if an answer is not judged as it should be; each one gets a line.
    """
    from autograder.trying import try_course

    place, tried, wrong = _find(course), 0, 0
    try:
        for one in try_course(place, _lessons(place, lessons)):
            tried += 1
            wrong += bool(one.problems)
            for problem in one.problems:
                console.print(f"{one.what}: {problem}", soft_wrap=True, markup=False)
    except CourseError as error:
        _refuse(str(error))
    console.print(f"{tried} answers tested, {wrong} not judged as they should be")
    raise typer.Exit(NEEDS_A_PERSON if wrong else 0)


@app.command()
def adopt(
    assignment: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="The assignment whose test cells to read.")],
    course: CourseOption = None,
) -> None:
    """Write a first checks.py from the test cells of an nbgrader assignment; others stay test cells."""
    from autograder.adopt import adopt as read_tests
    from autograder.checking.catalogue import CHECKS

    place = _find(course)
    try:
        lesson = place.lesson(assignment)
        adopted = read_tests(place, lesson)
    except CourseError as error:
        _refuse(str(error))
    folder = place.source / lesson if (place.source / lesson).is_dir() else place.lessons_dir / lesson
    if (folder / CHECKS).exists():
        _refuse(f"{folder / CHECKS} already exists; nothing was written")
    if adopted.moved:
        (folder / CHECKS).write_text(adopted.text, encoding="utf-8")
        console.print(f"{folder / CHECKS}: checks for {', '.join(adopted.moved)}", soft_wrap=True, markup=False)
    if adopted.kept:
        console.print(f"left as test cells: {', '.join(adopted.kept)}", soft_wrap=True, markup=False)


@app.command()
def demo(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Grade a demo class of twelve, made from the course's answers, in build/demo/, and write its report."""
    from autograder.grading.ahead import start_ahead
    from autograder.grading.settings import Settings, shared_kernels
    from autograder.sandbox import SandboxUnavailable

    place = _find(course)
    chosen = _lessons(place, lessons)
    try:
        with shared_kernels(Settings.of(place, lessons=chosen)) as settings:
            start_ahead()
            # Only now: these take as long to import as what was started takes to come up.
            from autograder.demo import run_demo

            run_demo(place, chosen, settings)
    except (CourseError, ValueError, OSError, SandboxUnavailable) as error:
        _refuse(str(error))


@app.command()
def build(
    lessons: Annotated[
        list[str] | None, typer.Argument(metavar="[LESSON]...", help="All lessons if you name none.")
    ] = None,
    course: CourseOption = None,
    only: Annotated[Part | None, typer.Option(help="Only the lessons or only the solutions.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file is out of date.")
    ] = False,
    execute: Annotated[bool, typer.Option("--execute", help="Execute the solutions again even if unchanged.")] = False,
) -> None:
    """Build the lessons and the solutions from source/, and the notebook beside each text; only what has changed."""
    from autograder.build import run_build

    place = _find(course)
    chosen = _lessons(place, lessons) if lessons else []
    try:
        built = run_build(place, chosen, only, check, execute)
    except CourseError as error:
        _refuse(str(error), status=NEEDS_A_PERSON)
    for file in built.kept:
        console.print(f"{file} keeps the answers that somebody wrote into the lesson", soft_wrap=True)
    for name in built.changed:
        word = "is out of date; run: autograder build" if check else "written"
        print(f"{name} {word}", file=sys.stderr if check else sys.stdout)
    if not built.changed:
        console.print("The lessons and the solutions are up to date.")
    raise typer.Exit(NEEDS_A_PERSON if check and built.changed else 0)


@app.command()
def doctor(course: CourseOption = None) -> None:
    """Say whether this machine is ready, and how to fix what isn't. Exit status 1 if something isn't ready."""
    from autograder.doctor import examine

    well = True
    for finding in examine(_find(course)):
        well &= finding.ok
        detail = f": {finding.detail}" if finding.detail else ""
        console.print(f"{'✓' if finding.ok else '✗'} {finding.what}{detail}", soft_wrap=True, markup=False)
        if finding.fix:
            console.print(f"    fix: {finding.fix}", soft_wrap=True, markup=False)
    raise typer.Exit(0 if well else NEEDS_A_PERSON)


def _limits(given: list[str], timeout: float | None) -> dict[str, float | str]:
    """--limit and --timeout as limits by name. Raises ValueError."""
    wrong = [text for text in given if "=" not in text]
    if wrong:
        raise ValueError(f"--limit takes a name and a value, for example memory_bytes=4GB, not {wrong[0]!r}.")
    pairs = (text.partition("=") for text in given)
    return {name.strip(): value for name, _, value in pairs} | ({"cell_seconds": timeout} if timeout else {})


def _say_what_is_off(sentences: list[str]) -> None:
    for sentence in sentences:
        console.print("[yellow]Protection off:[/]", escape(sentence), soft_wrap=True)


def _find(folder: Path | None) -> Course:
    try:
        return Course.at(folder) if folder else Course.find()
    except CourseError as error:
        _refuse(str(error))


def _lessons(course: Course, names: list[str] | None) -> list[str]:
    try:
        return [course.lesson(name) for name in names] if names else course.lessons()
    except CourseError as error:
        _refuse(str(error))


def _bar(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=console, disable=quiet, transient=True)


def _refuse(message: str, status: int = WRONG_USAGE) -> NoReturn:
    """Say what is wrong on stderr and leave, with the status of wrong usage unless another one is given."""
    print(message, file=sys.stderr)
    raise typer.Exit(status)


if __name__ == "__main__":
    app()
