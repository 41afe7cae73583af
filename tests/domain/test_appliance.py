"""An appliance as the household describes it."""

import math
from datetime import UTC, time

import pytest

from home_energy.domain.appliance import EVERYDAY, Appliance, ApplianceKind
from home_energy.errors import DataError


def test_energy_of_a_run_is_power_times_time() -> None:
    # 1.2 kW for an hour and three quarters: 1.2 x 1.75 = 2.1 kWh.
    assert Appliance("Dishwasher", 1.2, 105).kwh == pytest.approx(2.1)


def test_a_kettle_takes_a_tenth_of_a_kilowatt_hour() -> None:
    kettle = EVERYDAY[0]

    assert (kettle.name, kettle.kind) == ("Kettle", ApplianceKind.NOW_PRICE)
    assert kettle.kwh == pytest.approx(0.1)  # 2 kW for 3 of 60 minutes


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(DataError) as caught:
        Appliance(" ", math.nan, 721, time(7, tzinfo=UTC))

    assert str(caught.value) == (
        "appliance ' ': name must be 1 to 24 letters; kw must be more than 0, got nan; "
        "minutes must be 1 to 720, got 721; by must be a local time without a zone"
    )


@pytest.mark.parametrize("kw", [0.0, -1.0, math.inf])
def test_power_must_be_more_than_nothing(kw: float) -> None:
    with pytest.raises(DataError, match="kw must be more than 0"):
        Appliance("Dryer", kw, 60)


def test_what_does_not_wait_has_no_deadline() -> None:
    with pytest.raises(DataError, match="by must be left out where kind is now-price"):
        Appliance("Kettle", 2.0, 3, time(7), ApplianceKind.NOW_PRICE)
