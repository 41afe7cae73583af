"""What a car remembers: where it drove, and when it was charged."""

from dataclasses import dataclass
from datetime import datetime

from home_energy.domain.time_grid import require_utc
from home_energy.errors import DataError


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a car stood, as far as its source tells.

    Parameters
    ----------
    name
        The household's name for it, such as `Home`; `None` if it has none.
    address
        As the source writes it.
    latitude_deg, longitude_deg
        South and west are negative. [degrees]
    """

    name: str | None = None
    address: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Drive:
    """One drive. What the source does not tell is `None`.

    Parameters
    ----------
    start, end
        [aware UTC]
    km
        [km]
    energy_kwh
        Taken from the cells, as the car counted it. [kWh]
    start_level_fraction, end_level_fraction
        Share of the battery that was full.
    outside_c
        Mean temperature outside. [degrees Celsius]
    start_place, end_place
        Where it began and ended.
    """

    start: datetime
    end: datetime
    km: float
    energy_kwh: float | None = None
    start_level_fraction: float | None = None
    end_level_fraction: float | None = None
    outside_c: float | None = None
    start_place: Place = Place()
    end_place: Place = Place()

    def __post_init__(self) -> None:
        """Refuse a drive that cannot be."""
        _require_order(self.start, self.end, "drive")
        _require_not_negative(self.start, "drive", km=self.km)
        _require_levels(
            self.start, "drive", self.start_level_fraction, self.end_level_fraction
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge, at home or elsewhere. What the source does not tell is `None`.

    Parameters
    ----------
    start, end
        [aware UTC]
    added_kwh
        Into the cells, as the car counted it. [kWh]
    drawn_kwh
        From the socket. [kWh, AC]
    start_level_fraction, end_level_fraction
        Share of the battery that was full.
    is_fast
        Whether by a public DC charger.
    place
        Where.
    """

    start: datetime
    end: datetime
    added_kwh: float
    drawn_kwh: float | None = None
    start_level_fraction: float | None = None
    end_level_fraction: float | None = None
    is_fast: bool | None = None
    place: Place = Place()

    def __post_init__(self) -> None:
        """Refuse a charge that cannot be."""
        _require_order(self.start, self.end, "charge")
        _require_not_negative(
            self.start, "charge", added_kwh=self.added_kwh, drawn_kwh=self.drawn_kwh
        )
        _require_levels(
            self.start, "charge", self.start_level_fraction, self.end_level_fraction
        )


@dataclass(frozen=True, slots=True)
class CarHistory:
    """Drives and charges of one car as one source tells them.

    Parameters
    ----------
    source
        Who told: `tessie`, `teslamate`, `teslafi`.
    car
        The source's name for the car, or the last characters of its VIN; never the
        whole VIN. Empty where the source does not say.
    drives, charges
        In order of their start.
    """

    source: str
    car: str
    drives: tuple[Drive, ...] = ()
    charges: tuple[Charge, ...] = ()


def _require_order(start: datetime, end: datetime, what: str) -> None:
    require_utc(start, f"start of a {what}")
    require_utc(end, f"end of a {what}")
    if end < start:
        raise DataError(
            f"a {what} from {start} to {end}: expected to end after it began"
        )


def _require_not_negative(start: datetime, what: str, **values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not 0 <= value < float("inf"):
            raise DataError(f"{what} of {start}: {name} must be 0 or more, got {value}")


def _require_levels(start: datetime, what: str, *levels: float | None) -> None:
    for level in levels:
        if level is not None and not 0 <= level <= 1:
            raise DataError(
                f"{what} of {start}: a battery level of {level}; expected a share "
                "between 0 and 1"
            )
