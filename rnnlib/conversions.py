"""Weights carried over to PyTorch and Keras, and back: the same numbers in another layout."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from .arguments import check_array
from .dense import Dense
from .gated_parameters import GRUParameters, LSTMParameters
from .recurrent import Recurrent

Layer: TypeAlias = Dense | Recurrent | LSTMParameters | GRUParameters
Arrays: TypeAlias = Mapping[str, np.ndarray]

TORCH_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
KERAS_NAMES = ("kernel", "recurrent_kernel", "bias")
KINDS = (Dense, Recurrent, LSTMParameters, GRUParameters)


def to_torch(params: Layer) -> dict[str, np.ndarray]:
    r"""
    Write the parameters of a layer as PyTorch does.

    Parameters
    ----------
    params : Dense, Recurrent, LSTMParameters or GRUParameters
        The layer. A `rnnlib.Parameters` holds two: `Recurrent` of `W_xh`, `W_hh`, `b_h`, and
        `Dense` of `W_hy`, `b_y`.

    Returns
    -------
    dict of str to ndarray
        The ``state_dict`` of an ``nn.Linear``, or of an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``
        with one layer; as NumPy arrays, copied.

    Raises
    ------
    ValueError
        If `params` is of another type.

    See Also
    --------
    from_torch : the way back.

    Notes
    -----
    PyTorch stores weights (out, in), the transpose of ours, with the gates in our order. It
    has two biases for each block, one beside each matrix. Where they are only ever added,
    the first one takes all of ours. In a GRU the reset gate comes between the two of the
    candidate, and :math:`b_q` is the second.

    Examples
    --------
    >>> layer = Recurrent(W_xh=np.ones((5, 3)), W_hh=np.eye(3), b_h=np.ones(3))
    >>> {name: array.shape for name, array in to_torch(layer).items()}["weight_ih_l0"]
    (3, 5)
    """
    _check_layer(params)
    if isinstance(params, Dense):
        return {"weight": np.array(params.weights.T), "bias": params.bias.copy()}
    weights = np.array(params.W_xh.T), np.array(params.W_hh.T)
    return dict(zip(TORCH_NAMES, (*weights, *_two_biases(params)), strict=True))


def from_torch(state_dict: Arrays) -> Layer:
    r"""
    Read the parameters of a PyTorch layer.

    Parameters
    ----------
    state_dict : dict of str to ndarray or tensor on the CPU
        What ``layer.state_dict()`` gives for an ``nn.Linear``, or for an ``nn.RNN``, ``nn.LSTM``
        or ``nn.GRU`` with one layer, one direction and biases.

    Returns
    -------
    Dense, Recurrent, LSTMParameters or GRUParameters
        The layer, told by the names and by the number of blocks: 1, 3 or 4.

    Raises
    ------
    ValueError
        If the names or the shapes are not those of such a layer.

    See Also
    --------
    to_torch : the way there, and how the two layouts differ.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> params = init_gru(np.random.default_rng(0), n_x=5, n_h=3)
    >>> type(from_torch(to_torch(params))).__name__
    'GRUParameters'
    """
    if set(state_dict) == {"weight", "bias"}:
        weight = check_array("weight", state_dict["weight"], ("n_out", "n_in"))
        bias = check_array("bias", state_dict["bias"], (len(weight),))
        return Dense(np.array(weight.T), bias.copy())
    from_input, from_state, *biases = _take("state_dict", state_dict, TORCH_NAMES)
    from_state = check_array("weight_hh_l0", from_state, ("blocks * n_h", "n_h"))
    width, _ = from_state.shape
    from_input = check_array("weight_ih_l0", from_input, (width, "n_x"))
    first, second = (
        check_array(name, bias, (width,))
        for name, bias in zip(TORCH_NAMES[2:], biases, strict=True)
    )
    return _layer("weight_hh_l0", from_input.T, from_state.T, first, second)


def to_keras(params: Layer) -> dict[str, np.ndarray]:
    r"""
    Write the parameters of a layer as Keras does.

    Parameters
    ----------
    params : Dense, Recurrent, LSTMParameters or GRUParameters
        The layer.

    Returns
    -------
    dict of str to ndarray
        In the order of ``layer.get_weights()``, for a ``Dense``, ``SimpleRNN``, ``LSTM``, or
        ``GRU`` with ``reset_after=True``, its default; copied.

    Raises
    ------
    ValueError
        If `params` is of another type.

    See Also
    --------
    from_keras : the way back.

    Notes
    -----
    Keras stores weights (in, out), as here. Its LSTM has our order of blocks. Its GRU begins
    with the update gate, then comes the reset gate; and its bias has two rows, one beside
    each matrix.

    Examples
    --------
    >>> layer = Recurrent(W_xh=np.ones((5, 3)), W_hh=np.eye(3), b_h=np.ones(3))
    >>> {name: array.shape for name, array in to_keras(layer).items()}
    {'kernel': (5, 3), 'recurrent_kernel': (3, 3), 'bias': (3,)}
    """
    _check_layer(params)
    if isinstance(params, Dense):
        return {"kernel": params.weights.copy(), "bias": params.bias.copy()}
    arrays = [params.W_xh.copy(), params.W_hh.copy(), params.b_h.copy()]
    if isinstance(params, GRUParameters):
        arrays[2] = np.stack(_two_biases(params))
        arrays = [_swap_gates(array) for array in arrays]
    return dict(zip(KERAS_NAMES, arrays, strict=True))


def from_keras(weights: Arrays) -> Layer:
    """
    Read the parameters of a Keras layer.

    Parameters
    ----------
    weights : dict of str to ndarray
        What ``layer.get_weights()`` gives, named "kernel", "recurrent_kernel" unless the layer
        is dense, and "bias", in this order.

    Returns
    -------
    Dense, Recurrent, LSTMParameters or GRUParameters
        The layer, told by the names and by the number of blocks: 1, 3 or 4.

    Raises
    ------
    ValueError
        If the names or the shapes are not those of such a layer. The bias of a ``GRU`` with
        ``reset_after=False`` has a single row: that unit has another equation.

    See Also
    --------
    to_keras : the way there, and how the two layouts differ.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_lstm
    >>> params = init_lstm(np.random.default_rng(0), n_x=5, n_h=3)
    >>> type(from_keras(to_keras(params))).__name__
    'LSTMParameters'
    """
    if set(weights) == {"kernel", "bias"}:
        kernel = check_array("kernel", weights["kernel"], ("n_in", "n_out"))
        return Dense(kernel.copy(), check_array("bias", weights["bias"], kernel.shape[1:]).copy())
    from_input, from_state, bias = _take("weights", weights, KERAS_NAMES)
    from_state = check_array("recurrent_kernel", from_state, ("n_h", "blocks * n_h"))
    n_h, width = from_state.shape
    from_input = check_array("kernel", from_input, ("n_x", width))
    if width == 3 * n_h:
        bias = check_array("bias", bias, (2, width))
        from_input, from_state, bias = map(_swap_gates, (from_input, from_state, bias))
        return _layer("recurrent_kernel", from_input, from_state, *bias)
    bias = check_array("bias", bias, (width,))
    return _layer("recurrent_kernel", from_input, from_state, bias, np.zeros_like(bias))


def _check_layer(params: Layer) -> None:
    if not isinstance(params, KINDS):
        names = ", ".join(kind.__name__ for kind in KINDS)
        raise ValueError(f"params: expected one of {names}, got {type(params).__name__}")


def _take(name: str, arrays: Arrays, names: tuple[str, ...]) -> list[np.ndarray]:
    if set(arrays) != set(names):
        raise ValueError(f"{name}: expected the names {[*names]}, got {[*arrays]}")
    return [arrays[name] for name in names]


def _two_biases(params: Recurrent | LSTMParameters | GRUParameters) -> list[np.ndarray]:
    """Write what is added beside W_xh, and what is added beside W_hh."""
    beside_state = np.zeros_like(params.b_h)
    if isinstance(params, GRUParameters):
        beside_state[-len(params.b_q) :] = params.b_q
    return [params.b_h.copy(), beside_state]


def _layer(
    name: str, W_xh: np.ndarray, W_hh: np.ndarray, first: np.ndarray, second: np.ndarray
) -> Layer:
    """Make the record whose number of blocks fits; `first` and `second` are the two biases."""
    n_h, width = W_hh.shape
    W_xh, W_hh = np.array(W_xh), np.array(W_hh)
    if width == n_h:
        return Recurrent(W_xh, W_hh, first + second)
    if width == 4 * n_h:
        return LSTMParameters(W_xh, W_hh, first + second)
    if width == 3 * n_h:
        gates = np.arange(width) < 2 * n_h  # only the candidate's second bias stays apart
        return GRUParameters(W_xh, W_hh, first + gates * second, second[~gates])
    raise ValueError(f"{name}: expected 1, 3 or 4 blocks of {n_h}, got {width} columns")


def _swap_gates(array: np.ndarray) -> np.ndarray:
    """Let reset and update gate change places in an array of three blocks of columns."""
    reset, update, candidate = np.split(array, 3, axis=-1)
    return np.concatenate([update, reset, candidate], axis=-1)
