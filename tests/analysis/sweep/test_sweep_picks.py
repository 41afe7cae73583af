"""Which choices stand out, worked out by hand."""

from typing import Any

import numpy as np
import pytest

from home_energy.analysis.sweep.sweep_picks import knee, picks


def choice(cost_aud: float, **others: Any) -> dict[str, Any]:
    return {
        "strategy": "forecast",
        "is_upper_bound": False,
        "cost_aud": cost_aud,
        "saving_aud": 1000.0 - cost_aud,
        "self_sufficiency_fraction": None,
        "npv_aud": None,
        "simple_payback_years": None,
        **others,
    }


def test_the_knee_is_where_the_hull_is_farthest_above_its_chord() -> None:
    # 0 -> 0, 1 -> 60, 2 -> 90, 4 -> 100: above the chord of 25 each by 35, 40, 0.
    outlay = np.array([0.0, 1.0, 2.0, 4.0])
    gain = np.array([0.0, 60.0, 90.0, 100.0])

    assert knee(outlay, gain) == 2


@pytest.mark.parametrize("times", [0.001, 1.0, 1000.0])
def test_no_unit_moves_the_knee(times: float) -> None:
    outlay = np.array([0.0, 1.0, 2.0, 4.0])
    gain = np.array([0.0, 60.0, 90.0, 100.0])

    assert knee(outlay * times, gain + 7.0) == 2
    assert knee(outlay + 3.0, gain * times) == 2


def test_what_a_mixture_beats_is_no_knee() -> None:
    # 2 -> 50 lies below the line from 1 -> 60 to 3 -> 90; 5 -> 80 gains less for more.
    outlay = np.array([0.0, 2.0, 1.0, 3.0, 5.0])
    gain = np.array([0.0, 50.0, 60.0, 90.0, 80.0])

    # Hull 0, 1 -> 60, 3 -> 90; chord 30 each: 1 -> 60 lies 30 above.
    assert knee(outlay, gain) == 2


@pytest.mark.parametrize(
    "gain", [[0.0, 50.0, 100.0], [0.0, 20.0, 100.0], [5.0, 4.0, 3.0]]
)
def test_a_straight_line_has_no_knee(gain: list[float]) -> None:
    assert knee(np.array([0.0, 1.0, 2.0]), np.array(gain)) is None


def test_each_pick_has_its_own_measure() -> None:
    rows = [
        choice(900.0, npv_aud=50.0, simple_payback_years=3.0),
        choice(400.0, npv_aud=900.0, simple_payback_years=6.0),
        choice(300.0, npv_aud=-10.0, self_sufficiency_fraction=0.8),
        choice(350.0, self_sufficiency_fraction=0.8),
    ]

    found = picks(rows, [1.0, 2.0, 3.0, 9.0])

    assert found.cheapest == 2
    assert found.most_self_sufficient == 2  # as much as the last, and cheaper
    assert found.most_worth == 1
    assert found.fastest_payback == 0


def test_what_knows_the_year_beforehand_is_no_choice() -> None:
    rows = [choice(500.0), choice(100.0, is_upper_bound=True)]

    assert picks(rows, [1.0, 1.0]).cheapest == 0


def test_a_sweep_of_bounds_alone_is_told_by_them() -> None:
    rows = [
        choice(900.0, strategy="no_battery"),
        choice(500.0, is_upper_bound=True),
        choice(100.0, is_upper_bound=True),
    ]

    assert picks(rows, [0.0, 1.0, 2.0]).cheapest == 2


def test_nothing_stands_out_where_nothing_is_known() -> None:
    found = picks([choice(500.0)], [0.0])

    assert found.cheapest == 0
    assert found.most_self_sufficient is None
    assert found.knee is None
    assert found.most_worth is None
    assert found.fastest_payback is None
