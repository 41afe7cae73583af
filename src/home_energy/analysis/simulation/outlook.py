"""What may be known when an interval is decided."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray, read_only
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

_VALUES = ("import_c_per_kwh", "export_c_per_kwh", "load_kwh", "solar_kwh")


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """K forecasts as they were issued, each of the next H intervals of one axis.

    Parameters
    ----------
    known_from
        Number of the interval in which a forecast became known, ascending. Its first
        value is about that interval. (K,)
    import_c_per_kwh, export_c_per_kwh
        (K, H) [c/kWh]
    load_kwh, solar_kwh
        (K, H) [kWh per interval]
    """

    known_from: NDArray[np.int64]
    import_c_per_kwh: FloatArray
    export_c_per_kwh: FloatArray
    load_kwh: FloatArray
    solar_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse forecasts that are out of order, or of different shapes."""
        shape = (self.known_from.size, *self.import_c_per_kwh.shape[1:])
        for name in _VALUES:
            values = getattr(self, name)
            if values.ndim != 2 or values.shape != shape:
                raise AlignmentError(
                    f"Forecasts.{name} has shape {values.shape}; expected a row for "
                    f"each of {self.known_from.size} forecasts, of one length"
                )
            if not np.all(np.isfinite(values)):
                raise DataError(
                    f"Forecasts.{name} has missing values; fill a forecast by a named "
                    "rule first"
                )
            object.__setattr__(self, name, read_only(values))
        if np.any(np.diff(self.known_from) <= 0):
            raise DataError("Forecasts.known_from must ascend; keep one per interval")

    def known_at(self, number: int) -> "Forecasts":
        """Those that were known when an interval was decided."""
        count = int(np.searchsorted(self.known_from, number, side="right"))
        kept = {name: getattr(self, name)[:count] for name in _VALUES}
        return Forecasts(self.known_from[:count], **kept)


@dataclass(frozen=True, slots=True, eq=False)
class IssuedPrices:
    """Price forecasts on record, as K of them were issued, in steps of their own.

    They say nothing of load and sun, and keep the longer steps in which forecasts are
    published: a year of them on an axis of five minutes would take six times the room.

    Parameters
    ----------
    known_from
        Number of the interval in which a forecast became known, ascending. Its first
        value is about that interval and those after it. (K,)
    of_a_price
        So many intervals of the axis have one price.
    import_c_per_kwh, export_c_per_kwh
        All-in, NaN where none was given: there, and where only one of both was, what
        is expected stands in. (K, H) [c/kWh]
    """

    known_from: NDArray[np.int64]
    of_a_price: int
    import_c_per_kwh: FloatArray
    export_c_per_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse forecasts that are out of order, or of different shapes."""
        shape = self.import_c_per_kwh.shape
        if shape != self.export_c_per_kwh.shape or len(shape) != 2:
            raise AlignmentError(
                f"IssuedPrices: import of shape {shape}, export of "
                f"{self.export_c_per_kwh.shape}; expected one for each forecast and "
                "step of both"
            )
        if shape[0] != self.known_from.size or self.of_a_price < 1:
            raise AlignmentError(
                f"IssuedPrices: {self.known_from.size} times for {shape[0]} forecasts "
                f"of {self.of_a_price} intervals a price; expected one time for each, "
                "and 1 interval or more"
            )
        if np.any(np.diff(self.known_from) <= 0):
            raise DataError(
                "IssuedPrices.known_from must ascend; keep one per interval"
            )
        for name in ("import_c_per_kwh", "export_c_per_kwh"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def known_at(self, number: int) -> "IssuedPrices":
        """Those that were known when an interval was decided."""
        count = int(np.searchsorted(self.known_from, number, side="right"))
        return replace(
            self,
            known_from=self.known_from[:count],
            import_c_per_kwh=self.import_c_per_kwh[:count],
            export_c_per_kwh=self.export_c_per_kwh[:count],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What may be known when an interval is decided.

    Parameters
    ----------
    problem
        The home up to and including that interval, whose own prices, load and solar
        the device measures as they happen. Nothing is asked of the end.
    forecasts
        As they stood then; `None` where there are none.
    """

    problem: DispatchProblem
    forecasts: Forecasts | None = None


def outlook_at(
    problem: DispatchProblem, forecasts: Forecasts | None, number: int
) -> Outlook:
    """Cut away what lies after an interval: what a strategy may not use.

    A strategy is causal when what it stores after interval `number` of the whole
    problem is what it stores at the end of this one.
    """
    count = number + 1
    grid = TimeGrid(problem.grid.start, problem.grid.step, count)
    limit = problem.connection.export_limit_kw
    known = replace(
        problem,
        rates=Rates(
            grid,
            problem.rates.import_c_per_kwh[:count],
            problem.rates.export_c_per_kwh[:count],
        ),
        load_kwh=problem.load_kwh[:count],
        solar_kwh=problem.solar_kwh[:count],
        connection=replace(
            problem.connection,
            export_limit_kw=limit[:count] if isinstance(limit, np.ndarray) else limit,
        ),
    )
    return Outlook(known, None if forecasts is None else forecasts.known_at(number))
