"""When to start: half-hours of which every cost was worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from tests.analysis.advice.priced import (
    HALF_HOUR,
    HOUR,
    MINUTE,
    NOON,
    SYDNEY,
    half_hours,
)

from home_energy.analysis.advice.best_start import (
    BestStart,
    Call,
    NoAdvice,
    best_start,
    deadline,
)
from home_energy.domain.appliance import Appliance
from home_energy.domain.forecast import ForecastPoint

ONE_KWH = Appliance("Pump", kw=2.0, minutes=30)
LONGER = Appliance("Dryer", kw=2.0, minutes=45, by=time(13, 30))
OVERNIGHT = Appliance("Dishwasher", kw=1.0, minutes=90, by=time(7))


def _best(
    prices: tuple[ForecastPoint, ...],
    appliance: Appliance = ONE_KWH,
    now: datetime = NOON,
) -> BestStart:
    return best_start(appliance, now, prices, SYDNEY)


def _banded(low: float, middle: float, high: float) -> ForecastPoint:
    return ForecastPoint(
        NOON + HALF_HOUR, 30, 99.0, middle, low_c_per_kwh=low, high_c_per_kwh=high
    )


# What a start costs


def test_the_cheapest_half_hour_is_waited_for() -> None:
    best = _best(half_hours(40.0, 30.0, 10.0))

    # 1 kWh: 40 c at once, 35 at 12:15, 30 at 12:30, 20 at 12:45, 10 at 1 pm.
    assert (best.call, best.why, best.start) == (Call.WAIT, None, NOON + HOUR)
    assert best.cost_now_aud == pytest.approx(0.4)
    assert best.cost_then_aud == pytest.approx(0.1)
    assert best.saving_aud == pytest.approx(0.3)


def test_a_run_over_two_prices_pays_each_for_its_part() -> None:
    best = _best(half_hours(40.0, 30.0, 10.0), LONGER)

    # 2 kW for 45 minutes: at once 30 x 40 + 15 x 30 = 1650 c min/kWh, x 2 / 60 = 55 c.
    # Over by 1:30 pm it starts at 12:45 at the latest: 15 x 30 + 30 x 10, 25 c.
    assert (best.call, best.start) == (Call.WAIT, NOON + 45 * MINUTE)
    assert best.cost_now_aud == pytest.approx(0.55)
    assert best.cost_then_aud == pytest.approx(0.25)


def test_starting_at_once_is_starting_in_the_middle_of_a_price() -> None:
    best = _best(half_hours(40.0, 30.0, 10.0), now=NOON + 10 * MINUTE)

    # 20 minutes at 40 and 10 at 30: (800 + 300) / 30 = 36.67 c for 1 kWh.
    assert best.cost_now_aud == pytest.approx(1.1 / 3)
    assert best.start == NOON + HOUR


def test_five_minute_prices_are_weighed_by_their_length() -> None:
    near = tuple(
        ForecastPoint(NOON + number * 5 * MINUTE, 5, price)
        for number, price in enumerate([60.0, 60.0, 60.0, 30.0, 30.0, 30.0])
    )
    best = _best(near + half_hours(20.0, start=NOON + HALF_HOUR))

    # At once (3 x 60 + 3 x 30) / 6 = 45; at 12:30 20.
    assert best.cost_now_aud == pytest.approx(0.45)
    assert best.saving_aud == pytest.approx(0.25)


def test_the_retailers_own_prediction_goes_first() -> None:
    best = _best((*half_hours(40.0), _banded(10.0, 20.0, 30.0)))

    assert best.cost_then_aud == pytest.approx(0.2)  # not the market's 99


def test_a_negative_price_is_earned() -> None:
    best = _best(half_hours(10.0, -5.0))

    assert best.call is Call.WAIT
    assert best.saving_aud == pytest.approx(0.15)


def test_ties_go_to_the_earliest() -> None:
    assert _best(half_hours(40.0, 10.0, 10.0, 10.0)).start == NOON + HALF_HOUR


def test_a_tie_with_starting_at_once_is_now() -> None:
    best = _best(half_hours(10.0, 10.0, 20.0))

    assert (best.call, best.start, best.saving_aud) == (Call.NOW, NOON, 0.0)


def test_without_a_time_of_day_the_run_is_over_within_a_day() -> None:
    prices = half_hours(*[40.0] * 47, 10.0, 1.0)

    best = _best(prices)

    assert best.deadline == NOON + 24 * HOUR
    assert best.start == NOON + 23 * HOUR + HALF_HOUR  # not in the last half-hour
    assert best.cost_then_aud == pytest.approx(0.1)


# What is not known


def test_a_run_into_a_hole_is_not_considered() -> None:
    best = _best(half_hours(40.0, 30.0, None, 10.0, None, 0.0))

    # 12:45 and 1:15 pm reach into the first hole; 2:30 pm is whole.
    assert best.start == NOON + 5 * HALF_HOUR
    assert best.cost_then_aud == pytest.approx(0.0)


def test_a_run_that_no_stretch_holds_has_no_advice() -> None:
    hour = Appliance("Pump", kw=1.0, minutes=60)

    best = _best(half_hours(40.0, 30.0, None, 10.0), hour)

    # Only 12:00 to 1:00 pm is whole: whether it is best is not known.
    assert (best.call, best.why) == (Call.NONE, NoAdvice.NO_PRICE)
    assert (best.start, best.saving_aud) == (None, None)


@pytest.mark.parametrize("prices", [(), half_hours(None, 30.0, 10.0)])
def test_without_a_price_now_there_is_no_advice(
    prices: tuple[ForecastPoint, ...],
) -> None:
    assert _best(prices).why is NoAdvice.NO_PRICE


# Whether it is worth it


@pytest.mark.parametrize(
    ("now_c_per_kwh", "then_c_per_kwh", "call"),
    [
        (40.0, 35.5, Call.NONE),  # 4.5 c are too little
        (40.0, 35.0, Call.WAIT),  # 5 c
        (100.0, 91.0, Call.NONE),  # 9 of 100 c
        (100.0, 90.0, Call.WAIT),  # a tenth
        (-100.0, -109.0, Call.NONE),  # earning 109 in place of 100
    ],
)
def test_little_is_not_worth_waiting_for(
    now_c_per_kwh: float, then_c_per_kwh: float, call: Call
) -> None:
    best = _best(half_hours(now_c_per_kwh, then_c_per_kwh, now_c_per_kwh))

    assert best.call is call
    assert best.why is (NoAdvice.LITTLE if call is Call.NONE else None)


@pytest.mark.parametrize(
    ("high", "call"), [(39.0, Call.WAIT), (40.0, Call.NONE), (55.0, Call.NONE)]
)
def test_a_band_that_reaches_the_price_now_is_too_unsure(
    high: float, call: Call
) -> None:
    best = _best((*half_hours(40.0), _banded(5.0, 10.0, high)))

    assert best.highest_cost_then_aud == pytest.approx(high / 100)
    assert best.call is call
    assert best.why is (NoAdvice.UNSURE if call is Call.NONE else None)


def test_a_band_that_lies_below_what_is_expected_makes_nothing_surer() -> None:
    best = _best((*half_hours(40.0), _banded(5.0, 30.0, 20.0)))

    assert best.highest_cost_then_aud == pytest.approx(0.30)


def test_a_band_of_a_part_counts_for_that_part() -> None:
    run = Appliance("Pump", kw=1.0, minutes=60, by=time(13, 30))
    later = half_hours(20.0, start=NOON + HOUR)

    best = _best((*half_hours(80.0), _banded(5.0, 10.0, 30.0), *later), run)

    # 12:30 to 1:30 pm: half an hour at 30 at most, half an hour at 20, no band.
    assert best.start == NOON + HALF_HOUR
    assert best.cost_then_aud == pytest.approx(0.15)
    assert best.highest_cost_then_aud == pytest.approx(0.25)


def test_only_waiting_is_kept() -> None:
    wait = _best(half_hours(40.0, 30.0, 10.0), LONGER)

    given = wait.given()
    assert given is not None
    assert (given.appliance, given.kw, given.minutes) == ("Dryer", 2.0, 45)
    assert (given.issued_at, given.start) == (NOON, NOON + 45 * MINUTE)
    assert given.deadline == NOON + 90 * MINUTE
    costs = (given.cost_now_aud, given.cost_then_aud, given.highest_cost_then_aud)
    assert costs == pytest.approx((0.55, 0.25, 0.25))
    assert given.real_saving_aud is None
    assert _best(half_hours(10.0, 40.0)).given() is None
    assert _best(half_hours(40.0, 36.0)).given() is None
    assert _best(()).given() is None


# By when


@pytest.mark.parametrize(
    ("now", "by"),
    [
        # 10 pm in summer, over midnight: 7 am of the next day is 9 hours away.
        ("2026-11-22 11:00", "2026-11-22 20:00"),
        # 10 pm before clocks go back on 5 April: 7 am is 10 hours away.
        ("2026-04-04 11:00", "2026-04-04 21:00"),
        # 10 pm before clocks go forward on 4 October: 8 hours.
        ("2026-10-03 12:00", "2026-10-03 20:00"),
        # 5:30 am: a run of 90 minutes is over at 7; a minute later not any more.
        ("2026-11-21 18:30", "2026-11-21 20:00"),
        ("2026-11-21 18:31", "2026-11-22 20:00"),
    ],
)
def test_the_deadline_is_by_the_clock_of_the_home(now: str, by: str) -> None:
    def utc(words: str) -> datetime:
        return datetime.fromisoformat(words).replace(tzinfo=UTC)

    assert deadline(OVERNIGHT, utc(now), SYDNEY) == utc(by)


@pytest.mark.parametrize(
    ("now", "by"),
    [
        # 2:30 am comes twice on 5 April: the first counts.
        (
            datetime(2026, 4, 4, 11, tzinfo=UTC),
            datetime(2026, 4, 4, 15, 30, tzinfo=UTC),
        ),
        # It never comes on 4 October: as if clocks had not gone forward at 2.
        (
            datetime(2026, 10, 3, 12, tzinfo=UTC),
            datetime(2026, 10, 3, 16, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_deadline_within_a_change_of_clocks(now: datetime, by: datetime) -> None:
    at_half_past_two = replace(OVERNIGHT, by=time(2, 30))

    assert deadline(at_half_past_two, now, SYDNEY) == by


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 22, 11, tzinfo=UTC), 9),
        (datetime(2026, 4, 4, 11, tzinfo=UTC), 10),
        (datetime(2026, 10, 3, 12, tzinfo=UTC), 8),
    ],
)
def test_a_run_is_over_by_the_deadline_over_midnight(now: datetime, hours: int) -> None:
    # Prices fall by a cent a half-hour: the latest start in time is the cheapest.
    falling = half_hours(*[90.0 - number for number in range(40)], start=now)

    best = _best(falling, OVERNIGHT, now)

    assert best.start == now + hours * HOUR - 3 * HALF_HOUR


def test_what_lies_behind_the_deadline_changes_nothing() -> None:
    known = half_hours(40.0, 30.0, 10.0)
    short = replace(ONE_KWH, by=time(13, 30))

    best = _best(known, short)

    for later in (-999.0, 0.0, 999.0):
        after = half_hours(later, later, start=NOON + 3 * HALF_HOUR)
        assert _best(known + after, short) == best
