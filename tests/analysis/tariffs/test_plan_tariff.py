"""Prices before: which rate holds when, and what a needed price's absence says."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.analysis.tariffs.written_plans import (
    FIVE_MINUTES,
    FLAT,
    HALF_HOUR,
    PEAK_ON_WEEKDAYS,
    PERIOD,
    local_days,
    meter_days,
    plan_of,
    steady,
    tariff_of,
    utc,
)

from home_energy.analysis.tariffs.plan_tariff import PlanTariff
from home_energy.domain.price import Channel
from home_energy.domain.series import PriceSeries
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, ConfigError, DataError

SPOT = """
[[period.usage]]
name = "Spot"
spot = { loss_factor = 1.05, c_per_kwh = 10 }
[[period.feed_in]]
name = "Spot"
spot = { loss_factor = 1.1, c_per_kwh = -1 }
"""

AMBER = """
[[period.usage]]
name = "Amber"
amber = true
[[period.feed_in]]
name = "Amber"
amber = true
"""


class Recorded:
    """Amber's prices as a test wants them; remembers what it was asked."""

    def __init__(self, c_per_kwh: float) -> None:
        self.c_per_kwh = c_per_kwh
        self.asked: list[tuple[TimeGrid, Channel, PriceSeries | None]] = []

    def on(
        self, grid: TimeGrid, channel: Channel, spot: PriceSeries | None
    ) -> PriceSeries:
        self.asked.append((grid, channel, spot))
        sign = -1 if channel is Channel.FEED_IN else 1
        return PriceSeries(grid, np.full(grid.count, sign * self.c_per_kwh))


def _import_at(parts: str, text: str, head: str = "") -> float:
    grid = TimeGrid(utc(text), HALF_HOUR, 1)
    return float(tariff_of(parts, head).rates(grid, None).import_c_per_kwh[0])


@pytest.mark.parametrize(
    ("text", "c_per_kwh"),
    [
        ("2025-01-06 03:30", 20),  # Monday 14:30 AEDT
        ("2025-01-06 04:00", 60),  # 15:00
        ("2025-01-06 09:30", 60),  # 20:30
        ("2025-01-06 10:00", 20),  # 21:00
        ("2025-01-05 04:00", 20),  # Sunday 15:00
        ("2025-07-07 04:30", 20),  # Monday 14:30 AEST
        ("2025-07-07 05:00", 60),  # 15:00
        ("2025-01-26 04:00", 20),  # Australia Day, a Sunday
        ("2025-01-27 04:00", 20),  # its holiday, a Monday
        ("2025-01-28 04:00", 60),
        ("2024-02-29 04:00", 60),  # a Thursday that is not in every year
    ],
)
def test_peak_is_on_weekdays_that_are_no_holidays(text: str, c_per_kwh: float) -> None:
    found = _import_at(PEAK_ON_WEEKDAYS, text, 'public_holidays = "NSW"')

    assert found == c_per_kwh


def test_without_a_state_a_holiday_is_a_day_like_others() -> None:
    assert _import_at(PEAK_ON_WEEKDAYS, "2025-01-27 04:00") == 60


@pytest.mark.parametrize(
    ("text", "c_per_kwh"),
    [
        ("2025-01-10 10:30", 30),  # Friday 21:30 AEDT
        ("2025-01-10 11:00", 10),  # Friday 22:00
        ("2025-01-10 13:00", 30),  # Saturday 00:00: its own day is no weekday
        ("2025-01-12 13:00", 10),  # Monday 00:00
        ("2025-01-12 19:30", 10),  # Monday 06:30
        ("2025-01-12 20:00", 30),  # Monday 07:00
    ],
)
def test_window_over_midnight_belongs_to_the_day_of_each_half_hour(
    text: str, c_per_kwh: float
) -> None:
    parts = """
[[period.usage]]
name = "Night"
days = ["weekday"]
hours = ["22:00-07:00"]
c_per_kwh = 10
[[period.usage]]
name = "Rest"
c_per_kwh = 30
"""

    assert _import_at(parts, text) == c_per_kwh


@pytest.mark.parametrize(
    ("text", "c_per_kwh"),
    [
        ("2025-02-28 12:30", 50),  # 28 February 23:30 AEDT
        ("2025-02-28 13:00", 30),  # 1 March 00:00
        ("2025-11-30 12:30", 30),
        ("2025-11-30 13:00", 50),  # 1 December 00:00 AEDT
    ],
)
def test_season_changes_at_local_midnight(text: str, c_per_kwh: float) -> None:
    parts = """
[[period.usage]]
name = "Summer"
months = [12, 1, 2]
c_per_kwh = 50
[[period.usage]]
name = "Rest of the year"
c_per_kwh = 30
"""

    assert _import_at(parts, text) == c_per_kwh


