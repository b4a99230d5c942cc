"""Dense, recurrent, dense as a film: to the recurrent layer, the front layer is its input."""

from .activations import ACTIVATIONS, softmax
from .arguments import check_choice
from .backward_frames import backward_frames, backward_values
from .bptt import BackwardTrace
from .dense import DenseTrace, dense_backward
from .film import Film, Value
from .forward_pass import Trace
from .frames import forward_values, make_frames, picked_cells
from .network import NetworkBackward, NetworkTrace
from .network_parameters import Network, check_network
from .network_walk import called_e, network_walk
from .parameters import Parameters
from .printing import visible
from .unrolled import WITH_FRONT, unrolled_graph


def network_frames(
    params: Network,
    trace: NetworkTrace,
    back: NetworkBackward,
    symbols: str = "",
    title: str = "Layers around the recurrent one",
) -> Film:
    """
    Make the film of both passes through three layers.

    Parameters
    ----------
    params : Network
        The parameters of both passes.
    trace : NetworkTrace
        What the forward pass held.
    back : NetworkBackward
        What the backward pass computed.
    symbols : str, optional
        The character of each class; with it, the sentences speak of characters.
    title : str, optional
        What the film shows.

    Returns
    -------
    Film
        The frames of a recurrent network that reads what the front layer gives; on the way
        back the walk goes on, at every step, to the parameters of the front layer.

    Raises
    ------
    ValueError
        If an array of `params` does not fit, the loss is not cross-entropy, summed, or the
        front layer has an activation that mixes its units.

    See Also
    --------
    rnnlib.backward_frames.backward_frames : the same without a layer in front.

    Examples
    --------
    >>> import numpy as np
    >>> import rnnlib
    >>> from rnnlib.network import network_backward, network_forward
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=2, n_e=4, n_h=3, n_y=2)
    >>> trace = network_forward(params, *rnnlib.next_character_task(["aba"], "ab"))
    >>> film = network_frames(params, trace, network_backward(params, trace), "ab")
    >>> [frame.code for frame in film.frames if frame.result in ("e[0]", "delta_front[0]")]
    ['e[0] = np.tanh(x[0] @ W_xe + b_e)', 'delta_front[0] = delta_e[0] * (1 - e[0]**2)']
    """
    check_network(params)
    check_choice("trace.loss_name", trace.loss_name, ["cross_entropy"])
    check_choice("trace.reduction", trace.reduction, ["sum"])
    check_choice("trace.front.activation", trace.front.activation, ACTIVATIONS)
    inner = _inside(params, trace, back, symbols)
    values = network_values(params, trace, back, inner, symbols)
    frames = make_frames(network_walk(inner, trace), inner.T, values, symbols)
    marks = {frame.result: frame.marks for frame in inner.frames if frame.quantity == "loss"}
    for t in range(inner.T):
        cells = picked_cells(trace.front.x[t], trace.front.h.shape[2])
        marks[f"e[{t}]"] = {"W_xe": cells} if cells else {}
    return inner._replace(
        title=title,
        values=values,
        frames=tuple(frame._replace(marks=marks.get(frame.result, {})) for frame in frames),
        graph=unrolled_graph(inner.T, way_back=True, letters=bool(symbols), rows=WITH_FRONT),
        switches=inner.switches | {"delta_e": "front layer hears"},
    )


