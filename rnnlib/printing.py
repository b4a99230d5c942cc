"""How the steppers, their tables and their sentences print a number, a shape, a character."""

import numpy as np

NOT_YET = "–"
MINUS = "−"


def shape_of(array: np.ndarray | float) -> str:
    """
    Write the shape of an array with its real sizes.

    Parameters
    ----------
    array : ndarray, any shape, or float
        The array.

    Returns
    -------
    str
        ``"(1, 3)"``; nothing for a single number.

    Examples
    --------
    >>> shape_of(np.zeros(3))
    '(3,)'
    """
    return str(np.shape(array)) if np.ndim(array) else ""


def format_number(number: float, digits: int = 2) -> str:
    """
    Print a number the way every stepper, table and sentence prints it.

    Parameters
    ----------
    number : float or int
        The number.
    digits : int, default 2
        Decimals of a float.

    Returns
    -------
    str
        Integers as they are, floats with `digits` decimals; a true minus sign; never "−0.00".

    Examples
    --------
    >>> format_number(-0.126), format_number(-0.001), format_number(np.int64(3))
    ('−0.13', '0.00', '3')
    """
    if isinstance(number, int | np.integer):
        return str(number).replace("-", MINUS)
    text = f"{number:.{digits}f}"
    return text.replace("-", MINUS if float(text) else "")


def format_rows(array: np.ndarray) -> list[list[str]]:
    """
    Print an array of at most two axes as rows of text.

    Parameters
    ----------
    array : ndarray, shape (), (n,) or (m, n)
        The numbers. If all are whole, they are printed without decimals.

    Returns
    -------
    list of list of str
        One list a row.

    Examples
    --------
    >>> format_rows(np.array([0.0, 1.0]))
    [['0', '1']]
    """
    table = np.atleast_2d(array)
    whole = np.issubdtype(table.dtype, np.integer) or (table.size > 1 and set(table.flat) <= {0, 1})
    return [[format_number(int(n) if whole else float(n)) for n in row] for row in table]


def visible(character: str) -> str:
    """
    Make a space visible.

    Parameters
    ----------
    character : str
        A character of the text.

    Returns
    -------
    str
        The open box ``"␣"`` for a space, else the character itself.

    Examples
    --------
    >>> visible(" ")
    '␣'
    """
    return "␣" if character == " " else character
