"""The Cheaper Home Batteries Program at every step of its tables."""

from dataclasses import replace
from datetime import date

import pytest

from home_energy.analysis.finance.incentive_line import IncentiveLine
from home_energy.analysis.finance.incentives import incentives_for
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import PartKind

USUAL = Installation(
    installed=date(2026, 7, 1), battery_usable_kwh=13.5, has_solar=True
)


def _line(installation: Installation) -> IncentiveLine:
    (line,) = incentives_for(
        replace(installation, kw_dc=0.0), Place(), certificate_aud=40.0
    ).lines
    return line


def _certificates(installed: date, usable_kwh: float) -> int | None:
    line = _line(replace(USUAL, installed=installed, battery_usable_kwh=usable_kwh))
    assert line.aud == (line.certificates or 0) * 40
    return line.certificates


@pytest.mark.parametrize(
    ("installed", "certificates"),
    [
        (date(2025, 1, 1), 0),
        (date(2025, 6, 30), 0),
        (date(2025, 7, 1), 125),  # 13.5 x 9.3 = 125.55
        (date(2025, 12, 31), 125),
        (date(2026, 1, 1), 113),  # 13.5 x 8.4 = 113.4
        (date(2026, 4, 30), 113),
        (date(2026, 5, 1), 91),  # 13.5 x 6.8 = 91.8
        (date(2026, 12, 31), 91),
        (date(2027, 1, 1), 76),  # 13.5 x 5.7 = 76.95
        (date(2027, 6, 30), 76),
        (date(2027, 7, 1), 70),  # 13.5 x 5.2 = 70.2
        (date(2027, 12, 31), 70),
        (date(2028, 1, 1), 62),  # 13.5 x 4.6 = 62.1
        (date(2028, 6, 30), 62),
        (date(2028, 7, 1), 55),  # 13.5 x 4.1 = 55.35
        (date(2028, 12, 31), 55),
        (date(2029, 1, 1), 48),  # 13.5 x 3.6 = 48.6
        (date(2029, 6, 30), 48),
        (date(2029, 7, 1), 41),  # 13.5 x 3.1 = 41.85
        (date(2029, 12, 31), 41),
        (date(2030, 1, 1), 35),  # 13.5 x 2.6 = 35.1
        (date(2030, 6, 30), 35),
        (date(2030, 7, 1), 28),  # 13.5 x 2.1 = 28.35
        (date(2030, 12, 31), 28),
        (date(2031, 1, 1), 0),
    ],
)
def test_the_day_before_and_the_day_itself(installed: date, certificates: int) -> None:
    assert _certificates(installed, 13.5) == certificates


@pytest.mark.parametrize(
    ("usable_kwh", "april", "may"),
    [
        # x 8.4 up to 50 kWh; then x 6.8 with 60 % from 14 on and 15 % from 28 on
        (13.5, 113, 91),
        (14.0, 117, 95),  # 117.6; 95.2
        (14.5, 121, 97),  # 121.8; (14 + 0.3) x 6.8 = 97.24
        (20.0, 168, 119),  # 168; (14 + 3.6) x 6.8 = 119.68
        (28.0, 235, 152),  # 235.2; (14 + 8.4) x 6.8 = 152.32
        (29.0, 243, 153),  # 243.6; (22.4 + 0.15) x 6.8 = 153.34
        (40.0, 336, 164),  # 336; (22.4 + 1.8) x 6.8 = 164.56
        (50.0, 420, 174),  # 420; (22.4 + 3.3) x 6.8 = 174.76
        (60.0, 420, 174),
    ],
)
def test_tiers_begin_on_the_first_of_may(
    usable_kwh: float, april: int, may: int
) -> None:
    assert _certificates(date(2026, 4, 30), usable_kwh) == april
    assert _certificates(date(2026, 5, 1), usable_kwh) == may


@pytest.mark.parametrize(
    ("installed", "certificates"),
    [
        (date(2027, 1, 1), 146),  # (14 + 8.4 + 3.3) x 5.7 = 146.49
        (date(2027, 7, 1), 133),  # x 5.2 = 133.64
        (date(2028, 1, 1), 118),  # x 4.6 = 118.22
        (date(2028, 7, 1), 105),  # x 4.1 = 105.37
        (date(2029, 1, 1), 92),  # x 3.6 = 92.52
        (date(2029, 7, 1), 79),  # x 3.1 = 79.67
        (date(2030, 1, 1), 66),  # x 2.6 = 66.82
        (date(2030, 12, 31), 53),  # x 2.1 = 53.97
    ],
)
def test_tiers_stay_until_the_program_ends(installed: date, certificates: int) -> None:
    assert _certificates(installed, 50.0) == certificates


