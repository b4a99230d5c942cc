"""From a trace to a film: one frame for each thing the network computes.

A film is plain data. It names every value once, and each frame points to the values it
reads and writes, so the equation, the edges of the graph, the line of code and the
matrices can only ever show the same thing.
"""

from typing import NamedTuple

import numpy as np

from .parameters import Parameters

NOT_YET = "–"
MINUS = "−"


class Value(NamedTuple):
    """
    A named array, as the reader sees it.

    Attributes
    ----------
    tex : str
        The symbol in LaTeX, with its step: ``h_{0}``.
    array : ndarray
        The numbers, as the library computed them.
    t : int or None
        The step it belongs to; None for a parameter.
    rows, columns : tuple of str
        A label for each row or column, or empty.
    """

    tex: str
    array: np.ndarray
    t: int | None
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Frame(NamedTuple):
    """
    One picture of the stepper.

    Attributes
    ----------
    phase : str
        ``"forward"``.
    t : int or None
        The step; None before the first and after the last.
    quantity : str
        Python name of what is computed: ``"a"``.
    equation : tuple of str
        Keys of values, and LaTeX for what stands between them.
    code : str
        The line that computes it. Run on the values it names, it gives the result.
    operands : tuple of str
        Keys of the values that are read.
    result : str
        Key of the value that is computed.
    sentence : str
        What happened, in plain words.
    """

    phase: str
    t: int | None
    quantity: str
    equation: tuple[str, ...]
    code: str
    operands: tuple[str, ...]
    result: str
    sentence: str


class Film(NamedTuple):
    """
    All the frames of a walk, and the values they show.

    Attributes
    ----------
    title : str
        What is walked through.
    T, N : int
        Number of steps; batch size.
    symbols : str
        The character of each class, or empty.
    values : dict of str to Value
        Each value once; a frame refers to it by its key, such as ``"h[0]"``.
    frames : tuple of Frame
        In the order in which they are walked.
    """

    title: str
    T: int
    N: int
    symbols: str
    values: dict[str, Value]
    frames: tuple[Frame, ...]

    def computed(self, position):
        """Keys of all values that exist once the frame at `position` has been shown."""
        given = set(Parameters._fields) | {key for key in self.values if key.startswith("y[")}
        return given | {frame.result for frame in self.frames[: position + 1]}

    def latex(self, position):
        """The equation of a frame in LaTeX, with the shape under every symbol."""
        return " ".join(
            rf"\underset{{\text{{{shape_of(self.values[part])}}}}}{{{self.values[part].tex}}}"
            if part in self.values
            else part
            for part in self.frames[position].equation
        )

    def scales(self):
        """The largest size of each quantity over all steps: the number of full shade."""
        largest = {}
        for key, value in self.values.items():
            name = key.partition("[")[0]
            largest[name] = max(largest.get(name, 0.0), float(np.abs(value.array).max()))
        return {name: size or 1.0 for name, size in largest.items()}

    def address(self, position):
        """The name of a frame in a link: ``"t=1/h"``."""
        frame = self.frames[position]
        return frame.quantity if frame.t is None else f"t={frame.t}/{frame.quantity}"


def shape_of(value):
    """
    Write the shape of a value with its real sizes.

    Parameters
    ----------
    value : Value
        The value.

    Returns
    -------
    str
        ``"(1, 3)"``; nothing for a single number.

    Examples
    --------
    >>> shape_of(Value("b_h", np.zeros(3), None))
    '(3,)'
    """
    return str(np.shape(value.array)) if np.ndim(value.array) else ""


def format_number(number, digits=2):
    """
    Print a number the way every stepper, table and sentence prints it.

    Parameters
    ----------
    number : float or int
        The number.
    digits : int, default 2
        Decimals of a float.

    Returns
    -------
    str
        Integers as they are, floats with `digits` decimals; a true minus sign; never "−0.00".

    Examples
    --------
    >>> format_number(-0.126), format_number(-0.001), format_number(np.int64(3))
    ('−0.13', '0.00', '3')
    """
    if isinstance(number, int | np.integer):
        return str(number).replace("-", MINUS)
    text = f"{number:.{digits}f}"
    return text.replace("-", MINUS if float(text) else "")


