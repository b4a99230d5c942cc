"""
How fast the fast form is, beside what it could be and beside what others are: `make bench`.

Everything is a ratio within one run: ours divided by theirs, the median over rounds in which
all take turns. A ratio below 1 says that ours is faster. All of it runs on one core where the
system lets a process choose (Linux), and in one thread where a library lets us say so. Nothing
here passes or fails: machines are noisy. What does not depend on the machine, the number of
products and of bytes, is a test (test_fast.py).
"""

import machine  # isort: skip - before NumPy is loaded
import compare
import others

LEFT_OUT = """\
Left out: graphics cards, and more than one core; float16; gates (LSTM, GRU); torch.compile,
TensorFlow, numba, hand-written C; sequences of different lengths; what comes before a gradient
(reading data) and after it (a step of the optimiser); compilation and first calls; memory, which
test_fast.py counts. The one-hot rows that PyTorch and the tutorial multiply are made beforehand."""


def main():
    """Print everything."""
    stopwatch = machine.start()
    machine.print_description()
    compare.print_all()
    others.print_imports()
    others.print_checkpoints()
    others.print_forward_mode()
    print(f"\n{LEFT_OUT}\n\n{stopwatch():.0f} seconds.")


if __name__ == "__main__":
    main()
