"""The gradient from few states is the gradient from all of them."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, Parameters, checkpoint, forward
from rnnlib.bptt import backward
from rnnlib.checkpoint import checkpointed_gradient
from test_paths import (
    STEP,
    assert_all_close,
    assert_close,
    lengths,
    seeds,
    sizes,
    small_case,
    step_by_step,
    triangle_by_complex_steps,
)

strides = st.none() | st.integers(1, 9)  # some longer than the sequence


@pytest.fixture
def walks(monkeypatch):
    """Watch each walk forward through a segment: list the states that it computes."""
    seen = []

    def watched(*args):
        trace = recurrent_forward(*args)
        seen.append(trace.states)
        return trace

    recurrent_forward = checkpoint.recurrent_forward
    monkeypatch.setattr(checkpoint, "recurrent_forward", watched)
    return seen


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_gradient_equals_the_complex_step(T, activation):
    params, x, y, h_init = case = small_case(T)
    cells = triangle_by_complex_steps(case, activation)
    wanted = Parameters(*(values.sum(axis=(0, 1)) for values in cells))

    # One network for each number of h_init that is moved.
    nudges = 1j * STEP * np.eye(h_init.size).reshape(-1, *h_init.shape)
    losses = [loss for _, loss in step_by_step([params] * T, x, y, h_init + nudges, activation)]
    wanted_init = sum(losses).imag.reshape(h_init.shape) / STEP

    for stride in (None, 1, 2, 3, 7, 8):
        got = checkpointed_gradient(*case, activation, stride)
        assert_all_close(got.gradient, wanted)
        assert_close(got.delta_h_init, wanted_init, "h_init")
        assert got.loss == pytest.approx(sum(losses).real[0], rel=1e-12)


@given(seed=seeds, T=lengths, N=sizes, stride=strides)
def test_checkpoints_change_nothing_but_the_rounding(seed, T, N, stride):
    case = random_case(seed, T, N)
    trace = forward(*case)
    stored = backward(case.params, trace)
    got = checkpointed_gradient(*case, stride=stride)
    # The sums over steps are taken in another order: a few hundred roundings of 1e-16.
    for part, wanted in zip(got.gradient, stored.gradient, strict=True):
        np.testing.assert_allclose(part, wanted, rtol=0, atol=1e-13 * np.abs(wanted).max())
    np.testing.assert_allclose(got.delta_h_init, stored.delta_h_init, rtol=1e-10, atol=1e-13)
    assert got.loss == pytest.approx(trace.loss.sum(), rel=1e-13)


@pytest.mark.parametrize("stride", [None, 1, 2, 3, 5, 7, 8])
def test_states_are_computed_again_to_the_last_bit(walks, stride):
    case = random_case()
    checkpointed_gradient(*case, stride=stride)
    stride = stride or 3
    count = math.ceil(7 / stride)
    first, again = walks[: count - 1], walks[count - 1 :][::-1]
    assert len(again) == count
    for once, twice in zip(first, again, strict=False):  # the last segment is walked once
        assert once.tobytes() == twice.tobytes()
    for earlier, later in pairwise(again):
        assert earlier[-1].tobytes() == later[0].tobytes()
    joined = np.concatenate([case.h_init[np.newaxis], *(states[1:] for states in again)])
    np.testing.assert_allclose(joined, forward(*case).states, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("T", "stride", "steps", "held"),
    [(36, None, 66, 13), (36, 4, 68, 14), (37, None, 72, 14), (1, None, 1, 3), (7, 1, 13, 9)],
)
def test_every_state_but_those_of_the_last_segment_is_computed_twice(walks, T, stride, steps, held):
    checkpointed_gradient(*random_case(T=T, N=1), stride=stride)
    again = [len(states) for states in walks[len(walks) // 2 :]]
    assert sum(len(states) - 1 for states in walks) == steps
    # One state before each segment, and those of the segment at work.
    assert len(again) + max(again) == held


def test_the_default_stride_is_the_square_root_rounded_up(walks):
    for T in range(1, 20):
        walks.clear()
        checkpointed_gradient(*random_case(T=T, N=1, n_h=2))
        assert max(len(states) - 1 for states in walks) == math.ceil(math.sqrt(T))


def test_state_before_the_first_input_is_zero_unless_given():
    params, x, y, h_init = random_case()
    plain = checkpointed_gradient(params, x, y)
    zeros = checkpointed_gradient(params, x, y, np.zeros_like(h_init))
    assert plain.loss == zeros.loss
    for left, right in zip(plain.gradient, zeros.gradient, strict=True):
        np.testing.assert_array_equal(left, right)


def test_float32_stays_float32():
    case = random_case(dtype=np.float32)
    for arguments in (case, case[:3]):  # with a state given, and without
        got = checkpointed_gradient(*arguments)
        arrays = [got.loss, *got.gradient, got.delta_h_init]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
