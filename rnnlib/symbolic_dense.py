"""The formal derivative with its four axes, and the two products that replace it."""

import numpy as np
import sympy as sp

from .symbolic_components import Derivation, derivative, elementwise, letters


def formal_tensor(N: int, n_in: int, n_out: int) -> np.ndarray:
    r"""
    Differentiate every pre-activation by every weight, entry by entry.

    Parameters
    ----------
    N : int
        Number of rows.
    n_in, n_out : int
        Sizes of the weight matrix.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_in, n_out, N, n_out)
        Entry :math:`i, k, n, j` is :math:`\partial a_{nj} / \partial W_{ik}`. It is
        :math:`x_{ni}` where :math:`j = k` and 0 elsewhere: of every `n_out` entries, one.

    Examples
    --------
    >>> tensor = formal_tensor(N=2, n_in=3, n_out=5)
    >>> tensor.size, int(np.count_nonzero(tensor))
    (150, 30)
    """
    x, W, b = letters("x", N, n_in), letters("W", n_in, n_out), letters("b", n_out)
    return derivative(x @ W + b, W).transpose(2, 3, 0, 1)


def contracted(tensor: np.ndarray, delta: np.ndarray) -> np.ndarray:
    r"""
    Multiply the formal derivative by what the loss says, and sum: the chain rule as it stands.

    Parameters
    ----------
    tensor : ndarray, shape (n_in, n_out, N, n_out)
        What `formal_tensor` returns.
    delta : ndarray, shape (N, n_out)
        :math:`\mathrm dL/\mathrm da`.

    Returns
    -------
    ndarray, shape (n_in, n_out)
        :math:`\sum_{n,j} \frac{\partial a_{nj}}{\partial W_{ik}} \delta_{nj}`.

    Examples
    --------
    >>> from rnnlib.symbolic_components import proves_all_equal
    >>> x, delta = letters("x", 2, 3), letters("d", 2, 5)
    >>> proves_all_equal(contracted(formal_tensor(2, 3, 5), delta), x.T @ delta)
    True
    """
    return np.tensordot(tensor, delta, 2)


def dense_step(N: int, n_in: int, n_out: int) -> Derivation:
    r"""
    Write a dense layer with tanh, and what any loss may say about its output.

    Parameters
    ----------
    N : int
        Number of rows.
    n_in, n_out : int
        Sizes of input and output.

    Returns
    -------
    Derivation
        The loss is linear in the output, with a letter for each :math:`\mathrm dL/\mathrm dh`:
        by the chain rule no more of a loss is ever needed.

    Examples
    --------
    >>> sorted(dense_step(N=1, n_in=1, n_out=1).by)
    ['W', 'b', 'x']
    """
    by = {"x": letters("x", N, n_in), "W": letters("W", n_in, n_out), "b": letters("b", n_out)}
    h = elementwise(sp.tanh, by["x"] @ by["W"] + by["b"])
    given, values = {"upstream": letters("u", N, n_out)}, {"h": letters("h", N, n_out)}
    words = dict(zip(h.flat, values["h"].flat, strict=True))
    return Derivation(by, given, values, (given["upstream"] * h).sum(), words)


def dense_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the way back through a dense layer, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `dense_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by each entry of ``step.by``.

    Notes
    -----
    With :math:`u = \mathrm dL/\mathrm dh`,

    .. math::
        \delta = u \odot (1 - h^2), \quad
        \frac{\mathrm dL}{\mathrm dx} = \delta W^\top, \quad
        \frac{\mathrm dL}{\mathrm dW} = x^\top \delta, \quad
        \frac{\mathrm dL}{\mathrm db} = \sum_n \delta_n

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = dense_step(N=2, n_in=3, n_out=2)
    >>> proven(dense_formulas(step), step.by_sympy())
    {'x': True, 'W': True, 'b': True}
    """
    x, W, _ = step.by.values()
    h, upstream = step.values["h"], step.given["upstream"]
    delta = upstream * (1 - h * h)
    return {"x": delta @ W.T, "W": x.T @ delta, "b": delta.sum(axis=0)}
