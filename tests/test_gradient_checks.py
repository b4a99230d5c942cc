"""The checks, checked: what passes, what fails, and what no check along a direction can see."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from networks import random_case
from rnnlib import Parameters, forward
from rnnlib.bptt import backward
from rnnlib.comparisons import Comparison, Row, compare, relative_error
from rnnlib.gradient_checks import central_differences, complex_step, directional_check
from rnnlib.records import rebuild

# Roundings of the loss and of the gradient, 1e-16 each, some hundred in a row at most.
EXACT = 1e-12
# A central difference with eps = 1e-5 is off by eps**2 = 1e-10 times a third derivative, and by
# 1e-16 / eps = 1e-11 times the loss, which is some 100 times the smallest gradient here.
CENTRAL = 1e-7

CASE = random_case(T=7, N=2, n_x=3, n_h=5, n_y=7)
METHODS = ["complex", "central"]
seeds = st.integers(0, 2**32 - 1)


def loss(params, case=CASE):
    """Run the network; its total loss."""
    return forward(params, *case[1:]).loss.sum()


def gradient_of(case):
    """Find the gradient by BPTT."""
    return backward(case.params, forward(*case)).gradient


GRADIENT = gradient_of(CASE)


def check(gradient, loss=loss, params=CASE.params, seed=0, directions=5, method="complex"):
    """Try a gradient along directions from a new generator."""
    rng = np.random.default_rng(seed)
    return directional_check(loss, params, gradient, rng, directions, method)


class Layers(NamedTuple):
    """A record of records."""

    front: Parameters
    scale: np.ndarray


def test_complex_step_equals_bptt():
    assert compare(complex_step(loss, CASE.params), GRADIENT).passes(EXACT)


def test_central_differences_equal_bptt():
    assert compare(central_differences(loss, CASE.params), GRADIENT).passes(CENTRAL)


@pytest.mark.parametrize("differentiate", [complex_step, central_differences])
def test_the_slopes_of_a_record_of_records_are_such_a_record(differentiate):
    layers = Layers(CASE.params, np.array(3.0))
    slopes = differentiate(lambda p: p.scale * (p.front.W_hh**2).sum(), layers)
    assert isinstance(slopes, Layers)
    assert isinstance(slopes.front, Parameters)
    assert [array.shape for array in slopes.front] == [array.shape for array in CASE.params]
    assert relative_error(slopes.front.W_hh, 6 * CASE.params.W_hh) <= CENTRAL
    assert relative_error(slopes.scale, (CASE.params.W_hh**2).sum()) <= CENTRAL
    assert not slopes.front.W_xh.any()


@pytest.mark.parametrize("differentiate", [complex_step, central_differences])
def test_the_slopes_by_a_lone_array_are_one_and_by_a_dict_a_dict(differentiate):
    theta, wanted = np.array([1.0, -2.0]), np.array([3.0, 12.0])
    assert relative_error(differentiate(lambda p: (p**3).sum(), theta), wanted) <= CENTRAL
    slopes = differentiate(lambda p: (p["theta"] ** 3).sum(), {"theta": theta})
    assert compare(slopes, {"theta": wanted}).passes(CENTRAL)


def test_a_check_in_float32_would_see_little_so_it_runs_in_float64():
    case = random_case(dtype=np.float32, T=2, N=2, n_x=3, n_h=5, n_y=7)
    slopes = central_differences(lambda params: loss(params, case), case.params)
    # What is left is the error of the gradient itself, which float32 has computed.
    assert compare(gradient_of(case), slopes).passes(1e-5)
    assert all(array.dtype == np.float64 for array in slopes)


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
def test_the_step_of_a_central_difference_grows_with_a_large_number(size):
    slopes = central_differences(lambda p: (p**2).sum(), np.array([size]))
    # Of a square there is no third derivative. Rounding: for a large number 1e-16 size² of the
    # square over a step of 1e-5 size, for a small one 1e-16 (1e-5)² over a step of 1e-5, and of
    # slopes 2 size that is at most 1e-11 and 1e-13.
    assert relative_error(slopes, np.array([2 * size])) <= 1e-10


@pytest.mark.parametrize("number", [0.1, -12.3, 1e-9])
def test_what_divides_a_difference_is_the_step_that_rounding_has_left(number):
    # 0.1 + 1e-5 is rounded: the two numbers are not 2e-5 apart, but 1e-11 of it more or less.
    slopes = central_differences(lambda p: p.sum(), np.array([number]))
    assert slopes.tolist() == [1.0]


@pytest.mark.parametrize(("method", "tolerance"), [("complex", EXACT), ("central", CENTRAL)])
def test_a_right_gradient_passes(method, tolerance):
    assert check(GRADIENT, method=method).passes(tolerance)
    assert check(GRADIENT, method=method, directions=1).passes(tolerance)


def test_a_right_gradient_of_a_large_flat_loss_passes():
    """Much height, little slope: a difference of two heights has no digit left of it."""

    def hill(params):
        return 1e8 + 1e-6 * (params**2).sum()

    params = np.random.default_rng(1).standard_normal(1000)
    right = 2e-6 * params
    assert check(right, hill, params).passes(EXACT)
    # The height is known to 1e-16 * 1e8; over a step of 1e-5 that is 1e-3, and the slope 1e-6.
    assert not check(right, hill, params, method="central").passes(1e-2)
    # A longer step helps, since a square has no third derivative.
    slopes = central_differences(hill, params[:10], eps=1e4)
    assert compare(slopes, right[:10]).passes(1e-4)


def test_a_loss_that_nothing_moves_has_gradient_zero_and_no_other():
    def flat(params):
        return 5.0 + 0.0 * params.sum()

    params = np.ones(3)
    for method in METHODS:
        assert check(np.zeros(3), flat, params, method=method).passes(EXACT)
        assert not check(np.full(3, 1e-12), flat, params, method=method).passes(CENTRAL)


MISTAKES = {
    "zero": lambda g: 0 * g,
    "NaN everywhere": lambda g: np.nan * g,
    "one NaN": lambda g: np.where(np.arange(g.size).reshape(g.shape) == 1, np.nan, g),
    "infinite": lambda g: np.inf * g,
    "sign": lambda g: -g,
    "mean for sum": lambda g: g / 14,
    "twice": lambda g: 2 * g,
    "transposed": lambda g: g.T,
    "one number for all": lambda g: np.full(g.shape, g.mean()),
    "a millionth too much": lambda g: 1.000001 * g,
    "upside down": lambda g: g[::-1],
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_gradient_fails(mistake, method):
    wrong = GRADIENT._replace(W_hh=MISTAKES[mistake](GRADIENT.W_hh))
    found = check(wrong, method=method)
    assert not found.passes(CENTRAL)
    # The other way round to write it must not let NaN slip through.
    assert found.error > CENTRAL
    assert not compare(wrong, GRADIENT).passes(CENTRAL)
    assert compare(wrong, GRADIENT).worst.name == "W_hh"


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_gradient_that_is_zero_or_nan_or_infinite_altogether_fails(value):
    wrong = Parameters(*(np.full(array.shape, value) for array in GRADIENT))
    for method in METHODS:
        assert not check(wrong, method=method).passes(0.99)
    assert not compare(wrong, GRADIENT).passes(0.99)


@pytest.mark.parametrize("shape", [(5, 1), (1, 5), (), (1,), (6,), (5, 5)])
def test_a_shape_that_would_broadcast_does_not_pass(shape):
    wrong = GRADIENT._replace(b_h=np.ones(shape))
    with pytest.raises(ValueError, match=r"^gradient\.b_h: expected shape \(5,\), got "):
        check(wrong)
    with pytest.raises(ValueError, match=r"^got\.b_h: expected shape \(5,\), got "):
        compare(wrong, GRADIENT)


@pytest.mark.parametrize("name", Parameters._fields)
def test_one_wrong_number_in_any_array_is_seen(name):
    """Of the whole gradient, a thousandth of its smallest array is still 1e-8 or more."""
    wrong = getattr(GRADIENT, name).copy()
    wrong.flat[0] += 1e-3 * np.abs(wrong).max()
    assert not check(GRADIENT._replace(**{name: wrong})).passes(EXACT)


def test_a_dict_in_another_order_is_the_same_gradient():
    params = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 5.0])}
    gradient = {"b": 2 * params["b"], "a": 3 * params["a"] ** 2}
    found = check(gradient, lambda p: (p["a"] ** 3).sum() + (p["b"] ** 2).sum(), params)
    assert found.passes(EXACT)
    assert compare(gradient, {"a": gradient["a"], "b": gradient["b"]}).passes(0.0)


def test_it_cannot_see_an_error_at_right_angles_to_every_direction():
    """Five directions among hundreds: most errors that are made for them would pass."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((5, 20))
    hidden = np.linalg.svd(directions)[2][-1]  # length 1, and orthogonal to all five
    params = np.linspace(-1, 1, 20)

    def cubes(params):
        return (params**3).sum()

    wrong = 3 * params**2 + hidden
    assert check(wrong, cubes, params).passes(EXACT)
    # Nobody makes such a mistake by chance: another generator sees it.
    assert not check(wrong, cubes, params, seed=1).passes(1e-3)
    assert not compare(wrong, complex_step(cubes, params)).passes(1e-3)


