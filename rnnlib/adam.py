"""Adam: the mean of the slopes, divided by the root of the mean of their squares."""

from typing import Generic, NamedTuple

import numpy as np

from .updates import Record, check_rate, check_record, each_array, zeros_like


class AdamState(NamedTuple, Generic[Record]):
    """
    What Adam remembers between two steps.

    Attributes
    ----------
    steps : int
        How many steps have been taken.
    mean : NamedTuple
        A fading mean of the slopes, in a record of the type of the parameters.
    square : NamedTuple
        A fading mean of their squares.
    """

    steps: int
    mean: Record
    square: Record


def init_adam(params: Record) -> AdamState[Record]:
    """
    Make the state in which Adam begins: no step taken, both means zero.

    Parameters
    ----------
    params : NamedTuple
        The parameters to be trained: a record of arrays, whose parts may be records too.

    Returns
    -------
    AdamState
        The state before the first step.

    Raises
    ------
    ValueError
        If `params` is no record of arrays.

    Examples
    --------
    >>> init_adam(np.array([1.0, 2.0]))
    AdamState(steps=0, mean=array([0., 0.]), square=array([0., 0.]))
    """
    check_record("params", params, like=params)
    return AdamState(0, zeros_like(params), zeros_like(params))


def adam(
    params: Record,
    gradient: Record,
    state: AdamState[Record],
    learning_rate: float,
    mean_decay: float = 0.9,
    square_decay: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Record, AdamState[Record]]:
    r"""
    Take one step along the mean slope, measured in its own size.

    Parameters
    ----------
    params : NamedTuple
        The parameters: a record of arrays, whose parts may be records too.
    gradient : NamedTuple
        The derivative of the loss by each of them, in a record of the same type.
    state : AdamState
        What is remembered of the steps before: at first ``init_adam(params)``.
    learning_rate : float
        Length of the first step, and about the longest that is ever taken.
    mean_decay, square_decay : float, default 0.9 and 0.999
        Shares of the two means that are left after one step.
    epsilon : float, default 1e-8
        Keeps a slope that was always 0 from dividing by 0.

    Returns
    -------
    params : NamedTuple
        New parameters, of the type and the dtypes of the old ones.
    state : AdamState
        The state after this step.

    Raises
    ------
    ValueError
        If the three do not fit together, a number is not finite, a rate is not positive, or a
        decay is not between 0 and 1.

    Notes
    -----
    With decays :math:`\beta_1, \beta_2` and gradient :math:`g`, number by number, at the
    :math:`k`-th step, counted from 1,

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) g \\
        v &\leftarrow \beta_2 v + (1 - \beta_2) g^2 \\
        \theta &\leftarrow \theta - \eta \,
            \frac{m / (1 - \beta_1^k)}{\sqrt{v / (1 - \beta_2^k)} + \epsilon}

    Both means begin at 0, and after :math:`k` steps their weights add up to
    :math:`1 - \beta^k` only. Dividing by that makes up for it: on the first step what is left
    is the sign of :math:`g`. The method is that of Kingma and Ba [1]_.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", International
       Conference on Learning Representations, 2015, arXiv:1412.6980.

    Examples
    --------
    >>> params, gradient = np.array([1.0, 1.0]), np.array([1e-3, -1e3])
    >>> params, state = adam(params, gradient, init_adam(params), learning_rate=0.1)
    >>> params.round(4).tolist(), state.steps
    ([0.9, 1.1], 1)
    """
    check_record("params", params, like=params)
    check_record("gradient", gradient, like=params)
    if not isinstance(state, AdamState):
        raise ValueError(f"state: expected an AdamState, got {type(state).__name__}")
    if not isinstance(state.steps, int) or state.steps < 0:
        raise ValueError(f"state.steps: expected a whole number, not negative, got {state.steps!r}")
    check_record("state.mean", state.mean, like=params)
    check_record("state.square", state.square, like=params)
    learning_rate = check_rate("learning_rate", learning_rate)
    mean_decay = check_rate("mean_decay", mean_decay, below=1)
    square_decay = check_rate("square_decay", square_decay, below=1)
    epsilon = check_rate("epsilon", epsilon)

    steps = state.steps + 1
    # m <- beta_1 m + (1 - beta_1) g
    mean = each_array(
        lambda mean, slope: mean_decay * mean + (1 - mean_decay) * slope, state.mean, gradient
    )
    # v <- beta_2 v + (1 - beta_2) g^2
    square = each_array(
        lambda square, slope: square_decay * square + (1 - square_decay) * slope * slope,
        state.square,
        gradient,
    )
    # Both means began at 0: after few steps, most of their weight is still missing.
    of_mean, of_square = 1 - mean_decay**steps, 1 - square_decay**steps
    # theta <- theta - eta (m / (1 - beta_1^k)) / (sqrt(v / (1 - beta_2^k)) + epsilon)
    params = each_array(
        lambda value, mean, square: (
            value - learning_rate * (mean / of_mean) / (np.sqrt(square / of_square) + epsilon)
        ),
        params,
        mean,
        square,
    )
    return params, AdamState(steps, mean, square)
