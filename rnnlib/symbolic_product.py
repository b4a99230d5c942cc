"""The product rule: what is partial, what is total, and one more total derivative."""

from collections.abc import Callable
from typing import NamedTuple

import sympy as sp


class ProductRule(NamedTuple):
    r"""
    The product :math:`F = g f` of two functions of one number, and its derivatives.

    Attributes
    ----------
    product : sympy.Expr
        :math:`F = g(x) f(x)`.
    by_g, by_f : sympy.Expr
        Partial derivatives: the other factor stands still.
    total : sympy.Expr
        :math:`\mathrm dF/\mathrm dx`, by sympy.
    total_by_g : sympy.Expr
        :math:`\mathrm dF/\mathrm dg`, where :math:`f` moves as :math:`x` makes it move with
        :math:`g`. It is not the partial derivative.
    """

    product: sp.Expr
    by_g: sp.Expr
    by_f: sp.Expr
    total: sp.Expr
    total_by_g: sp.Expr


def product_rule(g: Callable[[sp.Expr], sp.Expr], f: Callable[[sp.Expr], sp.Expr]) -> ProductRule:
    r"""
    Differentiate a product in part and in total.

    Parameters
    ----------
    g, f : callable
        Functions of one number, such as ``sympy.Function("g")``; `g` must not be constant.

    Returns
    -------
    ProductRule
        The product and its derivatives, as functions of ``Symbol("x", real=True)``.

    Notes
    -----
    .. math::
        \frac{\mathrm dF}{\mathrm dx} = \frac{\partial F}{\partial g} \frac{\mathrm dg}{\mathrm dx}
        + \frac{\partial F}{\partial f} \frac{\mathrm df}{\mathrm dx}, \qquad
        \frac{\mathrm dF}{\mathrm dg} = f + g\,\frac{\mathrm df/\mathrm dx}{\mathrm dg/\mathrm dx}

    Examples
    --------
    >>> rule = product_rule(lambda x: x**2, lambda x: x**3)
    >>> rule.by_g, rule.total, rule.total_by_g
    (x**3, 5*x**4, 5*x**3/2)
    """
    x, factor_g, factor_f = sp.symbols("x g f", real=True)
    values = {factor_g: g(x), factor_f: f(x)}
    by_g, by_f = (sp.diff(factor_g * factor_f, factor).xreplace(values) for factor in values)
    total = sp.diff(g(x) * f(x), x)
    return ProductRule(g(x) * f(x), by_g, by_f, total, sp.expand(total / sp.diff(g(x), x)))
