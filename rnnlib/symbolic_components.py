"""Arrays of letters: sympy differentiates them component by component, and nothing else."""

from collections.abc import Callable
from typing import Any

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


def derivative(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    r"""
    Differentiate each component of one array by each component of another.

    Parameters
    ----------
    values : ndarray of sympy.Expr, or sympy.Expr
        What is differentiated.
    by : ndarray of sympy.Symbol
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
    left, right : ndarray of sympy.Expr
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
    return all(sp.expand(difference) == 0 for difference in (left - right).flat)


def proven(claimed: Any, found: Any) -> dict[str, bool]:
    """
    Compare two records of formulas, field by field.

    Parameters
    ----------
    claimed : NamedTuple of ndarray of sympy.Expr
        What a formula gives for letters. A field may be a record itself.
    found : NamedTuple of ndarray of sympy.Expr
        What sympy gives for the same letters, with the same fields.

    Returns
    -------
    dict of str to bool
        For each field, the answer of `proves_all_equal`.

    Examples
    --------
    >>> from rnnlib.symbolic_step import one_step
    >>> step = one_step(n_x=1, n_h=2)
    >>> proven(step._replace(h=-step.h), step)["h"]
    False
    """
    result: dict[str, bool] = {}
    for name, left, right in zip(claimed._fields, claimed, found, strict=True):
        if isinstance(left, tuple):
            result |= proven(left, right)
        else:
            result[name] = proves_all_equal(left, right)
    return result


def difference_at_a_point(
    left: np.ndarray, right: np.ndarray, rng: np.random.Generator, digits: int = 30
) -> float:
    """
    Evaluate two arrays of formulas at one random rational point, in many digits.

    This is no proof, but it is fast where a proof is slow, and float64 cannot hide anything.

    Parameters
    ----------
    left, right : ndarray of sympy.Expr, of one shape
        Formulas in the same letters.
    rng : numpy.random.Generator
        Draws the point: each letter is a fraction between -1 and 1.
    digits : int
        Digits to compute with.

    Returns
    -------
    float
        The largest difference of two components.

    Examples
    --------
    >>> a = letters("a", 1)
    >>> left = elementwise(sp.sin, 2 * a)
    >>> right = 2 * elementwise(sp.sin, a) * elementwise(sp.cos, a)
    >>> difference_at_a_point(left, right, np.random.default_rng(0)) < 1e-28
    True
    """
    formulas = [*np.asarray(left, object).flat, *np.asarray(right, object).flat]
    symbols = sorted(set().union(*(sp.sympify(f).free_symbols for f in formulas)), key=str)
    point = [sp.Float(sp.Rational(int(rng.integers(-99, 100)), 100), digits) for _ in symbols]
    values = sp.lambdify(symbols, formulas, "sympy", cse=True)(*point)
    pairs = zip(values[: len(values) // 2], values[len(values) // 2 :], strict=True)
    return float(max(abs(p - q) for p, q in pairs))


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
