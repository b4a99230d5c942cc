"""The data that ship with the library: eighteen chapters of a novel, and handwritten digits."""

from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
SHADES = "0123456789ABCDEFG"  # of a pixel, from 0 to 16


def austen() -> str:
    r"""
    Read chapters 1 to 18 of *Pride and Prejudice*, by Jane Austen (1813).

    Returns
    -------
    str
        The text, in the public domain: one paragraph a line, in ASCII.

    Notes
    -----
    Where it comes from, and what was left out, is written in ``rnnlib/data/README.md``.

    Examples
    --------
    >>> austen()[:46]
    'It is a truth universally acknowledged, that a'
    """
    return (DATA / "austen.txt").read_text(encoding="ascii")


def digits() -> tuple[np.ndarray, np.ndarray]:
    r"""
    Read 1797 handwritten digits, written by several people.

    Returns
    -------
    images : ndarray of int, shape (1797, 8, 8)
        Pixels from 0, white, to 16, black: row by row.
    classes : ndarray of int, shape (1797,)
        The digit that was meant.

    Notes
    -----
    They are those of Alpaydin and Kaynak [1]_, under the licence CC BY 4.0; see
    ``rnnlib/data/README.md``.

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998.

    Examples
    --------
    >>> images, classes = digits()
    >>> images.shape, classes[:4].tolist(), images[0, 0].tolist()
    ((1797, 8, 8), [0, 1, 2, 3], [0, 0, 5, 13, 9, 1, 0, 0])
    """
    lines = (DATA / "digits.csv").read_text(encoding="ascii").split()[1:]
    pixels, classes = zip(*(line.split(",") for line in lines), strict=True)
    images = np.array([[SHADES.index(shade) for shade in image] for image in pixels])
    return images.reshape(-1, 8, 8), np.array(classes, dtype=int)
