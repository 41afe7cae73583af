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
