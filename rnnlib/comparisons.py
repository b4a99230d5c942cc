"""Comparisons that nothing slips through: no NaN, no broadcast shape, no missing array."""

from typing import NamedTuple

import numpy as np

from .records import arrays_like, arrays_of, as_numbers


class Row(NamedTuple):
    """
    One array compared with another.

    Attributes
    ----------
    name : str
        Which array of the record.
    error : float
        Norm-wise relative error, as in `relative_error`.
    entry : tuple of int
        Where the two differ most.
    got, wanted : float
        The two numbers there.
    """

    name: str
    error: float
    entry: tuple[int, ...]
    got: float
    wanted: float


class Comparison(NamedTuple):
    """
    Two records compared, array by array; ``print`` shows both numbers where they differ most.

    Attributes
    ----------
    rows : tuple of Row
        One row for each array.
    """

    rows: tuple[Row, ...]

    @property
    def worst(self) -> Row:
        """The row with the largest error."""
        return max(self.rows, key=lambda row: row.error)

    def passes(self, tolerance: float) -> bool:
        """Say whether every error is at most `tolerance`: what is NaN is not."""
        return all(row.error <= tolerance for row in self.rows)

    def __str__(self) -> str:
        width = max(len(row.name) for row in self.rows)
        places = [str(list(row.entry) or "") for row in self.rows]
        column = max(len("worst entry"), *map(len, places))
        lines = [f"{'':{width}}  {'error':>7}  {'worst entry':{column}}{'got':>16}{'wanted':>16}"]
        for row, place in zip(self.rows, places, strict=True):
            numbers = f"{row.got:>16.8g}{row.wanted:>16.8g}"
            lines.append(f"{row.name:{width}}  {row.error:>7.1e}  {place:{column}}{numbers}")
        worst = self.worst
        return "\n".join(
            [*lines, f"worst: {worst.name}{list(worst.entry) or ''}, {worst.error:.1e}"]
        )


class DirectionalCheck(NamedTuple):
    """
    What a test along random directions found; ``print`` shows both numbers of each.

    Attributes
    ----------
    claimed : ndarray, shape (directions,)
        Scalar product of the gradient with each direction.
    measured : ndarray, shape (directions,)
        Slope of the loss along each direction.
    error : float
        Norm-wise relative error of the first against the second.
    """

    claimed: np.ndarray
    measured: np.ndarray
    error: float

    def passes(self, tolerance: float) -> bool:
        """Say whether the error is at most `tolerance`: what is NaN is not."""
        return self.error <= tolerance

    def __str__(self) -> str:
        pairs = zip(self.claimed, self.measured, strict=True)
        lines = [f"{claimed:>18.8g}{measured:>18.8g}" for claimed, measured in pairs]
        head = f"{'gradient says':>18}{'the loss says':>18}"
        return "\n".join([head, *lines, f"relative error {self.error:.1e}"])


def relative_error(got: np.ndarray, wanted: np.ndarray) -> float:
    r"""
    Distance of two arrays, as a fraction of the longer one.

    Parameters
    ----------
    got, wanted : ndarray, same shape
        The arrays to compare, as real or complex numbers.

    Returns
    -------
    float
        From 0 (equal) to 2 (opposite). 0 if both are zero; 1 if only one of them is.
        If a number is NaN or infinite it is ``inf``, which neither passes
        ``error <= tolerance`` nor slips through ``if error > tolerance: fail``.

    Raises
    ------
    ValueError
        If the shapes differ, or if there are no numbers.

    See Also
    --------
    compare : the same for each array of a record, with the entry that is worst.

    Notes
    -----
    With Euclidean norms over all entries,

    .. math:: \frac{\|\text{got} - \text{wanted}\|}{\max(\|\text{got}\|, \|\text{wanted}\|)}.

    The whole array is the measure: an entry that is wrong, and small beside the others, adds
    little. Entry by entry, a right gradient would fail wherever its terms happen to cancel.

    Examples
    --------
    >>> relative_error(np.array([3.0, 8.0]), np.array([3.0, 4.0])).__round__(4)
    0.4682
    >>> relative_error(np.array([3.0, np.nan]), np.array([3.0, 4.0]))
    inf
    """
    got, wanted = as_numbers("got", got), as_numbers("wanted", wanted)
    if got.shape != wanted.shape:  # a difference would be broadcast
        raise ValueError(f"got: expected shape {wanted.shape}, got {got.shape}")
    # np.maximum hands NaN on, max() may lose it.
    largest = np.maximum(np.abs(got).max(), np.abs(wanted).max())
    if not np.isfinite(largest):
        return float("inf")
    if largest == 0:
        return 0.0
    # In units of the largest number no square can overflow, or vanish.
    got, wanted = got / largest, wanted / largest
    distance = np.linalg.norm(got - wanted)
    return float(distance / max(np.linalg.norm(got), np.linalg.norm(wanted)))


def compare(got: object, wanted: object) -> Comparison:
    """
    Compare two records, array by array.

    Parameters
    ----------
    got, wanted : ndarray, NamedTuple or dict of ndarray
        What is tried, and what it is held against; the parts of a record may be records.

    Returns
    -------
    Comparison
        One row for each array. ``print`` shows them; ``passes(tolerance)`` decides.

    Raises
    ------
    ValueError
        If the names of the arrays or their shapes differ, or if there are no numbers.

    See Also
    --------
    relative_error : the error of one row.

    Examples
    --------
    >>> got = {"W_hh": np.array([[3.0, 4.0], [5.0, 6.0]]), "b_h": np.array([1.0, 2.0])}
    >>> wanted = {"W_hh": np.array([[3.0, 5.0], [4.0, 6.0]]), "b_h": np.array([1.0, 2.5])}
    >>> print(compare(got, wanted))
            error  worst entry             got          wanted
    W_hh  1.5e-01  [0, 1]                    4               5
    b_h   1.9e-01  [1]                       2             2.5
    worst: b_h[1], 1.9e-01
    >>> compare(got, wanted).passes(1e-10)
    False
    """
    expected = arrays_of("wanted", wanted)
    rows = []
    for name, array in arrays_like("got", got, expected).items():
        other = expected[name]
        with np.errstate(all="ignore"):  # inf - inf is NaN
            distance = np.abs(array - other)
        worst = np.argmax(distance)  # NaN counts as the largest here
        entry = tuple(int(i) for i in np.unravel_index(worst, array.shape))
        error = relative_error(array, other)
        rows.append(Row(name or "array", error, entry, array[entry], other[entry]))
    return Comparison(tuple(rows))
