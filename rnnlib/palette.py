"""Colour is meaning: one palette for steppers, diagrams and plots, in light and dark.

The hues follow Okabe and Ito, "Color Universal Design" (2008), which readers with any
kind of colour vision can tell apart; they are darkened or lightened until text in them
reaches a contrast of 4.5 : 1 against the page.
"""

LIGHT = {
    "forward": "#0067a3",
    "backward": "#a84200",
    "recurrent": "#006b54",
    "loss": "#8a3a6c",
    "positive": "#e69f00",
    "negative": "#7b68c8",
    "ink": "#1d2329",
    "muted": "#59636e",
    "line": "#c3cad1",
    "paper": "#ffffff",
    "panel": "#f5f7f9",
}

DARK = {
    "forward": "#6cbdf0",
    "backward": "#ff9f57",
    "recurrent": "#48d0aa",
    "loss": "#eda6cc",
    "positive": "#b57e00",
    "negative": "#8272e0",
    "ink": "#e3e7eb",
    "muted": "#a3adb7",
    "line": "#4a535d",
    "paper": "#14181e",
    "panel": "#1d222a",
}


def css_variables(colours: dict[str, str]) -> str:
    """
    Write a palette as CSS custom properties.

    Parameters
    ----------
    colours : dict of str to str
        `LIGHT` or `DARK`.

    Returns
    -------
    str
        ``--rnn-forward:#0067a3;`` and so on, for use inside a CSS rule.

    Examples
    --------
    >>> css_variables({"ink": "#000000"})
    '--rnn-ink:#000000;'
    """
    return "".join(f"--rnn-{meaning}:{colour};" for meaning, colour in colours.items())
