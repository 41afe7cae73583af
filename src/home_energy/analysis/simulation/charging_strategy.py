"""How a car is charged, alone or beside a battery that has a rule of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from home_energy.analysis.simulation.car_forecast import car_ahead
from home_energy.analysis.simulation.car_on_axis import CarOnAxis
from home_energy.analysis.simulation.charging_rules import (
    Basis,
    charge_by_plan,
    charge_from_sun,
    charge_in,
    home_of,
)
from home_energy.analysis.simulation.dispatch_problem import DispatchProblem
from home_energy.analysis.simulation.expected_hours import issued_of
from home_energy.analysis.simulation.forecast_strategy import (
    ForecastStrategy,
    horizon_of,
)
from home_energy.analysis.simulation.forecaster import Forecaster
from home_energy.analysis.simulation.outlook import Forecasts, IssuedPrices
from home_energy.analysis.simulation.strategy import SelfConsumption, Strategy
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError

BoolArray = NDArray[np.bool_]

HORIZON_HOURS = 36
"""How far ahead a rule looks for what is wanted of the car. [hours]"""

REPLAN_MINUTES = 30
"""How often `Cheapest` plans anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """What a home's storages hold, before the first interval and after each. [kWh]

    Parameters
    ----------
    battery_stored_kwh
        Above the reserve; 0 without a battery. (T + 1,)
    car_stored_kwh
        Above the floor; 0 without a car. (T + 1,)
    """

    battery_stored_kwh: FloatArray
    car_stored_kwh: FloatArray

    def __post_init__(self) -> None:
        """Refuse paths of different lengths, and let nobody write to them."""
        battery, car = self.battery_stored_kwh, self.car_stored_kwh
        if battery.shape != car.shape:
            raise AlignmentError(
                f"Paths: battery of shape {battery.shape}, car of {car.shape}; "
                "expected the same"
            )
        object.__setattr__(self, "battery_stored_kwh", read_only(battery))
        object.__setattr__(self, "car_stored_kwh", read_only(car))


