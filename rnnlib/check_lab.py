"""A laboratory for gradient checks: tune one until every planted mistake is caught.

In a notebook it is an anywidget, and Python measures each setting when it is chosen. On the
static page a custom element looks the same numbers up, in a table made when the page was built.
"""

import json
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .check_networks import CheckSetting
from .check_tables import encoded, lab_state, weak_settings_table
from .check_tuning import LEVELS, PLANTED, TOLERANCES, errors_of, missed_by, same_as_right
from .palette import DARK, LIGHT, css_variables

HERE = Path(__file__).parent
STYLE = (
    f":root{{{css_variables(LIGHT)}}}"
    f'html[data-theme="dark"],[data-jp-theme-light="false"]{{{css_variables(DARK)}}}\n'
    + (HERE / "check_lab.css").read_text(encoding="utf-8")
)
SCRIPT = (HERE / "check_lab.js").read_text(encoding="utf-8")


class CheckLab(anywidget.AnyWidget):
    """
    Levers of a gradient check, and what slips through it.

    Parameters
    ----------
    name : str
        The id of the laboratory on the page.

    Attributes
    ----------
    chosen : list of int
        The level of each lever, in the order of `LEVELS`, and of the tolerance; setting it
        moves the levers.
    errors : str
        The errors at that setting, two characters each, as `encoded` writes them; of a mistake
        that makes no difference there, with a capital.
    setting : CheckSetting
        The setting at which the levers stand.
    tolerance : float
        The tolerance at which its lever stands.
    missed : list of str
        The mistakes that slip through.

    Examples
    --------
    >>> lab = CheckLab("tuning")
    >>> lab.setting.T, len(lab.missed)
    (1, 15)
    """

    _esm = SCRIPT
    _css = STYLE
    name = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    chosen = traitlets.List(traitlets.Int()).tag(sync=True)
    errors = traitlets.Unicode().tag(sync=True)

    def __init__(self, name: str) -> None:
        start = [0] * len(LEVELS) + [1]
        super().__init__(name=name, state=lab_state(), chosen=start)
        self._measure()
        self.observe(self._measure, "chosen")

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal: dict[str, Any]) -> list[int]:
        sizes = [*map(len, LEVELS.values()), len(TOLERANCES)]
        value = proposal["value"]
        if len(value) != len(sizes) or not all(
            0 <= i < n for i, n in zip(value, sizes, strict=True)
        ):
            raise ValueError(f"chosen: expected one level of each lever, got {value}")
        return value

    def _measure(self, change: object = None) -> None:
        self.errors = encoded(errors_of(self.setting), same_as_right(self.setting))

    @property
    def setting(self) -> CheckSetting:
        """The setting at which the levers stand."""
        levels = zip(LEVELS.items(), self.chosen[:-1], strict=True)
        chosen: dict[str, Any] = {name: values[i] for (name, values), i in levels}
        return CheckSetting(**chosen)

    @property
    def tolerance(self) -> float:
        """The tolerance at which its lever stands."""
        return TOLERANCES[self.chosen[-1]]

    @property
    def missed(self) -> list[str]:
        """The mistakes that slip through."""
        return missed_by(errors_of(self.setting), self.tolerance)

    def __repr__(self) -> str:
        return f"CheckLab({self.name!r}, {len(self.missed)} of {len(PLANTED)} slip through)"

    def html(self) -> str:
        """The element that the static page brings to life; its inside reads without a script."""
        state = self.state | {"chosen": self.chosen}
        data = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<rnn-check-lab id="{escape(self.name)}">'
            f'<script type="application/json">{data}</script>'
            f'<div class="rnn-lab-table">{weak_settings_table()}</div></rnn-check-lab>'
        )

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return data | {"text/plain": repr(self), "text/html": self.html()}, metadata