def format_rows(array):
    """
    Print an array of at most two axes as rows of text.

    Parameters
    ----------
    array : ndarray, shape (), (n,) or (m, n)
        The numbers. If all are whole, they are printed without decimals.

    Returns
    -------
    list of list of str
        One list a row.

    Examples
    --------
    >>> format_rows(np.array([0.0, 1.0]))
    [['0', '1']]
    """
    table = np.atleast_2d(array)
    whole = np.issubdtype(table.dtype, np.integer) or (table.size > 1 and set(table.flat) <= {0, 1})
    return [[format_number(int(n) if whole else float(n)) for n in row] for row in table]


def visible(character):
    """
    Make a space visible.

    Parameters
    ----------
    character : str
        A character of the text.

    Returns
    -------
    str
        The open box ``"␣"`` for a space, else the character itself.

    Examples
    --------
    >>> visible(" ")
    '␣'
    """
    return "␣" if character == " " else character


def forward_values(params, trace, symbols=""):
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
        "W_xh": Value("W_{xh}", params.W_xh, None, inputs, units),
        "W_hh": Value("W_{hh}", params.W_hh, None, units, units),
        "W_hy": Value("W_{hy}", params.W_hy, None, units, classes),
        "b_h": Value("b_h", params.b_h, None, (), units),
        "b_y": Value("b_y", params.b_y, None, (), classes),
        "h[-1]": Value("h_{-1}", trace.h_init, -1, (), units),
    }
    for t in range(len(trace.x)):
        targets = tuple(classes[k] for k in trace.y[t])
        values |= {
            f"x[{t}]": Value(f"x_{{{t}}}", trace.x[t], t, (), inputs),
            f"a[{t}]": Value(f"a_{{{t}}}", trace.a[t], t, (), units),
            f"h[{t}]": Value(f"h_{{{t}}}", trace.h[t], t, (), units),
            f"z[{t}]": Value(f"z_{{{t}}}", trace.z[t], t, (), classes),
            f"y_hat[{t}]": Value(rf"\hat y_{{{t}}}", trace.y_hat[t], t, (), classes),
            f"y[{t}]": Value(f"y_{{{t}}}", trace.y[t], t, (), targets if symbols else ()),
            f"loss[{t}]": Value(f"L_{{{t}}}", trace.loss[t], t),
        }
    values["L"] = Value("L", trace.loss.sum(), None)
    return values


def forward_frames(params, trace, symbols="", title="Forward through time"):
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
    say = _Sentences(params, trace, symbols)
    phi = {"tanh": r"\tanh", "identity": ""}.get(
        trace.activation, rf"\mathrm{{{trace.activation}}}"
    )
    call = "np.tanh" if trace.activation == "tanh" else trace.activation
    brackets = ("(", ")") if phi else ("", "")

    frames = [
        Frame("forward", None, "h_init", ("h[-1]",), "h_prev[0] = h_init", (), "h[-1]", say.start())
    ]
    for t in range(T):
        x, a, h, z = f"x[{t}]", f"a[{t}]", f"h[{t}]", f"z[{t}]"
        h_prev, y_hat, y, loss = f"h[{t - 1}]", f"y_hat[{t}]", f"y[{t}]", f"loss[{t}]"
        steps = (
            ("x", (x,), x, (), say.x(t)),
            (
                "a",
                (a, "=", x, "W_xh", "+", h_prev, "W_hh", "+", "b_h"),
                f"{a} = {x} @ W_xh + h_prev[{t}] @ W_hh + b_h",
                (x, "W_xh", h_prev, "W_hh", "b_h"),
                say.a(t),
            ),
            ("h", (h, "=", phi, brackets[0], a, brackets[1]), f"{h} = {call}({a})", (a,), say.h(t)),
            (
                "z",
                (z, "=", h, "W_hy", "+", "b_y"),
                f"{z} = {h} @ W_hy + b_y",
                (h, "W_hy", "b_y"),
                say.z(t),
            ),
            (
                "y_hat",
                (y_hat, "=", r"\mathrm{softmax}", "(", z, ")"),
                f"{y_hat} = softmax({z})",
                (z,),
                say.y_hat(t),
            ),
            (
                "loss",
                (loss, "=", "-", r"\log" if N == 1 else r"\sum_n \log", y_hat, "[", y, "]"),
                f"{loss} = -np.log({y_hat}[range({N}), {y}]).sum()",
                (y_hat, y),
                say.loss(t),
            ),
        )
        frames += [
            Frame("forward", t, quantity, tuple(filter(None, eq)), code, ops, f"{quantity}[{t}]", s)
            for quantity, eq, code, ops, s in steps
        ]
    losses = tuple(f"loss[{t}]" for t in range(T))
    total = tuple(part for key in losses for part in ("+", key))[1:]
    frames.append(
        Frame("forward", None, "L", ("L", "=", *total), "L = loss.sum()", losses, "L", say.total())
    )
    return Film(title, T, N, symbols, values, tuple(frames))


