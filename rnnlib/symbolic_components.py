"""Arrays of letters: sympy differentiates them component by component, and nothing else."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import sympy as sp


def letters(name: str, *shape: int) -> np.ndarray:
    """
    Fill an array with letters, one for each component.

    The array is a NumPy array of sympy symbols, so ``@``, ``*`` and ``.T`` mean what they
    mean for numbers, and a formula reads the same for letters and for numbers.

    Parameters
    ----------
    name : str
        The letter in LaTeX; a subscript in it stays in front of the component's index.
    *shape : int
        The shape of the array.

    Returns
    -------
    ndarray of sympy.Symbol, shape `shape`
        Real symbols, numbered from 0.

    Examples
    --------
    >>> letters("h_{t-1}", 2)
    array([h_{t-1,0}, h_{t-1,1}], dtype=object)
    >>> letters("W_{hh}", 2, 2)[0, 1]
    W_{hh,01}
    """
    stem = name.removesuffix("}") + "," if name.endswith("}") else name + "_{"
    separator = "" if max(shape) <= 10 else ","  # beyond, 1,11 and 11,1 would be one letter
    array = np.empty(shape, object)
    for index in np.ndindex(shape):
        array[index] = sp.Symbol(stem + separator.join(map(str, index)) + "}", real=True)
    return array


def elementwise(function: Callable[[sp.Expr], sp.Expr], values: np.ndarray) -> np.ndarray:
    """
    Apply a function of one number to every component.

    Parameters
    ----------
    function : callable
        Such as ``sympy.tanh``.
    values : ndarray of sympy.Expr, any shape
        Where to apply it.

    Returns
    -------
    ndarray of sympy.Expr, same shape
        The values of the function.

    Examples
    --------
    >>> elementwise(sp.tanh, letters("a", 2))
    array([tanh(a_{0}), tanh(a_{1})], dtype=object)
    """
    return np.frompyfunc(function, 1, 1)(values)


def derivative(values: np.ndarray | sp.Expr, by: np.ndarray) -> np.ndarray:
    r"""
    Differentiate each component of one array by each component of another.

    Parameters
    ----------
    values : ndarray of sympy.Expr, any shape, or sympy.Expr
        What is differentiated.
    by : ndarray of sympy.Symbol, any shape
        The letters that move; every other letter stands still.

    Returns
    -------
    ndarray of sympy.Expr, shape (\*shape of values, \*shape of by)
        Numerator layout: the indices of what is differentiated come first.

    Examples
    --------
    >>> x, W = letters("x", 2), letters("W", 2, 3)
    >>> derivative(x @ W, W).shape
    (3, 2, 3)
    >>> derivative(x @ W, W)[0]
    array([[x_{0}, 0, 0],
           [x_{1}, 0, 0]], dtype=object)
    """
    values = np.asarray(values, object)
    result = np.full(values.shape + by.shape, sp.Integer(0), object)
    for index in np.ndindex(values.shape):
        moving = sp.sympify(values[index]).free_symbols
        for place in np.ndindex(by.shape):
            if by[place] in moving:  # all other derivatives are 0, and most are such
                result[index + place] = sp.diff(values[index], by[place])
    return result


def proves_all_equal(left: np.ndarray, right: np.ndarray) -> bool:
    r"""
    Try to prove that two arrays of polynomials are equal, component by component.

    Parameters
    ----------
    left, right : ndarray of sympy.Expr, any shape
        Polynomials in letters and in functions of them, such as tanh.

    Returns
    -------
    bool
        True only if the shapes are equal and every difference is proven to be zero. False
        says that they differ, or that this way cannot tell.

    See Also
    --------
    rnnlib.symbolic.proves_equal : for fractions of exponentials.

    Notes
    -----
    Each difference is multiplied out, each function value counting as one letter. If all
    terms cancel, the difference is 0 everywhere. The rule
    :math:`\mathrm d\tanh a = 1 - \tanh^2 a` keeps derivatives of tanh polynomials in tanh.

    Examples
    --------
    >>> x, delta = letters("x", 2, 3), letters("d", 2, 5)
    >>> proves_all_equal(x.T @ delta, (delta.T @ x).T)
    True
    >>> proves_all_equal(x.T @ delta, delta.T @ x)
    False
    """
    left, right = np.asarray(left, object), np.asarray(right, object)
    if left.shape != right.shape:
        return False
    return all(sp.expand(difference) == 0 for difference in np.ravel(left - right))


def replaced(formulas: np.ndarray, words: dict[sp.Expr, sp.Expr]) -> np.ndarray:
    """
    Put a letter wherever a longer formula occurs in an array.

    Parameters
    ----------
    formulas : ndarray of sympy.Expr, any shape
        Where to look.
    words : dict of sympy.Expr to sympy.Expr
        What to put for what. The outermost occurrence is met first.

    Returns
    -------
    ndarray of sympy.Expr, same shape
        Shorter formulas.

    Examples
    --------
    >>> a, h = letters("a", 1), letters("h", 1)
    >>> replaced(derivative(elementwise(sp.tanh, a), a), {sp.tanh(a[0]): h[0]})
    array([[1 - h_{0}**2]], dtype=object)
    """
    return elementwise(lambda formula: sp.sympify(formula).xreplace(words), formulas)


class Derivation(NamedTuple):
    """
    A loss in letters, and what it is to be differentiated by.

    Attributes
    ----------
    by : dict of str to ndarray of sympy.Symbol
        Letters of the parameters and of what comes in.
    given : dict of str to ndarray of sympy.Symbol
        Letters of what others say: deltas and messages that arrive, targets.
    values : dict of str to ndarray of sympy.Expr
        Letters of the values between the two.
    loss : sympy.Expr
        The loss, written out in `by` and `given` alone.
    words : dict of sympy.Expr to sympy.Expr
        The letter for each value that is written out in the loss.
    """

    by: dict[str, np.ndarray]
    given: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    loss: sp.Expr
    words: dict[sp.Expr, sp.Expr]

    def by_sympy(self) -> dict[str, np.ndarray]:
        """Let sympy differentiate the loss by all that it may be differentiated by."""
        found = {name: derivative(self.loss, by) for name, by in self.by.items()}
        return {name: replaced(slope, self.words) for name, slope in found.items()}


def proven(claimed: Any, found: Any) -> dict[str, bool]:
    """
    Compare two records of formulas, field by field.

    Parameters
    ----------
    claimed : dict or NamedTuple of ndarray of sympy.Expr
        What a formula gives for letters. A field may be a record itself.
    found : dict or NamedTuple of ndarray of sympy.Expr
        What sympy gives for the same letters, with the same fields.

    Returns
    -------
    dict of str to bool
        For each field, the answer of `proves_all_equal`.

    Raises
    ------
    ValueError
        If the two do not have the same fields.

    Examples
    --------
    >>> a = letters("a", 2)
    >>> proven({"sum": a[0] + a[1], "product": a[0]}, {"sum": a.sum(), "product": a.prod()})
    {'sum': True, 'product': False}
    """
    if not isinstance(claimed, dict):
        claimed, found = claimed._asdict(), found._asdict()
    if claimed.keys() != found.keys():
        raise ValueError(f"claimed: expected the fields {[*found]}, got {[*claimed]}")
    result: dict[str, bool] = {}
    for name, value in claimed.items():
        if isinstance(value, tuple):
            result |= proven(value, found[name])
        else:
            result[name] = proves_all_equal(value, found[name])
    return result
