"""The check names each known mistake, and never calls a right answer wrong."""

import numpy as np
import pytest

from rnnlib import forward, init_parameters, softmax
from rnnlib.bptt_exercises import EXERCISES as WALK_BACK
from rnnlib.check_exercises import EXERCISES as CHECKS
from rnnlib.context_exercises import EXERCISES as CONTEXTS
from rnnlib.dense_exercises import EXERCISES as WITHOUT_TIME
from rnnlib.exercises import check
from rnnlib.fading_exercises import EXERCISES as FADING
from rnnlib.fast_exercises import EXERCISES as FAST
from rnnlib.forward_exercises import COUNT, LOSS, SOFTMAX, STEP, UNROLL
from rnnlib.forward_exercises import EXERCISES as FORWARD
from rnnlib.gradient_exercises import EXERCISES as GRADIENTS
from rnnlib.gru_exercises import EXERCISES as GRUS
from rnnlib.gru_exercises import GRU_GRADIENT, GRU_STEP
from rnnlib.layer_exercises import EXERCISES as LAYERS
from rnnlib.lstm_exercises import EXERCISES as LSTMS
from rnnlib.message_exercises import EXERCISES as MESSAGES
from rnnlib.network_parameters import init_network
from rnnlib.price_exercises import EXERCISES as PRICES
from rnnlib.sequence_exercises import EXERCISES as SEQUENCES
from rnnlib.sizing_exercises import EXERCISES as SIZES
from rnnlib.sizing_exercises import PARAMETERS, RECURRENT
from rnnlib.slope_exercises import EXERCISES as SLOPES
from rnnlib.total_exercises import DIRECTION, TWO_BACK
from rnnlib.total_exercises import EXERCISES as TOTALS
from rnnlib.training_exercises import EXERCISES as TRAINING
from rnnlib.truncation_exercises import EXERCISES as TRUNCATIONS
from test_gru import forward_in_loops

