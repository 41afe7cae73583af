"""Results of another kind of machine beside those of this one."""

import json
import subprocess
import sys
from collections.abc import Mapping

from tests.booted.arm64_install import INSIDE

WITHIN = 1e-9
"""How far two may lie apart, as a share of the larger of the value and 1."""


def largest_difference(given: Mapping[str, float]) -> tuple[str, float]:
    """Compare the figures of `inside/result_figures.py`; the one furthest off."""
    here = subprocess.run(
        [sys.executable, INSIDE / "result_figures.py"],
        check=True,
        capture_output=True,
        text=True,
    )
    expected = json.loads(here.stdout)["figures"]
    assert given.keys() == expected.keys()
    apart = {
        name: abs(given[name] - value) / max(abs(value), 1.0)
        for name, value in expected.items()
    }
    name = max(apart, key=lambda one: apart[one])
    return name, apart[name]
