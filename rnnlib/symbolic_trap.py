"""A trap: sympy's matrix calculus can be wrong without a word."""

import numpy as np
import sympy as sp

from .symbolic_components import derivative, letters


def matrix_calculus_trap(n_in: int = 2) -> tuple[sp.Expr, np.ndarray]:
    r"""
    Differentiate one logarithm in two ways: by sympy's matrix calculus, and by components.

    Parameters
    ----------
    n_in : int
        The length of the row.

    Returns
    -------
    by_matrix_calculus : sympy.Expr
        What sympy 1.14 says when asked for all components at once: 0, without a warning.
    by_components : ndarray of sympy.Expr, shape (n_in, 1)
        The derivative.

    Notes
    -----
    The function is :math:`\log(xW)` with a row :math:`x` and a column :math:`W`. Its
    derivative by :math:`W_i` is :math:`x_i / (xW)`. This is why every derivation of the
    book is done on components.

    Examples
    --------
    >>> wrong, right = matrix_calculus_trap()
    >>> wrong, right[0, 0]
    (0, x_{0}/(W_{00}*x_{0} + W_{10}*x_{1}))
    """
    row, column = sp.MatrixSymbol("x", 1, n_in), sp.MatrixSymbol("W", n_in, 1)
    by_matrix_calculus = sp.diff(sp.log((row * column)[0, 0]), column)
    x, W = letters("x", n_in), letters("W", n_in, 1)
    return by_matrix_calculus, derivative(sp.log((x @ W)[0]), W)
