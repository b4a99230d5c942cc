"""BPTT = RTRL = tape = complex step = sympy: by parameter, and by every value on the way."""

import numpy as np
import pytest

from networks import LENGTHS
from oracle_report import DRAWS, ORACLES, ask, errors, markdown, of_bptt, of_rtrl
from rnnlib import ACTIVATIONS, Parameters
from rnnlib.bptt import BackwardTrace
from rnnlib.comparisons import compare, relative_error
from rnnlib.nudges import complex_step_derivatives, nudged_run
from rnnlib.oracles import tape_derivatives
from rnnlib.truncation import truncated_backward

# Each number is a sum of some hundred products of size 1 to 10, good to 1e-14 or so of the
# largest of its array. The promise of the book is 1e-10.
TOLERANCE = 1e-10

GRADIENT = {f"gradient {name}" for name in Parameters._fields}
BACK = {*BackwardTrace._fields} - {"gradient"} | GRADIENT
OF_EACH_LOSS = {f"gradient of a loss {name}" for name in Parameters._fields}
OF_EACH_STEP = {
    f"{part} {name}"
    for part in ("share of a step", "cell of the triangle")
    for name in Parameters._fields
}
INFLUENCE = {f"influence {name}" for name in ("W_xh", "W_hh", "b_h", "h_init")}
KNOWN = {
    "tape": BACK | OF_EACH_LOSS | OF_EACH_STEP,
    "complex step": BACK | OF_EACH_LOSS | OF_EACH_STEP | INFLUENCE,
    "sympy": BACK,
    "RTRL": GRADIENT | OF_EACH_LOSS | {"delta_h_init"},
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("draw", DRAWS)
def test_every_oracle_agrees_on_every_quantity(draw, T, activation):
    found = errors(ask(draw, T, activation))
    assert set(found) == {(quantity, name) for name in ORACLES for quantity in KNOWN[name]}
    far = {key: error for key, error in found.items() if not error <= TOLERANCE}
    assert not far


def test_nothing_that_is_compared_is_zero_but_where_it_must_be():
    """Two zeros agree, and prove nothing."""
    said = of_bptt(ask(0, 7, "tanh"))
    assert all(array.any() for array in said.values())
    assert not of_bptt(ask(0, 1, "tanh"))["message"].any()


@pytest.mark.parametrize("quantity", sorted(of_bptt(ask(0, 7, "tanh"))))
def test_one_number_off_by_a_millionth_is_seen(quantity):
    said = of_bptt(ask(0, 7, "tanh"))[quantity]
    wrong = said.copy()
    wrong.flat[np.abs(wrong).argmax()] *= 1 + 1e-6
    assert not relative_error(wrong, said) <= TOLERANCE


def test_the_report_has_a_cell_for_each_oracle_and_quantity():
    found = {("delta_z", "tape"): 1.4e-16, ("delta_z", "sympy"): 3e-15, ("message", "tape"): 0.0}
    assert markdown(found).splitlines()[-2:] == [
        "|delta_z|1e-16|–|3e-15|–|",
        "|message|0e+00|–|–|–|",
    ]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("detach_at", [(0,), (3,), (2, 4, 6), range(7)])
def test_detaching_on_the_tape_drops_the_imaginary_part(detach_at, activation):
    case = ask(1, 7, activation).case
    tape = tape_derivatives(*case, activation, detach_at=detach_at)
    nudged = complex_step_derivatives(*case, activation, detach_at=detach_at)
    assert compare(tape, nudged).passes(TOLERANCE)
    # Who is not heard gets no message, and everybody else does.
    heard = [bool(message.any()) for message in tape.back.message]
    assert heard == [t + 1 < 7 and t + 1 not in detach_at for t in range(7)]
    assert tape.back.delta_h_init.any() == (0 not in detach_at)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("every", "reach"), [(1, 1), (1, 3), (2, 2), (2, 5), (3, 4), (7, 7)])