class ChargingStrategy(Protocol):
    """Decides what battery and car store, interval by interval.

    What is stored after an interval follows from what was measured up to and in it,
    from forecasts and trips as they were known then, and from habit and clock, unless
    `is_upper_bound`.
    """

    @property
    def name(self) -> str:
        """As a scenario writes it."""
        ...

    @property
    def is_upper_bound(self) -> bool:
        """Whether it has seen the future; never a saving anybody can have."""
        ...

    def paths(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> Paths:
        """What battery and car hold."""
        ...


class ChargingRule(Protocol):
    """Decides what a car stores without regard to a battery. It never discharges."""

    @property
    def name(self) -> str:
        """As a scenario writes it."""
        ...

    def car_stored_kwh(
        self,
        problem: DispatchProblem,
        car: CarOnAxis,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """Above the floor, before the first interval and after each. (T + 1,) [kWh]"""
        ...


class _Rule:
    """What every rule is besides: a strategy for a home with that car."""

    __slots__ = ()

    is_upper_bound: ClassVar[bool] = False

    def paths(
        self: ChargingRule,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> Paths:
        """See `ChargingStrategy`; a battery in the home is for self-consumption."""
        return Sequential(self).paths(problem, forecasts)


@dataclass(frozen=True, slots=True)
class OnArrival(_Rule):
    """Full power whenever the car is plugged in, up to its limit."""

    name: ClassVar[str] = "on_arrival"

    def car_stored_kwh(
        self,
        problem: DispatchProblem,
        car: CarOnAxis,
        _forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """See `ChargingRule`."""
        stored = _start(problem, car)
        charge_in(home_of(problem, car), np.ones(problem.grid.count, np.bool_), stored)
        return stored


@dataclass(frozen=True, slots=True, eq=False)
class Timer(_Rule):
    """Full power in windows of the clock, up to the limit.

    Parameters
    ----------
    windows
        Where the car is charged. (T,)
    """

    name: ClassVar[str] = "timer"
    windows: BoolArray

    def car_stored_kwh(
        self,
        problem: DispatchProblem,
        car: CarOnAxis,
        _forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """See `ChargingRule`; windows after the problem's end are of no account."""
        count = problem.grid.count
        if self.windows.size < count:
            raise AlignmentError(
                f"timer: windows for {self.windows.size} of {count} intervals"
            )
        stored = _start(problem, car)
        windows = np.array(self.windows[:count], np.bool_)
        charge_in(home_of(problem, car), windows, stored)
        return stored


@dataclass(frozen=True, slots=True)
class Cheapest(_Rule):
    """The cheapest hours before the next departure or the next level that is wanted.

    By prices to buy alone, forecasts on record first, with no eye on the home's solar.
    No more is charged than what is wanted within `HORIZON_HOURS`: the levels wanted by
    the clock, and the energy of announced trips.

    Parameters
    ----------
    forecaster
        Expects prices of which no forecast on record tells, and the load that the main
        switch carries too.
    """

    name: ClassVar[str] = "cheapest"
    forecaster: Forecaster = field(default_factory=Forecaster)

    def car_stored_kwh(
        self,
        problem: DispatchProblem,
        car: CarOnAxis,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """See `ChargingRule`."""
        stored = _start(problem, car)
        basis = Basis(
            self.forecaster.past(problem),
            issued_of(forecasts),
            horizon_of(problem, HORIZON_HOURS, REPLAN_MINUTES),
        )
        charge_by_plan(home_of(problem, car), basis, stored)
        return stored


@dataclass(frozen=True, slots=True)
class SolarFirst(_Rule):
    """What solar leaves over of the load; of the grid what is due, as late as can be.

    Solar is charged where it leaves over at least the charger's least power. Due is
    what the levels wanted by the clock and the announced trips within `HORIZON_HOURS`
    need, were every later interval to bring full power and no sun were to come.
    """

    name: ClassVar[str] = "solar_first"

    def car_stored_kwh(
        self,
        problem: DispatchProblem,
        car: CarOnAxis,
        _forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> FloatArray:
        """See `ChargingRule`."""
        stored = _start(problem, car)
        ahead = car_ahead(round(HORIZON_HOURS / problem.hours))
        charge_from_sun(home_of(problem, car), ahead, stored)
        return stored


@dataclass(frozen=True, slots=True, eq=False)
class Sequential:
    """The car by a rule, then the battery by one of its own.

    For the battery the car's charge is load like any other: a battery that serves the
    load serves the car too, but for one that may not export.

    Parameters
    ----------
    charging
        Of the car.
    battery
        Of the battery, in a home that has one.
    """

    charging: ChargingRule
    battery: Strategy = field(default_factory=SelfConsumption)

    @property
    def name(self) -> str:
        """See `ChargingStrategy`: that of the car's rule."""
        return self.charging.name

    @property
    def is_upper_bound(self) -> bool:
        """See `ChargingStrategy`."""
        return self.battery.is_upper_bound

    def paths(
        self,
        problem: DispatchProblem,
        forecasts: Forecasts | IssuedPrices | None = None,
        /,
    ) -> Paths:
        """See `ChargingStrategy`."""
        nothing = np.zeros(problem.grid.count + 1)
        car = nothing
        if problem.car is not None:
            car = self.charging.car_stored_kwh(problem, problem.car, forecasts)
        if problem.battery is None:
            return Paths(nothing, car)
        home = with_car_as_load(problem, car)
        if isinstance(self.battery, ForecastStrategy):
            return Paths(self.battery.stored_kwh(home, forecasts), car)
        return Paths(self.battery.stored_kwh(home), car)


CHARGING_RULES: Mapping[str, type[ChargingRule]] = MappingProxyType(
    {kind.name: kind for kind in (OnArrival, Timer, Cheapest, SolarFirst)}
)
"""By the name that a scenario writes."""


@dataclass(frozen=True, eq=False)
class HomeBesideCar(DispatchProblem):
    """A home whose load holds the charge of a car that is already decided.

    Parameters
    ----------
    own_load_kwh
        The load without the car's charge: a battery without leave to export serves no
        other. (T,)
    """

    own_load_kwh: FloatArray = field(kw_only=True)

    @property
    def discharge_limits_kwh(self) -> FloatArray:
        """See `DispatchProblem`."""
        limits = super().discharge_limits_kwh
        if self.battery is None or self.battery.may_export:
            return limits
        standby_kwh = self.whole_load_kwh - self.load_kwh
        lacking = np.maximum(self.own_load_kwh + standby_kwh - self.solar_kwh, 0)
        return np.asarray(np.minimum(limits, lacking))


def with_car_as_load(
    problem: DispatchProblem, car_stored_kwh: FloatArray
) -> DispatchProblem:
    """The home whose load holds what a car is charged with, and that has no car.

    Parameters
    ----------
    car_stored_kwh
        Of a car that is never discharged. (T + 1,) [kWh]
    """
    car = problem.car
    if car is None:
        return problem
    gained = np.maximum(np.diff(car_stored_kwh), 0.0)
    own_load = problem.load_kwh + car.car.charger.standby_kw * problem.hours
    kept = {item.name: getattr(problem, item.name) for item in fields(problem)}
    kept["load_kwh"] = own_load + gained / car.car.charger.charge_efficiency_fraction
    kept["car"] = None
    return HomeBesideCar(**kept, own_load_kwh=own_load)


def _start(problem: DispatchProblem, car: CarOnAxis) -> FloatArray:
    return np.full(problem.grid.count + 1, float(car.start_stored_kwh))
