"""One step of an LSTM and of a GRU in letters: the way back against sympy."""

import numpy as np
import sympy as sp

from .symbolic_components import Derivation, elementwise, letters


def sigmoid_as_tanh(a: sp.Expr) -> sp.Expr:
    r"""
    Write the logistic function with tanh, so that one rule serves both.

    Parameters
    ----------
    a : sympy.Expr
        Where.

    Returns
    -------
    sympy.Expr
        :math:`\sigma(a) = \frac12 (1 + \tanh \frac a2)`.

    Examples
    --------
    >>> from rnnlib.symbolic import proves_equal
    >>> a = sp.Symbol("a", real=True)
    >>> proves_equal(sigmoid_as_tanh(a), 1 / (1 + sp.exp(-a)))
    True
    """
    return (1 + sp.tanh(a / 2)) / 2


def lstm_step(n_x: int, n_h: int) -> Derivation:
    r"""
    Write one step of an LSTM for one sample.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    Derivation
        The loss is what others say about state and cell: a delta for each component of
        :math:`h_t`, and a message for each component of :math:`c_t`.

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = lstm_step(n_x=1, n_h=1)
    >>> all(proven(lstm_formulas(step), step.by_sympy()).values())
    True
    """
    by = {
        "x": letters("x_{t}", n_x),
        "h_prev": letters("h_{t-1}", n_h),
        "cell_prev": letters("c_{t-1}", n_h),
        "W_xh": letters("W_{xh}", n_x, 4 * n_h),
        "W_hh": letters("W_{hh}", n_h, 4 * n_h),
        "b_h": letters("b_{h}", 4 * n_h),
    }
    x, h_prev, cell_prev, W_xh, W_hh, b_h = by.values()
    # a_t = x_t W_xh + h_{t-1} W_hh + b_h, in four blocks
    a_input, a_forget, a_candidate, a_output = np.split(x @ W_xh + h_prev @ W_hh + b_h, 4)
    input_gate, forget_gate, output_gate = (
        elementwise(sigmoid_as_tanh, a) for a in (a_input, a_forget, a_output)
    )
    candidate = elementwise(sp.tanh, a_candidate)
    # c_t = f_t c_{t-1} + iota_t g_t
    cell = forget_gate * cell_prev + input_gate * candidate
    tanh_cell = elementwise(sp.tanh, cell)
    # h_t = omega_t tanh c_t
    h = output_gate * tanh_cell

    given = {"delta_h": letters(r"\delta^{h}", n_h), "cell_message": letters("m^{c}", n_h)}
    loss = (given["delta_h"] * h + given["cell_message"] * cell).sum()
    values, words = _named(
        input_gate=(r"\iota", input_gate),
        forget_gate=("f", forget_gate),
        candidate=("g", candidate),
        output_gate=(r"\omega", output_gate),
        tanh_cell=("k", tanh_cell),
    )
    return Derivation(by, given, values, loss, words)


