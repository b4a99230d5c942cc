"""The one table of symbols: each letter of the book, in mathematics and in Python."""

from typing import NamedTuple


class Symbol(NamedTuple):
    """
    One row of the notation table.

    Attributes
    ----------
    tex : str
        The symbol in LaTeX.
    python : str
        Its name in code.
    shape : str
        Its shape, "int" or "float"; empty where that depends on the function.
    meaning : str
        What it is, in a few words.
    """

    tex: str
    python: str
    shape: str
    meaning: str


WAY_THERE = (
    Symbol("t", "t", "int", "time step, from 0 to T − 1"),
    Symbol("T", "T", "int", "number of steps"),
    Symbol("N", "N", "int", "batch size: sequences side by side"),
    Symbol("n_x", "n_x", "int", "size of the input"),
    Symbol("n_e", "n_e", "int", "size of the front layer"),
    Symbol("n_h", "n_h", "int", "size of the state"),
    Symbol("n_y", "n_y", "int", "size of the output: number of classes"),
    Symbol("x_t", "x", "(T, N, n_x)", "input"),
    Symbol("e_t", "e", "(T, N, n_e)", "output of the dense layer in front (optional)"),
    Symbol("a_t", "a", "(T, N, n_h)", "hidden pre-activation"),
    Symbol("h_t", "h", "(T, N, n_h)", "state"),
    Symbol("h_{t-1}", "h_prev", "(T, N, n_h)", "state one step earlier"),
    Symbol("h_{-1}", "h_init", "(N, n_h)", "state before the first input"),
    Symbol("z_t", "z", "(T, N, n_y)", "logits"),
    Symbol(r"\hat y_t", "y_hat", "(T, N, n_y)", "prediction"),
    Symbol("y_t", "y", "(T, N) int", "target class"),
    Symbol("L_t", "loss", "(T,)", "loss of a step, in nats, summed over the batch"),
    Symbol("L", "loss.sum()", "scalar", "total loss: the sum over the steps"),
    Symbol("W_{xe}", "W_xe", "(n_x, n_e)", "weights from input to front layer (optional)"),
    Symbol("b_e", "b_e", "(n_e,)", "bias of the front layer (optional)"),
    Symbol("W_{xh}", "W_xh", "(n_x, n_h)", "weights from input to state"),
    Symbol("W_{hh}", "W_hh", "(n_h, n_h)", "weights from state to next state"),
    Symbol("W_{hy}", "W_hy", "(n_h, n_y)", "weights from state to logits"),
    Symbol("b_h", "b_h", "(n_h,)", "bias of the state"),
    Symbol("b_y", "b_y", "(n_y,)", "bias of the logits"),
)

# What only the way back needs: a reader of the forward pass may skip it.
WAY_BACK = (
    Symbol(r"\varepsilon", "eps", "float", "a small change, which then goes to 0"),
    Symbol(
        r"\delta^{\hat y}_t",
        "delta_y_hat",
        "(T, N, n_y)",
        "total derivative of L by the prediction",
    ),
    Symbol(r"\delta^z_t", "delta_z", "(T, N, n_y)", "total derivative of L by the logits"),
    Symbol(r"\delta^h_t", "delta_h", "(T, N, n_h)", "total derivative of L by the state"),
    Symbol(r"\delta^a_t", "delta_a", "(T, N, n_h)", "total derivative of L by the pre-activation"),
    Symbol(
        r"\delta^e_t",
        "delta_e",
        "(T, N, n_e)",
        "total derivative of L by the front layer (optional)",
    ),
    Symbol(
        r"\delta^{\mathrm{front}}_t",
        "delta_front",
        "(T, N, n_e)",
        "total derivative of L by the pre-activation of the front layer (optional)",
    ),
    Symbol(r"\delta^x_t", "delta_x", "(T, N, n_x)", "total derivative of L by the input"),
    Symbol(r"\overleftarrow m_t", "message", "(N, n_h)", "what later steps report back to step t"),
    Symbol("J_t", "state_jacobian", "(n_h, n_h)", "derivative of a state by the state before it"),
    Symbol(
        r"W_{hh}^{(k)}",
        "shares.W_hh",
        "(T, n_h, n_h)",
        "the copy of W_hh that step k uses; in code, the derivative of L by each copy",
    ),
    Symbol(r"\eta", "learning_rate", "float", "learning rate: the step of an update"),
    Symbol(r"\rho", "radius", "float", "spectral radius: the largest size of an eigenvalue"),
    Symbol(r"\tau", "reach", "int", "how many steps a truncated walk takes, its own among them"),
    Symbol("P_t", "influence", "(n_h, *shape of θ)", "derivative of a state by a parameter θ"),
    Symbol(r"\theta_k", "params", "", "parameters after k updates"),
    Symbol("G_k", "gradient", "", "gradient that update k is made of"),
    Symbol("S_k", "squares", "", "sum of the squares of all gradients so far (AdaGrad)"),
    Symbol(r"\mu_k", "mean", "", "fading mean of the gradients (Adam)"),
    Symbol(r"\nu_k", "square", "", "fading mean of their squares (Adam)"),
    Symbol(r"\beta_\mu", "mean_decay", "float", "what is left of the mean after one update"),
    Symbol(
        r"\beta_\nu",
        "square_decay",
        "float",
        "what is left of the mean of squares after one update",
    ),
    Symbol(r"\epsilon", "epsilon", "float", "keeps a divisor away from 0"),
    Symbol(r"\xi", "rounding", "float", "largest relative error of rounding a number"),
    Symbol("v", "direction", "", "a direction in which all parameters move at once"),
    Symbol(r"\kappa", "temperature", "float", "temperature: what logits are divided by"),
)

