"""The parameters of the network: three matrices and two biases, shared by all steps."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_size


class Parameters(NamedTuple):
    """
    The five parameters. A gradient has the same type.

    Attributes
    ----------
    W_xh : ndarray, shape (n_x, n_h)
        From the input to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    b_h : ndarray, shape (n_h,)
        Bias of the state.
    b_y : ndarray, shape (n_y,)
        Bias of the logits.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    W_hy: np.ndarray
    b_h: np.ndarray
    b_y: np.ndarray


def init_parameters(
    rng: "np.random.Generator", n_x: int, n_h: int, n_y: int, dtype: np.dtype | type = np.float64
) -> Parameters:
    r"""
    Draw random weights; set the biases to zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    dtype : dtype, default float64
        The floating-point type of all five arrays.

    Returns
    -------
    params : Parameters
        Weights from a normal distribution of mean 0, biases 0.

    Raises
    ------
    ValueError
        If `rng` is no generator, a size is not a whole number of at least one, or
        `dtype` is not a floating-point type.

    Notes
    -----
    A sum of :math:`n` independent terms of variance :math:`1/n` has variance 1. So
    each weight matrix has variance :math:`1/n` with :math:`n` its number of rows,
    and inputs of variance 1 give pre-activations of about 1, whatever the size [1]_.
    A one-hot input picks a single row: it then contributes variance
    :math:`1/n_x` only.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, "Efficient BackProp", in
       Neural Networks: Tricks of the Trade, Springer, 1998.

    Examples
    --------
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> params.W_hy.shape
    (3, 7)
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    n_x, n_h, n_y = check_size("n_x", n_x), check_size("n_h", n_h), check_size("n_y", n_y)
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"dtype: expected a floating-point type, got {np.dtype(dtype)}")

    def weights(n_in: int, n_out: int) -> np.ndarray:
        return (rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)).astype(dtype)

    return Parameters(
        W_xh=weights(n_x, n_h),
        W_hh=weights(n_h, n_h),
        W_hy=weights(n_h, n_y),
        b_h=np.zeros(n_h, dtype),
        b_y=np.zeros(n_y, dtype),
    )


def check_parameters(params: Parameters) -> tuple[int, int, int]:
    """
    Check that the five arrays fit together.

    Parameters
    ----------
    params : Parameters
        The arrays to check; their sizes are read off `W_xh` and `W_hy`.

    Returns
    -------
    n_x, n_h, n_y : int
        Sizes of input, state and output.

    Raises
    ------
    ValueError
        If `params` is no `Parameters`, or an array has a wrong shape, dtype or value.

    Examples
    --------
    >>> check_parameters(init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7))
    (5, 3, 7)
    """
    if not isinstance(params, Parameters):
        raise ValueError(f"params: expected Parameters, got {type(params).__name__}")
    n_x, n_h = check_array("W_xh", params.W_xh, ("n_x", "n_h")).shape
    check_array("W_hh", params.W_hh, (n_h, n_h))
    n_y = check_array("W_hy", params.W_hy, (n_h, "n_y")).shape[1]
    check_array("b_h", params.b_h, (n_h,))
    check_array("b_y", params.b_y, (n_y,))
    return n_x, n_h, n_y
