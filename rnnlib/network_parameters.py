"""The parameters of three layers: dense in front, recurrent, dense behind."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_size
from .dense import Dense
from .parameters import init_parameters
from .recurrent import Recurrent


class Network(NamedTuple):
    """
    The parameters of the three layers. A gradient has the same type.

    Attributes
    ----------
    front : Dense
        From the input to the front layer: W_xe, shape (n_x, n_e), and b_e.
    recurrent : Recurrent
        From the front layer to the state: its W_xh has shape (n_e, n_h).
    back : Dense
        From the state to the output: W_hy, shape (n_h, n_y), and b_y.
    """

    front: Dense
    recurrent: Recurrent
    back: Dense


def init_network(
    rng: "np.random.Generator",
    n_x: int,
    n_e: int,
    n_h: int,
    n_y: int,
    dtype: np.dtype | type = np.float64,
) -> Network:
    r"""
    Draw random weights for the three layers; set the biases to zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    dtype : dtype, default float64
        The floating-point type of all arrays.

    Returns
    -------
    params : Network
        Weights from a normal distribution of mean 0, biases 0.

    Raises
    ------
    ValueError
        If `rng` is no generator, a size is not a whole number of at least one, or
        `dtype` is not a floating-point type.

    See Also
    --------
    rnnlib.parameters.init_parameters : the same for a network without a front layer.

    Notes
    -----
    Each matrix has variance :math:`1/n`, with :math:`n` the number of its rows.

    Examples
    --------
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> params.recurrent.W_xh.shape
    (2, 3)
    """
    n_x = check_size("n_x", n_x)
    n_e = check_size("n_e", n_e)
    behind = init_parameters(rng, n_e, n_h, n_y, dtype)
    W_xe = (rng.standard_normal((n_x, n_e)) / np.sqrt(n_x)).astype(dtype)
    return Network(
        front=Dense(W_xe, np.zeros(n_e, dtype)),
        recurrent=Recurrent(behind.W_xh, behind.W_hh, behind.b_h),
        back=Dense(behind.W_hy, behind.b_y),
    )


def check_network(params: Network) -> tuple[int, int, int, int]:
    """
    Check that each layer takes what the layer below gives.

    Parameters
    ----------
    params : Network
        The layers; their sizes are read off their weights.

    Returns
    -------
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.

    Raises
    ------
    ValueError
        If `params` is no `Network`, a layer is of the wrong kind, or an array has a wrong
        shape, dtype or value.

    Examples
    --------
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> check_network(params)
    (5, 2, 3, 7)
    """
    if not isinstance(params, Network):
        raise ValueError(f"params: expected Network, got {type(params).__name__}")
    front, recurrent, back = params
    for name, layer, kind in zip(params._fields, params, (Dense, Recurrent, Dense), strict=True):
        if not isinstance(layer, kind):
            raise ValueError(f"{name}: expected {kind.__name__}, got {type(layer).__name__}")
    n_x, n_e = check_array("front.weights", front.weights, ("n_x", "n_e")).shape
    check_array("front.bias", front.bias, (n_e,))
    n_h = check_array("recurrent.W_xh", recurrent.W_xh, (n_e, "n_h")).shape[1]
    check_array("recurrent.W_hh", recurrent.W_hh, (n_h, n_h))
    check_array("recurrent.b_h", recurrent.b_h, (n_h,))
    n_y = check_array("back.weights", back.weights, (n_h, "n_y")).shape[1]
    check_array("back.bias", back.bias, (n_y,))
    return n_x, n_e, n_h, n_y
