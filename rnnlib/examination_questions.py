"""The questions that are asked of a forward and a backward pass, one after the other."""

from collections.abc import Callable
from copy import deepcopy

import numpy as np

from .comparisons import relative_error
from .examination import GRADIENTS, Case, End, Examination, by_name, loss_and_kept
from .forward_pass import forward as right_forward
from .naming import first_difference, name_mistake


def _does_it_run(exam: Examination) -> End | None:
    case = deepcopy(exam.cases[5])
    try:
        loss, _ = loss_and_kept(exam.forward, case)
        again = loss_and_kept(exam.forward, deepcopy(exam.cases[5]))[0]
    except Exception as error:
        exam.say("Does forward run?", "no")
        return End(f"forward stopped with {type(error).__name__}: {error}", "Mend forward first.")
    exam.say("Does forward run, and give one finite loss?", "yes" if np.isfinite(loss) else "no")
    if not np.isfinite(loss):
        return End(f"The loss is {loss}.", "Shift softmax by its largest logit.")
    same = again == loss and _same(case, exam.cases[5])
    exam.say("The same loss again, arguments untouched?", "yes" if same else "no")
    if not same:
        return End(
            "forward writes into its arguments, or rolls dice.",
            "Look for -=, +=, out= and dropout; no check means anything before that.",
        )
    return None


def _which_loss(exam: Examination) -> End | None:
    case = exam.cases[5]
    T, N = case.y.shape
    exam.ratio = exam.loss(5, case.params) / right_forward(*case).loss.sum()
    known = {
        1.0: "yes",
        1 / N: "its mean over N",
        1 / T: "its mean over T",
        1 / (T * N): "its mean",
    }
    for ratio, words in known.items():
        if abs(exam.ratio - ratio) < 1e-6:
            exam.ratio = ratio
            exam.say("Is it the sum of cross-entropies of this book?", words)
            return None
    exam.ratio = float("nan")
    exam.say("Is it the sum of cross-entropies of this book?", "no, another: no names then")
    return None


def _what_comes_back(exam: Examination) -> End | None:
    case = deepcopy(exam.cases[5])
    try:
        kept = loss_and_kept(exam.forward, case)[1]
        exam.answer = deepcopy(by_name(exam.backward(case.params, kept)))
        again = by_name(exam.backward(case.params, kept))
    except Exception as error:
        exam.say("Does backward run?", "no")
        return End(f"backward stopped with {type(error).__name__}: {error}", "Mend that line.")
    for name, like in case.params._asdict().items():
        got = exam.answer.get(name)
        if got is None or np.shape(got) != like.shape:
            exam.say("Five gradients of the right shapes?", f"not {name}")
            came = "nothing" if got is None else f"shape {np.shape(got)}"
            return End(f"{name}: expected shape {like.shape}, got {came}.", "Look at that line.")
    exam.say("Five gradients of the right shapes?", "yes")
    finite = [name for name in GRADIENTS if not np.isfinite(exam.answer[name]).all()]
    exam.say("All numbers finite?", f"not in {', '.join(finite)}" if finite else "yes")
    if finite:
        return End("There is NaN or infinity.", "Print each delta, from the last step on.")
    same = _same(case, exam.cases[5]) and all(
        np.array_equal(again[name], exam.answer[name]) for name in GRADIENTS
    )
    exam.say("The same from a second backward, nothing overwritten?", "yes" if same else "no")
    if not same:
        return End(
            "backward changes what forward kept: a second call gives something else.",
            "Look for an array that is changed in place; take a copy first.",
        )
    return None


def _is_it_the_slope(exam: Examination) -> End | None:
    exam.slopes = exam.measure(5)
    wrong = exam.wrong_arrays(exam.answer, exam.slopes)
    exam.say("5 steps: the measured slopes, array by array?", _but(wrong))
    if wrong:
        return None
    for T in (1, 7):
        wrong = exam.wrong_arrays(exam.gradient(T), exam.measure(T))
        exam.say(f"And with T = {T}?", _but(wrong))
        if wrong:
            return End(f"Right for 5 steps, wrong for T = {T}.", "Look for a length that is fixed.")
    return End("The gradient is that of the loss.", "Train with it.", right=True)


