r"""Tuning a gradient check: which planted mistakes it notices, and which its setting hides."""

from collections.abc import Iterator
from itertools import product

from .check_networks import CheckSetting, checked_network, measured_slopes
from .comparisons import relative_error
from .forward_pass import Trace
from .misconceptions import MISCONCEPTIONS
from .mistaken_walks import mistaken_walk
from .parameters import Parameters

RIGHT = "the right gradient"
# What the laboratory plants: each of them slips through some setting that looks harmless.
PLANTED = (
    "message dropped",
    "message of one step",
    "message before tanh",
    "message by W_hh",
    "1 − h² missing",
    "1 − h for 1 − h²",
    "slope of the step before",
    "h_t for h_{t−1}",
    "first step lost",
    "last state before the first",
    "gradient of W_hh transposed",
    "x_{t−1} for x_t",
    "last step only",
    "last loss only",
    "wrong class",
    "target of the next step",
    "bias forgotten",
    "mean over the batch",
    "mean over the steps",
    "b_h forgotten in the run",
)
LEVELS: dict[str, tuple[float, ...]] = {  # what a reader may choose in the laboratory
    "T": (1, 2, 3, 5),
    "N": (1, 2),
    "n_h": (1, 3),
    "symmetric": (1, 0),
    "biases": (0, 1),
    "first_state": (0, 1),
    "scale": (0.001, 0.1, 1.0, 10.0),
}
TOLERANCES = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12)
ROUNDING = 1e-14  # two gradients that are no farther apart are one gradient


def errors_of(setting: CheckSetting, seed: int = 0) -> dict[str, float]:
    """
    Hold the right gradient, and each planted mistake, against measured slopes.

    Parameters
    ----------
    setting : CheckSetting
        Where the check is made.
    seed : int, default 0
        Which network.

    Returns
    -------
    dict of str to float
        Of `RIGHT` and each name in `PLANTED`: the largest norm-wise relative error among the
        five arrays. Above the tolerance, the check fails.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> errors = errors_of(CheckSetting(T=1))
    >>> errors["message dropped"] == errors[RIGHT], errors["wrong class"] > 0.1
    (True, True)
    """
    params, trace = checked_network(setting, seed)
    slopes, gradients = measured_slopes(params, trace), _gradients(params, trace)
    return {name: _distance(gradient, slopes) for name, gradient in gradients.items()}


def same_as_right(setting: CheckSetting, seed: int = 0) -> list[str]:
    """
    Name the mistakes that make no difference at a setting: no tolerance sets them apart.

    Parameters
    ----------
    setting : CheckSetting
        Where the check is made.
    seed : int, default 0
        Which network.

    Returns
    -------
    list of str
        The planted mistakes whose gradient is the right one, but for rounding: in no array is
        it more than 1e-14 away, in norm-wise relative error.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> same_as_right(CheckSetting(N=1))
    ['mean over the batch']
    """
    found = _gradients(*checked_network(setting, seed))
    return [name for name in PLANTED if _distance(found[name], found[RIGHT]) <= ROUNDING]


def all_settings() -> Iterator[CheckSetting]:
    """
    List every setting that the laboratory offers.

    Yields
    ------
    CheckSetting
        In the order of `LEVELS`, the last varying fastest.

    Examples
    --------
    >>> sum(1 for _ in all_settings())
    512
    """
    for T, N, n_h, symmetric, biases, first_state, scale in product(*LEVELS.values()):
        sizes = int(T), int(N), int(n_h)
        yield CheckSetting(*sizes, bool(symmetric), bool(biases), bool(first_state), scale)


def missed_by(errors: dict[str, float], tolerance: float) -> list[str]:
    """
    Name the mistakes that a check lets through.

    Parameters
    ----------
    errors : dict of str to float
        What `errors_of` found.
    tolerance : float
        The largest error that passes.

    Returns
    -------
    list of str
        Names of planted mistakes. What is NaN does not pass.

    Examples
    --------
    >>> missed_by({RIGHT: 1e-9, "message dropped": 0.2, "bias forgotten": 1e-9}, 1e-6)
    ['bias forgotten']
    """
    return [name for name, error in errors.items() if name != RIGHT and error <= tolerance]


def is_sound(errors: dict[str, float], tolerance: float) -> bool:
    """
    Say whether a check passes what is right, and nothing else.

    Parameters
    ----------
    errors : dict of str to float
        What `errors_of` found.
    tolerance : float
        The largest error that passes.

    Returns
    -------
    bool
        Whether the right gradient passes and every planted mistake is caught.

    Examples
    --------
    >>> is_sound({RIGHT: 1e-9, "message dropped": 0.2}, 1e-6)
    True
    >>> is_sound({RIGHT: 1e-9, "message dropped": 0.2}, 1e-12)
    False
    """
    return errors[RIGHT] <= tolerance and not missed_by(errors, tolerance)


def _gradients(params: Parameters, trace: Trace) -> dict[str, Parameters]:
    """Make the right gradient, and each wrong one."""
    wrong = {mistake.name: mistake.wrong for mistake in MISCONCEPTIONS}
    planted = {name: wrong[name](params, trace).gradient for name in PLANTED}
    return {RIGHT: mistaken_walk(params, trace).gradient, **planted}


def _distance(gradient: Parameters, other: Parameters) -> float:
    """Find the largest of five relative errors."""
    return max(map(relative_error, gradient, other))
