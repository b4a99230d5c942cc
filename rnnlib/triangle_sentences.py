"""What the live region says in the film of the triangle: plain words, with real numbers."""

from .wording import Sentence


def triangle_sentences(s: int = 0, back: int = 0) -> dict[str, Sentence]:
    """
    Say what happens in each frame of the triangle.

    Parameters
    ----------
    s : int, optional
        The column: the step at which the weights are used.
    back : int, optional
        How many steps the path to a cell goes back.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity, for any loss t; ``"own"`` is where a path
        begins, ``"path"`` where it goes on.

    Examples
    --------
    >>> triangle_sentences(s=1)["per_step"].text.partition(":")[0]
    'Column 1'
    """
    uses = "one use" if back == 0 else f"{back + 1} uses"
    way = {0: "No Jacobian stands between them", 1: "One Jacobian stands between them"}.get(
        back, f"{back} Jacobians stand between them, the newest first"
    )
    length = f"its strongest entry is {{path_{s}[t]@j}}, that of unit {{#j}}"
    widest = {"j": f"widest path_{s}[t]"}
    return {
        "h_init": Sentence(
            "The state before the first step and the parameters are given. Every step will use "
            "the same W_hh; to tell the uses apart, they are numbered."
        ),
        "h": Sentence(
            "t = {t}: the state is computed, and W_hh is used: this is use {t}. Unit {#j} holds "
            "{h[t]@j}.",
            {"j": "widest h[t]"},
        ),
        "y_hat": Sentence(
            "t = {t}: what the network predicts. What came was {'k}, and it got {y_hat[t]@k}.",
            {"k": "class y[t]"},
        ),
        "delta_z": Sentence(
            "Row {t} begins: loss {t} by its logits, prediction minus target. The logit of {'k}, "
            "which came, is asked to rise ({delta_z[t]@k}).",
            {"k": "class y[t]"},
        ),
        "own": Sentence(
            f"Row {{t}}, at step {s}: loss {{t}} by its own state. Here the way back begins; "
            f"{length}.",
            widest,
        ),
        "state_jacobian": Sentence(
            "How state {t} depends on state {t-1}: one factor of every path that goes back "
            "through here. Later rows will use it again."
        ),
        "path": Sentence(
            f"Row {{t}}, from step {s + 1} to step {s}: times the Jacobian J of step {s + 1}. The "
            f"row that arrives is loss {{t}} by state {s}; {length}.",
            widest,
        ),
        "cell": Sentence(
            f"Cell ({{t}}, {s}): what loss {{t}} says about use {s} of W_hh. {way}; then the "
            f"slope of step {s}, and the state before it, which the weights multiplied."
        ),
        "per_loss": Sentence(
            f"Row {{t}} is complete. Loss {{t}} has {uses} of W_hh behind it; its cells add up to "
            "the derivative of this loss. A walk forward in time finds the same, loss by loss."
        ),
        "gradient_by_loss": Sentence(
            "All row sums together: the gradient, loss by loss. No cell was left out."
        ),
        "per_step": Sentence(
            f"Column {s}: everything that the losses from {s} on say about use {s}. This is the "
            f"share that the walk back through time adds at step {s}."
        ),
        "gradient_W_hh": Sentence(
            "All column sums together: the gradient, use by use. It is the same matrix as that "
            "of the rows: the same cells, added in another order."
        ),
    }
