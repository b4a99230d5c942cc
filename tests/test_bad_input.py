"""Bad input is turned away at the door, with a sentence; nothing is ever modified.

Each `calls_*.py` beside this file lists calls of public functions: `GOOD`, a list of partials
that run, and `BAD`, a list of (partial, argument its message must name, what was expected, what
came).
"""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest

from calls_forward_pass import BAD as FORWARD_BAD
from rnnlib import Parameters, forward
from test_layers import FLOORS

HERE = Path(__file__).parent
TABLES = [importlib.import_module(path.stem) for path in sorted(HERE.glob("calls_*.py"))]
GOOD = [call for table in TABLES for call in table.GOOD]
BAD = [row for table in TABLES for row in table.BAD]

# Element by element, every number is welcome.
TAKE_ANYTHING = set(
    "identity relu sigmoid tanh identity_derivative relu_derivative sigmoid_derivative"
    " tanh_derivative".split()
)


def public_functions():
    """List the functions that the modules of the mathematics define for others."""
    for name in sorted(FLOORS["the mathematics"] - {"__init__", "arguments"}):
        module = importlib.import_module(f"rnnlib.{name}")
        own = [f for f in vars(module).values() if getattr(f, "__module__", "") == module.__name__]
        names = [f.__name__ for f in own if inspect.isfunction(f)]
        yield from (name for name in names if not name.startswith("_"))


def arrays_in(value):
    """List every array in a value, however deep it lies."""
    if isinstance(value, np.ndarray):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [a for part in parts for a in arrays_in(part)] if is_nest(value) else []


def is_nest(value):
    """Say whether a value has parts that may be arrays."""
    return isinstance(value, dict | list | tuple)


def bytes_of(value):
    """Take the bytes of every array in a value, and the text of everything else."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if is_nest(value):
        return [bytes_of(part) for part in (value.values() if isinstance(value, dict) else value)]
    return repr(value)


@pytest.mark.parametrize(("call", "argument", "expected", "got"), BAD)
def test_message_names_the_argument_what_was_expected_and_what_came(call, argument, expected, got):
    before = bytes_of([call.args, call.keywords])
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is taken apart below
        call()
    name, _, sentence = str(caught.value).partition(": expected ")
    wanted, _, received = sentence.rpartition(", got ")
    assert name == argument
    assert expected in wanted
    assert got in received
    assert bytes_of([call.args, call.keywords]) == before


@pytest.mark.parametrize("call", GOOD, ids=lambda call: call.func.__name__)
def test_a_good_call_modifies_nothing(call):
    arrays = arrays_in([call.args, call.keywords])
    writeable = [array.flags.writeable for array in arrays]
    before = bytes_of([call.args, call.keywords])
    try:
        for array in arrays:
            array.flags.writeable = False  # writing into one stops the call, with its line
        call()
    finally:
        for array, flag in zip(arrays, writeable, strict=True):
            if flag:
                array.flags.writeable = True
    assert bytes_of([call.args, call.keywords]) == before


def test_every_public_function_has_good_and_bad_calls():
    public = set(public_functions()) - TAKE_ANYTHING
    assert public <= {call.func.__name__ for call, *_ in BAD}
    assert public <= {call.func.__name__ for call in GOOD}


def test_every_argument_of_forward_is_in_the_table():
    tried = {argument for call, argument, *_ in FORWARD_BAD if call.func is forward}
    assert tried == {*inspect.signature(forward).parameters, *Parameters._fields}