def test_nem_clock_does_not_move_with_daylight_saving() -> None:
    # 15:00 NEM is 05:00 in UTC, summer and winter.
    for day in ("2025-01-06", "2025-07-07"):
        assert _import_at(PEAK_ON_WEEKDAYS, f"{day} 04:30", 'clock = "NEM"') == 20
        assert _import_at(PEAK_ON_WEEKDAYS, f"{day} 05:00", 'clock = "NEM"') == 60


def test_figures_change_in_the_middle_of_the_grid() -> None:
    later = PERIOD.replace("2024-01-01", "2025-07-01") + FLAT.replace("30", "35")
    tariff = tariff_of(FLAT + later)
    grid = local_days(date(2025, 6, 30), date(2025, 7, 2))

    rates = tariff.rates(grid, None)

    assert rates.import_c_per_kwh.tolist() == [30.0] * 48 + [35.0] * 48


def test_figures_of_a_summer_day_change_at_the_meters_midnight() -> None:
    later = PERIOD.replace("2024-01-01", "2025-02-01") + FLAT.replace("30", "35")
    # from 00:00 to 02:00 on 1 February in Sydney
    grid = TimeGrid(utc("2025-01-31 13:00"), HALF_HOUR, 4)

    rates = tariff_of(FLAT + later).rates(grid, None)

    assert rates.import_c_per_kwh.tolist() == [30, 30, 35, 35]


def test_day_before_the_first_is_refused_by_name() -> None:
    tariff = tariff_of(FLAT)
    grid = meter_days(date(2023, 12, 31), date(2024, 1, 2))

    with pytest.raises(
        DataError, match=r"tariff test says nothing of 2023-12-31.*day is 2024-01-01"
    ):
        tariff.rates(grid, None)


def test_first_day_of_a_plan_is_the_meters() -> None:
    # Midnight of 1 January 2024 lies in the meter's 31 December in Sydney; the meter's
    # 1 January begins at 22:00 on 31 December in Perth.
    grid = TimeGrid(utc("2023-12-31 13:00"), HALF_HOUR, 4)
    in_time = TimeGrid(utc("2023-12-31 14:00"), HALF_HOUR, 1)

    with pytest.raises(DataError, match="tariff test says nothing of 2023-12-31"):
        tariff_of(FLAT).rates(grid, None)
    rates = tariff_of(FLAT, 'clock = "Australia/Perth"').rates(in_time, None)

    assert rates.import_c_per_kwh.tolist() == [30]


def test_export_without_a_rate_earns_nothing_and_no_controlled_load_is_none() -> None:
    rates = tariff_of(FLAT).rates(local_days(date(2025, 1, 1), date(2025, 1, 2)), None)

    assert not rates.export_c_per_kwh.any()
    assert rates.controlled_load_c_per_kwh is None


def test_gst_is_added_to_what_is_bought_and_never_to_feed_in() -> None:
    parts = """
[[period.usage]]
name = "Anytime"
c_per_kwh = 30
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
c_per_kwh = 10
[[period.feed_in]]
name = "Solar"
c_per_kwh = 5
"""
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 1)

    rates = tariff_of(parts, "gst_included = false").rates(grid, None)

    assert rates.import_c_per_kwh[0] == pytest.approx(33, abs=1e-12)
    assert rates.controlled_load_c_per_kwh is not None
    assert rates.controlled_load_c_per_kwh[0] == pytest.approx(11, abs=1e-12)
    assert rates.export_c_per_kwh[0] == 5


def test_spot_is_passed_on_by_its_equation() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)
    spot = PriceSeries(grid, np.array([10.0, -20.0, 1000.0]))

    rates = tariff_of(SPOT).rates(grid, spot)

    # 1.05 x 10 + 10 = 20.5; 1.05 x -20 + 10 = -11; 1.05 x 1000 + 10 = 1060
    assert rates.import_c_per_kwh.tolist() == pytest.approx([20.5, -11, 1060])
    # 1.1 / 1.1 x spot - 1
    assert rates.export_c_per_kwh.tolist() == pytest.approx([9, -21, 999])


