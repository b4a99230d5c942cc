"""Slopes in letters: tanh, softmax in two cases, and the losses."""

from collections.abc import Callable

import numpy as np
import sympy as sp

from .symbolic import proves_equal, softmax_formula
from .symbolic_components import derivative, elementwise, letters

Formula = Callable[[sp.Expr], sp.Expr]


def tanh_formula(a: sp.Expr) -> sp.Expr:
    """
    Write tanh in exponentials, so that its slope is not taken for granted.

    Parameters
    ----------
    a : sympy.Expr
        Where.

    Returns
    -------
    sympy.Expr
        A fraction of exponentials.

    Examples
    --------
    >>> tanh_formula(sp.Symbol("a"))
    (exp(a) - exp(-a))/(exp(a) + exp(-a))
    """
    return (sp.exp(a) - sp.exp(-a)) / (sp.exp(a) + sp.exp(-a))


def proves_slope(formula: Formula, slope: Formula) -> bool:
    r"""
    Try to prove a slope that is written with the value of the function.

    Parameters
    ----------
    formula : callable
        From :math:`a` to the value :math:`h`, such as `tanh_formula`.
    slope : callable
        From the value :math:`h` to :math:`\mathrm dh/\mathrm da`.

    Returns
    -------
    bool
        True only if proven.

    Examples
    --------
    >>> proves_slope(tanh_formula, lambda h: 1 - h**2)
    True
    >>> proves_slope(tanh_formula, lambda h: 1 - h)
    False
    """
    a = sp.Symbol("a", real=True)
    return proves_equal(sp.diff(formula(a), a), slope(formula(a)))


def jacobian_by_cases(y_hat: np.ndarray) -> np.ndarray:
    r"""
    Write the Jacobian of softmax in two cases.

    Parameters
    ----------
    y_hat : ndarray of sympy.Expr, shape (n_y,)
        The probabilities.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_y, n_y)
        :math:`\hat y_i (1 - \hat y_i)` where :math:`i = k`, and
        :math:`-\hat y_i \hat y_k` elsewhere.

    Examples
    --------
    >>> jacobian_by_cases(letters("p", 2))[0]
    array([p_{0}*(1 - p_{0}), -p_{0}*p_{1}], dtype=object)
    """
    jacobian = np.empty((len(y_hat), len(y_hat)), object)
    for i, k in np.ndindex(jacobian.shape):
        jacobian[i, k] = y_hat[i] * (1 - y_hat[i]) if i == k else -y_hat[i] * y_hat[k]
    return jacobian


def jacobian_as_matrix(y_hat: np.ndarray) -> np.ndarray:
    r"""
    Write the Jacobian of softmax as one matrix.

    Parameters
    ----------
    y_hat : ndarray of sympy.Expr, shape (n_y,)
        The probabilities.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_y, n_y)
        :math:`\mathrm{diag}(\hat y) - \hat y^\top \hat y`.

    Examples
    --------
    >>> jacobian_as_matrix(letters("p", 2))[0]
    array([-p_{0}**2 + p_{0}, -p_{0}*p_{1}], dtype=object)
    """
    return np.diag(y_hat) - np.outer(y_hat, y_hat)


def proves_softmax_jacobian(jacobian: Callable[[np.ndarray], np.ndarray], n_y: int) -> bool:
    """
    Try to prove a Jacobian of softmax, entry by entry.

    Parameters
    ----------
    jacobian : callable
        From the probabilities to the Jacobian, such as `jacobian_as_matrix`.
    n_y : int
        Number of classes.

    Returns
    -------
    bool
        True only if every entry is proven.

    Examples
    --------
    >>> proves_softmax_jacobian(jacobian_as_matrix, n_y=3)
    True
    >>> proves_softmax_jacobian(np.diag, n_y=3)
    False
    """
    z = letters("z", n_y)
    y_hat = _softmax(z)
    return all(map(proves_equal, derivative(y_hat, z).flat, jacobian(y_hat).flat))


def proves_delta(
    loss: Callable[[np.ndarray, np.ndarray], sp.Expr],
    delta: Callable[[np.ndarray, np.ndarray], np.ndarray],
    outputs: np.ndarray,
    y: np.ndarray,
) -> bool:
    """
    Try to prove the derivative of a loss by its outputs.

    Parameters
    ----------
    loss : callable
        From outputs and targets to one formula.
    delta : callable
        From outputs and targets to the claimed derivative, one formula for each output.
    outputs : ndarray of sympy.Symbol, shape (n_y,)
        Letters: the logits, or whatever the loss takes.
    y : ndarray of sympy.Expr, shape (n_y,)
        Targets: letters, or a one-hot row of numbers.

    Returns
    -------
    bool
        True only if proven for every output.

    Examples
    --------
    >>> z, y = letters("z", 3), letters("y", 3)
    >>> proves_delta(lambda z, y: ((z - y) ** 2).sum() / 2, lambda z, y: z - y, z, y)
    True
    >>> proves_delta(lambda z, y: ((z - y) ** 2).sum(), lambda z, y: z - y, z, y)
    False
    """
    found, claimed = derivative(loss(outputs, y), outputs), delta(outputs, y)
    return all(map(proves_equal, found.flat, claimed.flat))


def cross_entropy_formula(z: np.ndarray, y: np.ndarray) -> sp.Expr:
    r"""
    Write cross-entropy as the documents do: a sum over the classes.

    Parameters
    ----------
    z : ndarray of sympy.Expr, shape (n_y,)
        Logits.
    y : ndarray of sympy.Expr, shape (n_y,)
        The target as a row: one-hot, or any probabilities.

    Returns
    -------
    sympy.Expr
        :math:`-\sum_i y_i \log \hat y_i`, in nats.

    Examples
    --------
    >>> cross_entropy_formula(np.array([sp.S(0), sp.S(0)]), np.array([1, 0]))
    log(2)
    """
    return -(y * elementwise(sp.log, _softmax(z))).sum()


def cross_entropy_delta_formula(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Write the derivative of cross-entropy by the logits.

    Parameters
    ----------
    z : ndarray of sympy.Expr, shape (n_y,)
        Logits.
    y : ndarray of sympy.Expr, shape (n_y,)
        The target as a row that sums to 1.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_y,)
        :math:`\delta^z = \hat y - y`.

    Examples
    --------
    >>> z, y = letters("z", 3), np.array([0, 1, 0])
    >>> proves_delta(cross_entropy_formula, cross_entropy_delta_formula, z, y)
    True
    """
    return _softmax(z) - y


def squared_error_formula(z: np.ndarray, y: np.ndarray, factor: sp.Expr) -> sp.Expr:
    r"""
    Write the squared error, and say its factor.

    Parameters
    ----------
    z, y : ndarray of sympy.Expr, shape (n_y,)
        Outputs and targets.
    factor : sympy.Expr
        What stands in front: ½ in one text, :math:`1 / n_y` in the next.

    Returns
    -------
    sympy.Expr
        The factor times :math:`\sum_k (z_k - y_k)^2`.

    Examples
    --------
    >>> squared_error_formula(letters("z", 1), np.array([2]), sp.Rational(1, 2))
    (z_{0} - 2)**2/2
    """
    return factor * ((z - y) ** 2).sum()


def _softmax(z: np.ndarray) -> np.ndarray:
    return np.array(softmax_formula(list(z)), dtype="O")
