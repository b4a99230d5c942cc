"""Steppers with controls, for a notebook with a kernel: each change makes the film anew."""

from typing import Any

import ipywidgets
import numpy as np

from .activations import ACTIVATIONS
from .backward_frames import backward_frames
from .bptt import backward
from .film import Film
from .forward_pass import forward
from .frames import forward_frames
from .parameters import init_parameters
from .stepper import Stepper
from .text import next_character_task, symbols_of


class ForwardLab(ipywidgets.VBox):
    """
    A forward stepper whose text, sizes, seed and activation the reader chooses.

    Parameters
    ----------
    name : str
        Name of the stepper in links.
    text : str
        What the network reads; one character a step.

    Attributes
    ----------
    params : Parameters
        The parameters in use.
    trace : Trace
        The forward pass that is shown.
    stepper : Stepper
        The stepper itself.

    Examples
    --------
    >>> lab = ForwardLab("reading", "to be")
    >>> lab.controls["n_h"].value = 5
    >>> lab, lab.params.W_hh.shape
    (ForwardLab(Stepper('Reading “to be”', frame 1 of 26)), (5, 5))
    """

    def __init__(self, name: str, text: str = "to be or not to be") -> None:
        text = ipywidgets.Text(text, description="text", continuous_update=False)
        self.controls = {
            "text": text,
            "T": ipywidgets.IntSlider(4, 1, 12, description="T", continuous_update=False),
            "n_h": ipywidgets.IntSlider(3, 1, 8, description="n_h", continuous_update=False),
            "seed": ipywidgets.BoundedIntText(0, 0, 9999, description="seed"),
            "activation": ipywidgets.Dropdown(options=list(ACTIVATIONS), description="activation"),
        }
        self.message = ipywidgets.Label()
        self.stepper = Stepper(self._film(), name)
        for control in self.controls.values():
            control.observe(self._retrace, "value")
        box = ipywidgets.Layout(display="flex", flex_flow="row wrap")
        super().__init__(
            [
                ipywidgets.Box(list(self.controls.values()), layout=box),
                self.message,
                self.stepper,
            ]
        )

    def _film(self) -> Film:
        chosen = {name: control.value for name, control in self.controls.items()}
        symbols = symbols_of(chosen["text"])
        part = chosen["text"][: chosen["T"] + 1]
        x, y = next_character_task([part], symbols)
        rng = np.random.default_rng(chosen["seed"])
        self.params = init_parameters(rng, len(symbols), chosen["n_h"], len(symbols))
        self.trace = forward(self.params, x, y, activation=chosen["activation"])
        return forward_frames(self.params, self.trace, symbols, title=f"Reading “{part}”")

    def _retrace(self, change: object) -> None:
        try:
            film = self._film()
        except ValueError as error:
            self.message.value = str(error)
            return
        self.message.value = ""
        self.stepper.show(film)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.stepper!r})"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return data | {"text/plain": repr(self), "text/html": self.stepper.html()}, metadata


class BackwardLab(ForwardLab):
    """
    A stepper that walks there and back, whose text, sizes, seed and activation can be chosen.

    Parameters
    ----------
    name : str
        Name of the stepper in links.
    text : str
        What the network reads; one character a step.

    Attributes
    ----------
    params : Parameters
        The parameters in use.
    trace : Trace
        The forward pass that is shown.
    stepper : Stepper
        The stepper itself.

    Examples
    --------
    >>> lab = BackwardLab("learning", "to be")
    >>> lab.stepper.film.frames[-1].result
    'delta_h_init'
    """

    def _film(self) -> Film:
        there = super()._film()
        back = backward(self.params, self.trace)
        return backward_frames(self.params, self.trace, back, there.symbols, there.title)