def test_spot_holds_gst_already_when_the_figures_do_not() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 1)

    rates = tariff_of(SPOT, "gst_included = false").rates(
        grid, PriceSeries(grid, np.array([10.0]))
    )

    # 1.05 x 10 + 1.1 x 10
    assert rates.import_c_per_kwh[0] == pytest.approx(21.5)


def test_missing_spot_is_counted_and_never_zero() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)
    tariff = tariff_of(SPOT)

    with pytest.raises(DataError, match=r"2 of 3 intervals lack.*2025-01-01T00:05"):
        tariff.rates(grid, PriceSeries(grid, np.array([1.0, np.nan, np.nan])))
    with pytest.raises(DataError, match=r"3 of 3 intervals lack"):
        tariff.rates(grid, None)


def test_spot_is_needed_only_where_a_rate_passes_it_on() -> None:
    parts = """
[[period.usage]]
name = "Spot by night"
hours = ["00:00-06:00"]
spot = { loss_factor = 1.0, c_per_kwh = 0 }
[[period.usage]]
name = "By day"
c_per_kwh = 30
"""
    # 05:30 and 06:00 in Sydney, AEDT
    grid = TimeGrid(utc("2025-01-01 18:30"), HALF_HOUR, 2)

    rates = tariff_of(parts).rates(grid, PriceSeries(grid, np.array([7.0, np.nan])))

    assert rates.import_c_per_kwh.tolist() == [7.0, 30.0]


def test_spot_on_another_axis_is_refused() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)
    other = TimeGrid(utc("2025-01-01 00:05"), FIVE_MINUTES, 3)

    with pytest.raises(AlignmentError):
        tariff_of(SPOT).rates(grid, PriceSeries(other, np.zeros(3)))


def test_amber_prices_are_asked_only_for_the_period_that_passes_them_on() -> None:
    later = PERIOD.replace("2024-01-01", "2025-07-01") + AMBER
    recorded = Recorded(40)
    tariff = PlanTariff(plan_of(FLAT + later), recorded)
    grid = local_days(date(2025, 6, 30), date(2025, 7, 2))
    spot = PriceSeries(grid, np.arange(96.0))

    rates = tariff.rates(grid, spot)

    assert rates.import_c_per_kwh.tolist() == [30.0] * 48 + [40.0] * 48
    assert rates.export_c_per_kwh.tolist() == [0.0] * 48 + [-40.0] * 48
    part, channel, of_part = recorded.asked[0]
    assert part == local_days(date(2025, 7, 1), date(2025, 7, 2))
    assert channel is Channel.GENERAL
    assert of_part is not None
    assert of_part.c_per_kwh[0] == 48


def test_amber_prices_that_are_not_there_are_said() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)

    with pytest.raises(DataError, match="passes on Amber's prices, and there are none"):
        tariff_of(AMBER).rates(grid, None)
    with pytest.raises(DataError, match="3 of 3 intervals lack"):
        PlanTariff(plan_of(AMBER), Recorded(np.nan)).rates(grid, None)


def test_register_that_the_home_lacks_is_not_asked_for() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), FIVE_MINUTES, 3)
    hot_water = AMBER.replace(
        "[[period.feed_in]]",
        '[[period.usage]]\nname = "Hot water"\nchannel = "controlled_load"\n'
        "amber = true\n[[period.feed_in]]",
    )
    recorded = Recorded(40)
    plan = plan_of(hot_water)

    rates = PlanTariff(plan, recorded, {Channel.GENERAL}).rates(grid, None)
    PlanTariff(plan, recorded).bill(steady(grid, 1.0), None)

    assert {channel for _, channel, _ in recorded.asked} == {Channel.GENERAL}
    assert rates.controlled_load_c_per_kwh is None
    assert not rates.export_c_per_kwh.any()


def test_block_is_priced_as_its_first() -> None:
    parts = """
[[period.usage]]
name = "Anytime"
blocks = [{ up_to_kwh = 10, c_per_kwh = 25 }, { c_per_kwh = 35 }]
"""

    assert _import_at(parts, "2025-01-01 00:00") == 25


def test_unsound_plan_makes_no_tariff() -> None:
    with pytest.raises(ConfigError, match=r"tariff test: .*only one rate can be"):
        tariff_of(FLAT + FLAT.replace("Anytime", "Always"))


def test_hourly_energy_is_refused() -> None:
    grid = TimeGrid(utc("2025-01-01 00:00"), timedelta(hours=1), 24)

    with pytest.raises(AlignmentError):
        tariff_of(FLAT).rates(grid, None)
