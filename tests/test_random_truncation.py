"""Truncation by lot: right on average, exactly, and the special cases that have names."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import Parameters, forward
from rnnlib.bptt import backward
from rnnlib.random_truncation import message_weights, weighted_backward
from rnnlib.truncation import truncated_backward
from test_paths import assert_all_close, lengths, seeds


def averaged(case, keep):
    """Take the mean over every pattern of cuts, each as often as it is drawn."""
    T, trace = len(case.x), forward(*case)
    mean = Parameters(*map(np.zeros_like, case.params))
    for pattern in product([0, 1], repeat=T - 1):
        through = np.array(pattern, float)
        chance = np.prod(np.where(through > 0, keep, 1 - keep))
        gradient = weighted_backward(case.params, trace, through / keep)
        mean = Parameters(*(m + chance * g for m, g in zip(mean, gradient, strict=True)))
    return mean


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("keep", [0.3, 0.8, 1.0])
def test_the_average_over_all_patterns_is_the_whole_gradient(T, keep):
    case = random_case(T=T)
    wanted = backward(case.params, forward(*case)).gradient
    assert_all_close(averaged(case, keep), wanted)


@given(seed=seeds, T=lengths)
def test_weights_of_one_drop_nothing_and_weights_of_zero_hand_on_nothing(seed, T):
    case = random_case(seed, T)
    trace = forward(*case)
    whole = weighted_backward(case.params, trace, np.ones(T - 1))
    assert_all_close(whole, backward(case.params, trace).gradient)
    alone = weighted_backward(case.params, trace, np.zeros(T - 1))
    assert_all_close(alone, truncated_backward(case.params, trace, 1, 1))


@given(seed=seeds, T=lengths, length=st.integers(1, 8))
def test_a_zero_before_each_block_is_truncation_by_blocks(seed, T, length):
    case = random_case(seed, T)
    trace = forward(*case)
    weights = np.array([(t + 1) % length > 0 for t in range(T - 1)], float)
    got = weighted_backward(case.params, trace, weights)
    assert_all_close(got, truncated_backward(case.params, trace, length, length))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_weights_are_zero_or_one_over_the_probability_and_one_on_average(keep):
    count = 20_001
    weights = message_weights(np.random.default_rng(3), count, keep)
    assert weights.shape == (count - 1,)
    assert np.all((weights == 0) | np.isclose(weights, 1 / keep))
    error = np.sqrt((1 / keep - 1) / (count - 1))  # of a mean, from the variance of one weight
    assert abs(weights.mean() - 1) < 4 * error


def test_a_probability_of_one_cuts_nothing():
    assert message_weights(np.random.default_rng(0), 5, 1).tolist() == [1.0] * 4


def test_float32_stays_float32():
    case = random_case(dtype=np.float32)
    weights = message_weights(np.random.default_rng(0), len(case.x), 0.5)
    gradient = weighted_backward(case.params, forward(*case), weights)
    assert {array.dtype for array in gradient} == {np.dtype(np.float32)}
