"""Mistakes to plant: each changes one place of one module, as a tired hand would."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One mistake: where it is planted, what it replaces, and its name."""

    module: str
    old: str
    new: str
    mistake: str


# The tests that watch over each module.
TESTS = {
    "activations": ["activations"],
    "adam": ["optimisers"],
    "arguments": ["bad_input"],
    "bptt": ["bptt"],
    "check_networks": ["check_tuning"],
    "check_tables": ["check_tuning"],
    "checkpoint": ["checkpoint", "memory"],
    "clipping": ["optimisers"],
    "comparisons": ["gradient_checks"],
    "conversions": ["conversions"],
    "costs": ["costs"],
    "decoder": ["encoder_decoder"],
    "decoder_backward": ["encoder_decoder"],
    "decoder_rtrl": ["forward_messages"],
    "dense": ["dense"],
    "derivatives": ["derivatives"],
    "encoder_decoder": ["encoder_decoder"],
    "equation_checks": ["equation_checks"],
    "equation_errors": ["equation_checks"],
    "equation_reading": ["equation_checks"],
    "equation_values": ["equation_checks"],
    "examination_questions": ["report"],
    "fast": ["fast"],
    "forward_pass": ["forward_pass"],
    "gradient_checks": ["gradient_checks"],
    "gru": ["gru"],
    "gru_backward": ["gru"],
    "influence": ["rtrl", "forward_messages"],
    "losses": ["losses"],
    "lstm": ["lstm"],
    "lstm_backward": ["lstm"],
    "network": ["network"],
    "network_worlds": ["equation_checks"],
    "optimisers": ["optimisers"],
    "parameters": ["parameters"],
    "paths": ["paths"],
    "products": ["dense"],
    "recurrent": ["recurrent"],
    "rtrl": ["rtrl"],
    "sequence_shapes": ["sequence_shapes"],
    "squared_error": ["losses"],
    "symbolic_step": ["symbolic_step"],
    "tape": ["tape"],
    "text": ["text"],
    "truncation": ["truncation"],
    "worlds": ["equation_checks"],
}

