"""Certificates for panels at every step of the tables."""

from datetime import date

import pytest

from home_energy.analysis.finance.incentive_line import IncentiveLine
from home_energy.analysis.finance.incentives import incentives_for
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.solar_certificates import deeming_years
from home_energy.errors import DataError


def _line(
    installed: date, kw_dc: float = 6.6, place: Place | None = None
) -> IncentiveLine:
    found = incentives_for(
        Installation(installed=installed, kw_dc=kw_dc),
        place or Place(solar_zone=3),
        certificate_aud=40.0,
    )
    (line,) = found.lines
    return line


@pytest.mark.parametrize(
    ("year", "years"),
    [(2025, 6), (2026, 5), (2027, 4), (2028, 3), (2029, 2), (2030, 1)],
)
def test_years_fall_by_one_on_every_first_of_january(year: int, years: int) -> None:
    assert deeming_years(date(year, 1, 1)) == years
    assert deeming_years(date(year, 12, 31)) == years


@pytest.mark.parametrize("installed", [date(2024, 12, 31), date(2031, 1, 1)])
def test_there_are_no_years_outside_the_tables(installed: date) -> None:
    with pytest.raises(DataError, match="from 2025-01-01 to 2030-12-31"):
        deeming_years(installed)


@pytest.mark.parametrize(
    ("year", "by_zone"),
    [
        # 6.6 kW x 1.622, 1.536, 1.382, 1.185 = 10.7052, 10.1376, 9.1212, 7.8210 a year
        (2025, (64, 60, 54, 46)),  # x 6 = 64.23, 60.83, 54.73, 46.93
        (2026, (53, 50, 45, 39)),  # x 5 = 53.53, 50.69, 45.61, 39.11
        (2027, (42, 40, 36, 31)),  # x 4 = 42.82, 40.55, 36.48, 31.28
        (2028, (32, 30, 27, 23)),  # x 3 = 32.12, 30.41, 27.36, 23.46
        (2029, (21, 20, 18, 15)),  # x 2 = 21.41, 20.28, 18.24, 15.64
        (2030, (10, 10, 9, 7)),
    ],
)
def test_certificates_of_6_6_kw(year: int, by_zone: tuple[int, ...]) -> None:
    for zone, certificates in enumerate(by_zone, start=1):
        line = _line(date(year, 6, 30), place=Place(solar_zone=zone))

        assert line.certificates == certificates
        assert line.aud == certificates * 40


@pytest.mark.parametrize(
    ("installed", "certificates"),
    [
        (date(2025, 1, 1), 54),
        (date(2025, 12, 31), 54),
        (date(2026, 1, 1), 45),
        (date(2026, 12, 31), 45),
        (date(2027, 1, 1), 36),
        (date(2027, 12, 31), 36),
        (date(2028, 1, 1), 27),
        (date(2028, 12, 31), 27),
        (date(2029, 1, 1), 18),
        (date(2029, 12, 31), 18),
        (date(2030, 1, 1), 9),
        (date(2030, 12, 31), 9),
        (date(2031, 1, 1), 0),
    ],
)
def test_the_day_before_and_the_day_itself(installed: date, certificates: int) -> None:
    assert _line(installed).certificates == certificates


def test_the_zone_is_read_from_the_postcode() -> None:
    line = _line(date(2025, 7, 1), place=Place(postcode="3000"))

    assert line.certificates == 46
    assert line.sentence == (
        "6.6 kW x 1.185 (zone 4) x 6 years = 46.926, so 46 certificates at $40.00: "
        "$1,840.00."
    )


def test_after_2030_nothing_is_paid_and_it_says_why() -> None:
    line = _line(date(2031, 1, 1))

    assert line.aud == 0
    assert "2030-12-31, when the scheme ends" in line.sentence


def test_100_kw_are_the_limit() -> None:
    # 100 x 1.382 x 5 = 691.0
    assert _line(date(2026, 7, 1), kw_dc=100.0).certificates == 691

    beyond = _line(date(2026, 7, 1), kw_dc=100.01)

    assert (beyond.certificates, beyond.aud) == (0, 0)
    assert beyond.sentence.startswith("None: 100.01 kW are more than the 100 kW")


def test_a_sum_of_panels_loses_no_certificate_to_binary_fractions() -> None:
    # 125 x 0.1 kW = 12.5 kW; x 1.536 x 5 = 96. Binary fractions: 12.499999999999972.
    kw_dc = 12.499999999999972

    line = _line(date(2026, 7, 1), kw_dc=kw_dc, place=Place(solar_zone=2))

    assert kw_dc < 12.5
    assert line.certificates == 96


def test_panels_without_a_place_are_refused() -> None:
    with pytest.raises(DataError, match="neither postcode nor solar_zone"):
        _line(date(2026, 7, 1), place=Place())
