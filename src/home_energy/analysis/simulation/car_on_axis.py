"""A car's year on the axis of a home: when it is there, and what its trips take."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.car_at_home import CarAtHome
from home_energy.domain.series import FloatArray, read_only
from home_energy.errors import AlignmentError, DataError

SHORT_PER_PUBLIC = 0.99
"""See `CarOnAxis.short_c_per_kwh`."""


@dataclass(frozen=True, slots=True, eq=False)
class CarOnAxis:
    """One car on an axis of T intervals.

    The car counts as away in every interval that a trip touches, so it is plugged in
    for whole intervals only. Energy is counted from the car's floor up.

    Parameters
    ----------
    car
        The car on its charger.
    is_away
        On a trip. (T,)
    is_plugged
        At home and plugged in. (T,)
    would_plug
        Whether by habit and clock it would be plugged in were it at home: known
        beforehand, unlike the trips. (T,)
    trip_kwh
        What a trip takes from the cells, in the interval in which it departs. (T,)
    trip_km
        Likewise. (T,) [km]
    announced
        In which interval it became known that the car will be away in this one;
        `KNOWN_BEFOREHAND`, and of no meaning where it is at home. (T,)
    ready_kwh
        What is wanted in the car by the clock at the start of an interval, 0 where
        nothing is. It is of account only where the car is plugged in until then, see
        `wanted_kwh`. (T,)
    public_c_per_kwh
        Price of a kWh into the cells where the car is charged elsewhere. [c/kWh]
    start_stored_kwh
        Before the first interval. At the end as much is wanted.
    """

    car: CarAtHome
    is_away: NDArray[np.bool_]
    is_plugged: NDArray[np.bool_]
    would_plug: NDArray[np.bool_]
    trip_kwh: FloatArray
    trip_km: FloatArray
    announced: NDArray[np.int64]
    ready_kwh: FloatArray
    public_c_per_kwh: float
    start_stored_kwh: float

    def __post_init__(self) -> None:
        """Refuse rows of different lengths, and a car that is in two places."""
        for name in ("trip_kwh", "trip_km", "ready_kwh"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        rows = ("is_plugged", "would_plug", "trip_kwh", "trip_km", "announced")
        for name in (*rows, "ready_kwh"):
            if getattr(self, name).shape != self.is_away.shape:
                raise AlignmentError(
                    f"CarOnAxis.{name} has shape {getattr(self, name).shape}, "
                    f"{self.is_away.shape} expected"
                )
        if np.any(self.is_plugged & self.is_away):
            number = int(np.argmax(self.is_plugged & self.is_away))
            raise DataError(
                f"the car is plugged in and away in interval {number}; expected one"
            )
        if np.any((self.trip_kwh > 0) & ~self.is_away):
            number = int(np.argmax((self.trip_kwh > 0) & ~self.is_away))
            raise DataError(
                f"a trip departs in interval {number}, in which the car is not away"
            )
        if not 0 <= self.start_stored_kwh <= self.car.capacity_kwh:
            raise DataError(
                f"the car's start_stored_kwh must lie within 0 and "
                f"{self.car.capacity_kwh} kWh, got {self.start_stored_kwh}"
            )

    @property
    def short_c_per_kwh(self) -> float:
        """What a kWh that is missing of a wanted level counts for in a plan. [c/kWh]

        Nobody pays it, so it is in no bill. A little less than charging elsewhere,
        which no plan shall pay for to please the clock.
        """
        return SHORT_PER_PUBLIC * self.public_c_per_kwh

    @property
    def coverable_kwh(self) -> FloatArray:
        """What of each trip a full car could cover. (T,) [kWh]

        The rest is charged elsewhere whatever is done at home.
        """
        return np.minimum(self.trip_kwh, self.car.capacity_kwh)

    @property
    def wanted_kwh(self) -> FloatArray:
        """Level wanted at the start of each interval and at the end. (T + 1,) [kWh]

        Only where the car was plugged in until then: what cannot be charged for at
        home is no shortfall of a plan. At the end it is the level of the start.
        """
        wanted = np.zeros(self.is_away.size + 1)
        wanted[1:-1] = np.where(self.is_plugged[:-1], self.ready_kwh[1:], 0.0)
        wanted[-1] = self.start_stored_kwh
        return wanted
