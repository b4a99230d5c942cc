"""What the live region says on the way back: plain words, with the numbers of the trace."""

from .forward_pass import Trace
from .printing import format_number
from .wording import Sentence

SLOPES = {
    "tanh": "times 1 − h², which is small where tanh is flat",
    "sigmoid": "times h (1 − h), which is small where the sigmoid is flat",
    "relu": "times 1 where relu let the number through, else 0",
    "identity": "whose slope is 1 everywhere",
}


def backward_sentences(trace: Trace) -> dict[str, Sentence]:
    """
    Say what happens in each frame of the walk back.

    Parameters
    ----------
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each key that a frame computes, such as ``"delta_h[0]"``.
        In a batch they speak of the first sequence.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> backward_sentences(trace)["delta_x[1]"].text.partition(":")[0]
    't = 1, backward'
    """
    said = {}
    for t in range(len(trace.x)):
        for key, sentence in _step(trace, t).items():
            start = f"t = {t}, backward: "
            at_end = sentence.at_end and start + sentence.at_end
            said[key] = Sentence(start + sentence.text, sentence.picks, at_end)
    return said


def _step(trace: Trace, t: int) -> dict[str, Sentence]:
    T, N, _ = trace.x.shape
    widest = {"j": f"widest delta_h[{t}]"}
    own = f"Unit {{#j}} hears {{delta_z[{t}]·W_hy.T@j}} from its own loss"
    alone = f"only its own loss speaks to the last state. {own}; no later step is there to report."
    meet = f"two arrows meet. {own} and {{message[{t}]@j}} from t = {t + 1}"
    together = f"{meet}; together {{delta_h[{t}]@j}}."
    among = "" if N == 1 else f" The {N} sequences of the batch add up."
    to = f"message[{t - 1}]" if t else "delta_h_init"
    leaves = (
        f"the message to t = {t - 1} goes back along the recurrent arrow, through the transpose "
        f"of the same weights. To unit {{#j}} it says {{{to}@j}}."
        if t
        else "the last message leaves the network: how the loss would change with the state "
        "before the first step. The walk is done."
    )

    def share(words: str) -> Sentence:
        return Sentence(
            f"{words}{among} What came from t = {t + 1} and later stays.",
            at_end=f"{words}{among} With it the sum begins.",
        )

    return {
        f"delta_z[{t}]": Sentence(
            "prediction minus target. The logit of {'k}, which came, is asked to rise "
            f"({{delta_z[{t}]@k}}); all others are asked to fall.",
            {"k": f"class y[{t}]"},
        ),
        f"gradient_W_hy[{t}]": share(
            f"the weights to the logits get the share of step {t}: its state times δ of its logits."
        ),
        f"gradient_b_y[{t}]": share("the bias of the logits gets δ itself, since its input is 1."),
        f"delta_h[{t}]": Sentence(together if t < T - 1 else alone, widest, at_end=alone),
        f"delta_a[{t}]": Sentence(
            f"back through the activation, {SLOPES[trace.activation]}. For unit {{#j}}, "
            f"{{delta_h[{t}]@j}} becomes {{delta_a[{t}]@j}}.",
            widest,
        ),
        f"gradient_W_hh[{t}]": share(
            f"the recurrent weights get the share of step {t}: the state before it, that of "
            f"t = {format_number(t - 1)}, times δ of its pre-activation."
        ),
        f"gradient_W_xh[{t}]": share(
            f"the weights from the input get the share of step {t}: its input times δ."
        ),
        f"gradient_b_h[{t}]": share("the bias of the state gets δ itself, since its input is 1."),
        f"delta_x[{t}]": Sentence(
            "how the loss would change with the input. A layer in front would go on from here."
        ),
        to: Sentence(leaves, {"j": f"widest {to}"}),
    }
