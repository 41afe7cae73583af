"""Solar zones of postcodes."""

import pytest
from pydantic import ValidationError

from home_energy.analysis.finance.installation import Place
from home_energy.analysis.finance.postcode_zones import ZoneTable, zone_of, zone_table
from home_energy.errors import DataError


@pytest.mark.parametrize(
    ("postcode", "zone"),
    [
        # Capitals, by installers' pages and not by the list: Sydney, Perth and Adelaide
        # in zone 3, Melbourne and Hobart in zone 4.
        ("2000", 3),
        ("6000", 3),
        ("5000", 3),
        ("3000", 4),
        ("7000", 4),
        # By the list: Brisbane, Canberra, Darwin, Alice Springs, Cairns, Broken Hill,
        # Merimbula, Mount Isa, Chandler near Brisbane.
        ("4000", 3),
        ("2600", 3),
        ("0800", 2),
        ("0870", 1),
        ("4870", 3),
        ("2880", 2),
        ("2548", 4),
        ("4825", 2),
        ("4154", 3),
    ],
)
def test_cities_lie_where_sources_put_them(postcode: str, zone: int) -> None:
    assert zone_of(postcode) == zone


@pytest.mark.parametrize(
    ("last", "zone", "next_first", "next_zone"),
    [
        ("0799", 3, "0800", 2),
        ("0853", 2, "0854", 3),
        ("2355", 3, "2356", 2),
        ("2544", 3, "2545", 4),
        ("2554", 4, "2555", 3),
        ("2999", 3, "3000", 4),
        ("3035", 4, "3036", 3),
        ("3999", 4, "4000", 3),
        ("4416", 3, "4417", 2),
        ("4473", 2, "4474", 1),
        ("5799", 1, "5800", 3),
        ("6797", 1, "6798", 2),
        ("6999", 3, "7000", 4),
        ("8999", 4, "9000", 3),
    ],
)
def test_a_range_holds_both_of_its_ends(
    last: str, zone: int, next_first: str, next_zone: int
) -> None:
    assert (zone_of(last), zone_of(next_first)) == (zone, next_zone)


def test_the_list_is_whole() -> None:
    # The regulator's document has 137 lines, by the program that reads it.
    assert len(zone_table().ranges) == 137
    assert (zone_of("0000"), zone_of("9999")) == (3, 3)


@pytest.mark.parametrize(
    "ranges",
    [
        [["0000", "4999", 3], ["5001", "9999", 4]],
        [["0000", "5000", 3], ["5000", "9999", 4]],
        [["0000", "9998", 3]],
        [["0000", "9999", 5]],
        [["0", "9999", 3]],
    ],
)
def test_a_list_with_a_gap_or_an_overlap_is_refused(
    ranges: list[list[object]],
) -> None:
    with pytest.raises(ValidationError):
        ZoneTable.model_validate(
            {"source": "somebody", "as_of": "2026-01-01", "ranges": ranges}
        )


@pytest.mark.parametrize(
    "postcode", ["", "200", "20000", "200O", "-200", "\uff12\uff10\uff10\uff10"]
)
def test_what_is_no_postcode_is_refused_and_the_zone_asked_for(postcode: str) -> None:
    with pytest.raises(DataError, match=r"not four digits.*give solar_zone"):
        zone_of(postcode)


def test_the_zone_alone_is_enough() -> None:
    assert Place(solar_zone=2).zone() == 2


def test_a_zone_that_the_postcode_confirms_is_fine() -> None:
    assert Place(postcode="3000", solar_zone=4).zone() == 4


def test_a_zone_against_the_postcode_is_refused() -> None:
    place = Place(postcode="3000", solar_zone=3)

    with pytest.raises(DataError, match="postcode 3000 lies in zone 4"):
        place.zone()


@pytest.mark.parametrize("zone", [0, 5])
def test_there_are_four_zones(zone: int) -> None:
    place = Place(solar_zone=zone)

    with pytest.raises(DataError, match="1, 2, 3 and 4"):
        place.zone()


def test_without_postcode_and_zone_one_is_asked_for() -> None:
    with pytest.raises(DataError, match="neither postcode nor solar_zone"):
        Place().zone()
