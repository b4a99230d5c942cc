"""The stepper as a widget: one film, one position, two hosts.

In a notebook it is an anywidget whose position Python can read and set. Its MIME bundle
also carries HTML: the film as JSON, and a transcript of every frame that needs no script.
On the static page a custom element feeds that JSON to the very same view.
"""

import json
from html import escape
from pathlib import Path
from urllib.parse import quote

import anywidget
import traitlets
from math_core import LatexToMathML

from .film import UNSHADED
from .graph import draw_graph
from .palette import DARK, LIGHT, css_variables
from .parameters import Parameters
from .printing import format_rows, shape_of

HERE = Path(__file__).parent
STYLE = (
    f":root{{{css_variables(LIGHT)}}}"
    f'html[data-theme="dark"],[data-jp-theme-light="false"]{{{css_variables(DARK)}}}\n'
    + (HERE / "graph.css").read_text()
    + (HERE / "stepper.css").read_text()
)
_to_mathml = LatexToMathML().convert_with_local_state


def mathml(tex):
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


def film_state(film):
    """
    Write a film as JSON-ready data: all that the view needs, and no arithmetic left to do.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    dict
        Numbers as the text that is shown, symbols and operators as MathML.
    """
    scale = round(film.scale(), 4)
    values = {
        key: {
            "symbol": mathml(value.tex),
            "shape": shape_of(value.array),
            "cells": format_rows(value.array),
            "scale": 0 if key.partition("[")[0] in UNSHADED else scale,
            "rows": value.rows,
            "columns": value.columns,
        }
        for key, value in film.values.items()
    }
    operators = {
        # Alone, a sign is set without space around it; between symbols it needs some.
        part: mathml(part).replace(' lspace="0" rspace="0"', "")
        for frame in film.frames
        for part in frame.equation
        if part not in values
    }
    frames = [frame._asdict() | {"address": film.address(i)} for i, frame in enumerate(film.frames)]
    return {
        "title": film.title,
        "T": film.T,
        "given": [key for key in values if key in film.computed(-1)],
        "values": values,
        "operators": operators,
        "frames": frames,
    }


def picture(film):
    """
    Draw the whole walk as one picture that stands alone.

    Parameters
    ----------
    film : Film
        The film; its last frame is drawn.

    Returns
    -------
    str
        A data URI for ``<img src>``.
    """
    light, dark = css_variables(LIGHT), css_variables(DARK)
    style = f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    graph_rules = (HERE / "graph.css").read_text()
    svg = draw_graph(film, position=len(film.frames) - 1)
    start = svg.index(">") + 1
    inside = f'<style>{style}{graph_rules}</style><rect class="page" width="100%" height="100%"/>'
    return "data:image/svg+xml," + quote(svg[:start] + inside + svg[start:], safe=" =:;/,(){}'.-+")


def transcript(film):
    """
    Write every frame as plain HTML: for readers without JavaScript, and in print.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    str
        HTML that JupyterLab keeps in a notebook it does not trust: text, a table and
        one image, no script, no SVG, no MathML.
    """
    rows = "".join(
        f"<tr><th scope='row'>{escape(name)} {escape(shape_of(film.values[name].array))}</th>"
        f"<td>{_numbers(film.values[name])}</td></tr>"
        for name in Parameters._fields
    )
    frames = "".join(
        f"<li><p><code>{escape(frame.code)}</code><br>{escape(frame.sentence)}<br>"
        f"{_numbers(film.values[frame.result])}</p></li>"
        for frame in film.frames
    )
    alt = f"{film.title}: the network unrolled over {film.T} steps, with the numbers of each node."
    return (
        f"<p><strong>{escape(film.title)}</strong></p>"
        f'<p><img alt="{escape(alt)}" src="{picture(film)}"></p>'
        f"<table><caption>The parameters, the same at every step</caption>"
        f"<tbody>{rows}</tbody></table>"
        f"<p>Every frame, in order:</p><ol>{frames}</ol>"
    )


def _numbers(value):
    """Write the rows of an array one below the other, in columns that need no style sheet."""
    table = format_rows(value.array)
    width = max(len(text) for row in table for text in row)
    space = "\N{NO-BREAK SPACE}"
    rows = (space.join(text.rjust(width, space) for text in row) for row in table)
    return "<br>".join(f"<code>{row}</code>" for row in rows)


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
    """

    _esm = HERE / "stepper.js"
    _css = STYLE
    name = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    graph = traitlets.Unicode().tag(sync=True)
    position = traitlets.Int().tag(sync=True)

    def __init__(self, film, name, position=0):
        super().__init__(name=name)
        self.show(film, position)

    def show(self, film, position=0):
        """Show another film, from a given frame on."""
        self.film = film
        with self.hold_sync():  # one message: the view never sees half of the new film
            self.position = position
            self.state = film_state(film)
            self.graph = draw_graph(film)

    @traitlets.validate("position")
    def _check_position(self, proposal):
        last = len(self.film.frames) - 1
        if not 0 <= proposal["value"] <= last:
            raise ValueError(f"position: expected 0 to {last}, got {proposal['value']}")
        return proposal["value"]

    @property
    def frame(self):
        """The frame that the reader sees."""
        return self.film.frames[self.position]

    def __repr__(self):
        return f"Stepper({self.film.title!r}, frame {self.position + 1} of {len(self.film.frames)})"

    def html(self):
        """The element that the static page brings to life; its inside reads without a script."""
        state = self.state | {"name": self.name, "position": self.position}
        data = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
        # One frame or value a line: a change of one number is a change of one line in git.
        data = data.replace('}, {"phase"', '},\n{"phase"').replace('}, "', '},\n"')
        return (
            f'<rnn-stepper id="{escape(self.name)}"><script type="application/json">{data}</script>'
            f'<div class="rnn-transcript">{transcript(self.film)}</div></rnn-stepper>'
        )

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return data | {"text/plain": repr(self), "text/html": self.html()}, metadata
