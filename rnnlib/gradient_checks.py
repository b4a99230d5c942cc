"""Gradient checks: what a gradient claims, beside slopes measured on the loss itself."""

import warnings
from collections.abc import Callable

import numpy as np

from .arguments import check_array, check_choice, check_size
from .comparisons import DirectionalCheck, relative_error
from .records import Record, arrays_like, arrays_of, rebuild


def central_differences(
    loss: Callable[[Record], float], params: Record, eps: float = 1e-5
) -> Record:
    r"""
    Differentiate a function by every number it depends on, with steps to both sides.

    Parameters
    ----------
    loss : callable
        From a record like `params` to one number.
    params : ndarray, NamedTuple or dict of ndarray, float
        Where to differentiate; the parts of a record may be records. The loss gets copies,
        in float64: the difference loses half of all digits.
    eps : float, default 1e-5
        How far a number is moved; one larger than 1, by so much of its size.

    Returns
    -------
    record of the same type, float64
        The slopes, in the unit of the loss.

    Raises
    ------
    ValueError
        If an argument is not what was expected; if the loss is not one finite number, the
        same each time.

    See Also
    --------
    complex_step : loses no digit, where the loss takes complex numbers.

    Notes
    -----
    .. math:: \frac{L(\theta + \epsilon) - L(\theta - \epsilon)}{2 \epsilon}

    is wrong by about :math:`\epsilon^2 L''' / 6`, and by about :math:`10^{-16} L / \epsilon`
    from rounding. Two runs for each number.

    Examples
    --------
    >>> slopes = central_differences(lambda theta: (theta**3).sum(), np.array([1.0, -2.0]))
    >>> slopes.round(6).tolist()
    [3.0, 12.0]
    """
    return _along_each_axis(loss, params, "central", eps)


def complex_step(loss: Callable[[Record], complex], params: Record, eps: float = 1e-30) -> Record:
    r"""
    Differentiate a function by every number it depends on, with an imaginary step.

    Parameters
    ----------
    loss : callable
        From a record like `params`, with complex numbers, to one complex number.
    params : ndarray, NamedTuple or dict of ndarray, float
        Where to differentiate; the parts of a record may be records.
    eps : float, default 1e-30
        Length of the step. Nothing is subtracted, so it may be as small as one likes.

    Returns
    -------
    record of the same type, float64
        The slopes, in the unit of the loss.

    Raises
    ------
    ValueError
        As in `central_differences`; also if the loss drops the imaginary part.

    See Also
    --------
    central_differences : for a loss that takes real numbers only.

    Notes
    -----
    .. math:: \frac{\mathrm{Im}\, L(\theta + \mathrm i \epsilon)}{\epsilon}

    is right to the last digits [1]_, one run for each number. It asks for a loss made of
    analytic functions: ``abs``, ``conj`` and norms drop derivatives without a word, and
    comparisons must look at real parts.

    References
    ----------
    .. [1] W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real
       functions", SIAM Review 40 (1998) 110-112.

    Examples
    --------
    >>> complex_step(lambda theta: (theta**3).sum(), np.array([1.0, -2.0])).tolist()
    [3.0, 12.0]
    """
    return _along_each_axis(loss, params, "complex", eps)


