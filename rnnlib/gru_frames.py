"""A GRU as a film: one lane forward, and a message of four terms back."""

from collections.abc import Iterator

import numpy as np

from .film import Film, Value
from .frames import make_frames
from .gate_lines import block_line, block_values, gate_slope, there_and_back
from .gated_parameters import GRUParameters, check_gru_parameters
from .gru import GRUTrace
from .gru_backward import GRUBackward
from .gru_graph import gru_graph
from .gru_sentences import gru_sentences
from .walk import Line

SWITCHES = {
    "upstream": "layers above speak",
    "message_u": "direct way",
    "message": "message",
}


def gru_values(
    params: GRUParameters, trace: GRUTrace, back: GRUBackward, upstream: np.ndarray
) -> dict[str, Value]:
    r"""
    Name every array of both passes through a GRU, block by block.

    Parameters
    ----------
    params : GRUParameters
        The parameters of both passes.
    trace : GRUTrace
        What the forward pass stored.
    back : GRUBackward
        What the backward pass computed.
    upstream : ndarray, shape (T, N, n_h)
        What the layers above said about each state.

    Returns
    -------
    dict of str to Value
        Blocks under names of their own, ``"W_hh_r"``; the first term of each message, which
        meets no matrix, as ``"message_u[0]"``.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> from rnnlib.gru import gru_forward
    >>> from rnnlib.gru_backward import gru_backward
    >>> params = init_gru(np.random.default_rng(0), n_x=5, n_h=3)
    >>> trace, upstream = gru_forward(params, np.ones((4, 2, 5))), np.ones((4, 2, 3))
    >>> back = gru_backward(params, trace, upstream)
    >>> gru_values(params, trace, back, upstream)["message_u[0]"].array.shape
    (2, 3)
    """
    units = tuple(map(str, range(len(params.W_hh))))
    inputs = tuple(map(str, range(len(params.W_xh))))
    direct = back.delta_h * trace.update_gate  # of step t, and heard at step t - 1
    values = dict(block_values(params, {"r": "r", "u": "u", "g": "g"}))
    values |= {
        "b_q": Value("b_q", params.b_q, (), units),
        "h[-1]": Value("h_{-1}", trace.h_init, (), units),
        "message_u_init": Value(r"\overleftarrow m^u_{-1}", direct[0], (), units),
        "delta_h_init": Value(r"\delta^h_{-1}", back.delta_h_init, (), units),
    }
    for t in range(len(trace.x)):
        values[f"x[{t}]"] = Value(f"x_{{{t}}}", trace.x[t], (), inputs)
        delta_r, delta_u, delta_g = np.split(back.delta_a[t], 3, axis=-1)
        rows = {
            "r": ("r", trace.reset_gate[t]),
            "u": ("u", trace.update_gate[t]),
            "q": ("q", trace.recalled[t]),
            "g": ("g", trace.candidate[t]),
            "h": ("h", trace.h[t]),
            "upstream": ("s", upstream[t]),
            "message": (r"\overleftarrow m", back.message[t]),
            "delta_h": (r"\delta^h", back.delta_h[t]),
            "delta_g": (r"\delta^{a^g}", delta_g),
            "delta_u": (r"\delta^{a^u}", delta_u),
            "delta_r": (r"\delta^{a^r}", delta_r),
            "delta_q": (r"\delta^q", back.delta_recalled[t]),
        }
        if t < len(trace.x) - 1:
            rows["message_u"] = (r"\overleftarrow m^u", direct[t + 1])
        for name, (tex, array) in rows.items():
            values[f"{name}[{t}]"] = Value(f"{tex}_{{{t}}}", array, (), units)
        values[f"g[{t}]**2"] = Value(f"g_{{{t}}}^2", trace.candidate[t] ** 2, (), units)
    return values


