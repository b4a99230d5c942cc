"""The forward pass against plain loops over plain numbers, and the laws it obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward

# Sums of at most 30 products of numbers of size 1 to 10 are off by about 30 × 1e-16 each;
# the recurrence passes that on a few times, and shrinks it where tanh is flat.
TOLERANCE = 1e-12

SCALAR_ACTIVATIONS = {
    "tanh": math.tanh,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "relu": lambda a: max(a, 0.0),
    "identity": lambda a: a,
}

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def forward_in_loops(params, x, y, h_init, activation):
    """Compute a, h, z, y_hat and the loss one number at a time, without NumPy."""
    W_xh, W_hh, W_hy, b_h, b_y = (array.tolist() for array in params)
    phi = SCALAR_ACTIVATIONS[activation]
    n_x, n_h, n_y = len(W_xh), len(W_hh), len(b_y)
    h_prev = h_init.tolist()
    steps = []
    for x_t, y_t in zip(x.tolist(), y.tolist(), strict=True):
        a, h, z, y_hat, loss = [], [], [], [], 0.0
        for n in range(len(x_t)):
            a_n, h_n, z_n = [], [], []
            for j in range(n_h):
                total = b_h[j]
                for i in range(n_x):
                    total += x_t[n][i] * W_xh[i][j]
                for i in range(n_h):
                    total += h_prev[n][i] * W_hh[i][j]
                a_n.append(total)
                h_n.append(phi(total))
            for k in range(n_y):
                total = b_y[k]
                for j in range(n_h):
                    total += h_n[j] * W_hy[j][k]
                z_n.append(total)
            top = max(z_n)
            partition = math.fsum(math.exp(z_k - top) for z_k in z_n)
            loss -= z_n[y_t[n]] - top - math.log(partition)
            a.append(a_n)
            h.append(h_n)
            z.append(z_n)
            y_hat.append([math.exp(z_k - top) / partition for z_k in z_n])
        steps.append((a, h, z, y_hat, loss))
        h_prev = h
    return [np.array(column) for column in zip(*steps, strict=True)]


def assert_same_trace(trace, expected, rtol=TOLERANCE):
    """Compare two traces field by field."""
    assert trace.activation == expected.activation
    for name in trace._fields[:-1]:
        got, wanted = getattr(trace, name), getattr(expected, name)
        assert got.shape == wanted.shape, name
        np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol, err_msg=name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_forward_equals_loops_over_numbers(T, activation):
    case = random_case(T=T)
    trace = forward(*case, activation)
    expected = forward_in_loops(*case, activation)
    for name, value in zip(("a", "h", "z", "y_hat", "loss"), expected, strict=True):
        np.testing.assert_allclose(
            getattr(trace, name), value, rtol=TOLERANCE, atol=TOLERANCE, err_msg=name
        )


@given(seed=seeds, T=lengths, N=sizes, n_x=sizes, n_h=sizes, n_y=sizes)
def test_forward_equals_loops_at_random_sizes(seed, T, N, n_x, n_h, n_y):
    case = random_case(seed, T, N, n_x, n_h, n_y)
    trace = forward(*case)
    *_, y_hat, loss = forward_in_loops(*case, "tanh")
    np.testing.assert_allclose(trace.y_hat, y_hat, rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_allclose(trace.loss, loss, rtol=TOLERANCE, atol=TOLERANCE)


@given(seed=seeds, T=lengths, N=sizes)
def test_batch_is_a_stack_of_single_sequences(seed, T, N):
    params, x, y, h_init = random_case(seed, T, N)
    trace = forward(params, x, y, h_init)
    singles = [
        forward(params, x[:, n : n + 1], y[:, n : n + 1], h_init[n : n + 1]) for n in range(N)
    ]
    for name in ("states", "a", "z", "y_hat"):
        stacked = np.concatenate([getattr(single, name) for single in singles], axis=1)
        np.testing.assert_allclose(getattr(trace, name), stacked, rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_allclose(trace.loss, sum(s.loss for s in singles), rtol=TOLERANCE)


@given(seed=seeds, T=lengths, N=sizes)
def test_permuted_samples_give_permuted_traces_and_the_same_loss(seed, T, N):
    params, x, y, h_init = random_case(seed, T, N)
    order = np.random.default_rng(seed).permutation(N)
    trace = forward(params, x, y, h_init)
    permuted = forward(params, x[:, order], y[:, order], h_init[order])
    expected = trace._replace(
        **{name: getattr(trace, name)[:, order] for name in trace._fields[:-2]}
    )
    assert_same_trace(permuted, expected)


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_split_in_time_with_the_state_handed_on_is_the_whole(seed, T, data):
    params, x, y, h_init = random_case(seed, T)
    cut = data.draw(st.integers(1, T - 1))
    whole = forward(params, x, y, h_init)
    first = forward(params, x[:cut], y[:cut], h_init)
    second = forward(params, x[cut:], y[cut:], first.h[-1])
    joined = whole._replace(
        **{
            name: np.concatenate([getattr(first, name), getattr(second, name)])
            for name in ("a", "z", "y_hat", "loss")
        },
        states=np.concatenate([first.states, second.h]),
    )
    assert_same_trace(joined, whole)


def test_state_before_the_first_input_is_zero_unless_given():
    params, x, y, h_init = random_case()
    assert_same_trace(forward(params, x, y), forward(params, x, y, np.zeros_like(h_init)))
    np.testing.assert_array_equal(forward(params, x, y, h_init).h_init, h_init)


def test_h_and_h_prev_are_views_of_one_array():
    trace = forward(*random_case())
    assert np.shares_memory(trace.h, trace.states)
    assert np.shares_memory(trace.h_prev, trace.states)
    assert np.shares_memory(trace.h_init, trace.states)
    np.testing.assert_array_equal(trace.h[:-1], trace.h_prev[1:])


def test_float32_stays_float32():
    trace = forward(*random_case(dtype=np.float32))
    for name in ("x", "states", "a", "z", "y_hat", "loss"):
        assert getattr(trace, name).dtype == np.float32, name
    # Nor does a state that is not given bring in another type.
    assert forward(*random_case(dtype=np.float32)[:3]).states.dtype == np.float32
    # 24 bits: about 6e-8 for each of a few dozen roundings in a row.
    exact = forward(*(random_case(dtype=np.float32)._replace(x=trace.x.astype(np.float64))))
    np.testing.assert_allclose(trace.y_hat, exact.y_hat, atol=1e-5)


@pytest.mark.parametrize("wide", ["params", "x", "h_init"])
def test_one_argument_in_float64_is_enough_for_float64(wide):
    case = random_case()
    mixed = random_case(dtype=np.float32)._replace(**{wide: getattr(case, wide)})
    trace = forward(*mixed)
    for name in ("states", "a", "z", "y_hat", "loss"):
        assert getattr(trace, name).dtype == np.float64, name
    np.testing.assert_allclose(trace.y_hat, forward(*case).y_hat, atol=1e-5)  # as above


def test_no_argument_is_modified():
    case = random_case()
    arrays = [*case.params, case.x, case.y, case.h_init]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    trace = forward(*case)
    assert [array.tobytes() for array in arrays] == before
    assert not np.shares_memory(trace.states, case.h_init)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity"])
def test_complex_step_gives_the_slope_of_the_loss(activation):
    """A complex input passes through, and its imaginary part is a derivative."""
    params, x, y, h_init = random_case(T=2)
    rng = np.random.default_rng(1)
    direction = rng.standard_normal(x.shape)
    step = 1e-30  # no difference is taken, so nothing cancels
    trace = forward(params, x + 1j * step * direction, y, h_init, activation)
    slope = trace.loss.sum().imag / step

    def loss(eps):
        return forward(params, x + eps * direction, y, h_init, activation).loss.sum()

    # A central difference at 1e-5 is off by 1e-10 from its formula and from rounding.
    central = (loss(1e-5) - loss(-1e-5)) / 2e-5
    assert slope == pytest.approx(central, rel=1e-7)
