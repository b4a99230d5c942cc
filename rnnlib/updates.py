"""What every update of parameters does: the same rule for each array of a record."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from .arguments import check_array

# Parameters, Network, any NamedTuple of arrays or of such NamedTuples, or a lone array.
Record = TypeVar("Record")


def each_array(rule: Callable[..., np.ndarray], record: Record, *others: object) -> Record:
    """
    Apply a rule to the arrays that stand at the same place of several records.

    Parameters
    ----------
    rule : callable
        From one array of each record to a new array.
    record : NamedTuple or ndarray, any shape
        A record of arrays, whose parts may be records too; or a lone array.
    *others : NamedTuple or ndarray, any shape
        More records with the same parts.

    Returns
    -------
    NamedTuple or ndarray, same shape and dtype
        Of the type of the first record; each array has the dtype of the one in its place.

    Raises
    ------
    ValueError
        If the others are not of the type of the first.

    Examples
    --------
    >>> from rnnlib.dense import Dense
    >>> params = Dense(weights=np.ones((1, 2)), bias=np.zeros(2))
    >>> each_array(lambda value, slope: value - slope, params, params)
    Dense(weights=array([[0., 0.]]), bias=array([0., 0.]))
    """
    for other in others:
        if type(other) is not type(record):
            kind = type(record).__name__
            raise ValueError(f"others: expected {kind} as the first, got {type(other).__name__}")
    if isinstance(record, np.ndarray):
        return cast(Record, np.asarray(rule(record, *others), record.dtype))
    same_place = zip(*cast(Any, (record, *others)), strict=True)
    return cast(Any, type(record))(*(each_array(rule, *parts) for parts in same_place))


def arrays_of(record: object) -> list[np.ndarray]:
    """
    List the arrays of a record, and those of the records in it.

    Parameters
    ----------
    record : NamedTuple or ndarray, any shape
        A record of arrays, whose parts may be records too; or a lone array.

    Returns
    -------
    list of ndarray, any shape
        The arrays themselves, in their order.

    Raises
    ------
    ValueError
        If `record` has a part that is neither a record nor an array.

    Examples
    --------
    >>> from rnnlib.dense import Dense
    >>> [array.shape for array in arrays_of(Dense(weights=np.ones((5, 3)), bias=np.ones(3)))]
    [(5, 3), (3,)]
    """
    if isinstance(record, np.ndarray):
        return [record]
    if not isinstance(record, tuple):
        raise ValueError(f"record: expected a record of arrays, got {type(record).__name__}")
    return [array for part in record for array in arrays_of(part)]


def zeros_like(record: Record) -> Record:
    """
    Make a record of zeros: the state in which momentum and AdaGrad begin.

    Parameters
    ----------
    record : NamedTuple or ndarray, any shape
        The parameters to be trained.

    Returns
    -------
    NamedTuple or ndarray, same shape and dtype
        Zeros, of the same type.

    Raises
    ------
    ValueError
        If `record` is no record of arrays.

    Examples
    --------
    >>> from rnnlib.dense import Dense
    >>> zeros_like(Dense(weights=np.ones((1, 2)), bias=np.ones(2)))
    Dense(weights=array([[0., 0.]]), bias=array([0., 0.]))
    """
    check_record("record", record, like=record)
    return each_array(np.zeros_like, record)


def check_record(name: str, record: object, like: object) -> None:
    """
    Check that a record has the parts of another, and finite numbers in them.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    record : NamedTuple or ndarray, any shape
        What the caller passed.
    like : NamedTuple or ndarray, any shape
        A record of the type, and with the shapes, that are wanted.

    Raises
    ------
    ValueError
        If the type, a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> from rnnlib.dense import Dense
    >>> params = Dense(weights=np.ones((1, 2)), bias=np.ones(2))
    >>> check_record("gradient", params._replace(bias=np.array([1.0, np.nan])), like=params)
    Traceback (most recent call last):
        ...
    ValueError: gradient.bias: expected finite numbers, got NaN or infinity
    """
    if isinstance(like, np.ndarray):
        check_array(name, record, like.shape)
    elif not isinstance(like, tuple) or not hasattr(like, "_fields"):
        raise ValueError(f"{name}: expected a record of arrays, got {type(like).__name__}")
    elif type(record) is not type(like):
        raise ValueError(f"{name}: expected {type(like).__name__}, got {type(record).__name__}")
    else:
        for field, part, wanted in zip(like._fields, record, like, strict=True):
            check_record(f"{name}.{field}", part, wanted)


def check_rate(name: str, value: float, below: float = np.inf) -> float:
    """
    Check that an argument is a number above 0, such as a learning rate.

    Parameters
    ----------
    name : str
        The name of the argument, for the message.
    value : float
        What the caller passed.
    below : float, optional
        What the number must stay below; without it, any finite number will do.

    Returns
    -------
    float
        `value` as a Python float, which leaves float32 arrays as they are.

    Raises
    ------
    ValueError
        If `value` is no such number.

    Examples
    --------
    >>> check_rate("learning_rate", -0.1)
    Traceback (most recent call last):
        ...
    ValueError: learning_rate: expected a number between 0 and inf, got -0.1
    """
    if not isinstance(value, float | int | np.number) or not 0 < value < below:
        raise ValueError(f"{name}: expected a number between 0 and {below}, got {value!r}")
    return float(value)
