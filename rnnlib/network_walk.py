"""The lines of the film of three layers: those of a recurrent network, and of what is in front."""

from collections.abc import Iterator

from .backward_frames import SLOPES
from .film import Film, Frame
from .network import NetworkTrace
from .network_sentences import network_sentences
from .walk import Line
from .wording import Sentence


def network_walk(inner: Film, trace: NetworkTrace) -> Iterator[tuple[Line, int | None]]:
    """
    List what is computed on the walk there and back through three layers, with its step.

    Parameters
    ----------
    inner : Film
        The film of the recurrent and the back layer alone; its input is called e here.
    trace : NetworkTrace
        What the forward pass held.

    Yields
    ------
    tuple of (Line, int or None)
        Each line with its step; None before the first and after the last.

    See Also
    --------
    rnnlib.network_frames.network_frames : the film.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> from rnnlib.backward_frames import backward_frames
    >>> from rnnlib.network import network_forward
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=2, n_e=2, n_h=3, n_y=2)
    >>> x, y = rnnlib.next_character_task(["aba"], "ab")
    >>> inside = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> there = rnnlib.forward(inside, x, y)
    >>> film = backward_frames(inside, there, rnnlib.backward(inside, there))
    >>> walk = network_walk(film, network_forward(params, x, y))
    >>> [line.result for line, t in walk if t == 1][:3]
    ['x[t]', 'e[t]', 'a[t]']
    """
    said = network_sentences(trace, inner.symbols)
    for frame in inner.frames:
        yield from _lines(frame, trace.front.activation, said)


def _lines(
    frame: Frame, activation: str, said: dict[str, Sentence]
) -> Iterator[tuple[Line, int | None]]:
    """Rename a line of the film inside; behind the input, and behind its delta, go on."""
    line, t = frame.line, frame.t
    if line.result == "x[t]":
        yield line._replace(wording=said["x"]), t
        front = _front(activation)
        yield Line("forward", "e[t]", *front, said["e"]), t
        return
    renamed = Line(
        line.phase,
        called_e(line.result),
        tuple(map(called_e, line.right)),
        called_e(line.code),
        line.wording,
    )
    name = renamed.result.partition("[")[0]
    yield renamed._replace(wording=said.get(name, line.wording)), t
    if name != "delta_e":
        return
    slope, code = SLOPES[activation]
    for result, right, line_of_code in (
        (
            "delta_front",
            tuple(part.replace("h[", "e[") for part in slope),
            f"delta_front[t] = {code.replace('h[', 'e[')}",
        ),
        (
            "gradient_W_xe",
            ("gradient_W_xe[t+1]", "+", "x[t].T", "delta_front[t]"),
            "gradient_W_xe = gradient_W_xe + x[t].T @ delta_front[t]",
        ),
        (
            "gradient_b_e",
            ("gradient_b_e[t+1]", "+", r"\sum_n", "delta_front[t]"),
            "gradient_b_e = gradient_b_e + delta_front[t].sum(axis=0)",
        ),
        ("delta_x", ("delta_front[t]", "W_xe.T"), "delta_x[t] = delta_front[t] @ W_xe.T"),
    ):
        yield Line("backward", f"{result}[t]", right, line_of_code, said[result]), t


def _front(activation: str) -> tuple[tuple[str, ...], str]:
    """Write what the front layer computes: the right-hand side, and the line of code."""
    right, code = ("x[t]", "W_xe", "+", "b_e"), "x[t] @ W_xe + b_e"
    if activation == "identity":
        return right, f"e[t] = {code}"
    phi = r"\tanh" if activation == "tanh" else rf"\mathrm{{{activation}}}"
    call = "np.tanh" if activation == "tanh" else activation
    return (phi, "(", *right, ")"), f"e[t] = {call}({code})"


def called_e(text: str) -> str:
    """
    Call the input of the recurrent layer by its name in the whole network.

    Parameters
    ----------
    text : str
        A key, a line of code.

    Returns
    -------
    str
        The same with e in place of x.

    Examples
    --------
    >>> called_e("delta_x[0]"), called_e("W_xh")
    ('delta_e[0]', 'W_xh')
    """
    return text.replace("x[", "e[")
