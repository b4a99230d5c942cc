r"""
What remains of the error of the two long formulas of document 001 if one defect is left.

Each variant is a formula in the letters of the document, and is read and evaluated as all others
are: with :math:`D_m = \mathrm{diag}(1 - h_m^2)` and :math:`M_m = W^\top D_m`, in columns, with
:math:`T` as the last step. All sizes are 3, so that even what does not fit has a value.
"""

from functools import cache

import numpy as np

from .claim_trials import SEEDS
from .equation_checks import Check, compared
from .network_worlds import NetworkValues
from .tables import Table
from .worlds import Computed, Indexed, World

ERROR = r"(\hat y_i - y_i)"
OLD_TO_NEW = r"M_{k+1} M_{k+2} \cdots M_i"
NEW_TO_OLD = r"M_i M_{i-1} \cdots M_{k+1}"
# The defect that is left, the two lower limits, and what stands in the sum before the ⊗.
VARIANTS = {
    "none": ("0", rf"D_k {OLD_TO_NEW} V^\top {ERROR}"),
    r"$V^\top$ is missing": ("0", rf"D_k {OLD_TO_NEW} {ERROR}"),
    "the slope $D_k$ is missing": ("0", rf"{OLD_TO_NEW} V^\top {ERROR}"),
    "the factors stand in the other order": ("0", rf"D_k {NEW_TO_OLD} V^\top {ERROR}"),
    "the row stands on their left": ("0", rf"D_k \bigl((V^\top {ERROR}) {OLD_TO_NEW}\bigr)"),
    "the sums begin at 1": ("1", rf"D_k {OLD_TO_NEW} V^\top {ERROR}"),
    "all five: as printed": ("1", rf"{ERROR} {NEW_TO_OLD}"),
}


@cache
def square_world(seed: int) -> World:
    """
    Draw a network whose sizes are all 3, in the letters of document 001.

    Parameters
    ----------
    seed : int
        Of the random generator.

    Returns
    -------
    World
        Columns, and T is the last step. The derivatives are measured by complex steps.

    Examples
    --------
    >>> square_world(0).values["T"]
    5
    """
    rng = np.random.default_rng(seed)
    ours = NetworkValues(rng, one_sample=True, steps=6, sizes=(3, 3, 3, 3))
    states = ours.plain["h"][:, 0]

    def slope(m: int) -> np.ndarray:
        return np.diag(1 - states[ours.step(m, first=0) + 1] ** 2)

    letters = {
        "T": ours.T - 1,
        "D": Computed(slope),
        "M": Computed(lambda m: ours.given["W_hh"] @ slope(m)),
        "V": ours.given["W_hy"].T,
        "h": Indexed(states, first=-1),
        "x": Indexed(ours.given["x"][:, 0]),
        "y": Indexed(ours.target[:, 0]),
        "y_hat": Indexed(ours.plain["y_hat"][:, 0]),
        "dL/dW": ours["dL/dW_hh"].T,
        "dL/dU": ours["dL/dW_xh"].T,
    }
    return World(letters, {})


def formula(defect: str, weight: str) -> str:
    r"""
    Write one of the two formulas with one defect.

    Parameters
    ----------
    defect : str
        A key of `VARIANTS`.
    weight : {"W", "U"}
        The recurrent weights, equation (2.4), or the input weights, (2.5).

    Returns
    -------
    str
        Its LaTeX.

    Examples
    --------
    >>> formula("the sums begin at 1", "U").split()[-1]
    'x_k'
    """
    start, inside = VARIANTS[defect]
    read = {"W": "h_{k-1}", "U": "x_k"}[weight]
    sums = rf"\sum_{{i={start}}}^{{T}} \sum_{{k={start}}}^{{i}}"
    return rf"\frac{{\mathrm dL}}{{\mathrm d{weight}}} = {sums} \bigl({inside}\bigr) \otimes {read}"


def ablation() -> Table:
    """
    Leave one defect at a time in the two long formulas, and measure.

    Returns
    -------
    Table
        The median and the worst error over the seeds, for (2.4) and for (2.5).

    Examples
    --------
    >>> ablation().rows[0][1:]
    ('0.0000', '0.0000', '0.0000', '0.0000')
    """
    check = Check("in the letters of the document", lambda rng: square_world(0))
    rows = []
    for defect in VARIANTS:
        cells = []
        for weight in "WU":
            tex = formula(defect, weight)
            errors = [compared(tex, check, square_world(seed))[0][0] for seed in SEEDS]
            cells += [f"{np.median(errors):.4f}", f"{max(errors):.4f}"]
        rows.append((defect, *cells))
    heads = ("the defect that is left", "(2.4), median", "at worst", "(2.5), median", "at worst")
    return Table("Errors, in parts of the largest entry of the gradient.", heads, tuple(rows))
