"""The fast walk as a film: one product for all steps wherever no step waits for another."""

from collections.abc import Iterator

import numpy as np

from .bptt import backward
from .film import Film, Value
from .forward_pass import Trace, check_trace
from .frames import forward_values, make_frames
from .parameters import Parameters
from .stacked_graph import stacked_graph
from .walk import Line
from .wording import Sentence

ALL = "One product for all steps at once: "
SAID = {
    "a_x_rows": "nothing here waits for a state, so all inputs go through their weights together.",
    "z_rows": "every state is there now, and no logit waits for another.",
    "own_rows": "what each loss says about its own state. No message is needed for that.",
    "gradient_W_xh": "the inputs, laid on their side, times the deltas. The sum over time has "
    "become part of the product.",
    "gradient_W_hh": "each state meets the delta of the step after it.",
    "gradient_W_hy": "states meet what the losses say about the logits. It could have been done "
    "before the walk back: it waits for no message.",
}


def stacked_values(params: Parameters, trace: Trace, symbols: str = "") -> dict[str, Value]:
    r"""
    Name every array of the fast walk.

    Parameters
    ----------
    params : Parameters
        The parameters of the pass.
    trace : Trace
        What the pass stored, of one sequence.
    symbols : str, optional
        The character of each class, to label rows and columns.

    Returns
    -------
    dict of str to Value
        Stacks, with a row for each step, under their names; what belongs to a step with its
        step. ``"row[1]"`` times a stack is its row 1.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> stacked_values(params, trace)["h_rows"].array.shape
    (2, 3)
    """
    T = len(trace.x)
    back, plain = backward(params, trace), forward_values(params, trace, symbols)
    weights = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
    values = {key: plain[key] for key in (*weights, "h[-1]", *(f"h[{t}]" for t in range(T)))}
    units, classes = values["b_h"].columns, values["b_y"].columns
    inputs, steps = values["W_xh"].rows, tuple(f"t = {t}" for t in range(T))
    own = back.delta_z @ params.W_hy.T
    for key, tex, array, columns in (
        ("x_rows", "X", trace.x, inputs),
        ("a_x_rows", "A", trace.x @ params.W_xh + params.b_h, units),
        ("h_rows", "S", trace.h, units),
        ("h_prev_rows", r"\bar S", trace.h_prev, units),
        ("z_rows", "Z", trace.z, classes),
        ("y_hat_rows", r"\hat Y", trace.y_hat, classes),
        ("delta_z_rows", r"\delta^z_{\text{rows}}", back.delta_z, classes),
        ("own_rows", r"\text{own}", own, units),
        ("delta_a_rows", "D", back.delta_a, units),
    ):
        values[key] = Value(tex, array[:, 0], steps, columns)
    classes_read = trace.y[:, 0]
    values["y"] = Value("y", classes_read, (), ())
    values["onehot"] = Value(
        r"\mathrm{onehot}(y)", np.eye(len(params.b_y))[classes_read], steps, classes
    )
    for t, pick in enumerate(np.eye(T)):
        delta = rf"\delta^a_{{{t}}}"
        values |= {
            f"row[{t}]": Value(rf"\mathrm{{row}}_{{{t}}}", pick[np.newaxis], (), steps),
            f"h[{t}]**2": Value(f"h_{{{t}}}^2", trace.h[t] ** 2, (), units),
            f"delta_h[{t}]": Value(rf"\delta^h_{{{t}}}", back.delta_h[t], (), units),
            f"delta_a[{t}]": Value(delta, back.delta_a[t], (), units),
            f"row[{t}].T": Value(rf"\mathrm{{row}}_{{{t}}}^\top", pick[:, np.newaxis], steps),
        }
        if t < T - 1:
            tex = rf"\overleftarrow m_{{{t}}}"
            values[f"message[{t}]"] = Value(tex, back.message[t], (), units)
    for key in ("W_hh", "W_hy", "x_rows", "h_rows", "h_prev_rows"):
        tex, array, rows, columns = values[key]
        values[f"{key}.T"] = Value(rf"{tex}^\top", array.T, columns, rows)
    for key in ("W_xh", "W_hh", "W_hy"):
        tex, _, rows, columns = values[key]
        fraction = rf"\frac{{\mathrm dL}}{{\mathrm d{tex}}}"
        found = getattr(back.gradient, key)
        values[f"gradient_{key}"] = Value(fraction, found, rows, columns)
    return values


