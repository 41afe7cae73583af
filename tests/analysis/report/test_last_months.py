"""Which twelve months a report tells of without being asked for a year."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.sweep.swept_homes import GENERAL, HOT_WATER, LAST, swept_home

from home_energy.analysis.report.last_months import last_twelve_months
from home_energy.domain.meter_day import MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.settings import BillSettings, Settings
from home_energy.store import Store

KNOWN_AT = datetime(2026, 2, 1, tzinfo=UTC)


def more_usage(
    store: Store,
    first: date,
    count: int,
    registers: tuple[MeterRegister, ...] = (GENERAL,),
) -> None:
    """Usage of days behind those with prices."""
    days = [first + timedelta(days=number) for number in range(count)]
    store.meter_days.save(
        {
            register: [
                MeterDay.of_one_quality(day, np.full(48, 0.2), Quality.ACTUAL)
                for day in days
            ]
            for register in registers
        },
        KNOWN_AT,
    )


def test_they_end_with_the_last_complete_day(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)

    found = last_twelve_months(store, settings)

    assert found == (date(2024, 7, 8), date(2025, 7, 7))


def test_a_day_that_lacks_a_register_is_not_complete(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)
    more_usage(store, LAST + timedelta(days=1), 3)

    assert last_twelve_months(store, settings)[1] == LAST


def test_a_tariff_of_the_market_needs_the_markets_prices(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)
    more_usage(store, LAST + timedelta(days=1), 3, (GENERAL, HOT_WATER))

    flat = last_twelve_months(store, settings)
    market = last_twelve_months(store, _with(settings, BillSettings(tariff="market")))

    assert flat == (date(2024, 7, 11), date(2025, 7, 10))
    assert market == (date(2024, 7, 8), date(2025, 7, 7))


def test_a_record_without_a_complete_day_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")
    more_usage(store, date(2025, 3, 1), 2)
    settings = Settings(bill=BillSettings(tariff="amber-like-vic"))

    with pytest.raises(DataError, match=r"no day from .* has all its usage and prices"):
        last_twelve_months(store, settings)


def test_an_empty_record_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home.sqlite")

    with pytest.raises(DataError, match="nothing on record yet"):
        last_twelve_months(store, Settings())


def _with(settings: Settings, bill: BillSettings) -> Settings:
    changed = settings.model_copy(update={"bill": bill})
    return changed.read_from(settings.tariff_folder.parent)
