"""What a check says of a wrong value."""

import numpy as np
import pytest
from scipy.stats import kstest

from autograder.checking.chance import (
    correlation_tolerance,
    mean_tolerance,
    normal_tolerance,
    require_normal,
    std_tolerance,
)
from autograder.checking.expect import Mismatch, expect, expect_other, fail, require_finite
from autograder.inside.plain import Frame, Opaque


def mismatch(*args, **kwargs) -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        expect(*args, **kwargs)
    return caught.value


def test_a_known_mistake_gets_its_own_sentence():
    found = mismatch(4.0, close_to=2.0, if_instead={4.0: "That is the variance."}, message="Another.")
    assert (found.message, found.expected, found.actual) == ("That is the variance.", "2", "4")


def test_an_unknown_mistake_gets_the_general_sentence():
    assert (
        mismatch(3.0, close_to=2.0, if_instead={4.0: "That is the variance."}, message="Another.").message == "Another."
    )


def test_a_right_value_is_right_even_when_a_mistake_looks_the_same():
    expect(np.ones(3), close_to=np.ones(3), if_instead=[(np.ones(3), "never said")])


def test_beside_an_exact_value_a_known_mistake_is_exact():
    known = {402_946: "One head is missing."}
    asked = {"equals": 403_972, "if_instead": known, "message": "Another."}
    assert mismatch(402_946, **asked).message == "One head is missing."
    assert mismatch(402_952, **asked).message == "Another."
    assert mismatch(402_952, close_to=403_972, if_instead=known).message == "One head is missing."
    expect(403_972, equals=403_972, if_instead={403_970: "never said"})


def test_values_are_compared_whatever_their_kind():
    expect(np.float32(0.1), close_to=0.1)
    expect([1, 2], close_to=np.array([1.0, 2.0]))
    expect(np.array([1, 2]), equals=[1, 2])
    expect(("a", 1), equals=("a", 1))


def test_shapes_are_told():
    found = mismatch(np.float32(1), close_to=np.ones(8))
    assert (found.expected, found.actual) == ("shape (8,)", "shape ()")
    expect(np.ones((3, 4)), shape=(None, 4))
    assert mismatch(np.ones((3, 4)), shape=(None, 5)).expected == "shape (any, 5)"


def test_the_first_other_value_is_pointed_out():
    found = mismatch(np.array([1.0, 2.0, 5.0]), close_to=np.array([1.0, 2.0, 3.0]))
    assert found.expected == "3 at [2]"
    assert found.actual == "5 at [2], larger by 2 (1 of 3 values differ)"


def differing(where=(4, 1), by=0.25):
    wanted = np.arange(18.0).reshape(6, 3)
    got = wanted.copy()
    got[where] -= by
    return wanted, got


@pytest.mark.parametrize("how", ["close_to", "equals", "if_instead"])
def test_arrays_of_one_shape_are_shown_where_they_differ_first(how):
    wanted, got = differing()
    asked = {"close_to": wanted, "if_instead": [(got, "Known.")]} if how == "if_instead" else {how: wanted}
    found = mismatch(got, **asked)
    assert found.expected == "13 at [4, 1]"
    assert found.actual == "12.75 at [4, 1], smaller by 0.25 (1 of 18 values differ)"


def test_a_check_that_fails_with_two_arrays_shows_where_they_differ_first():
    wanted, got = differing(by=1e-9)
    with pytest.raises(Mismatch) as caught:
        fail("Another.", expected=wanted, actual=got)
    assert caught.value.expected == "13.0 at [4, 1]"
    assert caught.value.actual.startswith("12.999999999 at [4, 1], smaller by 1e-09")


def test_where_values_are_not_finite_is_told():
    _, got = differing()
    got[2, 2] = np.inf
    assert mismatch(got, close_to=np.zeros((6, 3))).actual == "inf at [2, 2] (1 of 18 values are not finite)"


@pytest.mark.parametrize(
    ("expected", "actual", "said"),
    [
        (0.3, 0.3 + 1e-9, ("0.3", "0.300000001")),
        (0.3, "0.3", ("0.3 (a float)", "0.3 (text)")),
        (["a"] * 200, ["a"] * 150 + ["b"], ("a as item 150", "b as item 150")),
        (
            list(range(200)),
            [*range(150), 0, *range(151, 200)],
            ("150 at [150]", "0 at [150], smaller by 150 (1 of 200"),
        ),
        ("a" * 400, "a" * 399, ("a as character 399", "399 characters")),
    ],
)
def test_what_differs_never_reads_alike(expected, actual, said):
    with pytest.raises(Mismatch) as caught:
        fail("Another.", expected=expected, actual=actual)
    assert caught.value.expected == said[0] and caught.value.actual.startswith(said[1])


def test_a_list_in_itself_is_shown_to_its_end():
    endless: list = [1]
    endless.append(endless)
    with pytest.raises(Mismatch) as caught:
        fail("Another.", actual=endless)
    assert caught.value.actual.startswith("[1, [1, [1,")


def test_numbers_of_numpy_are_shown_as_plain_ones():
    with pytest.raises(Mismatch) as caught:
        fail("Another.", expected=[np.float64(2.1738)], actual={"a": (np.int64(3),), "b": [np.bool_(True), "x", None]})
    assert caught.value.expected == "[2.1738]"
    assert caught.value.actual == "{'a': (3,), 'b': [True, 'x', None]}"


