"""What the live region says at each frame: plain words, with the numbers of the trace."""

import numpy as np

from .forward_pass import Trace
from .parameters import Parameters
from .printing import format_number, visible

DEEDS = {
    "tanh": "tanh squeezes every number into the range from −1 to 1",
    "sigmoid": "the sigmoid squeezes every number into the range from 0 to 1",
    "relu": "relu keeps what is positive and sets the rest to 0",
    "identity": "the identity changes nothing",
}


def forward_sentences(params: Parameters, trace: Trace, symbols: str = "") -> dict[str, str]:
    """
    Say what happens in each frame of a forward pass.

    Parameters
    ----------
    params : Parameters
        The parameters of the pass.
    trace : Trace
        What the pass stored.
    symbols : str, optional
        The character of each class; without it, classes are called by number.

    Returns
    -------
    dict of str to str
        A sentence or two for each key that a frame computes, such as ``"a[0]"``. In a
        batch they speak of the first sequence.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> x, y = rnnlib.next_character_task(["aba"], "ab")
    >>> forward_sentences(params, rnnlib.forward(params, x, y), "ab")["x[1]"]
    't = 1: the network reads ‘b’: a row of zeros with a single 1.'
    """
    T, N, n_y = trace.z.shape
    state = "given" if trace.h_init.any() else "zero"
    total, guess = float(trace.loss.sum()), T * N * float(np.log(n_y))
    said = {
        "h[-1]": f"Before the first step, the state is {state}. The parameters are set, "
        "and every step will use the same ones.",
        "L": f"All {T} steps are done: the total loss is {format_number(total)} nats. "
        f"Giving all {n_y} classes the same probability would cost {format_number(guess)}.",
    }
    for t in range(T):
        for key, words in _step(params, trace, symbols, t).items():
            words = words if N == 1 else f"in the first sequence, {words}"
            said[f"{key}[{t}]"] = f"t = {t}: {words}"
    return said


def _step(params: Parameters, trace: Trace, symbols: str, t: int) -> dict[str, str]:
    T, N, n_y = trace.z.shape
    z, y_hat, target = trace.z[t, 0], trace.y_hat[t, 0], int(trace.y[t, 0])

    def name(k: int) -> str:
        return f"‘{visible(symbols[k])}’" if symbols else f"class {k}"

    def number(value: float, digits: int = 2) -> str:
        return format_number(float(value), digits)

    reads = "the input of this step arrives."
    if symbols:
        reads = f"the network reads {name(trace.x[t, 0].argmax())}: a row of zeros with a single 1."
    j = int(np.abs(trace.a[t, 0]).argmax())  # the unit to speak of: the one with most to say
    from_x, from_h = trace.x[t, 0] @ params.W_xh[:, j], trace.h_prev[t, 0] @ params.W_hh[:, j]
    then = "This was the last state." if t == T - 1 else f"Step {t + 1} will read this state."
    given = number(y_hat[target], digits=4)
    cost = (
        f"The network gave it {given}, so this step costs −log {given}, "
        f"which is {number(trace.loss[t])} nats."
        if N == 1
        else f"It got {given}. All {N} sequences together cost {number(trace.loss[t])} nats."
    )
    return {
        "x": reads,
        "a": f"the input and the state before it meet. Unit {j} receives {number(from_x)} from the "
        f"input and {number(from_h)} from the state of t = {format_number(t - 1)}; "
        "the bias is added.",
        "h": f"{DEEDS[trace.activation]}: {number(trace.a[t, 0, j])} becomes "
        f"{number(trace.h[t, 0, j])}. {then}",
        "z": f"the state is read out as {n_y} logits. The largest is that of {name(z.argmax())}.",
        "y_hat": "softmax turns the logits into probabilities that add up to 1. "
        f"The best guess is {name(y_hat.argmax())}, with {number(y_hat.max())}.",
        "loss": f"what really comes next is {name(target)}. {cost}",
    }
