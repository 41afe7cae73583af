"""What states add, for those who say they are eligible."""

from datetime import date

import pytest
from pydantic import ValidationError

from home_energy.analysis.finance.incentive_line import IncentiveLine
from home_energy.analysis.finance.incentive_tables import Claim, tables
from home_energy.analysis.finance.incentives import incentives_for
from home_energy.analysis.finance.installation import Installation, Place
from home_energy.errors import ConfigError

ZONE_3 = Place(solar_zone=3)


def _claimed(
    claim: str, installed: date, battery_kwh: float = 13.5, kw_dc: float = 6.6
) -> IncentiveLine:
    installation = Installation(
        installed=installed, kw_dc=kw_dc, battery_usable_kwh=battery_kwh
    )
    return incentives_for(installation, ZONE_3, claims=[claim]).lines[-1]


@pytest.mark.parametrize(
    ("claim", "installed", "aud"),
    [
        # 10 kWh of 13.5 count: x 130, x 380
        ("wa-battery-synergy", date(2025, 6, 30), 0),
        ("wa-battery-synergy", date(2025, 7, 1), 1300),
        ("wa-battery-horizon", date(2025, 6, 30), 0),
        ("wa-battery-horizon", date(2025, 7, 1), 3800),
        # 13.5 x 118
        ("nsw-battery", date(2025, 1, 1), 1593),
        ("nsw-battery", date(2025, 6, 30), 1593),
        ("nsw-battery", date(2025, 7, 1), 0),
        # 13.5 x 37 from July on
        ("nsw-vpp", date(2025, 6, 30), 250),
        ("nsw-vpp", date(2025, 7, 1), 499.5),
        ("vic-solar", date(2025, 1, 1), 1400),
        ("vic-solar", date(2026, 6, 30), 1400),
        ("vic-solar", date(2026, 7, 1), 1400),
        ("qld-renters-solar", date(2025, 12, 11), 0),
        ("qld-renters-solar", date(2025, 12, 12), 3500),
        ("act-home-energy-support", date(2025, 1, 1), 2500),
        # 13.5 x 400
        ("nt-battery", date(2025, 6, 30), 5400),
        ("nt-battery", date(2025, 7, 1), 0),
    ],
)
def test_the_day_before_and_the_day_itself(
    claim: str, installed: date, aud: float
) -> None:
    line = _claimed(claim, installed)

    assert line.aud == pytest.approx(aud, abs=1e-9)
    assert line.certificates is None
    assert line.sentence.startswith("None: ") == (aud == 0)


@pytest.mark.parametrize(
    ("claim", "without", "with_loan", "loan"),
    [
        ("wa-battery-loan", date(2025, 6, 30), date(2025, 7, 1), "$10,000"),
        ("nsw-home-energy-loan", date(2026, 6, 24), date(2026, 6, 25), "$15,000"),
        ("vic-battery-loan", date(2025, 5, 28), date(2025, 5, 27), "$8,800"),
        ("act-household-loan", date(2025, 6, 30), date(2025, 7, 1), "$20,000"),
        ("tas-energy-saver-loan", date(2025, 9, 1), date(2025, 8, 31), "$10,000"),
        ("vic-solar-loan", None, date(2025, 1, 1), "$1,400"),
    ],
)
def test_a_loan_is_told_and_counts_for_nothing(
    claim: str, without: date | None, with_loan: date, loan: str
) -> None:
    line = _claimed(claim, with_loan)

    assert line.aud == 0
    assert line.sentence.startswith(f"A loan of up to {loan}, ")
    assert "It is no rebate" in line.sentence
    if without is not None:
        assert _claimed(claim, without).sentence.startswith("None: ")


@pytest.mark.parametrize(
    ("claim", "installed", "battery_kwh", "aud"),
    [
        ("wa-battery-synergy", date(2026, 7, 1), 4.9, 0),
        ("wa-battery-synergy", date(2026, 7, 1), 5.0, 650),
        ("wa-battery-synergy", date(2026, 7, 1), 10.0, 1300),
        ("wa-battery-horizon", date(2026, 7, 1), 4.9, 0),
        ("wa-battery-horizon", date(2026, 7, 1), 5.0, 1900),
        ("wa-battery-synergy", date(2026, 7, 1), 40.0, 1300),
        ("nsw-battery", date(2025, 6, 30), 1.9, 0),
        ("nsw-battery", date(2025, 6, 30), 2.0, 236),
        ("nsw-battery", date(2025, 6, 30), 28.0, 3304),
        ("nsw-battery", date(2025, 6, 30), 28.1, 0),
        ("nsw-vpp", date(2025, 6, 30), 1.9, 0),
        ("nsw-vpp", date(2025, 6, 30), 2.0, 250),
        ("nsw-vpp", date(2025, 6, 30), 28.0, 250),
        ("nsw-vpp", date(2025, 6, 30), 28.1, 0),
        ("nsw-vpp", date(2026, 7, 1), 1.9, 0),
        ("nsw-vpp", date(2026, 7, 1), 2.0, 74),
        ("nsw-vpp", date(2026, 7, 1), 28.0, 1036),
        ("nsw-vpp", date(2026, 7, 1), 50.0, 1036),
        ("nsw-vpp", date(2026, 7, 1), 50.1, 0),
        ("nt-battery", date(2025, 6, 30), 40.0, 12000),
    ],
)
def test_sizes_have_ends(
    claim: str, installed: date, battery_kwh: float, aud: float
) -> None:
    line = _claimed(claim, installed, battery_kwh=battery_kwh)

    assert line.aud == pytest.approx(aud, abs=1e-9)


