"""What a run did with its car: kilometres, what they took, and what failed."""

from dataclasses import dataclass

import numpy as np

from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.domain.car_flows import CarFlows
from home_energy.domain.dispatch import Dispatch
from home_energy.domain.rates import Rates
from home_energy.domain.series import FloatArray

NOTHING_KWH = 1e-6
"""Less is rounding."""


@dataclass(frozen=True, slots=True)
class CarUse:
    """A car's year.

    Shares are of all energy that went into the cells, at home and elsewhere.

    Parameters
    ----------
    km, trip_count
        Driven. [km]
    driven_kwh
        What that took from the cells. [kWh]
    home_charge_kwh, home_discharge_kwh
        Into and out of the car at home. [kWh, AC]
    sun_fraction, grid_fraction, public_fraction
        Where the energy came from: own sun, at once or through the home's battery;
        bought at home; charged elsewhere. `None` for a car that took none.
    sun_c_per_km, grid_c_per_km
        What the sun and the grid charged a kilometre for: sun costs the feed-in that it
        would have earned, a bought kWh its price. `None` where none was charged.
        [c/km]
    public_kwh, public_aud
        Charged elsewhere, into the cells, and what it cost. [kWh], [AUD]
    uncovered_count
        Trips that what was in the car did not cover.
    beyond_full_count
        Of those, trips that a full car would not have covered either.
    short_count, short_kwh
        How often a level wanted by the clock was missed, and by how much in all.
    """

    km: float
    trip_count: int
    driven_kwh: float
    home_charge_kwh: float
    home_discharge_kwh: float
    sun_fraction: float | None
    grid_fraction: float | None
    public_fraction: float | None
    sun_c_per_km: float | None
    grid_c_per_km: float | None
    public_kwh: float
    public_aud: float
    uncovered_count: int
    beyond_full_count: int
    short_count: int
    short_kwh: float


def car_use(dispatch: Dispatch, car: CarOnAxis, rates: Rates) -> CarUse | None:
    """What a run did with its car; `None` for a home without."""
    flows = dispatch.car
    if flows is None:
        return None
    efficiency = car.car.charger.charge_efficiency_fraction
    by_battery = flows.battery_to_car_kwh.sum()
    sun_kwh = flows.solar_to_car_kwh.sum() + by_battery * _sun_of_battery(dispatch)
    public_kwh = float(flows.public_kwh.sum())
    home_kwh = float(flows.charge_kwh.sum())
    taken_kwh = efficiency * home_kwh + public_kwh
    sun = efficiency * float(sun_kwh) / taken_kwh if taken_kwh > 0 else None
    public = public_kwh / taken_kwh if taken_kwh > 0 else None
    km = float(car.trip_km.sum())
    driven_kwh = float(flows.driven_kwh.sum())
    ac_kwh_per_km = driven_kwh / efficiency / km if km > 0 else None
    sell, buy = rates.export_c_per_kwh, rates.import_c_per_kwh
    is_uncovered = flows.public_kwh > NOTHING_KWH
    return CarUse(
        km=km,
        trip_count=int(np.count_nonzero(car.trip_kwh)),
        driven_kwh=driven_kwh,
        home_charge_kwh=home_kwh,
        home_discharge_kwh=float(flows.discharge_kwh.sum()),
        sun_fraction=sun,
        grid_fraction=None if sun is None or public is None else 1 - sun - public,
        public_fraction=public,
        sun_c_per_km=_c_per_km(flows.solar_to_car_kwh, sell, ac_kwh_per_km),
        grid_c_per_km=_c_per_km(flows.grid_to_car_kwh, buy, ac_kwh_per_km),
        public_kwh=public_kwh,
        public_aud=public_aud(flows, car),
        uncovered_count=int(np.count_nonzero(is_uncovered)),
        beyond_full_count=int(
            np.count_nonzero(is_uncovered & (car.trip_kwh > car.car.capacity_kwh))
        ),
        short_count=int(np.count_nonzero(flows.short_kwh > NOTHING_KWH)),
        short_kwh=float(flows.short_kwh.sum()),
    )


def public_aud(flows: CarFlows, car: CarOnAxis) -> float:
    """Cost of what was charged elsewhere. [AUD]"""
    return float(flows.public_kwh.sum()) * car.public_c_per_kwh / 100


def _sun_of_battery(dispatch: Dispatch) -> float:
    """Share of sun in what went into the home's battery over the whole run."""
    charge_kwh = float(dispatch.charge_kwh.sum())
    return float(dispatch.solar_to_battery_kwh.sum()) / charge_kwh if charge_kwh else 0


def _c_per_km(
    kwh: FloatArray, c_per_kwh: FloatArray, ac_kwh_per_km: float | None
) -> float | None:
    taken_kwh = float(kwh.sum())
    if ac_kwh_per_km is None or taken_kwh <= NOTHING_KWH:
        return None
    return float((kwh * c_per_kwh).sum()) / taken_kwh * ac_kwh_per_km
