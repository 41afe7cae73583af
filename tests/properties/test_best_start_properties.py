"""The best start is what a minute-by-minute search finds."""

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.advice.priced import HALF_HOUR, MINUTE, NOON, SYDNEY, half_hours

from home_energy.analysis.advice.best_start import Call, best_start
from home_energy.domain.appliance import Appliance

QUARTER_MINUTES = 15
BY_MINUTES = 6 * 60  # 6 pm

prices = st.lists(st.one_of(st.none(), st.integers(-20, 100)), min_size=1, max_size=16)


@settings(deadline=None, max_examples=150)
@given(prices, st.integers(0, 59), st.integers(1, 150))
def test_no_start_in_time_is_cheaper_and_none_has_a_hole(
    c_per_kwh: list[int | None], now_minute: int, run_minutes: int
) -> None:
    appliance = Appliance("Pump", kw=6.0, minutes=run_minutes, by=time(18))
    by_minute = [price for price in c_per_kwh for _ in range(30)]

    def cents(start: int) -> float | None:
        run = by_minute[start : start + run_minutes]
        if len(run) < run_minutes or None in run:
            return None
        return sum(price for price in run if price is not None) / 10  # 0.1 kWh each

    quarters = range(
        now_minute - now_minute % QUARTER_MINUTES + QUARTER_MINUTES,
        BY_MINUTES - run_minutes + 1,
        QUARTER_MINUTES,
    )
    later = {start: cents(start) for start in quarters}
    known = {start: cost for start, cost in later.items() if cost is not None}
    at_once = cents(now_minute)

    found = best_start(
        appliance,
        NOON + now_minute * MINUTE,
        half_hours(*[None if p is None else float(p) for p in c_per_kwh]),
        SYDNEY,
    )

    assert found.deadline == NOON + 12 * HALF_HOUR
    if at_once is None or not known:
        assert (found.call, found.start) == (Call.NONE, None)
        return
    least = min(at_once, *known.values())
    starts = [start for start, cost in known.items() if cost == least]
    first = now_minute if at_once == least else min(starts)
    assert found.start == NOON + timedelta(minutes=first)
    assert found.saving_aud == pytest.approx((at_once - least) / 100, abs=1e-9)
