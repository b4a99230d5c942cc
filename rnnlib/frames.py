"""From a trace to a film: one frame for each thing the network computes."""

import numpy as np

from .film import Film, Frame, Value
from .forward_pass import Trace
from .parameters import Parameters
from .printing import visible
from .sentences import forward_sentences
from .wording import fill

# What a frame computes: key, quantity, step, right-hand side, line of code.
Line = tuple[str, str, int | None, tuple[str, ...], str]


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
    sentences = forward_sentences(trace, symbols)
    arrays = {key: value.array for key, value in values.items()}
    classes = tuple(map(visible, symbols))
    losses = tuple(" + ".join(f"loss[{t}]" for t in range(T)).split())
    lines: list[Line] = [("h[-1]", "h_init", None, (), "h_prev[0] = h_init")]
    for t in range(T):
        lines += _step(t, N, trace.activation)
    lines += [("L", "L", None, losses, "L = loss.sum()")]
    frames = (
        Frame(
            phase="forward",
            t=t,
            quantity=quantity,
            equation=(result, "=", *right) if right else (result,),
            code=code,
            operands=tuple(part for part in right if part in values),
            result=result,
            sentence=fill(sentences[result], arrays, classes, is_last=t == T - 1),
            wording=sentences[result],
            marks=_marks(trace, quantity, t),
        )
        for result, quantity, t, right, code in lines
    )
    return Film(title, T, N, symbols, values, tuple(frames))


def _marks(trace: Trace, quantity: str, t: int | None) -> dict[str, tuple[tuple[int, int], ...]]:
    """Name the cells that are picked: by a one-hot input a row, by the target a probability."""
    if quantity == "loss":
        return {f"y_hat[{t}]": tuple((n, int(k)) for n, k in enumerate(trace.y[t]))}
    one_hot = quantity == "a" and set(trace.x[t].flat) == {0, 1} and (trace.x[t].sum(1) == 1).all()
    if one_hot:
        rows, columns = trace.x[t].argmax(axis=1).tolist(), range(trace.a.shape[2])
        return {"W_xh": tuple((row, column) for row in rows for column in columns)}
    return {}


def _step(t: int, N: int, activation: str) -> tuple[Line, ...]:
    """List what one step computes."""
    x, a, h, z = f"x[{t}]", f"a[{t}]", f"h[{t}]", f"z[{t}]"
    h_prev, y_hat, y, loss = f"h[{t - 1}]", f"y_hat[{t}]", f"y[{t}]", f"loss[{t}]"
    phi = r"\tanh" if activation == "tanh" else rf"\mathrm{{{activation}}}"
    squash = (a,) if activation == "identity" else (phi, "(", a, ")")
    call = "np.tanh" if activation == "tanh" else activation
    log = r"\log" if N == 1 else r"\sum_n \log"
    sum_up = (x, "W_xh", "+", h_prev, "W_hh", "+", "b_h")
    return (
        (x, "x", t, (), x),
        (a, "a", t, sum_up, f"{a} = {x} @ W_xh + h_prev[{t}] @ W_hh + b_h"),
        (h, "h", t, squash, f"{h} = {call}({a})"),
        (z, "z", t, (h, "W_hy", "+", "b_y"), f"{z} = {h} @ W_hy + b_y"),
        (y_hat, "y_hat", t, (r"\mathrm{softmax}", "(", z, ")"), f"{y_hat} = softmax({z})"),
        (
            loss,
            "loss",
            t,
            ("-", log, y_hat, "[", y, "]"),
            f"{loss} = -np.log({y_hat}[0, {y}[0]])"
            if N == 1
            else f"{loss} = -np.log({y_hat}[range({N}), {y}]).sum()",
        ),
    )
