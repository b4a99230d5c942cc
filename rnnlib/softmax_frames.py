"""The softmax step as a film: its derivative case by case, and what is left of it at the end."""

from collections.abc import Iterator

import numpy as np

from .activations import softmax
from .arguments import check_array, check_classes
from .derivatives import softmax_derivative, softmax_jacobian
from .film import Film, Value
from .frames import make_frames
from .losses import cross_entropy, cross_entropy_delta
from .printing import visible
from .softmax_graph import softmax_graph
from .softmax_sentences import softmax_sentences
from .walk import Line


def softmax_values(z: np.ndarray, y: np.ndarray, symbols: str = "") -> dict[str, Value]:
    r"""
    Name every array of the softmax step.

    Parameters
    ----------
    z : ndarray, shape (1, n_y), float
        Logits.
    y : ndarray, shape (1,), int
        The target class.
    symbols : str, optional
        The character of each class, to label rows and columns.

    Returns
    -------
    dict of str to Value
        Powers, sum, prediction and loss; both cases of the Jacobian, each with zeros where
        the other stands; and the delta of the logits, found in two ways.

    Examples
    --------
    >>> values = softmax_values(np.zeros((1, 2)), np.array([0]))
    >>> values["same"].array.tolist(), values["other"].array.tolist()
    ([[0.25, 0.0], [0.0, 0.25]], [[0.0, -0.25], [-0.25, 0.0]])
    """
    n_y = z.shape[1]
    classes = tuple(map(visible, symbols)) or tuple(map(str, range(n_y)))
    y_hat = softmax(z)
    one_hot = np.eye(n_y)[y]
    powers = np.exp(z - z.max())
    cases = np.array([[softmax_derivative(y_hat[0], i, k) for k in range(n_y)] for i in range(n_y)])
    diagonal = np.eye(n_y, dtype=bool)
    target = tuple(classes[k] for k in y) if symbols else ()
    delta = cross_entropy_delta(z, y)
    delta_y_hat = -one_hot / y_hat
    jacobian = softmax_jacobian(y_hat)[0]
    square = {
        "same": (r"\text{same class}", np.where(diagonal, cases, 0)),
        "other": (r"\text{other class}", np.where(diagonal, 0, cases)),
        "jacobian": (r"\frac{\partial \hat y}{\partial z}", jacobian),
    }
    row = {
        "z": ("z", z),
        "powers": (r"\text{powers}", powers),
        "y_hat": (r"\hat y", y_hat),
        "y_hat**2": (r"\hat y^2", y_hat**2),
        "onehot": (r"\mathrm{onehot}(y)", one_hot),
        "delta_y_hat": (r"\delta^{\hat y}", delta_y_hat),
        "delta_z": (r"\delta^z", delta_y_hat @ jacobian),
        "delta_z_directly": (r"\delta^z_{\text{directly}}", delta),
        "difference": (r"\text{difference}", delta_y_hat @ jacobian - delta),
    }
    return {
        **{key: Value(tex, array, (), classes) for key, (tex, array) in row.items()},
        **{key: Value(tex, array, classes, classes) for key, (tex, array) in square.items()},
        "y_hat.T": Value(r"\hat y^\top", y_hat.T, classes),
        "y": Value("y", y, (), target),
        "total": Value(r"\text{total}", np.asarray(powers.sum())),
        "loss": Value("L", cross_entropy(z, y)[0]),
    }


def softmax_frames(
    z: np.ndarray, y: np.ndarray, symbols: str = "", title: str = "Softmax, there and back"
) -> Film:
    r"""
    Make the film of softmax, of its Jacobian, and of the delta of the logits.

    Parameters
    ----------
    z : ndarray, shape (1, n_y), float
        Logits of one prediction.
    y : ndarray, shape (1,), int
        The target class.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        The way there (powers, sum, prediction, loss) and the way back: the delta of the
        prediction, the two cases of the Jacobian and their sum, the product, and beside it
        the shortcut :math:`\hat y - \mathrm{onehot}(y)`. There is no time in this film.

    Raises
    ------
    ValueError
        If `z` is not one row of finite numbers, or `y` not one class of it.

    Examples
    --------
    >>> film = softmax_frames(np.array([[0.5, -0.5, 0.0]]), np.array([2]))
    >>> [frame.quantity for frame in film.frames if frame.phase == "forward"]
    ['z', 'powers', 'total', 'y_hat', 'loss']
    """
    z = check_array("z", z, (1, "n_y"))
    y = check_classes("y", y, (1,), z.shape[1])
    values = softmax_values(z, y, symbols)
    frames = make_frames(((line, None) for line in _lines(z.shape[1])), 1, values, symbols)
    return Film(title, 1, 1, symbols, values, tuple(frames), softmax_graph(), {})


def _lines(n_y: int) -> Iterator[Line]:
    """List what is computed, there and back."""
    one_hot = f"np.eye({n_y})[y]"
    diag = r"\mathrm{diag}"
    there = (
        ("z", (), "z"),
        ("powers", (r"\exp", "(", "z", "-", r"\max", "z", ")"), "np.exp(z - z.max())"),
        ("total", (r"\sum_k", "powers"), "powers.sum()"),
        ("y_hat", ("powers", "/", "total"), "powers / total"),
        ("loss", ("-", r"\log", "y_hat", "[", "y", "]"), "-np.log(y_hat[0, y[0]])"),
    )
    back = (
        ("delta_y_hat", ("-", "onehot", "/", "y_hat"), f"-{one_hot} / y_hat"),
        (
            "same",
            (diag, "(", "y_hat", r"\odot", "(", "1", "-", "y_hat", ")", ")"),
            "np.diag((y_hat * (1 - y_hat))[0])",
        ),
        (
            "other",
            (diag, "(", "y_hat**2", ")", "-", "y_hat.T", "y_hat"),
            "np.diag((y_hat**2)[0]) - y_hat.T @ y_hat",
        ),
        ("jacobian", ("same", "+", "other"), "same + other"),
        ("delta_z", ("delta_y_hat", "jacobian"), "delta_y_hat @ jacobian"),
        ("delta_z_directly", ("y_hat", "-", "onehot"), f"y_hat - {one_hot}"),
        ("difference", ("delta_z", "-", "delta_z_directly"), "delta_z - delta_z_directly"),
    )
    said = softmax_sentences()
    for phase, rows in (("forward", there), ("backward", back)):
        for result, right, code in rows:
            written = f"{result} = {code}" if right else code
            yield Line(phase, result, right, written, said[result])
