"""The unrolled network in letters: sympy differentiates its total loss and knows no BPTT."""

from typing import NamedTuple

import numpy as np
import sympy as sp

from .bptt import BackwardTrace
from .forward_pass import Trace
from .parameters import Parameters
from .symbolic_components import derivative, elementwise, letters, replaced


class Unrolled(NamedTuple):
    """
    A network over a few steps, twice: with a letter for each value, and written out.

    Attributes
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        A letter for each state, pre-activation, logit and prediction; the target classes
        are numbers. A formula that runs on a `Trace` of numbers runs on this one too.
    nested : Trace of sympy.Expr
        The same values as functions of the parameters, the inputs and the state before
        the first input alone.
    """

    params: Parameters
    trace: Trace
    nested: Trace


def unroll(T: int, n_x: int, n_h: int, n_y: int, N: int = 1) -> Unrolled:
    """
    Write a network with tanh and cross-entropy in letters.

    Parameters
    ----------
    T, n_x, n_h, n_y, N : int
        Steps, sizes and batch size. Keep them at 3 or below: the formulas grow like
        n_h to the power of T.

    Returns
    -------
    Unrolled
        Parameters and both traces. The target classes take turns.

    Examples
    --------
    >>> network = unroll(T=1, n_x=1, n_h=1, n_y=2)
    >>> network.nested.h[0, 0, 0]
    tanh(W_{hh,00}*h_{-1,00} + W_{xh,00}*x_{0,00} + b_{h,0})
    >>> network.trace.h[0, 0, 0]
    h_{0,00}
    """
    params = Parameters(
        W_xh=letters("W_{xh}", n_x, n_h),
        W_hh=letters("W_{hh}", n_h, n_h),
        W_hy=letters("W_{hy}", n_h, n_y),
        b_h=letters("b_{h}", n_h),
        b_y=letters("b_{y}", n_y),
    )
    y = (np.arange(T)[:, np.newaxis] + np.arange(N)) % n_y

    def of_each_step(name: str, size: int, first: int = 0) -> np.ndarray:
        return np.stack([letters(f"{name}_{{{t}}}", N, size) for t in range(first, T)])

    x, states = of_each_step("x", n_x), of_each_step("h", n_h, first=-1)
    a, z, y_hat = of_each_step("a", n_h), of_each_step("z", n_y), of_each_step(r"\hat y", n_y)
    trace = Trace(x, y, states, a, z, y_hat, letters("L", T), "tanh")
    return Unrolled(params, trace, written_out(params, x, y, states[0]))


def written_out(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    nudges: dict[str, np.ndarray] | None = None,
) -> Trace:
    r"""
    Write the forward pass out, each value as one nested formula.

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    x : ndarray of sympy.Symbol, shape (T, N, n_x)
        Letters.
    y : ndarray of int, shape (T, N)
        Target classes.
    h_init : ndarray of sympy.Expr, shape (N, n_h)
        The state to begin with.
    nudges : dict of str to ndarray of sympy.Symbol, optional
        What is added to each "a", "h" or "z" where it arises. A nudge of the "message" is
        added to what later steps see of a state, but not to what its own loss sees.

    Returns
    -------
    Trace of sympy.Expr
        Every value; the loss of each step is summed over the batch.

    Examples
    --------
    >>> params, trace, nested = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> nudged = written_out(params, trace.x, trace.y, trace.h_init, {"a": letters("c", 2, 1, 1)})
    >>> nudged.h[0, 0, 0]
    tanh(W_{hh,00}*h_{-1,00} + W_{xh,00}*x_{0,00} + b_{h,0} + c_{000})
    """
    nudges = nudges or {}
    steps = []
    h_prev = h_init
    for t, (x_t, y_t) in enumerate(zip(x, y, strict=True)):
        now = {name: nudge[t] for name, nudge in nudges.items()}
        # a_t = x_t W_xh + h_{t-1} W_hh + b_h
        a_t = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h + now.get("a", 0)
        # h_t = tanh a_t
        h_t = elementwise(sp.tanh, a_t) + now.get("h", 0)
        # z_t = h_t W_hy + b_y
        z_t = h_t @ params.W_hy + params.b_y + now.get("z", 0)
        # y_hat_t = softmax(z_t), L_t = log sum exp z_t - z_t of the target
        partition = elementwise(sp.exp, z_t).sum(axis=1, keepdims=True)
        z_y = np.take_along_axis(z_t, y_t[:, np.newaxis], axis=1)
        loss_t = (elementwise(sp.log, partition) - z_y).sum()
        steps.append((h_t, a_t, z_t, elementwise(sp.exp, z_t) / partition, loss_t))
        h_prev = h_t + now.get("message", 0)
    h, a, z, y_hat, loss = (np.stack(values) for values in zip(*steps, strict=True))
    return Trace(x, y, np.concatenate([h_init[np.newaxis], h]), a, z, y_hat, loss, "tanh")


