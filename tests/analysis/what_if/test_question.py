"""What a strategy is with the devices of a position, and how its file says it."""

import pytest

from home_energy.analysis.what_if.question import WhatIfQuestion, car_choice

BATTERY, CAR = 13.5, 15_000


@pytest.mark.parametrize(
    ("strategy", "battery_kwh", "km", "run_as", "battery_rule"),
    [
        ("smart_cycles", 0.0, 0, "no_battery", "self_consumption"),
        ("perfect_foresight", 0.0, 0, "no_battery", "self_consumption"),
        ("smart_cycles", BATTERY, 0, "smart_cycles", "self_consumption"),
        ("solar_first", BATTERY, 0, "self_consumption", "self_consumption"),
        ("forecast", BATTERY, 0, "forecast", "self_consumption"),
        ("smart_cycles", BATTERY, CAR, "on_arrival", "smart_cycles"),
        ("self_consumption", BATTERY, CAR, "on_arrival", "self_consumption"),
        ("cheapest", BATTERY, CAR, "cheapest", "self_consumption"),
        ("solar_first", 0.0, CAR, "solar_first", "self_consumption"),
        ("perfect_foresight", BATTERY, CAR, "perfect_foresight", "self_consumption"),
    ],
)
def test_a_strategy_runs_what_is_there(
    strategy: str, battery_kwh: float, km: int, run_as: str, battery_rule: str
) -> None:
    question = WhatIfQuestion("flat", strategy, 6.6, battery_kwh, km)

    assert question.run_name == run_as
    assert question.strategies.battery_rule == battery_rule
    if run_as != "no_battery":
        assert question.strategies.names == (run_as,)


def test_a_car_that_drives_half_as_far_commutes_half_as_far() -> None:
    driving = car_choice(6_500).driving  # half of the usual 13,000

    assert (driving.commute_km, driving.holiday_km) == (20.0, 300.0)
    assert driving.km_per_year == 6_500
