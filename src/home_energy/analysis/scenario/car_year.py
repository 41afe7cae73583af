"""A scenario's car on the axis of a run: its trips, and when it is plugged in."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from home_energy.analysis.driving.catalogue import (
    Feasibility,
    charger_named,
    feasibility_of,
    vehicle_named,
)
from home_energy.analysis.driving.local_clock import EVERY_DAY, WEEKDAYS, local_clock
from home_energy.analysis.driving.plug_in import PlugInHabit, plugged_in
from home_energy.analysis.driving.ready_level import ready_levels
from home_energy.analysis.driving.trips_on_axis import TripsOnAxis, trips_on_axis
from home_energy.analysis.scenario.car_choice import CarChoice
from home_energy.analysis.scenario.car_from_history import (
    recorded_trips,
    without_charging,
)
from home_energy.analysis.scenario.car_trips import CarTrips, made_up_trips
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.usage.gap_rules import BoolArray
from home_energy.analysis.usage.home_year import HomeYear
from home_energy.domain.car_at_home import CarAtHome, Discharge
from home_energy.domain.time_grid import TimeGrid
from home_energy.settings import Settings
from home_energy.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class CarYear:
    """The car of a scenario.

    Parameters
    ----------
    on_axis
        When it is there, and what its trips take.
    trips
        Where its trips are from.
    feasibility
        Whether anybody offers what is asked of the pair, as of when.
    figures
        For a result.
    notes
        What the car's year rests on.
    """

    on_axis: CarOnAxis
    trips: CarTrips
    feasibility: Feasibility
    figures: dict[str, Any]
    notes: tuple[str, ...]


def car_year(
    store: Store, settings: Settings, choice: CarChoice, home: HomeYear
) -> tuple[CarYear, HomeYear]:
    """Make a scenario's car on the axis of a home, and the home without it.

    Raises
    ------
    ConfigError
        If a name is unknown, or a needed figure is.
    CoverageError, DataError
        If the car's history is missing, does not tell home from elsewhere, or does not
        cover the axis.
    """
    car, grid = _car(choice), home.grid
    trips, home, notes = _trips(store, settings, choice, car, home)
    notice = None
    if choice.trips == "announced":
        notice = timedelta(hours=choice.notice_hours)
    zone = settings.home.zone
    laid = trips_on_axis(trips.trips, grid, notice)
    ready_kwh = car.above_floor_kwh(choice.ready.level_fraction)
    plugged = plugged_in(_habit(choice), laid, zone, car, ready_kwh)
    on_axis = CarOnAxis(
        car=car,
        is_away=laid.is_away,
        is_plugged=plugged.is_plugged,
        would_plug=plugged.would_plug,
        trip_kwh=laid.trip_kwh,
        trip_km=laid.trip_km,
        announced=laid.announced,
        ready_kwh=ready_levels(grid, zone, choice.ready.by, ready_kwh),
        public_c_per_kwh=choice.public_c_per_kwh,
        start_stored_kwh=ready_kwh,
    )
    kinds = choice.vehicle.product, choice.charger.product, car.discharge
    feasibility = feasibility_of(*kinds)
    figures = _figures(car, laid, feasibility)
    if car.discharge is not Discharge.NONE:
        notes = (_words(feasibility), *notes)
    return CarYear(on_axis, trips, feasibility, figures, notes), home


def is_weekday(settings: Settings, grid: TimeGrid) -> BoolArray:
    """Monday to Friday on the household's clock. (T,)"""
    return np.isin(local_clock(grid, settings.home.zone).weekday, sorted(WEEKDAYS))


def _trips(
    store: Store, settings: Settings, choice: CarChoice, car: CarAtHome, home: HomeYear
) -> tuple[CarTrips, HomeYear, tuple[str, ...]]:
    """Trips, the home without the car's recorded charging, and words on both."""
    driving, grid = choice.driving, home.grid
    if driving.history is None:
        made = made_up_trips(store, settings, driving, car.vehicle, grid)
        return made, home, made.notes
    found = recorded_trips(store, settings, driving, car.vehicle, grid)
    if not choice.is_in_usage:
        return found, home, found.notes
    efficiency = car.charger.charge_efficiency_fraction
    home, said = without_charging(home, found.home_charges, efficiency)
    return found, home, (*found.notes, said)


def _words(feasibility: Feasibility) -> str:
    """What is known of the pair, as of when."""
    said = feasibility.sentence
    if feasibility.as_of is not None:
        said += f" (as of {feasibility.as_of}, {feasibility.source})"
    if feasibility.approval is not None:
        said += f" {feasibility.approval}"
    return said


def _car(choice: CarChoice) -> CarAtHome:
    return CarAtHome(
        vehicle=vehicle_named(choice.vehicle.product, choice.vehicle.own_figures),
        charger=charger_named(choice.charger.product, choice.charger.own_figures),
        discharge=choice.discharge,
        floor_fraction=choice.floor_fraction,
        limit_fraction=choice.limit_fraction,
        wear_c_per_kwh=choice.wear_c_per_kwh,
    )


def _habit(choice: CarChoice) -> PlugInHabit:
    plug_in = choice.plug_in
    is_nights, is_below = plug_in.habit == "nights", plug_in.habit == "below"
    return PlugInHabit(
        between=(plug_in.after, plug_in.before) if is_nights else None,
        weekdays=EVERY_DAY,
        below_fraction=plug_in.below_fraction if is_below else None,
    )


def _figures(
    car: CarAtHome, laid: TripsOnAxis, feasibility: Feasibility
) -> dict[str, Any]:
    return {
        "vehicle": asdict(car.vehicle),
        "charger": {**asdict(car.charger), "least_charge_kw": car.charger.least_kw},
        "charge_kw": car.charge_kw,
        "discharge": car.discharge.value,
        "floor_fraction": car.floor_fraction,
        "limit_fraction": car.limit_fraction,
        "capacity_kwh": car.capacity_kwh,
        "wear_c_per_kwh": car.wear_c_per_kwh,
        "is_hypothetical": feasibility.is_hypothetical,
        "feasibility": {
            "status": feasibility.status,
            "as_of": feasibility.as_of.isoformat() if feasibility.as_of else None,
            "standard": feasibility.standard,
            "source": feasibility.source,
        },
        "away_fraction": float(np.mean(laid.is_away)),
        "trips_merged": laid.merged_count,
        "begun_before_kwh": laid.begun_before_kwh,
    }
