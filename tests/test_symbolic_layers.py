"""Dense layers, a decoder and gates: one step each, and the mistakes that a proof refuses."""

import numpy as np
import pytest
import sympy as sp

from false_neighbours import with_mistake
from rnnlib import gru_backward, lstm_backward, recurrent
from rnnlib.gated_parameters import GRUParameters, LSTMParameters
from rnnlib.gru import GRUTrace
from rnnlib.lstm import LSTMTrace
from rnnlib.symbolic import proves_equal
from rnnlib.symbolic_components import letters, proven, proves_all_equal, replaced
from rnnlib.symbolic_decoder import (
    encoder_decoder_formulas,
    encoder_decoder_step,
    heard_word,
    heard_word_formulas,
)
from rnnlib.symbolic_dense import contracted, dense_formulas, dense_step, formal_tensor
from rnnlib.symbolic_gates import (
    gru_formulas,
    gru_step,
    lstm_formulas,
    lstm_step,
    sigmoid_as_tanh,
)
from rnnlib.symbolic_layers import network_formulas, network_step
from test_symbolic_unrolled import SIZES, SMALL, unrolled
from test_symbolic_unrolled import found as unrolled_by_sympy

STEPS = {
    dense_formulas: [dense_step(1, 2, 5), dense_step(3, 1, 2), dense_step(2, 3, 2)],
    network_formulas: [network_step(1, 2, 3, 2), network_step(2, 1, 2, 1, N=2)],
    encoder_decoder_formulas: [encoder_decoder_step(1, 2, 3), encoder_decoder_step(2, 1, 1, T=2)],
    heard_word_formulas: [heard_word(n_y) for n_y in (2, 3, 5)],
    lstm_formulas: [lstm_step(2, 1), lstm_step(1, 2)],
    gru_formulas: [gru_step(2, 1), gru_step(1, 2)],
}
CASES = [(formulas, step) for formulas, steps in STEPS.items() for step in steps]


FOUND = {}


def by_sympy(step):
    """Let sympy differentiate each step once."""
    if id(step) not in FOUND:
        FOUND[id(step)] = step.by_sympy()
    return FOUND[id(step)]


def refused(formulas, step):
    """List what is not proven of a claim."""
    answers = proven(formulas(step), by_sympy(step))
    return {name for name, is_proven in answers.items() if not is_proven}


@pytest.mark.parametrize(("formulas", "step"), CASES)
def test_the_way_back_through_one_step_is_proven(formulas, step):
    assert refused(formulas, step) == set()


@pytest.mark.parametrize(("formulas", "step"), CASES)
def test_the_answer_of_sympy_is_in_the_letters_of_the_step(formulas, step):
    groups = (*step.by.values(), *step.given.values(), *step.values.values())
    allowed = {letter for group in groups for letter in group.flat}
    for name, slope in by_sympy(step).items():
        used = set().union(*(sp.expand(entry).free_symbols for entry in slope.flat))
        assert used <= allowed, name


