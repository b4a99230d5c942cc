"""The diagram of forward messages: beside each state, how the parameters moved it.

It redraws the second figure of document 003, whose file is lost, in the letters of the book.
"""

from .arrows import arrow
from .drawing import SMALL, box, chip, picture, words


def rnn_messages() -> str:
    """
    Draw the unrolled network with the messages that travel with its state.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_messages().startswith("<svg")
    True
    """
    columns, lane = (212, 392, 572), 32  # predictions in the left lane, messages in the right
    top, losses, y_hat, influences, states, inputs = 44, 148, 252, 358, 484, 598
    small = SMALL + 1
    parts = [
        box(50, states, "$h_{-1}$", "muted"),
        box(50, influences, "0", "muted"),
        words(50, influences - 50, "no past", "muted", small),
        box(392, top, "the gradient grows, loss by loss", "loss", width=488),
    ]
    for t, x in enumerate(columns):
        left, right = x - lane, x + lane
        before = columns[t - 1] + lane + 28 if t else 86
        between = (before + left) / 2 - 3
        parts += [
            arrow((x, inputs - 26), (x, states + 29)),
            arrow((columns[t - 1] + 60 if t else 86, states), (x - 63, states), kind="recurrent"),
            arrow((before, influences), (right - 31, influences), kind="recurrent"),
            arrow((left, states - 26), (left, y_hat + 29)),
            arrow((left, y_hat - 26), (left, losses + 29), kind="loss"),
            arrow((left, losses - 26), (left, top + 29), kind="loss"),
            arrow((right, states - 26), (right, influences + 29)),
            arrow((right, influences - 26), (right, top + 29), kind="loss"),
            chip(between, influences, f"$J_{t}$", "recurrent", 46),
            box(x, inputs, f"$x_{t}$", "muted"),
            box(x, states, f"$h_{t}$", width=120),
            box(right, influences, f"$P_{t}$", "recurrent", width=56),
            box(left, y_hat, rf"$\hat y_{t}$", width=56),
            box(left, losses, f"$L_{t}$", "loss", width=56),
            words(x, inputs + 48, f"$t$ = {t}", "muted", 22),
        ]
    return picture(
        650,
        664,
        "The recurrent network with forward messages",
        "Three columns, one for each step, each with input, state, prediction and loss. Dashed "
        "arrows lead from state to state, and above them from message P to message P, each through "
        "the Jacobian J. Every state feeds its own message. The loss and the message of each step "
        "go up to the gradient, which grows loss by loss. Nothing goes back in time.",
        *parts,
    )
