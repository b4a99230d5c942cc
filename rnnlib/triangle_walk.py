"""The lines of the triangle: the way there, row after row back, then the sums."""

from collections.abc import Iterator

from .triangle_sentences import triangle_sentences
from .walk import Line
from .wording import Sentence

# The slope of the activation at some step, from its state: for the equation, and its code.
SLOPES = {
    "tanh": (("1", "-", "{h}**2"), "1 - {h}**2"),
    "sigmoid": (("{h}", r"\odot", "(", "1", "-", "{h}", ")"), "{h} * (1 - {h})"),
    "relu": (("{h}>0",), "{h} > 0"),
    "identity": ((), ""),
}


def triangle_walk(T: int, n_y: int, activation: str) -> Iterator[tuple[Line, int | None]]:
    """
    List what is computed on the walk through the triangle, with its step.

    Parameters
    ----------
    T, n_y : int
        Number of steps, and of classes.
    activation : str
        Of the state.

    Yields
    ------
    tuple of (Line, int or None)
        Each line with its step; in the triangle that is the row.

    Examples
    --------
    >>> [line.result for line, t in triangle_walk(2, 5, "tanh") if t == 1][3:7]
    ['path_1[t]', 'cell_1[t]', 'state_jacobian[t]', 'path_0[t]']
    """
    said = triangle_sentences()
    begin, *there, jacobian = _lines(activation, said)
    yield begin, None
    for t in range(T):
        yield from ((line, t) for line in there)
    right, code = ("y_hat[t]", "-", "onehot[t]"), f"y_hat[t] - np.eye({n_y})[y[t]]"
    row = Line("backward", "delta_z[t]", right, f"delta_z[t] = {code}", said["delta_z"])
    for t in range(T):
        yield row, t
        for s in reversed(range(t + 1)):
            said = triangle_sentences(s, back=t - s)
            if s == t - 1:
                yield jacobian, t
            yield _path(t, s, said), t
            yield _cell(t, s, activation, said["cell"]), t
        yield _sum("per_loss[t]", [f"cell_{s}[{t}]" for s in range(t + 1)], said["per_loss"]), t
    losses, uses = ([f"{each}[{t}]" for t in range(T)] for each in ("per_loss", "per_step"))
    yield _sum("gradient_by_loss", losses, said["gradient_by_loss"]), None
    for s in range(T):
        cells = [f"cell_{s}[{t}]" for t in range(s, T)]
        yield _sum("per_step[t]", cells, triangle_sentences(s)["per_step"]), s
    yield _sum("gradient_W_hh", uses, said["gradient_W_hh"]), None


def _lines(activation: str, said: dict[str, Sentence]) -> Iterator[Line]:
    """Write the lines of the way there, and the Jacobian of a step."""
    right: tuple[str, ...] = ("x[t]", "W_xh", "+", "h[t-1]", "W_hh", "+", "b_h")
    code = "x[t] @ W_xh + h_prev[t] @ W_hh + b_h"
    if activation != "identity":
        phi = r"\tanh" if activation == "tanh" else rf"\mathrm{{{activation}}}"
        right = (phi, "(", *right, ")")
        code = f"{'np.tanh' if activation == 'tanh' else activation}({code})"
    logits = ("(", "h[t]", "W_hy", "+", "b_y", ")")
    slope, spelled = _slope(activation, "h[t]")
    diagonal = (r"\mathrm{diag}", "(", *slope, ")") if slope else ()
    call = f"np.diagflat({spelled}) @ " if slope else ""
    for phase, name, result, formula, line in (
        ("forward", "h_init", "h[-1]", (), "h_prev[0] = h_init"),
        ("forward", "h", "h[t]", right, f"h[t] = {code}"),
        (
            "forward",
            "y_hat",
            "y_hat[t]",
            (r"\mathrm{softmax}", *logits),
            "y_hat[t] = softmax(h[t] @ W_hy + b_y)",
        ),
        (
            "backward",
            "state_jacobian",
            "state_jacobian[t]",
            (*diagonal, "W_hh.T"),
            f"state_jacobian[t] = {call}W_hh.T",
        ),
    ):
        yield Line(phase, result, formula, line, said[name])


def _path(t: int, s: int, said: dict[str, Sentence]) -> Line:
    """Bring the row of a loss to its own step, or from there one step back."""
    name, step = f"path_{s}[t]", f"state_jacobian[{s + 1}]"
    if s == t:
        right, code, wording = ("delta_z[t]", "W_hy.T"), "delta_z[t] @ W_hy.T", said["own"]
    else:
        before = f"path_{s + 1}[t]"
        right, code, wording = (before, step), f"{before} @ {step}", said["path"]
    return Line("backward", name, right, f"{name} = {code}", wording)


def _cell(t: int, s: int, activation: str, wording: Sentence) -> Line:
    """Spell out the whole path of a cell: from the loss, one Jacobian a step, to the weights."""
    path = [f"path_{t}[{t}]", *(f"state_jacobian[{step}]" for step in range(t, s, -1))]
    slope, spelled = _slope(activation, f"h[{s}]")
    # The slope multiplies the row element by element, after all products.
    bent = (r"\odot", "(", *slope, ")") if slope else ()
    code = " @ ".join(path) + (f" * ({spelled})" if slope else "")
    right = (f"h[{s - 1}].T", "(", *path, *bent, ")")
    name = f"cell_{s}[t]"
    return Line("backward", name, right, f"{name} = h_prev[{s}].T @ ({code})", wording)


def _sum(result: str, terms: list[str], wording: Sentence) -> Line:
    """Add up cells, or sums of cells."""
    right = tuple(" + ".join(terms).split())
    return Line("backward", result, right, f"{result} = {' + '.join(terms)}", wording)


def _slope(activation: str, h: str) -> tuple[tuple[str, ...], str]:
    formula, code = SLOPES[activation]
    return tuple(part.replace("{h}", h) for part in formula), code.replace("{h}", h)