MISTAKES = [
    (dense_formulas, " * (1 - h * h)", "", {"x", "W", "b"}),
    (dense_formulas, "delta @ W.T", "upstream @ W.T", {"x"}),
    (dense_formulas, "delta.sum(axis=0)", "delta[0]", {"b"}),
    (dense_formulas, "x.T @ delta", "x.T @ upstream", {"W"}),
    (network_formulas, " + message", "", {"x", "h_prev", "W_xe", "W_xh", "W_hh", "b_e", "b_h"}),
    (network_formulas, "* (1 - y_hat * y_hat)", "", None),
    (network_formulas, "(y_hat - y)", "2 * (y_hat - y)", None),
    (network_formulas, " * (1 - e * e)", "", {"x", "W_xe", "b_e"}),
    (network_formulas, "delta_a @ W_xh.T", "delta_h @ W_xh.T", {"x", "W_xe", "b_e"}),
    (network_formulas, "delta_a @ W_hh.T", "delta_a @ W_hh", {"h_prev"}),
    (network_formulas, "h_prev.T @ delta_a", "h.T @ delta_a", {"W_hh"}),
    (network_formulas, "h.T @ delta_z", "h_prev.T @ delta_z", {"W_hy"}),
    (network_formulas, "delta_z.sum(axis=0)", "delta_z.mean(axis=0)", {"b_y"}),
    (encoder_decoder_formulas, "message + delta_a", "delta_a", None),
    (encoder_decoder_formulas, " + delta_a.sum(axis=0) @ W_ch.T", "", None),
    (encoder_decoder_formulas, "delta_a.sum(axis=0) @ W_ch.T", "delta_a[0] @ W_ch.T", None),
    (encoder_decoder_formulas, "* (1 - context * context)", "", None),
    (encoder_decoder_formulas, "np.outer(context, delta_a.sum(axis=0))",
     "np.outer(context, delta_a[-1])", {"W_ch"}),
    (encoder_decoder_formulas, "[context, *h[:-1]]", "[0 * context, *h[:-1]]", {"W_hh"}),
    (encoder_decoder_formulas, "upstream[t] + message", "upstream[t]", None),
    (heard_word_formulas, "delta_x @ (np.diag(y_hat) - np.outer(y_hat, y_hat))", "delta_x", {"z"}),
    (heard_word_formulas, "np.diag(y_hat) - ", "", {"z"}),
    (heard_word_formulas, " - np.outer(y_hat, y_hat)", "", {"z"}),
    (heard_word_formulas, " - one_hot", "", {"z"}),
    (lstm_formulas, "cell_message + delta_h", "delta_h", None),
    (lstm_formulas, " * (1 - tanh_cell * tanh_cell)", "", None),
    (lstm_formulas, "delta_cell * cell_prev * forget_gate", "delta_cell * forget_gate", None),
    (lstm_formulas, "delta_cell * forget_gate,", "delta_cell * input_gate,", {"cell_prev"}),
    (lstm_formulas, "* (1 - output_gate)", "", None),
    (lstm_formulas, "(1 - candidate * candidate)", "candidate * (1 - candidate)", None),
    (lstm_formulas, "delta_cell * candidate * input", "delta_h * candidate * input", None),
    (lstm_formulas, "delta_h * tanh_cell", "delta_cell * tanh_cell", None),
    (gru_formulas, "delta_h * update_gate + ", "", {"h_prev"}),
    (gru_formulas, "np.outer(h_prev, at_product)", "np.outer(h_prev, delta_a)", {"W_hh"}),
    (gru_formulas, "np.outer(x, delta_a)", "np.outer(x, at_product)", {"W_xh"}),
    (gru_formulas, "delta_h * (1 - update_gate)", "delta_h * update_gate", None),
    (gru_formulas, "h_prev - candidate", "candidate - h_prev", None),
    (gru_formulas, "[2] + b_q", "[2]", None),
    (gru_formulas, "at_candidate * reset_gate\n", "at_candidate\n", {"h_prev", "W_hh", "b_q"}),
    (gru_formulas, "recalled * reset_gate * (1 - reset_gate)", "recalled", None),
]  # fmt: skip


@pytest.mark.parametrize(("formulas", "right", "wrong", "fields"), MISTAKES)
def test_a_mistake_on_the_way_back_is_refused(formulas, right, wrong, fields):
    found = refused(with_mistake(formulas, right, wrong), STEPS[formulas][-1])
    assert found
    assert fields is None or found == fields


@pytest.mark.parametrize("sizes", [(2, 3, 5), (3, 2, 2), (1, 5, 3)])
def test_the_formal_tensor_is_zero_but_for_one_entry_in_each_row_of_units(sizes):
    N, n_in, n_out = sizes
    tensor = formal_tensor(*sizes)
    assert tensor.shape == (n_in, n_out, N, n_out)
    assert np.count_nonzero(tensor) == N * n_in * n_out
    x = letters("x", N, n_in)
    for i, k, n, j in np.ndindex(tensor.shape):
        assert tensor[i, k, n, j] == (x[n, i] if j == k else 0)


@pytest.mark.parametrize("sizes", [(2, 3, 5), (3, 2, 2)])
def test_the_formal_product_is_the_product_of_two_matrices(sizes):
    N, n_in, n_out = sizes
    x, delta = letters("x", N, n_in), letters("d", N, n_out)
    product = contracted(formal_tensor(*sizes), delta)
    assert proves_all_equal(product, x.T @ delta)
    # One entry is the inner product of a column of x with a column of delta.
    assert proves_all_equal(product[0, -1], x[:, 0] @ delta[:, -1])
    assert not proves_all_equal(product, (delta.T @ x).reshape(n_in, n_out))
    assert not proves_all_equal(product, x.T @ delta / N)