def test_truncated_bptt_is_the_tape_with_the_state_detached(every, reach, activation):
    case, _, trace = ask(2, 7, activation)
    blocks = []
    for first in range(0, 7, every):
        in_block = (np.arange(7) // every == first // every).astype(float)
        cut = max(0, first + every - reach)  # the first step that the block reaches
        blocks.append(tape_derivatives(*case, activation, in_block, detach_at=[cut]).back.gradient)
    wanted = Parameters(*(sum(arrays) for arrays in zip(*blocks, strict=True)))
    got = truncated_backward(case.params, trace, every, reach)
    assert compare(got, wanted).passes(TOLERANCE)


def test_the_weight_of_a_loss_is_a_factor():
    case = ask(0, 7, "tanh").case
    weight = np.random.default_rng(0).standard_normal(7)
    tape = tape_derivatives(*case, loss_weight=weight)
    assert compare(complex_step_derivatives(*case, loss_weight=weight), tape).passes(TOLERANCE)
    rows = [tape_derivatives(*case, loss_weight=row).back.gradient for row in np.diag(weight)]
    added = Parameters(*(sum(arrays) for arrays in zip(*rows, strict=True)))
    assert compare(tape.back.gradient, added).passes(TOLERANCE)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_is_nudged_is_what_forward_computes(activation):
    case, _, trace = ask(0, 7, activation)
    run = nudged_run(*case, activation, {})
    assert relative_error(run.h[0], trace.h) <= TOLERANCE
    assert relative_error(run.loss[0], trace.loss) <= TOLERANCE


# float32 rounds each result by at most u = 2**-24 of its size, and a sum of n products by n u
# of theirs. The longest way to a number of the gradient goes through T steps, in each of
# which n_x + n_h + 1 numbers are added up for a_t; then through n_h + 1 for a logit, n_y for
# softmax and n_y for delta_h; then back through T steps with sums of n_h; and at last through
# the sum over T N rows. tanh and the rest, each good to a few u, and the products by a slope
# add some 10 to a step. So many roundings in a row, all of one sign, would make the tolerance;
# they are of both signs, which leaves room for what grows on the way.
def float32_tolerance(T, N, n_x, n_h, n_y):
    """Count the roundings in a row."""
    forwards = T * (n_x + n_h + 1 + 10)
    at_the_loss = (n_h + 1) + n_y + n_y + 10
    backwards = T * (n_h + 10)
    return (forwards + at_the_loss + backwards + T * N) * 2.0**-24


def terms_of(quantity, exact):
    """List what is added up: a sum can only be as good as its terms, even where they cancel."""
    kind, _, name = quantity.partition(" ")
    return exact.get(f"share of a step {name}", []) if kind == "gradient" else []


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("draw", DRAWS)
def test_float32_is_as_near_as_its_roundings_allow(draw, T, activation):
    question = ask(draw, T, activation, np.float32)
    params, x, _, _ = question.case
    tolerance = float32_tolerance(*x.shape, *params.W_hy.shape)
    exact = ORACLES["complex step"](question)
    for of_float32 in (of_bptt, of_rtrl):
        for quantity, got in of_float32(question).items():
            wanted = exact[quantity]
            terms = [*terms_of(quantity, exact)] or [wanted]
            allowed = tolerance * sum(map(np.linalg.norm, terms))
            error = np.linalg.norm(got - wanted)
            assert error <= allowed, f"{quantity}: {error:.1e} is above {allowed:.1e}"
            # And it is seen if one term is a thousandth too large.
            too_much = 1e-3 * max(terms, key=np.linalg.norm)
            assert not (wanted.any() and np.linalg.norm(got + too_much - wanted) <= allowed)


def test_oracles_work_in_float64_whatever_they_are_given():
    case = ask(0, 7, "tanh", np.float32).case
    tape, nudged = tape_derivatives(*case), complex_step_derivatives(*case)
    assert compare(tape, nudged).passes(TOLERANCE)
