"""A network that has read a text: its state, its surprise at other texts, and what it writes."""

import numpy as np

from .activations import softmax
from .arguments import check_array, check_classes, check_size
from .losses import cross_entropy
from .parameters import Parameters, check_parameters
from .tasks import streams
from .text import encode
from .updates import check_rate


def last_state(params: Parameters, x: np.ndarray, h_init: np.ndarray | None = None) -> np.ndarray:
    r"""
    Read characters, and keep nothing but the state after the last one.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray of int, shape (T, N)
        Class numbers of the characters.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first one; zeros if not given.

    Returns
    -------
    ndarray, shape (N, n_h)
        Where the next piece begins.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    Notes
    -----
    A one-hot row times a matrix is a row of the matrix:

    .. math:: h_t = \tanh(W_{xh,x_t} + h_{t-1} W_{hh} + b_h)

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=5)
    >>> last_state(params, np.zeros((4, 2), int)).shape
    (2, 3)
    """
    n_x, n_h, _ = check_parameters(params)
    x = check_classes("x", x, ("T", "N"), n_x)
    h = np.zeros((x.shape[1], n_h)) if h_init is None else h_init
    h = check_array("h_init", h, (x.shape[1], n_h))
    for x_t in x:
        h = np.tanh(params.W_xh[x_t] + h @ params.W_hh + params.b_h)
    return h


def nats_per_character(params: Parameters, classes: np.ndarray, N: int = 16) -> float:
    """
    Measure how surprised a network is by a text, on average.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    classes : ndarray of int, shape (length,)
        The text, a class number for each character.
    N : int, default 16
        In how many streams it is read: each begins with a state of zeros.

    Returns
    -------
    float
        Cross-entropy in nats, a mean over the characters.

    Raises
    ------
    ValueError
        If the text is too short, or holds a class that the network does not know.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=5)
    >>> params = params._replace(W_hy=np.zeros((3, 5)))
    >>> f"{nats_per_character(params, np.zeros(100, int)):.6f} {np.log(5):.6f}"
    '1.609438 1.609438'
    """
    n_x, _, n_y = check_parameters(params)
    classes = check_classes("classes", classes, ("length",), min(n_x, n_y))
    total, count, h = 0.0, 0, None
    for x, y in streams(classes, check_size("N", N), T=1):
        h = last_state(params, x, h)
        total += float(cross_entropy(h @ params.W_hy + params.b_y, y[0]).sum())
        count += y.size
    return total / count


def sample(
    params: Parameters,
    symbols: str,
    rng: "np.random.Generator",
    start: str,
    length: int,
    temperature: float = 1.0,
) -> str:
    r"""
    Let a network write on: it draws a character, reads it, and draws the next.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    symbols : str
        The character of each class.
    rng : numpy.random.Generator
        Where the draws come from.
    start : str
        What it reads first, at least one character.
    length : int
        How many characters it writes.
    temperature : float, default 1.0
        What logits are divided by: small takes the likeliest, large takes any.

    Returns
    -------
    str
        The characters that it wrote, without `start`.

    Raises
    ------
    ValueError
        If a character is unknown, a size is too small, or the temperature is not positive.

    Notes
    -----
    With temperature :math:`\kappa`, a character is drawn from

    .. math:: \mathrm{softmax}\Bigl(\frac{z_t}{\kappa}\Bigr)

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=2, n_h=3, n_y=2)
    >>> len(sample(params, "ab", np.random.default_rng(0), start="a", length=5))
    5
    """
    n_x, _, n_y = check_parameters(params)
    if not isinstance(symbols, str) or (n_x, n_y) != (len(symbols), len(symbols)):
        raise ValueError(f"symbols: expected {n_y} characters, one a class, got {symbols!r}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    if not isinstance(start, str) or not start:
        raise ValueError(f"start: expected at least one character, got {start!r}")
    unknown = set(start) - set(symbols)
    if unknown:
        raise ValueError(f"start: expected characters of {symbols!r}, got {min(unknown)!r}")
    temperature = check_rate("temperature", temperature)
    h = last_state(params, encode(start, symbols)[:, np.newaxis])
    written = []
    for draw in rng.uniform(size=check_size("length", length)):
        p = softmax((h @ params.W_hy + params.b_y) / temperature)[0]
        # The first class at which the probabilities so far exceed the draw.
        k = min(int(np.searchsorted(np.cumsum(p), draw, side="right")), n_y - 1)
        written.append(symbols[k])
        h = last_state(params, np.array([[k]]), h)
    return "".join(written)
