"""A day as a file gives it: a day of the market, whole, and nothing impossible."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from tests.domain.sample_days import DAY, DAY_START, NAN, day_of, spot_day

from home_energy.domain.import_record import ImportRecord
from home_energy.domain.meter_day import NO_QUALITY, Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.spot import SpotDay
from home_energy.errors import DataError


def test_a_day_is_twenty_four_hours_of_the_market() -> None:
    # 2025-10-05 has 23 hours in Sydney; in NEM time (UTC+10) every day has 24.
    day = day_of(day=date(2025, 10, 5))

    assert day.start == datetime(2025, 10, 4, 14, tzinfo=UTC)
    assert day.end == datetime(2025, 10, 5, 14, tzinfo=UTC)
    assert spot_day().start == DAY_START
    assert spot_day().end == datetime(2025, 3, 1, 14, tzinfo=UTC)


def test_known_values_have_the_quality_and_missing_ones_none() -> None:
    day = day_of(0.5, NAN, 0.25, quality=Quality.SUBSTITUTE)

    assert list(day.quality[:4]) == [Quality.SUBSTITUTE, NO_QUALITY, 3, NO_QUALITY]
    assert day.known_count == 2
    assert day.interval_minutes == 30


@pytest.mark.parametrize(
    ("kwh", "quality", "minutes", "said"),
    [
        (np.zeros(48), np.full(48, 4), 7, "7 minutes are no whole part of a day"),
        (np.zeros(48), np.full(48, 4), 0, "0 minutes"),
        (np.zeros(47), np.full(47, 4), 30, "47 values .* 48 expected"),
        (np.zeros(48), np.full(47, 4), 30, "47 qualities"),
        (np.full(48, -0.1), np.full(48, 4), 30, "finite and not negative"),
        (np.full(48, np.inf), np.full(48, 4), 30, "finite"),
        (np.zeros(48), np.zeros(48), 30, "a value without quality"),
        (np.full(48, np.nan), np.full(48, 4), 30, "or the other way"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    kwh: np.ndarray, quality: np.ndarray, minutes: int, said: str
) -> None:
    with pytest.raises(DataError, match=rf"^2025-03-01: .*{said}"):
        MeterDay(DAY, minutes, kwh, quality.astype(np.uint8))


def test_an_update_time_without_a_zone_is_refused() -> None:
    with pytest.raises(DataError, match=r"MeterDay\.updated_at"):
        day_of(0.1, updated_at=datetime(2025, 3, 2))  # noqa: DTZ001 - on purpose


def test_only_what_came_through_the_meter_into_the_home_is_import() -> None:
    assert [flow for flow in Flow if flow.is_metered_import] == [
        Flow.GENERAL,
        Flow.CONTROLLED_LOAD,
    ]


def test_registers_are_ordered_by_source_meter_and_name() -> None:
    registers = [
        MeterRegister("powerpal", "", "import"),
        MeterRegister("nem12", "6001000001", "E2"),
        MeterRegister("nem12", "6001000001", "B1"),
    ]

    assert [register.name for register in sorted(registers)] == ["B1", "E2", "import"]


@pytest.mark.parametrize(
    ("region", "minutes", "count", "value", "said"),
    [
        ("WA1", 5, 288, 1.0, "unknown region 'WA1'; expected one of NSW1"),
        ("VIC1", 15, 96, 1.0, "no 15-minute price"),
        ("VIC1", 30, 288, 1.0, "288 prices, 48 expected"),
        ("VIC1", 5, 288, np.inf, "must be a number"),
    ],
)
def test_a_day_of_prices_that_cannot_be_is_refused(
    region: str, minutes: int, count: int, value: float, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        SpotDay(region, DAY, minutes, np.full(count, value))


def test_a_price_may_be_negative_and_may_be_missing() -> None:
    day = spot_day(-1000.0, NAN)

    assert day.rrp_aud_per_mwh_ex_gst[0] == -1000.0
    assert np.isnan(day.rrp_aud_per_mwh_ex_gst[1])


def test_two_records_of_one_import_are_equal() -> None:
    record = ImportRecord(
        *("aemo", "aemo", "a.csv", "ab12", 10, DAY_START, 1, 1, 1, 0, None, None)
    )

    assert record.problems == ()
    assert record == ImportRecord(
        *("aemo", "aemo", "a.csv", "ab12", 10, DAY_START, 1, 1, 1, 0, None, None)
    )
