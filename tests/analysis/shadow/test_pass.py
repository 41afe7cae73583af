"""A pass books what is complete, in order, once; what changed is booked anew."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.shadow.shadow_homes import (
    DAY,
    EVENING_PEAK,
    FEED_IN,
    FIRST,
    GENERAL,
    HALF_HOUR,
    ShadowHome,
)

from home_energy.analysis.shadow import shadow_days
from home_energy.analysis.shadow.shadow_days import run_shadow_pass
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Quality
from home_energy.domain.shadow_day import ShadowDay
from home_energy.domain.time_grid import nem_day_start
from home_energy.errors import ConfigError

TODAY = FIRST + 30 * DAY

LATER_PLAN = """
name = "flat-from-tomorrow"
title = "Made up: begins after every day on record"
clock = "NEM"
[[period]]
from = 2027-01-01
source = "made up"
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
"""
EVENING_PLAN = """
name = "evening"
title = "Made up: 60 c from 17:00 to 20:00"
clock = "NEM"
[[period]]
from = 2026-01-01
source = "made up"
[[period.usage]]
name = "Evening"
hours = ["17:00-20:00"]
c_per_kwh = 60.0
[[period.usage]]
name = "Else"
hours = ["20:00-17:00"]
c_per_kwh = 20.0
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ShadowHome]:
    made = ShadowHome(tmp_path)
    yield made
    made.store.close()


def days_of(booked: list[ShadowDay]) -> list[date]:
    return [one.day for one in booked]


def test_every_complete_day_is_booked_in_order(home: ShadowHome) -> None:
    done = home.days(4).run(TODAY)

    booked = home.booked()
    assert days_of(booked) == [FIRST, FIRST + DAY, FIRST + 2 * DAY, FIRST + 3 * DAY]
    assert booked == list(done.booked)
    assert done.anew_from is None
    assert done.said == "powerwall-3: 4 days booked up to 2026-10-05"
    # A day knows the evening of the days before: 0.4 kWh in each of 6 half-hours is
    # bought at 20 c and saves 60 c: 6 x 0.4 x 0.40 = 96 c at most, less losses.
    assert 0.70 < booked[2].saving_aud < 0.96
    assert [one.quality for one in booked] == [Quality.ACTUAL] * 4


def test_a_day_begins_with_what_the_day_before_left(home: ShadowHome) -> None:
    late = [60.0] * 6 + [20.0] * 42  # what serves it is bought before midnight
    for number in range(4):
        home.use(FIRST + number * DAY).cost(FIRST + number * DAY, late)

    home.run(TODAY)

    booked = home.booked()
    assert booked[1].end_stored_kwh > 1
    for one, two in pairwise(booked):
        assert two.start_stored_kwh == one.end_stored_kwh
    # Sums telescope: what is stored in between counts for nothing.
    gained = sum(one.stored_gain_aud for one in booked)
    assert gained == pytest.approx(booked[-1].end_worth_aud)


def test_a_second_pass_books_nothing(home: ShadowHome) -> None:
    first = home.days(3).run(TODAY)

    second = home.run(TODAY)

    assert second.booked == ()
    assert second.anew_from is None
    assert second.said == "powerwall-3: nothing new to book"
    assert home.booked() == list(first.booked)


def test_night_by_night_is_the_same_as_all_at_once(
    home: ShadowHome, tmp_path: Path
) -> None:
    at_once = ShadowHome(tmp_path / "other").days(5)
    at_once.run(TODAY)

    for number in range(5):
        home.days(1, FIRST + number * DAY).run(FIRST + (number + 1) * DAY)

    assert home.booked() == at_once.booked()
    at_once.store.close()


def test_the_running_day_is_not_booked(home: ShadowHome) -> None:
    home.days(3).run(FIRST + 2 * DAY)

    assert days_of(home.booked()) == [FIRST, FIRST + DAY]


def test_nothing_is_booked_before_usage_and_prices_are_complete(
    home: ShadowHome,
) -> None:
    home.days(2).use(FIRST + 2 * DAY)  # without its prices
    home.cost(FIRST + 3 * DAY)  # without its usage
    holed = np.where(np.arange(48) == 30, np.nan, 0.4)
    home.days(1, FIRST + 4 * DAY)
    home.days(1, FIRST + 6 * DAY).use(FIRST + 5 * DAY).cost(FIRST + 5 * DAY)
    home.store.meter_days.save(
        {GENERAL: [MeterDay.of_one_quality(FIRST + 7 * DAY, holed, Quality.ACTUAL)]},
        home.recorded.clock.time,
    )
    home.cost(FIRST + 7 * DAY)

    home.run(TODAY)

    assert days_of(home.booked()) == [
        *(FIRST, FIRST + DAY),
        *(FIRST + 4 * DAY, FIRST + 5 * DAY, FIRST + 6 * DAY),
    ]


