"""Unbroken runs along an axis."""

import numpy as np
from numpy.typing import NDArray


def true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Every run of true: its first place, and the one after its last. (T,)"""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return [(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]
