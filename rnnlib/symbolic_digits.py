"""Thirty digits where a proof would take too long: formulas evaluated at rational points."""

import numpy as np
import sympy as sp


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
    >>> from rnnlib.symbolic_components import elementwise, letters
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