def test_after_a_hole_the_battery_is_at_its_reserve_and_the_hole_is_counted(
    home: ShadowHome,
) -> None:
    late = [60.0] * 6 + [20.0] * 42
    for number in (0, 1, 3, 4):
        home.use(FIRST + number * DAY).cost(FIRST + number * DAY, late)

    home.run(TODAY)

    _, before, after, last = home.booked()
    assert before.end_stored_kwh > 1
    assert after.start_stored_kwh == 0
    assert [one.is_after_hole for one in home.booked()] == [False, False, True, False]
    # What was left before the hole is paid for once; after it nothing is owed.
    assert after.stored_gain_aud == pytest.approx(after.end_worth_aud)
    # The day after the hole knows the peak from the days before it.
    assert after.end_stored_kwh > 1
    assert last.start_stored_kwh == after.end_stored_kwh
    found = home.store.shadow_days.sum_of("powerwall-3")
    assert found is not None
    assert (found.day_count, found.hole_count) == (4, 1)


def test_a_corrected_reading_is_booked_anew_from_that_day_on(home: ShadowHome) -> None:
    home.days(4).run(TODAY)
    before = home.booked()

    done = home.use(FIRST + 2 * DAY, 0.6).run(TODAY)

    after = home.booked()
    assert done.anew_from == FIRST + 2 * DAY
    assert days_of(list(done.booked)) == [FIRST + 2 * DAY, FIRST + 3 * DAY]
    assert after[:2] == before[:2]
    assert after[2].bill_saving_aud > before[2].bill_saving_aud
    assert done.said == (
        "powerwall-3: 2 days booked up to 2026-10-05; from 2026-10-04 on 2 had been "
        "booked before, and what they rest on has changed"
    )


def test_a_hole_that_is_filled_is_booked_anew_from_there_on(home: ShadowHome) -> None:
    home.days(2).days(1, FIRST + 3 * DAY).run(TODAY)

    done = home.days(1, FIRST + 2 * DAY).run(TODAY)

    assert done.anew_from == FIRST + 2 * DAY
    assert done.forgotten_count == 1
    assert len(home.booked()) == 4
    assert not any(one.is_after_hole for one in home.booked())


def test_corrected_prices_are_booked_anew(home: ShadowHome) -> None:
    home.days(2).run(TODAY)
    dearer = [c + 1 for c in EVENING_PEAK]
    for number in range(2):
        home.cost(FIRST + number * DAY, dearer)

    done = home.run(TODAY)

    assert done.anew_from == FIRST
    assert len(home.booked()) == 2


def test_estimates_are_told_and_booked_anew_when_they_become_final(
    home: ShadowHome,
) -> None:
    home.days(1).use(FIRST + DAY, 0.3, Quality.ESTIMATE).cost(FIRST + DAY)
    home.run(TODAY)

    assert [one.quality for one in home.booked()] == [Quality.ACTUAL, Quality.ESTIMATE]

    home.use(FIRST + DAY, 0.4).run(TODAY)

    assert [one.quality for one in home.booked()] == [Quality.ACTUAL, Quality.ACTUAL]


def test_days_that_are_no_longer_on_record_are_left_out(home: ShadowHome) -> None:
    home.days(3).run(TODAY)
    home.recorded.tariff = "flat-from-tomorrow"
    folder = home.recorded.folder / "tariffs"
    folder.mkdir()
    (folder / "flat-from-tomorrow.toml").write_text(LATER_PLAN)

    done = home.run(TODAY)

    assert home.booked() == []
    assert done.said == (
        "powerwall-3: 0 days booked; from 2026-10-02 on 3 had been booked before, and "
        "what they rest on has changed"
    )


def test_a_published_tariff_has_no_forecasts(home: ShadowHome) -> None:
    home.recorded.tariff = "evening"
    folder = home.recorded.folder / "tariffs"
    folder.mkdir()
    (folder / "evening.toml").write_text(EVENING_PLAN)
    home.use(FIRST).use(FIRST + DAY)

    home.run(TODAY)

    first, second = home.booked()
    assert first.issued_fraction is None
    # The price list tells of the evening from the first day on: 6 x 0.4 kWh bought at
    # 20 c save 60 c, 96 c a day less losses.
    assert 0.70 < first.saving_aud < 0.96
    assert second.saving_aud == pytest.approx(first.saving_aud, abs=0.02)


def test_one_estimate_makes_a_day_an_estimate(home: ShadowHome) -> None:
    home.days(1)
    quality = np.full(48, int(Quality.ACTUAL), dtype=np.uint8)
    quality[20] = int(Quality.ESTIMATE)
    told = MeterDay(FIRST + DAY, 30, np.full(48, 0.4), quality)
    sold = MeterDay.of_one_quality(FIRST + DAY, np.zeros(48), Quality.ACTUAL)
    meter = {GENERAL: [told], FEED_IN: [sold]}
    home.cost(FIRST + DAY).store.meter_days.save(meter, home.recorded.clock.time)

    home.run(TODAY)

    assert home.booked()[1].quality is Quality.ESTIMATE


