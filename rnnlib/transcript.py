"""A film without a script: its frames as plain HTML, and the whole walk as one picture.

Pages show it to readers without JavaScript and in print, JupyterLab in a notebook that it
does not trust.
"""

from html import escape

from .film import Film, Value, is_given
from .picture import picture
from .printing import format_rows, shape_of


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
        for name in film.values
        if "[" not in name and is_given(film, name)
    )
    frames = "".join(
        f"<li><code>{escape(frame.code)}</code><br>{escape(frame.sentence)}<br>"
        f"{_numbers(film.values[frame.result])}</li>"
        for frame in film.frames
    )
    alt = f"{film.title}: {film.graph.description} Each node shows its numbers."
    return (
        f"<p><strong>{escape(film.title)}</strong></p>"
        f'<p><img alt="{escape(alt)}" src="{picture(film)}"></p>'
        f"<table><caption>What is given, the same at every step</caption>"
        f"<tbody>{rows}</tbody></table>"
        f"<p>Every frame, in order:</p><ol>{frames}</ol>"
    )


def _numbers(value: Value) -> str:
    """Write the rows of an array one below the other, in columns that need no style sheet."""
    table = format_rows(value.array)
    width = max(len(text) for row in table for text in row)
    space = "\N{NO-BREAK SPACE}"
    rows = (" ".join(text.rjust(width, space) for text in row) for row in table)
    return f"<code>{'<br>'.join(rows)}</code>"
