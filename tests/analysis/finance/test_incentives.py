"""Incentives as a whole: prices, notes, and what waiting changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from home_energy.analysis.finance.incentive_tables import (
    Dated,
    refuse_gaps,
    rule_on,
    tables,
)
from home_energy.analysis.finance.incentives import (
    incentives_for,
    what_waiting_changes,
)
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.analysis.finance.purchase import PartKind
from home_energy.errors import DataError

SYDNEY = Place(postcode="2000", state="NSW")
BOTH = Installation(installed=date(2026, 4, 30), kw_dc=6.6, battery_usable_kwh=20.0)


def test_the_default_price_is_38_and_told() -> None:
    found = incentives_for(BOTH, SYDNEY)

    # 6.6 x 1.382 x 5 = 45.6; 20 x 8.4 = 168
    assert [line.aud for line in found.lines] == [45 * 38, 168 * 38]
    assert found.total_aud == 8094
    assert found.aud_for(PartKind.SOLAR) == 1710
    assert found.aud_for(PartKind.BATTERY) == 6384
    assert found.notes[0].startswith("A certificate is taken at $38.00 (2026-09-30): ")


def test_a_typed_price_stands_before_the_default() -> None:
    found = incentives_for(BOTH, SYDNEY, certificate_aud=36.5)

    assert found.lines[1].aud == 168 * 36.5
    assert not any("A certificate is taken" in note for note in found.notes)


def test_the_ceiling_itself_is_a_price() -> None:
    assert incentives_for(BOTH, SYDNEY, certificate_aud=40.0).lines[1].aud == 6720


@pytest.mark.parametrize("price", [40.01, 0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_cannot_be_is_refused(price: float) -> None:
    with pytest.raises(DataError, match="above 0 and at most 40"):
        incentives_for(BOTH, SYDNEY, certificate_aud=price)


def test_conditions_are_told_of_what_is_paid_only() -> None:
    battery = incentives_for(
        Installation(
            installed=date(2026, 7, 1), battery_usable_kwh=10.0, has_solar=True
        ),
        Place(),
    )
    nothing = incentives_for(
        Installation(installed=date(2026, 7, 1), battery_usable_kwh=10.0), Place()
    )

    assert any("a car is no battery" in note for note in battery.notes)
    assert not any("accredited installer, certificates" in n for n in battery.notes)
    assert nothing.notes == ()


def test_where_nothing_is_bought_nothing_is_paid() -> None:
    found = incentives_for(Installation(installed=date(2026, 7, 1)), Place())

    assert (found.lines, found.total_aud) == ((), 0)


def test_a_day_after_the_last_search_is_told() -> None:
    searched = tables().searched
    today, tomorrow = (
        incentives_for(
            Installation(installed=day, kw_dc=6.6), Place(solar_zone=3)
        ).notes
        for day in (searched, searched + timedelta(days=1))
    )

    assert not any("laws change" in note for note in today)
    assert any("laws change" in note for note in tomorrow)


def test_days_before_the_tables_are_refused() -> None:
    with pytest.raises(DataError, match="known from 2025-01-01 on"):
        incentives_for(Installation(installed=date(2024, 12, 31), kw_dc=6.6), SYDNEY)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"kw_dc": -1.0}, "kw_dc is -1"),
        ({"battery_usable_kwh": float("nan")}, "battery_usable_kwh is nan"),
        ({"battery_nominal_kwh": float("inf")}, "battery_nominal_kwh is inf"),
        (
            {"battery_usable_kwh": 13.5, "battery_nominal_kwh": 13.0},
            "less than the 13.5 kWh usable",
        ),
    ],
)
def test_sizes_that_cannot_be_are_refused(
    sizes: dict[str, float], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        replace(BOTH, **sizes)  # type: ignore[arg-type]


def test_waiting_a_day_over_the_first_of_may_costs_rebate() -> None:
    waiting = what_waiting_changes(BOTH, date(2026, 5, 1), SYDNEY, 40.0)

    # Panels: the same year. Battery: 168 less 119 certificates (17.6 x 6.8 = 119.68).
    assert [line.aud for line in waiting.lines] == [0, -1960]
    assert waiting.total_aud == -1960
    assert waiting.sentence == (
        "Installing on 2026-05-01 instead of 2026-04-30 costs $1,960.00 of rebate."
    )
    assert [line.sentence for line in waiting.lines] == [
        "Solar certificates: the same amount.",
        (
            "Cheaper Home Batteries Program: $1,960.00 less. Now: 20 kWh x 8.4 = 168, "
            "so 168 certificates at $40.00: $6,720.00. Later: (14 kWh + 6 kWh x 60%) x "
            "6.8 = 119.68, so 119 certificates at $40.00: $4,760.00."
        ),
    ]


def test_waiting_for_a_program_to_begin_gains_it() -> None:
    june = Installation(
        installed=date(2025, 6, 30), battery_usable_kwh=13.5, has_solar=True
    )

    waiting = what_waiting_changes(june, date(2025, 7, 1), Place(), 40.0)

    # 125 certificates
    assert waiting.sentence == (
        "Installing on 2025-07-01 instead of 2025-06-30 gains $5,000.00 of rebate."
    )


def test_waiting_within_a_period_changes_nothing() -> None:
    waiting = what_waiting_changes(
        Installation(installed=date(2026, 5, 1), kw_dc=6.6), date(2026, 12, 31), SYDNEY
    )

    assert waiting.total_aud == 0
    assert waiting.sentence == (
        "Installing on 2026-12-31 instead of 2026-05-01 changes no rebate."
    )


def test_waiting_beyond_the_scheme_loses_all_of_it() -> None:
    waiting = what_waiting_changes(BOTH, date(2031, 1, 1), SYDNEY, 40.0)

    assert [line.aud for line in waiting.lines] == [-1800, -6720]


def test_waiting_tells_of_a_claim_that_ends_and_of_a_loan_that_begins() -> None:
    battery = Installation(installed=date(2025, 6, 30), battery_usable_kwh=13.5)

    ended = what_waiting_changes(
        battery, date(2025, 7, 1), Place(), claims=["nsw-battery"]
    )
    begun = what_waiting_changes(
        battery, date(2025, 7, 1), Place(), claims=["wa-battery-loan"]
    )

    assert ended.lines[-1].aud == -1593
    assert begun.lines[-1].aud == 0
    assert "Later: A loan of up to $10,000" in begun.lines[-1].sentence


@pytest.mark.parametrize("later", [date(2026, 4, 30), date(2026, 4, 29)])
def test_waiting_means_a_later_day(later: date) -> None:
    with pytest.raises(DataError, match="must be after 2026-04-30"):
        what_waiting_changes(BOTH, later, SYDNEY)


def test_every_day_of_the_scheme_has_one_rule() -> None:
    rules = tables()
    day = date(2025, 7, 1)
    while day <= date(2030, 12, 31):
        for table in (rules.solar.deeming, rules.battery.factors, rules.battery.tapers):
            assert sum(rule.holds_on(day) for rule in table) == 1
        day += timedelta(days=1)


def test_factors_and_tiers_begin_and_end_together() -> None:
    factors, tapers = tables().battery.factors, tables().battery.tapers

    assert tapers[0].since == factors[0].since == date(2025, 7, 1)
    assert tapers[-1].until == factors[-1].until == date(2030, 12, 31)


def test_tables_fall_and_never_rise() -> None:
    factors = [rule.certificates_per_kwh for rule in tables().battery.factors]
    years = [rule.years for rule in tables().solar.deeming]

    assert factors == sorted(factors, reverse=True)
    assert years == sorted(years, reverse=True)


def test_every_figure_has_a_source_that_was_read_before_the_last_search() -> None:
    rules = tables()
    for sourced in (
        rules.certificate,
        rules.solar,
        rules.battery,
        *rules.solar.deeming,
        *rules.battery.factors,
        *rules.battery.tapers,
    ):
        assert len(sourced.source) > 5
        assert date(2025, 1, 1) < sourced.as_of <= rules.searched


@pytest.mark.parametrize(
    ("until", "since"),
    [
        (date(2025, 6, 30), date(2025, 7, 2)),
        (date(2025, 6, 30), date(2025, 6, 30)),
        (None, date(2025, 7, 1)),
    ],
)
def test_rules_with_a_gap_or_an_overlap_are_refused(
    until: date | None, since: date
) -> None:
    before = Dated(source="a", as_of=since, since=date(2025, 1, 1), until=until)
    after = Dated(source="a", as_of=since, since=since)

    with pytest.raises(ValueError, match="does not follow"):
        refuse_gaps([before, after])


def test_a_rule_without_a_last_day_holds_on() -> None:
    rule = Dated(source="a", as_of=date(2025, 1, 1), since=date(2025, 7, 1))

    assert rule_on([rule], date(2099, 1, 1)) is rule
    assert rule_on([rule], date(2025, 6, 30)) is None
