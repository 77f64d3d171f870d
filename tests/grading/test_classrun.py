"""A class is graded whole, whatever happens on the way: nothing is lost, nothing graded twice."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from distributed import Security
from nbgrader.api import Gradebook

from autograder import demo
from autograder.checking.catalogue import CheckFile
from autograder.classrun import grade_class
from autograder.corpus import Corpus
from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Journal, lesson_digest, submission_key, write_atomically
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits, remove_folder
from tests.course import COURSE, answered, part_of_it

pytestmark = pytest.mark.slow

LESSON = "03_mnist_pipeline"
STUDENTS = ("all-right", "another-way", "half-done", "mistakes-1", "mistakes-2", "untouched")
PATIENCE = 300


def make_class(root: Path, students=STUDENTS) -> Course:
    """A course folder with one lesson and a submission for each of ``students``, named as in the demo class.

    A number behind the name, as in half-done.017, makes one of many.
    """
    course = part_of_it(root, LESSON)
    answers = demo.class_answers(Corpus(COURSE), LESSON)
    for student in students:
        folder = course.submitted / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(
            answered(course.released(LESSON), answers[student.partition(".")[0]]), folder / f"{LESSON}.ipynb"
        )
    return course


def command(course, *more):
    return [sys.executable, "-m", "autograder", "grade", "--course", str(course.root), "--json", *more]


def grade(course, *more):
    """Run the command; (exit status, what it printed as JSON)."""
    done = subprocess.run(command(course, *more), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def rows(course):
    return (course.root / "grades.csv").read_text("utf-8")


def table(course):
    return list(csv.reader(rows(course).splitlines()))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    course = make_class(tmp_path_factory.mktemp("undisturbed") / "course")
    status, said = grade(course, "--jobs", "2")
    assert (status, said["graded"], said["unchanged"]) == (0, len(STUDENTS), 0)
    return course


def entries(course):
    return len(list((course.root / ".journal").rglob("[!.]*.json")))


def test_an_unchanged_class_is_not_graded_again(undisturbed):
    before = rows(undisturbed)
    status, said = grade(undisturbed)
    assert (status, said["graded"], said["unchanged"]) == (0, 0, len(STUDENTS))
    assert rows(undisturbed) == before


def test_a_killed_run_goes_on_where_it_stopped(undisturbed, tmp_path):
    course = make_class(tmp_path / "course")
    run = subprocess.Popen(
        command(course, "--jobs", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    wait_for(lambda: entries(course) >= 2 or run.poll() is not None)
    started = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept = entries(course)
    assert kept >= 2
    _, alive = psutil.wait_procs(started, timeout=60)
    assert [process.name() for process in alive] == []
    status, said = grade(course, "--jobs", "2")
    assert (status, said["graded"], said["unchanged"]) == (0, len(STUDENTS) - kept, kept)
    assert rows(course) == rows(undisturbed)


def test_only_what_changed_is_graded_again(undisturbed, tmp_path):
    course = Course.at(Path(shutil.copytree(undisturbed.root, tmp_path / "course", symlinks=True)))
    file = course.submitted / "untouched" / LESSON / f"{LESSON}.ipynb"
    nbformat.write(answered(course.released(LESSON), demo.class_answers(Corpus(COURSE), LESSON)["all-right"]), file)
    status, said = grade(course)
    assert (status, said["graded"], said["unchanged"]) == (0, 1, len(STUDENTS) - 1)
    mine, right = ([row[2:] for row in table(course) if row[0] == name] for name in ("untouched", "all-right"))
    assert mine and mine == right


def test_marks_and_comments_given_by_hand_survive_grading_again(undisturbed, tmp_path):
    course = Course.at(Path(shutil.copytree(undisturbed.root, tmp_path / "course", symlinks=True)))
    others = [row for row in table(course) if row[:3] != ["mistakes-1", LESSON, "read"]]
    with Gradebook(course.database, course.course_id) as book:
        mark = book.find_grade("check-read", LESSON, LESSON, "mistakes-1")
        own = mark.auto_score
        mark.manual_score = own + 0.25
        book.find_comment("read", LESSON, LESSON, "mistakes-1").manual_comment = "Nearly."
        book.db.commit()
    status, said = grade(course, "--timeout", "59")
    assert (status, said["graded"], said["unchanged"]) == (0, len(STUDENTS), 0)
    with Gradebook(course.database, course.course_id) as book:
        mark = book.find_grade("check-read", LESSON, LESSON, "mistakes-1")
        assert (mark.auto_score, mark.score) == (own, own + 0.25)
        assert book.find_comment("read", LESSON, LESSON, "mistakes-1").comment == "Nearly."
    (marked,) = [row for row in table(course) if row not in others]
    assert marked[:4] == ["mistakes-1", LESSON, "read", f"{own + 0.25:g}"]


def test_a_scheduler_started_by_hand_gives_the_same_grades(undisturbed, tmp_path, monkeypatch):
    """As docs/instructor.md says: one key and certificate for all, named in Dask's configuration."""
    course = make_class(tmp_path / "course")
    made = Security.temporary()
    key, certificate = tmp_path / "dask.key", tmp_path / "dask.crt"
    key.write_text(made.tls_client_key)
    certificate.write_text(made.tls_client_cert)
    whose = {"key": str(key), "cert": str(certificate)}
    tls = {"ca-file": str(certificate), "scheduler": whose, "worker": whose, "client": whose}
    settings = {"distributed": {"comm": {"require-encryption": True, "tls": tls}}}
    (tmp_path / "dask.yaml").write_text(json.dumps(settings))  # JSON is YAML
    monkeypatch.setenv("DASK_CONFIG", str(tmp_path / "dask.yaml"))
    started, address = [], tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    try:
        scheduler = [*dask, "scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        started.append(quiet([*scheduler, "--scheduler-file", str(address)]))
        worker = [*dask, "worker", "--scheduler-file", str(address), "--nthreads", "1", "--no-dashboard"]
        started += [quiet(worker), quiet(worker)]
        wait_for(address.is_file)
        url = json.loads(address.read_text())["address"]
        assert url.startswith("tls://")
        status, said = grade(course, "--scheduler", url)
        assert (status, said["graded"]) == (0, len(STUDENTS))
        assert rows(course) == rows(undisturbed)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def quiet(arguments):
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def test_the_key_of_a_submission_tells_every_change(tmp_path):
    folder = tmp_path / "submission"
    (folder / "inner").mkdir(parents=True)
    file = folder / "inner" / "a.ipynb"
    file.write_text("{}")
    keys = [submission_key(folder, "checks")]
    keys.append(submission_key(folder, "other checks"))
    file.write_text("{ }")
    keys.append(submission_key(folder, "checks"))
    file.rename(folder / "b.ipynb")
    keys.append(submission_key(folder, "checks"))
    os.symlink("/etc/passwd", folder / "link")
    keys.append(submission_key(folder, "checks"))
    os.mkfifo(folder / "pipe")
    keys.append(submission_key(folder, "checks"))
    assert len(set(keys)) == len(keys)
    assert submission_key(folder, "checks") == keys[-1]


def test_a_submission_of_any_depth_and_size_has_a_key_at_once(tmp_path):
    """Nobody's folder ends the run of a class, and what intake would never read is not read here either."""
    deep = tmp_path / "deep"
    deep.mkdir()
    here = os.open(deep, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    with (deep / "sparse").open("wb") as file:
        file.truncate(2**40)
    (deep / "answer.txt").write_text("one")
    before = submission_key(deep, "shared")
    assert submission_key(deep, "shared") == before
    (deep / "answer.txt").write_text("two")
    assert submission_key(deep, "shared") != before
    remove_folder(deep)
    assert not deep.exists()


def test_what_lies_elsewhere_is_graded_or_named_and_an_unclear_time_is_open(undisturbed, tmp_path):
    course = Course.at(Path(shutil.copytree(undisturbed.root, tmp_path / "course", symlinks=True)))
    right = course.submitted / "all-right" / LESSON / f"{LESSON}.ipynb"
    (course.submitted / "flat").mkdir()
    shutil.copy(right, course.submitted / "flat")
    shutil.copytree(right.parent, course.submitted / "deep" / "homework" / LESSON)
    shutil.copy(right, course.submitted / "whose.ipynb")
    (course.submitted / "all-right" / "ps1").mkdir()
    (course.submitted / "half-done" / LESSON / "timestamp.txt").write_text("2026-01-15 12:00:00 CEST")
    (course.submitted / "mistakes-1" / LESSON / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
    with Gradebook(course.database, course.course_id) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-01-14 12:00:00 UTC")
    shutil.copy(COURSE.root / "nbgrader_config.py", course.root)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    status, said = grade(course)
    # The time is a part of the submission's content: two are graded anew for it, and two are new.
    assert (status, said["graded"], said["unchanged"]) == (1, 4, len(STUDENTS) - 2)
    assert [line.partition(":")[0] for line in said["notes"]] == [f"deep, {LESSON}", f"flat, {LESSON}"]
    told = [line.partition(":")[0] for line in said["attention"]]
    assert told == [f"half-done, {LESSON}", "submitted/all-right/ps1", "submitted/whose.ipynb"]
    assert "whether it was late is open, and no points were taken off: timestamp.txt says" in said["attention"][0]
    scores = {name: [row[2:] for row in table(course) if row[0] == name] for name in ("all-right", "flat", "deep")}
    assert scores["flat"] == scores["deep"] == scores["all-right"] != []
    assert (course.autograded / "flat" / LESSON / f"{LESSON}.ipynb").is_file()
    penalties = GradebookWriter(course).penalties(LESSON)
    assert [student for student, penalty in penalties.items() if penalty] == ["mistakes-1"]
    with Gradebook(course.database, course.course_id) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-02-14 12:00:00 UTC")
    status, said = grade(course)
    assert (status, said["graded"], said["unchanged"]) == (1, 0, len(STUDENTS) + 2)
    assert not any(GradebookWriter(course).penalties(LESSON).values())
    page = (course.feedback / "mistakes-1" / LESSON / f"{LESSON}.html").read_text("utf-8")
    assert "handed in late" not in page


def test_a_name_that_is_no_text_is_told_and_the_others_are_graded(undisturbed, tmp_path):
    course = Course(tmp_path / "course")
    shutil.copytree(undisturbed.root, course.root, symlinks=True)
    strange = os.fsencode(course.submitted) + b"/caf\xe9"
    shutil.copytree(os.fsencode(course.submitted / "all-right"), strange)
    status, said = grade(course)
    assert (status, said["graded"], said["unchanged"]) == (1, 0, len(STUDENTS))
    assert [line for line in said["attention"] if "caf" in line and "not UTF-8" in line and LESSON in line]
    assert os.path.isdir(strange)
    assert rows(course) == rows(undisturbed)


def test_limits_and_released_lesson_are_part_of_what_is_graded(tmp_path):
    released = tmp_path / "lesson.ipynb"
    released.write_text("one")
    first = lesson_digest([released], [], {}, Limits())
    assert lesson_digest([released], [], {}, Limits()) == first
    assert lesson_digest([released], [], {}, Limits(cell_seconds=5)) != first
    released.write_text("two")
    assert lesson_digest([released], [], {}, Limits()) != first


def test_a_changed_check_or_file_touches_its_own_lesson_alone(tmp_path):
    released = tmp_path / "lesson.ipynb"
    released.write_text("one")
    for name in ("a.py", "b.py", "table.csv"):
        (tmp_path / name).write_text("# nothing yet")

    def digests():
        beside = {"a": {"table.csv": tmp_path / "table.csv"}, "b": {}}
        return {
            name: lesson_digest([released], [CheckFile(tmp_path / f"{name}.py")], beside[name], Limits())
            for name in "ab"
        }

    for changed in ("a.py", "table.csv"):
        before = digests()
        (tmp_path / changed).write_text("# another one")
        after = digests()
        assert (after["a"] != before["a"], after["b"] == before["b"]) == (True, True)


def test_a_damaged_journal_entry_counts_as_nothing_known(tmp_path):
    journal = Journal(tmp_path)
    write_atomically(tmp_path / LESSON / "ada.json", b'{"key": "abc", "notebo')
    assert journal.read(LESSON, "ada") is None
    assert journal.read(LESSON, "nobody") is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["99_nothing"], "no lesson"),
        (["--jobs", "0"], "jobs"),
        (["--no-such-option"], "no-such-option"),
    ],
)
def test_wrong_usage_is_said_and_has_its_own_status(undisturbed, arguments, words):
    done = subprocess.run(command(undisturbed, *arguments), capture_output=True, text=True)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_what_breaks_for_one_student_is_a_line_and_the_others_are_recorded(tmp_path, monkeypatch):
    course = make_class(tmp_path / "course", ("all-right", "untouched"))
    (course.submitted / ("x" * 230) / LESSON).mkdir(parents=True)
    record = GradebookWriter.record

    def failing(self, lesson, student, *rest):
        if student == "all-right":
            raise OSError("the disk is full")
        record(self, lesson, student, *rest)

    settings = Settings(course.root, Limits())
    monkeypatch.setattr(GradebookWriter, "record", failing)
    run = grade_class(course, [LESSON], settings)
    assert run.graded == 2
    assert run.attention == [
        f"'{'x' * 230}', {LESSON}: not graded, the folder's name is longer than 200 bytes. Rename it.",
        f"all-right, {LESSON}: not recorded, OSError: the disk is full. Run the command again.",
    ]
    assert [student for student, done in recorded(course) if done] == ["untouched"]
    monkeypatch.undo()
    again = grade_class(course, [LESSON], settings, students=["all-right", "untouched"])
    assert (again.graded, again.unchanged, again.attention) == (0, 2, [])
    assert [student for student, done in recorded(course) if done] == ["all-right", "untouched"]


def recorded(course):
    journal = journal_of(course)
    return [(student, journal.read(LESSON, student).recorded) for student in journal.students(LESSON)]
