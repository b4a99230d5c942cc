"""What the live region says where a dense layer stands in front of the recurrent one."""

from .network import NetworkTrace
from .wording import Sentence

WAYS = {
    "tanh": "times 1 − e², which is small where tanh is flat",
    "sigmoid": "times e (1 − e), which is small where the sigmoid is flat",
    "relu": "times 1 where relu let the number through, else 0",
    "identity": "whose slope is 1 everywhere",
}


def network_sentences(trace: NetworkTrace, symbols: str = "") -> dict[str, Sentence]:
    """
    Say what happens at the front layer, and where the recurrent layer meets it.

    Parameters
    ----------
    trace : NetworkTrace
        What the forward pass held.
    symbols : str, optional
        The character of each class, if the inputs are characters.

    Returns
    -------
    dict of str to Sentence
        A sentence or two for each quantity, such as ``"e"``, for any step t. In a batch
        they speak of the first sequence.

    Examples
    --------
    >>> from rnnlib.network import network_forward
    >>> from rnnlib.network_parameters import init_network
    >>> import numpy as np
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> trace = network_forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> network_sentences(trace)["delta_x"].text
    't = {t}, backward: how L would change with the input, seen through both layers. Data end ...'
    """
    _, N, n_e = trace.front.h.shape
    start = "t = {t}: " + ("" if N == 1 else "in the first sequence, ")
    among = "" if N == 1 else f" The {N} sequences of the batch add up."
    widest = {"j": "widest e[t]"}

    def back(words: str, picks: dict[str, str] | None = None) -> Sentence:
        return Sentence("t = {t}, backward: " + words, picks or {})

    def share(words: str, gradient: str) -> Sentence:
        begun = f"t = {{t}}, backward: {words}{among}"
        return Sentence(
            f"{begun} The share joins the sum so far.",
            {},
            f"{begun} With it the sum G begins.",
            f" That was the last share: with no arrow cut, G now is {gradient}.",
        )

    return {
        "x": Sentence(
            f"{start}the network reads {{'k}}: a row of zeros, with a single 1 in its column.",
            {"k": "largest x[t]"},
        )
        if symbols
        else Sentence(f"{start}the input of this step arrives."),
        "e": Sentence(
            f"{start}the front layer makes {n_e} numbers of the input; unit {{#j}} gives "
            "{e[t]@j}. No arrow comes from another step.",
            widest,
        ),
        "a": Sentence(
            f"{start}what the front layer gives and the state before it meet. Unit {{#j}} receives "
            "{e[t]·W_xh@j} from the front layer and {h[t-1]·W_hh@j} from the state of t = "
            "{t-1}, and {b_h@j} as its bias.",
            {"j": "widest a[t]"},
        ),
        "gradient_W_xh": share(
            "the weights into the state get the share of step {t}: what the front layer gave, "
            "transposed, times δ.",
            "dL/dW_xh",
        ),
        "delta_e": back(
            "what the recurrent layer tells the front layer. Messages that arrived are in already: "
            "with no arrow cut, unit {#j} hears {delta_e[t]@j} from this loss and all later ones.",
            {"j": "widest delta_e[t]"},
        ),
        "delta_front": back(
            f"back through the activation of the front layer, {WAYS[trace.front.activation]}. For "
            "unit {#j}, {delta_e[t]@j} becomes {delta_front[t]@j}.",
            {"j": "widest delta_e[t]"},
        ),
        "gradient_W_xe": share(
            "the weights of the front layer get the share of step {t}: its input, transposed, "
            "times δ.",
            "dL/dW_xe",
        ),
        "gradient_b_e": share(
            "the bias of the front layer is added directly, so its share is δ itself.", "dL/db_e"
        ),
        "delta_x": back(
            "how L would change with the input, seen through both layers. Data end the way: no "
            "layer below would hear this δ."
        ),
    }
