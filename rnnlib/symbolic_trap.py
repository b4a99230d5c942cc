"""A trap: sympy's matrix calculus can be wrong without a word."""

import numpy as np
import sympy as sp

from .symbolic_components import derivative, letters


def matrix_calculus_traps(n: int = 2) -> dict[str, tuple[sp.Expr, np.ndarray]]:
    r"""
    Differentiate in two ways: by sympy's matrix calculus, and by components.

    Parameters
    ----------
    n : int
        The size of the matrices.

    Returns
    -------
    dict of str to (sympy.Expr, ndarray of sympy.Expr)
        For each trap, what sympy 1.14 says when asked for a whole matrix at once, which is 0
        without a warning, and the derivative.

    Notes
    -----
    The derivative of :math:`\log(xW)`, with a row :math:`x` and a column :math:`W`, by
    :math:`W_i` is :math:`x_i / (xW)`. The derivative of
    :math:`\sum_{ij} A_{ij}^2 + \sum_{ij} B_{ij}^2` by :math:`A` is :math:`2A`; here it is
    written with traces, and each trace alone would have been differentiated well. This is
    why every derivation of the book is done on components.

    Examples
    --------
    >>> wrong, right = matrix_calculus_traps()["log of an entry"]
    >>> wrong, right[0, 0]
    (0, x_{0}/(W_{00}*x_{0} + W_{10}*x_{1}))
    """
    row, column = sp.MatrixSymbol("x", 1, n), sp.MatrixSymbol("W", n, 1)
    x, W = letters("x", n), letters("W", n, 1)
    left, right = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
    traces = sp.Trace(left.T * left) + sp.Trace(right.T * right)
    A, B = letters("A", n, n), letters("B", n, n)
    return {
        "log of an entry": (
            sp.diff(sp.log((row * column)[0, 0]), column),
            derivative(sp.log((x @ W)[0]), W),
        ),
        "sum of traces": (sp.diff(traces, left), derivative((A * A).sum() + (B * B).sum(), A)),
    }
