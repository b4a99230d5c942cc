"""A room in which the line of code of a frame is run: it holds what the frame reads, no more."""

import re

import numpy as np

from rnnlib.activations import identity, relu, sigmoid, softmax

FUNCTIONS = {"softmax": softmax, "sigmoid": sigmoid, "relu": relu, "identity": identity}


def base(key):
    """Name the value itself, of which a key is the transpose, the square or the sign."""
    return re.sub(r"\.T$|\*\*2$|>0$", "", key).replace("onehot", "y")


def run_line(frame, values):
    """Run the line of code of a frame on its operands; whatever else it read would be missing."""
    room = {"np": np, **FUNCTIONS}
    for key in map(base, frame.operands):
        name, step = split(key)
        if step is None or name.startswith("gradient"):
            room[name] = values[key].array.copy()
        else:
            room.setdefault(name, {})[step] = values[key].array
        if name in ("h", "c"):
            room.setdefault(f"{name}_prev", {})[step + 1] = values[key].array
    name, step = split(frame.result)
    if name == "L":
        room["loss"] = np.array([*room["loss"].values()])
    elif step is not None and not name.startswith("gradient"):
        room.setdefault(name, {})
    exec(frame.code, room)
    got = room[name]
    return got if step is None or name.startswith("gradient") else got[step]


def split(key):
    """Split a key into its name and its step."""
    name, _, step = key.rstrip("]").partition("[")
    return name, int(step) if step else None
