"""Records of arrays, taken apart and put together: parameters, gradients, whatever has parts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast

import numpy as np

Record = TypeVar("Record")


def arrays_of(name: str, record: object) -> dict[str, np.ndarray]:
    """
    List every array of a record.

    Parameters
    ----------
    name : str
        What to call the record in a message.
    record : ndarray, NamedTuple or dict of ndarray
        The parts of a record may be records.

    Returns
    -------
    dict of str to ndarray
        By the names of the parts, joined by dots; a lone array has an empty name. As
        `as_numbers` gives them.

    Raises
    ------
    ValueError
        If a part is no array of numbers, or holds none.

    Examples
    --------
    >>> list(arrays_of("gradient", {"front": {"W_xe": np.zeros((2, 3))}, "b_h": np.zeros(3)}))
    ['front.W_xe', 'b_h']
    """
    parts = _parts(record)
    if parts is None:
        return {"": as_numbers(name, record)}
    if not parts:
        raise ValueError(f"{name}: expected at least one array, got none")
    return {
        f"{key}.{inner}" if inner else key: array
        for key, part in parts.items()
        for inner, array in arrays_of(f"{name}.{key}", part).items()
    }


def arrays_like(
    name: str, record: object, expected: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """
    List every array of a record that must have the names and shapes of another.

    Parameters
    ----------
    name : str
        What to call the record in a message.
    record : ndarray, NamedTuple or dict of ndarray
        The parts of a record may be records.
    expected : dict of str to ndarray
        What `arrays_of` the other record gave.

    Returns
    -------
    dict of str to ndarray
        In the order of `expected`, as `as_numbers` gives them.

    Raises
    ------
    ValueError
        If a name or a shape differs, a part is no array of numbers, or holds none.

    Examples
    --------
    >>> arrays_like("gradient", {"b_h": np.zeros(3)}, {"b_h": np.zeros((1, 3))})
    Traceback (most recent call last):
        ...
    ValueError: gradient.b_h: expected shape (1, 3), got (3,)
    """
    arrays = arrays_of(name, record)
    if set(arrays) != set(expected):
        wanted, came = (
            ", ".join(filter(None, names)) or "one array" for names in (expected, arrays)
        )
        raise ValueError(f"{name}: expected {wanted}, got {came}")
    for key, array in expected.items():
        if arrays[key].shape != array.shape:
            full_name, shape = f"{name}.{key}".rstrip("."), arrays[key].shape
            raise ValueError(f"{full_name}: expected shape {array.shape}, got {shape}")
    return {key: arrays[key] for key in expected}


def rebuild(like: Record, numbers: np.ndarray) -> Record:
    """
    Put numbers in a row into the places that they have in a record.

    Parameters
    ----------
    like : ndarray, NamedTuple or dict of ndarray
        A record with the type, the names and the shapes that are wanted.
    numbers : ndarray, shape (size,)
        As many numbers as `like` holds, in the order of `arrays_of`.

    Returns
    -------
    record of the same type
        With the dtype of `numbers`, and arrays of its own.

    Raises
    ------
    ValueError
        If there are more or fewer numbers than `like` has places.

    Examples
    --------
    >>> rebuild({"b_h": np.zeros(2), "b_y": np.zeros(1)}, np.array([1.0, 2.0, 3.0]))
    {'b_h': array([1., 2.]), 'b_y': array([3.])}
    """
    sizes = [array.size for array in arrays_of("like", like).values()]
    if np.shape(numbers) != (sum(sizes),):
        raise ValueError(f"numbers: expected shape ({sum(sizes)},), got {np.shape(numbers)}")
    pieces = np.split(numbers, np.cumsum(sizes)[:-1])
    return cast(Record, _filled(like, iter(pieces)))


def as_numbers(name: str, value: object) -> np.ndarray:
    """
    Take an array of numbers, in float64 or wider: NaN may be among them, text may not.

    Parameters
    ----------
    name : str
        What to call it in a message.
    value : array_like
        What the caller passed.

    Returns
    -------
    ndarray, same shape, float64 or complex128 or wider
        `value` itself if it is that already.

    Raises
    ------
    ValueError
        If it is no array of numbers, or holds none.

    Examples
    --------
    >>> as_numbers("gradient.b_h", None)
    Traceback (most recent call last):
        ...
    ValueError: gradient.b_h: expected numbers, got None
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected an array, got rows of different lengths") from None
    if not np.issubdtype(array.dtype, np.number):
        got = f"dtype {array.dtype}" if array.ndim else repr(value)
        raise ValueError(f"{name}: expected numbers, got {got}")
    if not array.size:
        raise ValueError(f"{name}: expected at least one number, got shape {array.shape}")
    # Unsigned integers have no negative difference, and float32 has half the digits.
    return array.astype(np.result_type(array, np.float64), copy=False)


def _parts(record: object) -> Mapping[str, object] | None:
    """Name the parts of a record; an array has none."""
    if hasattr(record, "_asdict"):
        return cast(Mapping[str, object], record._asdict())
    return record if isinstance(record, Mapping) else None


def _filled(like: Any, pieces: Iterator[np.ndarray]) -> object:
    parts = _parts(like)
    if parts is None:
        return next(pieces).reshape(np.shape(like)).copy()
    kind = cast(Callable[..., object], type(like))
    return kind(**{key: _filled(part, pieces) for key, part in parts.items()})