EXERCISES = (
    *SIZES,
    *LAYERS,
    *WITHOUT_TIME,
    *WALK_BACK,
    *GRADIENTS,
    *FORWARD,
    *SLOPES,
    *TOTALS,
    *MESSAGES,
    *PRICES,
    *SEQUENCES,
    *CONTEXTS,
    *CHECKS,
    *TRAINING,
    *FADING,
    *TRUNCATIONS,
    *LSTMS,
    *GRUS,
    *FAST,
)
SEEDS = range(25)
MISTAKES = [
    pytest.param(exercise, sentence, id=f"{exercise.name}: {sentence}")
    for exercise in EXERCISES
    for sentence in exercise.mistakes
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def generator(seed):
    return np.random.default_rng(seed)


def unpacked(exercise, function):
    """Turn a function of a setting into an answer, a function of the arguments."""
    setting = type(exercise.settings[0](generator(0)))
    return lambda *arguments: function(setting(*arguments))


def in_float32(function):
    def answer(*arguments):
        return function(
            *(
                value.astype(np.float32)
                if isinstance(value, np.ndarray) and value.dtype == np.float64
                else value
                for value in arguments
            )
        )

    return answer


@pytest.mark.parametrize(("exercise", "sentence"), MISTAKES)
def test_each_known_mistake_is_named_and_never_confused(exercise, sentence):
    answer = unpacked(exercise, exercise.mistakes[sentence])
    for seed in SEEDS:
        feedback = check(exercise, answer, generator(seed))
        assert not feedback.right
        assert str(feedback) == f"{exercise.name}: not yet. {sentence}"


@pytest.mark.parametrize(("exercise", "sentence"), MISTAKES)
def test_a_mistake_made_in_float32_is_named_too(exercise, sentence):
    answer = in_float32(unpacked(exercise, exercise.mistakes[sentence]))
    for seed in SEEDS:
        assert sentence in str(check(exercise, answer, generator(seed)))


@each_exercise
def test_the_solution_is_right_in_float64_and_in_float32(exercise):
    answer = unpacked(exercise, exercise.solution)
    for seed in SEEDS:
        assert check(exercise, answer, generator(seed)).right
        assert check(exercise, in_float32(answer), generator(seed)).right


def step_component_by_component(x_t, h_prev, W_xh, W_hh, b_h):
    """Another order of summation: last terms first."""
    h = np.empty_like(h_prev)
    for n, j in np.ndindex(h.shape):
        terms = [*(x_t[n] * W_xh[:, j]), *(h_prev[n] * W_hh[:, j]), b_h[j]]
        h[n, j] = np.tanh(sum(reversed(terms)))
    return h


def softmax_from_logarithms(z):
    m = z.max(axis=-1, keepdims=True)
    return np.exp(z - m - np.log(np.exp(z - m)[..., ::-1].sum(axis=-1, keepdims=True)))


def loss_backwards_in_time(z, y):
    total = 0.0
    for t, n in reversed(list(np.ndindex(y.shape))):
        m = z[t, n].max()
        total += m + np.log(sum(np.exp(z[t, n] - m))) - z[t, n, y[t, n]]
    return total


def states_from_rnnlib(x, h_init, W_xh, W_hh, b_h):
    n_h = len(b_h)
    params = init_parameters(generator(0), x.shape[2], n_h, n_y=2)
    params = params._replace(W_xh=W_xh, W_hh=W_hh, b_h=b_h)
    return forward(params, x, np.zeros(x.shape[:2], int), h_init).h


def states_nudged(h_prev, h, W_hh, direction):
    """Nudge the weights by an imaginary number, and run again."""
    inputs = np.arctanh(h) - h_prev @ W_hh
    nudged, states = h_prev[0], []
    for each in inputs:
        nudged = np.tanh(each + nudged @ (W_hh + 1e-20j * direction))
        states.append(nudged.imag / 1e-20)
    return np.stack(states)


def longer_states_nudged(h, W_hh, direction):
    before = np.concatenate([np.zeros_like(h[:2]), h])
    inputs = np.arctanh(h) - (before[1:-1] + before[:-2]) @ W_hh
    states = [*before[:2]]
    for each in inputs:
        states.append(np.tanh(each + (states[-1] + states[-2]) @ (W_hh + 1e-20j * direction)))
    return np.stack(states[2:]).imag / 1e-20


def recurrent_gradient_one_by_one(h_prev, delta_a):
    gradient = np.zeros((h_prev.shape[-1],) * 2)
    for t, n in reversed(list(np.ndindex(h_prev.shape[:2]))):
        gradient += np.outer(h_prev[t, n], delta_a[t, n])
    return gradient


def step_of_gru_in_loops(x_t, h_prev, *params):
    return forward_in_loops(params, x_t[np.newaxis], h_prev)["h"][0]


def gradient_of_gru_one_by_one(delta_a, reset_gate, states):
    n_h = states.shape[-1]
    gradient = np.zeros((n_h, 3 * n_h))
    for t, n, j in reversed(list(np.ndindex(reset_gate.shape))):
        for i in range(n_h):
            gradient[i, j] += states[t, n, i] * delta_a[t, n, j]
            gradient[i, n_h + j] += states[t, n, i] * delta_a[t, n, n_h + j]
            gradient[i, 2 * n_h + j] += (
                states[t, n, i] * reset_gate[t, n, j] * delta_a[t, n, 2 * n_h + j]
            )
    return gradient


def parameters_array_by_array(n_x, n_e, n_h, n_y):
    layers = init_network(generator(0), n_x, n_e, n_h, n_y)
    return float(sum(array.size for layer in layers for array in layer))


def multiplications_one_by_one(T, N, n_x, n_h, n_y):
    count = 0
    for _ in range(T * N):
        for _ in range(n_h):
            count += n_x  # x_t W_xh
            count += n_h  # h_{t-1} W_hh
        for _ in range(n_y):
            count += n_h  # h_t W_hy
    return float(count)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (STEP, step_component_by_component),
        (SOFTMAX, softmax_from_logarithms),
        (LOSS, loss_backwards_in_time),
        (UNROLL, states_from_rnnlib),
        (COUNT, multiplications_one_by_one),
        (DIRECTION, states_nudged),
        (TWO_BACK, longer_states_nudged),
        (RECURRENT, recurrent_gradient_one_by_one),
        (GRU_STEP, step_of_gru_in_loops),
        (GRU_GRADIENT, gradient_of_gru_one_by_one),
        (PARAMETERS, parameters_array_by_array),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_right_answers_computed_another_way_are_right(exercise, answer):
    for seed in SEEDS:
        feedback = check(exercise, answer, generator(seed))
        assert feedback.right, feedback
        assert check(exercise, in_float32(answer), generator(seed)).right


@each_exercise
def test_a_stub_is_not_attempted(exercise):
    def raises(*_):
        raise NotImplementedError

    for stub in (lambda *_: None, lambda *_: ..., raises):
        feedback = check(exercise, stub, generator(0))
        assert not feedback.right
        assert str(feedback) == f"{exercise.name}: not attempted yet."


@each_exercise
def test_nan_and_infinity_never_pass(exercise):
    for value in (np.nan, np.inf, -np.inf):
        answer = everywhere(exercise, value)
        assert not check(exercise, answer, generator(0)).right


def everywhere(exercise, value):
    return unpacked(exercise, lambda s: 0.0 * np.asarray(exercise.solution(s)) + value)


@each_exercise
def test_one_nan_among_right_numbers_does_not_pass(exercise):
    def one_nan(setting):
        values = np.array(exercise.solution(setting), dtype=float)
        values.flat[-1] = np.nan
        return values

    assert not check(exercise, unpacked(exercise, one_nan), generator(0)).right


@each_exercise
def test_an_error_ten_times_the_tolerance_does_not_pass(exercise):
    def slightly_wrong(setting):
        values = np.array(exercise.solution(setting), dtype=float)
        values.flat[np.abs(values).argmax()] *= 1 + 1e-3
        return values

    for seed in SEEDS:
        assert not check(exercise, unpacked(exercise, slightly_wrong), generator(seed)).right


def test_a_count_must_be_exact():
    one_more = unpacked(COUNT, lambda s: COUNT.solution(s) + 1)
    feedback = check(COUNT, one_more, generator(0))
    assert not feedback.right
    assert "Expected" in str(feedback)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda z: softmax(z).T, "Expected shape (3, 5), got (5, 3)."),
        (lambda z: softmax(z) + np.eye(3, 5)[::-1], "At index (0, 2): expected 0."),
        (lambda z: [[0.5], [0.5, 0.5]], "It stopped with ValueError: setting an array element"),
        (lambda z: "softmax", "Expected numbers, got dtype"),
        (lambda z: z @ z, "It stopped with ValueError: matmul"),
    ],
)
def test_an_unknown_mistake_says_where_the_first_difference_is(answer, sentence):
    feedback = check(SOFTMAX, answer, generator(0))
    assert not feedback.right
    assert str(feedback).startswith(f"Softmax: not yet. {sentence}")


def test_the_first_of_two_mistakes_is_named():
    def averaged_and_unstable(z, y):
        y_hat = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        return -np.log(np.take_along_axis(y_hat, y[..., np.newaxis], -1)).mean()

    assert "This is the mean over steps and batch" in str(
        check(LOSS, averaged_and_unstable, generator(0))
    )


def test_an_answer_that_overwrites_its_arguments_spoils_nothing():
    def in_place(z):
        z -= z.max(axis=-1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=-1, keepdims=True)
        return z

    assert check(SOFTMAX, in_place, generator(0)).right


def test_the_same_generator_gives_the_same_feedback():
    def slip(z):
        return softmax(z) + 0.25

    assert check(SOFTMAX, slip, generator(7)) == check(SOFTMAX, slip, generator(7))
