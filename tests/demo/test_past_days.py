"""The demo home's past as its files would tell it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from home_energy.demo.past_days import FIRST_DAY, days_until, keep_past_days
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.store import Store

KNOWN_AT = datetime(2026, 11, 22, tzinfo=UTC)
DAYS = [date(2025, 1, 1), date(2025, 1, 2)]
GENERAL = MeterRegister("nem12", "6001000001", "E1", Flow.GENERAL)
FEED_IN = MeterRegister("nem12", "6001000001", "B1", Flow.FEED_IN)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "home.sqlite")


def test_the_past_ends_yesterday() -> None:
    days = days_until(date(2025, 1, 4))

    assert days == [FIRST_DAY + timedelta(days=number) for number in range(3)]


def test_the_meter_counts_what_the_home_took_and_gave(store: Store) -> None:
    home = SyntheticHome(0)

    keep_past_days(store, home, DAYS, KNOWN_AT)

    bought, sold = (
        sum(day.kwh.sum() for day in store.meter_days.days(one, *DAYS))
        for one in (GENERAL, FEED_IN)
    )
    net_kwh = sum(
        (home.day(day).load_kwh - home.day(day).solar_kwh).sum() for day in DAYS
    )
    # Each of 2 x 288 intervals is rounded to a watt-hour by one register or the other.
    assert bought - sold == pytest.approx(net_kwh, abs=576 * 0.0005)
    assert bought > 1
    assert sold > 1


def test_the_market_pays_what_the_home_is_told_without_gst(store: Store) -> None:
    home = SyntheticHome(0)

    keep_past_days(store, home, DAYS, KNOWN_AT)

    (day, _) = store.spot_days.days("VIC1", *DAYS)
    # 1 c/kWh with 10 % GST is 10 / 1.1 $/MWh without.
    told = home.day(DAYS[0]).spot_c_per_kwh * 10 / 1.1
    np.testing.assert_allclose(day.rrp_aud_per_mwh_ex_gst, told, rtol=1e-6)


def test_roofs_shine_when_the_homes_roof_does(store: Store) -> None:
    keep_past_days(store, SyntheticHome(0), DAYS, KNOWN_AT)

    (day, _) = store.rooftop_days.days("VIC1", *DAYS)
    assert day.mw[:8].max() == 0  # until four in the morning
    assert 0 < day.mw.max() <= 5000


def test_twice_is_once(store: Store) -> None:
    home = SyntheticHome(0)
    keep_past_days(store, home, DAYS, KNOWN_AT)
    before = store.meter_days.days(GENERAL, *DAYS)

    keep_past_days(store, home, DAYS, KNOWN_AT + timedelta(days=1))

    after = store.meter_days.days(GENERAL, *DAYS)
    assert len(after) == len(before)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.kwh, other.kwh)
