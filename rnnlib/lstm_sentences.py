"""What the live region says of an LSTM: plain words, with real numbers."""

from .gate_lines import spoken
from .wording import Sentence

BACK = "t = {t}, backward: "


def lstm_sentences() -> dict[str, Sentence]:
    """
    Say what happens in each frame of an LSTM.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity that a frame computes, such as ``"c"``, for any
        step t, and true whatever a reader switches off.

    Examples
    --------
    >>> lstm_sentences()["c"].picks
    {'j': 'widest c[t]'}
    """
    said = {
        "h_init": "Before the first step there is a state h_−1 and a cell c_−1. The weights are "
        "set: four blocks, one for each gate and one for the candidate.",
        "x": "t = {t}: the step reads its input; the largest of its numbers is {x[t]@k}.",
        "f": "t = {t}: the forget gate looks at the input and at the state. Of what cell {#j} "
        "holds it keeps the share {f[t]@j}.",
        "iota": "t = {t}: the input gate, in the same way: cell {#j} will take in the share "
        "{iota[t]@j} of what is offered.",
        "g": "t = {t}: what is offered, the candidate, between −1 and 1. For cell {#j} it is "
        "{g[t]@j}.",
        "c": "t = {t}: the new cell: the kept share of the old one, plus what is taken in. No "
        "matrix and no tanh on this way. Cell {#j} now holds {c[t]@j}.",
        "omega": "t = {t}: the output gate says what share of cell {#j} is shown: {omega[t]@j}.",
        "h": "t = {t}: the state is what is shown: cell {#j} gives {h[t]@j}. The four blocks of "
        "the next step read it.",
        "upstream": BACK + "what the layers above say about this state: for unit {#d} it is "
        "{upstream[t]@d}. It is given.",
        "delta_omega": BACK + "the output gate stands only in h. So δ of the state, times tanh c, "
        "times the slope ω (1 − ω): unit {#d} gets {delta_omega[t]@d}.",
        "delta_f": BACK + "the forget gate multiplied the old cell, so the old cell comes in, and "
        "the slope f (1 − f): unit {#d} gets {delta_f[t]@d}.",
        "delta_iota": BACK + "the input gate multiplied the candidate, so the candidate comes in: "
        "unit {#d} gets {delta_iota[t]@d}.",
        "delta_g": BACK + "the candidate was multiplied by the input gate, and its slope is that "
        "of tanh, 1 − g²: unit {#d} gets {delta_g[t]@d}.",
        "message_c": BACK + "over to the cell of the step before, through the forget gate and "
        "nothing else. Cell {#d} is told {message_c[t-1]@d}.",
        "message": BACK + "over to the state of the step before, which fed all four blocks: four "
        "terms, each through its own weights. Unit {#d} is told {message[t-1]@d}.",
        "delta_c_init": BACK + "what the cell before the first step is told. Only forget gates "
        "stood in the way of this lane.",
        "delta_h_init": BACK + "what the state before the first step is told: four terms, and the "
        "walk ends.",
    }
    picks = {
        "x": {"k": "largest x[t]"},
        "upstream": {"d": "widest upstream[t]"},
        "delta_omega": {"d": "widest delta_h[t]"},
        **{name: {"d": "widest delta_c[t]"} for name in ("delta_f", "delta_iota", "delta_g")},
        "message_c": {"d": "widest delta_c[t]"},
        "message": {"d": "widest message[t-1]"},
    }
    return spoken(said, picks) | {
        "delta_h": Sentence(
            BACK + "two terms meet at the state: what the layers above say, and what the four "
            "blocks of step {t+1} report. Unit {#d} hears {delta_h[t]@d}.",
            {"d": "widest delta_h[t]"},
            BACK + "nothing follows the last state, so only the layers above speak to it. Unit "
            "{#d} hears {delta_h[t]@d}.",
        ),
        "delta_c": Sentence(
            BACK + "two arrows left the cell: into this state, through ω and the slope of tanh; "
            "and into the next cell. So two terms come back. Cell {#d} hears {delta_c[t]@d}, of "
            "which {message_c[t]@d} came along the lane of the cell.",
            {"d": "widest delta_c[t]"},
            BACK + "the last cell was used only in its own state, through ω and the slope of "
            "tanh, so there is one term. Cell {#d} hears {delta_c[t]@d}.",
        ),
    }
