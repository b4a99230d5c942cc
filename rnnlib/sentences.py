"""What the live region says at each frame of the way there: plain words, with real numbers."""

import math

from .forward_pass import Trace
from .printing import format_number, visible
from .wording import Sentence

DEEDS = {
    "tanh": "tanh squeezes every number into the range from −1 to 1",
    "sigmoid": "the sigmoid squeezes every number into the range from 0 to 1",
    "relu": "relu keeps what is positive and sets the rest to 0",
    "identity": "the identity changes nothing",
}


def forward_sentences(trace: Trace, symbols: str = "") -> dict[str, Sentence]:
    """
    Say what happens in each frame of a forward pass.

    Parameters
    ----------
    trace : Trace
        What the pass stored.
    symbols : str, optional
        The character of each class, if the inputs are characters.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each key that a frame computes, such as ``"a[0]"``. In a
        batch they speak of the first sequence.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> x, y = rnnlib.next_character_task(["aba"], "ab")
    >>> forward_sentences(rnnlib.forward(params, x, y), "ab")["x[1]"].text
    't = 1: the network reads ‘b’: a row of zeros with a single 1.'
    """
    T, N, n_y = trace.z.shape
    state = "given" if trace.h_init.any() else "zero"
    guess = format_number(math.log(n_y))
    said = {
        "h[-1]": Sentence(
            f"Before the first step, the state is {state}. The parameters are set, "
            "and every step will use the same ones."
        ),
        "L": Sentence(
            f"All steps are done: the total loss is {{L}} nats. Giving all {n_y} classes the "
            f"same probability would cost {guess} for each target."
        ),
    }
    for t in range(T):
        for key, sentence in _step(trace, symbols, t).items():
            start = f"t = {t}: " + ("" if N == 1 else "in the first sequence, ")
            at_end = sentence.at_end and start + sentence.at_end
            said[f"{key}[{t}]"] = Sentence(start + sentence.text, sentence.picks, at_end)
    return said


def _step(trace: Trace, symbols: str, t: int) -> dict[str, Sentence]:
    _, N, n_y = trace.z.shape
    reads = "the input of this step arrives."
    if symbols:
        letter = visible(symbols[trace.x[t, 0].argmax()])
        reads = f"the network reads ‘{letter}’: a row of zeros with a single 1."
    squeezed = f"{DEEDS[trace.activation]}: {{a[{t}]@j}} becomes {{h[{t}]@j}}."
    given, cost = f"{{y_hat[{t}]@k:4}}", f"{{loss[{t}]}}"
    judged = (
        f"The network gave it {given}, so this step costs −log {given}, which is {cost} nats."
        if N == 1
        else f"It got {given}. All {N} sequences together cost {cost} nats."
    )
    widest = {"j": f"widest a[{t}]"}  # the unit to speak of: the one with most to say
    return {
        "x": Sentence(reads),
        "a": Sentence(
            f"the input and the state before it meet. Unit {{#j}} receives {{x[{t}]·W_xh@j}} from "
            f"the input and {{h[{t - 1}]·W_hh@j}} from the state of t = {format_number(t - 1)}; "
            "the bias is added.",
            widest,
        ),
        "h": Sentence(
            f"{squeezed} Step {t + 1} will read this state.",
            widest,
            at_end=f"{squeezed} This was the last state.",
        ),
        "z": Sentence(
            f"the state is read out as {n_y} logits. The largest is that of {{'k}}.",
            {"k": f"largest z[{t}]"},
        ),
        "y_hat": Sentence(
            "softmax turns the logits into probabilities that add up to 1. "
            f"The best guess is {{'k}}, with {{y_hat[{t}]@k}}.",
            {"k": f"largest y_hat[{t}]"},
        ),
        "loss": Sentence(f"what really comes next is {{'k}}. {judged}", {"k": f"class y[{t}]"}),
    }
