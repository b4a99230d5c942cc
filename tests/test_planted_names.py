"""Every planted mistake that makes a gradient of its own is named, and no right gradient is."""

import contextlib
import importlib
import re
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rnnlib
from chapters import ROOT
from networks import Case
from rnnlib.context_exercises import CONTEXT
from rnnlib.exercises import check
from rnnlib.form_misconceptions import OTHER_FORMS
from rnnlib.gru_exercises import GRU_GRADIENT, GRU_MESSAGE, GRU_STEP
from rnnlib.heard_exercises import TWO_PATHS
from rnnlib.layer_exercises import MEAN
from rnnlib.lstm_exercises import LSTM_STEP
from rnnlib.lstm_exercises import WALK as LSTM_WALK
from rnnlib.misconceptions import MISCONCEPTIONS
from rnnlib.naming import explain, first_difference, name_mistake
from rnnlib.report import examine_backward
from rnnlib.sequence_exercises import HEARD, ONE_LOSS, Heard
from rnnlib.slope_exercises import PULL
from test_misconceptions import SEEDS, as_type, case_of

sys.path.insert(0, str(Path(__file__).parent / "mutants"))
from planted import MUTANTS
from run import Finder

KNOWN = {mistake.name: mistake for mistake in (*MISCONCEPTIONS, *OTHER_FORMS)}


@contextlib.contextmanager
def planted(mutant):
    """Import rnnlib afresh, with a mistake in it; put the sound one back afterwards."""

    def imported():
        return [name for name in sys.modules if name.partition(".")[0] == "rnnlib"]

    sound = {name: sys.modules.pop(name) for name in imported()}
    sys.meta_path.insert(0, finder := Finder(mutant))
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in imported():
            del sys.modules[name]
        sys.modules.update(sound)


def at(name, *arguments, **more):
    """Call a function of the package as it is imported now: "module.function"."""
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"rnnlib.{module}"), function)(*arguments, **more)


def run_of(case, **more):
    return at("forward_pass.forward", *case, **more)


def by_walk(params, *batch, **more):
    return at("bptt.backward", params, run_of((params, *batch), **more)).gradient


def by_relu(*case):
    return by_walk(*case, activation="relu")


def by_segments(*case):
    return at("checkpoint.checkpointed_gradient", *case, stride=1).gradient


def by_paths(params, *batch):
    return at("paths.sum_over_paths", params, run_of((params, *batch)))


def by_triangle(params, *batch):
    cells = at("paths.triangle", params, run_of((params, *batch)))
    return type(cells)(*(array.sum(axis=(0, 1)) for array in cells))


def by_blocks(params, *batch):
    trace = run_of((params, *batch))
    return at("truncation.truncated_backward", params, trace, every=1, reach=len(batch[0]))


def by_forward_messages(params, *batch):
    return at("rtrl.rtrl", params, run_of((params, *batch))).gradient


def by_hand_made_speed(*case):
    return at("fast.loss_and_gradient", *case).gradient


def by_layers(params, x, y, h_init, reduction="sum"):
    """Set a front layer before the network that does nothing."""
    n_x = x.shape[2]
    recurrent = at("recurrent.Recurrent", params.W_xh, params.W_hh, params.b_h)
    front = at("dense.Dense", np.eye(n_x), np.zeros(n_x))
    back = at("dense.Dense", params.W_hy, params.b_y)
    net = at("network_parameters.Network", front, recurrent, back)
    names = ("identity", "tanh", "identity")
    trace = at("network.network_forward", net, x, y, h_init, names, reduction=reduction)
    back = at("network.network_backward", net, trace).gradient
    state = back.recurrent
    parts = (state.W_xh, state.W_hh, back.back.weights, state.b_h, back.back.bias)
    return at("parameters.Parameters", *parts)


def gradient_by(route, case):
    """Compute a gradient with copies of the arguments; return plain arrays by their names."""
    params = at("parameters.Parameters", *map(np.array, case.params))
    return {k: np.array(v) for k, v in route(params, *map(np.array, case[1:]))._asdict().items()}


