"""The five documents in their own letters, run beside the book.

Each document has its forward pass here, in its own letters, orientation and time. Where it
leaves a function open (the loss, the last activation), the book's choice stands in.
"""

from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

import numpy as np

from .activations import sigmoid, softmax
from .forward_pass import forward
from .parameters import Parameters
from .translations import TRANSLATIONS, Translation


def forward_000(T, x, y, W_x, W_h, W_y, U_h, b_x, b_h, b_y):
    """Rows; weights (out, in), used transposed; a layer in front."""
    h = {-1: np.zeros((len(x[0]), len(b_h)))}
    a_0, z_h, z_y, y_hat, L = {}, {}, {}, {}, {}
    for t in range(T):
        a_0[t] = sigmoid(x[t] @ W_x.T + b_x)
        z_h[t] = a_0[t] @ W_h.T + h[t - 1] @ U_h.T + b_h
        h[t] = np.tanh(z_h[t])
        z_y[t] = h[t] @ W_y.T + b_y
        y_hat[t] = softmax(z_y[t])
        L[t] = -(y[t] * np.log(y_hat[t])).sum()
    states = {"h_start": h[-1], "a_0": a_0, "z_h": z_h, "h": h}
    return {**states, "z_y": z_y, "y_hat": y_hat, "L": L}


def forward_001(T, x, y, U, W, V, h_start):
    """Columns, no biases; time runs from 0 to T, the last one included."""
    h = {-1: h_start}
    z, y_hat, L = {}, {}, {}
    for t in range(T + 1):
        h[t] = np.tanh(U @ x[t] + W @ h[t - 1])
        z[t] = V @ h[t]
        y_hat[t] = np.exp(z[t]) / np.exp(z[t]).sum(axis=0)
        L[t] = -(y[t] * np.log(y_hat[t])).sum()
    return {"h": h, "z": z, "y_hat": y_hat, "L": L, "total": sum(L.values())}


def forward_002(T, N, x, y, W_x, W_h, V, b, c, h_0):
    """Rows; time runs from 1 to T, and the state before it is number 0."""
    h = {0: h_0}
    a, o, y_hat, L = {}, {}, {}, {}
    for t in range(1, T + 1):
        a[t] = b + h[t - 1] @ W_h + x[t] @ W_x
        h[t] = np.tanh(a[t])
        o[t] = c + h[t] @ V
        y_hat[t] = softmax(o[t])
        L[t] = sum(-np.log(y_hat[t][i, y[t][i]]) for i in range(N))
    sizes = {"D": W_x.shape[0], "H": W_x.shape[1], "C": V.shape[1]}
    return {"a": a, "h": h, "o": o, "y_hat": y_hat, "L": L, "total": sum(L.values()), **sizes}


def forward_003(T, x, target, u, w, v):
    """Components of one sequence, no biases; time from 0 to T; y is the output."""
    (D, H), K = u.shape, v.shape[1]
    s = {-1: np.zeros(H)}
    y, E = {}, {}
    for t in range(T + 1):
        s[t] = np.zeros(H)
        for j in range(H):
            from_x = sum(x[t][d] * u[d, j] for d in range(D))
            from_s = sum(s[t - 1][i] * w[i, j] for i in range(H))
            s[t][j] = np.tanh(from_x + from_s)
        e = [np.exp(sum(s[t][h] * v[h, k] for h in range(H))) for k in range(K)]
        y[t] = np.array([e[k] / sum(e) for k in range(K)])
        E[t] = -np.log(y[t][target[t]])
    sizes = {"D": D, "H": H, "K": K}
    return {"s_start": s[-1], "s": s, "y": y, "E_t": E, "E": sum(E.values()), **sizes}


def forward_004(T, x, target, V, W, U, b_h, b_y, h_start):
    """Columns; V is in front of the state, U behind it; time from 0 to T."""
    h = {-1: h_start}
    y_hat, L = {}, {}
    for t in range(T + 1):
        h[t] = np.tanh(V @ x[t] + W @ h[t - 1] + b_h)
        y_hat[t] = softmax((U @ h[t] + b_y).T).T
        L[t] = -(target[t] * np.log(y_hat[t])).sum()
    return {"h": h, "y_hat": y_hat, "L": L}


