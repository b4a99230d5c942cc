"""The sum over paths and its triangle against complex steps on untied copies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, Parameters, forward
from rnnlib.bptt import backward, per_step
from rnnlib.paths import jacobian_product, sum_over_paths, triangle

# A complex step has no truncation error, and each number is a sum of at most a few hundred
# products of size 1: 1e-13 or so, relative to the largest. The issue asks for 1e-10.
TOLERANCE = 1e-10
STEP = 1e-30

# Written again, with what a complex number needs; none is taken from the package.
PHI = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: a * (a.real > 0),
    "identity": lambda a: a,
}
assert set(PHI) == set(ACTIVATIONS)
PATHS_BACK = ("W_xh", "W_hh", "b_h")  # what leads to a state

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def small_case(T, seed=0):
    """Draw a case so small that every number of every copy can be moved by itself."""
    return random_case(seed, T, N=2, n_x=3, n_h=5, n_y=7)


def step_by_step(copies, x, y, h, activation):
    """Yield the state and the loss of each step, each step with its own copy.

    The arrays of a copy may have one axis in front: many networks that run side by side.
    """
    rows = np.arange(x.shape[1])
    for (W_xh, W_hh, W_hy, b_h, b_y), x_t, y_t in zip(copies, x, y, strict=True):
        h = PHI[activation](x_t @ W_xh + h @ W_hh + b_h[..., np.newaxis, :])
        z = h @ W_hy + b_y[..., np.newaxis, :]
        weights = np.exp(z)
        of_target = weights[..., rows, y_t] / weights.sum(axis=-1)
        yield h, -np.log(of_target).sum(axis=-1)


def nudged_one_by_one(params, name):
    """Put as many copies side by side as an array has numbers, each number moved in one."""
    array = getattr(params, name)
    nudges = 1j * STEP * np.eye(array.size).reshape(-1, *array.shape)
    return params._replace(**{name: array + nudges})


def triangle_by_complex_steps(case, activation):
    """Move each number of the copy of each step, and read each loss."""
    params, x, y, h_init = case
    T = len(x)
    cells = {name: np.empty((T, T, *array.shape)) for name, array in params._asdict().items()}
    for name, values in cells.items():
        for k in range(T):
            copies = [params] * T
            copies[k] = nudged_one_by_one(params, name)
            for t, (_, loss) in enumerate(step_by_step(copies, x, y, h_init, activation)):
                values[t, k].flat = np.imag(loss) / STEP  # one 0 for all, before step k
    return Parameters(**cells)


def assert_close(got, wanted, name):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape, name
    error = np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
    assert error <= TOLERANCE, f"{name}: relative error {error:.1e}"


def assert_all_close(got, wanted):
    """Compare two records of parameters array by array."""
    for name in Parameters._fields:
        assert_close(getattr(got, name), getattr(wanted, name), name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_cell_of_the_triangle_equals_the_complex_step_on_its_own_copy(T, activation):
    case = small_case(T)
    cells = triangle(case.params, forward(*case, activation))
    assert_all_close(cells, triangle_by_complex_steps(case, activation))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_sum_over_paths_equals_the_complex_step(T, activation):
    case = small_case(T)
    cells = triangle_by_complex_steps(case, activation)
    wanted = Parameters(*(values.sum(axis=(0, 1)) for values in cells))
    assert_all_close(sum_over_paths(case.params, forward(*case, activation)), wanted)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_paths_triangle_and_one_walk_backwards_are_one_gradient(T, activation):
    case = random_case(T=T)
    trace = forward(*case, activation)
    back = backward(case.params, trace)
    cells = triangle(case.params, trace)
    assert_all_close(sum_over_paths(case.params, trace), back.gradient)
    assert_all_close(Parameters(*(c.sum(axis=(0, 1)) for c in cells)), back.gradient)
    assert_all_close(Parameters(*(c.sum(axis=0) for c in cells)), per_step(trace, back))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_product_is_the_derivative_of_a_state_by_an_earlier_one(T, activation):
    params, x, y, h_init = case = small_case(T)
    trace = forward(*case, activation)
    n_h = h_init.shape[1]
    for k in range(-1, T):
        # One network for each unit of h_k that is moved; axes: moved unit, sample, unit.
        h_k = trace.states[k + 1] + 1j * STEP * np.eye(n_h)[:, np.newaxis]
        later = step_by_step([params] * (T - 1 - k), x[k + 1 :], y[k + 1 :], h_k, activation)
        states = [h_k, *(h for h, _ in later)]
        for t in range(max(k, 0), T):
            wanted = states[t - k].imag.transpose(1, 2, 0) / STEP
            assert_close(jacobian_product(params, trace, t, k), wanted, f"dh_{t}/dh_{k}")


@given(seed=seeds, T=lengths, data=st.data())
def test_a_product_is_cut_anywhere_into_two(seed, T, data):
    case = random_case(seed, T)
    trace = forward(*case)
    k, cut, t = sorted(data.draw(st.lists(st.integers(0, T - 1), min_size=3, max_size=3)))
    newer = jacobian_product(case.params, trace, t, cut)
    older = jacobian_product(case.params, trace, cut, k)
    assert_close(newer @ older, jacobian_product(case.params, trace, t, k), "product")


@given(seed=seeds, T=lengths)
def test_a_cell_is_a_row_times_the_product_times_the_immediate_part(seed, T):
    """The three factors, with the immediate part written out as the array it is."""
    case = random_case(seed, T)
    trace = forward(*case)
    cells = triangle(case.params, trace)
    n_h = case.h_init.shape[1]
    delta_z = trace.y_hat - np.eye(trace.z.shape[-1])[case.y]
    for t in range(T):
        for k in range(t + 1):
            # Axes of the immediate part: sample, unit of the state, row and column of W_hh.
            immediate = np.einsum(
                "nj,ni,jm->njim", 1 - trace.h[k] ** 2, trace.h_prev[k], np.eye(n_h)
            )
            wanted = np.einsum(
                "nl,nlj,njim->im",
                delta_z[t] @ case.params.W_hy.T,
                jacobian_product(case.params, trace, t, k),
                immediate,
            )
            assert_close(cells.W_hh[t, k], wanted, f"cell {t}, {k}")


@given(seed=seeds, T=lengths)
def test_no_loss_hears_a_later_step_and_the_output_weights_are_heard_at_once(seed, T):
    case = random_case(seed, T)
    cells = triangle(case.params, forward(*case))
    later = ~np.tri(T, dtype=bool)
    another = ~np.eye(T, dtype=bool)
    for name, values in cells._asdict().items():
        assert not values[later if name in PATHS_BACK else another].any(), name
        assert values[np.tri(T, dtype=bool) & ~another].any(), name
        if name in PATHS_BACK:
            assert np.any(values, axis=tuple(range(2, values.ndim)))[~later].all(), name


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_the_triangle_of_the_first_steps_is_a_corner_of_the_whole(seed, T, data):
    case = random_case(seed, T)
    cut = data.draw(st.integers(1, T - 1))
    short = case._replace(x=case.x[:cut], y=case.y[:cut])
    corner = Parameters(*(c[:cut, :cut] for c in triangle(case.params, forward(*case))))
    assert_all_close(triangle(case.params, forward(*short)), corner)


@given(seed=seeds, T=lengths, N=sizes)
def test_the_triangle_of_a_batch_is_the_sum_over_its_sequences(seed, T, N):
    params, x, y, h_init = random_case(seed, T, N)
    singles = [
        triangle(params, forward(params, x[:, [n]], y[:, [n]], h_init[[n]])) for n in range(N)
    ]
    wanted = Parameters(*(sum(parts) for parts in zip(*singles, strict=True)))
    assert_all_close(triangle(params, forward(params, x, y, h_init)), wanted)


def test_float32_stays_float32():
    case = random_case(dtype=np.float32)
    trace = forward(*case)
    cells = triangle(case.params, trace)
    gradient = sum_over_paths(case.params, trace)
    arrays = [*cells, *gradient, jacobian_product(case.params, trace, 6, 0)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    # 24 bits: about 6e-8 for each of a few dozen roundings in a row.
    for got, wanted in zip(gradient, backward(case.params, trace).gradient, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-5 * np.abs(wanted).max())
