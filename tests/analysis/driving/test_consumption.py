"""Energy of a distance by the temperature outside."""

import pytest

from home_energy.analysis.driving.consumption import Consumption, published_consumption
from home_energy.domain.vehicle import Vehicle
from home_energy.errors import DataError


@pytest.mark.parametrize(
    ("outside_c", "kwh"),
    [
        (-5.0, 20.0),  # 20 degrees below 15: 100 km x (160 + 40) Wh
        (14.0, 16.2),
        (15.0, 16.0),
        (20.0, 16.0),
        (21.0, 16.1),
        (40.0, 18.0),  # 20 degrees above 20: 100 km x (160 + 20) Wh
        (None, 16.0),
    ],
)
def test_cold_and_heat_take_more(outside_c: float | None, kwh: float) -> None:
    consumption = Consumption(160.0, 2.0, 1.0)

    assert consumption.energy_kwh(100.0, outside_c) == pytest.approx(kwh, abs=1e-12)


def test_a_car_without_history_has_its_data_sheet_and_the_published_factors() -> None:
    published = published_consumption(Vehicle("a car", 60.0, 7.0, 11.0, 150.0))

    # 150 x (1 + 10 x 0.0098) = 164.7, 150 x (1 + 10 x 0.0063) = 159.45 Wh/km
    assert published.wh_per_km(None) == 150.0
    assert published.wh_per_km(5.0) == pytest.approx(164.7)
    assert published.wh_per_km(30.0) == pytest.approx(159.45)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((0.0,), "mild_wh_per_km"),
        ((160.0, -1.0), "cold_wh_per_km_per_c"),
        ((160.0, 0.0, float("inf")), "hot_wh_per_km_per_c"),
        ((160.0, 0.0, 0.0, 25.0), "cold_below_c"),
    ],
)
def test_what_cannot_be_is_refused(figures: tuple[float, ...], said: str) -> None:
    with pytest.raises(DataError, match=said):
        Consumption(*figures)
