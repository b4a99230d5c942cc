"""From a trace to a film: one frame for each thing the network computes."""

from collections.abc import Iterable, Iterator

import numpy as np

from .film import Film, Frame, Value
from .forward_pass import Trace
from .parameters import Parameters
from .printing import visible
from .sentences import forward_sentences
from .unrolled import unrolled_graph
from .walk import Line, equation_at, sentence_at
from .wording import Sentence, fill

SWITCHES = {"x": "input arrives", "loss": "loss counts"}


def forward_values(params: Parameters, trace: Trace, symbols: str = "") -> dict[str, Value]:
    """
    Name every array of a forward pass.

    Parameters
    ----------
    params : Parameters
        The parameters of the pass.
    trace : Trace
        What the pass stored.
    symbols : str, optional
        The character of each class, to label rows and columns.

    Returns
    -------
    dict of str to Value
        Parameters under their names, the others with their step: ``"x[0]"``; the state
        before the first input is ``"h[-1]"`` and the total loss ``"L"``.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> x, y = rnnlib.next_character_task(["aba"], "ab")
    >>> sorted(forward_values(params, rnnlib.forward(params, x, y), "ab"))[:4]
    ['L', 'W_hh', 'W_hy', 'W_xh']
    """
    n_x, n_h = params.W_xh.shape
    n_y = trace.y_hat.shape[2]
    units = tuple(map(str, range(n_h)))
    inputs = tuple(map(visible, symbols)) or tuple(map(str, range(n_x)))
    classes = tuple(map(visible, symbols)) or tuple(map(str, range(n_y)))
    values = {
        "W_xh": Value("W_{xh}", params.W_xh, inputs, units),
        "W_hh": Value("W_{hh}", params.W_hh, units, units),
        "W_hy": Value("W_{hy}", params.W_hy, units, classes),
        "b_h": Value("b_h", params.b_h, (), units),
        "b_y": Value("b_y", params.b_y, (), classes),
        "h[-1]": Value("h_{-1}", trace.h_init, (), units),
    }
    for t in range(len(trace.x)):
        targets = tuple(classes[k] for k in trace.y[t])
        values |= {
            f"x[{t}]": Value(f"x_{{{t}}}", trace.x[t], (), inputs),
            f"a[{t}]": Value(f"a_{{{t}}}", trace.a[t], (), units),
            f"h[{t}]": Value(f"h_{{{t}}}", trace.h[t], (), units),
            f"z[{t}]": Value(f"z_{{{t}}}", trace.z[t], (), classes),
            f"y_hat[{t}]": Value(rf"\hat y_{{{t}}}", trace.y_hat[t], (), classes),
            f"y[{t}]": Value(f"y_{{{t}}}", trace.y[t], (), targets if symbols else ()),
            f"loss[{t}]": Value(f"L_{{{t}}}", trace.loss[t]),
        }
    values["L"] = Value("L", np.asarray(trace.loss.sum()))
    return values


def forward_frames(
    params: Parameters,
    trace: Trace,
    symbols: str = "",
    title: str = "Forward through time",
) -> Film:
    """
    Make the film of a forward pass.

    Parameters
    ----------
    params : Parameters
        The parameters of the pass.
    trace : Trace
        What the pass stored. Nothing is computed anew: the film only shows.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        A frame for the start, six for each step (input, pre-activation, state, logits,
        prediction, loss), and one for the total loss.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> x, y = rnnlib.next_character_task(["aba"], "ab")
    >>> film = forward_frames(params, rnnlib.forward(params, x, y), "ab")
    >>> [frame.quantity for frame in film.frames]
    ['h_init', 'x', 'a', 'h', 'z', 'y_hat', 'loss', 'x', 'a', 'h', 'z', 'y_hat', 'loss', 'L']
    """
    T, N, _ = trace.x.shape
    values = forward_values(params, trace, symbols)
    lines = _lines(N, trace.activation, forward_sentences(trace, symbols))
    total = tuple(" + ".join(f"loss[{t}]" for t in range(T)).split())
    start, *step, end = (
        line._replace(right=total) if line.result == "L" else line for line in lines
    )
    walk = [(start, None), *((line, t) for t in range(T) for line in step), (end, None)]
    frames = make_frames(walk, T, values, symbols)
    marked = (frame._replace(marks=_marks(trace, frame.quantity, frame.t)) for frame in frames)
    graph = unrolled_graph(T, letters=bool(symbols))
    return Film(title, T, N, symbols, values, tuple(marked), graph, SWITCHES)


