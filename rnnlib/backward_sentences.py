"""What the live region says on the way back: plain words, with the numbers of the trace."""

from .forward_pass import Trace
from .wording import Sentence

# Back through the activation; with tanh, the units with the steepest and the flattest slope speak.
SLOPES = {
    "tanh": "times 1 − h², the slope of tanh: small where tanh is flat. Unit {#s}, with h "
    "nearest to 0, keeps most: {delta_h[t]@s} becomes {delta_a[t]@s}. "
    "Unit {#j}, furthest from 0, keeps least: {delta_h[t]@j} becomes {delta_a[t]@j}.",
    "sigmoid": "times h (1 − h), the slope of the sigmoid, which is 1/4 at most. For unit {#d}, "
    "{delta_h[t]@d} becomes {delta_a[t]@d}.",
    "relu": "times 1 where relu let the number through, else 0. For unit {#d}, {delta_h[t]@d} "
    "becomes {delta_a[t]@d}.",
    "identity": "whose slope is 1 everywhere. For unit {#d}, {delta_h[t]@d} becomes "
    "{delta_a[t]@d}.",
}
COMPLETE = {  # said of a sum at step 0, where it has all its shares
    "W_hy": " That was the last share: G now is dL/dW_hy.",
    "b_y": " That was the last share: G now is dL/db_y.",
    "W_hh": " Where the state before the first step is 0, it adds 0. That was the last share: "
    "with no arrow cut, G now is dL/dW_hh.",
    "W_xh": " That was the last share: with no arrow cut, G now is dL/dW_xh.",
    "b_h": " That was the last share: with no arrow cut, G now is dL/db_h.",
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
        A few sentences for each quantity that a frame computes, such as ``"delta_h"``, for
        any step t, and true whatever a reader switches off. In a batch they speak of the
        first sequence.

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
    batch = "1 sequence" if N == 1 else f"{N} sequences"
    # The unit of which the message spoke, so that it can be heard arriving.
    heard = {"j": "widest message[t]", "d": "widest delta_h[t]"}
    slope = {"s": "narrowest h[t]", "j": "widest h[t]", "d": "widest delta_h[t]"}
    told = "To unit {#j} it says {message[t-1]@j}."

    def say(
        words: str, picks: dict[str, str] | None = None, at_end: str = "", at_start: str = ""
    ) -> Sentence:
        start = "t = {t}, backward: "
        used = {k: how for k, how in (picks or {}).items() if f"@{k}" in words + at_end}
        return Sentence(start + words, used, at_end and start + at_end, at_start)

    def share(name: str, first: str, later: str) -> Sentence:
        return say(
            f"{later}{among} The share joins the sum so far.",
            at_end=f"{first}{among} With it the sum G begins.",
            at_start=COMPLETE[name],
        )

    came = "For {'k}, which came, δ is {delta_z[t]@k}"
    own_input = "the share of W_xh is the input of step {t}, transposed, times δ."
    return {
        "delta_z": say(
            f"prediction minus target. {came}. Only the loss of this step reads these logits: no "
            "message from later steps comes in.",
            {"k": "class y[t]"},
            at_end="the walk turns. δ says how L would change with each number of a quantity, and "
            f"has its shape. For logits it is prediction minus target. {came}: where δ is "
            "negative, raising the logit a little lowers L.",
        ),
        "gradient_W_hy": share(
            "W_hy",
            "each weight gets a share of this step: the unit it comes from times δ of the logit it "
            "feeds. The state, transposed, times δ holds all of them.",
            "W_hy was used here too: the state of step {t}, transposed, times δ of its logits.",
        ),
        "gradient_b_y": share(
            "b_y",
            f"the bias is added directly, so its share is δ itself. Σ runs over the batch: "
            f"{batch}.",
            "the share of the bias is δ itself. No message ever reaches W_hy or b_y.",
        ),
        "delta_h": say(
            "two arrows meet. This state went to two places, its own logits and step {t+1}, so "
            "two effects add. Unit {#j} hears {delta_z[t]·W_hy.T@j} from its own loss and "
            "{message[t]@j} from t = {t+1}; together (before rounding) {delta_h[t]@j}.",
            heard,
            at_end="the last state went only to its logits, so there is one term. Unit i fed logit "
            "k with the weight in row i, column k; δ returns by the same weights, columns to rows: "
            "the transpose. Unit {#d} hears {delta_h[t]@d}.",
        ),
        "delta_a": say(f"back through the activation, {SLOPES[trace.activation]}", slope),
        "gradient_W_hh": share(
            "W_hh",
            "every step used the same W_hh. Nudge it, and all uses move at once; to first order "
            "their effects on L add up. This use: the state before, transposed, times δ.",
            "the same W_hh was used here too, so another share: the state of t = {t-1}, "
            "transposed, times δ. Messages in δ bring what this use did to later losses.",
        ),
        "gradient_W_xh": share(
            "W_xh",
            own_input + " Only rows whose input is not 0 change: for a one-hot input, one"
            f"{'' if N == 1 else ' in each sequence'}.",
            own_input,
        ),
        "gradient_b_h": share(
            "b_h",
            "the bias is added directly to the pre-activation, so its share is δ itself.",
            "the bias was added here too: its share is δ itself.",
        ),
        "delta_x": say(
            "x is data, so the walk does no more with it.",
            at_end="x is data, so the walk does no more with it. A layer below would receive this "
            "δ, and walk on.",
        ),
        "message": say(
            "one message to t = {t-1}, through the same transpose. It holds whatever message "
            "arrived here: with no arrow cut, the state of t = {t-1} hears of all later losses at "
            f"once. {told}",
            {"j": "widest message[t-1]"},
            at_end="the state of t = {t-1} came in here through W_hh, so an effect goes back to "
            "it, through the transpose. Cut this message, and W_hy and b_y stay the same; "
            f"W_xh, W_hh and b_h can change. {told}",
        ),
        "delta_h_init": say(
            "the last message reaches the state before the first input. Every step has given its "
            "share to every sum. Training would subtract a small multiple of each."
        ),
    }
