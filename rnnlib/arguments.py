"""Arguments are checked at the door, with a sentence that says what came."""

from collections.abc import Iterable
from types import EllipsisType

import numpy as np

Shape = tuple[int | str | EllipsisType, ...]


def check_array(name: str, value: object, shape: Shape) -> np.ndarray:
    """
    Check that an argument is a finite floating-point array of a given shape.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : array_like
        What the caller passed.
    shape : tuple of int, str or Ellipsis
        One entry for each axis. An ``int`` is a length that must be met; a
        ``str`` names an axis whose length is free, but not zero; ``...`` in
        front stands for any number of axes of any length.

    Returns
    -------
    ndarray of the given shape, float or complex
        `value` itself if it is an array already: nothing is copied. Complex
        numbers pass, since a complex step is a way to check a gradient.

    Raises
    ------
    ValueError
        If the rank, a length, the dtype or a value is not what was expected.

    Examples
    --------
    >>> import numpy as np
    >>> check_array("x", np.zeros((3, 2)), ("T", "N", 5))
    Traceback (most recent call last):
        ...
    ValueError: x: expected shape (T, N, 5), got (3, 2)
    """
    array = check_shape(name, value, shape)
    if not np.issubdtype(array.dtype, np.inexact):
        raise ValueError(f"{name}: expected floating-point numbers, got dtype {array.dtype}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")
    return array


def check_classes(name: str, value: object, shape: Shape, n_classes: int) -> np.ndarray:
    """
    Check that an argument is an integer array of class numbers.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : array_like of int
        What the caller passed.
    shape : tuple of int or str
        As in `check_array`.
    n_classes : int
        Each class number must lie in 0, ..., `n_classes` - 1.

    Returns
    -------
    ndarray of int, of the given shape
        `value` itself if it is an array already.

    Raises
    ------
    ValueError
        If the rank, a length, the dtype or a class number is not what was expected.

    Examples
    --------
    >>> check_classes("y", [0, 3], ("N",), n_classes=3)
    Traceback (most recent call last):
        ...
    ValueError: y: expected class numbers from 0 to 2, got 3
    """
    array = check_shape(name, value, shape)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name}: expected integer class numbers, got dtype {array.dtype}")
    outside = array[(array < 0) | (array >= n_classes)]
    if outside.size:
        raise ValueError(
            f"{name}: expected class numbers from 0 to {n_classes - 1}, got {outside.flat[0]}"
        )
    return array


def check_size(name: str, value: object) -> int:
    """
    Check that an argument is a whole number of at least one.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : int
        What the caller passed.

    Returns
    -------
    int
        `value` as a Python int.

    Raises
    ------
    ValueError
        If `value` is not an integer, or is smaller than one.

    Examples
    --------
    >>> check_size("n_h", 0)
    Traceback (most recent call last):
        ...
    ValueError: n_h: expected a whole number of at least 1, got 0
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name}: expected a whole number of at least 1, got {value!r}")
    return int(value)


def check_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """
    Check that an argument is one of a few names.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : str
        What the caller passed.
    choices : iterable of str
        The names that are known.

    Returns
    -------
    str
        `value` itself.

    Raises
    ------
    ValueError
        If `value` is not among `choices`.

    Examples
    --------
    >>> check_choice("reduction", "median", ["sum", "mean"])
    Traceback (most recent call last):
        ...
    ValueError: reduction: expected one of ['sum', 'mean'], got 'median'
    """
    names = list(choices)
    if value not in names:
        raise ValueError(f"{name}: expected one of {names}, got {value!r}")
    return value


def check_text(name: str, value: object) -> str:
    """
    Check that an argument is a string.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : str
        What the caller passed.

    Returns
    -------
    str
        `value` itself.

    Raises
    ------
    ValueError
        If `value` is anything else.

    Examples
    --------
    >>> check_text("text", 7)
    Traceback (most recent call last):
        ...
    ValueError: text: expected a string, got 7
    """
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected a string, got {value!r}")
    return value


def check_shape(name: str, value: object, shape: Shape) -> np.ndarray:
    """
    Check the shape of an argument, and look at none of its values.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : array_like
        What the caller passed.
    shape : tuple of int, str or Ellipsis
        As in `check_array`.

    Returns
    -------
    ndarray, of that shape
        `value` itself if it is an array already.

    Raises
    ------
    ValueError
        If the rank or a length is not what was expected.

    Examples
    --------
    >>> check_shape("h", np.zeros((2, 3)), ("N", 3)).shape
    (2, 3)
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected an array, got rows of different lengths") from None
    named, lengths = shape, array.shape
    if shape[:1] == (...,):
        named = shape[1:]
        lengths = lengths[max(array.ndim - len(named), 0) :]
    fits = len(lengths) == len(named) and all(
        got >= 1 if isinstance(expected, str) else got == expected
        for got, expected in zip(lengths, named, strict=True)
    )
    if not fits:
        axes = ", ".join("..." if axis is ... else str(axis) for axis in shape)
        axes += "," if len(shape) == 1 else ""
        raise ValueError(f"{name}: expected shape ({axes}), got {array.shape}")
    return array