def test_the_sum_is_rounded_down_once() -> None:
    # 14 x 5.7 = 79.8 and 6 x 0.6 x 5.7 = 20.52: 100.32. Tier by tier: 79 + 20 = 99.
    assert _certificates(date(2027, 1, 1), 20.0) == 100


def test_modules_added_up_lose_no_certificate_to_binary_fractions() -> None:
    # 100 x 0.1 kWh = 10 kWh; x 9.3 = 93. Binary fractions make it 9.99999999999998.
    usable_kwh = 9.99999999999998

    assert usable_kwh < 10
    assert _certificates(date(2025, 7, 1), usable_kwh) == 93


def test_the_sum_is_told_in_words() -> None:
    line = _line(replace(USUAL, installed=date(2026, 5, 1), battery_usable_kwh=60.0))

    assert line.part is PartKind.BATTERY
    assert line.sentence == (
        "(14 kWh + 14 kWh x 60% + 22 kWh x 15%) x 6.8 = 174.76, so 174 certificates at "
        "$40.00: $6,960.00. Of 60 kWh only the first 50 count."
    )


def test_one_tier_needs_no_brackets() -> None:
    line = _line(USUAL)

    assert line.sentence == (
        "13.5 kWh x 6.8 = 91.8, so 91 certificates at $40.00: $3,640.00."
    )


@pytest.mark.parametrize(
    ("nominal_kwh", "usable_kwh", "certificates"),
    [
        (4.99, 4.5, 0),
        (5.0, 4.5, 30),  # 4.5 x 6.8 = 30.6
        (13.5, 13.5, 91),
        (100.0, 90.0, 174),
        (100.01, 90.0, 0),
        (None, 4.99, 0),
        (None, 5.0, 34),
        (None, 100.0, 174),
        (None, 100.01, 0),
    ],
)
def test_nominal_size_decides_between_5_and_100_kwh(
    nominal_kwh: float | None, usable_kwh: float, certificates: int
) -> None:
    line = _line(
        replace(USUAL, battery_usable_kwh=usable_kwh, battery_nominal_kwh=nominal_kwh)
    )

    assert line.certificates == certificates


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"installed": date(2025, 6, 30)}, "compliance of 2025-07-01"),
        ({"installed": date(2031, 1, 1)}, "the program ends on 2030-12-31"),
        ({"has_solar": False}, "no solar panels"),
        ({"is_vpp_capable": False}, "could not join a virtual power plant"),
        ({"has_claimed_battery": True}, "pays once for the same premises"),
        ({"battery_usable_kwh": 4.0}, "give the nominal if it is more"),
        (
            {"battery_usable_kwh": 4.0, "battery_nominal_kwh": 4.5},
            "4.5 kWh nominal are less than the 5 kWh nominal",
        ),
        (
            {"battery_nominal_kwh": 120.0},
            "120 kWh nominal are more than the 100 kWh nominal",
        ),
    ],
)
def test_who_is_not_eligible_gets_nothing_and_is_told_why(
    changes: dict[str, object], reason: str
) -> None:
    line = _line(replace(USUAL, **changes))  # type: ignore[arg-type]

    assert (line.aud, line.certificates) == (0, 0)
    assert line.sentence.startswith("None: ")
    assert reason in line.sentence


def test_every_reason_is_told() -> None:
    line = _line(replace(USUAL, has_solar=False, is_vpp_capable=False))

    assert line.sentence == (
        "None: there are no solar panels, old or new; the battery could not join a "
        "virtual power plant."
    )


def test_new_panels_are_panels_too() -> None:
    found = incentives_for(
        replace(USUAL, has_solar=False, kw_dc=6.6), Place(solar_zone=3), 40.0
    )

    # 6.6 x 1.382 x 5 = 45.6; 13.5 x 6.8 = 91.8
    assert [line.certificates for line in found.lines] == [45, 91]
