"""The triangle as a film: each loss walks back along its row, and the cells are added up."""

import numpy as np

from .bptt import BackwardTrace, per_step, state_jacobian
from .film import Film, Value
from .forward_pass import Trace, check_trace
from .frames import forward_values, make_frames
from .parameters import Parameters
from .paths import jacobian_product, triangle
from .rtrl import rtrl
from .triangle_graph import triangle_graph
from .triangle_walk import triangle_walk


def triangle_values(
    params: Parameters, trace: Trace, back: BackwardTrace, symbols: str = ""
) -> dict[str, Value]:
    r"""
    Name every array of the triangle.

    Parameters
    ----------
    params : Parameters
        The parameters of both passes.
    trace : Trace
        What the forward pass stored, of one sequence.
    back : BackwardTrace
        What the backward pass computed.
    symbols : str, optional
        The character of each class, to label rows and columns.

    Returns
    -------
    dict of str to Value
        ``"cell_0[2]"`` is :math:`\mathrm dL_2/\mathrm dW_{hh}^{(0)}`, what loss 2 says
        through use 0; ``"path_0[2]"`` is :math:`\mathrm dL_2/\mathrm dh_0`, the row that
        arrives there; ``"per_loss[2]"`` a sum of a row, ``"per_step[0]"`` of a column.

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> values = triangle_values(params, trace, rnnlib.backward(params, trace))
    >>> values["cell_0[1]"].array.shape, "cell_1[0]" in values
    ((3, 3), False)
    """
    T, _, n_y = trace.z.shape
    values = forward_values(params, trace, symbols)
    for key in [key for key in values if key.startswith(("a[", "z[", "loss[", "L"))]:
        del values[key]  # what the triangle does not show
    units, classes = values["b_h"].columns, values["b_y"].columns
    cells, jacobian = triangle(params, trace).W_hh, state_jacobian(params, trace)
    shares, losses = per_step(trace, back).W_hh, rtrl(params, trace).per_loss.W_hh
    W_hh = r"\mathrm dW_{hh}"
    for t in range(T):
        h, delta_z = trace.h[t], back.delta_z[t]
        one_hot = np.eye(n_y)[trace.y[t]]
        values |= {
            f"h[{t}]**2": Value(f"h_{{{t}}}^2", h**2, (), units),
            f"h[{t}]>0": Value(f"[h_{{{t}}}>0]", (h > 0).astype(h.dtype), (), units),
            f"onehot[{t}]": Value(rf"\mathrm{{onehot}}(y_{{{t}}})", one_hot, (), classes),
            f"delta_z[{t}]": Value(rf"\delta^z_{{{t}}}", delta_z, (), classes),
        }
        if t:  # no path goes back beyond the first step
            tex = f"J_{{{t}}}"
            values[f"state_jacobian[{t}]"] = Value(tex, jacobian[t, 0], units, units)
        for s in range(t + 1):
            # Step s without braces of its own: the step of a key is that of its loss.
            row = delta_z @ params.W_hy.T @ jacobian_product(params, trace, t, s)[0]
            tex = rf"\frac{{\mathrm dL_{{{t}}}}}"
            values |= {
                f"path_{s}[{t}]": Value(rf"{tex}{{\mathrm dh_{{ {s} }}}}", row, (), units),
                f"cell_{s}[{t}]": Value(f"{tex}{{{W_hh}^{{({s})}}}}", cells[t, s], units, units),
            }
        tex = rf"\frac{{\mathrm dL_{{{t}}}}}{{{W_hh}}}"
        values[f"per_loss[{t}]"] = Value(tex, losses[t], units, units)
        tex = rf"\frac{{\mathrm dL}}{{{W_hh}^{{({{{t}}})}}}}"
        values[f"per_step[{t}]"] = Value(tex, shares[t], units, units)
    for t in range(-1, T):
        values[f"h[{t}].T"] = Value(rf"h_{{{t}}}^\top", values[f"h[{t}]"].array.T, units, ())
    for name, rows, columns in (("W_hh", units, units), ("W_hy", classes, units)):
        value = values[name]
        values[f"{name}.T"] = Value(rf"{value.tex}^\top", value.array.T, rows, columns)
    total = rf"\frac{{\mathrm dL}}{{{W_hh}}}"
    by_loss = rf"\sum_t\frac{{\mathrm dL_t}}{{{W_hh}}}"
    values["gradient_by_loss"] = Value(by_loss, losses.sum(axis=0), units, units)
    values["gradient_W_hh"] = Value(total, back.gradient.W_hh, units, units)
    return values


def triangle_frames(
    params: Parameters,
    trace: Trace,
    back: BackwardTrace,
    symbols: str = "",
    title: str = "Every loss, every use of W_hh",
) -> Film:
    r"""
    Make the film of the triangle: a row for each loss, a column for each use of the weights.

    Parameters
    ----------
    params : Parameters
        The parameters of both passes.
    trace : Trace
        What the forward pass stored, of one sequence.
    back : BackwardTrace
        What the backward pass computed.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        The states and predictions; then, loss by loss, the walk along its row, from its own
        step to the first: one Jacobian a step, and at each step a cell. At last the sums.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, or the batch is not a single sequence.

    Notes
    -----
    Cell :math:`(t, s)` of the triangle, with :math:`s \le t`, is

    .. math::
        \frac{\mathrm dL_t}{\mathrm dW_{hh}^{(s)}} = h_{s-1}^\top \Bigl(
        \delta^z_t W_{hy}^\top \, J_t J_{t-1} \cdots J_{s+1} \odot (1 - h_s^2) \Bigr)

    Examples
    --------
    >>> import rnnlib
    >>> params = rnnlib.init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = rnnlib.forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = triangle_frames(params, trace, rnnlib.backward(params, trace), "ab")
    >>> next(frame.code for frame in film.frames if frame.result == "path_0[1]")
    'path_0[1] = path_1[1] @ state_jacobian[1]'
    """
    T, N, _, n_h, n_y = check_trace(params, trace)
    if N != 1:
        raise ValueError(f"trace: expected a batch of one sequence, got {N}")
    values = triangle_values(params, trace, back, symbols)
    frames = make_frames(triangle_walk(T, n_y, trace.activation), T, values, symbols)
    return Film(
        title=title,
        T=T,
        N=1,
        symbols=symbols,
        values=values,
        frames=tuple(frames),
        graph=triangle_graph(T, n_h),
        switches={"x": "input arrives", "loss": "loss counts"}
        | {f"cell_{s}": f"loss speaks to use {s}" for s in range(T)},
    )
