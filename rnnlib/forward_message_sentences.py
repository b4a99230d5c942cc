"""What the live region says of forward messages: plain words, with numbers and what they cost."""

from .forward_pass import Trace
from .wording import Sentence

SLOPES = {
    "tanh": "the slope of tanh is 1 − h²",
    "sigmoid": "the slope of the sigmoid is h (1 − h)",
    "relu": "the slope of relu is 1 where it let the number through, else 0",
    "identity": "the slope of the identity is 1",
}


def forward_message_sentences(trace: Trace) -> dict[str, Sentence]:
    """
    Say what happens in each frame of a walk with forward messages.

    Parameters
    ----------
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity that a frame computes, such as ``"influence"``,
        for any step t; those of the first step, where nothing has been carried, begin with
        ``"first "``.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> forward_message_sentences(trace)["delta_z"].text[:32]
    't = {t}: prediction minus target'
    """
    start = "t = {t}: "
    # Two lines on a wide page and four on a phone: no frame is taller than another.
    cost = (
        "For all weights, {count_forward[t]:0} multiplications so far; "
        "{count_carried[t]:0} numbers are carried, whatever T."
    )
    complete = (
        f"{start}the gradient is complete, with no walk back. BPTT has one, of "
        "{count_back[t]:0} multiplications, and keeps {count_kept[t]:0} numbers; forward "
        "messages took {count_forward[t]:0}, and carried {count_carried[t]:0} numbers."
    )
    return {
        "reach": Sentence(
            f"{start}how much the state follows its pre-activation: {SLOPES[trace.activation]}. "
            "It stands on a diagonal, since a unit follows its own pre-activation only."
        ),
        "immediate": Sentence(
            start + "what W_hh does in this one step, the old state held fixed. Column i→j is the "
            "weight from unit i to unit j; it carries h of unit i, {h[t-1]@j} for unit {#j}.",
            {"j": "widest h[t-1]"},
        ),
        "state_jacobian": Sentence(
            start + "how the state follows the state before it: through the recurrent weights, "
            "times the slope. It carries on what moved the state of t = {t-1}."
        ),
        "first influence": Sentence(
            f"{start}the influence of W_hh on the state; nothing came before. {cost}"
        ),
        "influence": Sentence(
            start + "the immediate influence, and the message from t = {t-1}, which can now be "
            "forgotten. " + cost
        ),
        "delta_z": Sentence(
            start + "prediction minus target, at once: the logit of {'k}, which came, is asked to "
            "rise ({delta_z[t]@k}); all others are asked to fall.",
            {"k": "class y[t]"},
        ),
        "first gradient_W_hh": Sentence(
            start + "what the loss says of the state, times how each weight influenced the state. "
            "The gradient begins, and no later step needs to be known.",
            at_end=complete,
        ),
        "gradient_W_hh": Sentence(
            start + "this loss adds its share: what it says of the state, times how each weight "
            "influenced the state. If this were the last step, this would be the gradient.",
            at_end=complete,
        ),
        "delta_a": Sentence(
            "t = {t}, backward, as BPTT does: δ of the pre-activation comes from the loss of this "
            "step and, through the recurrent weights, from t = {t+1}. For unit {#j} it is "
            "{delta_a[t]@j}.",
            {"j": "widest delta_a[t]"},
            at_end="t = {t}, backward: now BPTT, to compare. It begins at the end, where δ of the "
            "pre-activation comes from the loss of this step alone. For unit {#j} it is "
            "{delta_a[t]@j}.",
        ),
        "bptt_W_hh": Sentence(
            "BPTT's gradient: each state before a step times δ of the step, all steps together. "
            "It stands in one row too, a column for each weight from i to j."
        ),
        "difference": Sentence(
            "Forward messages and BPTT meet at the same numbers: they differ by {difference@j} at "
            "most. One sum over all paths, taken in two orders.",
            {"j": "widest difference"},
        ),
    }
