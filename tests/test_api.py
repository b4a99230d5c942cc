"""The reference shows every module and every public name of rnnlib, and nothing private."""

import runpy

import pytest

from chapters import NAMES, ROOT, read
from rnnlib.api_sources import comment_on, listed_modules, module_table, public_names
from test_docstrings import THINGS
from test_layers import FILES, FLOORS

PAGES = [ROOT / f"{name}.ipynb" for name in NAMES if name.startswith("book/api_")]
LISTED = {page.stem: listed_modules(page) for page in PAGES}
REFERENCE = runpy.run_path(str(ROOT / "book/_ext/reference.py"))
SOURCES = {stem: path.read_text(encoding="utf-8") for stem, path in FILES.items()}
DOCSTRING = """
Add a step to a state.

Parameters
----------
trace : Trace
    What `forward` made; see `x` and [1]_.
x : ndarray, shape (T, N)
    What comes in, :math:`x_t` and :math:`a_{t}`.

See Also
--------
backward : the way back.

References
----------
.. [1] A. Author, "A title", 1990.
"""


def full_name(stem):
    return "rnnlib" if stem == "__init__" else f"rnnlib.{stem}"


def test_every_module_stands_on_one_page():
    listed = [name for names in LISTED.values() for name in names]
    assert sorted(listed) == sorted(map(full_name, FILES)), "add it to a page book/api_….ipynb"


def test_a_page_keeps_to_one_floor_and_the_pages_go_up():
    floors = []
    for page, names in LISTED.items():
        stems = {name.partition(".")[2] or "__init__" for name in names}
        (floor,) = [i for i, modules in enumerate(FLOORS.values()) if modules & stems]
        assert stems <= list(FLOORS.values())[floor], page
        floors.append(floor)
    assert floors == sorted(floors)
    assert set(floors) == {0, 1, 2}


def test_every_module_shows_its_members():
    for page in LISTED:
        for cell in read(f"book/{page}").cells[1:]:
            own = "rnnlib\n```" in cell.source  # it defines nothing itself
            assert own or cell.source.endswith("   :members:\n```"), f"{page}: {cell.source}"


@pytest.mark.parametrize("stem", sorted(FILES))
def test_every_public_name_is_a_function_a_class_or_a_listed_constant(stem):
    names = set(public_names(SOURCES[stem]))
    lines = "\n".join(REFERENCE["constants_of"](full_name(stem))).splitlines()
    constants = {line.split()[-1] for line in lines if line.startswith(".. py:data:: ")}
    described = {
        name.rpartition(".")[2] for name in THINGS if name.rpartition(".")[0] == full_name(stem)
    }
    assert constants & described == set()
    # What a decorator has wrapped has the docstring of what it wraps.
    wrapped = {name for name in names if hasattr(REFERENCE["thing_of"](stem, name), "__wrapped__")}
    assert constants | described | wrapped == names
    assert not [name for name in names if name.startswith("_")]


def test_public_names_leave_out_what_is_private_and_what_only_types_need():
    source = 'A = 1  # one\n_b = 2\nR = TypeVar("R")\nC: int = 3\ndef go(): ...\nclass _D: ...'
    assert public_names(source) == {"A": "one", "C": "", "go": ""}


def test_a_comment_behind_a_line_goes_before_the_one_above():
    assert comment_on(["# above", "A = 1  # behind"], 2, 2) == "behind"
    assert comment_on(["", "A = 1"], 2, 2) == ""


def test_the_table_has_the_first_line_of_each_docstring():
    for page in PAGES:
        summaries = module_table(page).summaries
        assert list(summaries) == LISTED[page.stem]
        assert all(summary.endswith(".") for summary in summaries.values())


def test_a_page_with_an_unknown_module_is_refused(tmp_path):
    page = tmp_path / "page.ipynb"
    page.write_text('{"cells": [{"source": [".. automodule:: rnnlib.nowhere"]}]}')
    with pytest.raises(ValueError, match=r"got rnnlib\.nowhere on page\.ipynb"):
        module_table(page)


def test_a_docstring_becomes_lists_in_which_public_names_are_links():
    lines = "\n".join(REFERENCE["as_lists"](DOCSTRING, "rnnlib.bptt", {"x"}))
    assert "``trace`` : :py:obj:`Trace <rnnlib.forward_pass.Trace>`" in lines
    assert "``x`` : ndarray, shape (T, N)" in lines
    assert r"What ``forward`` made; see ``x`` and \[1]." in lines
    assert ":math:`x_t` and :math:`a_{t}`." in lines
    assert ":py:obj:`backward <rnnlib.bptt.backward>`\n" in lines
    assert '1. A. Author, "A title", 1990.' in lines


def test_a_link_leads_to_where_a_thing_is_defined():
    address_of = REFERENCE["address_of"]
    assert address_of("forward", "rnnlib") == "rnnlib.forward_pass.forward"
    assert address_of("rnnlib.forward_pass.forward", "rnnlib.bptt") == "rnnlib.forward_pass.forward"
    assert address_of("rnnlib.bptt", "rnnlib.rtrl") == "rnnlib.bptt"
    assert address_of("np", "rnnlib.bptt") is None
    assert address_of("nowhere", "rnnlib.bptt") is None


@pytest.mark.parametrize("stem", sorted(FILES))
def test_no_value_of_a_constant_depends_on_the_machine(stem):
    lines = REFERENCE["constants_of"](full_name(stem))
    values = [line for line in lines if line.startswith("   :value:")]
    assert not [value for value in values if "Path(" in value or " at 0x" in value]
