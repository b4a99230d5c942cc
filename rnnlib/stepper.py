"""The stepper as a widget: one film, one position, two hosts.

In a notebook it is an anywidget whose position Python can read and set. Its MIME bundle
also carries HTML: the film as JSON, and a transcript of every frame that needs no script.
On the static page a custom element feeds that JSON to the very same view.
"""

import json
import math
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from .film import Film, Frame
from .film_state import film_state
from .palette import DARK, LIGHT, css_variables
from .picture import draw_graph
from .transcript import transcript

HERE = Path(__file__).parent
STYLE = (
    f":root{{{css_variables(LIGHT)}}}"
    f'html[data-theme="dark"],[data-jp-theme-light="false"]{{{css_variables(DARK)}}}\n'
    + (HERE / "graph.css").read_text()
    + (HERE / "stepper.css").read_text()
)
# The calculator, the panel of experiments, and the view, which exports itself: one module.
SCRIPT = "\n".join(
    (HERE / name).read_text() for name in ("calculator.js", "experiments.js", "stepper.js")
)


class Stepper(anywidget.AnyWidget):
    """
    A film to step through, forward and back.

    Parameters
    ----------
    film : Film
        What to show.
    name : str
        Its name in links: ``#name/t=1/h`` opens that frame on the static page.
    position : int, optional
        The frame to begin with.

    Attributes
    ----------
    position : int
        The frame that the reader sees; setting it moves the stepper.
    frame : Frame
        The frame at `position`.
    steps : int
        How many steps are walked; the later ones fall away.
    off : list of str
        What is switched off and counts as zero: ``"x[0]"``, ``"loss[0]"``, ``"message[0]"``.
    changes : dict of str to dict of str to float
        Numbers that were changed, by row and column: ``{"W_hh": {"0,1": 0.5}}``.
    given : dict of str to ndarray
        Parameters, inputs, targets and first state with these choices: what a call of
        `forward` needs to compute the numbers on the screen again.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> stepper = Stepper(forward_frames(params, trace), "reading", position=3)
    >>> stepper, stepper.frame.code
    (Stepper('Forward through time', frame 4 of 14), 'h[0] = np.tanh(a[0])')
    """

    _esm = SCRIPT
    _css = STYLE
    name = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    graph = traitlets.Unicode().tag(sync=True)
    position = traitlets.Int().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    off = traitlets.List(traitlets.Unicode()).tag(sync=True)
    changes = traitlets.Dict().tag(sync=True)

    def __init__(self, film: Film, name: str, position: int = 0) -> None:
        super().__init__(name=name)
        self.show(film, position)

    def show(self, film: Film, position: int = 0) -> None:
        """Show another film, from a given frame on."""
        self.film = film
        with self.hold_sync():  # one message: the view never sees half of the new film
            self.position, self.steps, self.off, self.changes = position, film.T, [], {}
            self.state = film_state(film)
            self.graph = draw_graph(film)

    @traitlets.validate("position")
    def _check_position(self, proposal: dict[str, Any]) -> int:
        last = len(self.film.frames) - 1
        if not 0 <= proposal["value"] <= last:
            raise ValueError(f"position: expected 0 to {last}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("steps")
    def _check_steps(self, proposal: dict[str, Any]) -> int:
        if not 1 <= proposal["value"] <= self.film.T:
            raise ValueError(f"steps: expected 1 to {self.film.T}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("off")
    def _check_off(self, proposal: dict[str, Any]) -> list[str]:
        film = self.film
        known = {f"{name}[{t}]" for name in film.switches for t in range(film.T)} & {*film.values}
        # No message arrives at the last step.
        known -= {f"{name}[{film.T - 1}]" for name in film.switches if name.startswith("message")}
        for key in proposal["value"]:
            if key not in known:
                names = " or ".join(f"{name}[t]" for name in film.switches) or "no key"
                raise ValueError(f"off: expected {names} with a step t of the film, got {key!r}")
        return proposal["value"]

    @traitlets.validate("changes")
    def _check_changes(self, proposal: dict[str, Any]) -> dict[str, dict[str, float]]:
        given = self.state["given"] if proposal["value"] else {}
        for key, cells in proposal["value"].items():
            if key not in given or not self.film.scale(key):  # a class is no number to drag
                names = ", ".join(filter(self.film.scale, given))
                raise ValueError(f"changes: expected keys among {names}, got {key!r}")
            rows, columns = np.shape(given[key])
            places = {f"{i},{j}" for i in range(rows) for j in range(columns)}
            for at, number in cells.items():
                if at not in places:
                    size = f"0,0 to {rows - 1},{columns - 1}"
                    raise ValueError(f"changes: expected cells {size} of {key}, got {at!r}")
                if not isinstance(number, int | float) or not math.isfinite(number):
                    raise ValueError(f"changes: expected finite numbers, got {number!r}")
        return proposal["value"]

    @property
    def given(self) -> dict[str, np.ndarray]:
        """What the walk is given, as the reader has changed it: copies, by their keys."""
        given = {key: np.array(self.film.values[key].array) for key in self.state["given"]}
        for key, cells in self.changes.items():
            for at, number in cells.items():
                i, j = map(int, at.split(","))
                np.atleast_2d(given[key])[i, j] = number  # a view: a bias is one row
        for key in given.keys() & {*self.off}:
            given[key][:] = 0
        return given

    @property
    def frame(self) -> Frame:
        """The frame that the reader sees."""
        return self.film.frames[self.position]

    def __repr__(self) -> str:
        return f"Stepper({self.film.title!r}, frame {self.position + 1} of {len(self.film.frames)})"

    def html(self) -> str:
        """The element that the static page brings to life; its inside reads without a script."""
        state = self.state | {"name": self.name, "position": self.position}
        data = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        # One line of the walk or value a line: a small change is a small change in git.
        data = data.replace('},{"phase"', '},\n{"phase"').replace('],"', '],\n"')
        return (
            f'<rnn-stepper id="{escape(self.name)}"><script type="application/json">{data}</script>'
            f'<div class="rnn-transcript">{transcript(self.film)}</div></rnn-stepper>'
        )

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return data | {"text/plain": repr(self), "text/html": self.html()}, metadata
