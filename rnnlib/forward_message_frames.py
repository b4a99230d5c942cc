"""From forward messages to a film: each step hands its influence on, and nothing walks back.

At the end BPTT walks back after all, to meet the same numbers.
"""

from collections.abc import Iterator

import numpy as np

from .backward_frames import backward_values
from .bptt import BackwardTrace, state_jacobian
from .derivatives import DERIVATIVES
from .film import Film, Frame, Value
from .forward_message_graph import forward_message_graph
from .forward_message_sentences import forward_message_sentences
from .forward_pass import Trace
from .frames import forward_frames, make_frames
from .influence import immediate
from .memory_costs import rtrl_state, trace_bytes
from .operation_costs import backward_work, rtrl_multiply_adds
from .parameters import Parameters
from .rtrl import influences, rtrl
from .walk import Line
from .wording import Sentence

# The slope of the activation, on the diagonal: the right-hand side, and its code.
SLOPES = {
    "tanh": (("1", "-", "h[t]**2"), "1 - h[t]**2"),
    "sigmoid": (("h[t]", r"\odot", "(", "1", "-", "h[t]", ")"), "h[t] * (1 - h[t])"),
    "relu": (("h[t]>0",), "h[t] > 0"),
    "identity": (("h[t]**0",), "h[t]**0"),
}
NUMBER = 8  # bytes
Row = tuple[str, tuple[str, ...], str]  # result, right-hand side, code


