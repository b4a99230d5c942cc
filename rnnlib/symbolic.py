"""Formulas proven by sympy: on explicit components, as rational functions of exponentials."""

from collections.abc import Callable, Collection, Sequence

import sympy as sp

Formula = Callable[[Sequence[sp.Expr]], Sequence[sp.Expr]]  # from logits to classes


def proves_equal(left: sp.Expr, right: sp.Expr) -> bool:
    r"""
    Try to prove that two formulas are equal for all values of their symbols.

    Parameters
    ----------
    left, right : sympy.Expr
        Formulas in exponentials and functions made of them, such as tanh.

    Returns
    -------
    bool
        True only if the difference is proven to be zero. False says that the formulas
        differ, or that this way cannot tell.

    Notes
    -----
    Everything is written in exponentials, each :math:`e^{s}` becomes a letter of its
    own, and the fraction in these letters is cancelled. A fraction of polynomials that
    cancels to 0 is 0 everywhere: the answer True is a proof, not a sample of values.

    Examples
    --------
    >>> a = sp.Symbol("a", real=True)
    >>> proves_equal(2 / (1 + sp.exp(-2 * a)) - 1, sp.tanh(a))
    True
    >>> proves_equal(2 / (1 + sp.exp(-a)) - 1, sp.tanh(a))
    False
    """
    difference = sp.expand_power_exp((left - right).rewrite(sp.exp))
    # subs, not xreplace: it also sees that exp(2 s) is the square of exp(s).
    letters = {sp.exp(s): sp.Dummy(positive=True) for s in difference.free_symbols}
    return sp.cancel(difference.subs(letters)) == 0


def logits(n_y: int) -> tuple[sp.Symbol, ...]:
    """
    Name the logits of one row.

    Parameters
    ----------
    n_y : int
        How many.

    Returns
    -------
    tuple of sympy.Symbol
        Real symbols, numbered from 0.

    Examples
    --------
    >>> logits(3)
    (z_0, z_1, z_2)
    """
    return sp.symbols(f"z_:{n_y}", real=True)


def softmax_formula(z: Collection[sp.Expr]) -> list[sp.Expr]:
    """
    Write softmax component by component, as it is printed.

    Parameters
    ----------
    z : sequence of sympy.Expr
        The logits of one row.

    Returns
    -------
    list of sympy.Expr
        One formula for each class.

    Examples
    --------
    >>> softmax_formula([sp.Integer(0), sp.Integer(0)])
    [1/2, 1/2]
    """
    total = sum(sp.exp(z_k) for z_k in z)
    return [sp.exp(z_k) / total for z_k in z]


def sums_to_one(formula: Formula, n_y: int) -> bool:
    """
    Try to prove that the components of a formula sum to one, whatever the logits.

    Parameters
    ----------
    formula : callable
        From a sequence of logits to one expression for each class, such as
        `softmax_formula`.
    n_y : int
        How many logits.

    Returns
    -------
    bool
        True only if proven.

    Examples
    --------
    >>> sums_to_one(softmax_formula, 3)
    True
    """
    return proves_equal(sp.Add(*formula(logits(n_y))), sp.Integer(1))


def is_shift_invariant(formula: Formula, n_y: int) -> bool:
    """
    Try to prove that adding one number to all logits changes nothing.

    Parameters
    ----------
    formula : callable
        From a sequence of logits to one expression for each class, such as
        `softmax_formula`.
    n_y : int
        How many logits.

    Returns
    -------
    bool
        True only if proven, for every component.

    Examples
    --------
    >>> is_shift_invariant(softmax_formula, 3)
    True
    """
    z, c = logits(n_y), sp.Symbol("c", real=True)
    shifted = formula([z_k + c for z_k in z])
    return all(proves_equal(*pair) for pair in zip(formula(z), shifted, strict=True))