def test_it_cannot_see_what_plays_no_part_in_the_case_at_hand():
    """Messages dropped: right for T = 1, where there are none. So try longer sequences too."""

    def without_messages(case):
        trace = forward(*case)
        back = backward(case.params, trace)
        delta_a = (back.delta_h - back.message) * (1 - trace.h**2)
        rows = delta_a.reshape(-1, delta_a.shape[-1])
        before = trace.h_prev.reshape(rows.shape)
        return back.gradient._replace(W_hh=before.T @ rows)

    for T, passes in [(1, True), (2, False)]:
        case = random_case(T=T, N=2, n_x=3, n_h=5, n_y=7)
        found = check(without_messages(case), lambda p, case=case: loss(p, case), case.params)
        assert found.passes(EXACT) == passes


def test_it_cannot_see_a_wrong_loss_with_the_gradient_to_match():
    """A mean where a sum was meant, in both: only a check of the forward pass sees it."""

    def mean_loss(params):
        return loss(params) / 14

    half = Parameters(*(array / 14 for array in GRADIENT))
    assert check(half, mean_loss).passes(EXACT)
    assert not check(half, loss).passes(EXACT)


def test_it_cannot_see_an_error_below_the_noise_of_the_method():
    """With central differences: an error of 1e-10. With complex steps: one of 1e-16."""
    for factor, seen_by_complex in [(1 + 1e-10, True), (1 + 2e-16, False)]:
        wrong = Parameters(*(array * factor for array in GRADIENT))
        assert check(wrong, method="central").passes(CENTRAL)
        assert check(wrong, method="complex").passes(EXACT) != seen_by_complex


