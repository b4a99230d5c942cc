"""Every public name says what goes in, of which shape, what comes out, and how it is called.

That the examples do run is for pytest, which collects them as doctests. Methods are short and
read beside their class: that they have a docstring at all is for ruff.
"""

import ast
import importlib
import inspect
import textwrap
from typing import get_args, get_origin

import numpy as np
import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

from test_layers import FILES

# What numpydoc asks for, and we do not.
TASTE = {
    "ES01", "SA01",  # an extended summary, a See Also: where there is nothing more to say
    "SA03",  # a capital letter in See Also
    "RT02",  # no name for a single result
    "SS05",  # no -s at the end of the first word, which may be a noun: derivatives
}  # fmt: skip

# A tape is to be read in a hundred lines; its nodes are made by arithmetic, and from numbers as in
# the example.
ALLOWED = {"rnnlib.tape.Node": {"PR01"}}

# The chapter on notation prints these five line by line, in the letters of the documents; a table
# beside them says what each letter stands for.
SHOWN_AS_THEY_ARE = {f"rnnlib.documents.forward_{document:03d}" for document in range(5)}


def public_things():
    """List the functions and the classes that the modules define for others."""
    for name in sorted(FILES):
        module = importlib.import_module(f"rnnlib.{name}")
        for thing in vars(module).values():
            if (inspect.isfunction(thing) or inspect.isclass(thing)) and (
                thing.__module__ == module.__name__ and not thing.__name__.startswith("_")
            ):
                yield thing


def name_of(thing):
    """Write the name by which a thing can be imported."""
    return f"{thing.__module__}.{thing.__qualname__}"


THINGS = {name_of(thing): thing for thing in public_things()}
RECORDS = {name: thing for name, thing in THINGS.items() if hasattr(thing, "_fields")}
OTHERS = {name: THINGS[name] for name in THINGS if name not in {*RECORDS, *SHOWN_AS_THEY_ARE}}


def shapeless(entries):
    """List the entries that are an array and do not say of which shape."""
    said = {f"{entry.name} : {entry.type}": entry for entry in entries}
    return [
        f"{line}: an array of which shape?"
        for line, entry in said.items()
        if "ndarray" in line and "shape" not in " ".join([line, *entry.desc])
    ]


def entries_of(names, entries):
    """Pick the entries on some names; one entry may be on several."""
    return [entry for entry in entries if not {*entry.name.split(", ")}.isdisjoint(names)]


def mistakes_in(thing):
    """List what the docstring of a function or of a class leaves unsaid, or says wrongly."""
    doc = NumpyDocString(inspect.getdoc(thing) or "")
    # numpydoc takes what the methods of a class return for what the class returns, and wants a
    # Returns section beside a Yields section where a generator is handed on.
    ignored = TASTE | ALLOWED.get(name_of(thing), set())
    ignored |= {"RT01"} if inspect.isclass(thing) or doc["Yields"] else set()
    found = [text for code, text in validate(name_of(thing))["errors"] if code not in ignored]
    if not any(line.startswith(">>> ") for line in doc["Examples"]):
        found.append("No example that could be run")
    if raises_value_error(thing) and not doc["Raises"]:
        found.append("No Raises section found, though it may raise a ValueError")

    signature = inspect.signature(thing)
    arrays = {p.name for p in signature.parameters.values() if p.annotation is np.ndarray}
    for entry in (on_arrays := entries_of(arrays, doc["Parameters"])):
        if "ndarray" not in entry.type:
            found.append(f"{entry.name} : {entry.type}: expected an ndarray, as in the signature")
    returned = signature.return_annotation
    returned = get_args(returned) if get_origin(returned) is tuple else [returned]
    return [*found, *shapeless([*on_arrays, *(doc["Returns"] if np.ndarray in returned else [])])]


def raises_value_error(thing):
    """Say whether a function raises a ValueError itself, or checks an argument."""
    nodes = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(thing))))
    called = {getattr(node.func, "id", "") for node in nodes if isinstance(node, ast.Call)}
    return inspect.isfunction(thing) and any(
        name == "ValueError" or name.startswith("check_") for name in called
    )


def gaps_in(record):
    """List the fields of a record that its docstring leaves out, or says too little of."""
    entries = NumpyDocString(inspect.getdoc(record))["Attributes"]
    names = tuple(name for entry in entries for name in entry.name.split(", "))
    found = [f"expected attributes {record._fields}, got {names}"] * (names != record._fields)
    found += [f"{entry.name}: of which type?" for entry in entries if not entry.type]
    found += [f"{entry.name}: what is it?" for entry in entries if not any(entry.desc)]
    arrays = {name for name, kind in record.__annotations__.items() if kind is np.ndarray}
    return found + shapeless(entries_of(arrays, entries))


# To find its docstring, numpydoc looks at every attribute of a widget: some are deprecated.
@pytest.mark.filterwarnings("ignore:Widget.\\w+ is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", OTHERS)
def test_a_docstring_says_what_goes_in_what_comes_out_and_how_to_call(name):
    assert not (found := mistakes_in(OTHERS[name])), "\n".join(found)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_names_its_fields(name):
    assert not (found := gaps_in(RECORDS[name])), "\n".join(found)


@pytest.mark.parametrize("name", sorted(SHOWN_AS_THEY_ARE))
def test_what_is_shown_as_it_is_says_in_one_line_what_it_is(name):
    assert "\n" not in THINGS[name].__doc__


@pytest.mark.parametrize("module", sorted(FILES))
def test_a_module_has_at_most_250_lines(module):
    lines = FILES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= 250


def well_said(x: np.ndarray, c: float) -> np.ndarray:
    """
    Shift an array.

    Parameters
    ----------
    x : ndarray, shape (T, N)
        What is shifted.
    c : float
        By how much.

    Returns
    -------
    ndarray, shape (T, N)
        The sum of both.

    Raises
    ------
    ValueError
        If the shift is negative.

    Examples
    --------
    >>> well_said(np.zeros((1, 2)), 3.0).tolist()
    [[3.0, 3.0]]
    """
    if c < 0:
        raise ValueError(f"c: expected a positive number, got {c}")
    return x + c


def test_a_docstring_that_says_everything_passes():
    assert mistakes_in(well_said) == []


@pytest.mark.parametrize(
    ("said", "spoilt", "complaint"),
    [
        (">>> well_said", "well_said", "No example"),
        ("Examples\n    --------\n", "", "No examples section"),
        ("    c : float\n        By how much.\n", "", "Parameters {'c'} not documented"),
        ("c : float", "size : float", "Unknown parameters {'size'}"),
        ("c : float", "c", 'Parameter "c" has no type'),
        ("        By how much.\n", "", 'Parameter "c" has no description'),
        ("x : ndarray, shape (T, N)", "x : ndarray", "x : ndarray: an array of which shape?"),
        ("x : ndarray, shape (T, N)", "x : list", "expected an ndarray, as in the signature"),
        ("    ndarray, shape (T, N)\n        The", "    ndarray\n        The", "of which shape?"),
        ("Returns\n    -------\n    ndarray, shape (T, N)\n", "", "No Returns section"),
        ("Raises\n    ------\n", "", "No Raises section"),
        ("Shift an array.", "Shift an array", "Summary does not end with a period"),
    ],
)
def test_what_is_left_unsaid_is_seen(monkeypatch, said, spoilt, complaint):
    assert well_said.__doc__.count(said) == 1
    monkeypatch.setattr(well_said, "__doc__", well_said.__doc__.replace(said, spoilt))
    assert complaint in "\n".join(mistakes_in(well_said))
