"""Three floors, and imports only downwards: the mathematics stands on NumPy alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rnnlib

FLOORS = {
    "the mathematics": set(
        "__init__ activations adam arguments bptt character_model checkpoint clipping decoder"
        " decoder_backward decoder_parameters decoder_rtrl dense derivatives encoder_decoder fast"
        " fast_arguments fast_network fast_parts forward_messages forward_pass gated_parameters"
        " gru gru_backward influence losses lstm lstm_backward network network_parameters"
        " optimisers parameters paths products random_truncation recurrent rtrl sequence_shapes"
        " squared_error tasks text training truncation updates".split()
    ),
    "the doubt": set(
        "api_sources bptt_exercises character_exercises check_exercises check_networks"
        " check_tuning claim_measures_001 claim_measures_003 claim_trials claim_worlds"
        " claim_worlds_000 claim_worlds_001 claim_worlds_002 claim_worlds_003 claim_worlds_004"
        " claims comparisons context_exercises conversions corpora costs dense_exercises"
        " document_questions documents equation_checks equation_errors equation_names"
        " equation_parts equation_reading equation_sources equation_tokens equation_tree"
        " equation_values examination examination_questions exercise_sources exercises"
        " fading_exercises fast_exercises form_misconceptions forward_exercises gated_steps"
        " gated_worlds gradient_checks gradient_exercises gru_exercises heard_exercises"
        " in_order_exercises keeping_exercises known_mistakes layer_exercises layer_worlds"
        " lstm_exercises memory_costs message_exercises misconceptions mistaken_walks naming"
        " network_worlds nudges open_questions operation_costs oracles output_exercises pair_runs"
        " pair_worlds prediction_worlds price_exercises records report sequence_exercises"
        " shaped_worlds sizing_exercises slope_exercises state_exercises symbolic symbolic_bptt"
        " symbolic_components symbolic_decoder symbolic_dense symbolic_digits symbolic_gates"
        " symbolic_layers symbolic_product symbolic_softmax symbolic_step symbolic_trap"
        " symbolic_unrolled symbolic_views tape total_exercises training_exercises translations"
        " truncation_exercises worlds".split()
    ),
    "the show": set(
        "arrows backward_frames backward_sentences check_lab check_tables claim_ablation"
        " claim_overview claim_table dependence_diagrams diagrams drawing film film_state"
        " flat_diagrams forward_message_frames forward_message_graph forward_message_sentences"
        " frames gate_lines graph gru_frames gru_graph gru_sentences labs layer_diagrams"
        " lstm_frames lstm_graph lstm_sentences message_diagrams network_frames network_sentences"
        " network_walk notation palette path_diagrams picture player plot_page plots printing"
        " progress ratio_plots sentences sequence_diagrams softmax_frames softmax_graph"
        " softmax_sentences stacked_frames stacked_graph stepper tables transcript triangle_frames"
        " triangle_graph triangle_sentences triangle_walk unrolled walk wording".split()
    ),
}
MATHEMATICS = ", ".join(f"rnnlib.{m}" for m in sorted(FLOORS["the mathematics"] - {"__init__"}))
HEIGHT = {module: height for height, modules in enumerate(FLOORS.values()) for module in modules}
FILES = {path.stem: path for path in Path(rnnlib.__file__).parent.glob("*.py")}


def imports_of(path):
    """List the modules of rnnlib that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = "rnnlib." if node.level else ""
            module = package + (node.module or "")
            # `from . import text` names a module only in its list of names.
            found |= {module, *(f"{module.rstrip('.')}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in found]
    return {part[1] for part in parts if part[0] == "rnnlib" and len(part) > 1} & set(FILES)


def test_the_floors_hold_every_module_once():
    assert not set(HEIGHT) - set(FILES), "no such module"
    assert sum(map(len, FLOORS.values())) == len(HEIGHT)


@pytest.mark.parametrize("module", sorted(FILES))
def test_imports_go_down_or_stay(module):
    assert module in HEIGHT, f"give rnnlib/{module}.py its place in FLOORS"
    above = {m for m in imports_of(FILES[module]) if HEIGHT.get(m, 0) > HEIGHT[module]}
    assert not above, f"rnnlib/{module}.py imports from a floor above its own"


def loads(program):
    """List the modules that a program loads; the last line of it says which to print."""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return run.stdout.split()


def test_the_mathematics_loads_numpy_alone():
    program = (
        "import sys; before = set(sys.modules);"
        f"import {MATHEMATICS};"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(*sorted(loaded - sys.stdlib_module_names))"
    )
    assert loads(program) == ["numpy", "rnnlib"]


def test_the_mathematics_loads_no_more_of_numpy_than_numpy_does():
    program = (
        "import sys, numpy; before = set(sys.modules);"
        f"import {MATHEMATICS};"
        "print(*sorted(name for name in set(sys.modules) - before if 'numpy' in name))"
    )
    # NumPy loads numpy.random when it is first used: an annotation that names it stands in quotes.
    assert loads(program) == []
