"""What the live region says at each frame of the way there: plain words, with real numbers."""

import math

from .forward_pass import Trace
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
        A sentence or two for each quantity that a frame computes, such as ``"a"``, for any
        step t. In a batch they speak of the first sequence.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> forward_sentences(trace, "ab")["x"].text
    "t = {t}: the network reads {'k}: a row of zeros, with a single 1 in its column."
    """
    _, N, n_y = trace.z.shape
    state = "given" if trace.h_init.any() else "zero"
    squeezed = f"{DEEDS[trace.activation]}: {{a[t]@j}} becomes {{h[t]@j}}."
    judged = (
        "The network gave it {y_hat[t]@k:4} ({y_hat[t]@k} in the table), so this step costs −log "
        "{y_hat[t]@k:4}, which is {loss[t]} nats."
        if N == 1
        else f"It got {{y_hat[t]@k:4}} ({{y_hat[t]@k}} in the table). All {N} sequences together "
        "cost {loss[t]} nats."
    )
    widest = {"j": "widest a[t]"}  # the unit to speak of: the one with most to say
    start = "t = {t}: " + ("" if N == 1 else "in the first sequence, ")

    def say(words: str, picks: dict[str, str], at_end: str = "") -> Sentence:
        return Sentence(start + words, picks, at_end and start + at_end)

    return {
        "h_init": Sentence(
            f"Before the first step, the state h_−1 is {state}. The parameters are set, and every "
            "step will use the same ones. In the code, h_prev is h one step earlier."
        ),
        "x": say(
            "the network reads {'k}: a row of zeros, with a single 1 in its column.",
            {"k": "largest x[t]"},
        )
        if symbols
        else say("the input of this step arrives.", {}),
        "a": say(
            "the input and the state before it meet. Unit {#j} receives {x[t]·W_xh@j} from the "
            "input, {h[t-1]·W_hh@j} from the state of t = {t-1}, and {b_h@j} as its bias."
            + (" A one-hot row picks one row of W_xh." if symbols else ""),
            widest,
        ),
        "h": say(
            f"{squeezed} Step {{t+1}} will read this state.",
            widest,
            at_end=f"{squeezed} This was the last state.",
        ),
        "z": say(
            f"the state is read out as {n_y} logits: one score for each "
            f"{'symbol' if symbols else 'class'}, of any size and sign.",
            {},
        ),
        "y_hat": say(
            "softmax turns the logits into probabilities that add up to 1. "
            "The best guess is {'k}, with {y_hat[t]@k}.",
            {"k": "largest y_hat[t]"},
        ),
        "loss": say(f"what really comes next is {{'k}}. {judged}", {"k": "class y[t]"}),
        "L": Sentence(
            f"All steps are done: the total loss is {{L}} nats. With every loss counted, the same "
            f"probability for all {n_y} classes would cost {{T*{N * math.log(n_y):.6f}}}."
        ),
    }
