"""An LSTM as a film: two lanes forward, two messages back."""

from collections.abc import Iterator

import numpy as np

from .film import Film, Value
from .frames import make_frames
from .gate_lines import block_line, block_values, gate_slope, there_and_back
from .gated_parameters import LSTMParameters, check_lstm_parameters
from .lstm import LSTMTrace
from .lstm_backward import LSTMBackward
from .lstm_graph import lstm_graph
from .lstm_sentences import lstm_sentences
from .walk import Line

BLOCKS = {"iota": r"\iota", "f": "f", "g": "g", "omega": r"\omega"}  # as they stand in the arrays
SWITCHES = {
    "upstream": "layers above speak",
    "message": "message to the state",
    "message_c": "message to the cell",
}


def lstm_values(
    params: LSTMParameters, trace: LSTMTrace, back: LSTMBackward, upstream: np.ndarray
) -> dict[str, Value]:
    r"""
    Name every array of both passes through an LSTM, block by block.

    Parameters
    ----------
    params : LSTMParameters
        The parameters of both passes.
    trace : LSTMTrace
        What the forward pass stored.
    back : LSTMBackward
        What the backward pass computed.
    upstream : ndarray, shape (T, N, n_h)
        What the layers above said about each state.

    Returns
    -------
    dict of str to Value
        Blocks under names of their own, ``"W_hh_f"``; the delta of the pre-activation of a
        block by its gate, ``"delta_f[0]"``.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_lstm
    >>> from rnnlib.lstm import lstm_forward
    >>> from rnnlib.lstm_backward import lstm_backward
    >>> params = init_lstm(np.random.default_rng(0), n_x=5, n_h=3)
    >>> trace, upstream = lstm_forward(params, np.ones((4, 2, 5))), np.ones((4, 2, 3))
    >>> back = lstm_backward(params, trace, upstream)
    >>> lstm_values(params, trace, back, upstream)["W_hh_f"].array.shape
    (3, 3)
    """
    units = tuple(map(str, range(len(params.W_hh))))
    inputs = tuple(map(str, range(len(params.W_xh))))
    values = dict(block_values(params, BLOCKS))
    values["h[-1]"] = Value("h_{-1}", trace.h_init, (), units)
    values["c[-1]"] = Value("c_{-1}", trace.cell_init, (), units)
    values["delta_h_init"] = Value(r"\delta^h_{-1}", back.delta_h_init, (), units)
    values["delta_c_init"] = Value(r"\delta^c_{-1}", back.delta_cell_init, (), units)
    gates = trace.input_gate, trace.forget_gate, trace.candidate, trace.output_gate
    for t in range(len(trace.x)):
        values[f"x[{t}]"] = Value(f"x_{{{t}}}", trace.x[t], (), inputs)
        blocks = np.split(back.delta_a[t], 4, axis=-1)
        rows = {
            **{
                gate: (letter, each[t])
                for (gate, letter), each in zip(BLOCKS.items(), gates, strict=True)
            },
            "c": ("c", trace.cell[t]),
            "h": ("h", trace.h[t]),
            "upstream": ("s", upstream[t]),
            "message": (r"\overleftarrow m", back.message[t]),
            "message_c": (r"\overleftarrow m^c", back.cell_message[t]),
            "delta_h": (r"\delta^h", back.delta_h[t]),
            "delta_c": (r"\delta^c", back.delta_cell[t]),
            **{
                f"delta_{gate}": (rf"\delta^{{a^{letter}}}", block)
                for (gate, letter), block in zip(BLOCKS.items(), blocks, strict=True)
            },
        }
        for name, (tex, array) in rows.items():
            values[f"{name}[{t}]"] = Value(f"{tex}_{{{t}}}", array, (), units)
        values[f"g[{t}]**2"] = Value(f"g_{{{t}}}^2", trace.candidate[t] ** 2, (), units)
    return values


