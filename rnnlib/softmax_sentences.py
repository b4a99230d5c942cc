"""What the live region says of the softmax step: plain words, with real numbers."""

from .wording import Sentence


def softmax_sentences() -> dict[str, Sentence]:
    """
    Say what happens in each frame of the softmax step.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity that a frame computes, such as ``"powers"``.

    Examples
    --------
    >>> softmax_sentences()["total"].text
    'All powers together come to {total}.'
    """
    target, largest = {"k": "class y"}, {"j": "largest z"}
    return {
        "z": Sentence(
            "The network gives a logit for each class. The largest is {z@j}, for {'j}.", largest
        ),
        "powers": Sentence(
            "e to the power of each logit. The largest logit is taken off all of them first, so "
            "that {'j} gets 1 and no power is too large for the computer; in the end this changes "
            "nothing.",
            largest,
        ),
        "total": Sentence("All powers together come to {total}."),
        "y_hat": Sentence(
            "Each power divided by their total: probabilities that add up to 1. {'j} gets "
            "{y_hat@j}.",
            largest,
        ),
        "loss": Sentence(
            "What really comes is {'k}. It got {y_hat@k:4}, which costs −log {y_hat@k:4}, or "
            "{loss} nats.",
            target,
        ),
        "delta_y_hat": Sentence(
            "How the loss changes with each probability: only that of {'k} counts, at a slope of "
            "−1 / {y_hat@k:4}, which is {delta_y_hat@k}.",
            target,
        ),
        "same": Sentence(
            "First case: a probability and its own logit. It rises by its size times what is "
            "missing to 1. All these stand on the diagonal."
        ),
        "other": Sentence(
            "Second case: a probability and the logit of another class. What the other wins, it "
            "loses: minus the product of both. The diagonal is taken out, since it was the first "
            "case."
        ),
        "jacobian": Sentence(
            "Both cases in one matrix: row i is how probability i changes with each logit. Every "
            "row adds up to 0, since all logits together move nothing."
        ),
        "delta_z": Sentence(
            "The chain rule: the slope of the loss times the matrix. Only the row of {'k} is "
            "read. Its logit gets {delta_z@k}.",
            target,
        ),
        "delta_z_directly": Sentence(
            "And directly: prediction minus target. {'k} gets {y_hat@k} − 1, which is "
            "{delta_z_directly@k}; each other class its probability.",
            target,
        ),
        "difference": Sentence(
            "The same numbers: they differ by {difference@k} at most. The probability that the "
            "loss divides by is the one the matrix multiplies by, and no matrix is needed.",
            {"k": "widest difference"},
        ),
    }
