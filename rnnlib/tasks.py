"""Tasks to learn: a sum whose two parts lie far apart, and a long text in streams."""

import numpy as np

from .arguments import check_shape, check_size


def adding(rng: "np.random.Generator", T: int, N: int) -> tuple[np.ndarray, np.ndarray]:
    r"""
    Draw sequences in which two numbers are marked; their sum is asked for at the end.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers and the marks come from.
    T : int
        Number of steps, at least 2: one mark lies in each half.
    N : int
        Number of sequences.

    Returns
    -------
    x : ndarray, shape (T, N, 2)
        At each step a number between 0 and 1, and a mark: 1 at two steps, else 0.
    y : ndarray, shape (N,)
        The sum of the two marked numbers.

    Raises
    ------
    ValueError
        If `rng` is no generator, or a size is too small.

    Notes
    -----
    With numbers :math:`x_{t,n,0}` and marks :math:`x_{t,n,1}`,

    .. math:: y_n = \sum_{t=0}^{T-1} x_{t,n,0}\, x_{t,n,1}

    Whoever answers 1, the mean, is off by 1/6 in the mean of the squares. The task is that of
    Hochreiter and Schmidhuber [1]_, with numbers from 0 to 1.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9
       (1997) 1735-1780.

    Examples
    --------
    >>> x, y = adding(np.random.default_rng(0), T=6, N=1)
    >>> x[:, 0, 1].tolist(), bool(y[0] == x[:, 0, 0] @ x[:, 0, 1])
    ([0.0, 1.0, 0.0, 0.0, 1.0, 0.0], True)
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    if check_size("T", T) < 2:
        raise ValueError(f"T: expected at least 2 steps, one for each half, got {T}")
    N = check_size("N", N)
    numbers, marks, samples = rng.uniform(size=(T, N)), np.zeros((T, N)), np.arange(N)
    marks[rng.integers(0, T // 2, N), samples] = 1
    marks[rng.integers(T // 2, T, N), samples] = 1
    return np.stack([numbers, marks], axis=2), (numbers * marks).sum(axis=0)


def streams(classes: np.ndarray, N: int, T: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """
    Cut a long text into pieces such that each sample goes on where its last piece ended.

    Parameters
    ----------
    classes : ndarray of int, shape (length,)
        The text, a class number for each character.
    N : int
        Number of streams that are read side by side.
    T : int
        Number of steps of a piece.

    Returns
    -------
    list of (x, y)
        The pieces in the order in which they are to be read, each two arrays of shape (T, N):
        the characters, and those that come next. A rest that fills no piece is left out.

    Raises
    ------
    ValueError
        If the text is no row of whole numbers, or too short for one piece.

    See Also
    --------
    rnnlib.training.train : learns from them.

    Examples
    --------
    >>> for x, y in streams(np.arange(10), N=2, T=2):
    ...     print(x.tolist(), y.tolist())
    [[0, 4], [1, 5]] [[1, 5], [2, 6]]
    [[2, 6], [3, 7]] [[3, 7], [4, 8]]
    """
    classes = check_shape("classes", classes, ("length",))
    if classes.dtype.kind not in "iu":
        raise ValueError(f"classes: expected whole numbers, got dtype {classes.dtype}")
    N, T = check_size("N", N), check_size("T", T)
    count = (len(classes) - 1) // (N * T)
    if count == 0:
        raise ValueError(f"classes: expected at least {N * T + 1} characters, got {len(classes)}")
    used = N * T * count
    # Each stream is a long run of the text: a row here, a column of the pieces.
    x, y = (part.reshape(N, T * count).T for part in (classes[:used], classes[1 : used + 1]))
    steps = [slice(k * T, (k + 1) * T) for k in range(count)]
    return [(x[step].copy(), y[step].copy()) for step in steps]
