"""What holds for every comparison."""

import torch

# As for NumPy: matrices this small gain nothing from more.
torch.set_num_threads(1)