def gru_frames(
    params: GRUParameters,
    trace: GRUTrace,
    back: GRUBackward,
    upstream: np.ndarray,
    title: str = "One lane through time",
) -> Film:
    """
    Make the film of both passes through a GRU.

    Parameters
    ----------
    params : GRUParameters
        The parameters of both passes.
    trace : GRUTrace
        What the forward pass stored.
    back : GRUBackward
        What the backward pass computed, without a message from beyond the last step.
    upstream : ndarray, shape (T, N, n_h)
        What the layers above said about each state: given, as the inputs are.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        A frame for the start, six for each step on the way there, and eight on the way back.

    Raises
    ------
    ValueError
        If an array of `params` does not fit.

    See Also
    --------
    rnnlib.lstm_frames.lstm_frames : the same with two lanes.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> from rnnlib.gru import gru_forward
    >>> from rnnlib.gru_backward import gru_backward
    >>> params = init_gru(np.random.default_rng(0), n_x=2, n_h=2)
    >>> trace, upstream = gru_forward(params, np.ones((2, 1, 2))), np.ones((2, 1, 2))
    >>> film = gru_frames(params, trace, gru_backward(params, trace, upstream), upstream)
    >>> film.frames[-1].result, len(film.frames)
    ('delta_h_init', 29)
    """
    check_gru_parameters(params)
    values = gru_values(params, trace, back, upstream)
    T, N, _ = trace.x.shape
    frames = tuple(make_frames(there_and_back(_there(), _back(), T), T, values, ""))
    return Film(title, T, N, "", values, frames, gru_graph(T), SWITCHES)


def _there() -> Iterator[Line]:
    """List what is computed on the way there."""
    said = gru_sentences()
    yield Line("forward", "h[-1]", (), "h_prev[0] = h_init", said["h_init"])
    yield Line("forward", "x[t]", (), "x[t]", said["x"])
    for gate in "ru":
        yield block_line(gate, said[gate])
    for result, right, code in (
        ("q", ("h[t-1]", "W_hh_g", "+", "b_q"), "h_prev[t] @ W_hh_g + b_q"),
        (
            "g",
            (r"\tanh", "(", "x[t]", "W_xh_g", "+", "r[t]", r"\odot", "q[t]", "+", "b_h_g", ")"),
            "np.tanh(x[t] @ W_xh_g + r[t] * q[t] + b_h_g)",
        ),
        (
            "h",
            ("u[t]", r"\odot", "h[t-1]", "+", "(", "1", "-", "u[t]", ")", r"\odot", "g[t]"),
            "u[t] * h_prev[t] + (1 - u[t]) * g[t]",
        ),
    ):
        yield Line("forward", f"{result}[t]", right, f"{result}[t] = {code}", said[result])


def _back() -> Iterator[Line]:
    """List what each step of the way back computes; last the messages, and those that leave."""
    said = gru_sentences()
    times = r"\odot"
    yield Line("backward", "upstream[t]", (), "upstream[t]", said["upstream"])
    kept = ("delta_h[t]", times, "u[t]")
    through = (("delta_r", "W_hh_r.T"), ("delta_u", "W_hh_u.T"), ("delta_q", "W_hh_g.T"))
    three = tuple(part for delta, matrix in through for part in ("+", f"{delta}[t]", matrix))
    products = "".join(f" + {delta}[t] @ {matrix}" for delta, matrix in through)
    for result, right, code in (
        ("delta_h[t]", ("upstream[t]", "+", "message[t]"), "upstream[t] + message[t]"),
        (
            "delta_g[t]",
            ("delta_h[t]", *(times, "(", "1", "-", "u[t]", ")"),
             *(times, "(", "1", "-", "g[t]**2", ")")),
            "delta_h[t] * (1 - u[t]) * (1 - g[t]**2)",
        ),
        (
            "delta_u[t]",
            ("delta_h[t]", times, "(", "h[t-1]", "-", "g[t]", ")", *gate_slope("u")),
            "delta_h[t] * (h_prev[t] - g[t]) * u[t] * (1 - u[t])",
        ),
        (
            "delta_r[t]",
            ("delta_g[t]", times, "q[t]", *gate_slope("r")),
            "delta_g[t] * q[t] * r[t] * (1 - r[t])",
        ),
        ("delta_q[t]", ("delta_g[t]", times, "r[t]"), "delta_g[t] * r[t]"),
        ("message_u[t-1]", kept, "delta_h[t] * u[t]"),
        ("message[t-1]", ("message_u[t-1]", *three), f"message_u[t-1]{products}"),
        ("message_u_init", kept, "delta_h[t] * u[t]"),
        ("delta_h_init", ("message_u_init", *three), f"message_u_init{products}"),
    ):  # fmt: skip
        wording = said[result.partition("[")[0]]
        yield Line("backward", result, right, f"{result} = {code}", wording)
