"""Which of the places that a car remembers is the household's home."""

from collections import Counter
from dataclasses import dataclass
from math import cos, hypot, radians

from home_energy.domain.car_history import CarHistory, Place
from home_energy.errors import DataError

HOME_RADIUS_M = 200.0
"""Chosen: a GPS fix between houses is tens of metres off, a street is longer."""

_EARTH_RADIUS_M = 6_371_000.0
_NAMED_PLACES = 5


@dataclass(frozen=True, slots=True)
class HomePlace:
    """How home is told.

    Parameters
    ----------
    name
        The household's name for it, or its address as the source writes it; case
        does not matter.
    latitude_deg, longitude_deg
        Where it is, for places that have another name or none. [degrees]
    """

    name: str = "Home"
    latitude_deg: float | None = None
    longitude_deg: float | None = None

    def __post_init__(self) -> None:
        """Refuse half a position."""
        if (self.latitude_deg is None) != (self.longitude_deg is None):
            raise DataError(
                "home has one of latitude and longitude; give both or neither"
            )

    def holds(self, place: Place) -> bool | None:
        """Whether a place is home; `None` if nothing is known of it."""
        if place == Place():
            return None
        named = {
            text.strip().casefold() for text in (place.name, place.address) if text
        }
        if self.name.strip().casefold() in named:
            return True
        metres = metres_between(
            Place(latitude_deg=self.latitude_deg, longitude_deg=self.longitude_deg),
            place,
        )
        return metres is not None and metres <= HOME_RADIUS_M


def metres_between(one: Place, other: Place) -> float | None:
    """Distance of two places on a sphere; `None` without both positions. [m]

    On a plane that touches it, so good for what is near: 0.01 % within 100 km.
    """
    numbers = (
        one.latitude_deg,
        one.longitude_deg,
        other.latitude_deg,
        other.longitude_deg,
    )
    if any(number is None for number in numbers):
        return None
    south, west, north, east = (radians(number or 0.0) for number in numbers)
    return _EARTH_RADIUS_M * hypot(
        north - south, (east - west) * cos((north + south) / 2)
    )


def require_home(history: CarHistory, home: HomePlace) -> None:
    """Refuse a history in which the car was never at home, and say where it was.

    Raises
    ------
    DataError
        If no drive begins or ends at home, and nothing was charged there.
    """
    places = [drive.start_place for drive in history.drives]
    places += [drive.end_place for drive in history.drives]
    places += [charge.place for charge in history.charges]
    if not places or any(home.holds(place) for place in places):
        return
    counted = Counter(_words(place) for place in places if place != Place())
    seen = ", ".join(f"{name} ({n})" for name, n in counted.most_common(_NAMED_PLACES))
    position = (
        ""
        if home.latitude_deg is None
        else f" or within {HOME_RADIUS_M:.0f} m of {home.latitude_deg}, "
        f"{home.longitude_deg}"
    )
    raise DataError(
        f'{history.source}: none of {len(places)} places is called "{home.name}"'
        f"{position}; the most frequent are: {seen or 'none, as no place is told'}; "
        "name one of them as home, or give home's latitude and longitude"
    )


def _words(place: Place) -> str:
    if place.name or place.address:
        return f'"{place.name or place.address}"'
    return f"{place.latitude_deg:.3f}, {place.longitude_deg:.3f}"
