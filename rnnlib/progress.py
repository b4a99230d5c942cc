"""A bar that shows how far a long cell is; when it is done, nothing is left of it."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import ipywidgets
from IPython import display, get_ipython

VIEW = "application/vnd.jupyter.widget-view+json"
Item = TypeVar("Item")
screen: Any = display  # it comes without types


def watched(items: Iterable[Item], total: int, words: str = "") -> Iterator[Item]:
    """
    Hand out items one by one, and show above the output of the cell how many are done.

    Parameters
    ----------
    items : iterable
        What is handed out.
    total : int
        How many there are.
    words : str, optional
        What is being done.

    Returns
    -------
    iterator
        The items themselves. At the end the bar goes, and with it what the cell has shown so
        far: a stored notebook and a page hold no trace of it.

    Raises
    ------
    ValueError
        If `total` is no whole number of at least 1.

    Examples
    --------
    >>> list(watched("abc", total=3))
    ['a', 'b', 'c']
    """
    if not isinstance(total, int) or total < 1:
        raise ValueError(f"total: expected a whole number of at least 1, got {total!r}")
    return _watched(items, total, words)


def _watched(items: Iterable[Item], total: int, words: str) -> Iterator[Item]:
    if get_ipython() is None:  # a plain interpreter has no cell to show a bar in
        yield from items
        return
    bar = ipywidgets.IntProgress(0, 0, total, description=words)
    view = {"version_major": 2, "version_minor": 0, "model_id": bar.model_id}
    screen.display({VIEW: view}, raw=True)
    try:
        for done, item in enumerate(items):
            if 100 * done // total > 100 * bar.value // total:
                bar.value = done
            yield item
    finally:
        for part in (bar.layout, bar.style, bar):
            part.close()
        screen.clear_output()
