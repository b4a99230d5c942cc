"""From a backward pass to a film: the walk turns around at the loss, and goes back to the start."""

from collections.abc import Iterator

import numpy as np

from .backward_sentences import backward_sentences
from .bptt import BackwardTrace, per_step
from .film import Film, Value
from .forward_pass import Trace
from .frames import forward_frames, make_frames
from .parameters import Parameters
from .unrolled import unrolled_graph
from .walk import Line
from .wording import Sentence

# Back through the activation: the right-hand side, and its code.
SLOPES = {
    "tanh": (
        ("delta_h[t]", r"\odot", "(", "1", "-", "h[t]**2", ")"),
        "delta_h[t] * (1 - h[t]**2)",
    ),
    "sigmoid": (
        ("delta_h[t]", r"\odot", "h[t]", r"\odot", "(", "1", "-", "h[t]", ")"),
        "delta_h[t] * h[t] * (1 - h[t])",
    ),
    "relu": (("delta_h[t]", r"\odot", "h[t]>0"), "delta_h[t] * (h[t] > 0)"),
    "identity": (("delta_h[t]",), "delta_h[t]"),
}


def backward_values(film: Film, trace: Trace, back: BackwardTrace) -> dict[str, Value]:
    r"""
    Name every array of a backward pass, and those of the forward pass in the form it uses.

    Parameters
    ----------
    film : Film
        The film of the forward pass; its values are taken over, with their labels.
    trace : Trace
        What the forward pass stored.
    back : BackwardTrace
        What the backward pass computed.

    Returns
    -------
    dict of str to Value
        Deltas and messages with their step: ``"delta_h[0]"``; each gradient as it stands
        after each step of the walk: ``"gradient_W_hh[0]"``; transposes: ``"h[0].T"``.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = forward_frames(params, trace)
    >>> backward_values(film, trace, rnnlib.backward(params, trace))["gradient_W_hy[0]"].array.shape
    (3, 2)
    """
    values = dict(film.values)
    T, _, n_y = trace.z.shape
    shares = per_step(trace, back)
    of = {"z": "b_y", "h": "b_h", "a": "b_h"}
    for t in range(T):
        for name, parameter in of.items():
            columns = values[parameter].columns
            array = getattr(back, f"delta_{name}")[t]
            values[f"delta_{name}[{t}]"] = Value(rf"\delta^{name}_{{{t}}}", array, (), columns)
        columns = values[f"x[{t}]"].columns
        values[f"delta_x[{t}]"] = Value(rf"\delta^x_{{{t}}}", back.delta_x[t], (), columns)
        units, classes = values["b_h"].columns, values["b_y"].columns
        values[f"message[{t}]"] = Value(rf"\overleftarrow m_{{{t}}}", back.message[t], (), units)
        h = trace.h[t]
        one_hot = np.eye(n_y)[trace.y[t]]
        values[f"onehot[{t}]"] = Value(rf"\mathrm{{onehot}}(y_{{{t}}})", one_hot, (), classes)
        values[f"h[{t}]**2"] = Value(f"h_{{{t}}}^2", h**2, (), units)
        values[f"h[{t}]>0"] = Value(f"[h_{{{t}}}>0]", (h > 0).astype(h.dtype), (), units)
        for name, share in shares._asdict().items():
            # The walk goes from T - 1 down to t: what has come together by then.
            tex = f"G_{{{values[name].tex}}}"  # a sum so far: no derivative before the last share
            array = share[t:].sum(axis=0)
            labels = values[name].rows, values[name].columns
            values[f"gradient_{name}[{t}]"] = Value(tex, array, *labels)
    units = values["b_h"].columns
    values["delta_h_init"] = Value(r"\delta^h_{-1}", back.delta_h_init, (), units)
    for name in ("W_xh", "W_hh", "W_hy"):
        values[f"{name}.T"] = _transposed(values[name])
    for t in range(-1, T):
        values[f"h[{t}].T"] = _transposed(values[f"h[{t}]"])
    for t in range(T):
        values[f"x[{t}].T"] = _transposed(values[f"x[{t}]"])
    return values


