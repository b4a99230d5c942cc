"""What the live region says on the way back: plain words, with the numbers of the trace."""

from .forward_pass import Trace
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
        A sentence or two for each quantity that a frame computes, such as ``"delta_h"``,
        for any step t. In a batch they speak of the first sequence.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> backward_sentences(trace)["delta_x"].text.partition(":")[0]
    't = {t}, backward'
    """
    N = trace.x.shape[1]
    among = "" if N == 1 else f" The {N} sequences of the batch add up."
    own = "Unit {#j} hears {delta_z[t]·W_hy.T@j} from its own loss"
    widest = {"j": "widest delta_h[t]"}

    def say(words: str, picks: dict[str, str] | None = None, at_end: str = "") -> Sentence:
        start = "t = {t}, backward: "
        return Sentence(start + words, picks or {}, at_end and start + at_end)

    def share(words: str) -> Sentence:
        return say(
            f"{words}{among} What came from t = {{t+1}} and later stays.",
            at_end=f"{words}{among} With it the sum begins.",
        )

    return {
        "delta_z": say(
            "prediction minus target. The logit of {'k}, which came, is asked to rise "
            "({delta_z[t]@k}); all others are asked to fall.",
            {"k": "class y[t]"},
        ),
        "gradient_W_hy": share(
            "the weights to the logits get the share of step {t}: its state times δ of its logits."
        ),
        "gradient_b_y": share("the bias of the logits gets δ itself, since its input is 1."),
        "delta_h": say(
            f"two arrows meet. {own} and {{message[t]@j}} from t = {{t+1}}; together "
            "{delta_h[t]@j}.",
            widest,
            at_end=f"only its own loss speaks to the last state. {own}; no later step is there "
            "to report.",
        ),
        "delta_a": say(
            f"back through the activation, {SLOPES[trace.activation]}. For unit {{#j}}, "
            "{delta_h[t]@j} becomes {delta_a[t]@j}.",
            widest,
        ),
        "gradient_W_hh": share(
            "the recurrent weights get the share of step {t}: the state before it, that of "
            "t = {t-1}, times δ of its pre-activation."
        ),
        "gradient_W_xh": share(
            "the weights from the input get the share of step {t}: its input times δ."
        ),
        "gradient_b_h": share("the bias of the state gets δ itself, since its input is 1."),
        "delta_x": say(
            "how the loss would change with the input. A layer in front would go on from here."
        ),
        "message": say(
            "the message to t = {t-1} goes back along the recurrent arrow, through the transpose "
            "of the same weights. To unit {#j} it says {message[t-1]@j}.",
            {"j": "widest message[t-1]"},
        ),
        "delta_h_init": say(
            "the last message leaves the network: how the loss would change with the state "
            "before the first step. The walk is done."
        ),
    }