def test_a_known_mistake_beside_a_shape_shows_no_object():
    assert mismatch(np.ones(3), shape=(2,), if_instead=[(np.ones(3), "Known.")]).expected == ""


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (None, "`return` missing"),
        (np.array([1.0, np.nan]), "not finite"),
        ("1.0", "it is text"),
        (Opaque("Functional"), "it is a Functional"),
        (Frame(["a"], ["float64"], np.arange(2), [np.ones(2)]), "it is a DataFrame"),
    ],
)
def test_what_is_no_number_is_named(actual, words):
    assert words in mismatch(actual, close_to=np.ones(2)).message


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("how", [{"close_to": 1.0}, {"equals": 1.0}, {"shape": ()}, {"between": (0, 1)}])
def test_what_is_not_finite_is_never_right(bad, how):
    """Not even where the check's own number is not finite, as one is that was computed from the answer."""
    assert "not finite" in mismatch(bad, **how).message
    assert "not finite" in mismatch(bad, close_to=bad).message
    assert "not finite" in mismatch(bad, close_to=1.0, if_instead={bad: "never said"}).message
    assert "not finite" in mismatch(np.array([1.0, bad]), close_to=np.array([1.0, bad])).message


def test_what_should_differ_is_finite_too():
    expect_other(np.ones(3), np.zeros(3), "The same.")
    for one, other, words in (
        (np.ones(3), np.ones(3), "The same."),
        (np.full(3, np.nan), np.ones(3), "not finite"),
        (np.ones(3), np.full(3, np.nan), "not finite"),
        (np.ones(3), np.ones(4), "different shapes"),
        (None, np.ones(3), "`return` missing"),
    ):
        with pytest.raises(Mismatch, match=words):
            expect_other(one, other, "The same.")


def test_a_number_anywhere_in_an_answer_is_finite():
    require_finite({"a": [1.0, (2, None, "nan")], "b": np.ones(3, "int8")})
    with pytest.raises(Mismatch, match="not finite"):
        require_finite({"a": [1.0, (2, np.array([[np.nan]]))]})


def test_ranges_are_closed():
    expect(np.array([0.0, 1.0]), between=(0, 1))
    assert mismatch(np.array([0.0, 1.5]), between=(0, 1)).actual == "from 0 to 1.5"


@pytest.mark.parametrize("n", [100, 10_000])
def test_tolerances_keep_their_rate(n):
    """With a rate of 1 in 20 about 1 of 20 right answers falls outside: the bounds are neither loose nor tight."""
    rng = np.random.default_rng(5)
    draws = rng.standard_normal((4000, n)) if n == 100 else rng.standard_normal((400, n))
    outside_mean = np.abs(draws.mean(1)) > mean_tolerance(1, n, rate=0.05)
    outside_std = np.abs(draws.std(1, ddof=1) - 1) > std_tolerance(n, rate=0.05)
    assert 0.01 < outside_mean.mean() < 0.1
    assert 0.01 < outside_std.mean() < 0.1


def test_tolerance_of_correlations_keeps_its_rate():
    rng = np.random.default_rng(6)
    pairs = rng.standard_normal((3000, 2, 200))
    found = np.array([np.corrcoef(pair)[0, 1] for pair in pairs])
    assert 0.03 < (np.abs(found) > correlation_tolerance(200, rate=0.05)).mean() < 0.08


@pytest.mark.parametrize("n", [100, 2000])
def test_normal_noise_is_taken_for_normal_at_the_stated_rate(n):
    rng = np.random.default_rng(7)
    found = np.array([kstest(rng.standard_normal(n), "norm", method="asymp").statistic for _ in range(2000)])
    assert 0.03 < (found > normal_tolerance(n, rate=0.05)).mean() < 0.07


def test_normal_noise_of_the_size_of_the_checks_passes():
    rng = np.random.default_rng(8)
    for dtype in ("float64", "float32"):
        require_normal(rng.standard_normal((100_000, 2)).astype(dtype))


@pytest.mark.parametrize(
    "draw",
    {
        "uniform": lambda rng, n: rng.uniform(-(3**0.5), 3**0.5, n),
        "Laplace": lambda rng, n: rng.laplace(0, 0.5**0.5, n),
        "triangular": lambda rng, n: rng.triangular(-(6**0.5), 0, 6**0.5, n),
        "plus or minus one": lambda rng, n: rng.choice([-1.0, 1.0], n),
        "logistic": lambda rng, n: rng.logistic(0, 3**0.5 / np.pi, n),
        "three uniform numbers": lambda rng, n: 2 * rng.uniform(-0.5, 0.5, (3, n)).sum(0),
        "t with 5 degrees": lambda rng, n: rng.standard_t(5, n) * 0.6**0.5,
        "exponential": lambda rng, n: rng.exponential(1, n) - 1,
        "a sine": lambda rng, n: 2**0.5 * np.sin(rng.uniform(0, 2 * np.pi, n)),
        "some rows without noise": lambda rng, n: (
            rng.standard_normal(n) * np.where(rng.random(n) < 0.95, 0.95**-0.5, 0)
        ),
    }.values(),
    ids=lambda draw: "",
)
def test_other_noise_of_variance_one_is_told_from_it(draw):
    """Each time, with as few draws as any check takes."""
    rng = np.random.default_rng(9)
    assert draw(rng, 10**6).std() == pytest.approx(1, rel=0.01)
    for _ in range(5):
        with pytest.raises(Mismatch, match="variance 1 but isn't normal"):
            require_normal(draw(rng, 140_000))