def backward_frames(
    params: Parameters,
    trace: Trace,
    back: BackwardTrace,
    symbols: str = "",
    title: str = "Backward through time",
) -> Film:
    """
    Make the film of a forward pass and of the walk back.

    Parameters
    ----------
    params : Parameters
        The parameters of both passes.
    trace : Trace
        What the forward pass stored.
    back : BackwardTrace
        What the backward pass computed. Nothing is computed anew but the running sums.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        The frames of the forward pass; then, from the last step to the first, ten for each
        step: the deltas of logits, state and pre-activation, the message to the step
        before, the delta of the input, and each gradient growing by the share of the step.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = backward_frames(params, trace, rnnlib.backward(params, trace), "ab")
    >>> film.frames[-1].code
    'delta_h_init = delta_a[0] @ W_hh.T'
    """
    there = forward_frames(params, trace, symbols)
    values = backward_values(there, trace, back)
    *lines, message, last_message = _lines(trace, backward_sentences(trace))
    walk = [
        (line, t)
        for t in reversed(range(there.T))
        for line in (*lines, message if t else last_message)
    ]
    frames = make_frames(walk, there.T, values, symbols)
    return there._replace(
        title=title,
        values=values,
        frames=(*there.frames, *frames),
        graph=unrolled_graph(there.T, way_back=True, letters=bool(symbols)),
        switches=there.switches | {"message": "hears step t + 1"},
    )


def _transposed(value: Value) -> Value:
    base, _, below = value.tex.partition("_")
    return Value(rf"{base}_{below}^\top", value.array.T, value.columns, value.rows)


def _lines(trace: Trace, said: dict[str, Sentence]) -> Iterator[Line]:
    """List what each step of the walk computes; last the message, and the one that leaves."""
    before_next = ("h[t-1].T", "delta_a[t]"), "h_prev[t].T @ delta_a[t]"
    rows = (
        (
            "delta_z[t]",
            ("y_hat[t]", "-", "onehot[t]"),
            f"y_hat[t] - np.eye({trace.z.shape[-1]})[y[t]]",
        ),
        _grown("W_hy", ("h[t].T", "delta_z[t]"), "h[t].T @ delta_z[t]"),
        _grown("b_y", (r"\sum_n", "delta_z[t]"), "delta_z[t].sum(axis=0)"),
        (
            "delta_h[t]",
            ("delta_z[t]", "W_hy.T", "+", "message[t]"),
            "delta_z[t] @ W_hy.T + message[t]",
        ),
        ("delta_a[t]", *SLOPES[trace.activation]),
        _grown("W_hh", *before_next),
        _grown("W_xh", ("x[t].T", "delta_a[t]"), "x[t].T @ delta_a[t]"),
        _grown("b_h", (r"\sum_n", "delta_a[t]"), "delta_a[t].sum(axis=0)"),
        ("delta_x[t]", ("delta_a[t]", "W_xh.T"), "delta_a[t] @ W_xh.T"),
        ("message[t-1]", ("delta_a[t]", "W_hh.T"), "delta_a[t] @ W_hh.T"),
        ("delta_h_init", ("delta_a[t]", "W_hh.T"), "delta_a[t] @ W_hh.T"),
    )
    for result, right, code in rows:
        quantity = result.partition("[")[0]
        # A gradient is one array that grows; the others have an entry for each step.
        name = quantity if quantity.startswith("gradient") else result
        yield Line("backward", result, right, f"{name} = {code}", said[quantity])


def _grown(name: str, share: tuple[str, ...], code: str) -> tuple[str, tuple[str, ...], str]:
    """Add the share of a step to a sum: G ← G + share."""
    gradient = f"gradient_{name}"
    return f"{gradient}[t]", (f"{gradient}[t+1]", "+", *share), f"{gradient} + {code}"
