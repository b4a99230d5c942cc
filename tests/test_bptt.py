"""BPTT against complex steps through independent loops, and the laws it obeys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward, per_step, state_jacobian

# A complex step has no truncation error, and each number is a sum of at most a few hundred
# products of size 1: 1e-13 or so, relative to the largest. The issue asks for 1e-10.
TOLERANCE = 1e-10
STEP = 1e-30

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def loss_with_nudges(case, nudges, activation):
    """Run the network one step at a time, and add a nudge to each value where it arises.

    `nudges` maps the name of a value to what is added to it at each step. A nudge of a
    parameter at step t is a nudge of the copy of it that step t uses. Two names are special:
    "h" is the whole state; "message" is the state that later steps see, but not its own loss.
    """
    params, x, y, h_init = case
    phi = {**ACTIVATIONS, "relu": lambda a: a * (a.real > 0)}[activation]
    steps = {name: iter(value) for name, value in nudges.items()}

    def nudged(name, value):
        return value + next(steps[name]) if name in steps else value

    h_prev = nudged("h_init", h_init)
    loss = 0
    for x_t, y_t in zip(x, y, strict=True):
        W_xh, W_hh, W_hy, b_h, b_y = (nudged(*item) for item in params._asdict().items())
        a_t = nudged("a", nudged("x", x_t) @ W_xh + h_prev @ W_hh + b_h)
        h_t = nudged("h", phi(a_t))
        z_t = nudged("z", h_t @ W_hy + b_y)
        weights = np.exp(z_t)
        loss -= np.log(weights[np.arange(len(y_t)), y_t] / weights.sum(axis=1)).sum()
        h_prev = nudged("message", h_t)
    return loss


def slopes(case, name, shape, activation):
    """Differentiate the total loss by every number of a value, by complex steps."""
    found = np.empty(shape)
    for index in np.ndindex(shape):
        nudge = np.zeros(shape, complex)
        nudge[index] = 1j * STEP
        found[index] = loss_with_nudges(case, {name: nudge}, activation).imag / STEP
    return found


def assert_close(got, wanted, name):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape, name
    error = np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
    assert error <= TOLERANCE, f"{name}: relative error {error:.1e}"


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_delta_equals_the_complex_step(T, activation):
    case = random_case(T=T, n_h=7)
    back = backward(case.params, forward(*case, activation))
    for value in ("x", "a", "h", "z", "message"):
        got = back.message if value == "message" else getattr(back, f"delta_{value}")
        assert_close(got, slopes(case, value, got.shape, activation), value)
    wanted = slopes(case, "h_init", (1, *case.h_init.shape), activation)[0]
    assert_close(back.delta_h_init, wanted, "h_init")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_share_of_every_step_equals_the_complex_step_on_its_own_copy(T, activation):
    case = random_case(T=T, N=2, n_x=3, n_h=5, n_y=7)
    trace = forward(*case, activation)
    back = backward(case.params, trace)
    shares = per_step(trace, back)
    for name, share in shares._asdict().items():
        assert_close(share, slopes(case, name, share.shape, activation), name)
        assert_close(getattr(back.gradient, name), share.sum(axis=0), name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_jacobian_is_the_derivative_of_a_state_by_the_state_before(activation):
    case = random_case(T=2)
    params, x, y, h_init = case
    jacobian = state_jacobian(params, forward(*case, activation))[0]
    for i in range(h_init.shape[1]):
        nudged = h_init.astype(complex)
        nudged[:, i] += 1j * STEP
        column = forward(params, x, y, nudged, activation).h[0].imag / STEP
        np.testing.assert_allclose(jacobian[:, :, i], column, rtol=TOLERANCE, atol=1e-14)


def test_the_last_step_hears_nothing_and_every_other_step_hears_the_next():
    case = random_case()
    back = backward(case.params, forward(*case))
    assert not back.message[-1].any()
    heard = back.delta_a[1:] @ case.params.W_hh.T
    np.testing.assert_allclose(back.message[:-1], heard, rtol=TOLERANCE)
    np.testing.assert_allclose(back.delta_h_init, back.delta_a[0] @ case.params.W_hh.T)


@given(seed=seeds, T=lengths, N=sizes)
def test_the_gradient_of_a_batch_is_the_sum_over_its_sequences(seed, T, N):
    params, x, y, h_init = random_case(seed, T, N)
    whole = backward(params, forward(params, x, y, h_init))
    singles = [
        backward(params, forward(params, x[:, [n]], y[:, [n]], h_init[[n]])) for n in range(N)
    ]
    for name, got in whole.gradient._asdict().items():
        assert_close(sum(getattr(single.gradient, name) for single in singles), got, name)
    for name in ("delta_z", "message", "delta_h", "delta_a", "delta_x"):
        stacked = np.concatenate([getattr(single, name) for single in singles], axis=1)
        assert_close(stacked, getattr(whole, name), name)


@given(seed=seeds, T=lengths, n_h=sizes)
def test_a_step_along_the_gradient_changes_the_loss_by_its_square(seed, T, n_h):
    """The adjoint test: a directional derivative is a scalar product with the gradient."""
    case = random_case(seed, T, n_h=n_h)
    gradient = backward(case.params, forward(*case)).gradient
    rng = np.random.default_rng(seed)
    directions = [rng.standard_normal(array.shape) for array in case.params]
    moved = case._replace(
        params=type(case.params)(
            *(p + 1j * STEP * v for p, v in zip(case.params, directions, strict=True))
        )
    )
    slope = forward(*moved).loss.sum().imag / STEP
    product = sum((g * v).sum() for g, v in zip(gradient, directions, strict=True))
    size = sum((np.abs(g) * np.abs(v)).sum() for g, v in zip(gradient, directions, strict=True))
    assert abs(slope - product) <= TOLERANCE * size


def test_the_way_back_leaves_the_trace_as_it_was():
    case = random_case()
    trace = forward(*case)
    before = [value.tobytes() for value in trace[:-1]]
    per_step(trace, backward(case.params, trace))
    state_jacobian(case.params, trace)
    assert [value.tobytes() for value in trace[:-1]] == before


def test_float32_stays_float32_and_stays_close():
    case = random_case(dtype=np.float32)
    back = backward(case.params, forward(*case))
    exact_case = case._replace(
        params=type(case.params)(*(p.astype(np.float64) for p in case.params)),
        x=case.x.astype(np.float64),
        h_init=case.h_init.astype(np.float64),
    )
    exact = backward(exact_case.params, forward(*exact_case))
    # 24 bits, 6e-8 a rounding; sums of at most 21 rows and 13 columns, handed on 7 times.
    # Errors grow at most like (21 + 13) * 7 * 6e-8 = 1.4e-5 of the largest number.
    for name, got in [*back.gradient._asdict().items(), *list(back._asdict().items())[:-1]]:
        wanted = getattr(exact.gradient, name, None)
        wanted = getattr(exact, name) if wanted is None else wanted
        assert got.dtype == np.float32, name
        assert np.abs(got - wanted).max() <= 1.4e-5 * np.abs(wanted).max(), name
