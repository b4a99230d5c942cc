"""From the book's letters to those of the five documents.

A row says which expression in the book's names gives the document's array. The table that
a reader sees and the conversion that is carried out are therefore one and the same.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .text import one_hot


class Translation(NamedTuple):
    """
    One row of a translation table.

    Attributes
    ----------
    document : str
        Which document: "000" to "004".
    theirs : str
        The document's symbol in LaTeX; empty if it has none.
    name : str
        The argument or the result of the document's forward pass here.
    tex : str
        The same array in the book's letters, in LaTeX.
    code : str
        The same in Python: an expression in the book's names.
    note : str
        What to watch out for, in a few words.
    """

    document: str
    theirs: str
    name: str
    tex: str
    code: str
    note: str = ""

    def value(self, book: Mapping[str, Any]) -> Any:
        """Carry out the conversion: from the book's values by name to the document's array."""
        return eval(self.code, {"np": np, "one_hot": one_hot}, dict(book))


TRANSLATIONS = tuple(
    Translation(document, *row)
    for document, rows in {
        "000": (
            (r"\text{BPTT interval}", "T", "T", "T"),
            ("x_t", "x", "x_t", "x"),
            ("W_{x_t}", "W_x", r"W_{xe}^\top", "W_xe.T", "the weights are shared by all steps"),
            ("b_{x_t}", "b_x", "b_e", "b_e"),
            ("a_t^0", "a_0", "e_t", "e", "output of ANN_0, not a pre-activation"),
            ("W_{h_t}", "W_h", r"W_{xh}^\top", "W_xh.T", "reads the front layer"),
            ("U_{h_t}", "U_h", r"W_{hh}^\top", "W_hh.T", "U is the recurrent one here"),
            ("b_{h_t}", "b_h", "b_h", "b_h"),
            ("z_{h_t}", "z_h", "a_t", "a"),
            ("h_{-1}", "h_start", "h_{-1}", "h_init", "zero"),
            ("h_t", "h", "h_t", "h"),
            ("W_{y_t}", "W_y", r"W_{hy}^\top", "W_hy.T"),
            ("b_{y_t}", "b_y", "b_y", "b_y"),
            ("z_{y_t}", "z_y", "z_t", "z"),
            (r"\hat y_t", "y_hat", r"\hat y_t", "y_hat"),
            ("y_t", "y", r"\text{one-hot}(y_t)", "one_hot(y, n_y)", "one row a sample"),
            (r"\mathcal L", "L", "L_t", "loss", "the loss of one step"),
        ),
        "001": (
            ("T", "T", "T-1", "T - 1", "the last step, not the number of steps"),
            ("x_t", "x", r"x_t^\top", "x.mT"),
            ("U", "U", r"W_{xh}^\top", "W_xh.T"),
            ("W", "W", r"W_{hh}^\top", "W_hh.T"),
            ("h_{-1}", "h_start", r"h_{-1}^\top", "h_init.T", "needed, but not stated"),
            ("h_t", "h", r"h_t^\top", "h.mT"),
            ("V", "V", r"W_{hy}^\top", "W_hy.T"),
            ("z_t", "z", r"z_t^\top", "z.mT"),
            (r"\hat y_t", "y_hat", r"\hat y_t^\top", "y_hat.mT", "in places without its hat"),
            ("y_t", "y", r"\text{one-hot}(y_t)^\top", "one_hot(y, n_y).mT", "columns"),
            ("L_t", "L", "L_t", "loss"),
            (r"\textstyle\sum_{t=0}^{T} L_t", "total", "L", "loss.sum()"),
        ),
        "002": (
            ("T", "T", "T", "T"),
            ("N", "N", "N", "N"),
            ("D", "D", "n_x", "n_x"),
            ("H", "H", "n_h", "n_h"),
            ("C", "C", "n_y", "n_y"),
            (r"x^{(t)}", "x", "x_{t-1}", "dict(enumerate(x, 1))", "steps are counted from 1"),
            ("W_x", "W_x", "W_{xh}", "W_xh"),
            ("W_h", "W_h", "W_{hh}", "W_hh"),
            ("b", "b", "b_h", "b_h"),
            (r"a^{(t)}", "a", "a_{t-1}", "dict(enumerate(a, 1))"),
            (r"h^{(0)}", "h_0", "h_{-1}", "h_init"),
            (r"h^{(t)}", "h", "h_{t-1}", "dict(enumerate(h, 1))"),
            ("V", "V", "W_{hy}", "W_hy", "(H, C), where (D, C) is printed"),
            ("c", "c", "b_y", "b_y"),
            (r"o^{(t)}", "o", "z_{t-1}", "dict(enumerate(z, 1))"),
            (r"\hat y^{(t)}", "y_hat", r"\hat y_{t-1}", "dict(enumerate(y_hat, 1))"),
            (r"y^{(t)}", "y", "y_{t-1}", "dict(enumerate(y, 1))"),
            (r"\textstyle\sum_i L_i^{(t)}", "L", "L_{t-1}", "dict(enumerate(loss, 1))"),
            ("L", "total", "L", "loss.sum()"),
        ),
        "003": (
            ("T", "T", "T-1", "T - 1", "called the length, but the sum includes it"),
            ("D", "D", "n_x", "n_x"),
            ("H", "H", "n_h", "n_h"),
            ("K", "K", "n_y", "n_y"),
            ("X_t", "x", "x_t", "x[:, 0]", "one sequence: no batch axis"),
            ("u_{dh}", "u", "W_{xh}", "W_xh", "from unit d to unit h: h is an index here"),
            ("w_{ij}", "w", "W_{hh}", "W_hh"),
            ("s_{-1}^h", "s_start", "h_{-1}", "h_init[0]", "zero"),
            ("s_t^h", "s", "h_t", "h[:, 0]"),
            ("v_{hk}", "v", "W_{hy}", "W_hy"),
            ("y_t^k", "y", r"\hat y_t", "y_hat[:, 0]", "y is the output, not the target"),
            ("", "target", "y_t", "y[:, 0]", "the target has no letter"),
            ("E_t", "E_t", "L_t", "loss"),
            ("E", "E", "L", "loss.sum()"),
        ),
        "004": (
            ("T", "T", "T-1", "T - 1", "the last step, not the number of steps"),
            ("x_t", "x", r"x_t^\top", "x.mT"),
            ("V", "V", r"W_{xh}^\top", "W_xh.T", "V is in front of the state"),
            ("W", "W", r"W_{hh}^\top", "W_hh.T"),
            ("b_h", "b_h", r"b_h^\top", "b_h[:, np.newaxis]"),
            ("h_{-1}", "h_start", r"h_{-1}^\top", "h_init.T", "needed, but not stated"),
            ("h_t", "h", r"h_t^\top", "h.mT"),
            ("U", "U", r"W_{hy}^\top", "W_hy.T", "U is behind the state"),
            ("b_y", "b_y", r"b_y^\top", "b_y[:, np.newaxis]"),
            (r"\hat y_t", "y_hat", r"\hat y_t^\top", "y_hat.mT"),
            (
                "",
                "target",
                r"\text{one-hot}(y_t)^\top",
                "one_hot(y, n_y).mT",
                "the target has no letter",
            ),
            ("L_t", "L", "L_t", "loss"),
        ),
    }.items()
    for row in rows
)
