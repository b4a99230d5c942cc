"""A film without a script: its frames as plain HTML, and the whole walk as one picture.

Pages show it to readers without JavaScript and in print, JupyterLab in a notebook that it
does not trust.
"""

from html import escape
from pathlib import Path
from urllib.parse import quote

from .film import Film, Value
from .graph import draw_graph
from .palette import DARK, LIGHT, css_variables
from .parameters import Parameters
from .printing import format_rows, shape_of

HERE = Path(__file__).parent


def picture(film: Film) -> str:
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

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> picture(forward_frames(params, trace)).startswith("data:image/svg+xml,")
    True
    """
    light, dark = css_variables(LIGHT), css_variables(DARK)
    style = f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    graph_rules = (HERE / "graph.css").read_text()
    svg = draw_graph(film, position=len(film.frames) - 1)
    start = svg.index(">") + 1
    inside = f'<style>{style}{graph_rules}</style><rect class="page" width="100%" height="100%"/>'
    whole = (svg[:start] + inside + svg[start:]).replace('"', "'")  # a third shorter, as a URI
    return "data:image/svg+xml," + quote(whole, safe=" =:;/,(){}'.-+<>")


def transcript(film: Film) -> str:
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

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> transcript(forward_frames(params, trace)).count("<li>")
    14
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


def _numbers(value: Value) -> str:
    """Write the rows of an array one below the other, in columns that need no style sheet."""
    table = format_rows(value.array)
    width = max(len(text) for row in table for text in row)
    space = "\N{NO-BREAK SPACE}"
    rows = (space.join(text.rjust(width, space) for text in row) for row in table)
    return "<br>".join(f"<code>{row}</code>" for row in rows)
