"""Home is told by its name, else by where it is."""

from datetime import UTC, datetime, timedelta

import pytest

from home_energy.analysis.driving.home_place import (
    HomePlace,
    metres_between,
    require_home,
)
from home_energy.domain.car_history import CarHistory, Drive, Place
from home_energy.errors import DataError

START = datetime(2025, 3, 3, tzinfo=UTC)
# One degree of latitude is 6371 km x pi / 180 = 111.195 km; at 60 degrees one of
# longitude is half of that.
LATITUDE_M = 111_195.0


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(name="Home"), True),
        (Place(name=" home "), True),
        (Place(name="Work"), False),
        (Place(address="1 Some Street"), False),
        (Place(latitude_deg=-60.0, longitude_deg=150.0), False),
        (Place(), None),
    ],
)
def test_home_by_its_name(place: Place, expected: bool | None) -> None:  # noqa: FBT001
    assert HomePlace("HOME").holds(place) is expected


def test_home_by_its_address() -> None:
    home = HomePlace("1 Some Street, Sydney")

    assert home.holds(Place(address="1 some street, Sydney"))
    assert not home.holds(Place(address="11 Some Street, Sydney"))


@pytest.mark.parametrize(
    ("north_m", "east_m", "expected"),
    [(199, 0, True), (201, 0, False), (0, 199, True), (0, -201, False)],
)
def test_home_within_two_hundred_metres(
    north_m: float,
    east_m: float,
    expected: bool,  # noqa: FBT001
) -> None:
    home = HomePlace("Home", -60.0, 150.0)
    place = Place(
        address="somewhere",
        latitude_deg=-60.0 + north_m / LATITUDE_M,
        longitude_deg=150.0 + east_m / (LATITUDE_M / 2),
    )

    assert home.holds(place) is expected


def test_a_name_counts_more_than_a_position() -> None:
    assert HomePlace("Home", -60.0, 150.0).holds(Place("Home", None, -10.0, 10.0))


def test_distance_without_a_position_is_unknown() -> None:
    assert metres_between(Place("Home"), Place("Work", None, -60.0, 150.0)) is None


def test_a_position_at_zero_degrees_is_one() -> None:
    metres = metres_between(Place(None, None, 0.0, 0.0), Place(None, None, 1.0, 0.0))

    assert metres == pytest.approx(LATITUDE_M, abs=1)


def test_a_history_without_home_is_refused_with_the_places_it_knows() -> None:
    work, shop = Place("Work"), Place(None, "2 Shop Street")
    park = Place(None, None, -33.8, 151.2)
    hour = timedelta(hours=1)
    drives = [
        Drive(START, START + hour, 9.0, start_place=work, end_place=shop),
        Drive(START + hour, START + 2 * hour, 9.0, start_place=shop, end_place=work),
        Drive(START + 2 * hour, START + 3 * hour, 9, start_place=work, end_place=park),
    ]

    with pytest.raises(DataError) as caught:
        require_home(CarHistory("tessie", "a car", tuple(drives)), HomePlace())

    said = 'none of 6 places is called "Home"; the most frequent are: "Work" (3), '
    assert said in str(caught.value)
    assert '"2 Shop Street" (2), -33.800, 151.200 (1)' in str(caught.value)


def test_a_history_that_tells_no_place_is_refused() -> None:
    drive = Drive(START, START + timedelta(hours=1), 9.0)

    with pytest.raises(DataError, match="no place is told"):
        require_home(CarHistory("teslafi", "a car", (drive,)), HomePlace())


def test_an_empty_history_has_no_home_to_miss() -> None:
    require_home(CarHistory("teslafi", "a car"), HomePlace())


def test_half_a_position_is_refused() -> None:
    with pytest.raises(DataError, match="latitude and longitude"):
        HomePlace("Home", latitude_deg=-33.8)