def test_the_logistic_function_is_a_tanh():
    a = sp.Symbol("a", real=True)
    assert proves_equal(sigmoid_as_tanh(a), 1 / (1 + sp.exp(-a)))
    assert not proves_equal(sigmoid_as_tanh(a), 1 / (1 + sp.exp(-2 * a)))


@pytest.fixture
def on_letters(monkeypatch):
    """Let the code of the layers run on letters: the checks ask for numbers."""

    def accept(name, value, shape):
        return value

    for module in (recurrent, lstm_backward, gru_backward):
        monkeypatch.setattr(module, "check_array", accept)
    for module, name in [
        (lstm_backward, "check_lstm_parameters"),
        (gru_backward, "check_gru_parameters"),
    ]:
        monkeypatch.setattr(
            module, name, lambda params: (params.W_xh.shape[0], params.W_hh.shape[0])
        )


class CellLetter(sp.Symbol):
    """A letter that NumPy can take the tanh of."""

    def tanh(self):
        return sp.tanh(self)


def one_row(step, *names):
    """Take letters of a step of one sample as arrays (T, N, n) of one step and one sample."""
    groups = {**step.by, **step.given, **step.values}
    return [groups[name][np.newaxis, np.newaxis] for name in names]


def as_formulas(back, **others):
    """Name the results of the code as the formulas are named."""
    return {
        "x": back.delta_x[0, 0],
        "h_prev": back.delta_h_init[0],
        **others,
        **back.gradient._asdict(),
    }


@pytest.mark.parametrize("step", STEPS[lstm_formulas])
def test_the_code_of_the_lstm_is_proven_as_it_stands(on_letters, step):
    n_h = len(step.values["tanh_cell"])
    cell = np.array([CellLetter(f"c{j}", real=True) for j in range(n_h)])[np.newaxis, np.newaxis]
    x, h_prev, cell_prev = one_row(step, "x", "h_prev", "cell_prev")
    gates = one_row(step, "input_gate", "forget_gate", "candidate", "output_gate")
    states, cells = np.concatenate([h_prev, 0 * h_prev]), np.concatenate([cell_prev, cell])
    params = LSTMParameters(step.by["W_xh"], step.by["W_hh"], step.by["b_h"])
    trace = LSTMTrace(x, states, cells, np.empty((1, 1, 4 * n_h), object), *gates)
    upstream, cell_message = one_row(step, "delta_h", "cell_message")
    back = lstm_backward.lstm_backward(params, trace, upstream, None, cell_message[0])
    code = as_formulas(back, cell_prev=back.delta_cell_init[0])
    words = dict(zip(map(sp.tanh, cell.flat), step.values["tanh_cell"], strict=True))
    code = {name: replaced(code[name], words) for name in step.by}
    assert set(proven(code, by_sympy(step)).values()) == {True}


@pytest.mark.parametrize("step", STEPS[gru_formulas])
def test_the_code_of_the_gru_is_proven_as_it_stands(on_letters, step):
    n_h = len(step.values["candidate"])
    x, h_prev, upstream = one_row(step, "x", "h_prev", "delta_h")
    gates = one_row(step, "reset_gate", "update_gate", "candidate")
    params = GRUParameters(*(step.by[name] for name in GRUParameters._fields))
    recalled = (h_prev @ params.W_hh)[..., 2 * n_h :] + params.b_q
    states = np.concatenate([h_prev, 0 * h_prev])
    trace = GRUTrace(x, states, np.empty((1, 1, 3 * n_h), object), recalled, *gates)
    code = as_formulas(gru_backward.gru_backward(params, trace, upstream))
    assert set(proven(code, by_sympy(step)).values()) == {True}


@pytest.mark.parametrize("sizes", [SMALL, *SIZES[2:]])
def test_the_code_of_the_recurrent_layer_is_proven_as_it_stands(on_letters, sizes):
    (W_xh, W_hh, W_hy, b_h, _), trace, _ = unrolled(*sizes)
    found = unrolled_by_sympy(*sizes)
    layer = recurrent.RecurrentTrace(trace.x, trace.states, trace.a, "tanh")
    upstream = found.delta_z @ W_hy.T  # what the layer above says
    back = recurrent.recurrent_backward(recurrent.Recurrent(W_xh, W_hh, b_h), layer, upstream)
    for name in ("message", "delta_h", "delta_a", "delta_x", "delta_h_init"):
        assert proves_all_equal(getattr(back, name), getattr(found, name)), name
    for name, share in back.gradient._asdict().items():
        assert proves_all_equal(share, getattr(found.gradient, name)), name