def lstm_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the way back through one step of an LSTM, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `lstm_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by each entry of ``step.by``. That by "h_prev" is the message to the
        state before, that by "cell_prev" the message to the cell before.

    Notes
    -----
    .. math::
        \delta^c_t &= \overleftarrow m^c_t + \delta^h_t \odot \omega_t (1 - \tanh^2 c_t) \\
        \delta^a_t &= [\delta^c_t \odot g_t \odot \iota_t (1 - \iota_t),\;
        \delta^c_t \odot c_{t-1} \odot f_t (1 - f_t),\;
        \delta^c_t \odot \iota_t (1 - g_t^2),\;
        \delta^h_t \odot \tanh c_t \odot \omega_t (1 - \omega_t)]

    Examples
    --------
    >>> lstm_formulas(lstm_step(n_x=1, n_h=1))["cell_prev"]
    array([f_{0}*(\delta^{h,0}*\omega_{0}*(1 - k_{0}**2) + m^{c,0})],
          dtype=object)
    """
    x, h_prev, cell_prev, W_xh, W_hh, _ = step.by.values()
    delta_h, cell_message = step.given.values()
    input_gate, forget_gate, candidate, output_gate, tanh_cell = step.values.values()
    delta_cell = cell_message + delta_h * output_gate * (1 - tanh_cell * tanh_cell)
    delta_a = np.concatenate(
        [
            delta_cell * candidate * input_gate * (1 - input_gate),
            delta_cell * cell_prev * forget_gate * (1 - forget_gate),
            delta_cell * input_gate * (1 - candidate * candidate),
            delta_h * tanh_cell * output_gate * (1 - output_gate),
        ]
    )
    return {
        "x": delta_a @ W_xh.T,
        "h_prev": delta_a @ W_hh.T,
        "cell_prev": delta_cell * forget_gate,
        "W_xh": np.outer(x, delta_a),
        "W_hh": np.outer(h_prev, delta_a),
        "b_h": delta_a,
    }


def gru_step(n_x: int, n_h: int) -> Derivation:
    r"""
    Write one step of a GRU for one sample.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    Derivation
        The loss is what others say about the state: a delta for each component.

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = gru_step(n_x=1, n_h=1)
    >>> all(proven(gru_formulas(step), step.by_sympy()).values())
    True
    """
    by = {
        "x": letters("x_{t}", n_x),
        "h_prev": letters("h_{t-1}", n_h),
        "W_xh": letters("W_{xh}", n_x, 3 * n_h),
        "W_hh": letters("W_{hh}", n_h, 3 * n_h),
        "b_h": letters("b_{h}", 3 * n_h),
        "b_q": letters("b_{q}", n_h),
    }
    x, h_prev, W_xh, W_hh, b_h, b_q = by.values()
    in_reset, in_update, in_candidate = np.split(x @ W_xh + b_h, 3)
    to_reset, to_update, to_candidate = np.split(h_prev @ W_hh, 3)
    reset_gate = elementwise(sigmoid_as_tanh, in_reset + to_reset)
    update_gate = elementwise(sigmoid_as_tanh, in_update + to_update)
    # g_t = tanh(x_t W_xh + b_h + r_t q_t) with q_t = h_{t-1} W_hh + b_q
    candidate = elementwise(sp.tanh, in_candidate + reset_gate * (to_candidate + b_q))
    # h_t = u_t h_{t-1} + (1 - u_t) g_t
    h = update_gate * h_prev + (1 - update_gate) * candidate

    given = {"delta_h": letters(r"\delta^{h}", n_h)}
    values, words = _named(
        reset_gate=("r", reset_gate), update_gate=("u", update_gate), candidate=("g", candidate)
    )
    return Derivation(by, given, values, (given["delta_h"] * h).sum(), words)


def gru_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the way back through one step of a GRU, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `gru_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by each entry of ``step.by``. That by "h_prev" is the message to the
        state before.

    Notes
    -----
    .. math::
        \delta^{a,g}_t &= \delta^h_t \odot (1 - u_t) \odot (1 - g_t^2), \quad
        \delta^q_t = \delta^{a,g}_t \odot r_t \\
        \delta^{a,r}_t &= \delta^{a,g}_t \odot q_t \odot r_t (1 - r_t), \quad
        \delta^{a,u}_t = \delta^h_t \odot (h_{t-1} - g_t) \odot u_t (1 - u_t) \\
        \overleftarrow m_{t-1} &= \delta^h_t \odot u_t
        + [\delta^{a,r}_t, \delta^{a,u}_t, \delta^q_t] \, W_{hh}^\top

    Examples
    --------
    >>> gru_formulas(gru_step(n_x=1, n_h=1))["b_q"]
    array([\delta^{h,0}*r_{0}*(1 - g_{0}**2)*(1 - u_{0})], dtype=object)
    """
    x, h_prev, W_xh, W_hh, _, b_q = step.by.values()
    (delta_h,) = step.given.values()
    reset_gate, update_gate, candidate = step.values.values()
    recalled = np.split(h_prev @ W_hh, 3)[2] + b_q
    at_candidate = delta_h * (1 - update_gate) * (1 - candidate * candidate)
    delta_recalled = at_candidate * reset_gate
    at_reset = at_candidate * recalled * reset_gate * (1 - reset_gate)
    at_update = delta_h * (h_prev - candidate) * update_gate * (1 - update_gate)
    delta_a = np.concatenate([at_reset, at_update, at_candidate])  # of x_t W_xh
    at_product = np.concatenate([at_reset, at_update, delta_recalled])  # of h_{t-1} W_hh
    return {
        "x": delta_a @ W_xh.T,
        "h_prev": delta_h * update_gate + at_product @ W_hh.T,
        "W_xh": np.outer(x, delta_a),
        "W_hh": np.outer(h_prev, at_product),
        "b_h": delta_a,
        "b_q": delta_recalled,
    }


def _named(
    **nested: tuple[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], dict[sp.Expr, sp.Expr]]:
    """Give a letter to each value of a gate or a tanh; tell which word it stands for."""
    values = {name: letters(letter, *formula.shape) for name, (letter, formula) in nested.items()}
    words = {}
    for name, (_, formula) in nested.items():
        for short, long in zip(values[name], formula, strict=True):
            # A gate is (1 + tanh) / 2, so that its tanh is 2 gate - 1.
            is_gate = not isinstance(long, sp.tanh)
            words[2 * long - 1 if is_gate else long] = 2 * short - 1 if is_gate else short
    return values, words