FORWARD: dict[str, Callable[..., dict[str, Any]]] = {
    "000": forward_000,
    "001": forward_001,
    "002": forward_002,
    "003": forward_003,
    "004": forward_004,
}


# What a document does not have is zero in the book, or the two could not agree.
ZERO = {
    "000": ("h_init",),
    "001": ("b_h", "b_y"),
    "002": (),
    "003": ("b_h", "b_y", "h_init"),
    "004": (),
}


def draw_book(document: str, rng: np.random.Generator) -> dict[str, Any]:
    """
    Draw a random network and a batch that both the document and the book can run.

    Parameters
    ----------
    document : str
        Which document: "000" to "004".
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    dict of str to int or ndarray
        All that a forward pass knows, under the names of the notation table. Its sizes are
        pairwise different primes (but for the single sequence of document 003), so that a
        transpose cannot pass unseen. What the document does not have is zero.

    Examples
    --------
    >>> book = draw_book("003", np.random.default_rng(0))
    >>> book["x"].shape, book["W_xh"].shape
    ((7, 1, 5), (5, 11))
    """
    T, N, n_x, n_e, n_h, n_y = 7, 3, 5, 2, 11, 13
    N, n_e = (1 if document == "003" else N), (n_e if document == "000" else 0)
    x, y = rng.standard_normal((T, N, n_x)), rng.integers(n_y, size=(T, N))
    W_xe, b_e = rng.standard_normal((n_x, n_e)), rng.standard_normal(n_e)
    e = sigmoid(x @ W_xe + b_e)
    drawn = {
        "W_xh": rng.standard_normal((n_e or n_x, n_h)),
        "W_hh": rng.standard_normal((n_h, n_h)) / np.sqrt(n_h),
        "W_hy": rng.standard_normal((n_h, n_y)),
        "b_h": rng.standard_normal(n_h),
        "b_y": rng.standard_normal(n_y),
        "h_init": rng.standard_normal((N, n_h)),
    }
    drawn |= {name: np.zeros_like(drawn[name]) for name in ZERO[document]}
    h_init = drawn.pop("h_init")
    trace = forward(Parameters(**drawn), e if n_e else x, y, h_init)
    seen = {name: getattr(trace, name) for name in ("a", "h", "h_init", "z", "y_hat", "y", "loss")}
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    return {**sizes, "x": x, "e": e, "W_xe": W_xe, "b_e": b_e, **drawn, **seen}


def compare(
    document: str, book: Mapping[str, Any], translations: Sequence[Translation] = TRANSLATIONS
) -> dict[str, float]:
    """
    Convert, run the document's own forward pass, and compare everything it computes.

    Parameters
    ----------
    document : str
        Which document: "000" to "004".
    book : dict of str to int or ndarray
        A forward pass of the book, as `draw_book` makes it.
    translations : sequence of Translation, optional
        The rows to convert by.

    Returns
    -------
    dict of str to float
        For each result of the document, the largest difference from the book's.

    Raises
    ------
    ValueError
        If a result has another shape or other steps than the book's.

    Examples
    --------
    >>> differences = compare("001", draw_book("001", np.random.default_rng(0)))
    >>> f"{max(differences.values()):.12f}"
    '0.000000000000'
    """
    run = FORWARD[document]
    values = {row.name: row.value(book) for row in translations if row.document == document}
    results = run(**{name: values.pop(name) for name in signature(run).parameters})
    if set(results) != set(values):
        raise ValueError(f"translations: expected rows for {set(results)}, got {set(values)}")
    return {name: _difference(name, results[name], ours) for name, ours in values.items()}


def _difference(name: str, theirs: Any, ours: Any) -> float:
    if isinstance(theirs, dict):  # one array a step; the document may keep its first state too
        ours = ours if isinstance(ours, dict) else dict(enumerate(ours))
        if not set(ours) <= set(theirs) or max(ours) != max(theirs):
            raise ValueError(f"{name}: expected steps {[*ours]}, got {[*theirs]}")
        return max(_difference(name, theirs[t], ours[t]) for t in ours)
    if np.shape(theirs) != np.shape(ours):
        raise ValueError(f"{name}: expected shape {np.shape(ours)}, got {np.shape(theirs)}")
    return float(np.abs(theirs - ours).max())
