"""A car in a scenario's file: which one, how it is driven, when it is plugged in."""

from datetime import time
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from home_energy.analysis.scenario.scenario_part import (
    Fraction,
    NotNegative,
    Part,
    Positive,
)
from home_energy.domain.car_at_home import Discharge

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WORKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class VehicleChoice(Part):
    """A car from the catalogue, with figures of one's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; without it every needed figure must be given.
    others
        See `Vehicle`; a figure here stands before the catalogue's.
    """

    product: str | None = None
    usable_kwh: Positive | None = None
    single_phase_kw: Positive | None = None
    three_phase_kw: Positive | None = None
    wh_per_km: Positive | None = None
    warranty_years: Positive | None = None
    warranty_km: Positive | None = None
    warranted_capacity_fraction: Fraction | None = None

    @property
    def own_figures(self) -> dict[str, Any]:
        """Figures that stand before the catalogue's."""
        return self.model_dump(exclude={"product"}, exclude_none=True)


class ChargerChoice(Part):
    """A charger from the catalogue, with figures of one's own in its place.

    Parameters
    ----------
    product
        Name in the catalogue; without it every needed figure must be given.
    others
        See `Charger`; a figure here stands before the catalogue's.
    """

    product: str | None = None
    phases: Literal[1, 3] | None = None
    charge_kw: Positive | None = None
    charge_efficiency_fraction: Fraction | None = None
    discharge_kw: NotNegative | None = None
    discharge_efficiency_fraction: Fraction | None = None
    least_charge_kw: NotNegative | None = None
    standby_kw: NotNegative | None = None
    is_dc: bool | None = None

    @property
    def own_figures(self) -> dict[str, Any]:
        """Figures that stand before the catalogue's."""
        return self.model_dump(exclude={"product"}, exclude_none=True)


class DrivingChoice(Part):
    """How the car is driven: what it remembers, or a profile.

    Parameters
    ----------
    history
        Source of the drives on record, `tessie`, `teslamate` or `teslafi`; without it
        the profile of the other keys.
    history_car
        Which, if the source told of several.
    commute_km, commute_days, leave, back
        There and back; 0 for none. Local time. [km]
    weekend_trips_per_week, weekend_hours
        On days without commute; how far they go follows from `km_per_year`. [hours]
    holidays_per_year, holiday_km, holiday_days
        Each there and back. [km], [days]
    km_per_year
        Of all. [km]
    wh_per_km
        At mild temperatures, instead of the vehicle's or of what the history tells.
        [Wh/km]
    seed
        Of the times and lengths that are drawn.
    """

    history: Literal["tessie", "teslamate", "teslafi"] | None = None
    history_car: str | None = None
    commute_km: NotNegative = 40.0
    commute_days: tuple[Weekday, ...] = WORKDAYS
    leave: time = time(8)
    back: time = time(17, 30)
    weekend_trips_per_week: Positive = 2.0
    weekend_hours: Positive = 3.0
    holidays_per_year: Annotated[int, Field(ge=0)] = 2
    holiday_km: Positive = 600.0
    holiday_days: Annotated[int, Field(ge=1)] = 4
    km_per_year: Positive = 13_000.0
    wh_per_km: Positive | None = None
    seed: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        profile = set(type(self).model_fields) - {"history", "history_car", "wh_per_km"}
        given = sorted(profile & self.model_fields_set)
        if self.history is not None and given:
            raise ValueError(f"history goes without {', '.join(given)}")
        if self.history is None and self.history_car is not None:
            raise ValueError("history_car goes with history")
        return self


class PlugInChoice(Part):
    """When a car that is at home is plugged in.

    Parameters
    ----------
    habit
        `always`; `nights`, from `after` to `before`; `below`, when it comes home with
        less than `below_fraction` of its usable energy.
    after, before
        Local time.
    """

    habit: Literal["always", "nights", "below"] = "always"
    after: time = time(18)
    before: time = time(7)
    below_fraction: Fraction = 0.5


class ReadyChoice(Part):
    """What is wanted in the car by the clock, whatever trips are known.

    Parameters
    ----------
    by
        Local time.
    level_fraction
        Share of its usable energy; 0 wants nothing.
    """

    by: time = time(7)
    level_fraction: Fraction = 0.5


class CarChoice(Part):
    """A car on a charger.

    Parameters
    ----------
    vehicle, charger, driving, plug_in, ready
        Each a block of its own.
    discharge, floor_fraction, limit_fraction, wear_c_per_kwh
        See `CarAtHome`.
    public_c_per_kwh
        Price of charging elsewhere, per kWh into the car. [c/kWh]
    trips
        `announced`: a trip is known `notice_hours` before it departs. `known`: every
        trip of the year is known beforehand, to every strategy.
    is_in_usage
        Whether the recorded usage holds the car's charging; it is taken out first, as
        the car's history tells it.
    """

    vehicle: VehicleChoice
    charger: ChargerChoice
    driving: DrivingChoice = DrivingChoice()
    plug_in: PlugInChoice = PlugInChoice()
    ready: ReadyChoice = ReadyChoice()
    discharge: Discharge = Discharge.NONE
    floor_fraction: Fraction = 0.1
    limit_fraction: Fraction = 0.9
    wear_c_per_kwh: NotNegative = 0.0
    public_c_per_kwh: Positive = 70.0
    trips: Literal["announced", "known"] = "announced"
    notice_hours: NotNegative = 24.0
    is_in_usage: bool = False

    @model_validator(mode="after")
    def _what_each_needs(self) -> Self:
        if self.is_in_usage and self.driving.history is None:
            raise ValueError(
                "is_in_usage needs driving.history: only recorded charges can be taken "
                "out of the usage"
            )
        return self