def stacked_frames(
    params: Parameters,
    trace: Trace,
    symbols: str = "",
    title: str = "Stacked wherever nothing waits",
) -> Film:
    r"""
    Make the film of the fast walk, there and back, for one sequence.

    Parameters
    ----------
    params : Parameters
        The parameters of the pass.
    trace : Trace
        What the pass stored; its activation is tanh.
    symbols : str, optional
        The character of each class, to label rows and columns.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        One product for the inputs of all steps, one product a state, one for all logits; back
        the same way, and at the end one product for each gradient.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, the batch is not a single sequence, or the
        activation is not tanh.

    Notes
    -----
    A stack has the rows of all steps below each other. Row :math:`t` of it is the product
    :math:`\mathrm{row}_t A`, and a stack is made of its rows by
    :math:`S = \sum_t \mathrm{row}_t^\top h_t`; a computer looks up and lays down instead.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = stacked_frames(params, trace, "ab")
    >>> [frame.result for frame in film.frames][:5]
    ['a_x_rows', 'h[-1]', 'h[0]', 'h[1]', 'h_rows']
    """
    T, N, *_ = check_trace(params, trace)
    if N != 1:
        raise ValueError(f"trace: expected a batch of one sequence, got {N}")
    if trace.activation != "tanh":
        raise ValueError(f"trace: expected activation 'tanh', got {trace.activation!r}")
    values = stacked_values(params, trace, symbols)
    frames = make_frames(_walk(T, len(params.b_y)), T, values, symbols)
    switches = {"message": "message arrives"}
    return Film(title, T, 1, symbols, values, tuple(frames), stacked_graph(T), switches)


def _walk(T: int, n_y: int) -> Iterator[tuple[Line, int | None]]:
    """List what is computed, with its step; None where no step is meant."""

    def line(phase: str, result: str, right: tuple[str, ...], code: str, text: str) -> Line:
        said = ALL + text if result in SAID else text
        return Line(phase, result, right, f"{result} = {code}", Sentence(said))

    def stack(result: str, name: str, first: int, text: str) -> Line:
        terms = [part for t in range(T) for part in ("+", f"row[{t}].T", f"{name}[{t + first}]")]
        rows = ", ".join(f"{name}[{t + first}]" for t in range(T))
        phase = "forward" if result == "h_rows" else "backward"
        return line(phase, result, tuple(terms[1:]), f"np.concatenate([{rows}])", text)

    there, back = "forward", "backward"
    yield (
        line(
            there,
            "a_x_rows",
            ("x_rows", "W_xh", "+", "b_h"),
            "x_rows @ W_xh + b_h",
            SAID["a_x_rows"],
        ),
        None,
    )
    yield (
        Line(there, "h[-1]", (), "h[-1] = h_init", Sentence("The first state is given.")),
        None,
    )
    state = ("row[t]", "a_x_rows", "+", "h[t-1]", "W_hh")
    wait = (
        "Step {t} waits for the state of step {t-1}: a product of its own. Its input is ready, in "
        "row {t} of the first stack."
    )
    code = "np.tanh(a_x_rows[[t]] + h[t-1] @ W_hh)"
    for t in range(T):
        yield line(there, "h[t]", (r"\tanh", "(", *state, ")"), code, wait), t
    stacked = "The states lie below each other: a stack again. In memory they lay so all along."
    yield stack("h_rows", "h", 0, stacked), None
    yield (
        line(
            there, "z_rows", ("h_rows", "W_hy", "+", "b_y"), "h_rows @ W_hy + b_y", SAID["z_rows"]
        ),
        None,
    )
    each = "Softmax, row by row, for all rows at once."
    yield line(there, "y_hat_rows", (r"\mathrm{softmax}", "z_rows"), "softmax(z_rows)", each), None
    minus = "Prediction minus target, for all rows at once."
    one_hot = f"y_hat_rows - np.eye({n_y})[y]"
    yield line(back, "delta_z_rows", ("y_hat_rows", "-", "onehot"), one_hot, minus), None
    yield (
        line(
            back, "own_rows", ("delta_z_rows", "W_hy.T"), "delta_z_rows @ W_hy.T", SAID["own_rows"]
        ),
        None,
    )
    waits = "The message waits for the delta of step {t+1}: a product of its own."
    message = line(back, "message[t]", ("delta_a[t+1]", "W_hh.T"), "delta_a[t+1] @ W_hh.T", waits)
    arrows = Sentence(
        "Both arrows meet: row {t} of what the losses say, and the message.",
        at_end="Nothing comes from later: row {t} alone.",
    )
    both = ("row[t]", "own_rows", "+", "message[t]")
    delta_h = Line(back, "delta_h[t]", both, "delta_h[t] = own_rows[[t]] + message[t]", arrows)
    slope = ("delta_h[t]", r"\odot", "(", "1", "-", "h[t]**2", ")")
    bent = "Through tanh: times 1 − h², number by number. No product of matrices."
    delta_a = line(back, "delta_a[t]", slope, "delta_h[t] * (1 - h[t]**2)", bent)
    for t in reversed(range(T)):
        if t < T - 1:
            yield message, t
        yield delta_h, t
        yield delta_a, t
    yield stack("delta_a_rows", "delta_a", 0, "The deltas lie below each other: a stack."), None
    earlier = "The same states, one step earlier: another view of the same memory."
    yield stack("h_prev_rows", "h", -1, earlier), None
    for name, left, deltas in (
        ("W_xh", "x_rows", "delta_a_rows"),
        ("W_hh", "h_prev_rows", "delta_a_rows"),
        ("W_hy", "h_rows", "delta_z_rows"),
    ):
        result, factors = f"gradient_{name}", (f"{left}.T", deltas)
        yield line(back, result, factors, f"{left}.T @ {deltas}", SAID[result]), None
