"""A player of a few stored pictures in words: one is seen, and the reader chooses which.

It is made of radio buttons and a style sheet, so it needs no script and no kernel: arrow keys turn
the pages. Where a browser cannot do that, and in print, all pictures stand below each other.
"""

from collections.abc import Mapping
from html import escape

STYLE = """.rnn-player{margin:1rem 0;border:1px solid #8888;border-radius:.4rem;\
padding:.6rem .9rem}.rnn-player fieldset{border:0;margin:0 0 .4rem;padding:0;min-width:0}\
.rnn-player legend{font-size:1em;margin:0 0 .3rem;padding:0}\
.rnn-player label{display:inline-flex;align-items:center;gap:.35rem;min-height:2rem;\
margin-right:1.1rem;cursor:pointer}.rnn-player input{width:1.1rem;height:1.1rem;margin:0}\
.rnn-player pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0 0;padding:0;border:0;\
background:none;color:inherit;font-size:.9em;line-height:1.5}\
.rnn-player .frames p{margin:.6rem 0 0;font-weight:bold}\
@media screen{@supports selector(:has(*)){.rnn-player .frames{display:grid}\
.rnn-player .frames p{display:none}\
.rnn-player .frames>div{grid-area:1/1;visibility:hidden}"""


class Player:
    """
    A few texts, of which one is seen at a time.

    Parameters
    ----------
    name : str
        Letters and hyphens, unlike that of any other player of the page.
    legend : str
        What the reader chooses.
    frames : mapping of str to str
        The words of each choice, and the text that it shows. The last one is shown first if
        `last` is true.
    last : bool, optional
        If the player begins with its last frame.

    Raises
    ------
    ValueError
        If the name is not of letters and hyphens, or there are fewer than two frames.

    Examples
    --------
    >>> Player("tea", "After how many cups?", {"none": "thirst", "two": "none"})
    Player('After how many cups?', 2 frames)
    """

    def __init__(
        self, name: str, legend: str, frames: Mapping[str, str], last: bool = False
    ) -> None:
        if not name.replace("-", "").isalpha():
            raise ValueError(f"name: expected letters and hyphens, got {name!r}")
        if len(frames) < 2:
            raise ValueError(f"frames: expected two or more, got {len(frames)}")
        self.name, self.legend, self.frames, self.last = name, legend, dict(frames), last

    def __repr__(self) -> str:
        return f"Player({self.legend!r}, {len(self.frames)} frames)"

    def _repr_html_(self) -> str:
        name, count = f"player-{self.name}", len(self.frames)
        first = count - 1 if self.last else 0
        shown = "".join(
            f"#{name}:has(label:nth-of-type({k}) input:checked) "
            f".frames>div:nth-of-type({k}){{visibility:visible}}"
            for k in range(1, count + 1)
        )
        buttons = "".join(
            f'<label><input type="radio" name="{name}"{" checked" if k == first else ""}>'
            f"{escape(words)}</label>"
            for k, words in enumerate(self.frames)
        )
        texts = "".join(  # the words above a text are seen only where all texts are
            f"<div><p>{escape(words)}</p><pre>{escape(text)}</pre></div>"
            for words, text in self.frames.items()
        )
        return (
            f'<div class="rnn-player" id="{name}"><style>{STYLE}{shown}}}}}</style>'
            f"<fieldset><legend>{escape(self.legend)}</legend>{buttons}</fieldset>"
            f'<div class="frames">{texts}</div></div>'
        )
