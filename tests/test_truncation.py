"""Truncated BPTT against cells of the triangle, and against runs whose state is detached."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, Parameters, forward
from rnnlib.bptt import backward
from rnnlib.paths import triangle
from rnnlib.truncation import kept_cells, truncated_backward
from test_paths import (
    STEP,
    assert_all_close,
    lengths,
    nudged_one_by_one,
    seeds,
    small_case,
    step_by_step,
)


@st.composite
def truncations(draw, T=None):
    """Draw a length and the two numbers of a truncation, some longer than the sequence."""
    every = draw(st.integers(1, 8))
    return draw(lengths) if T is None else T, every, draw(st.integers(every, 9))


def sum_of_kept(cells, kept):
    """Add up the cells of a triangle that are kept."""
    return Parameters(*(values[kept].sum(axis=0) for values in cells))


def detached_by_complex_steps(case, every, reach, activation):
    """Run each block by itself, from a state that does not know how it came about.

    The imaginary part of a number is what it knows of the nudge. A run begins at the step to
    which the losses of the block reach back, with the plain state that an unmoved run finds
    there, and only the losses of the block are read.
    """
    params, x, y, h_init = case
    T = len(x)
    plain = [h_init, *(h for h, _ in step_by_step([params] * T, x, y, h_init, activation))]
    found = {}
    for name, array in params._asdict().items():
        moved = nudged_one_by_one(params, name)
        slope = np.zeros(array.size)
        for block in range(0, T, every):
            cut = max(0, block - (reach - every))
            run = step_by_step([moved] * (T - cut), x[cut:], y[cut:], plain[cut], activation)
            losses = [loss.imag / STEP for _, loss in run]
            slope += sum(losses[block - cut : block - cut + every])
        found[name] = slope.reshape(array.shape)
    return Parameters(**found)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_truncation_equals_runs_with_the_state_detached(T, activation):
    case = small_case(T)
    trace = forward(*case, activation)
    for every, reach in [(1, 1), (1, 3), (2, 2), (2, 5), (3, 3), (3, 4), (7, 7), (9, 9)]:
        got = truncated_backward(case.params, trace, every, reach)
        assert_all_close(got, detached_by_complex_steps(case, every, reach, activation))


@given(seed=seeds, truncation=truncations())
def test_truncation_is_the_sum_of_the_kept_cells(seed, truncation):
    T, every, reach = truncation
    case = random_case(seed, T)
    trace = forward(*case)
    wanted = sum_of_kept(triangle(case.params, trace), kept_cells(T, every, reach))
    assert_all_close(truncated_backward(case.params, trace, every, reach), wanted)


@given(truncation=truncations())
def test_a_cell_is_kept_where_the_loss_is_not_earlier_and_its_block_reaches(truncation):
    """The definition once more, by walking: each full block takes `reach` steps."""
    T, every, reach = truncation
    walked = set()
    for block in range(0, T, every):
        full = range(block, block + every)  # may run past the end of the sequence
        for k in reversed(range(full[-1] - reach + 1, full[-1] + 1)):
            walked |= {(t, k) for t in full if k <= t < T and k >= 0}
    assert set(zip(*np.nonzero(kept_cells(T, every, reach)), strict=True)) == walked


@given(T=lengths, tau=st.integers(1, 9))
def test_blocks_of_one_are_a_sliding_window(T, tau):
    t, k = np.indices((T, T))
    np.testing.assert_array_equal(kept_cells(T, 1, tau), (t - tau < k) & (k <= t))


@given(seed=seeds, T=lengths, length=st.integers(1, 8))
def test_equal_lengths_hand_on_the_state_and_no_gradient(seed, T, length):
    """What a training loop does that cuts a long sequence: also where the last piece is short."""
    params, x, y, h_init = case = random_case(seed, T)
    wanted, h = Parameters(*map(np.zeros_like, params)), h_init
    for start in range(0, T, length):
        piece = forward(params, x[start : start + length], y[start : start + length], h)
        gradient = backward(params, piece).gradient
        wanted = Parameters(*(w + g for w, g in zip(wanted, gradient, strict=True)))
        h = piece.h[-1]
    assert_all_close(truncated_backward(params, forward(*case), length, length), wanted)


@given(seed=seeds, T=lengths)
def test_a_reach_of_one_is_each_step_by_itself(seed, T):
    params, *_ = case = random_case(seed, T)
    trace = forward(*case)
    by_hand = Parameters(*map(np.zeros_like, params))
    for t in range(T):
        # One slice of time: no message comes back from the next.
        delta_z = trace.y_hat[t] - np.eye(trace.z.shape[-1])[case.y[t]]
        delta_a = (delta_z @ params.W_hy.T) * (1 - trace.h[t] ** 2)
        by_hand.W_xh[:] += trace.x[t].T @ delta_a
        by_hand.W_hh[:] += trace.h_prev[t].T @ delta_a
        by_hand.W_hy[:] += trace.h[t].T @ delta_z
        by_hand.b_h[:] += delta_a.sum(axis=0)
        by_hand.b_y[:] += delta_z.sum(axis=0)
    assert_all_close(truncated_backward(params, trace, 1, 1), by_hand)


@given(seed=seeds, T=lengths, every=st.integers(1, 8), more=st.integers(0, 3))
def test_a_walk_to_the_first_step_drops_nothing(seed, T, every, more):
    case = random_case(seed, T)
    trace = forward(*case)
    reach = -(-T // every) * every + more  # T, rounded up to whole blocks
    assert kept_cells(T, every, reach).sum() == T * (T + 1) // 2
    got = truncated_backward(case.params, trace, every, reach)
    assert_all_close(got, backward(case.params, trace).gradient)


@given(seed=seeds, truncation=truncations(T=7))
def test_the_output_weights_lose_nothing_and_the_others_something(seed, truncation):
    T, every, reach = truncation
    case = random_case(seed, T)
    trace = forward(*case)
    whole = backward(case.params, trace).gradient
    got = truncated_backward(case.params, trace, every, reach)
    dropped = kept_cells(T, every, reach).sum() < T * (T + 1) // 2
    for name, wanted in whole._asdict().items():
        same = np.allclose(getattr(got, name), wanted, rtol=1e-10, atol=0)
        assert same == (name in ("W_hy", "b_y") or not dropped), name


def test_float32_stays_float32():
    case = random_case(dtype=np.float32)
    gradient = truncated_backward(case.params, forward(*case), 2, 3)
    assert {array.dtype for array in gradient} == {np.dtype(np.float32)}
