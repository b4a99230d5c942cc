"""Clipping by norm: a gradient that is too long keeps its direction and loses its length."""

import math

import numpy as np

from .updates import Record, arrays_of, check_rate, check_record, each_array


def global_norm(gradient: object) -> float:
    r"""
    Measure the length of a gradient, all its arrays taken as one long vector.

    Parameters
    ----------
    gradient : NamedTuple
        A record of arrays, whose parts may be records too.

    Returns
    -------
    float
        The Euclidean norm.

    Raises
    ------
    ValueError
        If `gradient` is no record of arrays, or a number in it is not finite.

    Notes
    -----
    .. math:: \lVert g \rVert = c \sqrt{\textstyle\sum_i (g_i / c)^2},
        \quad c = \max_i |g_i| .

    Taking out the largest number first keeps the squares from overflowing. That matters
    here: a gradient that explodes is the reason to ask.

    Examples
    --------
    >>> global_norm(np.array([3e300, 4e300]))
    5e+300
    """
    check_record("gradient", gradient, like=gradient)
    arrays = arrays_of(gradient)
    # c = max |g_i|
    largest = max((float(np.abs(array).max(initial=0)) for array in arrays), default=0.0)
    if largest == 0:
        return 0.0
    return largest * math.sqrt(sum(float(np.sum((array / largest) ** 2)) for array in arrays))


def clip_by_norm(gradient: Record, max_norm: float) -> tuple[Record, float]:
    r"""
    Shorten a gradient that is longer than a limit; leave any other as it is.

    Parameters
    ----------
    gradient : NamedTuple
        A record of arrays, whose parts may be records too.
    max_norm : float
        The greatest length that is let through.

    Returns
    -------
    gradient : NamedTuple
        Of the same type and direction, at most `max_norm` long.
    norm : float
        How long the gradient was before, to be watched.

    Raises
    ------
    ValueError
        If `gradient` is no record of arrays, a number in it is not finite, or `max_norm` is
        not positive.

    Notes
    -----
    .. math::
        g \leftarrow \begin{cases}
            g & \lVert g \rVert \le c \\
            \dfrac{c}{\lVert g \rVert} \, g & \text{otherwise}
        \end{cases}

    One factor for all arrays, so that the direction stays [1]_. Clipping belongs between
    gradient and update: inside a loss function it would make a correct gradient look wrong.

    References
    ----------
    .. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent
       neural networks", Proceedings of the 30th International Conference on Machine Learning,
       PMLR 28 (3) (2013) 1310-1318.

    Examples
    --------
    >>> clip_by_norm(np.array([3.0, 4.0]), max_norm=1)
    (array([0.6, 0.8]), 5.0)
    """
    norm = global_norm(gradient)
    max_norm = check_rate("max_norm", max_norm)
    factor = max_norm / norm if norm > max_norm else 1.0
    return each_array(lambda slope: factor * slope, gradient), norm
