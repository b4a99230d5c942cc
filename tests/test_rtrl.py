"""Forward mode against complex steps and against BPTT; what the diagonal alone costs."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward, per_step, state_jacobian
from rnnlib.recurrent import Recurrent, recurrent_forward
from rnnlib.rtrl import Influence, influences, rtrl
from sequence_cases import TOLERANCE, assert_close
from sequence_loops import network_losses, network_states, relative_error, slopes

CARRIED = ("W_xh", "W_hh", "b_h")  # the parameters that reach a state
seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def small_case(seed=0, T=7, n_h=5):
    """Draw a case small enough for a derivative of each state by each parameter."""
    return random_case(seed, T, N=2, n_x=3, n_h=n_h, n_y=7)


def values_of(case):
    """Name the numbers of a case."""
    return {**case.params._asdict(), "x": case.x, "h_init": case.h_init}


def own_unit(influence):
    """Take from dh_j / dW[i, k] the entries with j = k: what document 003 calls α and β."""
    return np.einsum("njij->nij", influence)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_influence_equals_the_complex_step_of_the_state(T, activation):
    case = small_case(T=T)
    found = list(influences(case.params, forward(*case, activation)))
    assert len(found) == T
    run = partial(network_states, activation=activation)
    for name in CARRIED:
        got = np.stack([getattr(P_t, name) for P_t in found])
        assert_close(got, slopes(run, values_of(case), name), name)
    by_any_sample = slopes(run, values_of(case), "h_init")
    by_own_sample = np.einsum("tnjnk->tnjk", by_any_sample)
    assert by_own_sample.size * 2 == by_any_sample.size
    assert_close(np.stack([P_t.h_init for P_t in found]), by_own_sample, "h_init")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_gradient_of_every_loss_equals_the_complex_step(T, activation):
    case = small_case(T=T)
    found = rtrl(case.params, forward(*case, activation))
    run = partial(network_losses, y=case.y, activation=activation)
    for name, got in found.per_loss._asdict().items():
        wanted = slopes(run, values_of(case), name)
        assert_close(got, wanted, name)
        assert_close(getattr(found.gradient, name), wanted.sum(axis=0), name)
    wanted = slopes(run, values_of(case), "h_init").sum(axis=0)
    assert_close(found.delta_h_init, wanted, "h_init")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_forward_and_backward_messages_give_one_gradient(T, activation):
    case = random_case(T=T)
    trace = forward(*case, activation)
    found, back = rtrl(case.params, trace), backward(case.params, trace)
    for name, got in found.gradient._asdict().items():
        assert_close(got, getattr(back.gradient, name), name)
    assert_close(found.delta_h_init, back.delta_h_init, "h_init")


@given(seed=seeds, T=lengths, N=sizes, n_x=sizes, n_h=sizes, n_y=st.integers(2, 6))
def test_both_ways_agree_at_any_size(seed, T, N, n_x, n_h, n_y):
    case = random_case(seed, T, N, n_x, n_h, n_y)
    trace = forward(*case)
    found, back = rtrl(case.params, trace), backward(case.params, trace)
    for name, got in found.gradient._asdict().items():
        # Not relative to its own size: the terms of a sum may cancel, and some errors stay.
        np.testing.assert_allclose(got, getattr(back.gradient, name), rtol=1e-9, atol=1e-11)


def test_a_loss_has_its_gradient_before_the_rest_is_seen():
    case = random_case()
    whole = rtrl(case.params, forward(*case)).per_loss
    for s in (1, 2, 5):
        sooner = rtrl(
            case.params, forward(case.params, case.x[:s], case.y[:s], case.h_init)
        ).per_loss
        for name, got in sooner._asdict().items():
            np.testing.assert_array_equal(got, getattr(whole, name)[:s], err_msg=name)


def test_the_gradient_of_a_loss_is_not_the_share_of_its_step():
    case = random_case()
    trace = forward(*case)
    by_loss = rtrl(case.params, trace).per_loss
    by_step = per_step(trace, backward(case.params, trace))
    for name in CARRIED:
        rows, columns = getattr(by_loss, name), getattr(by_step, name)
        assert relative_error(rows, columns) > 0.1, name
        assert_close(rows.sum(axis=0), columns.sum(axis=0), name)


def test_the_influence_of_the_first_state_is_the_product_of_the_jacobians():
    case = random_case()
    trace = forward(*case)
    product = np.eye(case.h_init.shape[1])
    for P_t, J_t in zip(
        influences(case.params, trace), state_jacobian(case.params, trace), strict=True
    ):
        product = J_t @ product
        assert_close(P_t.h_init, product, "h_init")


def test_the_layer_alone_has_the_influences_of_the_network():
    case = random_case()
    layer = Recurrent(case.params.W_xh, case.params.W_hh, case.params.b_h)
    alone = influences(layer, recurrent_forward(layer, case.x, case.h_init))
    for P_t, expected in zip(alone, influences(case.params, forward(*case)), strict=True):
        for name, got, wanted in zip(Influence._fields, P_t, expected, strict=True):
            assert_close(got, wanted, name)


def printed_messages(case, trace):
    """Loop over document 003's (4), (5), (7), (8) as they stand, bias as a weight from 1."""
    W_hh, slope = case.params.W_hh, 1 - trace.h**2
    _, N, n_h = trace.h.shape
    messages = {"W_xh": np.zeros((N, 5, n_h)), "W_hh": np.zeros((N, n_h, n_h))}
    shares = []
    delta_h = (trace.y_hat - np.eye(13)[case.y]) @ case.params.W_hy.T
    for t in range(len(trace.h)):
        for name, row in (("W_xh", trace.x[t]), ("W_hh", trace.h_prev[t])):
            for n in range(N):
                for j in range(n_h):
                    own = slope[t, n, j] * W_hh[j, j]
                    messages[name][n, :, j] *= own
                    messages[name][n, :, j] += slope[t, n, j] * row[n]
        shares.append(
            {
                name: sum(delta_h[t, n] * message[n] for n in range(N))
                for name, message in messages.items()
            }
        )
    return messages, shares


