"""What can be bought, and what cannot."""

from datetime import date

import pytest
from tests.analysis.finance.purchases import battery

from home_energy.analysis.finance.purchase import (
    PartKind,
    PricedPart,
    Purchase,
    Replacement,
)
from home_energy.errors import DataError


def test_parts_add_up() -> None:
    # 8,000 + 14,000 before incentives; 2,052 + 4,309 off: 15,639 is paid.
    parts = (
        PricedPart((PartKind.SOLAR,), 8000, "quote", date(2026, 2, 1), 2052),
        PricedPart((PartKind.BATTERY,), 14_000, "quote", date(2026, 2, 1), 4309),
    )

    bought = Purchase("both", parts, date(2026, 3, 1), battery_usable_kwh=13.5)

    assert bought.price_aud == 22_000
    assert bought.incentives_aud == 6361
    assert bought.net_aud == 15_639
    assert bought.kinds == {PartKind.SOLAR, PartKind.BATTERY}


def test_every_fault_is_told_at_once() -> None:
    part = PricedPart((), -1, "", None, float("nan"))

    with pytest.raises(DataError) as error:
        Purchase(
            "wrong",
            (part,),
            date(2026, 3, 1),
            battery_usable_kwh=10,
            warranty_years=0,
            replacement=Replacement(0, -5),
            maintenance_aud_per_year=-3,
        )

    said = str(error.value)
    for words in (
        "part 1: kinds",
        "part 1: source",
        "price_aud must be 0 or more, got -1",
        "incentives_aud must be 0 or more, got nan",
        "maintenance_aud_per_year must be 0 or more, got -3",
        "warranty_years must be more than 0, got 0",
        "after_years must be 1 or more, got 0",
        "replacement: price_aud must be 0 or more, got -5",
        "battery_usable_kwh must not be given without a battery",
    ):
        assert words in said


def test_a_battery_needs_its_size() -> None:
    with pytest.raises(DataError, match="battery_usable_kwh must be given"):
        battery(1000, battery_usable_kwh=None)


def test_nothing_bought_is_no_purchase() -> None:
    with pytest.raises(DataError, match="nothing is bought"):
        Purchase("air", (), date(2026, 3, 1))


def test_nobody_gets_more_for_the_old_than_for_the_new() -> None:
    with pytest.raises(DataError, match="at most the price of 1000, got 1001"):
        battery(1000, salvage_aud=1001)


def test_incentives_may_exceed_a_price() -> None:
    assert battery(3000, 3720).net_aud == -720