@pytest.mark.parametrize(
    ("kw_dc", "aud"),
    [(2.9, 0), (3.0, 2500), (3.9, 2500), (4.0, 3000), (4.9, 3000), (5.0, 3500)],
)
def test_queensland_pays_by_the_size_of_the_panels(kw_dc: float, aud: float) -> None:
    assert _claimed("qld-renters-solar", date(2026, 7, 1), kw_dc=kw_dc).aud == aud


def test_the_income_that_victoria_allows_fell() -> None:
    june = _claimed("vic-solar", date(2026, 6, 30))
    july = _claimed("vic-solar", date(2026, 7, 1))

    assert "under 210,000 AUD" in june.sentence
    assert "under 150,000 AUD" in july.sentence


def test_a_rebate_for_what_is_not_bought_is_not_paid() -> None:
    panels = _claimed("vic-solar", date(2026, 7, 1), kw_dc=0.0)
    battery = _claimed("nsw-vpp", date(2026, 7, 1), battery_kwh=0.0)

    assert (panels.aud, battery.aud) == (0, 0)
    assert panels.sentence == "None: no new solar is bought."
    assert battery.sentence == "None: no new battery is bought."


def test_nothing_of_a_state_is_counted_unless_it_is_claimed() -> None:
    installation = Installation(
        installed=date(2026, 7, 1), kw_dc=6.6, battery_usable_kwh=13.5
    )

    found = incentives_for(installation, Place(solar_zone=3, state="WA"))

    assert [line.name for line in found.lines] == [
        "Solar certificates",
        "Cheaper Home Batteries Program",
    ]
    hints = [note for note in found.notes if note.startswith("Not counted: ")]
    assert [hint.split('"')[1] for hint in hints] == [
        "wa-battery-synergy",
        "wa-battery-horizon",
        "wa-battery-loan",
    ]


def test_the_smallest_battery_with_a_loan_has_it() -> None:
    day = date(2026, 7, 1)

    assert _claimed("wa-battery-loan", day, battery_kwh=4.9).sentence == (
        "None: 4.9 kWh usable are less than 5 kWh."
    )
    assert "A loan" in _claimed("wa-battery-loan", day, battery_kwh=5.0).sentence


def test_a_claim_too_early_and_one_too_late_are_told_apart() -> None:
    early = _claimed("wa-battery-synergy", date(2025, 6, 30))
    late = _claimed("nsw-battery", date(2025, 7, 1))

    assert early.sentence == (
        "None: installed on 2025-06-30, and it begins on 2025-07-01."
    )
    assert late.sentence == "None: installed on 2025-07-01, and it ended on 2025-06-30."


def test_what_is_claimed_or_excluded_or_over_is_not_hinted_at() -> None:
    installation = Installation(installed=date(2026, 7, 1), battery_usable_kwh=13.5)

    west = incentives_for(
        installation, Place(state="WA"), claims=["wa-battery-horizon"]
    )
    south = incentives_for(installation, Place(state="VIC"))
    east = incentives_for(installation, Place(state="NSW"), claims=["nsw-vpp"])

    assert [note.split('"')[1] for note in west.notes if "Not counted" in note] == [
        "wa-battery-loan"
    ]
    assert not [note for note in south.notes if "Not counted" in note]
    assert [note.split('"')[1] for note in east.notes if "Not counted" in note] == [
        "nsw-home-energy-loan"
    ]


@pytest.mark.parametrize(
    ("claims", "state", "message"),
    [
        (["wa-batery-synergy"], None, "did you mean wa-battery-synergy"),
        (["wa-battery-synergy"], "NSW", "is of WA, but the home is in NSW"),
        (["wa-battery-synergy", "wa-battery-horizon"], "WA", "only one of them"),
        (["nsw-vpp", "nsw-vpp"], "NSW", "only one of them"),
    ],
)
def test_a_claim_that_cannot_be_made_is_refused(
    claims: list[str], state: str | None, message: str
) -> None:
    place = Place(solar_zone=3, state=state)  # type: ignore[arg-type]
    installation = Installation(installed=date(2026, 7, 1), battery_usable_kwh=13.5)

    with pytest.raises(ConfigError, match=message):
        incentives_for(installation, place, claims=claims)


def test_claims_of_one_state_without_a_group_go_together() -> None:
    installation = Installation(installed=date(2025, 6, 30), battery_usable_kwh=13.5)

    found = incentives_for(
        installation, Place(state="NSW"), claims=["nsw-battery", "nsw-vpp"]
    )

    # None of the program, which begins on the next day; 1,593 + 250
    assert found.total_aud == 1843


@pytest.mark.parametrize(
    "period",
    [
        {},
        {"aud": 1.0, "loan_aud": 1.0},
        {"aud_per_kwh": 1.0},
        {"aud": 1.0, "counted_kwh": 1.0},
        {"aud": 1.0, "conditions": ""},
    ],
)
def test_a_period_of_no_kind_or_two_is_refused(period: dict[str, object]) -> None:
    dated = {
        "since": "2025-01-01",
        "source": "somebody",
        "as_of": "2025-01-01",
        "conditions": "for all",
    }

    with pytest.raises(ValidationError):
        Claim.model_validate(
            {"name": "x", "state": "SA", "part": "solar", "periods": [dated | period]}
        )


def test_every_claim_has_sources_that_were_read_before_the_last_search() -> None:
    for claim in tables().claims.values():
        for period in claim.periods:
            assert len(period.source) > 5
            assert period.as_of <= tables().searched
