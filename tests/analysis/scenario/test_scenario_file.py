"""Scenario files: what they say, and what is refused in one go."""

from datetime import date
from pathlib import Path

import pytest

from home_energy.analysis.scenario.scenario_file import Scenario, load_scenario
from home_energy.errors import ConfigError

ROOT = Path(__file__).parents[3]
CAR = (
    '[car.vehicle]\nproduct = "tesla-model-y-rwd"\n[car.charger]\nproduct = "ac-7kw"\n'
)
LEAST = 'name = "a"\ntitle = "A question"\n[period]\nyear = 2025\n'


def loaded(folder: Path, text: str) -> Scenario:
    path = folder / "scenario.toml"
    path.write_text(text)
    return load_scenario(path)[0]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        loaded(folder, text)
    return str(refused.value)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_example_loads_under_the_name_of_its_file(path: Path) -> None:
    scenario, _ = load_scenario(path)

    assert scenario.name == path.stem


def test_the_manual_shows_scenarios_that_load(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "models" / "scenarios.md").read_text()
    first, second = (part.split("```")[0] for part in manual.split("```toml\n")[1:3])

    with_battery, with_car = loaded(tmp_path, first), loaded(tmp_path, second)

    assert with_battery.solar is not None
    assert with_battery.solar.kw_dc == 6.6
    assert with_battery.strategy.names[-1] == "perfect_foresight"
    assert with_car.car is not None
    assert with_car.car.vehicle.product == "tesla-model-y-rwd"


def test_the_manual_shows_what_a_car_is_by_itself(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "models" / "scenarios.md").read_text()
    shown = loaded(tmp_path, manual.split("```toml\n")[2].split("```")[0]).car
    least = '[car.vehicle]\nproduct = "tesla-model-y-rwd"\n[car.charger]\n'

    unsaid = loaded(tmp_path, LEAST + least + 'product = "ac-7kw"\n').car

    assert shown == unsaid


def test_a_year_is_the_meters(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, LEAST)

    assert scenario.period.days == (date(2025, 1, 1), date(2025, 12, 31))
    assert scenario.period.resolution_minutes == 5


def test_all_faults_are_said_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    text = LEAST + (
        "[batery]\n[connection]\nexport_limit_kw = -1\n"
        "[solar]\n[[solar.array]]\nkw_dc = 6.6\ntilt_degrees = 20\n"
    )

    said = refusal(tmp_path, text)

    assert "did you mean battery?" in said
    assert "connection.export_limit_kw" in said
    assert "did you mean tilt_deg?" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEAST.replace("year = 2025", ""), "either year, or from and to"),
        (LEAST + "from = 2025-01-01\nto = 2025-01-31\n", "year goes without"),
        (LEAST + '[strategy]\nnames = ["time_of_use"]\n', "charge_windows"),
        (LEAST + '[strategy]\nnames = ["price_threshold"]\n', "charge_below_c_per_kwh"),
        (LEAST + '[strategy]\nnames = ["magic"]\n', "'self_consumption'"),
        (LEAST.replace('"a"', '"A b"'), "name"),
        (LEAST + '[strategy]\nnames = ["on_arrival"]\n', "without [car]"),
        (LEAST + CAR + '[strategy]\nnames = ["smart_cycles"]\n', "battery_rule"),
        (LEAST + CAR + '[strategy]\nnames = ["timer"]\n', "timer_windows"),
        (LEAST + CAR + "[car]\nis_in_usage = true\n", "driving.history"),
        (LEAST + CAR + '[car.driving]\nhistory = "tessie"\nseed = 2\n', "seed"),
        (LEAST + CAR + '[car.driving]\nhistory_car = "x"\n', "goes with history"),
        (LEAST + CAR + '[car]\ndischarge = "v2x"\n', "'v2g'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_figures_of_ones_own_stand_before_the_catalogues(tmp_path: Path) -> None:
    text = LEAST + '[battery]\nproduct = "powerwall-3"\nusable_kwh = 10.0\n'

    scenario = loaded(tmp_path, text)

    assert scenario.battery is not None
    assert scenario.battery.own_figures == {"usable_kwh": 10.0}
