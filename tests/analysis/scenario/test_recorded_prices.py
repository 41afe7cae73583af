"""Amber's prices of a home, as the record has them and the years tell."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.tariffs.amber_homes import (
    CONSTANTS,
    LOSS_FACTOR,
    SYDNEY,
    half_hours,
    import_prices,
    network_period,
)
from tests.analysis.tariffs.written_plans import plan_of

from home_energy.analysis.billing.billed_period import bill_period
from home_energy.analysis.tariffs.amber_prices import AmberPrices
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.period_inputs import (
    BilledDays,
    UsageChoice,
    read_amber_prices,
    read_inputs,
)
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.series import PriceSeries
from home_energy.domain.site import RetailSite, SiteChannel
from home_energy.domain.spot import SpotDay
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

GENERAL = Channel.GENERAL
KNOWN_AT = datetime(2026, 11, 1, tzinfo=UTC)
JANUARY = BilledDays(date(2025, 1, 6), date(2025, 1, 12))
MARCH = BilledDays(date(2025, 3, 3), date(2025, 3, 3))


def new_home(folder: Path, prices: list[Price]) -> tuple[Store, int]:
    store = Store.open(folder / "home.sqlite")
    channels = (SiteChannel("E1", GENERAL),)
    store.sources.save_sites([RetailSite("s1", "6001000001", "active", 30, channels)])
    key = store.sources.site_key("s1")
    assert key is not None
    store.prices.save(key, prices, KNOWN_AT)
    return store, key


def read(store: Store, days: BilledDays) -> AmberPrices | None:
    settings = Settings()
    home = home_on_record(store, settings)
    return read_amber_prices(store, home, settings, days.grid)


def usage(start: datetime, c_per_kwh: float | None, quality: Quality) -> MeterReading:
    return MeterReading(GENERAL, "E1", start, 30, 0.5, quality, c_per_kwh, 0.1)


def test_rows_of_a_later_year_tell_the_hours_of_days_before_the_record(
    tmp_path: Path,
) -> None:
    starts = half_hours(date(2025, 3, 1), date(2025, 6, 30))
    starts += half_hours(date(2026, 1, 1), date(2026, 2, 28))
    store, _ = new_home(tmp_path, import_prices(starts))
    grid = JANUARY.grid

    prices = read(store, JANUARY)

    assert prices is not None
    found = prices.on(grid, GENERAL, PriceSeries(grid, np.full(grid.count, 11.0)))
    constants = [CONSTANTS[network_period(start, SYDNEY)] for start in grid]
    expected = LOSS_FACTOR * 11 + np.array(constants)
    assert found.c_per_kwh == pytest.approx(expected, abs=1e-6)
    # 7 days of 288
    assert prices.notes_on(grid, GENERAL) == (
        "2016 intervals of Jan take the hours of their tariff periods from 2025-26",
    )


def test_a_later_year_that_does_not_fit_spoils_only_the_days_that_need_it(
    tmp_path: Path,
) -> None:
    starts = half_hours(date(2025, 3, 1), date(2025, 3, 31))
    later = import_prices(half_hours(date(2026, 1, 1), date(2026, 2, 28)))
    later[700] = replace(later[700], c_per_kwh=500.0)
    hole = datetime(2025, 3, 2, 14, tzinfo=UTC)
    own = [price for price in import_prices(starts) if price.start != hole]
    store, _ = new_home(tmp_path, own + later)

    march, january = read(store, MARCH), read(store, JANUARY)

    assert march is not None
    assert january is not None
    spot = PriceSeries(MARCH.grid, np.full(MARCH.grid.count, 11.0))
    # The first hole is at 1:00 on Sydney's clock: 1.07145 x 11 + 16.1713.
    found = march.on(MARCH.grid, GENERAL, spot).c_per_kwh
    assert found[0] == pytest.approx(27.95725, abs=1e-6)
    spot = PriceSeries(JANUARY.grid, np.full(JANUARY.grid.count, 11.0))
    with pytest.raises(DataError) as refused:
        january.on(JANUARY.grid, GENERAL, spot)
    assert "2016 intervals of the financial year 2024-25" in str(refused.value)
    assert "2025-26 does not help: Amber's general prices of" in str(refused.value)


def test_holidays_before_the_first_row_are_weekend_where_others_are(
    tmp_path: Path,
) -> None:
    in_new_south_wales = {
        *(date(2025, 4, 18), date(2025, 4, 21), date(2025, 4, 25), date(2025, 6, 9)),
        *(date(2025, 12, 25), date(2025, 12, 26)),
    }

    def with_holidays(price: Price) -> Price:
        day = price.start.astimezone(SYDNEY).date()
        if price.context.tariff_period != "peak" or day not in in_new_south_wales:
            return price
        c_per_kwh = round(price.c_per_kwh - CONSTANTS["peak"] + CONSTANTS["offPeak"], 5)
        context = replace(price.context, tariff_period="offPeak")
        return replace(price, c_per_kwh=c_per_kwh, context=context)

    starts = half_hours(date(2025, 3, 1), date(2025, 6, 30))
    starts += half_hours(date(2025, 12, 1), date(2025, 12, 31))
    prices = [with_holidays(price) for price in import_prices(starts)]
    store, _ = new_home(tmp_path, prices)
    # 17:00 in Sydney on Tuesday, and on Wednesday, which is Christmas
    days = BilledDays(date(2024, 12, 24), date(2024, 12, 25))
    spot = PriceSeries(days.grid, np.zeros(days.grid.count))

    found = read(store, days)

    assert found is not None
    rebuilt = found.on(days.grid, GENERAL, spot).c_per_kwh
    assert rebuilt[[16 * 12, 40 * 12]] == pytest.approx([19.9885, 16.1713], abs=1e-6)


def test_a_final_usage_row_tells_a_price_that_the_record_lacks(tmp_path: Path) -> None:
    starts = half_hours(date(2025, 3, 1), date(2025, 3, 31))
    holes = [MARCH.grid.start + i * timedelta(minutes=30) for i in range(3)]
    kept = [price for price in import_prices(starts) if price.start not in holes]
    store, key = new_home(tmp_path, kept)
    store.readings.save(
        key,
        "amber",
        [
            usage(holes[0], 44.0, Quality.ACTUAL),
            usage(holes[1], 55.0, Quality.ESTIMATE),
            usage(holes[2], 66.0, Quality.ACTUAL),
            usage(holes[2] + timedelta(minutes=30), 77.0, Quality.ACTUAL),  # no hole
        ],
        KNOWN_AT,
    )
    spot = PriceSeries(MARCH.grid, np.full(MARCH.grid.count, 11.0))

    prices = read(store, MARCH)

    assert prices is not None
    found = prices.on(MARCH.grid, GENERAL, spot).c_per_kwh
    # From 1:00 in the night; the estimate is rebuilt: 1.07145 x 11 + 16.1713.
    assert found[:18] == pytest.approx([44.0] * 6 + [27.95725] * 6 + [66.0] * 6)
    fourth = next(price for price in kept if price.start > holes[2])
    assert found[18:24].tolist() == [fourth.c_per_kwh] * 6
    assert prices.notes_on(MARCH.grid, GENERAL) == (
        "12 intervals have the price that Amber's usage tells",
    )
    assert prices.rebuilt_minutes(MARCH.grid, GENERAL) == 30


def test_usage_rows_alone_are_enough_where_they_tell_every_price(
    tmp_path: Path,
) -> None:
    store, key = new_home(tmp_path, [])
    starts = half_hours(MARCH.first, MARCH.last)
    rows = [usage(start, 40.0, Quality.ACTUAL) for start in starts]
    store.readings.save(key, "amber", rows, KNOWN_AT)

    prices = read(store, MARCH)

    assert prices is not None
    assert prices.on(MARCH.grid, GENERAL, None).c_per_kwh.tolist() == [40.0] * 288


def test_the_bill_says_whose_hours_its_prices_take(tmp_path: Path) -> None:
    starts = half_hours(date(2025, 3, 1), date(2025, 3, 31))
    starts += half_hours(date(2026, 1, 1), date(2026, 1, 31))
    store, key = new_home(tmp_path, import_prices(starts))
    days = [JANUARY.first + timedelta(days=i) for i in range(-1, 9)]
    store.spot_days.save(
        [SpotDay("NSW1", day, 5, np.full(288, 100.0)) for day in days], KNOWN_AT
    )
    used = half_hours(JANUARY.first, JANUARY.last)
    rows = [usage(start, None, Quality.ACTUAL) for start in used]
    rows[0] = replace(rows[0], c_per_kwh=60.0)
    store.readings.save(key, "amber", rows, KNOWN_AT)
    amber = plan_of('[[period.usage]]\nname = "Amber"\namber = true')

    billed = bill_period(read_inputs(store, Settings(), JANUARY, UsageChoice()), amber)

    # 5 weekdays of 32 off-peak, 8 sponge and 8 peak half-hours and 2 days of 40 and 8,
    # at 1.07145 x 11 = 11.78595 more: 240 x 27.95725 + 56 x 20.03895 + 40 x 31.77445,
    # the first 60.00 instead of 27.95725, is 9134.94195; half a kilowatt-hour each.
    assert billed.bill.total_aud == pytest.approx(45.67471, abs=1e-5)
    assert billed.notes[-2:] == (
        "general: 6 intervals have the price that Amber's usage tells",
        (
            "general: 2010 intervals of Jan take the hours of their tariff periods "
            "from 2025-26"
        ),
    )


def test_a_home_without_prices_has_none(tmp_path: Path) -> None:
    store, _ = new_home(tmp_path, [])

    assert read(store, MARCH) is None


def test_rows_that_do_not_fit_are_no_matter_to_a_flat_tariff(tmp_path: Path) -> None:
    rows = import_prices(half_hours(JANUARY.first, JANUARY.last))
    rows[100] = replace(rows[100], c_per_kwh=500.0)
    store, key = new_home(tmp_path, rows[1:])
    used = half_hours(JANUARY.first, JANUARY.last)
    readings = [usage(start, None, Quality.ACTUAL) for start in used]
    store.readings.save(key, "amber", readings, KNOWN_AT)
    inputs = read_inputs(store, Settings(), JANUARY, UsageChoice())
    flat = plan_of('[[period.usage]]\nname = "Flat"\nc_per_kwh = 30.0')
    amber = plan_of('[[period.usage]]\nname = "Amber"\namber = true')

    billed = bill_period(inputs, flat)

    # 336 half-hours of half a kilowatt-hour at 30 c.
    assert billed.bill.total_aud == pytest.approx(50.40)
    with pytest.raises(DataError):
        bill_period(inputs, amber)