NAMED = [
    ("softmax over the samples in place of the classes", by_walk, "softmax over the steps"),
    ("`h_init` in place of h_{t-1}: every step starts anew", by_walk, "every step starts anew"),
    ("`W_hh` transposed on the way forward", by_walk, "W_hh transposed in the run"),
    ("`h_init` forgotten: the state begins at 0", by_walk, "first state taken for zero"),
    ("ŷ + onehot for ŷ - onehot", by_segments, "onehot added"),
    ("1 - h in place of 1 - h²", by_walk, "1 − h for 1 − h²"),
    ("relu with slope 1 at its kink", by_relu, "1 − h² missing"),
    ("message dropped", by_walk, "message dropped"),
    ("1 - h² missing on the way back", by_walk, "1 − h² missing"),
    ("`W_hh` not transposed on the way back", by_walk, "message by W_hh"),
    ("message made of δ^h in place of δ^a", by_walk, "message before tanh"),
    ("walk from the first step to the last", by_walk, "walk from the first step"),
    ("h_t for h_{t-1} in the gradient by `W_hh`", by_walk, "h_t for h_{t−1}"),
    ("mean for sum in the gradient by `b_h`", by_walk, "mean for sum in the bias"),
    ("J_t with `W_hh` not transposed", by_paths, "message by W_hh"),
    ("rows of x and of δ^a in another order", by_walk, "rows in another order"),
    ("sums over time multiplied in place of products", by_walk, "sums multiplied"),
    ("wrong limit: k < t for k ≤ t", by_paths, "shortest paths lost"),
    ("assignment for accumulation: the last path only", by_paths, "last path only"),
    ("wrong limit: triangle filled above its diagonal", by_triangle, "beyond the diagonal"),
    ("assignment for accumulation where walks overlap", by_blocks, "own loss dropped"),
    ("message between two segments dropped", by_segments, "message dropped"),
    (
        "fast form: assignment for accumulation: message only",
        by_hand_made_speed,
        "no loss arrives",
    ),
    ("RTRL: `W_hh` not transposed", by_forward_messages, "message by W_hh"),
    ("RTRL: no sum over units", by_forward_messages, "own past only"),
    ("RTRL: immediate part only", by_forward_messages, "no message in the bias"),
    (
        "mean for sum over the samples",
        by_forward_messages,
        "mean over the batch below the output",
    ),
]


def mutant_of(words):
    [mutant] = [mutant for mutant in MUTANTS if mutant.mistake == words]
    return mutant


@pytest.mark.parametrize(("words", "route", "name"), NAMED, ids=[words for words, *_ in NAMED])
def test_a_planted_mistake_is_named_in_twenty_random_settings(words, route, name):
    with planted(mutant_of(words)):
        found = [gradient_by(route, case_of(seed)[0]) for seed in SEEDS]
    for seed, gradient in zip(SEEDS, found, strict=True):
        case, trace = case_of(seed)
        if route is by_relu:
            trace = rnnlib.forward(*case, activation="relu")
        assert name_mistake(case.params, trace, gradient) == (KNOWN[name],)


# What a mean has to do with it shows the report, which asks for the loss as well.
MEANS = [
    ("mean loss with the gradient of the sum", "T · N times the slope: the loss is a mean"),
    ("divided by T in place of T N: right for a batch of one", "N times the slope"),
]


@pytest.mark.parametrize(("words", "verdict"), MEANS, ids=[words for words, _ in MEANS])
def test_a_planted_mean_of_another_size_is_named(words, verdict):
    def forward(params, x, y, h_init):
        trace = rnnlib.forward(params, x, y, h_init)
        return trace.loss.sum() / y.size, trace

    def backward(params, trace):
        case = Case(params, trace.x, trace.y, trace.h_init)
        return gradient_by(partial(by_layers, reduction="mean"), case)

    with planted(mutant_of(words)):
        for seed in SEEDS:
            report = examine_backward(forward, backward, np.random.default_rng(seed))
            assert report.verdict.startswith(verdict)