def test_what_comes_after_a_day_does_not_change_it(
    home: ShadowHome, tmp_path: Path
) -> None:
    # Its own hours that are still to come: `test_shadow_run`.
    other = ShadowHome(tmp_path / "other").days(3)
    home.days(3)
    rng = np.random.default_rng(1)
    for number in range(3, 6):
        other.use(FIRST + number * DAY, 2.0)
        other.cost(FIRST + number * DAY, rng.normal(40, 80, 48).round(2).tolist())
        other.forecast(nem_day_start(FIRST + number * DAY), [300.0] * 60)

    home.run(TODAY)
    other.run(TODAY)

    assert other.booked()[:3] == home.booked()
    assert len(other.booked()) == 6
    other.store.close()


def test_forecasts_are_those_that_had_been_issued(home: ShadowHome) -> None:
    # On the second day a spike of an hour at 18:00 that nothing before tells of.
    spike = [20.0] * 36 + [300.0] * 2 + [20.0] * 10
    home.use(FIRST).cost(FIRST, [20.0] * 48)
    home.use(FIRST + DAY).cost(FIRST + DAY, spike)
    half_past_five = nem_day_start(FIRST + DAY) + 35 * HALF_HOUR
    home.forecast(half_past_five, [20.0, 300.0, 300.0, *[20.0] * 33])

    home.run(TODAY)

    # From 17:30 a Powerwall 3 stores what the spike takes: 2 x 0.4 kWh that cost 300 c
    # and are bought at 20 c and some losses.
    (_, told) = home.booked()
    assert 0.8 * 2.7 < told.saving_aud < 0.8 * 2.8
    # Told once, at 17:30, of 36 half-hours; plans at 17:30, 18:00, 18:30, 19:00 and
    # 19:30 (two hours) use it: (36 + 35 + 34 + 33 + 32) of 48 x 72.
    assert told.issued_fraction == pytest.approx(170 / (48 * 72))


def test_a_forecast_issued_after_the_plan_does_not_help(home: ShadowHome) -> None:
    spike = [20.0] * 36 + [300.0] * 2 + [20.0] * 10
    home.use(FIRST).cost(FIRST, [20.0] * 48)
    home.use(FIRST + DAY).cost(FIRST + DAY, spike)
    second_late = nem_day_start(FIRST + DAY) + 35 * HALF_HOUR + timedelta(seconds=1)
    home.forecast(second_late, [20.0, 300.0, 300.0, *[20.0] * 33])

    home.run(TODAY)

    # Known at 18:00 only, when it costs 300 c already.
    assert home.booked()[1].saving_aud == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    "change", [date(2026, 10, 4), date(2026, 4, 5)], ids=["to summer", "to winter"]
)
def test_a_day_on_which_clocks_change_is_a_day_of_24_hours(
    home: ShadowHome, change: date
) -> None:
    home.days(3, change - DAY).run(change + 2 * DAY)

    booked = home.booked()
    assert days_of(booked) == [change - DAY, change, change + DAY]
    # The peak stays at the same NEM time, so each knows it from the days before.
    assert booked[2].saving_aud == pytest.approx(booked[1].saving_aud, abs=0.05)


def test_a_pass_that_is_cut_short_keeps_its_days_and_the_next_goes_on(
    home: ShadowHome,
) -> None:
    home.days(5)

    def dies(_product: str, day: date) -> None:
        if day == FIRST + 3 * DAY:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_shadow_pass(home.store, home.settings, TODAY, dies)
    kept = home.booked()
    done = home.run(TODAY)

    assert days_of(kept) == [FIRST, FIRST + DAY, FIRST + 2 * DAY]
    assert days_of(list(done.booked)) == [FIRST + 3 * DAY, FIRST + 4 * DAY]
    assert done.anew_from is None
    assert home.booked()[:3] == kept


def test_a_year_back_is_where_the_first_pass_begins(
    home: ShadowHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow_days, "LOOK_BACK", 4 * DAY)
    home.days(6)

    home.run(FIRST + 6 * DAY)
    home.days(1, FIRST + 6 * DAY).run(FIRST + 8 * DAY)

    # From the 3rd day on, and what is booked stays though it is longer ago now.
    assert days_of(home.booked()) == [FIRST + n * DAY for n in range(2, 7)]


def test_every_product_has_its_own_days(tmp_path: Path) -> None:
    home = ShadowHome(tmp_path, ["powerwall-3", "powerwall-2"]).days(2)

    done = run_shadow_pass(home.store, home.settings, TODAY)

    assert [one.product for one in done] == ["powerwall-3", "powerwall-2"]
    for product in home.products:
        assert len(home.store.shadow_days.days(product)) == 2
    home.store.close()


def test_without_products_nothing_happens(tmp_path: Path) -> None:
    home = ShadowHome(tmp_path, [])

    assert run_shadow_pass(home.store, home.settings, TODAY) == []
    home.store.close()


@pytest.mark.parametrize(
    ("product", "said"),
    [
        ("powerwal-3", "did you mean powerwall-3?"),
        ("sonnen-evo", "of which too little is known"),
    ],
)
def test_a_product_that_cannot_be_run_is_refused(
    tmp_path: Path, product: str, said: str
) -> None:
    home = ShadowHome(tmp_path, [product]).days(1)

    with pytest.raises(ConfigError) as refused:
        home.run(TODAY)

    assert "home.toml: shadow.products has" in str(refused.value)
    assert said in str(refused.value)
    home.store.close()
