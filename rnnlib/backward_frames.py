"""From a backward pass to a film: the walk turns around at the loss, and goes back to the start."""

from collections.abc import Iterator

import numpy as np

from .backward_sentences import backward_sentences
from .bptt import BackwardTrace, per_step
from .film import Film, Frame, Value
from .forward_pass import Trace
from .frames import forward_frames
from .parameters import Parameters

# A line of the walk: the key of the result, its quantity, the step, the right-hand side, the code.
Line = tuple[str, str, int, tuple[str, ...], str]

SLOPES = {
    "tanh": ("(", "1", "-", "h**2", ")"),
    "sigmoid": ("h", r"\odot", "(", "1", "-", "h", ")"),
    "relu": ("h>0",),
    "identity": (),
}
SLOPE_CODE = {
    "tanh": " * (1 - h[{t}]**2)",
    "sigmoid": " * h[{t}] * (1 - h[{t}])",
    "relu": " * (h[{t}] > 0)",
    "identity": "",
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
    >>> from rnnlib.bptt import backward
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = forward_frames(params, trace)
    >>> backward_values(film, trace, backward(params, trace))["gradient_W_hy[0]"].array.shape
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
            tex = rf"\frac{{\mathrm dL}}{{\mathrm d{values[name].tex}}}"
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
    >>> from rnnlib.bptt import backward
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = backward_frames(params, trace, backward(params, trace), "ab")
    >>> film.frames[-1].code
    'delta_h_init = delta_a[0] @ W_hh.T'
    """
    there = forward_frames(params, trace, symbols)
    values = backward_values(there, trace, back)
    sentences = backward_sentences(params, trace, back, symbols)
    frames = [
        Frame(
            phase="backward",
            t=t,
            quantity=quantity,
            equation=(result, "=", *right),
            code=code,
            operands=tuple(part for part in right if part in values),
            result=result,
            sentence=sentences[result],
            marks={},
        )
        for t in reversed(range(there.T))
        for result, quantity, t, right, code in _step(t, there.T, trace)
    ]
    return Film(title, there.T, there.N, symbols, values, (*there.frames, *frames))


def _transposed(value: Value) -> Value:
    base, _, below = value.tex.partition("_")
    return Value(rf"{base}_{below}^\top", value.array.T, value.columns, value.rows)


def _step(t: int, T: int, trace: Trace) -> Iterator[Line]:
    """List what one step of the walk computes."""
    z, h, a, x = f"delta_z[{t}]", f"delta_h[{t}]", f"delta_a[{t}]", f"delta_x[{t}]"
    message, n_y = f"message[{t}]", trace.z.shape[-1]

    yield (
        z,
        "delta_z",
        t,
        (f"y_hat[{t}]", "-", f"onehot[{t}]"),
        (f"{z} = y_hat[{t}] - np.eye({n_y})[y[{t}]]"),
    )
    yield _grown("W_hy", t, T, (f"h[{t}].T", z), f"h[{t}].T @ {z}")
    yield _grown("b_y", t, T, (r"\sum_n", z), f"{z}.sum(axis=0)")
    if t == T - 1:  # nothing comes later: one arrow
        yield h, "delta_h", t, (z, "W_hy.T"), f"{h} = {z} @ W_hy.T"
    else:  # two arrows
        arrows = (z, "W_hy.T", "+", message)
        yield h, "delta_h", t, arrows, f"{h} = {z} @ W_hy.T + {message}"
    slope = tuple(
        part.replace("h", f"h[{t}]") if part.startswith("h") else part
        for part in SLOPES[trace.activation]
    )
    right = (h, r"\odot", *slope) if slope else (h,)
    yield a, "delta_a", t, right, f"{a} = {h}{SLOPE_CODE[trace.activation].format(t=t)}"
    before = f"h_prev[{t}].T @ {a}"
    yield _grown("W_hh", t, T, (f"h[{t - 1}].T", a), before)
    yield _grown("W_xh", t, T, (f"x[{t}].T", a), f"x[{t}].T @ {a}")
    yield _grown("b_h", t, T, (r"\sum_n", a), f"{a}.sum(axis=0)")
    yield x, "delta_x", t, (a, "W_xh.T"), f"{x} = {a} @ W_xh.T"
    to = f"message[{t - 1}]" if t else "delta_h_init"
    yield to, to.partition("[")[0], t, (a, "W_hh.T"), f"{to} = {a} @ W_hh.T"


def _grown(name: str, t: int, T: int, share: tuple[str, ...], code: str) -> Line:
    """Add the share of a step to a gradient: old + new = now."""
    now, old = f"gradient_{name}[{t}]", f"gradient_{name}[{t + 1}]"
    right = share if t == T - 1 else (old, "+", *share)
    so_far = "" if t == T - 1 else f"gradient_{name} + "
    return now, f"gradient_{name}", t, right, f"gradient_{name} = {so_far}{code}"
