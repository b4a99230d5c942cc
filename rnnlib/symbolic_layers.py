"""One step with a dense layer before and after, in letters: which delta each layer hands on."""

import numpy as np
import sympy as sp

from .symbolic_components import Derivation, elementwise, letters


def network_step(n_x: int, n_e: int, n_h: int, n_y: int, N: int = 1) -> Derivation:
    r"""
    Write one step of the network: dense, recurrent, dense, each with tanh.

    Parameters
    ----------
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    N : int
        Batch size.

    Returns
    -------
    Derivation
        The loss is half the squared error of this step, and a message from later steps for
        each component of the state.

    Notes
    -----
    .. math::
        e_t &= \tanh(x_t W_{xe} + b_e) \\
        h_t &= \tanh(e_t W_{xh} + h_{t-1} W_{hh} + b_h) \\
        \hat y_t &= \tanh(h_t W_{hy} + b_y) \\
        L_t &= \tfrac12 \textstyle\sum (\hat y_t - y_t)^2

    Examples
    --------
    >>> step = network_step(n_x=1, n_e=1, n_h=1, n_y=1)
    >>> list(step.values)
    ['e', 'h', 'y_hat']
    """
    by = {
        "x": letters("x_{t}", N, n_x),
        "h_prev": letters("h_{t-1}", N, n_h),
        "W_xe": letters("W_{xe}", n_x, n_e),
        "W_xh": letters("W_{xh}", n_e, n_h),
        "W_hh": letters("W_{hh}", n_h, n_h),
        "W_hy": letters("W_{hy}", n_h, n_y),
        "b_e": letters("b_{e}", n_e),
        "b_h": letters("b_{h}", n_h),
        "b_y": letters("b_{y}", n_y),
    }
    given = {"y": letters("y_{t}", N, n_y), "message": letters("m_{t}", N, n_h)}
    values = {
        "e": letters("e_{t}", N, n_e),
        "h": letters("h_{t}", N, n_h),
        "y_hat": letters(r"\hat y_{t}", N, n_y),
    }
    x, h_prev, W_xe, W_xh, W_hh, W_hy, b_e, b_h, b_y = by.values()
    e = elementwise(sp.tanh, x @ W_xe + b_e)
    h = elementwise(sp.tanh, e @ W_xh + h_prev @ W_hh + b_h)
    y_hat = elementwise(sp.tanh, h @ W_hy + b_y)
    loss = ((y_hat - given["y"]) ** 2).sum() / 2 + (given["message"] * h).sum()
    words: dict[sp.Expr, sp.Expr] = {}
    for short, long in zip(values.values(), (e, h, y_hat), strict=True):
        words |= dict(zip(long.flat, short.flat, strict=True))
    return Derivation(by, given, values, loss, words)


def network_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the way back through the three layers, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `network_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by each entry of ``step.by``. That by "h_prev" is the message to the
        state before.

    Notes
    -----
    Two arrows point into the state, from its own loss and from later steps:

    .. math::
        \delta^z_t &= (\hat y_t - y_t) \odot (1 - \hat y_t^2) \\
        \delta^h_t &= \delta^z_t W_{hy}^\top + \overleftarrow m_t \\
        \delta^a_t &= \delta^h_t \odot (1 - h_t^2) \\
        \delta^e_t &= \delta^a_t W_{xh}^\top

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = network_step(n_x=1, n_e=2, n_h=1, n_y=1)
    >>> all(proven(network_formulas(step), step.by_sympy()).values())
    True
    """
    x, h_prev, W_xe, W_xh, W_hh, W_hy, *_ = step.by.values()
    e, h, y_hat = step.values.values()
    y, message = step.given.values()
    delta_z = (y_hat - y) * (1 - y_hat * y_hat)
    delta_h = delta_z @ W_hy.T + message
    delta_a = delta_h * (1 - h * h)
    delta_e = delta_a @ W_xh.T
    at_front = delta_e * (1 - e * e)  # before the activation of the front layer
    return {
        "x": at_front @ W_xe.T,
        "h_prev": delta_a @ W_hh.T,
        "W_xe": x.T @ at_front,
        "W_xh": e.T @ delta_a,
        "W_hh": h_prev.T @ delta_a,
        "W_hy": h.T @ delta_z,
        "b_e": at_front.sum(axis=0),
        "b_h": delta_a.sum(axis=0),
        "b_y": delta_z.sum(axis=0),
    }
