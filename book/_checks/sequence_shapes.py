"""The equations of chapter 9, and how each is tried."""

from functools import partial

from rnnlib.equation_checks import Check
from rnnlib.pair_worlds import pair
from rnnlib.shaped_worlds import shaped

batch = partial(pair, one_sample=False)
any_wiring = partial(pair, wirings=("first state", "every step", "both"))
one_input = partial(shaped, inputs="first", one_sample=True)
one_loss = partial(shaped, losses="last")
of_one_sample = partial(shaped, losses="last", one_sample=True)

CHECKS = {
    "eq:shape-no-input": Check(
        "all three sides, at the steps without an input",
        partial(shaped, inputs="first"),
        "t",
        when=r"t \ge 1",
    ),
    "eq:shape-no-loss": Check(
        "all three sides, at the steps without a loss", one_loss, "t", when="t < T - 1"
    ),
    "eq:shape-last-delta": Check("both sides and all shapes", one_loss),
    "eq:shape-one-loss-delta": Check("both sides, at every step", of_one_sample, "t"),
    "eq:shape-one-loss-forward": Check("every component", of_one_sample, "i k"),
    "eq:shape-class-sum": Check("every component", of_one_sample, "j k", {"k": "n_y", "j": "n_h"}),
    "eq:shape-one-input": Check("both sides and all shapes", partial(shaped, inputs="first")),
    "eq:shape-one-input-carried": Check(
        "all three sides, at every later step", one_input, "t", when=r"t \ge 1"
    ),
    "eq:shape-encoder": Check(
        "both sides and all shapes, at every step", partial(batch, steps="T_e"), "t"
    ),
    "eq:shape-decoder": Check(
        "both sides and all shapes, whichever words are heard",
        partial(batch, wirings=("every step", "both")),
        "t",
    ),
    "eq:shape-delta-context": Check("both sides and all shapes", batch),
    "eq:shape-context-weights": Check("both sides and all shapes", batch),
    "eq:shape-encoder-weights": Check(
        "both sides, in every wiring", partial(any_wiring, one_sample=False)
    ),
    "eq:shape-by-context": Check("all sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-zeta": Check("all sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-gamma": Check(
        "all sides, with one matrix for both jobs and with two",
        lambda rng: pair(rng, wirings=("every step", "both"), tied=bool(rng.integers(2))),
        "t",
    ),
    "eq:shape-zeta-gradient": Check("both sides, in every wiring", any_wiring),
    "eq:shape-zeta-product": Check("both sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-bias": Check("both sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-delta-said": Check(
        "both sides, where the network hears itself",
        partial(pair, heard=("predictions",)),
        "t",
        when="t < T - 1",
    ),
    "eq:shape-output-weights": Check("both sides, whichever words are heard", batch),
    "eq:shape-two-paths": Check(
        "both sides, whichever words are heard", pair, "t", when=r"t \ge 1"
    ),
    "eq:shape-output-message": Check(
        "both sides at every step, whichever words are heard", pair, "t"
    ),
}