def test_it_cannot_see_a_small_number_that_is_wrong_beside_large_ones():
    """The error is measured by the whole gradient: look at every array by itself."""
    params = {"large": np.ones(3), "small": np.ones(3)}

    def unequal(params):
        return 1e9 * (params["large"] ** 2).sum() + 1e-9 * (params["small"] ** 2).sum()

    wrong = {"large": np.full(3, 2e9), "small": np.full(3, -2e-9)}
    assert check(wrong, unequal, params).passes(EXACT)
    found = compare(wrong, complex_step(unequal, params))
    assert not found.passes(EXACT)
    assert found.worst.name == "small"
    assert found.worst.error == pytest.approx(2.0)


def test_it_cannot_say_where_the_mistake_is_but_compare_can():
    wrong = GRADIENT.W_hh.copy()
    wrong[3, 1] += 1.0
    wrong = GRADIENT._replace(W_hh=wrong)
    assert not check(wrong).passes(EXACT)
    worst = compare(wrong, complex_step(loss, CASE.params)).worst
    assert (worst.name, worst.entry) == ("W_hh", (3, 1))
    assert worst.got - worst.wanted == pytest.approx(1.0)


def test_complex_step_cannot_see_through_what_drops_the_imaginary_part_by_halves():
    """`abs` beside a complex number gives a complex loss, with some slopes missing."""

    def with_a_penalty(params):
        return (params**2).sum() + np.abs(params).sum()

    params = np.array([1.0, -2.0])
    right = 2 * params + np.sign(params)
    assert not check(right, with_a_penalty, params).passes(0.1)
    assert check(right, with_a_penalty, params, method="central").passes(CENTRAL)


numbers = st.floats(-1e300, 1e300)
vectors = arrays(float, 3, elements=numbers)


@given(got=vectors, wanted=vectors)
def test_the_error_is_the_same_from_both_sides_and_at_most_two(got, wanted):
    error = relative_error(got, wanted)
    assert error == relative_error(wanted, got)
    assert 0 <= error <= 2 * (1 + 1e-15)


@given(wanted=vectors)
def test_what_is_equal_has_no_error_and_what_is_opposite_has_two(wanted):
    assert relative_error(wanted, wanted.copy()) == 0.0
    assert relative_error(-wanted, wanted) == pytest.approx(2.0 if wanted.any() else 0.0)


