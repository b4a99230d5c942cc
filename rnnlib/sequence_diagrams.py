"""The four kinds of sequence as diagrams: which steps are told something, which are asked.

They redraw those of document 003, whose image files are lost, in the letters of the book.
Run ``python -m rnnlib.sequence_diagrams`` to write them to book/figures.
"""

from collections.abc import Collection

from .arrows import arrow
from .diagrams import FIGURES
from .drawing import SMALL, box, chip, picture, rectangle, words

COLUMNS = (178, 326, 474)
LOSS, PREDICTION, STATE, INPUT = 40, 118, 214, 310


def rnn_synchronised() -> str:
    """
    Draw an input and a loss at every step: frames of a film, each with its class.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_synchronised().startswith("<svg")
    True
    """
    return _kind(
        "Synchronised: an input and a loss at every step",
        "Three columns. In each, an arrow goes from the input up to the state, to the prediction "
        "and to the loss. Dashed arrows go from state to state, and below each stands the "
        "forward message P that goes with it.",
        inputs=range(3),
        losses=range(3),
    )


def rnn_many_to_one() -> str:
    """
    Draw an input at every step, and a loss at the last: a text and its mood.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_many_to_one().startswith("<svg")
    True
    """
    return _kind(
        "Many to one: an input at every step, a loss at the last",
        "Three columns with an input and a state each, and dashed arrows from state to state "
        "with their forward messages P. Only the last state has a prediction and a loss above "
        "it.",
        inputs=range(3),
        losses=[2],
    )


def rnn_one_to_many() -> str:
    """
    Draw an input at the first step, and a loss at each: a picture and the words below it.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_one_to_many().startswith("<svg")
    True
    """
    return _kind(
        "One to many: one input, a loss at every step",
        "Three columns with a state, a prediction and a loss each, and dashed arrows from state "
        "to state with their forward messages P. Only the first column has an input.",
        inputs=[0],
        losses=range(3),
    )


def rnn_unsynchronised() -> str:
    """
    Draw a network that reads and one that writes: a sentence and its translation.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_unsynchronised().startswith("<svg")
    True
    """
    reads, writes, right = (56, 172), (334, 464, 594), 656
    top, bus = 138, 210
    parts = [
        rectangle(114, 346, 212, 296, 12, "panel"),
        rectangle(440, 253, 420, 482, 12, "panel"),
        words(114, 474, "encoder", "muted", SMALL),
        words(440, 474, "decoder", "muted", SMALL),
        # the context, on its way to every state of the decoder
        *(
            arrow((172, 276), (172, bus), (x - 20, bus), (x - 20, 276), kind="recurrent")
            for x in reversed(writes)
        ),
    ]
    for t, x in enumerate(reads):
        parts += [arrow((x, 384), (x, 331))]
        parts += [box(x, 410, f"$x^e_{t}$", "muted", width=64), box(x, 304, f"$h^e_{t}$", width=64)]
    parts += [arrow((88, 304), (139, 304), kind="recurrent")]
    parts += [arrow((204, 304), (301, 304), kind="recurrent")]
    for t, x in enumerate(writes):
        parts += [
            arrow((x, 384), (x, 331)),
            arrow((x + 10, 278), (x + 10, top + 27)),
            arrow((x + 10, top - 26), (x + 10, 73), kind="loss"),
            box(x, 410, f"$x_{t}$", "muted", width=64),
            box(x + 10, top, rf"$\hat y_{t}$", width=64),
            box(x + 10, 46, f"$L_{t}$", "loss", width=64),
        ]
        if t < 2:
            middle = x + 75
            word = (x + 42, top), (middle, top), (middle, 410), (x + 97, 410)
            parts += [arrow((x + 32, 304), (x + 97, 304), kind="recurrent")]
            parts += [arrow(*word, kind="recurrent")]
        parts += [box(x, 304, f"$h_{t}$", width=64)]
    parts += [
        chip(248, bus, "$W_{ch}$", "recurrent"),
        words(253, 328, "$h_{-1}$", "ink", 22),
        words(14, 46, "messages:", "muted", SMALL, "start"),
        words(14, 78, "$P_t$ inside each network,", "muted", SMALL, "start"),
        words(14, 108, r"$\zeta_t$ and $\gamma_t$ from the", "muted", SMALL, "start"),
        words(14, 134, "encoder on", "muted", SMALL, "start"),
    ]
    return picture(
        right,
        506,
        "Unsynchronised: an encoder reads, and a decoder writes",
        "Two columns of an encoder with inputs and states, but no loss; three columns of a "
        "decoder with words that are heard, states, predictions and losses. Dashed arrows lead "
        "from state to state, from the last state of the encoder to the first of the decoder "
        "and, through W_ch, to every state of the decoder; and from each prediction to the word "
        "that is heard next.",
        *parts,
    )


def _kind(title: str, description: str, inputs: Collection[int], losses: Collection[int]) -> str:
    """Draw three columns, each with an input or without, with a loss or without."""
    parts = [box(50, STATE, "$h_{-1}$", "muted")]
    for t, x in enumerate(COLUMNS):
        before = 50 if t == 0 else COLUMNS[t - 1]
        parts += [arrow((before + 36, STATE), (x - 39, STATE), kind="recurrent")]
        if t:
            parts += [words((before + x) / 2, STATE + 24, f"$P_{t - 1}$", "muted", SMALL)]
        if t in inputs:
            parts += [arrow((x, INPUT - 26), (x, STATE + 29)), box(x, INPUT, f"$x_{t}$", "muted")]
        if t in losses:
            parts += [
                arrow((x, STATE - 26), (x, PREDICTION + 29)),
                arrow((x, PREDICTION - 26), (x, LOSS + 29), kind="loss"),
                box(x, PREDICTION, rf"$\hat y_{t}$"),
                box(x, LOSS, f"$L_{t}$", "loss"),
            ]
        parts += [box(x, STATE, f"$h_{t}$"), words(x, 356, f"$t$ = {t}", "muted", SMALL)]
    return picture(526, 376, title, description, *parts)


DRAWINGS = (rnn_synchronised, rnn_unsynchronised, rnn_many_to_one, rnn_one_to_many)

if __name__ == "__main__":
    for draw in DRAWINGS:
        (FIGURES / f"{draw.__name__}.svg").write_text(draw(), encoding="utf-8")
