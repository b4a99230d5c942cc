"""What a reader may choose in a stepper, computed with rnnlib: the numbers that it must show."""

import numpy as np

from networks import Case
from rnnlib import Parameters, backward, forward
from rnnlib.backward_frames import backward_frames
from rnnlib.film import is_given
from rnnlib.printing import visible
from rnnlib.recurrent import Recurrent, recurrent_backward, recurrent_forward
from rnnlib.walk import sentence_at
from rnnlib.wording import fill


def chosen(case, steps, off, changes):
    """Apply the choices of a reader to the arguments of a walk."""
    params = {name: array.copy() for name, array in case.params._asdict().items()}
    x, h_init = case.x[:steps].copy(), case.h_init.copy()
    arrays = params | {f"x[{t}]": x[t] for t in range(steps)} | {"h[-1]": h_init}
    for key, cells in changes.items():
        for at, number in cells.items():
            i, j = map(int, at.split(","))
            np.atleast_2d(arrays.get(key, np.zeros((i + 1, j + 1))))[i, j] = number
    for t in range(steps):
        if f"x[{t}]" in off:
            x[t] = 0
    return Parameters(**params), x, case.y[:steps], h_init


def expected(case, activation, steps, off, changes):
    """Compute what is shown with rnnlib: a cut message is a walk back in two pieces."""
    params, x, y, h_init = chosen(case, steps, off, changes)
    trace = forward(params, x, y, h_init, activation)
    counts = np.array([f"loss[{t}]" not in off for t in range(steps)])
    delta_z = backward(params, trace).delta_z * counts[:, np.newaxis, np.newaxis]
    layer = Recurrent(params.W_xh, params.W_hh, params.b_h)
    cuts = [t + 1 for t in range(steps - 1) if f"message[{t}]" in off]
    values = params._asdict() | {"h[-1]": h_init, "L": (trace.loss * counts).sum()}
    sums = dict.fromkeys(params._fields, 0.0)
    walked = {}
    for first, end in zip([0, *cuts], [*cuts, steps], strict=True):
        piece = recurrent_forward(layer, x[first:end], trace.states[first], activation)
        back = recurrent_backward(layer, piece, delta_z[first:end] @ params.W_hy.T)
        for t in range(first, end):
            walked[t] = {
                name: getattr(back, name)[t - first]
                for name in ("message", "delta_h", "delta_a", "delta_x")
            }
        if first == 0:
            values["delta_h_init"] = back.delta_h_init
    for t in reversed(range(steps)):
        values |= {f"{name}[{t}]": array for name, array in walked[t].items()}
        values[f"delta_z[{t}]"] = delta_z[t]
        shares = {
            "W_xh": x[t].T @ walked[t]["delta_a"],
            "W_hh": trace.h_prev[t].T @ walked[t]["delta_a"],
            "W_hy": trace.h[t].T @ delta_z[t],
            "b_h": walked[t]["delta_a"].sum(axis=0),
            "b_y": delta_z[t].sum(axis=0),
        }
        for name, share in shares.items():
            sums[name] = sums[name] + share
            values[f"gradient_{name}[{t}]"] = sums[name]
        for name in ("x", "a", "h", "z", "y_hat", "y"):
            values[f"{name}[{t}]"] = getattr(trace, name)[t]
        values[f"loss[{t}]"] = trace.loss[t] * counts[t]
    del values[f"message[{steps - 1}]"]  # nothing arrives there
    return values


def case_of(film):
    """Read from a film what its walk was given, and its activation."""
    values = {key: value.array for key, value in film.values.items() if is_given(film, key)}
    x, y = (np.stack([values[f"{name}[{t}]"] for t in range(film.T)]) for name in "xy")
    params = Parameters(**{name: values[name] for name in Parameters._fields})
    [squash] = {frame.equation[2] for frame in film.frames if frame.result == "h[0]"}
    activation = squash.strip("\\").removeprefix("mathrm{").rstrip("}")
    activation = "identity" if activation == "a[0]" else activation
    return Case(params, x, y, values["h[-1]"]), activation


def as_chosen(film, steps=None, off=(), changes=None):
    """Make the film that a reader must see after choosing: walk, numbers and sentences."""
    steps, changes = steps or film.T, changes or {}
    case, activation = case_of(film)
    params, *rest = chosen(case, steps, off, changes)
    trace = forward(params, *rest, activation=activation)
    walked = backward_frames(params, trace, backward(params, trace), film.symbols, film.title)
    numbers = expected(case, activation, steps, off, changes)
    forms = {".T": np.transpose, "**2": np.square, ">0": lambda h: (h > 0).astype(float)}
    for key in list(numbers):
        numbers |= {key + form: make(numbers[key]) for form, make in forms.items()}
    arrays = {key: numbers.get(key, value.array) for key, value in walked.values.items()}
    arrays = {key: np.where(array == 0, 0, array) for key, array in arrays.items()}  # no −0
    values = {key: value._replace(array=arrays[key]) for key, value in walked.values.items()}
    silent = {*off, *(key.replace("loss", "delta_z") for key in off)}

    made = {frame.result: frame.line.wording for frame in film.frames}

    def said(frame):
        wording = sentence_at(made[frame.result], frame.t or 0)
        words = fill(wording, arrays, [*map(visible, film.symbols)], frame.t == steps - 1, steps)
        if frame.result in silent:
            return f"{words} It is switched off, and counts as 0."
        return f"{words} You changed it." if frame.result in changes else words

    frames = tuple(frame._replace(sentence=said(frame)) for frame in walked.frames)
    return walked._replace(values=values, frames=frames)