def by_sympy(network: Unrolled) -> BackwardTrace:
    r"""
    Let sympy differentiate the total loss by every parameter and every value.

    Parameters
    ----------
    network : Unrolled
        What `unroll` has made.

    Returns
    -------
    BackwardTrace of sympy.Expr
        Derivatives of the total loss, in the letters of ``network.trace``.

    Notes
    -----
    The loss of all steps is one nested formula, and sympy differentiates it as a whole. For
    a value inside the network a nudge is added to it, and set to 0 after differentiating.
    Two steps of two units take about a second, three steps two or three.

    Examples
    --------
    >>> by_sympy(unroll(T=1, n_x=1, n_h=1, n_y=2)).gradient.b_y
    array([\hat y_{0,00} - 1, \hat y_{0,01}], dtype=object)
    """
    params, trace, nested = network

    def slope(by: np.ndarray) -> np.ndarray:
        return _in_letters(derivative(nested.loss.sum(), by), network)

    def nudged(name: str, like: np.ndarray) -> np.ndarray:
        nudge = letters("c", *like.shape)
        loss = written_out(params, trace.x, trace.y, trace.h_init, {name: nudge}).loss.sum()
        none = dict.fromkeys(nudge.flat, sp.Integer(0))
        return _in_letters(replaced(derivative(loss, nudge), none), network)

    return BackwardTrace(
        delta_z=nudged("z", trace.z),
        message=nudged("message", trace.a),
        delta_h=nudged("h", trace.a),
        delta_a=nudged("a", trace.a),
        delta_x=slope(trace.x),
        delta_h_init=slope(trace.h_init),
        gradient=Parameters(*(slope(theta) for theta in params)),
    )


def state_by_sympy(network: Unrolled, t: int, by: np.ndarray) -> np.ndarray:
    r"""
    Let sympy differentiate a state through all steps before it.

    Parameters
    ----------
    network : Unrolled
        What `unroll` has made.
    t : int
        Which state.
    by : ndarray of sympy.Symbol, any shape
        Letters of the parameters, the inputs or the state before the first.

    Returns
    -------
    ndarray of sympy.Expr, shape (N, n_h, \*shape of by)
        The total derivative, in the letters of ``network.trace``: with a parameter, the
        `influence` of that parameter on the state.

    Examples
    --------
    >>> network = unroll(T=1, n_x=1, n_h=1, n_y=2)
    >>> state_by_sympy(network, 0, network.params.b_h)
    array([[[1 - h_{0,00}**2]]], dtype=object)
    """
    return _in_letters(derivative(network.nested.h[t], by), network)


def _in_letters(formulas: np.ndarray, network: Unrolled) -> np.ndarray:
    """Put the letter for each nested state and softmax, the outermost being met first."""
    _, trace, nested = network
    words = dict(zip(nested.h.flat, trace.h.flat, strict=True))
    for index in np.ndindex(trace.y.shape):
        exponentials = elementwise(sp.exp, nested.z[index])
        partition = sp.Dummy(positive=True)
        words[exponentials.sum()] = partition
        # exp z = y_hat times the sum of all exp z: the definition of softmax.
        words |= dict(zip(exponentials, trace.y_hat[index] * partition, strict=True))
    return elementwise(_multiplied_out, replaced(formulas, words))


def _multiplied_out(formula: sp.Expr) -> sp.Expr:
    """Multiply out the outermost products, so that the sums of exponentials cancel."""
    return sum(sp.expand_mul(term, deep=False) for term in sp.Add.make_args(formula))
