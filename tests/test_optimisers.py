"""Updates against two steps by hand and loops over plain numbers, and the laws they obey."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layer_oracles import assert_all_close, random_network, random_targets, widened
from networks import random_case
from rnnlib.adam import AdamState, adam, init_adam
from rnnlib.clipping import clip_by_norm, global_norm
from rnnlib.network import network_backward, network_forward
from rnnlib.optimisers import adagrad, momentum, sgd
from rnnlib.updates import arrays_of, each_array, zeros_like

seeds = st.integers(0, 2**31)
sizes = st.integers(1, 7)


def with_sgd(params, gradient, state, learning_rate):
    """Give gradient descent a state, so that all four are called alike."""
    return sgd(params, gradient, learning_rate), state


RULES = {"sgd": with_sgd, "momentum": momentum, "adagrad": adagrad, "adam": adam}
each_rule = pytest.mark.parametrize("name", RULES)


def begin(name, params):
    """Make the state in which a rule begins."""
    return init_adam(params) if name == "adam" else zeros_like(params)


def train(name, params, gradients, learning_rate=0.1):
    """Take one step for each gradient; return the parameters after every step."""
    state, path = begin(name, params), []
    for gradient in gradients:
        params, state = RULES[name](params, gradient, state, learning_rate)
        path.append(params)
    return path


def draw(seed, steps=1, kind="network", dtype=np.float64):
    """Draw parameters, and gradients of very different sizes, one for each step."""
    if kind == "network":
        params, *_ = random_network(seed, dtype=dtype)
    else:
        params, *_ = random_case(seed, dtype=dtype)
    rng = np.random.default_rng(seed + 3)

    def noise(array):
        return (rng.standard_normal(array.shape) * 10 ** rng.uniform(-3, 3)).astype(array.dtype)

    return params, [each_array(noise, params) for _ in range(steps)]


def away_from_zero(slope):
    """Make every slope 1 or more in size: epsilon is small beside it."""
    return np.where(slope < 0, slope - 1, slope + 1)


# From 1, with slopes 3 and 4, at the rate 0.1.
BY_HAND = {
    "sgd": (1 - 0.3, 1 - 0.3 - 0.4),
    "momentum": (1 - 0.1 * 3, 1 - 0.1 * 3 - 0.1 * (0.9 * 3 + 4)),
    # Sums 9 and 25, roots 3 and 5: epsilon is 1e-10 beside them.
    "adagrad": (1 - 0.1 * 3 / 3, 1 - 0.1 * 3 / 3 - 0.1 * 4 / 5),
    # Means 0.3 of 0.1 and 0.67 of 0.19; squares 0.009 of 0.001 and 0.024991 of 0.001999.
    "adam": (0.9, 0.9 - 0.1 * (0.67 / 0.19) / math.sqrt(0.024991 / 0.001999)),
}


@each_rule
def test_two_steps_are_those_taken_by_hand(name):
    path = train(name, np.array([1.0]), [np.array([3.0]), np.array([4.0])])
    # Epsilon, 1e-8 at most, stands beside a root of 3 at least.
    assert [params.item() for params in path] == pytest.approx(BY_HAND[name], rel=1e-8)


def steps_in_loops(name, value, slopes, learning_rate):
    """Train a single plain number."""
    speed = squares = mean = square = 0.0
    for k, slope in enumerate(slopes, start=1):
        if name == "sgd":
            value -= learning_rate * slope
        elif name == "momentum":
            speed = 0.9 * speed + slope
            value -= learning_rate * speed
        elif name == "adagrad":
            squares += slope**2
            value -= learning_rate * slope / (math.sqrt(squares) + 1e-10)
        else:
            mean = 0.9 * mean + 0.1 * slope
            square = 0.999 * square + 0.001 * slope**2
            unbiased = mean / (1 - 0.9**k), square / (1 - 0.999**k)
            value -= learning_rate * unbiased[0] / (math.sqrt(unbiased[1]) + 1e-8)
    return value


@each_rule
@pytest.mark.parametrize("kind", ["network", "parameters"])
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_steps_equal_loops_over_numbers(name, kind, steps):
    params, gradients = draw(steps, steps, kind)
    # Slopes of zero, too: there is no 0/0.
    gradients[0] = each_array(lambda slope: slope * (np.abs(slope) > 1e-2), gradients[0])
    found = train(name, params, gradients)[-1]
    for place, array in enumerate(arrays_of(params)):
        slopes = [arrays_of(gradient)[place] for gradient in gradients]
        wanted = [
            steps_in_loops(name, value, [slope.flat[i].item() for slope in slopes], 0.1)
            for i, value in enumerate(array.ravel().tolist())
        ]
        got = arrays_of(found)[place]
        # 1 - 0.999^k loses three digits to cancellation, here and there in the same way.
        np.testing.assert_allclose(got.ravel(), wanted, rtol=1e-12, atol=1e-12 * np.ptp(wanted))


@each_rule
@given(seed=seeds, steps=sizes)
def test_a_record_is_updated_like_one_long_array(name, seed, steps):
    params, gradients = draw(seed, steps)

    def flat(record):
        return np.concatenate([array.ravel() for array in arrays_of(record)])

    found = train(name, params, gradients)[-1]
    whole = train(name, flat(params), [flat(gradient) for gradient in gradients])[-1]
    np.testing.assert_array_equal(flat(found), whole)


@given(seed=seeds, steps=sizes)
def test_velocity_is_a_fading_sum_of_the_gradients(seed, steps):
    params, gradients = draw(seed, steps)
    state = zeros_like(params)
    for gradient in gradients:
        params, state = momentum(params, gradient, state, 0.1, decay=0.5)
    for place, velocity in enumerate(arrays_of(state)):
        parts = [arrays_of(gradient)[place] for gradient in gradients]
        wanted = sum(0.5 ** (steps - 1 - k) * part for k, part in enumerate(parts))
        np.testing.assert_allclose(velocity, wanted, rtol=1e-12, atol=1e-12)


def test_under_a_constant_slope_momentum_makes_a_step_ten_times_as_long():
    path = train("momentum", np.zeros(1), [np.ones(1)] * 400, learning_rate=1.0)
    # What is still missing after 400 steps is 0.9^400 < 1e-18.
    assert path[-2] - path[-1] == pytest.approx(10, rel=1e-12)


@given(seed=seeds)
def test_the_first_step_of_adam_is_the_rate_times_the_sign(seed):
    params, [gradient] = draw(seed)
    gradient = each_array(away_from_zero, gradient)
    [after] = train("adam", zeros_like(params), [gradient], learning_rate=0.1)
    for step, slope in zip(arrays_of(after), arrays_of(gradient), strict=True):
        # Epsilon is 1e-8 beside a slope of 1.
        np.testing.assert_allclose(step, -0.1 * np.sign(slope), rtol=2e-8)


@pytest.mark.parametrize("slope", [-500.0, 2.0])
def test_under_a_constant_slope_each_step_is_known(slope):
    """Adam keeps its first length; AdaGrad divides it by the root of the number of steps."""
    gradients = [np.array([slope])] * 7
    steps = np.arange(1, 8)
    for name, lengths in (("adam", 0.1 + 0 * steps), ("adagrad", 0.1 / np.sqrt(steps))):
        path = np.concatenate([[0.0], *train(name, np.zeros(1), gradients)])
        np.testing.assert_allclose(np.diff(path), -np.sign(slope) * lengths, rtol=1e-8)


@pytest.mark.parametrize("name", ["adagrad", "adam"])
@given(seed=seeds, exponent=st.integers(-8, 8), steps=sizes)
def test_a_loss_in_other_units_gives_the_same_steps(name, seed, exponent, steps):
    params, gradients = draw(seed, steps)
    gradients = [each_array(away_from_zero, gradient) for gradient in gradients]
    scaled = [each_array(lambda slope: 2.0**exponent * slope, g) for g in gradients]
    one, other = (train(name, zeros_like(params), many)[-1] for many in (gradients, scaled))
    for got, wanted in zip(arrays_of(other), arrays_of(one), strict=True):
        # Slopes are 2^-8 at least, and epsilon is 1e-8 at most: 2.6e-6 of a step of 0.1 or less,
        # 7 times.
        np.testing.assert_allclose(got, wanted, rtol=0, atol=7 * 2.6e-7)


@each_rule
def test_every_rule_lowers_the_loss_of_a_network(name):
    params, x, h_init = random_network(T=2)
    y = random_targets("cross_entropy", 2)
    state, losses = begin(name, params), []
    for _ in range(30):
        trace = network_forward(params, x, y, h_init)
        losses.append(trace.loss.sum())
        gradient, _ = clip_by_norm(network_backward(params, trace).gradient, 1.0)
        params, state = RULES[name](params, gradient, state, 0.05)
    assert losses[-1] < 0.5 * losses[0]


@each_rule
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept_even_with_a_rate_from_numpy(name, dtype):
    params = random_network(dtype=dtype)[0]
    gradient = each_array(np.ones_like, params)
    state = begin(name, params)
    found, after = RULES[name](params, gradient, state, np.float64(0.1))
    assert type(found) is type(params)
    assert type(found.front) is type(params.front)
    assert type(after) is type(state)
    records = [found, *(after[1:] if name == "adam" else [after])]
    assert {a.dtype for record in records for a in arrays_of(record)} == {np.dtype(dtype)}


@each_rule
def test_parameters_keep_their_type_beside_a_gradient_of_another(name):
    params = random_network(dtype=np.float32)[0]
    gradient = widened(each_array(np.ones_like, params))
    found, _ = RULES[name](params, gradient, begin(name, gradient), 0.1)
    assert {array.dtype for array in arrays_of(found)} == {np.dtype(np.float32)}


@each_rule
def test_float32_stays_close(name):
    params, gradients = draw(0, 7, dtype=np.float32)
    found = train(name, params, gradients)[-1]
    wanted = train(name, widened(params), [widened(gradient) for gradient in gradients])[-1]
    # 7 steps of at most 8 roundings, 6e-8 each.
    assert_all_close(widened(found), wanted, tolerance=3.4e-6)


@each_rule
def test_what_comes_out_shares_no_memory_with_what_went_in(name):
    params, [gradient] = draw(0)
    state = begin(name, params)
    found, after = RULES[name](params, gradient, state, 0.1)
    new = arrays_of(found)
    if name == "adam":
        new += [*arrays_of(after.mean), *arrays_of(after.square)]
        state = (state.mean, state.square)
    elif name != "sgd":
        new += arrays_of(after)
    old = [*arrays_of(params), *arrays_of(gradient), *arrays_of(state)]
    assert not any(np.shares_memory(one, other) for one in new for other in old)


def test_adam_counts_its_steps():
    params, gradients = draw(0, 3)
    state = init_adam(params)
    assert state == AdamState(0, state.mean, state.square)
    for k, gradient in enumerate(gradients, start=1):
        params, state = adam(params, gradient, state, 0.1)
        assert state.steps == k


def numbers_in(record):
    """List all the numbers of a record, as plain floats."""
    return [number for array in arrays_of(record) for number in array.ravel().tolist()]


@given(seed=seeds, max_norm=st.floats(1e-3, 1e5))
def test_clipping_shortens_and_keeps_the_direction(seed, max_norm):
    _, [gradient] = draw(seed)
    length = math.hypot(*numbers_in(gradient))
    clipped, norm = clip_by_norm(gradient, max_norm)
    assert norm == pytest.approx(length, rel=1e-12)
    factor = min(1, max_norm / length)
    np.testing.assert_allclose(
        numbers_in(clipped), [factor * number for number in numbers_in(gradient)], rtol=1e-12
    )
    assert math.hypot(*numbers_in(clipped)) <= max_norm * (1 + 1e-12)
    # And once is enough.
    again, shortened = clip_by_norm(clipped, max_norm)
    np.testing.assert_allclose(numbers_in(again), numbers_in(clipped), rtol=1e-12)
    assert shortened == pytest.approx(factor * length, rel=1e-12)


def test_a_short_gradient_is_left_as_it_is():
    _, [gradient] = draw(0)
    norm = global_norm(gradient)
    for limit in (norm, 2 * norm):
        clipped, same = clip_by_norm(gradient, limit)
        assert numbers_in(clipped) == numbers_in(gradient)
        assert same == norm


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_a_gradient_whose_squares_cannot_be_stored_still_has_a_norm(size):
    gradient = np.array([3 * size, -4 * size])
    clipped, norm = clip_by_norm(gradient, size)
    assert norm == pytest.approx(5 * size, rel=1e-15)
    np.testing.assert_allclose(clipped, [0.6 * size, -0.8 * size], rtol=1e-15)


def test_the_greatest_gradient_of_float32_is_clipped():
    in_float32 = np.full(4, 3e38, np.float32)
    clipped, norm = clip_by_norm(in_float32, 1.0)
    assert norm == pytest.approx(6e38, rel=1e-6)
    # The factor is below the smallest normal number of float32, and so has fewer digits.
    np.testing.assert_allclose(clipped, np.full(4, 0.5, np.float32), rtol=1e-5)


def test_a_gradient_of_zeros_has_norm_zero_and_stays():
    params, _ = draw(0)
    clipped, norm = clip_by_norm(zeros_like(params), 1.0)
    assert norm == 0
    assert not any(numbers_in(clipped))


def test_zeros_are_like_the_record_and_arrays_are_in_order():
    params, _ = draw(0)
    zeros = zeros_like(params)
    assert type(zeros) is type(params)
    for zero, array in zip(arrays_of(zeros), arrays_of(params), strict=True):
        assert zero.shape == array.shape
        assert zero.dtype == array.dtype
        assert not zero.any()
    assert [id(array) for array in arrays_of(params)] == [
        id(array) for layer in params for array in layer
    ]