def test_the_diagonal_is_what_document_003_prints():
    case = random_case()
    trace = forward(*case)
    messages, shares = printed_messages(case, trace)
    *_, last = influences(case.params, trace, jacobian="diagonal")
    per_loss = rtrl(case.params, trace, jacobian="diagonal").per_loss
    for name in ("W_xh", "W_hh"):
        assert_close(own_unit(getattr(last, name)), messages[name], name)
        for t, share in enumerate(shares):
            assert_close(getattr(per_loss, name)[t], share[name], name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_diagonal_is_wrong(activation):
    case = random_case(T=7)
    trace = forward(*case, activation)
    right = rtrl(case.params, trace)
    wrong = rtrl(case.params, trace, jacobian="diagonal")
    for name in CARRIED:
        error = relative_error(getattr(wrong.gradient, name), getattr(right.gradient, name))
        assert error > 0.01, name
    # The output layer hears of no other step, so nothing is lost there.
    for name in ("W_hy", "b_y"):
        np.testing.assert_array_equal(
            getattr(wrong.gradient, name), getattr(right.gradient, name), err_msg=name
        )


@pytest.mark.parametrize("start", ["any", "zero"])
def test_the_diagonal_is_exact_for_the_first_steps_and_no_longer(start):
    case = random_case()
    if start == "zero":
        case = case._replace(h_init=np.zeros_like(case.h_init))
    trace = forward(*case)
    right, wrong = (list(influences(case.params, trace, j)) for j in ("full", "diagonal"))
    later = start == "zero"  # W_hh does nothing in the first step: all comes one step later
    for name, last in (("W_xh", 1), ("W_hh", 1 + later)):
        for t, (P_t, diagonal) in enumerate(zip(right, wrong, strict=True)):
            full, kept = getattr(P_t, name), getattr(diagonal, name)
            assert (relative_error(own_unit(kept), own_unit(full)) < TOLERANCE) == (t <= last)
            # The influence by other columns is missed one step sooner, and the gradient with it.
            assert (relative_error(kept, full) < TOLERANCE) == (t < last)
    for name, last in (("W_xh", 0), ("b_h", 0), ("W_hh", later)):
        exact, printed = (
            getattr(rtrl(case.params, trace, j).per_loss, name) for j in ("full", "diagonal")
        )
        for t in range(len(exact)):
            assert (relative_error(printed[t], exact[t]) < TOLERANCE) == (t <= last), name


@pytest.mark.parametrize("case", [random_case(n_h=1), random_case()], ids=["one unit", "diagonal"])
def test_the_diagonal_is_exact_where_there_is_nothing_else(case):
    W_hh = np.diag(np.diag(case.params.W_hh))
    case = case._replace(params=case.params._replace(W_hh=W_hh))
    trace = forward(*case)
    right = rtrl(case.params, trace)
    alike = rtrl(case.params, trace, jacobian="diagonal")
    for name, got in alike.per_loss._asdict().items():
        assert_close(got, getattr(right.per_loss, name), name)
    assert_close(alike.delta_h_init, right.delta_h_init, "h_init")


def test_the_walk_holds_the_numbers_that_its_notes_say():
    case = random_case()
    N, n_x, n_h = 3, 5, 11
    for P_t in influences(case.params, forward(*case)):
        assert sum(map(np.size, P_t[:3])) == N * n_h * (n_x * n_h + n_h**2 + n_h)
        assert P_t.h_init.size == N * n_h**2


def test_the_memory_of_the_walk_does_not_grow_with_time():
    def peak(T):
        case = random_case(T=T)
        trace = forward(*case)
        tracemalloc.start()
        for _ in influences(case.params, trace):
            pass
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return top

    # The slopes of all steps grow: N n_h numbers of 8 bytes a step. Everything else stays.
    growth = peak(57) - peak(7)
    assert growth <= 50 * 3 * 11 * 8 * 1.5


def test_a_loss_may_be_any_at_the_last_steps():
    case = random_case()
    trace = forward(*case)
    delta_z = np.random.default_rng(1).standard_normal((2, *trace.z.shape[1:]))
    found = rtrl(case.params, trace, delta_z=delta_z)
    wanted = trace._replace(y_hat=np.zeros_like(trace.z), y=np.full_like(case.y, -1))
    wanted.y_hat[-2:] = delta_z  # with no target, delta_z is y_hat
    for name, got in found.gradient._asdict().items():
        assert_close(got, getattr(backward(case.params, wanted).gradient, name), name)
    assert len(found.per_loss.W_xh) == 2


def test_float32_stays_float32_and_stays_close():
    case = random_case(dtype=np.float32)
    found = rtrl(case.params, forward(*case))
    exact = rtrl(*doubled(case))
    # Each number is a sum of about a hundred products, carried over seven steps, each off by
    # 6e-8 relative: a few 1e-6 at worst; 1e-5 leaves room for cancellation.
    for name, got in [*found.gradient._asdict().items(), ("h_init", found.delta_h_init)]:
        wanted = exact.delta_h_init if name == "h_init" else getattr(exact.gradient, name)
        assert got.dtype == np.float32
        assert relative_error(got, wanted) <= 1e-5, name
    for P_t in influences(case.params, forward(*case)):
        assert {array.dtype for array in P_t} == {np.dtype(np.float32)}


def doubled(case):
    """Run the same case in float64: the parameters and the trace."""
    params = type(case.params)(*(array.astype(np.float64) for array in case.params))
    x, h_init = case.x.astype(np.float64), case.h_init.astype(np.float64)
    return params, forward(params, x, case.y, h_init)