MUTANTS = [
    # The way forward.
    Mutant(
        "activations",
        "e / np.sum(e, axis=-1, keepdims=True)",
        "e / np.sum(e, axis=0, keepdims=True)",
        "softmax over the samples in place of the classes",
    ),
    Mutant(
        "activations",
        "e = np.exp(z - np.max(np.real(z), axis=-1, keepdims=True))",
        "e = np.exp(z)",
        "softmax without the shift: it overflows",
    ),
    Mutant(
        "forward_pass",
        "h_prev[t] @ W_hh",
        "h_prev[0] @ W_hh",
        "`h_init` in place of h_{t-1}: every step starts anew",
    ),
    Mutant(
        "forward_pass",
        "h_prev[t] @ W_hh",
        "h_prev[t] @ W_hh.T",
        "`W_hh` transposed on the way forward",
    ),
    Mutant(
        "forward_pass",
        "states[0] = h_init",
        "states[0] = 0",
        "`h_init` forgotten: the state begins at 0",
    ),
    Mutant(
        "forward_pass",
        "states = np.empty((T + 1, N, n_h), dtype)",
        "states = np.empty((T + 1, N, n_h), np.result_type(dtype, float))",
        "float32 comes in, float64 goes out",
    ),
    Mutant(
        "forward_pass",
        ".sum(axis=1)  # L_t",
        ".mean(axis=1)  # L_t",
        "mean for sum: the loss over the batch",
    ),
    # Losses and slopes.
    Mutant("losses", "return softmax(z) - (", "return softmax(z) + (", "ŷ + onehot for ŷ - onehot"),
    Mutant(
        "squared_error", "return 2 / diff", "return 1 / diff", "factor 2 of the slope forgotten"
    ),
    Mutant("derivatives", "return 1 - h * h", "return 1 - h", "1 - h in place of 1 - h²"),
    Mutant("derivatives", "(np.real(h) > 0)", "(np.real(h) >= 0)", "relu with slope 1 at its kink"),
    Mutant(
        "derivatives",
        "y_hat * (upstream - (upstream * y_hat).sum(axis=-1, keepdims=True))",
        "y_hat * (1 - y_hat) * upstream",
        "softmax: all that is off the diagonal forgotten",
    ),
    # The way back.
    Mutant(
        "bptt",
        "delta_h[t] = from_own_loss[t] + message[t]",
        "delta_h[t] = from_own_loss[t]",
        "message dropped",
    ),
    Mutant("bptt", "delta_h[t] * slope[t]", "delta_h[t]", "1 - h² missing on the way back"),
    Mutant(
        "bptt",
        "from_later = delta_a[t] @ params.W_hh.T",
        "from_later = delta_a[t] @ params.W_hh",
        "`W_hh` not transposed on the way back",
    ),
    Mutant(
        "bptt",
        "from_later = delta_a[t] @",
        "from_later = delta_h[t] @",
        "message made of δ^h in place of δ^a",
    ),
    Mutant(
        "bptt",
        "for t in reversed(range(T)):",
        "for t in range(T):",
        "walk from the first step to the last",
    ),
    Mutant(
        "bptt",
        "W_hh=sum_of_products(h_prev, delta_a)",
        "W_hh=sum_of_products(h, delta_a)",
        "h_t for h_{t-1} in the gradient by `W_hh`",
    ),
    Mutant(
        "bptt",
        "b_h=delta_a.sum(axis=(0, 1))",
        "b_h=delta_a.mean(axis=(0, 1))",
        "mean for sum in the gradient by `b_h`",
    ),
    Mutant(
        "bptt",
        "delta_z = trace.y_hat - (y",
        "delta_z = trace.y_hat\n    delta_z -= (y",
        "trace overwritten: δ^z = ŷ, then δ^z -= onehot",
    ),
    Mutant(
        "bptt",
        "[..., np.newaxis] * params.W_hh.T",
        "[..., np.newaxis] * params.W_hh",
        "J_t with `W_hh` not transposed",
    ),
    # Layers.
    Mutant(
        "dense",
        "delta_x = delta_a @ params.weights.T",
        "delta_x = delta_a @ params.weights",
        "weights not transposed: runs if they are square",
    ),
    Mutant(
        "dense",
        "delta_a = upstream * DERIVATIVES",
        "delta_a = upstream\n        delta_a *= DERIVATIVES",
        "upstream overwritten: δ^a = upstream, then δ^a *= slope",
    ),
    Mutant(
        "products",
        "return left.reshape(-1, left.shape[-1]).T @",
        'return left.reshape(-1, left.shape[-1], order="F").T @',
        "rows of x and of δ^a in another order",
    ),
    Mutant(
        "products",
        "return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])",
        "return left.sum(axis=0).T @ right.sum(axis=0)",
        "sums over time multiplied in place of products",
    ),
    Mutant(
        "recurrent",
        "delta_h[t] = upstream[t] + message[t]",
        "upstream[t] += message[t]\n        delta_h[t] = upstream[t]",
        "upstream overwritten: upstream += message",
    ),
    Mutant(
        "recurrent",
        "np.zeros((N, n_h), upstream.dtype)",
        "np.zeros((N, n_h))",
        "first message of float64 in a network of float32",
    ),
    Mutant(
        "network",
        "trace.back, factor * slope)",
        "trace.back, slope)",
        "mean loss with the gradient of the sum",
    ),
    Mutant(
        "network",
        "rows=slope[..., 0].size",
        "rows=len(slope)",
        "divided by T in place of T N: right for a batch of one",
    ),
    # The other forms of BPTT.
    Mutant("paths", "for k in range(t + 1)", "for k in range(t)", "wrong limit: k < t for k ≤ t"),
    Mutant(
        "paths",
        "gradient.W_hh[:] += h_prev",
        "gradient.W_hh[:] = h_prev",
        "assignment for accumulation: the last path only",
    ),
    Mutant(
        "paths",
        "product = jacobian[step] @ product",
        "product = product @ jacobian[step]",
        "Jacobians multiplied the wrong way round",
    ),
    Mutant(
        "paths",
        "delta_a[k:, k] = delta_h[k:] * slope[k]",
        "delta_a[:, k] = delta_h * slope[k]",
        "wrong limit: triangle filled above its diagonal",
    ),
    Mutant(
        "truncation",
        "(k >= block + every - reach)",
        "(k > block + every - reach)",
        "wrong limit: one cell too few",
    ),
    Mutant(
        "truncation",
        "delta_a[t] += from_block",
        "delta_a[t] = from_block",
        "assignment for accumulation where walks overlap",
    ),
    Mutant(
        "checkpoint",
        "h_before, message, activation)",
        "h_before, 0 * message, activation)",
        "message between two segments dropped",
    ),
    Mutant(
        "checkpoint",
        "trace.h[-1].copy()",
        "trace.h[-1]",
        "view for a copy: it keeps the whole segment in memory",
    ),
    Mutant(
        "fast",
        "delta_a_now += message",
        "delta_a_now[:] = message",
        "fast form: assignment for accumulation: message only",
    ),
    Mutant(
        "fast",
        "near = bounded and math",
        "near = math",
        "fast form: e^z without a shift where no bound is known",
    ),
    # Forward messages.
    Mutant(
        "rtrl",
        "J_t = reach @ params.W_hh.T",
        "J_t = reach @ params.W_hh",
        "RTRL: `W_hh` not transposed",
    ),
    Mutant(
        "rtrl",
        "J_t = reach @ params.W_hh.T",
        "J_t = reach * params.W_hh.T",
        "RTRL: no sum over units",
    ),
    Mutant(
        "rtrl",
        "b_h=reach + carried(J_t, P_t.b_h)",
        "b_h=reach",
        "RTRL: immediate part only",
    ),
    Mutant(
        "rtrl",
        "h_init=np.broadcast_to(unit, (N, n_h, n_h))",
        "h_init=np.zeros((N, n_h, n_h))",
        "RTRL: P_{-1} of `h_init` begins at 0, not at I",
    ),
    Mutant(
        "influence",
        "return np.tensordot(delta_h, influence, axes=2)",
        "return np.tensordot(delta_h, influence, axes=2) / len(delta_h)",
        "mean for sum over the samples",
    ),
    # Sequence shapes.
    Mutant(
        "sequence_shapes",
        "delta_z[-len(trace.z) :]",
        "delta_z[: len(trace.z)]",
        "many to one: loss of the last step sent to the first",
    ),
    Mutant(
        "sequence_shapes",
        "np.zeros((len(y) - 1, *x.shape), x.dtype)",
        "np.zeros((max(len(y) - 1, 1), *x.shape), x.dtype)",
        "one to many: a step too many, for T = 1 only",
    ),
    Mutant(
        "decoder",
        "one_hot(y[:-1], n_y)",
        "one_hot(y[1:], n_y)",
        "decoder hears the word that it is to say",
    ),
    Mutant(
        "decoder_backward",
        "= from_own_loss[t] + from_hearing",
        "= from_own_loss[t]",
        "words fed back taken for constants",
    ),
    Mutant(
        "encoder_decoder",
        "return by_h_init + by_context",
        "return by_h_init",
        "context used twice, heard from once",
    ),
    Mutant(
        "decoder_rtrl",
        "params.W_hh.T + through_word @ params.W_hy.T",
        "params.W_hh.T",
        "RTRL: path through the word fed back forgotten",
    ),
    # Gates.
    Mutant(
        "lstm",
        "a_input, a_forget, a_candidate, a_output = np",
        "a_forget, a_input, a_candidate, a_output = np",
        "LSTM: input and forget gate swapped",
    ),
    Mutant(
        "lstm_backward",
        "* state_by_cell[t] + cell_message[t]",
        "* state_by_cell[t]",
        "LSTM: message to the cell dropped",
    ),
    Mutant(
        "lstm_backward",
        "delta_cell[t] * cell_by_input[t],\n                delta_cell[t] * cell_by_forget[t],",
        "delta_cell[t] * cell_by_forget[t],\n                delta_cell[t] * cell_by_input[t],",
        "LSTM: input and forget gate swapped on the way back",
    ),
    Mutant(
        "lstm_backward",
        "cell_by_forget = trace.cell_prev *",
        "cell_by_forget = trace.cell *",
        "LSTM: c_t for c_{t-1}",
    ),
    Mutant(
        "gru",
        "update_gate[t] * h_prev[t] + (1 - update_gate[t]) * candidate[t]",
        "(1 - update_gate[t]) * h_prev[t] + update_gate[t] * candidate[t]",
        "GRU: u_t and 1 - u_t swapped",
    ),
    Mutant(
        "gru_backward",
        "delta_h[t] * trace.update_gate[t] + at",
        "at",
        "GRU: direct way from h_{t-1} to h_t forgotten",
    ),
    Mutant(
        "gru_backward",
        "sum_of_products(trace.h_prev, at_product)",
        "sum_of_products(trace.h_prev, delta_a)",
        "GRU: reset gate forgotten in the gradient by `W_hh`",
    ),
    # Training.
    Mutant(
        "optimisers",
        "lambda value, slope: value - learning_rate * slope,",
        "lambda value, slope: np.subtract(value, learning_rate * slope, out=value),",
        "parameters overwritten: θ -= η g",
    ),
    Mutant(
        "optimisers",
        "decay * speed + slope",
        "decay * speed + (1 - decay) * slope",
        "momentum: mean for sum",
    ),
    Mutant(
        "optimisers",
        "squares + slope * slope",
        "slope * slope",
        "AdaGrad: assignment for accumulation",
    ),
    Mutant("adam", "(mean / of_mean)", "mean", "Adam: bias correction forgotten"),
    Mutant(
        "clipping",
        "lambda slope: factor * slope",
        "lambda slope: slope * min(1.0, max_norm / max(global_norm(slope), 1e-300))",
        "each array clipped by itself: another direction",
    ),
    Mutant(
        "parameters",
        "/ np.sqrt(n_in)",
        "/ np.sqrt(n_out)",
        "weights scaled by columns in place of rows",
    ),
    Mutant("text", "dtype), classes[1:]", "dtype), classes[:-1]", "each target is its own input"),
    # The checks, and what stands at the door.
    Mutant(
        "gradient_checks",
        "start - step * direction",
        "start",
        "difference to one side only",
    ),
    Mutant(
        "comparisons",
        "largest = np.maximum(np.abs(got).max(), np.abs(wanted).max())",
        "largest = max(np.abs(got).max(), np.abs(wanted).max())",
        "max() in place of np.maximum: NaN slips through",
    ),
    Mutant(
        "tape",
        "node.gradient + share if node in waiting else share",
        "share",
        "tape: assignment for accumulation",
    ),
    Mutant(
        "tape",
        "share.sum(axis=tuple(stretched)",
        "share.mean(axis=tuple(stretched)",
        "tape: mean for sum over the copies of a bias",
    ),
    Mutant(
        "conversions",
        "np.concatenate([update, reset, candidate]",
        "np.concatenate([reset, update, candidate]",
        "Keras: reset and update gate not swapped",
    ),
    Mutant(
        "costs",
        "return 3 * (n_x * n_h + n_h * n_h + n_h) + n_h",
        "return 3 * (n_x * n_h + n_h * n_h + n_h)",
        "GRU: `b_q` not counted",
    ),
    Mutant(
        "arguments",
        "(array >= n_classes)",
        "(array > n_classes)",
        "wrong limit: class n_y let in",
    ),
    Mutant(
        "arguments",
        "not np.isfinite(array).all()",
        "np.isinf(array).any()",
        "NaN let in",
    ),
    Mutant(
        "symbolic_step",
        "np.diag(1 - step.h * step.h) @ step.W_hh.T",
        "step.W_hh.T @ np.diag(1 - step.h * step.h)",
        "sympy: factors of J_t the wrong way round",
    ),
    # The reader of equations.
    Mutant(
        "equation_reading",
        'sign = -1 if self.next_is("-") else 1',
        "sign = 1",
        "a minus read as a plus",
    ),
    Mutant(
        "equation_values",
        "result = contracted(value, result)  # later steps stand further left",
        "result = contracted(result, value)",
        "earlier Jacobians further left",
    ),
    Mutant(
        "equation_values",
        "for step in range(first, last + 1):",
        "for step in range(first, last):",
        "the last term of a sum left out",
    ),
    Mutant(
        "equation_values",
        "if np.shape(value) != shape:",
        "if np.ndim(value) != len(shape):",
        "a printed shape not compared",
    ),
    Mutant(
        "equation_errors",
        "return float(error) if np.isfinite(error) else np.inf",
        "return float(error)",
        "an error that is not a number passed on",
    ),
    Mutant(
        "equation_checks",
        "if not max(sizes) > 0:",
        "if not sizes:",
        "zeros compared with zeros",
    ),
    Mutant(
        "worlds",
        "if not 0 <= index < length:",
        "if not index < length:",
        "an index that counts from the end",
    ),
    Mutant(
        "network_worlds",
        'return self.slopes("h", t)["L"][self.step(t) + 1 :]',
        'return self.slopes("h", t)["L"][self.step(t) :]',
        "a message with the loss of its own step",
    ),
    # Distrust.
    Mutant("check_networks", "/ (2 * eps)", "/ eps", "central differences divided by eps"),
    Mutant("check_tables", "floor(log10(error))", "round(log10(error))", "powers of ten rounded"),
    Mutant(
        "examination_questions",
        "same = again == loss and",
        "same = again == loss or",
        "a forward pass that writes into its arguments let in",
    ),
]
