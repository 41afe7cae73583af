from datetime import date
from pathlib import Path

import pytest

from home_energy.analysis.tariffs.plan import Plan, PlanPeriod
from home_energy.analysis.tariffs.plan_files import SHIPPED, find_plan, load_plan
from home_energy.analysis.tariffs.plan_toml import plan_text

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
NOWHERE = Path("/nonexistent")


def period(name: str, day: date) -> PlanPeriod:
    found = [p for p in find_plan(name, NOWHERE).period if p.start <= day]
    return found[-1]


def usage(name: str, rate: str, day: date) -> float:
    (found,) = {r.c_per_kwh for r in period(name, day).usage if r.name == rate}
    assert found is not None
    return found


def per_day(name: str, charge: str, day: date) -> float:
    (found,) = (f.c_per_day for f in period(name, day).fixed if f.name == charge)
    assert found is not None
    return found


IN_2025_26 = date(2025, 9, 1)


def test_there_is_a_plan_of_every_kind() -> None:
    kinds = {name.split("-")[0] for name in NAMES}

    assert kinds == {"amber", "demand", "flat", "tou"}


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_plan_holds_for_all_of_2025_and_says_its_sources(
    name: str,
) -> None:
    plan = find_plan(name, NOWHERE)

    assert plan.period[0].start <= date(2025, 1, 1)
    assert plan.title
    for part in plan.period:
        assert "read 2026-11" in part.source


@pytest.mark.parametrize("name", NAMES)
def test_what_is_assumed_says_so(name: str) -> None:
    plan = find_plan(name, NOWHERE)

    said = (plan.title + " ".join(p.source for p in plan.period)).lower()

    words = ("assum", "uncertain", "stand in")
    assert any(word in said for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_plan_written_anew_is_the_same(name: str, tmp_path: Path) -> None:
    plan = find_plan(name, NOWHERE)
    copy = tmp_path / f"{name}.toml"

    copy.write_text(plan_text(plan), encoding="utf-8")

    assert load_plan(copy) == plan


def test_amber_passes_its_own_prices_on() -> None:
    plan: Plan = find_plan("amber", NOWHERE)

    assert all(rate.amber for rate in plan.period[0].usage)
    assert all(rate.amber for rate in plan.period[0].feed_in)
    # $25 a month is 25 x 12 / 365 / 1.1 = 0.7472 $/day without GST; a bill of September
    # 2026 printed 0.7471.
    month_aud = plan.period[0].fixed[0].aud_per_month
    assert month_aud is not None
    assert month_aud * 12 / 365 / 1.1 == pytest.approx(0.7471, abs=0.0002)


def test_the_default_offer_of_victoria_costs_what_its_regulator_says() -> None:
    # 4,000 kWh a year. The zone's tariff: 365 x 1.2301 + 4000 x 0.2972 = 1637.79. The
    # Commission's average of five zones is 1675; the other four of the same table come
    # to 1546.06, 1578.75, 1703.07 and 1907.13.
    year_aud = 3.65 * per_day("flat-vic-jemena", "Supply charge", IN_2025_26)
    year_aud += 40 * usage("flat-vic-jemena", "Usage", IN_2025_26)

    assert year_aud == pytest.approx(1637.79, abs=0.01)
    others = 1546.06 + 1578.75 + 1703.07 + 1907.13
    assert (year_aud + others) / 5 == pytest.approx(1675, abs=1)


def test_both_default_offers_share_supply_and_controlled_load() -> None:
    flat, timed = "flat-vic-jemena", "tou-vic-jemena"

    for rate in ("Controlled load",):
        assert usage(flat, rate, IN_2025_26) == usage(timed, rate, IN_2025_26) == 23.14
    assert per_day(flat, "Supply charge", IN_2025_26) == 123.01
    assert per_day(timed, "Supply charge", IN_2025_26) == 123.01


@pytest.mark.parametrize(
    ("name", "rate", "c_per_kwh"),
    [
        # 1.1 x network + other charges, network as aemo-to-tariff 0.7.28 has it;
        # autoenergy.net rounds Ausgrid's to 29.25 and 5.15.
        ("amber-like-nsw", "Peak", 1.1 * 29.25 + 4.6293),
        ("amber-like-nsw", "Off-peak", 1.1 * 5.15 + 4.6293),
        ("amber-like-vic", "Peak", 1.1 * 18.34 + 3.2639),
        ("amber-like-vic", "Off-peak", 1.1 * 4.87 + 3.2639),
    ],
)
def test_coefficients_are_what_their_parts_come_to(
    name: str, rate: str, c_per_kwh: float
) -> None:
    (found,) = (r.spot for r in period(name, IN_2025_26).usage if r.name == rate)

    assert found is not None
    assert found.c_per_kwh == pytest.approx(c_per_kwh, abs=0.006)


@pytest.mark.parametrize(
    ("name", "day", "c_per_kwh"),
    [
        ("flat-vic-jemena", date(2025, 6, 30), 3.3),
        ("flat-vic-jemena", date(2025, 7, 1), 0.04),
        ("tou-vic-jemena", date(2025, 6, 30), 3.3),
        ("tou-vic-jemena", date(2025, 7, 1), 0.04),
        ("flat-nsw-ausgrid", date(2025, 7, 1), 4.0),
    ],
)
def test_feed_in_is_what_the_regulator_or_the_retailer_published(
    name: str, day: date, c_per_kwh: float
) -> None:
    assert period(name, day).feed_in[0].c_per_kwh == c_per_kwh


def test_free_export_gives_back_what_the_feed_in_price_holds() -> None:
    found = period("amber-like-nsw", IN_2025_26)

    (charged,) = (
        rate.spot.c_per_kwh
        for rate in found.feed_in
        if rate.spot is not None and rate.spot.c_per_kwh < 0
    )
    assert found.export_allowance[0].c_per_kwh == -charged == 1.23
