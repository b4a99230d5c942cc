"""Training against loops over plain numbers, and against what each task promises."""

import re

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

from networks import random_case
from rnnlib import encode, forward, init_parameters, one_hot, softmax, symbols_of
from rnnlib.bptt import backward
from rnnlib.character_model import last_state, nats_per_character, sample
from rnnlib.corpora import austen, digits
from rnnlib.player import Player
from rnnlib.progress import watched
from rnnlib.tasks import adding, streams
from rnnlib.training import mean_loss, train
from rnnlib.updates import arrays_of, each_array

sizes = st.integers(1, 5)


def small(seed=0, n=5, n_h=3):
    """Draw a network that reads and writes n characters."""
    params = init_parameters(np.random.default_rng(seed), n, n_h, n)
    rng = np.random.default_rng(seed + 1)
    return each_array(lambda array: array + rng.normal(0, 0.3, array.shape), params)


@given(seed=st.integers(0, 999), T=st.integers(2, 9), N=sizes)
def test_adding_asks_for_the_sum_of_two_marked_numbers_one_in_each_half(seed, T, N):
    x, y = adding(np.random.default_rng(seed), T, N)
    for n in range(N):
        marked = [t for t in range(T) if x[t, n, 1] == 1]
        assert len(marked) == 2
        assert marked[0] < T // 2 <= marked[1]
        assert np.count_nonzero(x[:, n, 1]) == 2
        assert y[n] == pytest.approx(sum(x[t, n, 0] for t in marked), abs=1e-15)


def test_whoever_answers_the_mean_is_off_by_a_sixth():
    _, y = adding(np.random.default_rng(0), T=4, N=200_000)
    # The mean of 200 000 squares between 0 and 1 is off by 4e-4 at one standard deviation.
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=2e-3)


@given(N=sizes, T=sizes, count=sizes, rest=st.integers(1, 5))
def test_each_stream_goes_on_where_its_last_piece_ended(N, T, count, rest):
    length = N * T * count + min(rest, N * T)
    pieces = streams(np.arange(length), N, T)
    assert len(pieces) == (length - 1) // (N * T)
    for n in range(N):
        read = [int(x[t, n]) for x, _ in pieces for t in range(T)]
        assert read == list(range(read[0], read[0] + len(read)))
    assert all(np.array_equal(y, x + 1) for x, y in pieces)
    seen = sorted(int(i) for x, _ in pieces for i in x.ravel())
    assert seen == list(range(len(seen)))  # nothing twice, nothing left out


def test_mean_loss_is_the_sum_divided_by_the_predictions():
    params, x, y, h_init = random_case()
    loss, gradient = mean_loss(params, x, y, h_init)
    trace = forward(params, x, y, h_init)
    wanted = backward(params, trace).gradient
    assert loss == pytest.approx(trace.loss.sum() / y.size, rel=1e-12)
    for got, total in zip(gradient, wanted, strict=True):
        np.testing.assert_allclose(got, total / y.size, rtol=1e-9, atol=1e-12)


def test_the_loop_does_what_adam_written_out_does():
    rng = np.random.default_rng(0)
    params = small()
    batches = [(rng.integers(5, size=(4, 2)), rng.integers(5, size=(4, 2))) for _ in range(6)]
    updates = list(train(params, batches, learning_rate=0.1, max_norm=0.2))

    values = np.concatenate([array.ravel() for array in params])
    mean, square = np.zeros_like(values), np.zeros_like(values)
    for k, ((x, y), update) in enumerate(zip(batches, updates, strict=True), start=1):
        parts, start = [], 0
        for array in params:
            parts.append(values[start : start + array.size].reshape(array.shape))
            start += array.size
        loss, gradient = mean_loss(type(params)(*parts), x, y)
        slope = np.concatenate([array.ravel() for array in gradient])
        norm = np.linalg.norm(slope)
        slope = slope * min(1, 0.2 / norm)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        unbiased = mean / (1 - 0.9**k), square / (1 - 0.999**k)
        values = values - 0.1 * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
        assert (update.loss, update.norm) == pytest.approx((loss, norm), rel=1e-9)
        got = np.concatenate([array.ravel() for array in update.params])
        np.testing.assert_allclose(got, values, rtol=1e-7, atol=1e-9)
    assert max(update.norm for update in updates) > 0.2  # else nothing is clipped


