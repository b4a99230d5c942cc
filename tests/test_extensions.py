"""What the build does to a page is shown in examples, and these are run."""

import doctest
import importlib.util
import sys

import pytest

from chapters import ROOT

EXTENSIONS = [
    path
    for path in sorted((ROOT / "book" / "_ext").glob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", EXTENSIONS, ids=lambda path: path.stem)
def test_examples_of_an_extension_come_out(path, monkeypatch):
    monkeypatch.syspath_prepend(path.parent)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    spec.loader.exec_module(module)
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
