"""Prices without a quote."""

from datetime import date

import pytest

from home_energy.analysis.finance.cost_curves import (
    cost_curve,
    inverter_replacement,
    worn_inverter,
)
from home_energy.analysis.finance.purchase import PartKind, Replacement
from home_energy.errors import ConfigError, DataError


def test_a_powerwall_by_the_curve() -> None:
    # 2,669 + 13.5 x 611 = 10,917.50 is paid; 13.5 x 8.4 x 38 = 4,309.20 came off.
    price = cost_curve(PartKind.BATTERY).price_aud(13.5)

    assert price == pytest.approx(15_226.70)


def test_two_sources_agree_on_a_powerwall() -> None:
    # Solar Choice: $1,129 for each usable kWh of a Tesla, installed.
    each = cost_curve(PartKind.BATTERY).price_aud(13.5) / 13.5

    assert each == pytest.approx(1129, rel=0.01)


def test_solar_by_the_curve() -> None:
    # 6.6 x (950 + 1.382 x 5 x 38) = 6.6 x (950 + 262.58) = 8,003.03.
    assert cost_curve(PartKind.SOLAR).price_aud(6.6) == pytest.approx(8003.03, abs=0.01)


def test_a_part_says_whose_price_it_is() -> None:
    part = cost_curve(PartKind.BATTERY).part(10, incentives_aud=2584)

    assert part.dated == date(2026, 2, 1)
    assert "Rewiring Australia" in part.source
    assert part.net_aud == pytest.approx(2669 + 9302 - 2584)


def test_an_inverter_lasts_15_years() -> None:
    assert inverter_replacement() == Replacement(15, 2500)
    assert worn_inverter().price_aud.source == "Rewiring Australia"


def test_chargers_have_no_curve() -> None:
    with pytest.raises(ConfigError, match="charger; give the price of a quote"):
        cost_curve(PartKind.CHARGER)


@pytest.mark.parametrize("size", [0, -1, float("nan"), float("inf")])
def test_a_size_must_be_one(size: float) -> None:
    with pytest.raises(DataError, match="more than 0 usable kWh"):
        cost_curve(PartKind.BATTERY).price_aud(size)
