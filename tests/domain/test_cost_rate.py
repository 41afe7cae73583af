"""What the power that flows now costs."""

import pytest

from home_energy.domain.cost_rate import GridPrices, cost_aud_per_hour

BOTH = GridPrices(30.0, 5.0)


@pytest.mark.parametrize(
    ("grid_watts", "prices", "aud_per_hour"),
    [
        (1600.0, BOTH, 0.48),  # 1.6 kWh at 30 c
        (-2000.0, BOTH, -0.10),  # 2 kWh sold at 5 c
        (-2000.0, GridPrices(30.0, -4.0), 0.08),  # selling costs
        (2000.0, GridPrices(-3.0), -0.06),  # paid to use
        (0.0, GridPrices(30.0), 0.0),
    ],
)
def test_an_hour_costs_power_times_price(
    grid_watts: float, prices: GridPrices, aud_per_hour: float
) -> None:
    assert cost_aud_per_hour(grid_watts, prices) == pytest.approx(aud_per_hour)


def test_what_is_sold_at_a_price_nobody_knows_has_no_cost() -> None:
    assert cost_aud_per_hour(-1.0, GridPrices(30.0)) is None
