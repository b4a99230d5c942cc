"""What the live region says of a GRU: plain words, with real numbers."""

from .gate_lines import spoken
from .wording import Sentence

BACK = "t = {t}, backward: "


def gru_sentences() -> dict[str, Sentence]:
    """
    Say what happens in each frame of a GRU.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity that a frame computes, such as ``"h"``, for any
        step t, and true whatever a reader switches off.

    Examples
    --------
    >>> gru_sentences()["h"].picks
    {'j': 'widest h[t]'}
    """
    said = {
        "h_init": "Before the first step there is a state h_−1, and no cell beside it. The weights "
        "are set: three blocks, for two gates and for the candidate.",
        "x": "t = {t}: the step reads its input; the largest of its numbers is {x[t]@k}.",
        "r": "t = {t}: the reset gate looks at the input and at the state. Of what unit {#j} "
        "recalls, the candidate will hear the share {r[t]@j}.",
        "u": "t = {t}: the update gate, in the same way: unit {#j} will keep the share {u[t]@j} "
        "of its state.",
        "q": "t = {t}: what is recalled of the old state, by a matrix of its own. Unit {#j} "
        "recalls {q[t]@j}. The reset gate stands behind this product.",
        "g": "t = {t}: the candidate hears the input and, through the reset gate, what is "
        "recalled. For unit {#j} it is {g[t]@j}.",
        "h": "t = {t}: the new state is a mixture: the share u of the old state, the share 1 − u "
        "of the candidate. Unit {#j} keeps {u[t]@j} of {h[t-1]@j}, and comes to {h[t]@j}.",
        "upstream": BACK + "what the layers above say about this state: for unit {#d} it is "
        "{upstream[t]@d}. It is given.",
        "delta_g": BACK + "the candidate had the share 1 − u of the state, and its slope is that "
        "of tanh, 1 − g²: unit {#d} gets {delta_g[t]@d}.",
        "delta_u": BACK + "the update gate gives to the old state what it takes from the "
        "candidate, so their difference comes in, and the slope u (1 − u): unit {#d} gets "
        "{delta_u[t]@d}.",
        "delta_r": BACK + "the reset gate multiplied q, so q comes in, and the slope r (1 − r): "
        "unit {#d} gets {delta_r[t]@d}.",
        "delta_q": BACK + "q was multiplied by the reset gate: of the {delta_g[t]@d} that the "
        "candidate got, the share {r[t]@d} reaches q. Unit {#d} gets {delta_q[t]@d}.",
        "message_u": BACK + "the direct way to the state before: through the update gate, and "
        "through no matrix and no slope. Unit {#d} is told {message_u[t-1]@d}.",
        "message": BACK + "four terms: the direct one, and three through a matrix. The last of "
        "them takes δ of q, not of the candidate. Unit {#d} is told {message[t-1]@d}, of which "
        "{message_u[t-1]@d} came directly.",
        "message_u_init": BACK + "the direct way once more, to the state before the first step. "
        "Unit {#d} is told {message_u_init@d}.",
        "delta_h_init": BACK + "what the state before the first step is told: four terms again, "
        "and the walk ends. Of the {delta_h_init@d} at unit {#d}, {message_u_init@d} came "
        "directly.",
    }
    picks = {
        "x": {"k": "largest x[t]"},
        "upstream": {"d": "widest upstream[t]"},
        **{name: {"d": "widest delta_h[t]"} for name in ("delta_g", "delta_u", "message_u")},
        **{name: {"d": "widest delta_g[t]"} for name in ("delta_r", "delta_q")},
        "message": {"d": "widest message[t-1]"},
        "message_u_init": {"d": "widest delta_h[t]"},
        "delta_h_init": {"d": "widest delta_h_init"},
    }
    return spoken(said, picks) | {
        "delta_h": Sentence(
            BACK + "two terms meet at the state: what the layers above say, and the message from "
            "step {t+1}. Unit {#d} hears {delta_h[t]@d}.",
            {"d": "widest delta_h[t]"},
            BACK + "nothing follows the last state, so only the layers above speak to it. Unit "
            "{#d} hears {delta_h[t]@d}.",
        ),
    }