# Gates have Greek letters where the Latin one is an index (i) or a logit of others (o).
GATES = (
    Symbol(
        r"\iota_t", "input_gate", "(T, N, n_h)", "input gate: what share of the candidate comes in"
    ),
    Symbol("f_t", "forget_gate", "(T, N, n_h)", "forget gate: what share of the cell stays"),
    Symbol("g_t", "candidate", "(T, N, n_h)", "candidate for the cell (LSTM) or the state (GRU)"),
    Symbol(
        r"\omega_t", "output_gate", "(T, N, n_h)", "output gate: what share of the cell is shown"
    ),
    Symbol("c_t", "cell", "(T, N, n_h)", "cell of an LSTM"),
    Symbol("c_{t-1}", "cell_prev", "(T, N, n_h)", "cell one step earlier"),
    Symbol("c_{-1}", "cell_init", "(N, n_h)", "cell before the first input"),
    Symbol("r_t", "reset_gate", "(T, N, n_h)", "reset gate: what share of the recalled is used"),
    Symbol("u_t", "update_gate", "(T, N, n_h)", "update gate: what share of the state stays"),
    Symbol("q_t", "recalled", "(T, N, n_h)", "what the state says to the candidate of a GRU"),
    Symbol("b_q", "b_q", "(n_h,)", "bias of what is recalled"),
    Symbol(r"\delta^c_t", "delta_cell", "(T, N, n_h)", "total derivative of L by the cell"),
    Symbol(r"\delta^q_t", "delta_recalled", "(T, N, n_h)", "total derivative of L by the recalled"),
    Symbol(
        r"\overleftarrow m^c_t", "cell_message", "(N, n_h)", "what later steps report to the cell"
    ),
)

# An encoder has the letters of a recurrent layer with an e above them; its decoder has them bare.
SEQUENCES = (
    Symbol("T_e", "T_e", "int", "number of steps of an encoder"),
    Symbol("x^e_t", "encoder.x", "(T_e, N, n_x)", "input of an encoder"),
    Symbol("h^e_t", "encoder.h", "(T_e, N, n_h)", "state of an encoder"),
    Symbol("c", "context", "(N, n_h)", "context: what a decoder is told by an encoder"),
    Symbol("W_{ch}", "W_ch", "(n_h, n_h)", "weights from context to state"),
    Symbol(r"\delta^c", "delta_context", "(N, n_h)", "total derivative of L by the context"),
    Symbol(
        r"\bar J_t", "both_paths", "(n_h, n_h)", "the same as J_t, with the path through a word"
    ),
    Symbol(r"R_t", "by_context", "(n_h, n_h)", "derivative of a state by the context"),
    Symbol(
        r"\zeta_t",
        "zeta",
        "(n_h, n_x, n_h)",
        "derivative of a decoder's state by its encoder's input weights",
    ),
    Symbol(
        r"\gamma_t",
        "gamma",
        "(n_h, n_h, n_h)",
        "derivative of a decoder's state by its encoder's recurrent weights",
    ),
)

# A stack holds the rows of all steps, one below the other: row t N + n is sample n of step t.
STACKS = (
    Symbol(
        "a^x_t", "a_x", "(T, N, n_h)", "what input and bias say to the state: it waits for none"
    ),
    Symbol("X_k", "x_rows", "(T N, n_x)", "stack of the inputs; k is a row"),
    Symbol("A", "a_x_rows", "(T N, n_h)", "stack of what inputs and bias say to the state"),
    Symbol("S", "h_rows", "(T N, n_h)", "stack of the states"),
    Symbol(r"\bar S", "h_prev_rows", "(T N, n_h)", "stack of the states one step earlier"),
    Symbol("D_k", "delta_a_rows", "(T N, n_h)", "stack of the deltas of the pre-activations"),
    Symbol("v_t", "v", "(T, N, n_x + n_h)", "input and earlier state side by side"),
    Symbol("W_{vh}", "W_vh", "(n_x + n_h, n_h)", "weights of both, one below the other"),
    Symbol(r"\kappa_t", "classes", "(T, N) int", "class number of a one-hot input"),
    Symbol("F_t", "F", "(T, n_h, n_h)", "matrix of a step of a linear recurrence"),
)

NOTATION = WAY_THERE + WAY_BACK + GATES + SEQUENCES + STACKS
