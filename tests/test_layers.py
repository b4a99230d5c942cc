"""Three floors, and imports only downwards: the mathematics stands on NumPy alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rnnlib

FLOORS = {
    "the mathematics": set(
        "__init__ activations adam arguments bptt checkpoint clipping decoder decoder_backward"
        " character_model tasks training"
        " decoder_parameters decoder_rtrl dense derivatives encoder_decoder fast fast_arguments"
        " fast_network fast_parts forward_messages forward_pass gated_parameters gru"
        " gru_backward influence losses lstm lstm_backward network network_parameters optimisers"
        " parameters paths products random_truncation recurrent rtrl sequence_shapes"
        " squared_error text truncation updates".split()
    ),
    "the doubt": set(
        "check_exercises check_networks check_tuning examination examination_questions"
        " misconceptions mistaken_walks naming report "
        "bptt_exercises claim_trials claim_worlds claims comparisons context_exercises"
        " conversions costs dense_exercises"
        " documents equation_checks equation_errors equation_reading equation_names equation_parts"
        " equation_sources equation_tokens equation_tree equation_values exercises"
        " fading_exercises truncation_exercises fast_exercises in_order_exercises"
        " character_exercises corpora training_exercises"
        " forward_exercises gradient_checks gradient_exercises keeping_exercises layer_exercises"
        " memory_costs message_exercises nudges operation_costs oracles output_exercises"
        " price_exercises records api_sources document_questions exercise_sources open_questions"
        " sequence_exercises slope_exercises state_exercises sizing_exercises symbolic"
        " symbolic_bptt symbolic_components symbolic_decoder symbolic_dense symbolic_digits"
        " symbolic_gates symbolic_layers symbolic_product symbolic_softmax symbolic_step"
        " symbolic_trap symbolic_unrolled symbolic_views tape total_exercises network_worlds"
        " claim_worlds_002 gated_steps gated_worlds gate_exercises gate_walk_exercises"
        " translations worlds layer_worlds claim_measures_001 claim_worlds_001 prediction_worlds claim_worlds_000 claim_worlds_004 pair_runs pair_worlds shaped_worlds claim_worlds_003 claim_measures_003".split()
    ),
    "the show": set(
        "check_lab check_tables "
        "arrows claim_ablation claim_overview claim_table"
        " flat_diagrams backward_frames backward_sentences dependence_diagrams diagrams"
        " drawing film film_state forward_message_frames forward_message_graph"
        " forward_message_sentences frames graph labs layer_diagrams message_diagrams"
        " network_frames network_sentences network_walk notation palette path_diagrams picture"
        " player progress"
        " plot_page plots printing sentences sequence_diagrams softmax_frames softmax_graph lstm_frames lstm_graph lstm_sentences"
        " softmax_sentences stacked_frames stacked_graph stepper tables transcript"
        " triangle_frames triangle_graph"
        " triangle_sentences triangle_walk unrolled walk wording".split()
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