def forward_message_values(
    params: Parameters, trace: Trace, back: BackwardTrace, film: Film
) -> dict[str, Value]:
    r"""
    Name every array of a walk forward with messages, and of the walk back that it meets.

    Parameters
    ----------
    params : Parameters
        The parameters of the passes.
    trace : Trace
        What the forward pass stored, for one sequence.
    back : BackwardTrace
        What the backward pass computed.
    film : Film
        The film of the forward pass; its values are taken over, with their labels.

    Returns
    -------
    dict of str to Value
        Influences with one column for each weight, ``"0→2"`` for the weight from unit 0 to
        unit 2; the gradient as it stands after each step; and how much has been multiplied
        and kept by then.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> back = rnnlib.backward(params, trace)
    >>> values = forward_message_values(params, trace, back, forward_frames(params, trace))
    >>> values["influence[1]"].array.shape, values["influence[1]"].columns[:4]
    ((3, 9), ('0→0', '0→1', '0→2', '1→0'))
    """
    used = ("onehot", "delta_z", "delta_a", "h[", "W_hy.T", "W_hh.T")
    values = film.values | {
        key: value
        for key, value in backward_values(film, trace, back).items()
        if key.startswith(used) and not key.startswith("h[-1].")
    }
    T, _, n_x = trace.x.shape
    n_h, n_y = params.W_hy.shape
    units = values["b_h"].columns
    weights = tuple(f"{i}→{j}" for i in units for j in units)
    slopes = DERIVATIVES[trace.activation](trace.h)
    jacobians = state_jacobian(params, trace)
    so_far = np.cumsum(rtrl(params, trace).per_loss.W_hh, axis=0)
    for t, P_t in enumerate(influences(params, trace)):
        reach = np.diag(slopes[t, 0])
        own = immediate(reach[np.newaxis], trace.h_prev[t])
        size = {"N": 1, "n_x": n_x, "n_h": n_h, "n_y": n_y}
        values |= {
            f"h[{t}]**0": Value(f"h_{{{t}}}^0", np.ones_like(trace.h[t]), (), units),
            f"reach[{t}]": Value(f"D_{{{t}}}", reach, units, units),
            f"immediate[{t}]": Value(
                rf"\frac{{\partial^+ h_{{{t}}}}}{{\partial W_{{hh}}}}",
                own.reshape(n_h, -1),
                units,
                weights,
            ),
            f"influence[{t}]": Value(f"P_{{{t}}}", P_t.W_hh.reshape(n_h, -1), units, weights),
            f"gradient_W_hh[{t}]": Value(
                r"\frac{\mathrm dL}{\mathrm dW_{hh}}", so_far[t].reshape(1, -1), (), weights
            ),
            f"count_forward[{t}]": _count(rtrl_multiply_adds(t + 1, 1, n_x, n_h)),
            f"count_back[{t}]": _count(backward_work(t + 1, **size).multiply_adds),
            f"count_carried[{t}]": _count(rtrl_state(n_x, n_h)),
            f"count_kept[{t}]": _count(trace_bytes(**size, itemsize=NUMBER).at(t + 1) // NUMBER),
        }
        if t:
            values[f"state_jacobian[{t}]"] = Value(f"J_{{{t}}}", jacobians[t, 0], units, units)
    meeting = back.gradient.W_hh.reshape(1, -1)
    symbol = r"\left(\frac{\mathrm dL}{\mathrm dW_{hh}}\right)_{\text{BPTT}}"
    values["bptt_W_hh"] = Value(symbol, meeting, (), weights)
    gap = values[f"gradient_W_hh[{T - 1}]"].array - meeting
    values["difference"] = Value(r"\text{difference}", gap, (), weights)
    return values


def forward_message_frames(
    params: Parameters,
    trace: Trace,
    back: BackwardTrace,
    symbols: str = "",
    title: str = "Forward messages meet BPTT",
) -> Film:
    """
    Make the film of real-time recurrent learning, which ends where it meets BPTT.

    Parameters
    ----------
    params : Parameters
        The parameters of the passes.
    trace : Trace
        What the forward pass stored, for one sequence.
    back : BackwardTrace
        What the backward pass computed.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        The frames of the forward pass, among which each step computes the influence of the
        recurrent weights on its state and, as soon as its loss is known, the gradient so
        far; then one frame a step for BPTT's walk back, its gradient, and the difference.

    Raises
    ------
    ValueError
        If the trace holds a batch: an influence belongs to one sequence.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = forward_message_frames(params, trace, rnnlib.backward(params, trace), "ab")
    >>> [frame.code for frame in film.frames if frame.result == "influence[1]"]
    ['influence[1] = immediate[1] + state_jacobian[1] @ influence[0]']
    """
    if trace.x.shape[1] != 1:
        raise ValueError(f"trace: expected one sequence (N = 1), got N = {trace.x.shape[1]}")
    there = forward_frames(params, trace, symbols)
    values = forward_message_values(params, trace, back, there)
    T = there.T
    lines = {name: list(some) for name, some in _lines(T, trace, forward_message_sentences(trace))}

    def at(name: str, t: int | None) -> Iterator[tuple[Line, int | None]]:
        return ((line, t) for line in lines[name])

    def shown(walk: Iterator[tuple[Line, int | None]]) -> Iterator[Frame]:
        return make_frames(walk, T, values, symbols)

    frames: list[Frame] = []
    for frame in there.frames:
        frames.append(frame)
        if frame.quantity == "h":
            frames += shown(at("first message" if frame.t == 0 else "message", frame.t))
        elif frame.quantity == "loss":
            frames += shown(at("first share" if frame.t == 0 else "share", frame.t))
    for t in reversed(range(T)):
        frames += shown(at("back", t))
    frames += shown(at("end", None))
    return there._replace(
        title=title,
        values=values,
        frames=tuple(frames),
        graph=forward_message_graph(T, letters=bool(symbols)),
    )


def _count(number: int) -> Value:
    return Value(r"\text{count}", np.asarray(float(number)))


def _lines(T: int, trace: Trace, said: dict[str, Sentence]) -> Iterator[tuple[str, Iterator[Line]]]:
    """List what the walk computes beside the forward pass: the lines, and where they belong."""
    right, code = SLOPES[trace.activation]
    reach = ("reach[t]", (r"\mathrm{diag}", "(", *right, ")"), f"np.diag(({code})[0])")
    own = ("immediate[t]", ("h[t-1]", r"\otimes", "reach[t]"), "np.kron(h_prev[t], reach[t])")
    J_t = ("state_jacobian[t]", ("reach[t]", "W_hh.T"), "reach[t] @ W_hh.T")
    carried = ("state_jacobian[t]", "influence[t-1]"), "state_jacobian[t] @ influence[t-1]"
    delta_z = (
        "delta_z[t]",
        ("y_hat[t]", "-", "onehot[t]"),
        f"y_hat[t] - np.eye({trace.z.shape[-1]})[y[t]]",
    )
    share = ("delta_z[t]", "W_hy.T", "influence[t]"), "delta_z[t] @ W_hy.T @ influence[t]"
    gradient = ("gradient_W_hh[t-1]", "+", *share[0]), f"gradient_W_hh + {share[1]}"
    delta_a = (
        ("delta_z[t]", "W_hy.T", "reach[t]", "+", "delta_a[t+1]", "W_hh.T", "reach[t]"),
        "delta_z[t] @ W_hy.T @ reach[t] + delta_a[t+1] @ W_hh.T @ reach[t]",
    )
    uses = [(f"h[{t - 1}]", r"\otimes", f"delta_a[{t}]") for t in range(T)]
    summed = " + ".join(f"np.kron(h_prev[{t}], delta_a[{t}])" for t in range(T))
    meeting = (f"gradient_W_hh[{T - 1}]", "-", "bptt_W_hh"), "gradient_W_hh - bptt_W_hh"

    def lines(
        phase: str, *rows: tuple[str, tuple[str, ...], str], first: str = ""
    ) -> Iterator[Line]:
        for result, right, code in rows:
            quantity = result.partition("[")[0]
            name = quantity if quantity.startswith("gradient") else result
            wording = said.get(first + quantity, said[quantity])
            yield Line(phase, result, right, f"{name} = {code}", wording)

    begun = ("influence[t]", ("immediate[t]",), "immediate[t]")
    grown = ("influence[t]", ("immediate[t]", "+", *carried[0]), f"immediate[t] + {carried[1]}")
    yield "first message", lines("forward", reach, own, begun, first="first ")
    yield "message", lines("forward", reach, own, J_t, grown)
    yield "first share", lines("forward", delta_z, ("gradient_W_hh[t]", *share), first="first ")
    yield "share", lines("forward", delta_z, ("gradient_W_hh[t]", *gradient))
    yield "back", lines("backward", ("delta_a[t]", *delta_a))
    together = tuple(" + ".join(" ".join(use) for use in uses).split())
    yield "end", lines("backward", ("bptt_W_hh", together, summed), ("difference", *meeting))
