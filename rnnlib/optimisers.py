"""How a gradient changes parameters: three rules, pure functions that change nothing in place."""

import numpy as np

from .updates import Record, check_rate, check_record, each_array


def sgd(params: Record, gradient: Record, learning_rate: float) -> Record:
    r"""
    Take one step of gradient descent: downhill, in proportion to the slope.

    Parameters
    ----------
    params : NamedTuple
        The parameters: a record of arrays, whose parts may be records too.
    gradient : NamedTuple
        The derivative of the loss by each of them, in a record of the same type.
    learning_rate : float
        Length of the step for a slope of 1.

    Returns
    -------
    NamedTuple
        New parameters, of the type and the dtypes of the old ones.

    Raises
    ------
    ValueError
        If the two do not fit together, a number is not finite, or the rate is not positive.

    Notes
    -----
    .. math:: \theta \leftarrow \theta - \eta \frac{\mathrm dL}{\mathrm d\theta}

    It is called stochastic [1]_ when the gradient is that of a random batch.

    References
    ----------
    .. [1] H. Robbins and S. Monro, "A stochastic approximation method", Annals of
       Mathematical Statistics 22 (1951) 400-407.

    Examples
    --------
    >>> sgd(np.array([1.0, 2.0]), np.array([0.5, -0.5]), learning_rate=0.1).tolist()
    [0.95, 2.05]
    """
    check_record("params", params, like=params)
    check_record("gradient", gradient, like=params)
    learning_rate = check_rate("learning_rate", learning_rate)
    # theta <- theta - eta g
    return each_array(lambda value, slope: value - learning_rate * slope, params, gradient)


def momentum(
    params: Record, gradient: Record, state: Record, learning_rate: float, decay: float = 0.9
) -> tuple[Record, Record]:
    r"""
    Take one step with a velocity that remembers the gradients before.

    Parameters
    ----------
    params : NamedTuple
        The parameters: a record of arrays, whose parts may be records too.
    gradient : NamedTuple
        The derivative of the loss by each of them, in a record of the same type.
    state : NamedTuple
        The velocity, in a record of the same type: at first ``zeros_like(params)``.
    learning_rate : float
        Length of the step for a velocity of 1.
    decay : float, default 0.9
        Share of the velocity that is left after one step.

    Returns
    -------
    params, state : NamedTuple
        New parameters and a new velocity, of the type and the dtypes of the old ones.

    Raises
    ------
    ValueError
        If the three do not fit together, a number is not finite, the rate is not positive,
        or the decay is not between 0 and 1.

    See Also
    --------
    rnnlib.updates.zeros_like : the state to begin with.
    rnnlib.adam.adam : momentum and a rate for each number, both.

    Notes
    -----
    With velocity :math:`v`, decay :math:`\mu` and gradient :math:`g`,

    .. math::
        v &\leftarrow \mu v + g \\
        \theta &\leftarrow \theta - \eta v

    Under a constant slope the velocity grows to :math:`1 / (1 - \mu)` times the slope: with
    0.9, a step ten times as long. The method is Polyak's [1]_.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
       USSR Computational Mathematics and Mathematical Physics 4 (5) (1964) 1-17.

    Examples
    --------
    >>> params, state, gradient = np.array([1.0]), np.array([0.0]), np.array([0.5])
    >>> for _ in range(2):
    ...     params, state = momentum(params, gradient, state, learning_rate=0.1)
    >>> params.round(3).tolist(), state.tolist()
    ([0.855], [0.95])
    """
    check_record("params", params, like=params)
    check_record("gradient", gradient, like=params)
    check_record("state", state, like=params)
    learning_rate = check_rate("learning_rate", learning_rate)
    decay = check_rate("decay", decay, below=1)
    # v <- mu v + g
    state = each_array(lambda speed, slope: decay * speed + slope, state, gradient)
    # theta <- theta - eta v
    params = each_array(lambda value, speed: value - learning_rate * speed, params, state)
    return params, state


def adagrad(
    params: Record,
    gradient: Record,
    state: Record,
    learning_rate: float,
    epsilon: float = 1e-10,
) -> tuple[Record, Record]:
    r"""
    Take one step in which each number has a rate of its own, smaller the more it has moved.

    Parameters
    ----------
    params : NamedTuple
        The parameters: a record of arrays, whose parts may be records too.
    gradient : NamedTuple
        The derivative of the loss by each of them, in a record of the same type.
    state : NamedTuple
        Sums of the squares of the slopes so far: at first ``zeros_like(params)``.
    learning_rate : float
        Length of the first step.
    epsilon : float, default 1e-10
        Keeps a slope that was always 0 from dividing by 0.

    Returns
    -------
    params, state : NamedTuple
        New parameters and new sums, of the type and the dtypes of the old ones.

    Raises
    ------
    ValueError
        If the three do not fit together, a number is not finite, or a rate is not positive.

    See Also
    --------
    rnnlib.updates.zeros_like : the state to begin with.

    Notes
    -----
    With the sum of squares :math:`s` and gradient :math:`g`, number by number,

    .. math::
        s &\leftarrow s + g^2 \\
        \theta &\leftarrow \theta - \eta \frac{g}{\sqrt s + \epsilon}

    A loss in other units gives the same steps: a factor of :math:`g` cancels. The method is
    that of Duchi, Hazan and Singer [1]_.

    References
    ----------
    .. [1] J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning
       and stochastic optimization", Journal of Machine Learning Research 12 (2011) 2121-2159.

    Examples
    --------
    >>> params, state, gradient = np.array([1.0]), np.array([0.0]), np.array([0.5])
    >>> for _ in range(2):
    ...     params, state = adagrad(params, gradient, state, learning_rate=0.1)
    >>> params.round(4).tolist(), state.tolist()
    ([0.8293], [0.5])
    """
    check_record("params", params, like=params)
    check_record("gradient", gradient, like=params)
    check_record("state", state, like=params)
    learning_rate = check_rate("learning_rate", learning_rate)
    epsilon = check_rate("epsilon", epsilon)
    # s <- s + g^2
    state = each_array(lambda squares, slope: squares + slope * slope, state, gradient)
    # theta <- theta - eta g / (sqrt s + epsilon)
    params = each_array(
        lambda value, slope, squares: value - learning_rate * slope / (np.sqrt(squares) + epsilon),
        params,
        gradient,
        state,
    )
    return params, state
