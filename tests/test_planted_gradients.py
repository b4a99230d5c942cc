"""What the planted mistakes of the mutation suite do to a gradient has a name."""

import importlib
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import rnnlib
from rnnlib import Parameters
from rnnlib.naming import name_mistake
from test_misconceptions import SEEDS, case_of

sys.path.insert(0, str(Path(__file__).parent / "mutants"))
from planted import MUTANTS

NEEDED = (
    "activations arguments bptt derivatives forward_pass losses parameters products squared_error"
    " text".split()
)
CANDIDATES = [
    pytest.param(mutant, id=f"{mutant.module}: {mutant.mistake}")
    for mutant in MUTANTS
    if mutant.module in NEEDED
]


@pytest.fixture
def package(tmp_path, monkeypatch, request):
    """A copy of the network with one mistake in it, under a name of its own."""
    mutant = request.param
    name = f"with_a_mistake_{MUTANTS.index(mutant)}"
    folder = tmp_path / name
    folder.mkdir()
    for stem in ["__init__", *NEEDED]:
        shutil.copy(Path(rnnlib.__file__).with_name(f"{stem}.py"), folder)
    file = folder / f"{mutant.module}.py"
    source = file.read_text("utf-8")
    assert mutant.old in source
    file.write_text(source.replace(mutant.old, mutant.new, 1), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(name)
    for module in [m for m in sys.modules if m.split(".")[0] == name]:
        del sys.modules[module]


def gradient_with(package, case):
    """Run and walk back with the mistake; None if it stops, or changes the shapes."""
    try:
        with np.errstate(all="ignore"):
            params = package.Parameters(*(array.copy() for array in case.params))
            back = package.backward(params, package.forward(params, *case[1:]))
    except (ValueError, IndexError, TypeError):
        return None
    return Parameters(*back.gradient)


NAMED = set()


@pytest.mark.parametrize("package", CANDIDATES, indirect=True)
def test_a_planted_mistake_with_a_gradient_of_its_own_is_named(package, request):
    for seed in SEEDS:
        case, trace = case_of(seed)
        gradient = gradient_with(package, case)
        right = rnnlib.backward(case.params, trace).gradient
        if gradient is None or all(map(np.allclose, gradient, right)):
            continue
        named = name_mistake(case.params, trace, gradient)
        assert len(named) == 1, f"seed {seed}: {[mistake.name for mistake in named]}"
        NAMED.add(request.node.callspec.id)


def test_many_of_them_have_one():
    assert len(NAMED) >= 10, sorted(NAMED)
