"""What is timed beside each other. Each maker takes a problem and gives a call without arguments.

A call returns the loss, and the gradient in the order of `Problem.arrays`, so that all can be
compared before they are timed; a floor returns nothing, since its numbers mean nothing.
"""

import os

import numpy as np

from rnnlib.fast import loss_and_gradient
from rnnlib.fast_network import network_loss_and_gradient


def ours(problem):
    """Time rnnlib: `loss_and_gradient`, and with a front layer `network_loss_and_gradient`."""
    _, _, params, x, y = problem
    if problem.shape.n_e is None:

        def call():
            loss, gradient, *_ = loss_and_gradient(params, x, y)
            return loss, [gradient.W_xh, gradient.W_hh, gradient.b_h, gradient.W_hy, gradient.b_y]
    else:

        def call():
            loss, gradient, _ = network_loss_and_gradient(params, x, y)
            return loss, [*gradient.front, *gradient.recurrent, *gradient.back]

    return call


def bare(with_sums):
    """
    Make a maker that times what the equations cost at least, if NumPy is to compute them.

    In: their matrix products, all steps in one where no order in time is needed, and in blocks
    of half a megabyte for the logits; tanh, exp, the slope 1 - h^2 and the product with it. In
    also, `with_sums`: adding (biases, recurrence, message) and softmax's division, each as one
    pass over the numbers, and the sums over a row (softmax) or over all rows (gradients of the
    biases), each as a product with ones. Without them it is a floor that is lower still: BLAS
    could add as it multiplies, and a division can be moved to where numbers are few. One-hot
    inputs: the look-up, and one product with a matrix of zeros and ones. Every result goes into
    an array that is there already, transposes are laid out and views are cut beforehand.

    Not in: softmax's maximum, the loss, the targets, the making of one-hot rows, checks of
    arguments, memory for results.
    """

    def make(problem):
        shape, dtype, _, x, y = problem
        (T, N), n_h, n_y = y.shape, shape.n_h, shape.n_y
        *front, W_xh, W_hh, _, W_hy, _ = problem.arrays
        rng = np.random.default_rng(1)

        def like_states():
            return np.tanh(rng.standard_normal((T, N, n_h))).astype(dtype)

        h, a, delta, slope = like_states(), like_states(), like_states(), like_states()
        flat_h, flat_a, flat_delta, flat_slope = (v.reshape(-1, n_h) for v in (h, a, delta, slope))
        steps = list(zip(h, a, strict=True))
        steps_back = list(zip(delta, slope, strict=True))
        W_hh_back, W_hy_back = W_hh.T.copy(), W_hy.T.copy()
        of_xh, of_hh, of_hy = np.empty_like(W_xh), np.empty_like(W_hh), np.empty_like(W_hy)
        product = np.empty((N, n_h), dtype)
        ones, ones_y = np.ones(T * N, dtype), np.ones(n_y, dtype)

        size = min(T * N, (1 << 19) // (n_y * dtype.itemsize))
        z = np.empty((size, n_y), dtype)
        blocks = [slice(start, start + size) for start in range(0, T * N, size)]
        blocks = [(flat_h[rows], flat_delta[rows], z[: len(flat_h[rows])]) for rows in blocks]

        if front:
            W_xe, of_xe, W_xh_back = front[0], np.empty_like(front[0]), W_xh.T.copy()
            flat_x, e = x.reshape(T * N, -1), np.empty((T * N, shape.n_e), dtype)
            left, delta_e = e.T, np.empty_like(e)
        else:
            classes, left = x.ravel(), np.zeros((shape.n_x, T * N), dtype)
            left[classes, np.arange(T * N)] = 1

        def call():
            if front:
                np.matmul(flat_x, W_xe, e)
                if with_sums:
                    np.add(e, 0.1, e)
                np.tanh(e, e)
                np.matmul(e, W_xh, flat_a)
            else:
                np.take(W_xh, classes, axis=0, out=flat_a, mode="clip")
            if with_sums:
                np.add(flat_a, 0.1, flat_a)
            for h_t, a_t in steps:
                h_t.dot(W_hh, product)
                if with_sums:
                    np.add(a_t, product, a_t)
                np.tanh(a_t, a_t)
            for rows_h, rows_delta, rows_z in blocks:
                np.matmul(rows_h, W_hy, rows_z)
                if with_sums:
                    np.add(rows_z, 0.1, rows_z)
                np.exp(rows_z, rows_z)
                if with_sums:
                    rows_z.dot(ones_y)
                    np.multiply(rows_z, 0.1, rows_z)
                    ones[: len(rows_z)].dot(rows_z)
                rows_h.T.dot(rows_z, of_hy)
                rows_z.dot(W_hy_back, rows_delta)
            np.multiply(flat_h, flat_h, flat_slope)
            np.subtract(1, flat_slope, flat_slope)
            for delta_t, slope_t in steps_back:
                if with_sums:
                    np.add(delta_t, product, delta_t)
                np.multiply(delta_t, slope_t, delta_t)
                delta_t.dot(W_hh_back, product)
            flat_h.T.dot(flat_delta, of_hh)
            left.dot(flat_delta, of_xh)
            if with_sums:
                ones.dot(flat_delta)
            if front:
                flat_delta.dot(W_xh_back, delta_e)
                np.multiply(e, e, e)
                np.subtract(1, e, e)
                np.multiply(delta_e, e, delta_e)
                flat_x.T.dot(delta_e, of_xe)
                if with_sums:
                    ones.dot(delta_e)

        return call

    return make


def one_hot_rows(problem):
    """Write class numbers as rows with a single 1, outside of what is timed."""
    return np.eye(problem.shape.n_x, dtype=problem.dtype)[problem.x]


def tutorial(problem):
    """Time what tutorials show: one step at a time, one-hot inputs multiplied, lists of arrays."""
    shape, dtype, _, x, y = problem
    *front, W_xh, W_hh, b_h, W_hy, b_y = problem.arrays
    x = x if front else one_hot_rows(problem)
    T, N = y.shape
    samples = np.arange(N)

    def call():
        gradient = [np.zeros_like(array) for array in problem.arrays]
        *of_front, of_xh, of_hh, of_b_h, of_hy, of_b_y = gradient
        states, inputs, predictions = {-1: np.zeros((N, shape.n_h), dtype)}, {}, {}
        loss = 0.0
        for t in range(T):
            inputs[t] = np.tanh(x[t] @ front[0] + front[1]) if front else x[t]
            states[t] = np.tanh(inputs[t] @ W_xh + states[t - 1] @ W_hh + b_h)
            z = states[t] @ W_hy + b_y
            powers = np.exp(z - z.max(axis=1, keepdims=True))
            predictions[t] = powers / powers.sum(axis=1, keepdims=True)
            loss -= np.log(predictions[t][samples, y[t]]).sum()
        from_later = np.zeros((N, shape.n_h), dtype)
        for t in reversed(range(T)):
            delta_z = predictions[t].copy()
            delta_z[samples, y[t]] -= 1
            of_hy += states[t].T @ delta_z
            of_b_y += delta_z.sum(axis=0)
            delta_a = (delta_z @ W_hy.T + from_later) * (1 - states[t] ** 2)
            of_xh += inputs[t].T @ delta_a
            of_hh += states[t - 1].T @ delta_a
            of_b_h += delta_a.sum(axis=0)
            if front:
                delta_e = delta_a @ W_xh.T * (1 - inputs[t] ** 2)
                of_front[0] += x[t].T @ delta_e
                of_front[1] += delta_e.sum(axis=0)
            from_later = delta_a @ W_hh.T
        return loss, gradient

    return call


def pytorch(problem):
    """Time PyTorch, eager: nn.RNN, nn.Linear, cross_entropy, autograd. None if not installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    shape = problem.shape
    *front, W_xh, W_hh, b_h, W_hy, b_y = (torch.from_numpy(array) for array in problem.arrays)
    kind = W_xh.dtype
    rnn = torch.nn.RNN(shape.n_in, shape.n_h, dtype=kind)
    last = torch.nn.Linear(shape.n_h, shape.n_y, dtype=kind)
    layers = [(rnn.weight_ih_l0, W_xh.T), (rnn.weight_hh_l0, W_hh.T), (rnn.bias_ih_l0, b_h)]
    layers += [(last.weight, W_hy.T), (last.bias, b_y), (rnn.bias_hh_l0, 0 * b_h)]
    if front:
        first = torch.nn.Linear(shape.n_x, shape.n_e, dtype=kind)
        layers = [(first.weight, front[0].T), (first.bias, front[1]), *layers]
    with torch.no_grad():
        for parameter, value in layers:
            parameter.copy_(value)
    parameters = [parameter for parameter, _ in layers]
    x = torch.from_numpy(problem.x if front else one_hot_rows(problem))
    y = torch.from_numpy(problem.y).reshape(-1)

    def call():
        h, _ = rnn(torch.tanh(first(x)) if front else x)
        z = last(h.reshape(-1, shape.n_h))
        loss = torch.nn.functional.cross_entropy(z, y, reduction="sum")
        *gradient, _ = torch.autograd.grad(loss, parameters)  # the second bias is like the first
        return loss, [g.T if g.ndim == 2 else g for g in gradient]

    return call


def jax_compiled(pick_by_comparison):
    """
    Make a maker that times JAX: jit, scan, value_and_grad. It gives None if not installed.

    The logit of the target can be picked by index, as the losses of optax do, or by comparing
    each class with the target; which one compiles to faster code depends on the shape.
    """

    def make(problem):
        os.environ.setdefault("JAX_PLATFORMS", "cpu")
        one_thread = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        os.environ.setdefault("XLA_FLAGS", one_thread)
        try:
            import jax
        except ImportError:
            return None
        jax.config.update("jax_enable_x64", True)
        jnp = jax.numpy

        def total_loss(arrays, x, y):
            *front, W_xh, W_hh, b_h, W_hy, b_y = arrays
            a = (jnp.tanh(x @ front[0] + front[1]) @ W_xh if front else W_xh[x]) + b_h

            def step(h, a_t):
                h = jnp.tanh(a_t + h @ W_hh)
                return h, h

            _, h = jax.lax.scan(step, jnp.zeros(a.shape[1:], a.dtype), a)
            z = h @ W_hy + b_y
            if pick_by_comparison:
                z -= jax.lax.stop_gradient(z.max(axis=-1, keepdims=True))
                z_y = jnp.where(y[..., None] == jnp.arange(z.shape[-1]), z, 0).sum(axis=-1)
                return (jnp.log(jnp.exp(z).sum(axis=-1)) - z_y).sum()
            z_y = jnp.take_along_axis(z, y[..., None], axis=-1)[..., 0]
            return (jax.nn.logsumexp(z, axis=-1) - z_y).sum()

        compiled = jax.jit(jax.value_and_grad(total_loss))
        arguments = jax.device_put((problem.arrays, problem.x, problem.y))
        return lambda: jax.block_until_ready(compiled(*arguments))

    return make


MAKERS = {
    "ours": ours,
    "floor": bare(with_sums=True),
    "lower": bare(with_sums=False),
    "PyTorch": pytorch,
    "tutorial": tutorial,
    "JAX": jax_compiled(pick_by_comparison=False),
    "JAX tuned": jax_compiled(pick_by_comparison=True),
}
