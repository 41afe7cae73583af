"""Values of a day that came again: the later word stands, a hole never does."""

from dataclasses import dataclass

import numpy as np

from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True)
class DaySaveResult:
    """What a save did, in interval values."""

    new_count: int = 0
    changed_count: int = 0
    unchanged_count: int = 0

    def __add__(self, other: "DaySaveResult") -> "DaySaveResult":
        """Both saves together."""
        return DaySaveResult(
            self.new_count + other.new_count,
            self.changed_count + other.changed_count,
            self.unchanged_count + other.unchanged_count,
        )


def merged(old: FloatArray | None, new: FloatArray) -> tuple[FloatArray, DaySaveResult]:
    """Return what is on record after `new` came, and what that did.

    Parameters
    ----------
    old, new
        Values of the same intervals; NaN is missing and replaces nothing.
    """
    is_known = ~np.isnan(new)
    if old is None:
        return new, DaySaveResult(new_count=int(is_known.sum()))
    was_known = ~np.isnan(old)
    is_added = is_known & ~was_known
    is_changed = is_known & was_known & (new != old)
    added, changed = int(is_added.sum()), int(is_changed.sum())
    unchanged = int(is_known.sum()) - added - changed
    return np.where(is_known, new, old), DaySaveResult(added, changed, unchanged)