def _is_it_known(exam: Examination) -> End | None:
    if not np.isfinite(exam.ratio):
        return None
    case = exam.cases[5]
    gradient = {name: np.asarray(exam.answer[name]) / exam.ratio for name in GRADIENTS}
    known = name_mistake(case.params, right_forward(*case), gradient)
    exam.say("Is it what a known mistake gives?", known[0].name if known else "no")
    if not known:
        return None
    names = tuple(mistake.name for mistake in known)
    return End(known[0].sentence, f"Compare your line with {known[0].place}.", names)


def _is_it_a_multiple(exam: Examination) -> End | None:
    got, wanted = (
        np.concatenate([np.ravel(values[name]) for name in GRADIENTS])
        for values in (exam.answer, exam.slopes._asdict())
    )
    top, off = np.abs(got).max(), np.abs(got - wanted) > 1e-5 * np.abs(wanted).max()
    if off.sum() > 1 and np.allclose(np.abs(got[off]), top):
        exam.say("Is it a multiple of the slopes, or cut off?", "cut off")
        verdict = f"Every entry beyond {top:.4g} was cut off: somebody clips inside backward."
        return End(verdict, "Clip after the check, where the optimiser takes the gradient.")
    factor = float(got @ wanted / (wanted @ wanted))
    if factor == 0 or relative_error(got, factor * wanted) > 1e-5:
        exam.say("Is it a multiple of the slopes, or cut off?", "no")
        return None
    exam.say("Is it a multiple of the slopes, or cut off?", f"{factor:.4g} times")
    T, N = exam.cases[5].y.shape
    known = {N: "N", T: "T", T * N: "T · N"}
    for number, words in known.items():
        if abs(factor - number) < 1e-3:
            verdict = f"{words} times the slope: the loss is a mean, the gradient that of a sum."
            return End(verdict, f"Divide delta_z by {words}, or sum the loss.")
    verdict = f"Everything is {factor:.4g} times too large: the direction is right."
    return End(verdict, "Take clipping, weighting and learning rates out of backward.")


def _where_first(exam: Examination) -> End | None:
    case = exam.cases[5]
    names = {"delta_z", "message", "delta_h", "delta_a", "delta_x", "delta_h_init"}
    parts = {k: v for k, v in exam.answer.items() if k.split("[")[0] in names}
    if not parts or not np.isfinite(exam.ratio):
        exam.say("Did backward return deltas, too?", "no")
        return None
    parts |= {name: exam.answer[name] for name in GRADIENTS}
    scaled = {name: np.asarray(value) / exam.ratio for name, value in parts.items()}
    first = first_difference(case.params, right_forward(*case), scaled)
    exam.say(
        "Which value goes wrong first, from the last step on?", first.name if first else "none"
    )
    if first is None:
        return None
    advice = "All named before it is right: look at the lines between."
    return End(f"First wrong value: {first}.", advice)


def _where_else(exam: Examination) -> End:
    wrong = exam.wrong_arrays(exam.answer, exam.slopes)
    short = exam.wrong_arrays(exam.gradient(1), exam.measure(1))
    exam.say("1 step, where no message is: the measured slopes?", _but(short))
    if not short:
        where = "The message, or what is added up over steps: one step alone is right."
    elif {"W_hy", "b_y"} & set(wrong):
        where = "Begin at the top: the gradients of the output layer depend on delta_z alone."
    elif {"b_h"} & set(wrong):
        where = "The output layer is right: the mistake lies between delta_z and delta_a."
    else:
        where = f"delta_a is right: the mistake lies where {' and '.join(wrong)} is collected."
    return End(where, "Return delta_z, delta_h and delta_a as well, and examine again.")


# Each returns where the path ends, or None if the next question is to be asked.
QUESTIONS: tuple[Callable[[Examination], End | None], ...] = (
    _does_it_run,
    _which_loss,
    _what_comes_back,
    _is_it_the_slope,
    _is_it_known,
    _is_it_a_multiple,
    _where_first,
    _where_else,
)


def _but(wrong: list[str]) -> str:
    return f"not in {', '.join(wrong)}" if wrong else "yes"


def _same(case: Case, before: Case) -> bool:
    flat = ((*one.params, *one[1:]) for one in (case, before))
    return all(map(np.array_equal, *flat))
