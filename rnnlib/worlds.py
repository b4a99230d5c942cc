"""Worlds for equations: what each symbol of a formula means, and what its indices pick."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np


class Indexed(NamedTuple):
    """
    An array whose first index is a time.

    Attributes
    ----------
    values : ndarray, shape (steps, ...)
        One entry a step.
    first : int
        The step of the first entry: -1 for the states, which begin before the first input.
    whole : object, optional
        What the symbol means without an index; all values if not given.
    """

    values: np.ndarray
    first: int = 0
    whole: Any = None


class Computed(NamedTuple):
    """
    A value that is computed for given times.

    Attributes
    ----------
    function : callable
        Given the times, returns the value; raises ValueError where there is none.
    times : int
        How many times it takes. Further indices pick components.
    """

    function: Callable[..., Any]
    times: int = 1


class World(NamedTuple):
    r"""
    What each symbol means.

    Attributes
    ----------
    values : Mapping of str to object
        By name: "W_hh", "h", "dL/dW_hh"; a numerator with an index is marked, as in "dh[]/dh",
        whose indices are the times above and below the line. A copy of a weight is "W_hh()". Each
        value is a number, an array, `Indexed`, `Computed`, or a function such as tanh.
    ranges : dict of str to iterable of int
        What an index without limits runs over.
    """

    values: Mapping[str, Any]
    ranges: dict[str, range]


def as_index(value: Any) -> int:
    """
    Take a number as an index; a row with a single one names the class where it stands.

    Parameters
    ----------
    value : float or ndarray, shape (n_y,)
        A whole number, or a one-hot row.

    Returns
    -------
    int
        The index.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> as_index(np.array([0.0, 0.0, 1.0]))
    2
    """
    if np.ndim(value) and np.sort(np.ravel(value))[-2:].tolist() == [0, 1]:
        return int(np.argmax(value))
    if np.ndim(value) or value != int(value):
        raise ValueError(f"value: expected a whole number as an index, got {value!r}")
    return int(value)


def pick(name: str, found: Any, indices: tuple[int, ...]) -> Any:
    """
    Take the part of a value that the indices name.

    Parameters
    ----------
    name : str
        What it is called, for the message of an error.
    found : object
        The value: an array, `Indexed`, `Computed`, or something without parts.
    indices : tuple of int
        First times, if it has any, then components. In a batch with one row, components are
        counted within the row.

    Returns
    -------
    object
        The part.

    Raises
    ------
    ValueError
        If an index is out of bounds: none counts from the end.

    Examples
    --------
    >>> pick("h", Indexed(np.array([5.0, 6.0]), first=-1), (0,)).item()
    6.0
    """
    if isinstance(found, Indexed):
        if not indices:
            return found.values if found.whole is None else found.whole
        within(name, indices[0] - found.first, len(found.values))
        found, indices = found.values[indices[0] - found.first], indices[1:]
    elif isinstance(found, Computed):
        found, indices = found.function(*indices[: found.times]), indices[found.times :]
    if indices and np.ndim(found) == len(indices) + 1 and len(found) == 1:
        found = found[0]
    for index in indices:
        within(name, index, len(found) if np.ndim(found) else 0)
        found = found[index]
    return found


def within(name: str, index: int, length: int) -> None:
    """
    Refuse an index that does not exist.

    Parameters
    ----------
    name : str
        What is indexed.
    index, length : int
        The index, and how many there are.

    Raises
    ------
    ValueError
        If it is negative or too large.

    Examples
    --------
    >>> within("h", 0, 1)
    """
    if not 0 <= index < length:
        raise ValueError(f"{name}: expected an index below {length}, got {index}")


def contracted(left: Any, right: Any) -> Any:
    """
    Multiply numbers, or contract the touching axes of two arrays.

    Parameters
    ----------
    left, right : float or ndarray, shapes (..., n) and (n, ...)
        The factors.

    Returns
    -------
    float or ndarray
        Their product.

    Raises
    ------
    ValueError
        If the touching axes differ in length.

    Examples
    --------
    >>> contracted(np.ones((2, 3)), np.ones((3, 4, 5))).shape
    (2, 4, 5)
    """
    if not np.ndim(left) or not np.ndim(right):
        return left * right
    if np.shape(left)[-1] != np.shape(right)[0]:
        shapes = f"{np.shape(left)} and {np.shape(right)}"
        raise ValueError(f"left: expected touching axes of one length, got {shapes}")
    return np.tensordot(left, right, axes=1)


def world_of(values: Mapping[str, Any]) -> World:
    """
    Say what the indices of time and sample run over.

    Parameters
    ----------
    values : Mapping of str to object
        By name; at least "T" and "N".

    Returns
    -------
    World
        With the ranges of t, s and n.

    Examples
    --------
    >>> world_of({"T": 2, "N": 3}).ranges["n"]
    range(0, 3)
    """
    steps, samples = range(values["T"]), range(values["N"])
    return World(values, {"t": steps, "s": steps, "n": samples})
