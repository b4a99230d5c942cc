"""What a network is made of, as formulas: how many parameters, and the shape of every array."""

import math

from .arguments import check_size

Shape = tuple[int, ...]


def parameter_count(n_x: int, n_h: int, n_y: int, n_e: int | None = None) -> int:
    r"""
    Count the parameters of the network. The number of steps has no part in it.

    Parameters
    ----------
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    n_e : int, optional
        Size of a dense layer in front, if there is one.

    Returns
    -------
    int
        How many numbers are learnt.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    .. math:: n_x n_h + n_h^2 + n_h + n_h n_y + n_y

    With a layer in front :math:`n_x n_e + n_e` are added, and :math:`n_e` takes the place of
    :math:`n_x`.

    Examples
    --------
    >>> parameter_count(n_x=10, n_h=5, n_y=100, n_e=20)
    950
    """
    n_x, n_h, n_y = check_sizes(n_x=n_x, n_h=n_h, n_y=n_y)
    return sum(map(math.prod, _parameter_shapes(n_x, n_h, n_y, n_e).values()))


def lstm_parameter_count(n_x: int, n_h: int) -> int:
    r"""
    Count the parameters of an LSTM: four blocks.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    int
        How many numbers are learnt.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    .. math:: 4 (n_x n_h + n_h^2 + n_h)

    PyTorch counts :math:`4 n_h` more: it has two biases that are only ever added.

    Examples
    --------
    >>> lstm_parameter_count(n_x=10, n_h=5)
    320
    """
    n_x, n_h = check_sizes(n_x=n_x, n_h=n_h)
    return 4 * (n_x * n_h + n_h * n_h + n_h)


def gru_parameter_count(n_x: int, n_h: int) -> int:
    r"""
    Count the parameters of a GRU: three blocks, and one more bias behind the reset gate.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    int
        How many numbers are learnt.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    .. math:: 3 (n_x n_h + n_h^2 + n_h) + n_h

    Examples
    --------
    >>> gru_parameter_count(n_x=10, n_h=5)
    245
    """
    n_x, n_h = check_sizes(n_x=n_x, n_h=n_h)
    return 3 * (n_x * n_h + n_h * n_h + n_h) + n_h


def shapes(
    T: int, N: int, n_x: int, n_h: int, n_y: int, n_e: int | None = None
) -> dict[str, Shape]:
    """
    Say the shape of every named array: parameters, the way there, the way back.

    Parameters
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    n_e : int, optional
        Size of a dense layer in front, if there is one.

    Returns
    -------
    dict of str to tuple of int
        Each gradient has the shape of its parameter, and each delta that of its value.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> table = shapes(T=3, N=128, n_x=10, n_e=20, n_h=5, n_y=100)
    >>> table["e"], table["W_xh"], table["states"]
    ((3, 128, 20), (20, 5), (4, 128, 5))
    """
    T, N, n_x, n_h, n_y = check_sizes(T=T, N=N, n_x=n_x, n_h=n_h, n_y=n_y)
    state, output = (T, N, n_h), (T, N, n_y)
    parameters = _parameter_shapes(n_x, n_h, n_y, n_e)
    front = {} if n_e is None else {"e": (T, N, n_e), "delta_e": (T, N, n_e)}
    return {
        **parameters,
        "x": (T, N, n_x),
        "y": (T, N),
        "states": (T + 1, N, n_h),
        "loss": (T,),
        "a": state,
        "h": state,
        "h_prev": state,
        "h_init": (N, n_h),
        "z": output,
        "y_hat": output,
        "delta_z": output,
        "message": state,
        "delta_h": state,
        "delta_a": state,
        "delta_h_init": (N, n_h),
        "delta_x": (T, N, n_x),
        **front,
    }


def _parameter_shapes(n_x: int, n_h: int, n_y: int, n_e: int | None) -> dict[str, Shape]:
    """Say the shapes of the parameters; with a front layer, the state is fed by that."""
    front: dict[str, Shape] = {}
    if n_e is not None:
        front = {"W_xe": (n_x, check_size("n_e", n_e)), "b_e": (n_e,)}
        n_x = n_e
    state = {"W_xh": (n_x, n_h), "W_hh": (n_h, n_h), "b_h": (n_h,)}
    return {**front, **state, "W_hy": (n_h, n_y), "b_y": (n_y,)}


def check_sizes(**sizes: int) -> list[int]:
    """
    Check that every size is a whole number of at least one.

    Parameters
    ----------
    **sizes : int
        The sizes by their names, for the message.

    Returns
    -------
    list of int
        The sizes, in their order.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> check_sizes(T=3, n_h=0)
    Traceback (most recent call last):
        ...
    ValueError: n_h: expected a whole number of at least 1, got 0
    """
    return [check_size(name, size) for name, size in sizes.items()]