def directional_check(
    loss: Callable[[Record], complex],
    params: Record,
    gradient: Record,
    rng: np.random.Generator,
    directions: int = 5,
    method: str = "complex",
) -> DirectionalCheck:
    r"""
    Try a gradient along a few random directions: the adjoint test.

    Parameters
    ----------
    loss : callable
        From a record like `params` to one number; with complex numbers for "complex".
    params : ndarray, NamedTuple or dict of ndarray, float
        Where the gradient was taken.
    gradient : record of the same type
        What is claimed.
    rng : numpy.random.Generator
        Where the directions come from: ``np.random.default_rng(seed)``.
    directions : int, default 5
        How many; all numbers move at once, so a few will do.
    method : {"complex", "central"}
        How the loss is measured.

    Returns
    -------
    DirectionalCheck
        Both numbers of each direction; ``passes(tolerance)`` decides. The error of a right
        gradient is about 1e-15 with "complex", and 1e-9 with "central".

    Raises
    ------
    ValueError
        As in `central_differences`; also if `gradient` has other names or shapes.

    See Also
    --------
    rnnlib.comparisons.compare : says which array, and which entry, is wrong.

    Notes
    -----
    Along a direction :math:`u` of length 1, the slope of the loss is
    :math:`\langle \mathrm dL/\mathrm d\theta, u \rangle`. A wrong gradient gives it too only
    where its error is orthogonal to :math:`u`, which a random :math:`u` never is, but for
    rounding. It holds for these `params` and this loss: what plays no part there, such as
    the message from later steps in a sequence of one, is not tried.

    Examples
    --------
    >>> theta, rng = np.array([1.0, -2.0]), np.random.default_rng(0)
    >>> directional_check(lambda p: (p**3).sum(), theta, 3 * theta**2, rng).passes(1e-12)
    True
    >>> directional_check(lambda p: (p**3).sum(), theta, 2 * theta**2, rng).passes(1e-12)
    False
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    directions = check_size("directions", directions)
    check_choice("method", method, ["complex", "central"])
    claims = arrays_like("gradient", gradient, arrays_of("params", params))
    flat = np.concatenate([array.ravel() for array in claims.values()])
    slope = _slope_of(loss, params, method, 1e-30 if method == "complex" else 1e-5)

    chosen = rng.standard_normal((directions, flat.size))
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    with np.errstate(all="ignore"):  # NaN and infinity count as an error below
        claimed = chosen @ flat
    measured = np.array([slope(direction) for direction in chosen])
    return DirectionalCheck(claimed, measured, relative_error(claimed, measured))


def _along_each_axis(
    loss: Callable[..., object], params: Record, method: str, eps: float
) -> Record:
    """Measure the slope by each number in turn."""
    size = sum(array.size for array in arrays_of("params", params).values())
    slope = _slope_of(loss, params, method, eps)
    # eye(1, size, i) is one row, with its 1 in column i.
    return rebuild(params, np.array([slope(np.eye(1, size, i)[0]) for i in range(size)]))


def _slope_of(
    loss: Callable[..., object], params: object, method: str, eps: float
) -> Callable[[np.ndarray], float]:
    """Make a function that measures the slope of the loss along a direction."""
    if not callable(loss):
        raise ValueError(f"loss: expected a function, got {loss!r}")
    if not isinstance(eps, float) or not 0 < eps < np.inf:
        raise ValueError(f"eps: expected a positive number, got {eps!r}")
    arrays = arrays_of("params", params)
    for key, array in arrays.items():
        name = f"params.{key}".rstrip(".")
        if np.iscomplexobj(check_array(name, array, (...,))):
            raise ValueError(f"{name}: expected real numbers, got dtype {array.dtype}")
    start = np.concatenate([array.ravel() for array in arrays.values()])

    def slope(direction: np.ndarray) -> float:
        if method == "complex":
            return _run(loss, rebuild(params, start + 1j * eps * direction), "complex").imag / eps
        step = eps * max(1.0, float(np.linalg.norm(start * direction)))
        above, below = start + step * direction, start - step * direction
        rise = _run(loss, rebuild(params, above)) - _run(loss, rebuild(params, below))
        return rise.real / ((above - below) @ direction)  # the step that rounding has left

    # Twice on the same arrays: it must neither roll dice nor write into what it is given.
    arguments = rebuild(params, start)
    first, again = _run(loss, arguments).real, _run(loss, arguments).real
    if not abs(again - first) <= 1e-9 * abs(first):
        raise ValueError(f"loss: expected {first} again for the same arrays, got {again}")
    return slope


def _run(loss: Callable[..., object], params: object, kind: str = "real") -> complex:
    """Run the loss, and look at what comes back."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            value = np.asarray(loss(params))
        except np.exceptions.ComplexWarning as warning:
            raise ValueError("loss: expected complex numbers kept, got a cast to real") from warning
    if value.ndim or not np.issubdtype(value.dtype, np.number):
        came = f"shape {value.shape}" if value.ndim else repr(value.item())
        raise ValueError(f"loss: expected a single number, got {came}")
    if np.iscomplexobj(value) != (kind == "complex"):
        raise ValueError(f"loss: expected a {kind} number for {kind} parameters, got {value}")
    if not np.isfinite(value):
        raise ValueError(f"loss: expected a finite number, got {value}")
    return complex(value)
