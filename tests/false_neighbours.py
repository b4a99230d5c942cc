"""Formulas with one mistake in them: what a proof must be able to refuse."""

import inspect


def with_mistake(function, right, wrong):
    """Replace one place in the source of a function; the place must be there just once."""
    source = inspect.getsource(function)
    assert source.count(right) == 1, f"{right!r} is not there once: {source.count(right)}"
    names = dict(vars(inspect.getmodule(function)))
    exec(source.replace(right, wrong), names)
    return names[function.__name__]