def network_values(
    params: Network, trace: NetworkTrace, back: NetworkBackward, inner: Film, symbols: str = ""
) -> dict[str, Value]:
    r"""
    Name every array of both passes through three layers.

    Parameters
    ----------
    params : Network
        The parameters of both passes.
    trace : NetworkTrace
        What the forward pass held.
    back : NetworkBackward
        What the backward pass computed.
    inner : Film
        The film of the recurrent and the back layer alone; its input is called e here.
    symbols : str, optional
        The character of each class, to label rows and columns.

    Returns
    -------
    dict of str to Value
        Those of the film under the names of the whole network, and those of the front
        layer: ``"W_xe"``, ``"e[0]"``, ``"gradient_W_xe[0]"``; ``"delta_front[0]"`` is the
        delta of its pre-activation.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib.network import network_backward, network_forward
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> trace = network_forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> back = network_backward(params, trace)
    >>> film = network_frames(params, trace, back)
    >>> network_values(params, trace, back, film)["delta_front[3]"].array.shape
    (2, 2)
    """
    front, (n_x, n_e) = trace.front, params.front.weights.shape
    inputs = tuple(map(visible, symbols)) or tuple(map(str, range(n_x)))
    units = tuple(map(str, range(n_e)))
    values = {
        "W_xe": Value("W_{xe}", params.front.weights, inputs, units),
        "b_e": Value("b_e", params.front.bias, (), units),
        "W_xe.T": Value(r"W_{xe}^\top", params.front.weights.T, units, inputs),
    }
    for key, value in inner.values.items():
        tex = value.tex.replace("x_{", "e_{")
        values[called_e(key)] = value._replace(tex=tex)
    for key in [key for key in values if "W_xh" in key]:
        _, _, rows, columns = values[key]
        ends = (rows, units) if key.endswith(".T") else (units, columns)
        values[key] = values[key]._replace(rows=ends[0], columns=ends[1])
    for t, (x, e) in enumerate(zip(front.x, front.h, strict=True)):
        # From the last step down to t: what has come together by then.
        held = DenseTrace(front.x[t:], front.h[t:], front.activation)
        so_far = dense_backward(params.front, held, back.delta_e[t:])
        delta_front, delta_e = so_far.delta_a[0], back.delta_e[t]
        values |= {
            f"x[{t}]": Value(f"x_{{{t}}}", x, (), inputs),
            f"x[{t}].T": Value(rf"x_{{{t}}}^\top", x.T, inputs, ()),
            f"e[{t}]": Value(f"e_{{{t}}}", e, (), units),
            f"e[{t}].T": Value(rf"e_{{{t}}}^\top", e.T, units, ()),
            f"e[{t}]**2": Value(f"e_{{{t}}}^2", e**2, (), units),
            f"e[{t}]>0": Value(f"[e_{{{t}}}>0]", (e > 0).astype(e.dtype), (), units),
            f"delta_e[{t}]": Value(rf"\delta^e_{{{t}}}", delta_e, (), units),
            f"delta_front[{t}]": Value(
                rf"\delta^{{\mathrm{{front}}}}_{{{t}}}", delta_front, (), units
            ),
            f"delta_x[{t}]": Value(rf"\delta^x_{{{t}}}", back.delta_x[t], (), inputs),
        }
        grown = {"W_xe": so_far.gradient.weights, "b_e": so_far.gradient.bias}
        for name, array in grown.items():
            tex = f"G_{{{values[name].tex}}}"
            labels = values[name].rows
            values[f"gradient_{name}[{t}]"] = Value(tex, array, labels, units)
    return values


def _inside(params: Network, trace: NetworkTrace, back: NetworkBackward, symbols: str) -> Film:
    """Make the film of the recurrent and the back layer, whose input is the front layer."""
    recurrent, middle, gradient = params.recurrent, trace.recurrent, back.gradient
    behind = Parameters(
        recurrent.W_xh, recurrent.W_hh, params.back.weights, recurrent.b_h, params.back.bias
    )
    z = trace.back.h
    there = Trace(
        middle.x, trace.y, middle.states, middle.a, z, softmax(z), trace.loss, middle.activation
    )
    back_there = BackwardTrace(
        delta_z=back.delta_z,
        message=back.message,
        delta_h=back.delta_h,
        delta_a=back.delta_a,
        delta_x=back.delta_e,
        delta_h_init=back.delta_h_init,
        gradient=Parameters(
            gradient.recurrent.W_xh,
            gradient.recurrent.W_hh,
            gradient.back.weights,
            gradient.recurrent.b_h,
            gradient.back.bias,
        ),
    )
    film = backward_frames(behind, there, back_there)
    # Its sentences are made without symbols: they would take a front unit for a character.
    named = film._replace(values=forward_values(behind, there, symbols))
    return named._replace(values=backward_values(named, there, back_there), symbols=symbols)
