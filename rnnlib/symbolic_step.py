r"""One step in letters: its immediate derivatives, and the total ones, :math:`\partial^+` and d."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import sympy as sp

from .symbolic_components import derivative, elementwise, letters, proves_all_equal, replaced


class Step(NamedTuple):
    """
    One step for one sample.

    Attributes
    ----------
    x : ndarray of sympy.Symbol, shape (n_x,)
        Input.
    h_prev : ndarray of sympy.Expr, shape (n_h,)
        State one step earlier.
    W_xh : ndarray of sympy.Symbol, shape (n_x, n_h)
        From the input to the state.
    W_hh : ndarray of sympy.Symbol, shape (n_h, n_h)
        From the state to the next state.
    b_h : ndarray of sympy.Symbol, shape (n_h,)
        Bias of the state.
    h : ndarray of sympy.Expr, shape (n_h,)
        State, written out.
    """

    x: np.ndarray
    h_prev: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    h: np.ndarray


def one_step(n_x: int, n_h: int, h_prev: np.ndarray | None = None) -> Step:
    """
    Write one step in letters.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.
    h_prev : ndarray of sympy.Expr, shape (n_h,), optional
        The state one step earlier; letters that nothing moves if not given.

    Returns
    -------
    Step
        Letters, and the state written out in them.

    Examples
    --------
    >>> one_step(n_x=1, n_h=1).h
    array([tanh(W_{hh,00}*h_{t-1,0} + W_{xh,00}*x_{t,0} + b_{h,0})],
          dtype=object)
    """
    x, W_xh = letters("x_{t}", n_x), letters("W_{xh}", n_x, n_h)
    W_hh, b_h = letters("W_{hh}", n_h, n_h), letters("b_{h}", n_h)
    h_prev = letters("h_{t-1}", n_h) if h_prev is None else h_prev
    return Step(x, h_prev, W_xh, W_hh, b_h, elementwise(sp.tanh, x @ W_xh + h_prev @ W_hh + b_h))


def jacobian_formula(step: Step) -> np.ndarray:
    r"""
    Write the derivative of a state by the state before it, as the book has it.

    Parameters
    ----------
    step : Step
        What `one_step` has made.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_h, n_h)
        :math:`J_t = \mathrm{diag}(1 - h_t^2)\, W_{hh}^\top`, numerator layout.

    Examples
    --------
    >>> step = one_step(n_x=2, n_h=3)
    >>> proves_all_equal(derivative(step.h, step.h_prev), jacobian_formula(step))
    True
    """
    return np.diag(1 - step.h * step.h) @ step.W_hh.T


def immediate_formulas(step: Step) -> dict[str, np.ndarray]:
    r"""
    Write the immediate derivatives of a state by the parameters of its own step.

    Parameters
    ----------
    step : Step
        What `one_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr, shape (n_h, \*shape of the parameter)
        For "W_xh", "W_hh" and "b_h".

    Notes
    -----
    The state before stands still:

    .. math::
        \frac{\partial^{+} h_{t,j}}{\partial W_{hh,ik}} = (1 - h_{t,j}^2)\,[j = k]\,h_{t-1,i}
        \qquad
        \frac{\partial^{+} h_{t,j}}{\partial b_{h,k}} = (1 - h_{t,j}^2)\,[j = k]

    and :math:`W_{xh}` has :math:`x_{t,i}` where :math:`W_{hh}` has :math:`h_{t-1,i}`.

    Examples
    --------
    >>> step = one_step(n_x=2, n_h=3)
    >>> proves_all_equal(derivative(step.h, step.W_hh), immediate_formulas(step)["W_hh"])
    True
    """
    slope = np.diag(1 - step.h * step.h)  # row j, column k
    return {
        "W_xh": slope[:, np.newaxis, :] * step.x[:, np.newaxis],
        "W_hh": slope[:, np.newaxis, :] * step.h_prev[:, np.newaxis],
        "b_h": slope,
    }


def total_formula(immediate: np.ndarray, jacobian: np.ndarray, dh_prev: np.ndarray) -> np.ndarray:
    r"""
    Write the total derivative of a state by one number: two terms.

    Parameters
    ----------
    immediate : ndarray, shape (n_h,)
        :math:`\partial^{+} h_t`.
    jacobian : ndarray, shape (n_h, n_h)
        :math:`J_t`.
    dh_prev : ndarray, shape (n_h,)
        :math:`\mathrm dh_{t-1}` by the same number.

    Returns
    -------
    ndarray, shape (n_h,)
        :math:`\mathrm dh_t = \partial^{+} h_t + J_t\,\mathrm dh_{t-1}`.

    Examples
    --------
    >>> total_formula(np.array([1.0]), np.array([[0.5]]), np.array([4.0])).tolist()
    [3.0]
    """
    return immediate + jacobian @ dh_prev


def proves_total(
    n_x: int, n_h: int, total: Callable[..., np.ndarray] = total_formula
) -> dict[str, bool]:
    """
    Prove the two terms of the total derivative, whatever the steps before have done.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.
    total : callable
        A claim with the arguments of `total_formula`.

    Returns
    -------
    dict of str to bool
        For each parameter, whether the claim is proven for every component of it.

    Notes
    -----
    For one component of a parameter after the other, the state before is made an unknown
    function of that component, and sympy differentiates the step as a whole.

    Examples
    --------
    >>> proves_total(n_x=1, n_h=2)
    {'W_xh': True, 'W_hh': True, 'b_h': True}
    >>> proves_total(n_x=1, n_h=2, total=lambda immediate, jacobian, dh_prev: immediate)
    {'W_xh': False, 'W_hh': False, 'b_h': False}
    """
    result = {}
    for name in ("W_xh", "W_hh", "b_h"):
        theta = getattr(one_step(n_x, n_h), name)
        claims = []
        for index in np.ndindex(theta.shape):
            unknown = np.array([sp.Function(f"h_{i}", real=True)(theta[index]) for i in range(n_h)])
            step, by = one_step(n_x, n_h, unknown), np.array(theta[index])
            named = step._replace(h=letters("h_{t}", n_h))
            words = dict(zip(step.h, named.h, strict=True))
            immediate = immediate_formulas(named)[name][(slice(None), *index)]
            claim = total(immediate, jacobian_formula(named), derivative(unknown, by))
            claims.append(proves_all_equal(replaced(derivative(step.h, by), words), claim))
        result[name] = all(claims)
    return result
