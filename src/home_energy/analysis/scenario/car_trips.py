"""A scenario's trips, made up from a profile."""

from dataclasses import dataclass, replace
from datetime import timedelta

from home_energy.analysis.driving.consumption import Consumption, published_consumption
from home_energy.analysis.driving.driving_profile import (
    Commute,
    DrivingProfile,
    LongTrips,
    WeekendTrips,
)
from home_energy.analysis.driving.outside_temperature import OutsideTemperature
from home_energy.analysis.driving.profile_trips import profile_trips
from home_energy.analysis.scenario.car_choice import DrivingChoice
from home_energy.analysis.tariffs.calendar_axis import holidays_of
from home_energy.domain.time_grid import TimeGrid, nem_date
from home_energy.domain.trip import Trip
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.store import Store

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, eq=False)
class CarTrips:
    """Trips of a car, and what they rest on.

    Parameters
    ----------
    trips
        In order.
    consumption
        By which kilometres became energy where no car counted it.
    notes
        What was made up, fitted or odd.
    """

    trips: tuple[Trip, ...]
    consumption: Consumption
    notes: tuple[str, ...]


def made_up_trips(
    store: Store,
    settings: Settings,
    driving: DrivingChoice,
    vehicle: Vehicle,
    grid: TimeGrid,
) -> CarTrips:
    """Trips of a profile that touch an axis.

    Raises
    ------
    DataError
        If the profile contradicts itself.
    """
    if driving.wh_per_km is not None:
        vehicle = replace(vehicle, wh_per_km=driving.wh_per_km)
    consumption = published_consumption(vehicle)
    outside = _outside(store, settings, grid)
    profile = _profile(settings, driving, grid)
    made = profile_trips(profile, grid, settings.home.zone, consumption, outside)
    said = (
        f"trips: made up (seed {driving.seed}), {driving.km_per_year:,.0f} km a year; "
        f"{consumption.mild_wh_per_km:.0f} Wh/km at mild temperatures"
    )
    notes = [said]
    if made.left_out_count:
        notes.append(
            f"trips: {made.left_out_count} fell into another one, such as a commute "
            "into a holiday, and are left out"
        )
    if made.mild_km > 0:
        notes.append(
            f"trips: {made.mild_km:,.0f} km are driven as if it were mild, for no "
            "weather is on record there; `home-energy import weather` brings it"
        )
    return CarTrips(made.trips, consumption, tuple(notes))


def _profile(
    settings: Settings, driving: DrivingChoice, grid: TimeGrid
) -> DrivingProfile:
    commute = long = None
    if driving.commute_km and driving.commute_days:
        days = frozenset(_DAYS.index(day) for day in driving.commute_days)
        commute = Commute(driving.commute_km, driving.leave, driving.back, days)
    if driving.holidays_per_year:
        long = LongTrips(
            driving.holidays_per_year, driving.holiday_km, driving.holiday_days
        )
    years = nem_date(grid.start).year, nem_date(grid.end).year
    state = settings.home.region.rstrip("1")
    return DrivingProfile(
        seed=driving.seed,
        commute=commute,
        weekend=WeekendTrips(driving.weekend_trips_per_week, driving.weekend_hours),
        long=long,
        km_per_year=driving.km_per_year,
        days_off=holidays_of(state, *years),
    )


def _outside(
    store: Store, settings: Settings, grid: TimeGrid
) -> OutsideTemperature | None:
    """Temperature at the home, of the first source that has it; `None` without any."""
    try:
        place = settings.home.place
    except ConfigError:
        return None
    first, last = nem_date(grid.start), nem_date(grid.end - timedelta(seconds=1))
    for source in dict.fromkeys(one.source for one in store.weather_days.places()):
        found = store.weather_days.series(source, place, first, last)
        if found is not None:
            return OutsideTemperature(found.grid, found.air_temperature_c)
    return None
