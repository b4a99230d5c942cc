"""The report on somebody's own walk back names the mistake, or says where to look."""

import numpy as np
import pytest

import rnnlib
from rnnlib import Parameters, one_hot
from rnnlib.misconceptions import MISCONCEPTIONS
from rnnlib.report import examine_backward


def examine(forward=rnnlib.forward, backward=rnnlib.backward, seed=0):
    return examine_backward(forward, backward, np.random.default_rng(seed))


def gradient_of(params, trace):
    return rnnlib.backward(params, trace).gradient


def own_forward(params, x, y, h_init):
    trace = rnnlib.forward(params, x, y, h_init)
    return trace.loss.sum(), trace


def mean_forward(params, x, y, h_init):
    trace = rnnlib.forward(params, x, y, h_init)
    return trace.loss.sum() / y.shape[1], trace


def squared_forward(params, x, y, h_init):
    trace = rnnlib.forward(params, x, y, h_init)
    return (trace.h**2).sum(), trace


@pytest.mark.parametrize("forward", [rnnlib.forward, own_forward])
@pytest.mark.parametrize("backward", [rnnlib.backward, gradient_of])
def test_what_is_right_is_found_right(forward, backward):
    for seed in range(3):
        report = examine(forward, backward, seed)
        assert report.right, report
        assert report.names == ()


def test_a_mean_with_the_gradient_of_the_mean_is_right():
    def backward(params, trace):
        return Parameters(*(g / trace.y.shape[1] for g in gradient_of(params, trace)))

    assert examine(mean_forward, backward).right


@pytest.mark.parametrize("mistake", MISCONCEPTIONS, ids=lambda mistake: mistake.name)
def test_every_known_mistake_is_named_on_the_page(mistake):
    report = examine(backward=lambda p, s: mistake.wrong(p, s).gradient)
    assert not report.right
    assert report.names == (mistake.name,)
    assert mistake.sentence in " ".join(str(report).split())
    assert report.next_step == f"Compare your line with {mistake.place}."


def unwell(change):
    """Change the right gradient on its way out."""
    return lambda params, trace: change(rnnlib.backward(params, trace), trace)


def half_way(back, trace):
    delta_a = back.delta_a.copy()
    delta_a[2] *= 0.5
    return {**back.gradient._asdict(), "delta_a": delta_a, "b_h": delta_a.sum(axis=(0, 1))}


def overwriting(back, trace):
    trace.y_hat[:] -= one_hot(trace.y, trace.y_hat.shape[-1])
    return back.gradient


def only_short(back, trace):
    factor = 1.01 if len(trace.x) > 5 else 1.0
    return back.gradient._replace(b_h=factor * back.gradient.b_h)


def clipped(back, trace):
    return Parameters(*(np.clip(array, -1, 1) for array in back.gradient))


def with_nan(back, trace):
    return back.gradient._replace(b_y=back.gradient.b_y * np.nan)


def flat(back, trace):
    return back.gradient._replace(b_y=back.gradient.b_y[np.newaxis])


def rows_lost(back, trace):
    return back.gradient._replace(W_hh=0.3 * back.gradient.W_hh)


def of_the_bias_too(back, trace):
    return back.gradient._replace(W_hy=0.3 * back.gradient.W_hy)


def messages(back, trace):
    late = np.arange(len(trace.x))[:, np.newaxis, np.newaxis] < len(trace.x) - 1
    return back.gradient._replace(b_h=(back.delta_a + 0.1 * late).sum(axis=(0, 1)))


def stops(back, trace):
    raise ZeroDivisionError("no")


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (half_way, "First wrong value: delta_a[2] at"),
        (overwriting, "backward changes what forward kept"),
        (only_short, "Right for 5 steps, wrong for T = 7."),
        (clipped, "Every entry beyond 1 was cut off"),
        (with_nan, "There is NaN or infinity."),
        (flat, "b_y: expected shape (4,), got shape (1, 4)."),
        (rows_lost, "delta_a is right: the mistake lies where W_hh is collected."),
        (of_the_bias_too, "Begin at the top"),
        (messages, "The message, or what is added up over steps"),
        (stops, "backward stopped with ZeroDivisionError: no"),
    ],
)
def test_what_is_unknown_is_led_to_a_place(backward, words):
    report = examine(backward=unwell(backward))
    assert not report.right
    assert report.names == ()
    assert words in report.verdict


def test_a_mean_loss_with_the_gradient_of_a_sum_is_found():
    report = examine(mean_forward)
    assert "N times the slope: the loss is a mean" in report.verdict


def test_a_multiple_is_found():
    report = examine(backward=lambda p, s: Parameters(*(0.3 * g for g in gradient_of(p, s))))
    assert "Everything is 0.3 times too large" in report.verdict


def test_another_loss_is_examined_without_names():
    report = examine(squared_forward)
    assert "another: no names then" in str(report)
    assert not report.right


def dropping_out(params, x, y, h_init):
    loss, trace = own_forward(params, x, y, h_init)
    return loss * np.random.default_rng().random(), trace


def writing(params, x, y, h_init):
    params.b_h[:] += 1
    return own_forward(params, x, y, h_init)


def breaking(params, x, y, h_init):
    raise TypeError("what")


def overflowing(params, x, y, h_init):
    return np.inf, None


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        (dropping_out, "rolls dice"),
        (writing, "writes into its arguments"),
        (breaking, "forward stopped with TypeError: what"),
        (overflowing, "The loss is inf."),
    ],
)
def test_a_forward_pass_that_cannot_be_checked_is_turned_away(forward, words):
    assert words in examine(forward).verdict


def test_the_page_is_narrow_and_short():
    page = str(examine()).splitlines()
    assert len(page) < 20
    assert max(map(len, page)) <= 80
