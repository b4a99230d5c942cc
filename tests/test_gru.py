"""The GRU against plain loops and complex steps, and the laws it obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gated_networks import GRUCase, assert_close, nudger, random_gru, slopes, upstream_for
from networks import LENGTHS
from rnnlib.gated_parameters import GRUParameters, init_gru
from rnnlib.gru import gru_forward
from rnnlib.gru_backward import gru_backward

# Each number is a sum of at most a few hundred products of size 1, and a complex step has no
# truncation error: 1e-13 or so, relative to the largest. The promise of the book is 1e-10.
TOLERANCE = 1e-10

FORWARD = ("h", "a", "recalled", "reset_gate", "update_gate", "candidate")
BACKWARD = ("message", "delta_h", "delta_a", "delta_recalled", "delta_x")

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def forward_in_loops(params, x, h_init):
    """Compute every value one number at a time, without NumPy."""
    W_xh, W_hh, b_h, b_q = (array.tolist() for array in params)
    n_h = len(W_hh)
    h_prev = h_init.tolist()
    steps = []
    for x_t in x.tolist():
        values = {name: [] for name in FORWARD}
        for row, state in zip(x_t, h_prev, strict=True):
            a = [
                bias + sum(value * weights[k] for value, weights in zip(row, W_xh, strict=True))
                for k, bias in enumerate(b_h)
            ]
            said = [
                sum(value * weights[k] for value, weights in zip(state, W_hh, strict=True))
                for k in range(3 * n_h)
            ]
            a = [a[k] + said[k] for k in range(2 * n_h)] + a[2 * n_h :]
            recalled = [said[2 * n_h + j] + b_q[j] for j in range(n_h)]
            shares = [1 / (1 + math.exp(-value)) for value in a[: 2 * n_h]]
            used, stays = shares[:n_h], shares[n_h:]
            a = a[: 2 * n_h] + [a[2 * n_h + j] + used[j] * recalled[j] for j in range(n_h)]
            new = [math.tanh(value) for value in a[2 * n_h :]]
            h = [stays[j] * state[j] + (1 - stays[j]) * new[j] for j in range(n_h)]
            for name, value in zip(FORWARD, (h, a, recalled, used, stays, new), strict=True):
                values[name].append(value)
        steps.append(values)
        h_prev = values["h"]
    return {name: np.array([values[name] for values in steps]) for name in FORWARD}


def loss_with_nudges(case, weights, nudges):
    """Run the cell one step at a time, add a nudge to each value, and weigh what comes out.

    "h" is nudged where it arises; "message" is a nudge of what the next step sees, which leaves
    the rest of the own step alone.
    """
    params, x, h_prev = case
    upstream, message_last = weights
    nudged = nudger(nudges)
    n_h = len(params.W_hh)
    reset, update, new = (slice(k * n_h, (k + 1) * n_h) for k in range(3))
    h_prev = nudged("h_init", h_prev)
    a_nudge = nudges.get("a", np.zeros((len(x), 1, 3 * n_h)))
    loss = 0
    for x_t, weights_t, a_t in zip(x, upstream, a_nudge, strict=True):
        W_xh, W_hh, b_h, b_q = (nudged(*item) for item in params._asdict().items())
        x_t = nudged("x", x_t)
        r_t, u_t = (
            1 / (1 + np.exp(-(x_t @ W_xh[:, k] + h_prev @ W_hh[:, k] + b_h[k] + a_t[:, k])))
            for k in (reset, update)
        )
        recalled = nudged("recalled", h_prev @ W_hh[:, new] + b_q)
        g_t = np.tanh(x_t @ W_xh[:, new] + b_h[new] + r_t * recalled + a_t[:, new])
        h_t = nudged("h", g_t + u_t * (h_prev - g_t))
        loss += (weights_t * h_t).sum()
        h_prev = nudged("message", h_t)
    return loss + (message_last * h_prev).sum()


def upstream_of(case, seed=1):
    """Draw what arrives from outside: above each state, and after the last one."""
    return upstream_for(case, seed)[:2]


def walk(case, weights):
    """Go there and back."""
    trace = gru_forward(*case)
    return trace, gru_backward(case.params, trace, *weights)


@pytest.mark.parametrize("T", LENGTHS)
def test_forward_equals_loops_over_numbers(T):
    case = random_gru(T=T)
    trace = gru_forward(*case)
    for name, wanted in forward_in_loops(*case).items():
        assert_close(getattr(trace, name), wanted, name, 1e-13)


@given(seed=seeds, T=lengths, N=sizes, n_x=sizes, n_h=sizes)
def test_forward_equals_loops_at_random_sizes(seed, T, N, n_x, n_h):
    case = random_gru(seed, T, N, n_x, n_h)
    trace = gru_forward(*case)
    for name, wanted in forward_in_loops(*case).items():
        assert_close(getattr(trace, name), wanted, name, TOLERANCE)


@pytest.mark.parametrize("T", LENGTHS)
def test_every_delta_equals_the_complex_step(T):
    case = random_gru(T=T)
    weights = upstream_of(case)
    _, back = walk(case, weights)

    def loss(nudges):
        return loss_with_nudges(case, weights, nudges)

    for name in BACKWARD:
        got = getattr(back, name)
        wanted = slopes(loss, name.removeprefix("delta_"), got.shape)
        assert_close(got, wanted, name, TOLERANCE)
    wanted = slopes(loss, "h_init", (1, *case.h_init.shape))[0]
    assert_close(back.delta_h_init, wanted, "h_init", TOLERANCE)


@pytest.mark.parametrize("T", LENGTHS)
def test_gradient_equals_the_complex_step_summed_over_the_copies_of_all_steps(T):
    case = random_gru(T=T, N=2, n_x=3, n_h=5)
    weights = upstream_of(case)
    _, back = walk(case, weights)
    for name, got in back.gradient._asdict().items():
        wanted = slopes(
            lambda nudges: loss_with_nudges(case, weights, nudges), name, (T, *got.shape)
        )
        assert_close(got, wanted.sum(axis=0), name, TOLERANCE)


@given(seed=seeds, T=lengths, N=sizes)
def test_a_batch_is_a_stack_of_single_sequences_and_its_gradient_their_sum(seed, T, N):
    case = random_gru(seed, T, N)
    params, x, h_init = case
    upstream, last = weights = upstream_of(case)
    trace, back = walk(case, weights)
    singles = [
        walk(GRUCase(params, x[:, [n]], h_init[[n]]), (upstream[:, [n]], last[[n]]))
        for n in range(N)
    ]
    for name in FORWARD:
        stacked = np.concatenate([getattr(there, name) for there, _ in singles], axis=1)
        assert_close(stacked, getattr(trace, name), name, TOLERANCE)
    for name in BACKWARD:
        stacked = np.concatenate([getattr(single, name) for _, single in singles], axis=1)
        assert_close(stacked, getattr(back, name), name, TOLERANCE)
    for name, got in back.gradient._asdict().items():
        total = sum(getattr(single.gradient, name) for _, single in singles)
        assert_close(total, got, name, TOLERANCE)


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_split_in_time_with_messages_handed_back_is_the_whole(seed, T, data):
    case = random_gru(seed, T)
    cut = data.draw(st.integers(1, T - 1))
    upstream, last = weights = upstream_of(case)
    trace, back = walk(case, weights)

    first = gru_forward(case.params, case.x[:cut], case.h_init)
    second = gru_forward(case.params, case.x[cut:], first.h[-1])
    late = gru_backward(case.params, second, upstream[cut:], last)
    early = gru_backward(case.params, first, upstream[:cut], late.delta_h_init)
    for name in FORWARD:
        joined = np.concatenate([getattr(first, name), getattr(second, name)])
        assert_close(joined, getattr(trace, name), name, TOLERANCE)
    for name in BACKWARD:
        joined = np.concatenate([getattr(early, name), getattr(late, name)])
        assert_close(joined, getattr(back, name), name, TOLERANCE)
    assert_close(early.delta_h_init, back.delta_h_init, "h_init", TOLERANCE)
    for name, got in back.gradient._asdict().items():
        total = getattr(early.gradient, name) + getattr(late.gradient, name)
        assert_close(total, got, name, TOLERANCE)


@given(seed=seeds, T=lengths)
def test_deltas_are_linear_in_what_arrives_from_outside(seed, T):
    case = random_gru(seed, T)
    trace = gru_forward(*case)
    these, those = upstream_of(case, seed=1), upstream_of(case, seed=2)
    both = [2 * this - 3 * that for this, that in zip(these, those, strict=True)]
    one, other, mixed = (gru_backward(case.params, trace, *w) for w in (these, those, both))
    for name in (*BACKWARD, "delta_h_init"):
        wanted = 2 * getattr(one, name) - 3 * getattr(other, name)
        assert_close(getattr(mixed, name), wanted, name, TOLERANCE)


@given(seed=seeds, T=lengths)
def test_a_step_along_any_direction_changes_the_loss_by_its_product_with_the_gradient(seed, T):
    """The adjoint test: complex numbers pass through the forward pass itself."""
    case = random_gru(seed, T)
    upstream, last = weights = upstream_of(case)
    _, back = walk(case, weights)
    direction = random_gru(seed + 1, T)
    moved = GRUCase(
        GRUParameters(
            *(p + 1e-30j * v for p, v in zip(case.params, direction.params, strict=True))
        ),
        case.x + 1e-30j * direction.x,
        case.h_init + 1e-30j * direction.h_init,
    )
    trace = gru_forward(*moved)
    loss = (upstream * trace.h).sum() + (last * trace.h[-1]).sum()
    gradients = [*back.gradient, back.delta_x, back.delta_h_init]
    pairs = list(zip(gradients, [*direction.params, *direction[1:]], strict=True))
    size = sum((np.abs(g) * np.abs(v)).sum() for g, v in pairs)
    product = sum((g * v).sum() for g, v in pairs)
    assert abs(loss.imag / 1e-30 - product) <= TOLERANCE * size


def test_with_an_open_update_gate_the_state_and_its_message_stay():
    case = random_gru()
    n_h = len(case.params.W_hh)
    # At 800 the gate is exactly 1; whatever the inputs say, they are far from 800.
    b_h = np.repeat([0.0, 800.0, 0.0], n_h)
    case = case._replace(params=case.params._replace(b_h=b_h))
    upstream, last = upstream_of(case)
    trace, back = walk(case, (0 * upstream, last))
    assert (trace.h == case.h_init).all()
    assert (back.delta_h == last).all()
    np.testing.assert_array_equal(back.delta_h_init, last)


def test_a_closed_reset_gate_hides_the_state_from_the_candidate():
    case = random_gru()
    n_h = len(case.params.W_hh)
    b_h = np.concatenate([np.full(n_h, -800.0), case.params.b_h[n_h:]])
    case = case._replace(params=case.params._replace(b_h=b_h))
    trace, back = walk(case, upstream_of(case))
    from_input = case.x @ case.params.W_xh + b_h
    np.testing.assert_allclose(trace.candidate, np.tanh(from_input[..., 2 * n_h :]), rtol=1e-12)
    assert not back.gradient.b_q.any()
    assert not back.gradient.W_hh[:, 2 * n_h :].any()


def test_state_and_message_from_outside_are_zero_unless_given():
    case = random_gru()
    upstream = upstream_of(case)[0]
    zero = np.zeros_like(case.h_init)
    trace, back = walk(case._replace(h_init=zero), (upstream, zero))
    plain = gru_forward(case.params, case.x)
    np.testing.assert_array_equal(plain.states, trace.states)
    plain_back = gru_backward(case.params, plain, upstream)
    for name in BACKWARD:
        np.testing.assert_array_equal(getattr(plain_back, name), getattr(back, name))


def test_views_are_views_and_fit():
    case = random_gru()
    trace = gru_forward(*case)
    assert np.shares_memory(trace.h, trace.states)
    np.testing.assert_array_equal(trace.h[:-1], trace.h_prev[1:])
    np.testing.assert_array_equal(trace.h_init, case.h_init)


def test_an_input_that_is_a_view_gives_the_same():
    case = random_gru()
    backwards = case.x[::-1].copy()[::-1]
    np.testing.assert_array_equal(
        gru_forward(*case._replace(x=backwards)).states, gru_forward(*case).states
    )


@pytest.mark.parametrize("wide", ["params", "x", "h_init"])
def test_one_argument_in_float64_is_enough_for_float64(wide):
    mixed = random_gru(dtype=np.float32)._replace(**{wide: getattr(random_gru(), wide)})
    trace = gru_forward(*mixed)
    assert {array.dtype for array in (trace.states, trace.a)} == {np.dtype(np.float64)}


def test_float32_stays_float32_and_stays_close():
    case = random_gru(dtype=np.float32)
    weights = upstream_of(case)
    trace, back = walk(case, weights)
    double = GRUCase(
        GRUParameters(*(p.astype(np.float64) for p in case.params)),
        case.x.astype(np.float64),
        case.h_init.astype(np.float64),
    )
    exact, exact_back = walk(double, [w.astype(np.float64) for w in weights])
    # 24 bits, 6e-8 a rounding; sums of at most 21 columns or 21 rows, handed on 7 times, each
    # by 2 arrows: at most (21 + 21) * 7 * 2 * 6e-8 = 3.5e-5 of the largest number.
    pairs = [(name, getattr(trace, name), getattr(exact, name)) for name in FORWARD]
    pairs += [(name, getattr(back, name), getattr(exact_back, name)) for name in back._fields[:-1]]
    pairs += [
        (name, got, getattr(exact_back.gradient, name))
        for name, got in back.gradient._asdict().items()
    ]
    for name, got, wanted in pairs:
        assert got.dtype == np.float32, name
        assert_close(got, wanted, name, 3.5e-5)
    # Nor does a state that is not given bring in another type.
    assert gru_forward(*case[:2]).states.dtype == np.float32


def test_random_parameters_have_unit_variance_in_sum_and_no_bias():
    params = init_gru(np.random.default_rng(0), n_x=200, n_h=100)
    # The variance of 30,000 and more draws is off by about sqrt(2 / 30,000) = 0.8 %.
    assert params.W_xh.var() * 200 == pytest.approx(1, abs=0.04)
    assert params.W_hh.var() * 100 == pytest.approx(1, abs=0.04)
    single = init_gru(np.random.default_rng(0), n_x=2, n_h=3, dtype=np.float32)
    assert {p.dtype for p in single} == {np.dtype(np.float32)}
    assert not single.b_h.any()
    assert not single.b_q.any()
