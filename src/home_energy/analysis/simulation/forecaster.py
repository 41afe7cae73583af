"""What the hours ahead are expected to bring, made of the past alone.

For a price, the load or the sun, x, at interval t of day d and time of day s:

    x(t + i) is expected to be  e_d(s + i) + decay^i * r(t)

with e_d(s) the mean of x at that time of day over the days before day d, and r(t) the
mean of x - e_d over the quarter of an hour that ends with interval t, or over interval
t where it is longer. Day d itself is left out of e_d: its later hours lie ahead of t.
So what was measured just now is believed to last, and is forgotten by a factor for each
half-hour. Days are counted from the first interval of the axis; on the first day, of
which nothing is known, what was measured just now is expected to stay.

Load and solar are never below 0, and solar is never above the most that was measured
at that time of day in those days, so that it is 0 at night.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.compiling import compiled
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.expected_day import intervals_per_day
from home_energy.analysis.simulation.outlook import Forecasts
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError, DataError

IMPORT_PRICE, EXPORT_PRICE, LOAD, SOLAR = range(4)
"""Rows of what is measured and expected."""

JUST_NOW = timedelta(minutes=15)
"""So much of what was measured last is believed to last."""


class Past(NamedTuple):
    """What was measured, and what each day was expected to be before it began.

    What is expected at t is made of columns up to t of `measured`, and of the rows of
    its day of the others, which are made of the days before.
    """

    measured: FloatArray  # (4, T) [c/kWh, c/kWh, kWh, kWh]
    expected: FloatArray  # (4, D, S), S intervals of a day
    solar_ceiling_kwh: FloatArray  # (D, S)
    decay: FloatArray  # (4,) per interval
    just_now: int  # intervals
    published_c_per_kwh: FloatArray  # (2, N), N = 0 where prices are not published


@dataclass(frozen=True, slots=True, eq=False)
class Forecaster:
    """Expects the coming hours from the past; see the module's text.

    How the figures were found, and how wrong they are: docs/models/forecast.md.

    Parameters
    ----------
    days
        How many days before make the expected day.
    price_decay_fraction, load_decay_fraction, solar_decay_fraction
        What remains after half an hour of the difference between what is measured and
        what the day was expected to be.
    published
        Prices of a tariff that is published beforehand, flat or by the clock: they are
        known, not forecast, and no foresight is in using them. `None` where prices
        follow the market. Later than these, prices are expected as above.
    """

    days: int = 14
    price_decay_fraction: float = 0.95
    load_decay_fraction: float = 0.7
    solar_decay_fraction: float = 0.85
    published: Rates | None = None

    def __post_init__(self) -> None:
        """Refuse no days, and differences that grow."""
        decays = (
            self.price_decay_fraction,
            self.load_decay_fraction,
            self.solar_decay_fraction,
        )
        if self.days < 1 or not all(0 <= decay <= 1 for decay in decays):
            raise DataError(
                "forecaster: expected 1 day or more and decays within 0 and 1, got "
                f"{self.days} and {', '.join(map(str, decays))}"
            )

    def past(self, problem: DispatchProblem) -> Past:
        """Arrays of a problem for `look_ahead`."""
        of_a_day = intervals_per_day(problem.grid)
        measured = np.stack(
            [
                problem.rates.import_c_per_kwh,
                problem.rates.export_c_per_kwh,
                problem.load_kwh,
                problem.solar_kwh,
            ]
        )
        expected, ceiling = _expected_days(measured, of_a_day, self.days)
        price, load, solar = (
            decay ** (2 * problem.hours)
            for decay in (
                self.price_decay_fraction,
                self.load_decay_fraction,
                self.solar_decay_fraction,
            )
        )
        return Past(
            measured=measured,
            expected=expected,
            solar_ceiling_kwh=ceiling,
            decay=np.array([price, price, load, solar]),
            just_now=max(JUST_NOW // problem.grid.step, 1),
            published_c_per_kwh=self._published(problem),
        )

    def forecasts(
        self, problem: DispatchProblem, known_from: NDArray[np.int64], count: int
    ) -> Forecasts:
        """Expectations of `count` intervals at each of K intervals, as a table.

        The strategy makes its own as it goes, without the memory of a table: 32 bytes
        for each of K x `count` intervals.
        """
        ahead = _table(self.past(problem), known_from, count)
        return Forecasts(known_from, *map(read_only, ahead))

    def _published(self, problem: DispatchProblem) -> FloatArray:
        if self.published is None:
            return np.empty((2, 0))
        grid, own = problem.grid, self.published.grid
        if (own.start, own.step) != (grid.start, grid.step):
            raise AlignmentError(
                f"forecaster: published prices on {own}, the home on {grid}; expected "
                "the same start and step"
            )
        return np.stack(
            [self.published.import_c_per_kwh, self.published.export_c_per_kwh]
        )


@compiled
def look_ahead(past: Past, t: int, ahead: FloatArray) -> None:
    """Fill `ahead` (4, H) with what is expected at interval t of it and those after."""
    of_a_day = past.expected.shape[2]
    day, first_slot = t // of_a_day, t % of_a_day
    for row in range(4):
        decay = past.decay[row] if day > 0 else 1.0
        change = _just_now(past, row, t)
        slot = first_slot
        for i in range(ahead.shape[1]):
            ahead[row, i] = past.expected[row, day, slot] + change
            change *= decay
            slot = slot + 1 if slot + 1 < of_a_day else 0
    slot = first_slot
    for i in range(1, ahead.shape[1]):
        slot = slot + 1 if slot + 1 < of_a_day else 0
        most = past.solar_ceiling_kwh[day, slot]
        ahead[LOAD, i] = max(ahead[LOAD, i], 0.0)
        ahead[SOLAR, i] = min(max(ahead[SOLAR, i], 0.0), most)
    for i in range(min(past.published_c_per_kwh.shape[1] - t, ahead.shape[1])):
        ahead[IMPORT_PRICE, i] = past.published_c_per_kwh[0, t + i]
        ahead[EXPORT_PRICE, i] = past.published_c_per_kwh[1, t + i]


@compiled
def _just_now(past: Past, row: int, t: int) -> float:
    """By how much what was measured last exceeds what was expected of this day."""
    of_a_day = past.expected.shape[2]
    count = min(past.just_now, t + 1)
    change = 0.0
    for j in range(t - count + 1, t + 1):
        expected = past.expected[row, t // of_a_day, j % of_a_day]
        change += past.measured[row, j] - expected
    return change / count


@compiled
def _table(past: Past, known_from: NDArray[np.int64], count: int) -> FloatArray:
    table = np.empty((4, known_from.size, count))
    for k in range(known_from.size):
        look_ahead(past, known_from[k], table[:, k])
    return table


@compiled
def _expected_days(
    measured: FloatArray, of_a_day: int, days: int
) -> tuple[FloatArray, FloatArray]:
    """Mean of the days before each day, and the most sun. (4, D, S), (D, S)

    The first day's mean is 0, and its sun has no ceiling.
    """
    day_count = (measured.shape[1] + of_a_day - 1) // of_a_day
    expected = np.zeros((4, day_count, of_a_day))
    ceiling = np.full((day_count, of_a_day), np.inf)
    for day in range(1, day_count):
        first = max(day - days, 0)
        for slot in range(of_a_day):
            for row in range(4):
                total = 0.0
                for other in range(first, day):
                    total += measured[row, other * of_a_day + slot]
                expected[row, day, slot] = total / (day - first)
            most = 0.0
            for other in range(first, day):
                most = max(most, measured[SOLAR, other * of_a_day + slot])
            ceiling[day, slot] = most
    return expected, ceiling
