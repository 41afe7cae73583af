"""What a strategy decided for a year."""

from dataclasses import dataclass

from home_energy.analysis.simulation.forecast_strategy import ForecastError
from home_energy.domain.series import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Scheduled:
    """What a strategy decided.

    Parameters
    ----------
    stored_kwh
        In the battery above its reserve, before the first interval and after each.
        (T + 1,) [kWh]
    car_stored_kwh
        In the car above its floor, likewise; `None` for a home without.
    lower_bound_aud, certificate_aud
        Of the exact dispatch: no schedule costs less, and how far this one may be from
        the best. [AUD]
    forecast_error, issued_fraction
        Of a strategy that planned on forecasts: how wrong they were, and what share of
        them was on record as issued; the others were made from the past alone.
    """

    stored_kwh: FloatArray
    car_stored_kwh: FloatArray | None = None
    lower_bound_aud: float | None = None
    certificate_aud: float | None = None
    forecast_error: ForecastError | None = None
    issued_fraction: float | None = None