def through_lstm(upstream, iota, f, g, omega, cells, W_hh):
    """Walk back with the blocks as they are given, for a batch of one."""
    T, n_h = upstream.shape
    blocks = [array[:, np.newaxis] for array in (iota, f, g, omega)]
    states, x, a = np.zeros((T + 1, 1, n_h)), np.zeros((T, 1, 1)), np.zeros((T, 1, 4 * n_h))
    params = at("gated_parameters.LSTMParameters", np.zeros((1, 4 * n_h)), W_hh, np.zeros(4 * n_h))
    trace = at("lstm.LSTMTrace", x, states, cells[:, np.newaxis], a, *blocks)
    return at("lstm_backward.lstm_backward", params, trace, upstream[:, np.newaxis]).delta_a[:, 0]


def step_of_lstm(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    params = at("gated_parameters.LSTMParameters", W_xh, W_hh, b_h)
    trace = at("lstm.lstm_forward", params, x_t[np.newaxis], h_prev, c_prev)
    return np.stack([trace.cell[0], trace.h[0]])


def through_gru(delta_h, r, u, g, q, h_prev, W_hh):
    one = [array[np.newaxis] for array in (q, r, u, g)]
    N, n_h = delta_h.shape
    zeros = np.zeros(n_h)
    params = at("gated_parameters.GRUParameters", np.zeros((1, 3 * n_h)), W_hh, np.tile(zeros, 3),
                zeros)  # fmt: skip
    states, a = np.stack([h_prev, h_prev]), np.zeros((1, N, 3 * n_h))
    trace = at("gru.GRUTrace", np.zeros((1, N, 1)), states, a, *one)
    return at("gru_backward.gru_backward", params, trace, delta_h[np.newaxis]).delta_h_init


def step_of_gru(x_t, h_prev, W_xh, W_hh, b_h, b_q):
    params = at("gated_parameters.GRUParameters", W_xh, W_hh, b_h, b_q)
    return at("gru.gru_forward", params, x_t[np.newaxis], h_prev).h[0]


def gradient_of_gru(delta_a, r, states):
    """Make up, without weights and with candidates of zero, a walk that has these deltas."""
    delta_r, delta_u, delta_g = np.split(delta_a, 3, axis=-1)
    T, N, n_h = r.shape
    u = delta_u / (delta_g * states[:-1])
    delta_h = delta_g / (1 - u)
    from_later = np.concatenate([(delta_h * u)[1:], np.zeros((1, N, n_h))])
    q = delta_r / (delta_g * r * (1 - r))
    zeros = np.zeros(n_h)
    params = at("gated_parameters.GRUParameters", np.zeros((1, 3 * n_h)), np.zeros((n_h, 3 * n_h)),
                np.tile(zeros, 3), zeros)  # fmt: skip
    trace = at("gru.GRUTrace", np.zeros((T, N, 1)), states, 0 * delta_a, q, r, u, 0 * u)
    back = at("gru_backward.gru_backward", params, trace, delta_h - from_later)
    np.testing.assert_allclose(back.delta_a, delta_a, rtol=1e-9)
    return back.gradient.W_hh


def one_loss(delta_z, h, W_hy, W_hh):
    """Hand the walk a delta that comes from no class."""
    trace_type = importlib.import_module("rnnlib.sequence_shapes").SequenceTrace
    losses = delta_z[np.newaxis]
    given = type("Given", (trace_type,), {"delta_z": losses})
    n_h, n_y = W_hy.shape
    states = np.concatenate([0 * h[:1], h])
    recurrent = at("recurrent.RecurrentTrace", np.zeros((*h.shape[:2], 1)), states, h, "tanh")
    trace = given(recurrent, np.zeros((1, len(delta_z)), int), losses, losses, None)
    params = at(
        "parameters.Parameters", np.zeros((1, n_h)), W_hh, W_hy, np.zeros(n_h), np.zeros(n_y)
    )
    return at("sequence_shapes.sequence_backward", params, trace).delta_h


def context_of(delta_a, W_hh, W_ch):
    trace = at("encoder_decoder.EncoderDecoderTrace", None, None, "both")
    return trace.by_last_state(delta_a[0] @ W_hh.T, delta_a.sum(axis=0) @ W_ch.T)


def influence_through_words(y_hat, h, W_xh, W_hh, W_hy):
    """Walk forward with the influence of the first state of a decoder, for a batch of one."""
    T, n_h = h.shape
    biases = np.zeros(n_h), np.zeros(y_hat.shape[1])
    params = at("decoder_parameters.Decoder", W_xh, W_hh, np.zeros((1, n_h)), W_hy, *biases)
    heard = np.concatenate([0 * y_hat[:1], y_hat[:-1]])[:, np.newaxis]
    states, said = np.concatenate([0 * h[:1], h])[:, np.newaxis], y_hat[:, np.newaxis]
    recurrent = at("recurrent.RecurrentTrace", heard, states, h[:, np.newaxis], "tanh")
    y, loss = np.zeros((T, 1), int), np.zeros(T)
    trace = at("decoder.DecoderTrace", recurrent, np.zeros((1, 1)), y, said, said, loss,
               "predictions")  # fmt: skip
    messages = at("decoder_rtrl.decoder_influences", params, trace)
    return np.stack([P_t.h_init[0] for P_t in messages])


def slope_of_mean(y_hat, y):
    rows = y_hat[..., 0].size
    return at("squared_error.mean_squared_error_delta", y_hat, y) / rows


def back_through_softmax(y_hat, upstream):
    return at("derivatives.softmax_backward", y_hat, upstream)


BY_AN_EXERCISE = [
    ("softmax: all that is off the diagonal forgotten", PULL, back_through_softmax),
    ("factor 2 of the slope forgotten", MEAN, slope_of_mean),
    ("LSTM: input and forget gate swapped", LSTM_STEP, step_of_lstm),
    ("LSTM: message to the cell dropped", LSTM_WALK, through_lstm),
    ("LSTM: input and forget gate swapped on the way back", LSTM_WALK, through_lstm),
    ("LSTM: c_t for c_{t-1}", LSTM_WALK, through_lstm),
    ("GRU: u_t and 1 - u_t swapped", GRU_STEP, step_of_gru),
    ("GRU: direct way from h_{t-1} to h_t forgotten", GRU_MESSAGE, through_gru),
    ("GRU: reset gate forgotten in the gradient by `W_hh`", GRU_GRADIENT, gradient_of_gru),
    ("many to one: loss of the last step sent to the first", ONE_LOSS, one_loss),
    ("context used twice, heard from once", CONTEXT, context_of),
    ("RTRL: path through the word fed back forgotten", TWO_PATHS, influence_through_words),
]


@pytest.mark.parametrize(
    ("words", "exercise", "answer"), BY_AN_EXERCISE, ids=[words for words, *_ in BY_AN_EXERCISE]
)
def test_a_mistake_planted_in_another_network_is_named_by_its_exercise(words, exercise, answer):
    for seed in SEEDS:
        assert check(exercise, answer, np.random.default_rng(seed)).right
    with planted(mutant_of(words)):
        said = [check(exercise, answer, np.random.default_rng(seed)).sentence for seed in SEEDS]
    assert len(set(said)) == 1
    assert said[0].removeprefix(f"{exercise.name}: not yet. ") in exercise.mistakes


def test_words_fed_back_and_taken_for_constants_are_named():
    def walk_of(seed):
        params = at("decoder_parameters.init_decoder", np.random.default_rng(seed), 5, 3, 2)
        start, y = np.eye(5)[[0, 1]], np.random.default_rng(seed).integers(5, size=(4, 2))
        trace = at("decoder.decoder_forward", params, start, y, feedback="predictions")
        return trace, at("decoder_backward.decoder_backward", params, trace)

    right = [walk_of(seed) for seed in SEEDS]
    with planted(mutant_of("words fed back taken for constants")):
        wrong = [walk_of(seed)[1].delta_z for seed in SEEDS]
    for (trace, back), delta_z in zip(right, wrong, strict=True):
        one = HEARD._replace(settings=(partial(given_words, trace, back),))
        answers = [check(one, partial(constant, d), generator()) for d in (back.delta_z, delta_z)]
        assert answers[0].right
        assert "nobody has heard the words" in answers[1].sentence


def given_words(trace, back, rng):
    return Heard(trace.y_hat, trace.y, back.delta_x)


def constant(value, *arguments):
    return value


def generator():
    return np.random.default_rng(0)


def test_a_trace_that_is_overwritten_is_found_by_the_report():
    with planted(mutant_of("trace overwritten: δ^z = ŷ, then δ^z -= onehot")):
        bptt = importlib.import_module("rnnlib.bptt")

    def backward(params, trace):
        back = bptt.backward(bptt.Parameters(*params), bptt.Trace(*trace))
        return back.gradient._asdict()

    for seed in SEEDS:
        report = examine_backward(rnnlib.forward, backward, np.random.default_rng(seed))
        assert report.verdict.startswith("backward changes what forward kept")


def test_what_has_no_name_leads_to_the_first_wrong_value():
    """Three mistakes at once on the tape, and a derivative that is no gradient of a parameter."""
    for seed in SEEDS:
        case, trace = case_of(seed)
        found = {}
        with planted(mutant_of("tape: assignment for accumulation")):
            params = at("parameters.Parameters", *case.params)
            back = at("oracles.tape_derivatives", params, *case[1:]).back
            for name in ("delta_z", "message", "delta_h", "delta_a"):
                found[name] = getattr(back, name)
        assert name_mistake(case.params, trace, found) == ()
        assert first_difference(case.params, trace, found).name == f"delta_z[{len(trace.x) - 1}]"


# What a gradient cannot show, or what is no gradient.
UNSEEN = {
    "softmax without the shift: it overflows": "differs for logits beyond 700 alone, by NaN",
    "float32 comes in, float64 goes out": "more digits of the same numbers",
    "mean for sum: the loss over the batch": "the loss is not used on the way back",
    "weights not transposed: runs if they are square": "it stops: the sizes do not fit",
    "upstream overwritten: δ^a = upstream, then δ^a *= slope": "spoils what the caller holds",
    "upstream overwritten: upstream += message": "spoils what the caller holds",
    "first message of float64 in a network of float32": "more digits of the same numbers",
    "Jacobians multiplied the wrong way round": "a product of Jacobians, of which no gradient is"
    " made",
    "wrong limit: one cell too few": "a picture of the cells, of which no gradient is made",
    "view for a copy: it keeps the whole segment in memory": "memory",
    "fast form: e^z without a shift where no bound is known": "differs for logits beyond 700",
    "RTRL: P_{-1} of `h_init` begins at 0, not at I": "the derivative by the first state alone",
    "one to many: a step too many, for T = 1 only": "it stops: the sizes do not fit",
    "decoder hears the word that it is to say": "the right gradient of another task",
    "tape: mean for sum over the copies of a bias": "no bias of this network is stored as a row",
    "weights scaled by columns in place of rows": "the right gradient at other weights",
    "each target is its own input": "the right gradient of another task",
}
NETWORKS = (
    "activations bptt checkpoint decoder decoder_backward decoder_rtrl dense derivatives"
    " encoder_decoder fast forward_pass gru gru_backward influence losses lstm lstm_backward"
    " network parameters paths products recurrent rtrl sequence_shapes squared_error tape text"
    " truncation".split()
)
ELSEWHERE = (
    "words fed back taken for constants",
    "trace overwritten: δ^z = ŷ, then δ^z -= onehot",
    "tape: assignment for accumulation",
)


def test_no_planted_mistake_is_left_out():
    """Whoever plants another one tells here what it is called, or why it has no name."""
    networks = {mutant.mistake for mutant in MUTANTS if mutant.module in NETWORKS}
    tables = (NAMED, MEANS, BY_AN_EXERCISE, [[words] for words in ELSEWHERE])
    named = {words for table in tables for words, *_ in table}
    assert networks == named | set(UNSEEN)
    assert not named & set(UNSEEN)
    assert {mistake.name for mistake in OTHER_FORMS} <= {name for *_, name in NAMED}


ROUTES = [by_walk, by_segments, by_paths, by_triangle, by_blocks, by_forward_messages]
ROUTES += [by_hand_made_speed, by_layers]


@pytest.mark.parametrize("words", UNSEEN)
def test_what_a_gradient_cannot_show_is_not_called_wrong(words):
    for seed in SEEDS[:2]:
        case, trace = case_of(seed)
        with planted(mutant_of(words)):
            found = [gradient_by(route, case) for route in ROUTES if runs(route, words)]
        assert all(explain(case.params, trace, gradient).right for gradient in found)


def runs(route, words):
    return route is not by_layers or UNSEEN[words] != "it stops: the sizes do not fit"


def test_the_other_forms_have_names_and_sentences_of_their_own_and_equations_of_the_book():
    written = (ROOT / "book" / "06_bptt.ipynb").read_text("utf-8")
    assert not [m.name for m in OTHER_FORMS if f"({m.equation})" not in written]
    assert len(KNOWN) == len({m.sentence for m in KNOWN.values()})
    assert len(KNOWN) == len(MISCONCEPTIONS) + len(OTHER_FORMS)
    assert all(re.fullmatch(r"\S.{20,160}\.", m.sentence) for m in OTHER_FORMS)


@pytest.mark.parametrize("mistake", OTHER_FORMS, ids=lambda mistake: mistake.name)
def test_a_mistake_of_another_form_made_in_float32_is_named_too(mistake):
    for seed in SEEDS[::4]:
        case, trace = case_of(seed)
        small = as_type(case, np.float32)
        gradient = mistake.wrong(small.params, rnnlib.forward(*small)).gradient
        assert gradient.W_hh.dtype == np.float32
        assert name_mistake(case.params, trace, gradient) == (mistake,)


def batch_first(case, trace, back):
    """Sum over the samples of each step, then over the steps."""
    shares = rnnlib.per_step(trace, back)
    return {name: share.sum(axis=0) for name, share in shares._asdict().items()}


def by_einsum(case, trace, back):
    return {
        "W_xh": np.einsum("tni,tnj->ij", trace.x, back.delta_a),
        "W_hh": np.einsum("tni,tnj->ij", trace.h_prev, back.delta_a),
        "W_hy": np.einsum("tni,tnj->ij", trace.h, back.delta_z),
        "b_h": np.einsum("tnj->j", back.delta_a),
        "b_y": np.einsum("tnk->k", back.delta_z),
    }


def step_by_step(case, trace, back, turn=1):
    """Add up with +=, in time or against it, and sample by sample."""
    shares = rnnlib.per_step(trace, back)._asdict()
    found = {name: np.zeros_like(share[0]) for name, share in shares.items()}
    for name, share in shares.items():
        for each in share[::turn]:
            found[name] += each
    return found


def against_time(case, trace, back):
    return step_by_step(case, trace, back, turn=-1)


RIGHT = [batch_first, by_einsum, step_by_step, against_time]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("form", RIGHT, ids=lambda form: form.__name__)
def test_a_right_gradient_is_never_called_wrong_in_whatever_order_it_is_summed(form, dtype):
    for seed in range(25):
        case, trace = case_of(seed)
        small = as_type(case, dtype)
        own = rnnlib.forward(*small)
        gradient = form(small, own, rnnlib.backward(small.params, own))
        assert gradient["W_hh"].dtype == dtype
        assert name_mistake(case.params, trace, gradient) == ()
        assert explain(case.params, trace, gradient).right


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__)
def test_a_right_gradient_of_any_form_is_never_called_wrong(route, dtype):
    for seed in range(25):
        case, trace = case_of(seed)
        assert explain(case.params, trace, gradient_by(route, as_type(case, dtype))).right