def test_training_leaves_the_first_parameters_alone_and_waits_to_be_asked():
    params = small()
    before = [array.copy() for array in params]
    batch = np.zeros((4, 2), int), np.ones((4, 2), int)
    updates = train(params, iter([batch, None]), learning_rate=0.1)
    assert next(updates).loss > 0  # the second batch, which is none, was not touched
    for array, old in zip(arrays_of(params), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_the_last_state_is_that_of_forward():
    params, rng = small(), np.random.default_rng(2)
    x, h_init = rng.integers(5, size=(7, 2)), rng.normal(size=(2, 3))
    trace = forward(params, one_hot(x, 5), x, h_init)
    np.testing.assert_allclose(last_state(params, x, h_init), trace.h[-1], rtol=1e-12)


def test_surprise_is_measured_stream_by_stream():
    params, text = small(), np.random.default_rng(3).integers(5, size=22)
    wanted = []
    for start in (0, 7, 14):  # (22 - 1) // 3 characters each
        part = text[start : start + 8, np.newaxis]
        wanted += forward(params, one_hot(part[:-1], 5), part[1:]).loss.tolist()
    assert nats_per_character(params, text, N=3) == pytest.approx(np.mean(wanted), rel=1e-12)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_characters_come_as_often_as_their_probabilities_say(temperature):
    # Without weights from the state, every character is drawn from one distribution.
    params = small()._replace(W_hy=np.zeros((3, 5)))
    rng, length = np.random.default_rng(4), 6000
    written = sample(params, "abcde", rng, "a", length, temperature)
    found = np.bincount(encode(written, "abcde"), minlength=5) / length
    # Five standard deviations of a share are 5 · sqrt(p (1 - p) / 6000) < 0.033.
    np.testing.assert_allclose(found, softmax(params.b_y / temperature), atol=0.033)


def test_what_is_written_is_read_before_the_next_is_drawn():
    params, symbols = small(), "abcde"
    written = sample(params, symbols, np.random.default_rng(5), "ba", length=20)
    draws, seen = np.random.default_rng(5).uniform(size=20), "ba"
    for draw, character in zip(draws, written, strict=True):
        x = one_hot(encode(seen, symbols)[:, np.newaxis], 5)
        y_hat = forward(params, x, np.zeros((len(seen), 1), int)).y_hat[-1, 0]
        k = symbols.index(character)
        assert y_hat[:k].sum() - 1e-12 <= draw <= y_hat[: k + 1].sum() + 1e-12
        seen += character


def test_the_novel_is_what_its_readme_says():
    text = austen()
    assert len(text) == 179_666
    assert text.isascii()
    assert "_" not in text
    assert "  " not in text
    assert not re.search(r"^chapter", text, re.M | re.I)
    assert text.endswith("\n")
    assert len(symbols_of(text)) == 66


def test_the_digits_are_what_their_readme_says():
    images, classes = digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0, 16)
    # As many of each as the repository lists for its test part.
    counts = np.bincount(classes).tolist()
    assert counts[:5] == [178, 182, 177, 183, 181]
    assert sum(counts) == 1797


def run(code):
    """Run a cell as a notebook would, and return what it shows."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", extra_arguments=["--log-level=ERROR"]).execute()
    return notebook.cells[0].outputs


def test_a_bar_leaves_no_trace_in_a_notebook():
    loop = "from rnnlib.progress import watched\nfor _ in watched(range(9), 9, 'reading'): pass\n"
    [output] = run(loop + "print('done')")
    assert output["text"] == "done\n"
    assert run(loop) == []


def test_a_bar_refuses_a_strange_total():
    with pytest.raises(ValueError, match="total: expected a whole number"):
        watched([], total=0)


def test_a_player_holds_every_frame_once_and_shows_one():
    player = Player("tea", "How many cups?", {"0": "<none>", "1": "one", "2": "two"}, last=True)
    html = player._repr_html_()
    assert html.count('type="radio" name="player-tea"') == 3
    assert [html.count(text) for text in ("&lt;none&gt;", ">one<", ">two<")] == [1, 1, 1]
    assert re.search(r"checked>2<", html)
    assert html.count(" checked>") == 1
    assert html.count("{") == html.count("}")
    assert "script" not in html


@pytest.mark.parametrize(
    ("name", "frames", "sentence"),
    [("a b", {"0": "", "1": ""}, "letters and hyphens"), ("tea", {"0": ""}, "two or more")],
)
def test_a_player_refuses_what_it_cannot_show(name, frames, sentence):
    with pytest.raises(ValueError, match=sentence):
        Player(name, "What?", frames)