def lstm_frames(
    params: LSTMParameters,
    trace: LSTMTrace,
    back: LSTMBackward,
    upstream: np.ndarray,
    title: str = "Two lanes through time",
) -> Film:
    """
    Make the film of both passes through an LSTM.

    Parameters
    ----------
    params : LSTMParameters
        The parameters of both passes.
    trace : LSTMTrace
        What the forward pass stored.
    back : LSTMBackward
        What the backward pass computed, without messages from beyond the last step.
    upstream : ndarray, shape (T, N, n_h)
        What the layers above said about each state: given, as the inputs are.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        A frame for the start, seven for each step on the way there, and nine on the way back.

    Raises
    ------
    ValueError
        If an array of `params` does not fit.

    See Also
    --------
    rnnlib.backward_frames.backward_frames : the same without gates.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_lstm
    >>> from rnnlib.lstm import lstm_forward
    >>> from rnnlib.lstm_backward import lstm_backward
    >>> params = init_lstm(np.random.default_rng(0), n_x=2, n_h=2)
    >>> trace, upstream = lstm_forward(params, np.ones((2, 1, 2))), np.ones((2, 1, 2))
    >>> film = lstm_frames(params, trace, lstm_backward(params, trace, upstream), upstream)
    >>> film.frames[-1].result, len(film.frames)
    ('delta_h_init', 33)
    """
    check_lstm_parameters(params)
    values = lstm_values(params, trace, back, upstream)
    T, N, _ = trace.x.shape
    frames = tuple(make_frames(there_and_back(_there(), _back(), T), T, values, ""))
    return Film(title, T, N, "", values, frames, lstm_graph(T), SWITCHES)


def _there() -> Iterator[Line]:
    """List what is computed on the way there."""
    said = lstm_sentences()
    yield Line("forward", "h[-1]", (), "h_prev[0] = h_init", said["h_init"])
    yield Line("forward", "x[t]", (), "x[t]", said["x"])
    for gate in ("f", "iota", "g"):
        yield block_line(gate, said[gate], "tanh" if gate == "g" else "sigmoid")
    yield Line(
        "forward", "c[t]", ("f[t]", r"\odot", "c[t-1]", "+", "iota[t]", r"\odot", "g[t]"),
        "c[t] = f[t] * c_prev[t] + iota[t] * g[t]", said["c"],
    )  # fmt: skip
    yield block_line("omega", said["omega"])
    right = ("omega[t]", r"\odot", r"\tanh", "(", "c[t]", ")")
    yield Line("forward", "h[t]", right, "h[t] = omega[t] * np.tanh(c[t])", said["h"])


def _back() -> Iterator[Line]:
    """List what each step of the way back computes; last the messages, and those that leave."""
    said = lstm_sentences()
    times = r"\odot"

    squashed = (r"\tanh", "(", "c[t]", ")")
    through_tanh = ("(", "1", "-", *squashed, times, *squashed, ")")
    yield Line("backward", "upstream[t]", (), "upstream[t]", said["upstream"])
    to_all = " + ".join(f"delta_{gate}[t] @ W_hh_{gate}.T" for gate in BLOCKS)
    to_state = tuple(
        part for gate in BLOCKS for part in ("+", f"delta_{gate}[t]", f"W_hh_{gate}.T")
    )[1:]
    to_cell = ("delta_c[t]", times, "f[t]")
    for result, right, code in (
        ("delta_h[t]", ("upstream[t]", "+", "message[t]"), "upstream[t] + message[t]"),
        (
            "delta_omega[t]",
            ("delta_h[t]", times, *squashed, *gate_slope("omega")),
            "delta_h[t] * np.tanh(c[t]) * omega[t] * (1 - omega[t])",
        ),
        (
            "delta_c[t]",
            ("delta_h[t]", times, "omega[t]", times, *through_tanh, "+", "message_c[t]"),
            "delta_h[t] * omega[t] * (1 - np.tanh(c[t])**2) + message_c[t]",
        ),
        (
            "delta_f[t]",
            ("delta_c[t]", times, "c[t-1]", *gate_slope("f")),
            "delta_c[t] * c_prev[t] * f[t] * (1 - f[t])",
        ),
        (
            "delta_iota[t]",
            ("delta_c[t]", times, "g[t]", *gate_slope("iota")),
            "delta_c[t] * g[t] * iota[t] * (1 - iota[t])",
        ),
        (
            "delta_g[t]",
            ("delta_c[t]", times, "iota[t]", times, "(", "1", "-", "g[t]**2", ")"),
            "delta_c[t] * iota[t] * (1 - g[t]**2)",
        ),
        ("message_c[t-1]", to_cell, "delta_c[t] * f[t]"),
        ("message[t-1]", to_state, to_all),
        ("delta_c_init", to_cell, "delta_c[t] * f[t]"),
        ("delta_h_init", to_state, to_all),
    ):
        wording = said[result.partition("[")[0]]
        yield Line("backward", result, right, f"{result} = {code}", wording)
