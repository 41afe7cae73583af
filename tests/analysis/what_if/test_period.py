"""Sliders re-run the last twelve whole months, else the longest whole stretch."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.analysis.sweep.swept_homes import KNOWN_AT, swept_home

from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.usage.period_inputs import BilledDays
from home_energy.analysis.what_if.period import (
    last_months,
    longest_stretch,
    what_if_days,
)
from home_energy.domain.spot import SpotDay
from home_energy.settings import Settings
from home_energy.store import Store


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2024, 11, 7), date(2026, 2, 3), (date(2025, 2, 1), date(2026, 1, 31))),
        # February of a leap year is one of the twelve.
        (date(2023, 2, 20), date(2024, 2, 29), (date(2023, 3, 1), date(2024, 2, 29))),
    ],
)
def test_last_months_end_with_the_last_whole_one(
    first: date, last: date, expected: tuple[date, date]
) -> None:
    assert last_months(days(first, last)) == BilledDays(*expected)


def test_eleven_months_are_no_year() -> None:
    # The second of January is missing at one end, the last of December at the other.
    assert last_months(days(date(2025, 1, 2), date(2025, 12, 30))) is None


def test_a_year_before_a_gap_is_found() -> None:
    whole = days(date(2024, 1, 1), date(2024, 12, 31))

    found = last_months([*whole, *days(date(2025, 1, 2), date(2025, 3, 31))])

    assert found == BilledDays(date(2024, 1, 1), date(2024, 12, 31))


def test_of_equal_stretches_the_last_counts() -> None:
    first = days(date(2025, 1, 1), date(2025, 1, 30))
    second = days(date(2025, 3, 1), date(2025, 3, 30))

    found = longest_stretch([*first, *second])

    assert found == BilledDays(date(2025, 3, 1), date(2025, 3, 30))


def test_four_weeks_are_enough() -> None:
    first = date(2025, 2, 1)

    assert longest_stretch(days(first, date(2025, 2, 27))) is None
    assert longest_stretch(days(first, date(2025, 2, 28))) is not None


def test_a_stretch_is_a_year_at_most() -> None:
    found = longest_stretch(days(date(2024, 12, 20), date(2025, 12, 30)))

    assert found == BilledDays(date(2024, 12, 31), date(2025, 12, 30))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Store, Settings]]:
    store, settings = swept_home(tmp_path, date(2025, 8, 31))
    with closing(store):
        yield store, settings


def test_a_day_without_the_price_it_needs_is_not_whole(
    home: tuple[Store, Settings],
) -> None:
    store, settings = home
    # Next door the wholesale price of 1 July is not on record.
    lost = date(2025, 7, 1)
    market = find_plan("market", settings.tariff_folder)
    flat = find_plan("flat", settings.tariff_folder)
    next_door = settings.model_copy(
        update={"home": settings.home.model_copy(update={"market_region": "SA1"})}
    )
    known = [day for day in days(date(2025, 6, 24), date(2025, 8, 31)) if day != lost]
    of_day = store.spot_days.days("VIC1", lost, lost)[0].rrp_aud_per_mwh_ex_gst
    store.spot_days.save([SpotDay("SA1", day, 30, of_day) for day in known], KNOWN_AT)
    today = date(2025, 9, 5)

    by_market = what_if_days(store, next_door, market, today)
    by_flat = what_if_days(store, next_door, flat, today)

    assert by_market == BilledDays(date(2025, 7, 2), date(2025, 8, 31))
    assert by_flat == BilledDays(date(2025, 6, 24), date(2025, 8, 31))


def test_a_day_that_is_not_over_is_left_out(home: tuple[Store, Settings]) -> None:
    store, settings = home
    flat = find_plan("flat", settings.tariff_folder)

    found = what_if_days(store, settings, flat, date(2025, 8, 20))

    assert found == BilledDays(date(2025, 6, 24), date(2025, 8, 19))
