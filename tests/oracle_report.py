"""How far every oracle is from what rnnlib computes, for every quantity that it knows.

`python tests/oracle_report.py` prints the table; `test_oracles.py` holds it to a limit.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from networks import LENGTHS, Case, random_case
from rnnlib import ACTIVATIONS, Parameters, Trace, forward
from rnnlib.bptt import backward, per_step
from rnnlib.comparisons import relative_error
from rnnlib.nudges import STEP, complex_step_derivatives, nudged_run
from rnnlib.oracles import Derivatives, tape_derivatives
from rnnlib.paths import triangle
from rnnlib.records import arrays_of
from rnnlib.rtrl import Influence, influences, rtrl
from rnnlib.symbolic_bptt import symbolic_gradient

DRAWS = range(3)


class Question(NamedTuple):
    """One case, and the forward pass that rnnlib makes of it."""

    case: Case
    activation: str
    trace: Trace


def ask(draw, T, activation, dtype=np.float64):
    """Draw the sizes, then the numbers of a case."""
    # Pairwise different, so that no transpose can pass; small, for sympy writes all of it out.
    N, n_x, n_h, n_y = np.random.default_rng(draw).permutation([2, 3, 5, 7, 11])[:4]
    case = random_case(draw, T, N, n_x, n_h, n_y, dtype)
    trace = forward(*case, activation)
    assert np.abs(trace.a).min() > 1e-4, "relu has no derivative at 0, nor near it in float32"
    return Question(case, activation, trace)


def questions():
    """List every question: some draws of the sizes, every length, every activation."""
    return [ask(*setting) for setting in product(DRAWS, LENGTHS, ACTIVATIONS)]


def under(name, record):
    """Name every array of a record, in a group of that name."""
    return {f"{name} {key}": array for key, array in arrays_of(name, record).items()}


def named(derivatives):
    """Name all that an oracle says about one network."""
    found = arrays_of("back", derivatives.back)
    found = {key.replace("gradient.", "gradient "): array for key, array in found.items()}
    return found | under("share of a step", derivatives.shares)


def of_bptt(question):
    """What rnnlib computes: all that the oracles are asked for, but for one thing."""
    params, trace = question.case.params, question.trace
    back, cells = backward(params, trace), triangle(params, trace)
    return (
        named(Derivatives(back, per_step(trace, back)))
        | under("cell of the triangle", cells)
        # A row of the triangle: one loss, through all steps.
        | under("gradient of a loss", Parameters(*(array.sum(axis=1) for array in cells)))
    )


def of_rtrl(question):
    """What goes forward with the state: no deltas, but influences."""
    params, trace = question.case.params, question.trace
    found = rtrl(params, trace)
    stacked = map(np.stack, zip(*influences(params, trace), strict=True))
    return (
        {"delta_h_init": found.delta_h_init}
        | under("gradient", found.gradient)
        | under("gradient of a loss", found.per_loss)
        | under("influence", Influence(*stacked))
    )


def of_tape(question):
    """What the tape says; one loss at a time for the rows of the triangle."""
    case, activation, trace = question
    rows = [tape_derivatives(*case, activation, weight) for weight in np.eye(len(trace.x))]
    cells = map(np.stack, zip(*(row.shares for row in rows), strict=True))
    per_loss = map(np.stack, zip(*(row.back.gradient for row in rows), strict=True))
    return (
        named(tape_derivatives(*case, activation))
        | under("cell of the triangle", Parameters(*cells))
        | under("gradient of a loss", Parameters(*per_loss))
    )


def of_complex_step(question):
    """What the losses and the states do when every number is nudged."""
    case, activation, trace = question
    T = len(trace.x)

    def nudged(name, shape, uses=1):
        """Put what each state and each loss does first, and the number that was nudged last."""
        size = np.prod(shape)
        nudge = 1j * STEP * np.eye(size).reshape(size, *shape).repeat(uses, axis=1)
        run = nudged_run(*case, activation, {name: nudge})
        return (
            (part.imag / STEP).transpose(*range(1, part.ndim), 0).reshape(*part.shape[1:], *shape)
            for part in run
        )

    cells, per_loss, influence = {}, {}, {}
    for name, array in case.params._asdict().items():
        _, cells[name] = nudged(name, (T, *array.shape))
        of_states, of_losses = nudged(name, (1, *array.shape), uses=T)
        per_loss[name] = of_losses[:, 0]
        if name in Influence._fields:
            influence[name] = of_states[:, :, :, 0]
    of_states, _ = nudged("h_init", (1, *case.h_init.shape))
    influence["h_init"] = np.einsum("tnjnk->tnjk", of_states[:, :, :, 0])  # its own sample
    return (
        named(complex_step_derivatives(*case, activation))
        | under("cell of the triangle", cells)
        | under("gradient of a loss", per_loss)
        | under("influence", influence)
    )


def of_sympy(question):
    """What sympy's derivatives of the four lines of a step say."""
    back = symbolic_gradient(*question.case, question.activation)
    found = arrays_of("back", back)
    return {key.replace("gradient.", "gradient "): array for key, array in found.items()}


ORACLES = {
    "tape": of_tape,
    "complex step": of_complex_step,
    "sympy": of_sympy,
    "RTRL": of_rtrl,
}


def errors(question):
    """Compare everybody with BPTT; and with RTRL, where BPTT has nothing to say."""
    said = {name: oracle(question) for name, oracle in ORACLES.items()}
    wanted = said["RTRL"] | of_bptt(question)
    return {
        (quantity, name): relative_error(got, wanted[quantity])
        for name, quantities in said.items()
        for quantity, got in quantities.items()
        if got is not wanted[quantity]
    }


def worst_errors():
    """Take the largest error of every oracle, for every quantity, over all questions."""
    worst = {}
    for question in questions():
        for key, error in errors(question).items():
            worst[key] = max(error, worst.get(key, 0.0))
    return worst


def markdown(worst):
    """Write the table: a dash where an oracle does not say."""
    lines = ["| |" + "|".join(ORACLES) + "|", "|---" * (len(ORACLES) + 1) + "|"]
    for quantity in dict.fromkeys(quantity for quantity, _ in worst):
        cells = [worst.get((quantity, name)) for name in ORACLES]
        lines.append(
            f"|{quantity}|" + "|".join("–" if e is None else f"{e:.0e}" for e in cells) + "|"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown(worst_errors()))
