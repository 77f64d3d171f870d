"""Written answers, marked by a person: every tick is in the gradebook at once, and formgrader goes on with it."""

import pytest
from nbgrader.api import Gradebook

from autograder.by_hand.agreement import agreement, agreements, sample
from autograder.by_hand.answers import find_written, groups_of
from autograder.by_hand.notebook import write_marking_notebook
from autograder.by_hand.rubric import Item, items_of, model_answer
from autograder.by_hand.store import Mark
from autograder.by_hand.widget import Marking
from autograder.course import CourseError
from autograder.grading.submissions import journal_of
from autograder.views.grades import list_grades
from autograder.views.report import write_report
from tests.by_hand.conftest import ANSWERS, EXERCISE, LESSON, grade

RUBRIC = "Because.\n\nRubric\n- 1 point: one thing\n  in two lines.\n- ½ point for another; and more.\n"


def opened(course, **options):
    return Marking(course, EXERCISE, None, options.get("names", False), options.get("second", ""))


def ask(page, **request):
    page._asked(page, request, [])
    return page.page


def gradebook(course, student):
    with Gradebook(course.database, course.course_id) as book:
        notebook = book.find_submission_notebook(LESSON, LESSON, student)
        [found] = [g for g in notebook.grades if g.name == EXERCISE]
        return found.manual_score, found.needs_manual_grade, notebook.comments[0].manual_comment


def test_a_rubric_is_read_as_things_to_tick():
    assert items_of(RUBRIC, 2) == [Item("one thing in two lines", 1.0), Item("another; and more", 0.5)]
    sentence = "Words.\n\nRubric: 1 point for independence (or: steps cancel), 1½ points for variances that add."
    assert [(i.text, i.points) for i in items_of(sentence, 3)] == [
        ("independence (or: steps cancel)", 1.0),
        ("variances that add", 1.5),
    ]
    assert items_of("No rubric at all.", 4) == [Item("right", 4), Item("half right", 2)]
    assert model_answer(RUBRIC) == "Because."


def test_every_rubric_of_this_course_adds_up_to_its_points():
    from autograder.grading.lesson import list_exercises
    from autograder.sources import solution_blocks, solutions
    from tests.course import COURSE

    for lesson in COURSE.sources():
        for exercise in list_exercises(COURSE.released(lesson)):
            if exercise.written:
                items = items_of(solution_blocks(solutions(COURSE, lesson)[exercise.name]), exercise.points)
                assert len(items) > 1 and sum(i.points for i in items) == exercise.points, (lesson, items)


@pytest.mark.slow
def test_equal_answers_are_one_and_untouched_ones_last(course):
    groups = groups_of(course, journal_of(course), find_written(course, EXERCISE))
    assert groups[0].students == ("ada", "bob")
    assert groups[-1].students == ("eve",) and groups[-1].untouched
    assert sum(len(group.students) for group in groups) == len(ANSWERS)
    with pytest.raises(CourseError, match="no written exercise 'nothing'"):
        find_written(course, "nothing")


@pytest.mark.slow
def test_a_tick_is_in_the_gradebook_at_once(course):
    page = opened(course)
    assert (page.page["count"], page.page["who"], page.page["done"]) == (2, "", 0)
    shown = ask(page, tick=1)
    assert shown["points"] == 1.5 and shown["marked"] and shown["done"] == 2
    assert gradebook(course, "ada") == gradebook(course, "bob") == (1.5, False, None)
    ask(page, tick=0)
    ask(page, comment="Nearly.")
    assert gradebook(course, "bob") == (2.5, False, "Nearly.")
    ask(page, tick=1)
    assert gradebook(course, "ada") == (1.0, False, "Nearly.")
    shown = ask(page, next=True)
    assert shown["index"] == 1 and shown["used"] == ["Nearly."]
    ask(page, none=True)
    again = opened(course, names=True)
    assert again.page["index"] == 2 and again.page["done"] == 3  # it goes on where it was
    back = ask(again, go=-2)
    assert back["who"] == "ada, bob" and [item["ticked"] for item in back["items"]] == [True, False, False]
    assert ask(again, go=99)["index"] == back["groups"] - 1
    assert ask(again, tick=99)["index"] == back["groups"] - 1  # what is no item changes nothing


@pytest.mark.slow
def test_marks_stay_when_the_class_is_graded_again(course):
    page = opened(course)
    ask(page, tick=0)
    (course.submitted / "dan" / LESSON / f"{LESSON}.ipynb").touch()
    for file in (course.root / ".journal").rglob("*.json"):
        file.unlink()
    grade(course)
    assert gradebook(course, "ada")[0] == 1.0
    grades = {g.student: (g.score, g.status) for g in list_grades(course, journal_of(course), [LESSON])}
    assert grades["ada"][0] == 1.0 and grades["dan"][0] is None


@pytest.mark.slow
def test_what_formgrader_gave_is_seen_and_may_be_changed(course):
    with Gradebook(course.database, course.course_id) as book:
        notebook = book.find_submission_notebook(LESSON, LESSON, "ada")
        notebook.grades[0].manual_score, notebook.grades[0].needs_manual_grade = 2, False
        notebook.comments[0].manual_comment = "From formgrader."
        book.db.commit()
    page = opened(course)
    shown = ask(page, go=-99)
    assert (shown["elsewhere"], shown["points"], shown["comment"]) == (True, 2.0, "From formgrader.")
    assert not shown["marked"]  # bob, who wrote the same, has no mark


@pytest.mark.slow
def test_a_second_marker_sees_a_tenth_and_changes_no_grade(course):
    first = opened(course)
    for _ in range(first.page["groups"]):
        ask(first, tick=0)
        ask(first, go=1)
    before = {student: gradebook(course, student) for student in ANSWERS}
    second = opened(course, second="Bo")
    assert second.page["total"] == 2  # a tenth of 19, without the untouched one
    assert second.page["points"] == 0 and second.page["comment"] == ""
    ask(second, tick=0)
    ask(second, next=True)
    ask(second, tick=1)
    assert {student: gradebook(course, student) for student in ANSWERS} == before
    [(lesson, exercise, marker, found)] = agreements(course, [LESSON])
    assert (lesson, exercise, marker, found.answers) == (LESSON, EXERCISE, "Bo", 2)
    write_report(course, journal_of(course), [LESSON])
    assert "Two markers" in (course.root / "report.html").read_text("utf-8")


def test_kappa():
    first = {"a": Mark((0,)), "b": Mark((0,)), "c": Mark(()), "d": Mark(())}
    assert agreement(first, first, 1).kappa == 1
    second = {"a": Mark((0,)), "b": Mark(()), "c": Mark((0,)), "d": Mark(())}
    assert agreement(first, second, 1).kappa == 0  # half agree, as chance would have it
    assert agreement(first, {}, 1) is None


def test_the_sample_is_nobody_s_choice_and_always_the_same():
    students = [f"s{n}" for n in range(200)]
    assert len(sample(students, "x")) == 20
    assert sample(students, "x") == sample(students[::-1], "x") != sample(students, "y")


@pytest.mark.slow
def test_the_notebook_has_a_cell_for_each_written_exercise(course):
    file = write_marking_notebook(course, LESSON, names=True, second="Bo")
    assert f"mark('{EXERCISE}', '{LESSON}', '{course.root}', names=True, second='Bo')" in file.read_text("utf-8")
