"""The bytes of a trace, of the way back, and of checkpoints: counted, not estimated.

NumPy tells Python's `tracemalloc` of every array, so that a peak is a sum of array sizes and of
a little that Python itself needs. One state of the networks here is larger than that little: one
state too many, and a test is red.
"""

import tracemalloc

import numpy as np
import pytest

from networks import random_case
from rnnlib import forward
from rnnlib.bptt import backward
from rnnlib.checkpoint import checkpointed_gradient
from rnnlib.truncation import truncated_backward

N, N_X, N_H, N_Y = 37, 23, 41, 29
N_PARAMETERS = (N_X + N_H + 1) * N_H + (N_H + 1) * N_Y
PYTHON = 4096  # records, views, numbers: a few dozen objects of about 100 bytes
FLOATS = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def case_of(T, dtype=np.float64, n_y=N_Y):
    """Draw a case in which one state takes more room than all objects of Python."""
    case = random_case(0, T, N, N_X, N_H, n_y, dtype)
    assert case.h_init.nbytes > PYTHON
    return case


def arrays_in(record):
    """Find every array in a record, and the array whose memory it looks at."""
    for value in record:
        if isinstance(value, np.ndarray):
            yield value if value.base is None else value.base
        elif isinstance(value, tuple):
            yield from arrays_in(value)


def bytes_held(record):
    """Add up the arrays of a record, each piece of memory once."""
    return sum({id(array): array.nbytes for array in arrays_in(record)}.values())


def peak_of(function, *args):
    """Measure the most bytes that a call holds at any moment, its result included."""
    function(*args)  # what is made once and then kept, such as caches, is there from now on
    tracemalloc.start()
    try:
        function(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@FLOATS
@pytest.mark.parametrize("T", [1, 2, 7])
def test_a_trace_holds_one_state_and_as_much_again_for_every_step(T, dtype):
    case = case_of(T, dtype)
    size = np.dtype(dtype).itemsize
    step = N * (N_X + 2 * N_H + 2 * N_Y) + 1  # x, state and a, z and y_hat, the loss
    targets = case.y.itemsize * N
    assert bytes_held(forward(*case)) == N * N_H * size + T * (step * size + targets)


@FLOATS
@pytest.mark.parametrize("T", [1, 2, 7])
def test_the_way_back_holds_the_gradient_and_as_much_again_for_every_step(T, dtype):
    case = case_of(T, dtype)
    back = backward(case.params, forward(*case))
    step = N * (N_Y + 3 * N_H + N_X)  # delta_z; message, delta_h and delta_a; delta_x
    wanted = N_PARAMETERS + N * N_H + T * step
    assert bytes_held(back) == wanted * np.dtype(dtype).itemsize


def test_the_views_of_a_trace_and_the_arguments_take_no_memory_again():
    case = case_of(7)
    trace = forward(*case)
    assert trace.x is case.x
    assert trace.y is case.y
    assert trace.h.base is trace.h_prev.base is trace.h_init.base is trace.states


@FLOATS
def test_the_peak_of_forward_grows_by_the_same_for_every_step(dtype):
    at = {T: peak_of(forward, *case_of(T, dtype)) for T in (12, 24, 36)}
    assert abs((at[36] - at[24]) - (at[24] - at[12])) <= PYTHON
    # States, a, z and y_hat stay; the loss takes two more rows of logits in passing.
    step = N * (2 * N_H + 2 * N_Y + 2 * N_Y + 2) * np.dtype(dtype).itemsize
    assert at[36] - at[24] <= 12 * step + PYTHON


@FLOATS
def test_the_peak_of_the_way_back_grows_by_the_same_for_every_step(dtype):
    cases = {T: case_of(T, dtype) for T in (12, 24, 36)}
    at = {T: peak_of(backward, case.params, forward(*case)) for T, case in cases.items()}
    assert abs((at[36] - at[24]) - (at[24] - at[12])) <= PYTHON
    # What stays, and in passing the slopes and what each loss says about its own state.
    step = N * (N_Y + 3 * N_H + N_X + 2 * N_H) * np.dtype(dtype).itemsize
    assert at[36] - at[24] <= 12 * step + PYTHON


def test_truncation_stores_no_cell_by_itself():
    """Its peak grows by the same for every step, where the triangle grows with the square."""
    cases = {T: case_of(T) for T in (12, 24, 36)}
    at = {
        T: peak_of(truncated_backward, case.params, forward(*case), 2, 9)
        for T, case in cases.items()
    }
    assert abs((at[36] - at[24]) - (at[24] - at[12])) <= PYTHON
    # delta_z, delta_a, the slopes and what each loss says about its own state.
    step = N * (N_Y + 3 * N_H) * 8
    assert at[36] - at[24] <= 12 * step + PYTHON


@FLOATS
def test_the_peak_of_checkpoints_grows_with_the_square_root_of_the_length(dtype):
    roots = (4, 8, 12)
    at = {root: peak_of(checkpointed_gradient, *case_of(root**2, dtype)) for root in roots}
    python = PYTHON + 12 * 256  # and an array and a slice for each segment
    assert abs((at[12] - at[8]) - (at[8] - at[4])) <= PYTHON
    # For each segment its checkpoint; for each step of one segment: state and a; z and
    # delta_z; the slopes and what each loss says; message, delta_h, delta_a; delta_x.
    size = np.dtype(dtype).itemsize
    step = N * (N_H + 2 * N_H + 2 * N_Y + 2 * N_H + 3 * N_H + N_X) * size
    # Whatever the length: the gradient so far, that of a segment and the next; two messages.
    always = (3 * N_PARAMETERS + 2 * N * N_H) * size
    assert all(at[root] <= root * step + always + python for root in roots)


def test_checkpoints_take_less_than_the_logits_of_all_steps():
    case = case_of(T=400, n_y=67)
    logits = 400 * N * 67 * 8
    assert peak_of(checkpointed_gradient, *case) < logits / 2
    assert bytes_held(forward(*case)) > 2 * logits
