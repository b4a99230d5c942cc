"""The stepper as a widget: one film, one position, two hosts.

In a notebook it is an anywidget whose position Python can read and set. Its MIME bundle
also carries HTML: the film as JSON, and a transcript of every frame that needs no script.
On the static page a custom element feeds that JSON to the very same view.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from math_core import LatexToMathML

from .film import Film, Frame, node_of
from .graph import draw_graph
from .palette import DARK, LIGHT, css_variables
from .printing import shape_of, visible
from .transcript import transcript
from .walk import Line

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
_to_mathml = LatexToMathML().convert_with_local_state


def mathml(tex: str) -> str:
    """
    Convert LaTeX to the inside of a ``<math>`` element.

    Parameters
    ----------
    tex : str
        LaTeX, such as ``h_{0}``.

    Returns
    -------
    str
        MathML Core.

    Examples
    --------
    >>> mathml("h_{0}")
    '<msub><mi>h</mi><mn>0</mn></msub>'
    """
    return _to_mathml(tex, displaystyle=False).removeprefix("<math>").removesuffix("</math>")


def film_state(film: Film) -> dict[str, Any]:
    """
    Write a film as JSON-ready data: what is given, and the equations that lead on from it.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    dict
        What is given as numbers; every other value as the equation of its frame; symbols
        and operators as MathML, with a τ where the step goes.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> state = film_state(forward_frames(params, trace))
    >>> state["given"]["h[-1]"], state["groups"]["b_h"]["shape"]
    ([[0.0, 0.0, 0.0]], '(3,)')
    """
    given = [key for key in film.values if is_given(film, key)]
    groups = {}
    for key, value in film.values.items():
        if _group(key) not in groups:
            groups[_group(key)] = {
                "symbol": mathml(_any_step(value.tex, key)),
                "shape": shape_of(value.array),
                "scale": round(film.scale(key), 4),
                "rows": value.rows,
                "columns": value.columns,
            }
    operators = {
        # Alone, a sign is set without space around it; between symbols it needs some.
        part: mathml(part).replace(' lspace="0" rspace="0"', "")
        for frame in film.frames
        for part in ("=", "+", *frame.equation[1:])
        if part not in film.values
    }
    lines = list(dict.fromkeys(map(_as_json, (frame.line for frame in film.frames))))
    walk = [(lines.index(_as_json(frame.line)), frame.t, frame.marks) for frame in film.frames]
    return {
        "title": film.title,
        "T": film.T,
        "classes": [visible(symbol) for symbol in film.symbols],
        "given": {key: np.atleast_2d(film.values[key].array).tolist() for key in given},
        "groups": groups,
        "operators": operators,
        "lines": [json.loads(line) for line in lines],
        "walk": [entry if entry[2] else entry[:2] for entry in walk],
    }


def is_given(film: Film, key: str) -> bool:
    """
    Say whether a value is an argument of the walk, and not computed by it.

    Parameters
    ----------
    film : Film
        The film.
    key : str
        The key of a value.

    Returns
    -------
    bool
        True for parameters, inputs, targets and the state before the first.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> film = forward_frames(params, forward(params, *next_character_task(["aba"], "ab")))
    >>> is_given(film, "x[0]"), is_given(film, "a[0]")
    (True, False)
    """
    computed = {frame.result for frame in film.frames if len(frame.equation) > 1}
    return key == node_of(key) and key not in computed and not key.startswith("message")


def _as_json(line: Line) -> str:
    return json.dumps(line._asdict() | {"wording": line.wording._asdict()})


def _group(key: str) -> str:
    """The key without its step: values that differ only in the step share a description."""
    return re.sub(r"\[-?\d+\]", "", key)


def _any_step(tex: str, key: str) -> str:
    """The symbol with a τ for its step."""
    step = re.search(r"\[(-?\d+)\]", key)
    return tex.replace(f"{{{step[1]}}}", r"{\tau}") if step else tex


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
        Numbers that were changed: ``{"W_hh": {"0,1": 0.5}}``.

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

    @property
    def frame(self) -> Frame:
        """The frame that the reader sees."""
        return self.film.frames[self.position]

    def __repr__(self) -> str:
        return f"Stepper({self.film.title!r}, frame {self.position + 1} of {len(self.film.frames)})"

    def html(self) -> str:
        """The element that the static page brings to life; its inside reads without a script."""
        state = self.state | {"name": self.name, "position": self.position}
        data = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
        # One line of the walk or value a line: a small change is a small change in git.
        data = data.replace('}, {"phase"', '},\n{"phase"').replace('], "', '],\n"')
        return (
            f'<rnn-stepper id="{escape(self.name)}"><script type="application/json">{data}</script>'
            f'<div class="rnn-transcript">{transcript(self.film)}</div></rnn-stepper>'
        )

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return data | {"text/plain": repr(self), "text/html": self.html()}, metadata
