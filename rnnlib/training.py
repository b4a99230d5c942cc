"""Training: a gradient, a limit to its length, a step of Adam; and again."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from .adam import adam, init_adam
from .clipping import clip_by_norm
from .fast import loss_and_gradient
from .parameters import Parameters
from .updates import Record, check_rate, each_array

LossOf = Callable[..., tuple[float, Any]]


class Update(NamedTuple):
    """
    What one update reports.

    Attributes
    ----------
    loss : float
        The loss of the batch before the update.
    norm : float
        Length of the gradient, before it was clipped.
    params : NamedTuple
        The parameters after the update.
    """

    loss: float
    norm: float
    params: Any


def mean_loss(
    params: Parameters, x: np.ndarray, y: np.ndarray, h_init: np.ndarray | None = None
) -> tuple[float, Parameters]:
    r"""
    Compute loss and gradient for each prediction, instead of summed over all.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (T, N, n_x), float, or (T, N), int
        Inputs, time first, or the class numbers of one-hot inputs.
    y : ndarray, shape (T, N), int
        Target classes.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.

    Returns
    -------
    loss : float
        Cross-entropy in nats, a mean over steps and batch.
    gradient : Parameters
        Its derivative.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.fast.loss_and_gradient : the sums.

    Notes
    -----
    .. math:: \frac{L}{T N} \quad\text{and}\quad \frac{1}{T N}\frac{\mathrm dL}{\mathrm d\theta}

    Both, or neither: a mean loss beside a summed gradient is a common slip.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> params = params._replace(W_hy=np.zeros((3, 7)))
    >>> loss, gradient = mean_loss(params, np.ones((4, 2), int), np.zeros((4, 2), int))
    >>> f"{loss:.6f} {np.log(7):.6f}"
    '1.945910 1.945910'
    """
    loss, gradient, *_ = loss_and_gradient(params, x, y, h_init)
    count = np.size(y)
    return loss / count, each_array(lambda total: total / count, gradient)


def train(
    params: Record,
    batches: Iterable[tuple[Any, ...]],
    learning_rate: float,
    loss_of: LossOf = mean_loss,
    max_norm: float = 1.0,
) -> Iterator[Update]:
    r"""
    Train by Adam, one update for each batch.

    Parameters
    ----------
    params : NamedTuple
        The parameters to begin with: a record of arrays. They are not modified.
    batches : iterable of tuple
        What `loss_of` is given beside the parameters: for `mean_loss`, inputs and targets.
    learning_rate : float
        Of Adam.
    loss_of : callable, optional
        From parameters and a batch to a loss and its gradient.
    max_norm : float, default 1.0
        A longer gradient is clipped to this length.

    Returns
    -------
    iterator of Update
        One for each batch, computed when it is asked for.

    Raises
    ------
    ValueError
        If a rate or the limit is not positive, or a batch does not fit the parameters.

    See Also
    --------
    rnnlib.tasks.streams : makes batches of a text.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=2, n_h=3, n_y=2)
    >>> x, y = np.array([[0], [1], [1]]), np.array([[1], [1], [0]])
    >>> losses = [update.loss for update in train(params, 100 * [(x, y)], learning_rate=0.1)]
    >>> losses[0] > 0.5, losses[-1] < 0.05
    (True, True)
    """
    learning_rate = check_rate("learning_rate", learning_rate)
    max_norm = check_rate("max_norm", max_norm)
    state = init_adam(params)

    def updates(params: Any, state: Any) -> Iterator[Update]:
        for batch in batches:
            loss, gradient = loss_of(params, *batch)
            gradient, norm = clip_by_norm(gradient, max_norm)
            params, state = adam(params, gradient, state, learning_rate)
            yield Update(loss, norm, params)

    return updates(params, state)
