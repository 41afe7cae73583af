"""What a file says of a purchase, and what is refused in one go."""

from datetime import date
from pathlib import Path

import pytest
from tests.analysis.scenario.test_scenario_file import (
    CAR,
    LEAST,
    ROOT,
    loaded,
    refusal,
)

from home_energy.analysis.scenario.scenario_file import load_scenario

SOLAR = "[solar]\n[[solar.array]]\nkw_dc = 6.6\n"
BATTERY = '[battery]\nproduct = "powerwall-3"\n'
BUY = "[purchase]\ninstalled = 2026-03-01\n"
ASSUMED = "[purchase.assumptions]\n"
LOAN = "[purchase.assumptions.loan]\n"


def test_a_day_is_enough_for_a_battery(tmp_path: Path) -> None:
    purchase = loaded(tmp_path, LEAST + BATTERY + BUY).purchase

    assert purchase is not None
    assert purchase.installed == date(2026, 3, 1)
    assert purchase.later_day == date(2027, 3, 1)
    assert purchase.assumptions.assumed().horizon_years == 15


def test_a_leap_day_is_followed_by_the_28th(tmp_path: Path) -> None:
    text = LEAST + BATTERY + BUY.replace("2026-03-01", "2028-02-29")

    purchase = loaded(tmp_path, text).purchase

    assert purchase is not None
    assert purchase.later_day == date(2029, 2, 28)


def test_own_assumptions_stand_before_the_shipped(tmp_path: Path) -> None:
    text = LEAST + BATTERY + BUY + ASSUMED + "horizon_years = 10\nis_real = false\n"
    loan = LOAN + "rate_fraction_per_year = 0.08\nyears = 5\n"

    purchase = loaded(tmp_path, text + loan).purchase

    assert purchase is not None
    assumed = purchase.assumptions.assumed()
    assert assumed.horizon_years == 10
    assert not assumed.is_real
    assert assumed.loan is not None
    assert (assumed.loan.share_fraction, assumed.loan.years) == (1.0, 5)
    # The shipped real 3.51 % beside inflation of 2.5 %: 1.0351 x 1.025 - 1.
    assert assumed.discount_fraction_per_year == pytest.approx(0.0609775)


def test_all_faults_of_a_purchase_are_said_at_once(tmp_path: Path) -> None:
    text = (
        LEAST
        + BATTERY
        + BUY
        + ('batery_aud = 1\nother_aud = -1\npostcode = "30"\ninverter_life_years = 0\n')
    )

    said = refusal(tmp_path, text + ASSUMED + "discount_per_year = 0.05\n")

    assert "purchase.batery_aud: unknown key, did you mean battery_aud?" in said
    assert "purchase.other_aud" in said
    assert "purchase.postcode" in said
    assert "purchase.inverter_life_years" in said
    assert "did you mean discount_fraction_per_year?" in said


def test_all_that_does_not_fit_the_devices_is_said_at_once(tmp_path: Path) -> None:
    text = (
        LEAST
        + SOLAR
        + BUY
        + ("battery_aud = 9000\ncharger_aud = 900\nbattery_nominal_kwh = 14\n")
    )

    said = refusal(tmp_path, text)

    assert "purchase.battery_aud without [battery]" in said
    assert "purchase.charger_aud without [car]" in said
    assert "purchase.battery_nominal_kwh without [battery]" in said
    assert "purchase.postcode or purchase.solar_zone is needed" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BUY, "buys nothing"),
        (SOLAR + BATTERY + BUY + "solar_zone = 3\nsolar_aud = 1\n"
         "solar_and_battery_aud = 2\n", "goes without solar_aud"),
        (BATTERY + BUY + "solar_and_battery_aud = 2\n", "without [solar] and"),
        (BATTERY + BUY + "later = 2026-03-01\n", "later must be after"),
        (BATTERY + BUY + "inverter_life_years = 10\n", "go with [solar]"),
        (BATTERY + BUY + 'state = "NZ"\n', "'NSW'"),
        (BATTERY + "[purchase]\n", "purchase.installed: this key is required"),
        (BATTERY + BUY + ASSUMED + "horizon_years = 60\n", "1 to 50"),
        (BATTERY + BUY + ASSUMED + "horizon_years = 34\n", "leaves nothing of it"),
        (SOLAR + BUY + "solar_zone = 3\n" + ASSUMED
         + "solar_fade_fraction_per_year = 0.1\n", "solar_fade_fraction_per_year"),
        (BATTERY + BUY + LOAN + "years = 3\n", "rate_fraction_per_year: this key"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, LEAST + text)


def test_a_battery_lasts_as_long_as_something_is_left(tmp_path: Path) -> None:
    # At 3 % a year the middle of the 33rd year has 1 - 32.5 x 0.03 = 2.5 % left.
    text = LEAST + BATTERY + BUY + ASSUMED + "horizon_years = 33\n"

    assert loaded(tmp_path, text).purchase is not None


def test_a_car_alone_may_be_bought_a_charger(tmp_path: Path) -> None:
    purchase = loaded(tmp_path, LEAST + CAR + BUY + "charger_aud = 1500\n").purchase

    assert purchase is not None
    assert purchase.charger_aud == 1500


def test_the_manual_shows_a_purchase_that_loads(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "models" / "scenarios.md").read_text()
    shown = manual.split("```toml\n")[3].split("```")[0]

    purchase = loaded(tmp_path, shown).purchase

    assert purchase is not None
    assert purchase.battery_aud == 15_500
    assert purchase.assumptions.assumed().loan is not None


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "scenarios" / "quotes").glob("*.toml")),
    ids=lambda path: path.stem,
)
def test_every_example_of_a_quote_loads(tmp_path: Path, path: Path) -> None:
    scenario = loaded(tmp_path, path.read_text())

    assert scenario.name == path.stem
    assert scenario.purchase is not None


@pytest.mark.parametrize(
    ("said", "postcode", "zone"),
    [
        ("", "3000", None),
        ('postcode = "2000"\n', "2000", None),
        ("solar_zone = 2\n", None, 2),
    ],
)
def test_a_purchase_is_at_the_home_unless_it_says_where(
    tmp_path: Path, said: str, postcode: str | None, zone: int | None
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(LEAST + SOLAR + BUY + said)

    scenario, _ = load_scenario(path, home_postcode="3000")

    assert scenario.purchase is not None
    assert scenario.purchase.postcode == postcode
    assert scenario.purchase.solar_zone == zone


def test_a_scenario_without_a_purchase_gets_none_by_the_homes_postcode(
    tmp_path: Path,
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(LEAST + BATTERY)

    assert load_scenario(path, home_postcode="3000")[0].purchase is None
