"""Text as numbers: one character a step, one-hot."""

from collections.abc import Sequence

import numpy as np

from .arguments import check_classes, check_size, check_text


def symbols_of(*texts: str) -> str:
    """
    List the distinct characters of some texts in a fixed order.

    Parameters
    ----------
    *texts : str
        One or more texts.

    Returns
    -------
    str
        Each character once, sorted by code point. Its position is its class number.

    Raises
    ------
    ValueError
        If a text is no string, or there is no character at all.

    Examples
    --------
    >>> symbols_of("hello")
    'ehlo'
    """
    symbols = "".join(sorted(set().union(*(check_text("texts", text) for text in texts))))
    if not symbols:
        raise ValueError("texts: expected at least one character, got none")
    return symbols


def encode(text: str, symbols: str) -> np.ndarray:
    """
    Replace each character by its position in `symbols`.

    Parameters
    ----------
    text : str
        The text.
    symbols : str
        The known characters, each once.

    Returns
    -------
    ndarray of int, shape (len(text),)
        Class numbers.

    Raises
    ------
    ValueError
        If `text` holds a character that is not in `symbols`, or one of the two is
        no string, or `symbols` holds a character twice.

    Examples
    --------
    >>> encode("hello", "ehlo").tolist()
    [1, 0, 2, 2, 3]
    """
    check_text("symbols", symbols)
    if len(set(symbols)) < len(symbols):
        raise ValueError(f"symbols: expected each character once, got {symbols!r}")
    for character in check_text("text", text):
        if character not in symbols:
            raise ValueError(f"text: expected characters of {symbols!r}, got {character!r}")
    return np.array([symbols.index(character) for character in text], dtype=int)


def one_hot(classes: np.ndarray, n_classes: int, dtype: np.dtype | type = np.float64) -> np.ndarray:
    r"""
    Turn each class number into a row with a single 1.

    Parameters
    ----------
    classes : ndarray of int, any shape
        Class numbers from 0 to `n_classes` - 1.
    n_classes : int
        Length of the new last axis.
    dtype : dtype, default float64
        The type of the result.

    Returns
    -------
    ndarray, shape (\*classes.shape, n_classes)
        Zeros, with a 1 at each class number.

    Raises
    ------
    ValueError
        If a class number is out of range or not an integer.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    n_classes = check_size("n_classes", n_classes)
    classes = check_classes("classes", classes, (...,), n_classes)
    return np.eye(n_classes, dtype=dtype)[classes]


def next_character_task(
    texts: Sequence[str], symbols: str, dtype: np.dtype | type = np.float64
) -> tuple[np.ndarray, np.ndarray]:
    """
    Make inputs and targets: at every step, predict the character that comes next.

    Parameters
    ----------
    texts : sequence of str
        N texts of one common length T + 1.
    symbols : str
        The known characters, each once; there are n_x = n_y of them.
    dtype : dtype, default float64
        The type of the inputs.

    Returns
    -------
    x : ndarray, shape (T, N, n_x)
        One-hot characters 0, ..., T - 1 of each text.
    y : ndarray of int, shape (T, N)
        Class numbers of characters 1, ..., T.

    Raises
    ------
    ValueError
        If the texts differ in length, are shorter than two characters, or hold
        an unknown character.

    Examples
    --------
    >>> x, y = next_character_task(["to be", "or no"], symbols_of("to be or no"))
    >>> x.shape, y.shape
    ((4, 2, 7), (4, 2))
    """
    lengths = [len(check_text("texts", text)) for text in texts]
    if len(set(lengths)) != 1 or lengths[0] < 2:
        raise ValueError(f"texts: expected one common length of at least 2, got lengths {lengths}")
    classes = np.stack([encode(text, symbols) for text in texts], axis=1)
    return one_hot(classes[:-1], len(symbols), dtype), classes[1:]