@given(wanted=vectors)
def test_nothing_against_something_is_off_by_one(wanted):
    expected = 1.0 if wanted.any() else 0.0
    assert relative_error(np.zeros(3), wanted) == expected


@pytest.mark.parametrize("factor", [1e-320, 1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_the_error_does_not_depend_on_the_unit(factor):
    """The squares of such numbers would be 0 or infinite."""
    got, wanted = np.array([3.0, 8.0]), np.array([3.0, 4.0])
    tolerance = 1e-2 if factor < 1e-308 else 1e-14  # the smallest numbers have few digits
    error = relative_error(factor * got, factor * wanted)
    assert error == pytest.approx(4 / np.sqrt(73), rel=tolerance)


@given(
    wanted=vectors,
    place=st.integers(0, 2),
    bad=st.sampled_from([np.nan, np.inf, -np.inf]),
    both=st.booleans(),
)
def test_nan_and_infinity_never_pass(wanted, place, bad, both):
    got = wanted.copy()
    got[place] = bad
    other = got if both else wanted
    for one, another in [(got, other), (other, got)]:
        assert relative_error(one, another) == np.inf
        found = compare(one, another)
        assert not found.passes(1e300)
        assert found.worst.entry == (place,)


def test_an_error_that_is_nan_does_not_pass():
    """`nan > tolerance` is false, and so is `nan <= tolerance`: only one of them is safe."""
    assert not Comparison((Row("a", np.nan, (0,), 1.0, 1.0),)).passes(1.0)
    assert not check(GRADIENT)._replace(error=np.nan).passes(1.0)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.float16, np.float32])
def test_small_types_do_not_overflow_or_wrap(dtype):
    got, wanted = np.array([3, 100], dtype), np.array([5, 100], dtype)
    assert relative_error(got, wanted) == pytest.approx(2 / np.hypot(5, 100))
    assert compare(got, wanted).worst.entry == (0,)


def test_both_numbers_are_printed_and_the_worst_entry_is_named():
    wrong = GRADIENT.W_hh.copy()
    wrong[3, 1] = 12.5
    lines = str(compare(GRADIENT._replace(W_hh=wrong), GRADIENT)).splitlines()
    assert lines[0].split() == ["error", "worst", "entry", "got", "wanted"]
    assert [line.split()[0] for line in lines[1:6]] == list(Parameters._fields)
    assert len({len(line) for line in lines[:6]}) == 1, "columns stand under each other"
    assert "[3, 1]" in lines[2]
    assert lines[2].split()[-2:] == ["12.5", f"{GRADIENT.W_hh[3, 1]:.8g}"]
    assert lines[-1].startswith("worst: W_hh[3, 1], ")


def test_a_lone_array_and_a_lone_number_are_printed_too():
    assert "array" in str(compare(np.ones(3), np.ones(3)))
    assert str(compare(1.0, 2.0)).splitlines()[-1] == "worst: array, 5.0e-01"


def test_a_check_along_directions_prints_both_numbers_of_each():
    found = check(Parameters(*(2 * array for array in GRADIENT)))
    lines = str(found).splitlines()
    assert len(lines) == 1 + 5 + 1
    for line in lines[1:-1]:
        claimed, measured = map(float, line.split())
        assert claimed == pytest.approx(2 * measured, rel=1e-6)
    assert lines[-1] == "relative error 5.0e-01"


@given(seed=seeds)
def test_directions_come_from_the_generator_alone(seed):
    one, other = check(GRADIENT, seed=seed, directions=2), check(GRADIENT, seed=seed, directions=2)
    np.testing.assert_array_equal(one.claimed, other.claimed)
    np.testing.assert_array_equal(one.measured, other.measured)


@pytest.mark.parametrize("differentiate", [complex_step, central_differences])
def test_the_loss_gets_copies_and_parameters_stay_as_they_are(differentiate):
    params, received = np.array([1.0, -2.0]), []

    def remember(given):
        received.append(given)
        return (given**2).sum()

    before = params.tobytes()
    differentiate(remember, params)
    assert not any(np.shares_memory(given, params) for given in received)
    assert params.tobytes() == before


def test_a_record_put_together_from_numbers_has_arrays_of_its_own():
    numbers = np.arange(3.0)
    record = rebuild({"b_h": np.zeros(2), "b_y": np.zeros(1)}, numbers)
    assert not any(np.shares_memory(array, numbers) for array in record.values())
