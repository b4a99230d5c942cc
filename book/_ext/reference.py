"""The reference: what the docstrings of rnnlib say, as lists that a page can show."""

import importlib
import inspect
import re
from collections.abc import Sized
from functools import cache
from pathlib import Path
from types import ModuleType

from numpydoc.docscrape import NumpyDocString
from sphinx.util import logging

from rnnlib.api_sources import LIBRARY, public_names

logger = logging.getLogger(__name__)
LISTS = ("Parameters", "Attributes", "Returns", "Yields", "Raises")
# A role says itself what it is; a reference is listed below; a name in backticks may be a link.
MARKED = re.compile(
    r"(?P<role>:[\w:]+:`[^`]+`)|\[(?P<number>\d+)\]_|(?P<tick>``?)(?P<name>[^`]+)(?P=tick)"
)
LONGEST_VALUE = 50  # of a constant, in letters
MOST_KEYS = 8  # of a dict whose keys are listed


@cache
def names_of(module):
    """List the public names of a module, each with the comment on it."""
    stem = module.partition(".")[2] or "__init__"
    return public_names((LIBRARY / f"{stem}.py").read_text(encoding="utf-8"))


def thing_of(stem, name):
    """Get a public thing of a module."""
    return getattr(importlib.import_module(f"rnnlib.{stem}".removesuffix(".__init__")), name)


def address_of(name, module):
    """Find the public thing that a name means inside a module; nothing if it means none."""
    start, *rest = name.removesuffix("()").split(".")
    if start == "rnnlib":
        if rest and (LIBRARY / f"{rest[0]}.py").is_file():
            start = f"{start}.{rest.pop(0)}"
        thing = importlib.import_module(start)
        if not rest:
            return thing.__name__
        module, (start, *rest) = start, rest
    thing = inspect.unwrap(getattr(importlib.import_module(module), start, None))
    if isinstance(thing, ModuleType):
        return thing.__name__ if thing.__name__.startswith("rnnlib") else None
    if inspect.isfunction(thing) or inspect.isclass(thing):
        home, label = thing.__module__, thing.__qualname__
    else:
        home, label = module, start
    if home.partition(".")[0] != "rnnlib" or label not in names_of(home):
        return None
    if rest and inspect.isroutine(getattr(thing, rest[0], None)):
        label = f"{label}.{rest[0]}"
    return f"{home}.{label}"


def with_links(text, module, own=()):
    """Make links of the names in backticks that mean something public; the others are code."""

    def link(match):
        name = match["name"]
        if not name:
            return match["role"] or rf"\[{match['number']}]"
        known = name.partition(".")[0] not in own and re.fullmatch(r"[A-Za-z_][\w.]*(\(\))?", name)
        address = address_of(name, module) if known else None
        return f":py:obj:`{name} <{address}>`" if address else f"``{name}``"

    return MARKED.sub(link, text)


def escaped(text):
    return re.sub(r"([\\*_|`])", r"\\\1", text)


def typed(text, module):
    """Write a type; a class of rnnlib in it is a link."""
    parts = []
    for part in re.split(r"(`[^`]+`|[A-Za-z_][\w.]*)", text):
        word = part.strip("`")
        address = address_of(word, module) if re.fullmatch(r"[A-Z]\w*", word) else None
        parts.append(rf":py:obj:`{word} <{address}>`\ " if address else escaped(word))
    return re.sub(r"(\w)(:py:obj:)", r"\1\\ \2", "".join(parts))


def indented(lines):
    return [f"    {line}" if line.strip() else "" for line in lines]


def entry_lines(entry, module, own):
    """Write one parameter, one result or one error: its name, its type, and what it is."""
    kind = typed(entry.type, module)
    name = ", ".join(f"``{name}``" for name in entry.name.split(", ")) if entry.name else ""
    term = f"{name} : {kind}" if name and kind else name or kind
    return [term, *indented(with_links("\n".join(entry.desc), module, own).splitlines() or [r"\ "])]