def make_frames(
    walk: Iterable[tuple[Line, int | None]], T: int, values: dict[str, Value], symbols: str
) -> Iterator[Frame]:
    """
    Make the frames of a walk.

    Parameters
    ----------
    walk : iterable of (Line, int or None)
        Each line with its step; None before the first and after the last.
    T : int
        How many steps are walked.
    values : dict of str to Value
        What the lines name.
    symbols : str
        The character of each class, or empty.

    Yields
    ------
    Frame
        The equation, the code and the sentence of the line at its step.

    Examples
    --------
    >>> from rnnlib.wording import Sentence
    >>> line = Line("forward", "h[t]", ("x[t]",), "h[t] = x[t]", Sentence("x is {x[t]}."))
    >>> values = {"x[0]": Value("x_{0}", np.ones((1, 1))), "h[0]": Value("h_{0}", np.ones((1, 1)))}
    >>> next(make_frames([(line, 0)], 1, values, "")).sentence
    'x is 1.00.'
    """
    arrays = {key: value.array for key, value in values.items()}
    classes = tuple(map(visible, symbols))
    for line, t in walk:
        equation, code = equation_at(line, t or 0, T)
        yield Frame(
            phase=line.phase,
            t=t,
            quantity=line.result.partition("[")[0] if t is not None else _name(line.result),
            equation=equation,
            code=code,
            operands=tuple(part for part in equation[2:] if part in values),
            result=equation[0],
            sentence=fill(sentence_at(line.wording, t or 0), arrays, classes, t == T - 1, T),
            line=line,
            marks={},
        )


def _name(result: str) -> str:
    return "h_init" if result == "h[-1]" else result


def _marks(trace: Trace, quantity: str, t: int | None) -> dict[str, tuple[tuple[int, int], ...]]:
    """Name the cells that are picked: by a one-hot input a row, by the target a probability."""
    if quantity == "loss":
        return {f"y_hat[{t}]": tuple((n, int(k)) for n, k in enumerate(trace.y[t]))}
    cells = picked_cells(trace.x[t], trace.a.shape[2]) if quantity == "a" else ()
    return {"W_xh": cells} if cells else {}


def picked_cells(x: np.ndarray, columns: int) -> tuple[tuple[int, int], ...]:
    """
    Find what a one-hot input picks out of the weights that it meets.

    Parameters
    ----------
    x : ndarray, shape (N, n_x)
        The input of a step.
    columns : int
        How many columns the weights have.

    Returns
    -------
    tuple of (int, int)
        Row and column of each cell; none if an input is not one-hot.

    Examples
    --------
    >>> picked_cells(np.array([[0, 0, 1]]), columns=2)
    ((2, 0), (2, 1))
    """
    if set(x.flat) != {0, 1} or any(x.sum(axis=1) != 1):
        return ()
    return tuple((row, j) for row in x.argmax(axis=1).tolist() for j in range(columns))


def _lines(N: int, activation: str, said: dict[str, Sentence]) -> Iterator[Line]:
    """List what a walk computes: before the first step, at each step, after the last."""
    phi = r"\tanh" if activation == "tanh" else rf"\mathrm{{{activation}}}"
    squash = ("a[t]",) if activation == "identity" else (phi, "(", "a[t]", ")")
    call = "np.tanh" if activation == "tanh" else activation
    log = r"\log" if N == 1 else r"\sum_n \log"
    picked = (
        "-np.log(y_hat[t][0, y[t][0]])" if N == 1 else f"-np.log(y_hat[t][range({N}), y[t]]).sum()"
    )
    rows = (
        ("h_init", "h[-1]", (), "h_prev[0] = h_init"),
        ("x", "x[t]", (), "x[t]"),
        (
            "a",
            "a[t]",
            ("x[t]", "W_xh", "+", "h[t-1]", "W_hh", "+", "b_h"),
            "a[t] = x[t] @ W_xh + h_prev[t] @ W_hh + b_h",
        ),
        ("h", "h[t]", squash, f"h[t] = {call}(a[t])"),
        ("z", "z[t]", ("h[t]", "W_hy", "+", "b_y"), "z[t] = h[t] @ W_hy + b_y"),
        ("y_hat", "y_hat[t]", (r"\mathrm{softmax}", "(", "z[t]", ")"), "y_hat[t] = softmax(z[t])"),
        ("loss", "loss[t]", ("-", log, "y_hat[t]", "[", "y[t]", "]"), f"loss[t] = {picked}"),
        ("L", "L", (), "L = loss.sum()"),
    )
    for quantity, result, right, code in rows:
        yield Line("forward", result, right, code, said[quantity])
