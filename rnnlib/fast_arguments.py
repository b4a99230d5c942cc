"""Arguments at a glance: a check that costs next to nothing where nothing is wrong."""

import math

import numpy as np

from .arguments import check_array, check_classes
from .dense import Dense
from .network_parameters import Network, check_network
from .parameters import Parameters, check_parameters
from .recurrent import Recurrent

SINGLE_OR_DOUBLE = (np.dtype(np.float64), np.dtype(np.float32))  # what BLAS multiplies


def prepare(
    params: Parameters, x: np.ndarray, y: np.ndarray, h_init: np.ndarray | None = None
) -> tuple[Parameters, np.ndarray, np.ndarray, np.ndarray | None]:
    r"""
    Check the arguments of the fast form, and bring them to one type.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (T, N, n_x), float, or (T, N), int
        Inputs, or the class numbers of one-hot inputs.
    y : ndarray, shape (T, N), int
        Target classes, from 0 to n_y - 1.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input.

    Returns
    -------
    params : Parameters
        The arguments themselves if all their numbers are float64, or all are float32;
        otherwise copies, in the type that their products have.
    x : ndarray, shape as given
        The same; class numbers in the type of an index.
    y : ndarray, shape (T, N)
        The same, in the type of an index.
    h_init : ndarray, shape (N, n_h), or None
        The same as `params`.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.arguments.check_array : the close look, with its sentence.

    Notes
    -----
    At a glance means: one number says of a whole array that all in it is well. For floats it
    is the sum of their squares, which NaN and infinity make NaN or infinite, and which BLAS
    computes as fast as memory can be read. For class numbers it is the largest, read as
    unsigned: that turns a negative number into a huge one. What is not well at a glance is
    looked at closely: the numbers may be fine and huge, and if not, the sentence is found.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> _ = prepare(params, np.full((4, 2), 6), np.zeros((4, 2), int))
    Traceback (most recent call last):
        ...
    ValueError: x: expected class numbers from 0 to 4, got 6
    """
    if _fine_at_a_glance(params, x, y, h_init):
        return params, x, y, h_init
    return _look_closely(params, x, y, h_init)


def prepare_front(params: Network, x: np.ndarray) -> np.ndarray:
    """
    Check what goes into the front layer of the fast network.

    Parameters
    ----------
    params : Network
        The three layers. Of the layers behind, the arrays are left to `prepare`.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.

    Returns
    -------
    ndarray, shape (T, N, n_x)
        `x` itself if it is an array already.

    Raises
    ------
    ValueError
        If a layer, a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> _ = prepare_front(params, np.ones((4, 2, 6)))
    Traceback (most recent call last):
        ...
    ValueError: x: expected shape (T, N, 5), got (4, 2, 6)
    """
    if type(params) is Network and tuple(map(type, params)) == (Dense, Recurrent, Dense):
        W_xe, b_e = params.front
        fine = (
            type(x) is type(W_xe) is type(b_e) is np.ndarray
            and x.ndim == 3
            and 0 not in (x.size, b_e.size)
            and x.dtype in SINGLE_OR_DOUBLE
            and (W_xe.shape, b_e.shape) == ((x.shape[2], b_e.size), (b_e.size,))
            and W_xe.dtype == b_e.dtype == x.dtype
            and _are_finite(W_xe, b_e, x)
        )
        if fine:
            return x
    n_x, *_ = check_network(params)
    x = check_array("x", x, ("T", "N", n_x))
    _check_single_or_double(
        {"x": x, "front.weights": params.front[0], "front.bias": params.front[1]}
    )
    return x


def _are_finite(*arrays: np.ndarray) -> bool:
    """Say whether all numbers are finite, and not so large that their squares are infinite."""
    return all(map(math.isfinite, map(np.vdot, arrays, arrays)))


def _are_classes(array: np.ndarray, n_classes: int) -> bool:
    """Say whether all numbers are classes: read as unsigned, a negative one is huge."""
    return array.dtype == np.intp and bool(array.view(np.uintp).max() < n_classes)


def _fine_at_a_glance(
    params: Parameters, x: np.ndarray, y: np.ndarray, h_init: np.ndarray | None
) -> bool:
    """Say whether the arguments are plain arrays of one type, fit together, and are finite."""
    if type(params) is not Parameters:
        return False
    W_xh, W_hh, W_hy, b_h, b_y = params
    kinds = type(W_xh) is type(W_hh) is type(W_hy) is type(b_h) is type(b_y) is type(x) is type(y)
    if not kinds or type(x) is not np.ndarray:
        return False
    n_x, n_h, n_y, dtype = W_xh.shape[:1], b_h.size, b_y.size, b_h.dtype
    shapes = (W_xh.shape, W_hh.shape, W_hy.shape, b_h.shape, b_y.shape)
    return (
        dtype in SINGLE_OR_DOUBLE
        and W_xh.dtype == W_hh.dtype == W_hy.dtype == b_y.dtype == dtype
        and shapes == ((*n_x, n_h), (n_h, n_h), (n_h, n_y), (n_h,), (n_y,))
        and y.ndim == 2
        and 0 not in (W_xh.size, W_hy.size, y.size)
        and _are_finite(*params)
        and _are_classes(y, n_y)
        and (
            (x.shape == y.shape and _are_classes(x, *n_x))
            or (x.shape == y.shape + n_x and x.dtype == dtype and _are_finite(x))
        )
        and (
            h_init is None
            or (
                type(h_init) is np.ndarray
                and h_init.shape == (y.shape[1], n_h)
                and h_init.dtype == dtype
                and _are_finite(h_init)
            )
        )
    )


def _look_closely(
    params: Parameters, x: np.ndarray, y: np.ndarray, h_init: np.ndarray | None
) -> tuple[Parameters, np.ndarray, np.ndarray, np.ndarray | None]:
    """Check each argument by name; what passes is brought to one type."""
    n_x, n_h, n_y = check_parameters(params)
    one_hot = isinstance(x, np.ndarray) and x.ndim == 2 and x.dtype.kind in "iu"
    x = check_classes("x", x, ("T", "N"), n_x) if one_hot else check_array("x", x, ("T", "N", n_x))
    T, N = x.shape[:2]
    y = check_classes("y", y, (T, N), n_y)
    floats = params._asdict() if one_hot else {**params._asdict(), "x": x}
    if h_init is not None:
        floats["h_init"] = check_array("h_init", h_init, (N, n_h))
    _check_single_or_double(floats)
    dtype = np.result_type(*floats.values())
    ready = {name: np.asarray(array, dtype) for name, array in floats.items()}
    params = Parameters(*(ready[name] for name in Parameters._fields))
    x = x.astype(np.intp) if one_hot else ready["x"]
    return params, x, y.astype(np.intp), ready.get("h_init")


def _check_single_or_double(arrays: dict[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        if array.dtype not in SINGLE_OR_DOUBLE:
            raise ValueError(f"{name}: expected float32 or float64, got {array.dtype}")
