"""Mean power of the grid on an axis of five minutes, from what meters told."""

from collections.abc import Sequence

import numpy as np

from home_energy.domain.home_power import StreamRule, grid_parts, grid_watts
from home_energy.domain.power import FIVE_MINUTES, PowerMean, Stream
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid

LEAST_COVERED_FRACTION = 0.8
"""Five minutes of which less was heard are a hole; else their mean stands for all."""


def grid_watts_on(
    means: Sequence[PowerMean], rule: StreamRule, grid: TimeGrid
) -> FloatArray:
    """Power of the grid, positive when bought; NaN where it is not known. (T,) [W]

    For each five minutes the first source counts that told enough of them, or all
    of a summed stream: as `domain.home_power` has it for now.

    Parameters
    ----------
    grid
        In steps of five minutes.
    """
    parts = grid_parts(rule)
    if not parts:
        return np.full(grid.count, np.nan)
    told = _told(means, grid)
    of = {stream: _of_stream(stream, told, rule, grid) for stream in parts}
    return grid_watts(of.__getitem__, parts)


def _told(
    means: Sequence[PowerMean], grid: TimeGrid
) -> dict[tuple[str, Stream], FloatArray]:
    least_seconds = LEAST_COVERED_FRACTION * FIVE_MINUTES.total_seconds()
    told: dict[tuple[str, Stream], FloatArray] = {}
    for mean in means:
        number = (mean.start - grid.start) // grid.step
        if mean.covered_seconds < least_seconds or not 0 <= number < grid.count:
            continue
        key = (mean.source, mean.stream)
        if key not in told:
            told[key] = np.full(grid.count, np.nan)
        told[key][number] = mean.mean_watts
    return told


def _of_stream(
    stream: Stream,
    told: dict[tuple[str, Stream], FloatArray],
    rule: StreamRule,
    grid: TimeGrid,
) -> FloatArray:
    silent = np.full(grid.count, np.nan)
    first, *others = (
        told.get((source, stream), silent) for source in rule.sources[stream]
    )
    watts = np.array(first)
    for other in others:
        if stream in rule.summed:
            watts += other
        else:
            watts = np.where(np.isnan(watts), other, watts)
    return watts
