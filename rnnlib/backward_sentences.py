"""What the live region says on the way back: plain words, with the numbers of the trace."""

import numpy as np

from .bptt import BackwardTrace
from .forward_pass import Trace
from .parameters import Parameters
from .printing import format_number, visible

WHERE = {
    "tanh": "1 − h², small where tanh is flat",
    "sigmoid": "h (1 − h), small where the sigmoid is flat",
    "relu": "1 where relu let the number through, else 0",
    "identity": "1 everywhere",
}


def backward_sentences(
    params: Parameters, trace: Trace, back: BackwardTrace, symbols: str = ""
) -> dict[str, str]:
    """
    Say what happens in each frame of the walk back.

    Parameters
    ----------
    params : Parameters
        The parameters of both passes.
    trace : Trace
        What the forward pass stored.
    back : BackwardTrace
        What the backward pass computed.
    symbols : str, optional
        The character of each class; without it, classes are called by number.

    Returns
    -------
    dict of str to str
        A sentence or two for each key that a frame computes, such as ``"delta_h[0]"``.
        In a batch they speak of the first sequence.

    Examples
    --------
    >>> import rnnlib
    >>> from rnnlib.bptt import backward
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> said = backward_sentences(params, trace, backward(params, trace), "ab")
    >>> said["message[0]"].partition(":")[0]
    't = 1, backward'
    """
    said = {}
    for t in reversed(range(len(trace.x))):
        for key, words in _step(params, trace, back, symbols, t).items():
            said[key] = f"t = {t}, backward: {words}"
    return said


def _number(value: float) -> str:
    return format_number(float(value))


def _step(
    params: Parameters, trace: Trace, back: BackwardTrace, symbols: str, t: int
) -> dict[str, str]:
    T, N, _ = trace.x.shape
    last, target = t == T - 1, int(trace.y[t, 0])
    k, j = int(trace.z[t, 0].argmax()), int(np.abs(back.delta_h[t, 0]).argmax())
    own = back.delta_z[t, 0] @ params.W_hy[j]
    heard, slope = back.message[t, 0, j], back.delta_a[t, 0, j] / (back.delta_h[t, 0, j] or 1)

    def name(i: int) -> str:
        return f"‘{visible(symbols[i])}’" if symbols else f"class {i}"

    among = " The batch adds up." if N > 1 else ""
    first = "Here each gradient begins." if last else f"What came from t = {t + 1} on stays."
    if last:
        arrows = (
            f"only its own loss speaks to the last state. Unit {j} hears {_number(own)}; "
            "no later step is there to report."
        )
    else:
        arrows = (
            f"two arrows meet. Unit {j} hears {_number(own)} from its own loss and "
            f"{_number(heard)} from t = {t + 1}; together {_number(back.delta_h[t, 0, j])}."
        )
    to = (
        {f"message[{t - 1}]": f"the message to t = {t - 1} goes back over the recurrent arrow, "
        "through the transpose of the same weights."}
        if t
        else {"delta_h_init": "the last message leaves the network: it says how the loss would "
        "change with the state before the first step. The walk is done."}
    )  # fmt: skip
    return {
        f"delta_z[{t}]": f"prediction minus target. The logit of {name(target)} should rise "
        f"({_number(back.delta_z[t, 0, target])})"
        + (
            "."
            if k == target
            else f", that of {name(k)} should fall ({_number(back.delta_z[t, 0, k])})."
        ),
        f"gradient_W_hy[{t}]": f"step {t} adds its share to the output weights: the state times "
        f"δ of the logits. {first}{among}",
        f"gradient_b_y[{t}]": f"the bias of the logits gets δ itself, since its input is 1.{among}",
        f"delta_h[{t}]": arrows,
        f"delta_a[{t}]": f"back through the activation: times {WHERE[trace.activation]}. Unit {j} "
        f"keeps {_number(slope)} of it.",
        f"gradient_W_hh[{t}]": f"step {t} adds its share to the recurrent weights: the state "
        f"**before** it, of t = {format_number(t - 1)}, times δ. {first}{among}".replace("**", ""),
        f"gradient_W_xh[{t}]": f"step {t} adds its share to the input weights: its input times δ. "
        f"{first}{among}",
        f"gradient_b_h[{t}]": f"the bias of the state gets δ itself, since its input is 1.{among}",
        f"delta_x[{t}]": "how the loss would change with the input; a layer in front would go "
        "on from here.",
        **to,
    }