class _Sentences:
    """What the live region says at each frame; the numbers in it come from the trace."""

    def __init__(self, params, trace, symbols):
        self.params, self.trace, self.symbols = params, trace, symbols
        self.N = trace.x.shape[1]
        self.first = "" if self.N == 1 else "In the first sequence, "

    def name(self, k):
        """Say class k: by its character, if there is one."""
        return f"‘{visible(self.symbols[k])}’" if self.symbols else f"class {k}"

    def at(self, t, text):
        text = self.first + text
        return f"t = {t}: {text[0].upper()}{text[1:]}" if self.first else f"t = {t}: {text}"

    def start(self):
        zero = "zero" if not self.trace.h_init.any() else "given"
        return (
            f"Before the first step, the state is {zero}. The parameters are set, "
            "and every step will use the same ones."
        )

    def x(self, t):
        if not self.symbols:
            return f"t = {t}: the input of this step arrives."
        k = int(self.trace.x[t, 0].argmax())
        return self.at(t, f"the network reads {self.name(k)}: a row of zeros with a single 1.")

    def a(self, t):
        from_x = format_number(float(self.trace.x[t, 0] @ self.params.W_xh[:, 0]))
        from_h = format_number(float(self.trace.h_prev[t, 0] @ self.params.W_hh[:, 0]))
        return self.at(
            t,
            f"input and state before it meet. The first unit receives {from_x} from the input "
            f"and {from_h} from the state of t = {format_number(t - 1)}; the bias is added.",
        )

    def h(self, t):
        deed = {
            "tanh": "tanh squeezes every number into the range from −1 to 1",
            "sigmoid": "the sigmoid squeezes every number into the range from 0 to 1",
            "relu": "relu keeps what is positive and sets the rest to 0",
            "identity": "the identity changes nothing",
        }[self.trace.activation]
        before, after = (format_number(float(v[t, 0, 0])) for v in (self.trace.a, self.trace.h))
        last = t == len(self.trace.x) - 1
        end = "This was the last state." if last else f"Step {t + 1} will read this state."
        return self.at(t, f"{deed}: {before} becomes {after}. {end}")

    def z(self, t):
        k = int(self.trace.z[t, 0].argmax())
        n_y = self.trace.z.shape[2]
        return self.at(
            t, f"the state is read out as {n_y} logits. The largest is that of {self.name(k)}."
        )

    def y_hat(self, t):
        k = int(self.trace.y_hat[t, 0].argmax())
        p = format_number(float(self.trace.y_hat[t, 0, k]))
        return self.at(
            t,
            "softmax turns the logits into probabilities that add up to 1. "
            f"The best guess is {self.name(k)}, with {p}.",
        )

    def loss(self, t):
        k = int(self.trace.y[t, 0])
        p = format_number(float(self.trace.y_hat[t, 0, k]), digits=4)
        loss = format_number(float(self.trace.loss[t]))
        if self.N == 1:
            return self.at(
                t,
                f"what really comes next is {self.name(k)}. The network gave it {p}, "
                f"so this step costs −log {p}, which is {loss} nats.",
            )
        return self.at(
            t,
            f"what really comes next is {self.name(k)}, which got {p}. "
            f"All {self.N} sequences together cost {loss} nats.",
        )

    def total(self):
        T, N, n_y = self.trace.z.shape
        total = format_number(float(self.trace.loss.sum()))
        guess = format_number(T * N * float(np.log(n_y)))
        return (
            f"All {T} steps are done: the total loss is {total} nats. "
            f"Giving all {n_y} classes the same probability would cost {guess}."
        )
