"""The parameters of LSTM and GRU: one block of columns for each gate, side by side."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_size


class LSTMParameters(NamedTuple):
    """
    Four blocks: input gate, forget gate, candidate, output gate. A gradient has the same type.

    Attributes
    ----------
    W_xh : ndarray, shape (n_x, 4 n_h)
        From the input to the four blocks.
    W_hh : ndarray, shape (n_h, 4 n_h)
        From the state to the four blocks of the next step.
    b_h : ndarray, shape (4 n_h,)
        Bias of the four blocks.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class GRUParameters(NamedTuple):
    """
    Three blocks: reset gate, update gate, candidate. A gradient has the same type.

    Attributes
    ----------
    W_xh : ndarray, shape (n_x, 3 n_h)
        From the input to the three blocks.
    W_hh : ndarray, shape (n_h, 3 n_h)
        From the state to the three blocks of the next step.
    b_h : ndarray, shape (3 n_h,)
        Bias of the three blocks.
    b_q : ndarray, shape (n_h,)
        Bias of what the state recalls: it lies behind the reset gate.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    b_q: np.ndarray


def init_lstm(
    rng: "np.random.Generator", n_x: int, n_h: int, dtype: np.dtype | type = np.float64
) -> LSTMParameters:
    """
    Draw random weights for an LSTM; let its cells begin by keeping what they have.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_x, n_h : int
        Sizes of input and state.
    dtype : dtype, default float64
        The floating-point type of all three arrays.

    Returns
    -------
    params : LSTMParameters
        Weights from a normal distribution of mean 0, with variance 1 / (number of rows).
        The bias is 1 for the forget gate and 0 elsewhere.

    Raises
    ------
    ValueError
        If `rng` is no generator, a size is not a whole number of at least one, or
        `dtype` is not a floating-point type.

    Notes
    -----
    A positive bias opens the forget gate [1]_. What a cell holds, and the message about it,
    can then outlive many steps before anything has been learnt.

    References
    ----------
    .. [1] F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual
       prediction with LSTM", Neural Computation 12 (2000) 2451-2471.

    Examples
    --------
    >>> init_lstm(np.random.default_rng(0), n_x=5, n_h=2).b_h.tolist()
    [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    """
    W_xh, W_hh = _weights(rng, n_x, n_h, 4, dtype)
    b_h = np.repeat(np.array([0, 1, 0, 0], dtype), n_h)
    return LSTMParameters(W_xh, W_hh, b_h)


def init_gru(
    rng: "np.random.Generator", n_x: int, n_h: int, dtype: np.dtype | type = np.float64
) -> GRUParameters:
    """
    Draw random weights for a GRU; set the biases to zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_x, n_h : int
        Sizes of input and state.
    dtype : dtype, default float64
        The floating-point type of all four arrays.

    Returns
    -------
    params : GRUParameters
        Weights from a normal distribution of mean 0, with variance 1 / (number of rows).
        With biases of 0 each gate begins half open.

    Raises
    ------
    ValueError
        If `rng` is no generator, a size is not a whole number of at least one, or
        `dtype` is not a floating-point type.

    Examples
    --------
    >>> init_gru(np.random.default_rng(0), n_x=5, n_h=2).W_xh.shape
    (5, 6)
    """
    W_xh, W_hh = _weights(rng, n_x, n_h, 3, dtype)
    return GRUParameters(W_xh, W_hh, b_h=np.zeros(3 * n_h, dtype), b_q=np.zeros(n_h, dtype))


def check_lstm_parameters(params: LSTMParameters) -> tuple[int, int]:
    """
    Check that the three arrays of an LSTM fit together.

    Parameters
    ----------
    params : LSTMParameters
        The arrays to check; their sizes are read off `W_xh` and `W_hh`.

    Returns
    -------
    n_x, n_h : int
        Sizes of input and state.

    Raises
    ------
    ValueError
        If `params` is no `LSTMParameters`, or an array has a wrong shape, dtype or value.

    Examples
    --------
    >>> check_lstm_parameters(init_lstm(np.random.default_rng(0), n_x=5, n_h=2))
    (5, 2)
    """
    if not isinstance(params, LSTMParameters):
        raise ValueError(f"params: expected LSTMParameters, got {type(params).__name__}")
    return _check_blocks(params, 4)


def check_gru_parameters(params: GRUParameters) -> tuple[int, int]:
    """
    Check that the four arrays of a GRU fit together.

    Parameters
    ----------
    params : GRUParameters
        The arrays to check; their sizes are read off `W_xh` and `W_hh`.

    Returns
    -------
    n_x, n_h : int
        Sizes of input and state.

    Raises
    ------
    ValueError
        If `params` is no `GRUParameters`, or an array has a wrong shape, dtype or value.

    Examples
    --------
    >>> check_gru_parameters(init_gru(np.random.default_rng(0), n_x=5, n_h=2))
    (5, 2)
    """
    if not isinstance(params, GRUParameters):
        raise ValueError(f"params: expected GRUParameters, got {type(params).__name__}")
    n_x, n_h = _check_blocks(params, 3)
    check_array("b_q", params.b_q, (n_h,))
    return n_x, n_h


def _check_blocks(params: LSTMParameters | GRUParameters, blocks: int) -> tuple[int, int]:
    n_h = check_array("W_hh", params.W_hh, ("n_h", f"{blocks} n_h")).shape[0]
    check_array("W_hh", params.W_hh, (n_h, blocks * n_h))
    n_x = check_array("W_xh", params.W_xh, ("n_x", blocks * n_h)).shape[0]
    check_array("b_h", params.b_h, (blocks * n_h,))
    return n_x, n_h


def _weights(
    rng: "np.random.Generator", n_x: int, n_h: int, blocks: int, dtype: np.dtype | type
) -> tuple[np.ndarray, np.ndarray]:
    """Draw W_xh and W_hh with variance 1 over the number of rows."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    n_x, n_h = check_size("n_x", n_x), check_size("n_h", n_h)
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"dtype: expected a floating-point type, got {np.dtype(dtype)}")

    def draw(n_in: int) -> np.ndarray:
        return (rng.standard_normal((n_in, blocks * n_h)) / np.sqrt(n_in)).astype(dtype)

    return draw(n_x), draw(n_h)