def section_lines(title, doc, module, own):
    """Write one section of a docstring."""
    if title in LISTS:
        return [line for entry in doc[title] for line in [*entry_lines(entry, module, own), ""]]
    if title == "See Also":
        lines = []
        for names, says in doc[title]:
            links = []
            for name, _ in names:
                address = address_of(name, module)
                if address is None:
                    logger.warning("See Also: rnnlib has no public %s", name, type="reference")
                links.append(f":py:obj:`{name} <{address}>`")
            lines += [", ".join(links), *indented(says), ""]
        return lines
    text = "\n".join(doc[title])
    if title == "Examples":
        return text.splitlines()
    if title == "References":
        text = re.sub(r"^\.\. \[(\d+)\] ", r"\1. ", text, flags=re.M)
    return with_links(text, module, own).splitlines()


def as_lists(docstring, module, own):
    """Write a docstring of numpydoc's form as one list of sections."""
    doc = NumpyDocString(docstring)
    lines = [*doc["Summary"], "", *doc["Extended Summary"], ""]
    lines = with_links("\n".join(lines), module, own).splitlines()
    order = [*LISTS, "See Also", "Notes", "References", "Examples"]
    known = {*order, "Signature", "Summary", "Extended Summary", "index"}
    if unknown := [title for title in doc if title not in known and doc[title]]:
        logger.warning("%s: a section %s has no place", module, unknown, type="reference")
    sections = [title for title in order if doc[title]]
    found = [
        line
        for title in sections
        for line in [title, *indented(section_lines(title, doc, module, own)), ""]
    ]
    return [*lines, "", ".. rst-class:: doc-sections", "", *indented(found)] if found else lines


def constants_of(module):
    """Write the constants of a module: what the comment says, and the value if it is short."""
    lines, thing = [], importlib.import_module(module)
    for name, comment in names_of(module).items():
        value = inspect.unwrap(getattr(thing, name))
        if (inspect.isfunction(value) or inspect.isclass(value)) and value.__name__ == name:
            continue
        lines += ["", f".. py:data:: {name}"]
        shown = repr(value)
        own = not isinstance(value, Path)  # which is another on every machine
        if own and len(shown) <= LONGEST_VALUE and " at 0x" not in shown and "<" not in shown:
            lines.append(f"   :value: {shown}")
        says = comment or what_it_is(value)
        lines += ["", f"   {with_links(says, module)}"]
    return lines


def brought(module):
    """List the names that a module takes from others, to hand them on."""
    names = [
        f":py:obj:`{name} <{address_of(name, module.__name__)}>`"
        for name in getattr(module, "__all__", ())
        if address_of(name, module.__name__)
    ]
    return ["", f"It brings {', '.join(names)}."] if names else []


def what_it_is(value):
    """Say in a few words what a constant without a comment is."""
    kind = type(value).__name__
    if kind == "Exercise":
        return f"An exercise: {value.name[0].lower()}{value.name[1:]}."
    if kind == "Pattern":
        return "A regular expression."
    if hasattr(value, "__origin__") or kind == "UnionType":
        return "A type."
    short = isinstance(value, dict) and len(value) <= MOST_KEYS
    if short and all(str(key).isidentifier() for key in value):
        return f"By name: {', '.join(f'``{key}``' for key in value)}."
    if isinstance(value, Path):
        return "A folder of the book." if value.is_dir() else "A file of the book."
    if isinstance(value, Sized) and not isinstance(value, str):
        return f"A {kind} of {len(value)}."
    return ""


def module_of(name):
    """Name the module in which a thing with this full name is defined."""
    parts = name.split(".")
    return ".".join(parts[:2] if len(parts) > 1 and parts[1] in modules() else parts[:1])


@cache
def modules():
    return {path.stem for path in LIBRARY.glob("*.py")}


def rewrite(app, what, name, obj, options, lines):
    """Write a docstring as the page shows it."""
    module = module_of(name)
    text = "\n".join(lines)
    if what == "module":
        lines[:] = [
            *with_links(text, module).splitlines(),
            *brought(obj),
            *constants_of(module),
            "",
        ]
        return
    own = {name.rpartition(".")[2]}
    if inspect.isfunction(obj) or inspect.isclass(obj):
        own |= {*inspect.signature(obj).parameters}
    lines[:] = as_lists(text, module, own)


def skip(app, what, name, obj, skipped, options):
    """Leave out what a class has not written itself: a field stands among its attributes."""
    written = inspect.isroutine(obj) or isinstance(obj, property) or inspect.isclass(obj)
    return skipped or not (written or inspect.ismodule(obj)) or name.startswith("_") or None


def setup(app):
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
