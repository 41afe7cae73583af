"""A scenario's car as it was: its drives and charges on record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from home_energy.analysis.driving.consumption import Consumption
from home_energy.analysis.driving.fitted_consumption import fitted_consumption
from home_energy.analysis.driving.home_place import HomePlace
from home_energy.analysis.driving.load_without_car import (
    LoadWithoutCar,
    load_without_car,
)
from home_energy.analysis.driving.trips_from_history import (
    TripsFromHistory,
    trips_from_history,
)
from home_energy.analysis.scenario.car_choice import DrivingChoice
from home_energy.analysis.scenario.car_trips import CarTrips
from home_energy.analysis.usage.home_year import HomeYear
from home_energy.domain.car_history import CarHistory, Charge
from home_energy.domain.series import EnergySeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import CoverageError
from home_energy.settings import Settings
from home_energy.store import Store

MOST_UNKNOWN = timedelta(days=31)
"""Of a run, before the first and after the last that the car remembers. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedTrips(CarTrips):
    """Trips that a car remembers, and where it was charged at home.

    Parameters
    ----------
    home_charges
        In order.
    """

    home_charges: tuple[Charge, ...]


def recorded_trips(
    store: Store,
    settings: Settings,
    driving: DrivingChoice,
    vehicle: Vehicle,
    grid: TimeGrid,
) -> RecordedTrips:
    """Trips on record that touch an axis, by the consumption that the drives tell.

    Raises
    ------
    CoverageError
        If the history is not on record, or leaves much of the axis open.
    DataError
        If it does not tell home from elsewhere.
    """
    history = _history(store, driving)
    if driving.wh_per_km is not None:
        consumption, basis = Consumption(driving.wh_per_km), "the scenario"
    else:
        fitted = fitted_consumption(history.drives, vehicle)
        consumption, basis = fitted.consumption, fitted.basis
    found = trips_from_history(history, _home(settings), consumption)
    _require_known(found, grid, driving)
    first, last = found.known_from, found.known_until
    where = (
        f"trips: as {driving.history} has them from {first:%Y-%m-%d} to "
        f"{last:%Y-%m-%d}; drives without energy by {basis}, "
        f"{consumption.mild_wh_per_km:.0f} Wh/km at mild temperatures"
    )
    notes = (where, *(f"trips: {note}" for note in found.report.notes))
    return RecordedTrips(found.trips, consumption, notes, found.home_charges)


def without_charging(
    home: HomeYear, charges: Iterable[Charge], efficiency_fraction: float
) -> tuple[HomeYear, str]:
    """The home without what its car was charged with, and words on it.

    Raises
    ------
    DataError
        If the usage does not hold what the car says it was charged with.
    """
    load = EnergySeries(home.grid, home.load_kwh)
    found = load_without_car(load, charges, efficiency_fraction)
    return replace(home, load_kwh=found.load.kwh), _words(found)


def _words(found: LoadWithoutCar) -> str:
    return (
        f"usage: {found.charged.kwh.sum():,.0f} kWh of {found.charge_count} recorded "
        f"charges at home are taken out of the load, {found.estimated_count} of them "
        f"known by what reached the cells alone; {found.not_found_kwh:,.1f} kWh were "
        f"not found in it, {found.unknown_kwh:,.1f} kWh fell where it is missing"
    )


def _history(store: Store, driving: DrivingChoice) -> CarHistory:
    """All that is on record: every drive tells of the consumption."""
    source, wanted = driving.history or "", driving.history_car
    there = [one for one in store.car_history.histories() if one.source == source]
    chosen = [one for one in there if wanted in (None, one.car)]
    if len(chosen) != 1:
        told = ", ".join(repr(one.car) for one in there) or "none"
        raise CoverageError(
            f"[car.driving] history = {source!r}: cars on record of it are {told}; "
            "expected one, or history_car to name it; bring it with `home-energy "
            f"import {source}`"
        )
    (one,) = chosen
    return store.car_history.history(source, one.car, one.first, one.last)


def _home(settings: Settings) -> HomePlace:
    home = settings.home
    return HomePlace(settings.car.home_place, home.latitude_deg, home.longitude_deg)


def _require_known(
    found: TripsFromHistory, grid: TimeGrid, driving: DrivingChoice
) -> None:
    first, last = found.known_from, found.known_until
    if (
        first is None
        or last is None
        or first > grid.start + MOST_UNKNOWN
        or last < grid.end - MOST_UNKNOWN
    ):
        told = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else "nothing"
        raise CoverageError(
            f"the car's history of {driving.history} tells of {told}, the run is from "
            f"{grid.start:%Y-%m-%d} to {grid.end:%Y-%m-%d}; expected no more than "
            f"{MOST_UNKNOWN.days} days open at either end; run other days, import "
            "more, or leave history out for a profile"
        )
