"""Unbroken runs along an axis."""

import numpy as np
import pytest

from home_energy.domain.true_runs import true_runs


@pytest.mark.parametrize(
    ("flags", "runs"),
    [
        ([], []),
        ([False, False], []),
        ([True, True], [(0, 2)]),
        ([True, False, False, True, True, False, True], [(0, 1), (3, 5), (6, 7)]),
    ],
)
def test_every_run_has_its_first_place_and_the_one_after_its_last(
    flags: list[bool], runs: list[tuple[int, int]]
) -> None:
    assert true_runs(np.array(flags, dtype=np.bool_)) == runs
