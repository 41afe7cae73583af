"""A file of choices is read whole, and all that is wrong with it is said at once."""

from pathlib import Path

import pytest

from home_energy.analysis.scenario.year_point import YearPoint
from home_energy.analysis.sweep.sweep_file import SweptScenario, load_sweep
from home_energy.errors import ConfigError

ROOT = Path(__file__).parents[3]
HEAD = """
name = "sizes"
title = "Which size"
[period]
year = 2025
resolution_minutes = 30
"""
SOLAR = """
[solar]
[[solar.array]]
kw_dc = 6.6
inverter_kw_ac = 5.0
"""
BATTERY = """
[battery]
product = "powerwall-3"
"""


def read(folder: Path, text: str) -> SweptScenario:
    path = folder / "sizes.toml"
    path.write_text(text)
    return load_sweep(path)[0]


def test_every_choice_is_tried_with_every_other(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        HEAD
        + SOLAR
        + BATTERY
        + """
[sweep]
solar_kw = [0, 5]
battery_kwh = [0, 10]
tariff = ["a", "b"]
strategy = ["self_consumption", "forecast"]
""",
    )

    points = asked.points("own")

    # Two tariffs, two sizes of panels; without a battery once, with it each strategy.
    assert len(points) == 2 * 2 * (1 + 2)
    assert points[:4] == (
        YearPoint("a", "no_battery", 0.0),
        YearPoint("a", "self_consumption", 0.0, 10.0),
        YearPoint("a", "no_battery", 5.0),
        YearPoint("a", "self_consumption", 5.0, 10.0),
    )


def test_what_is_left_out_is_the_scenarios_own(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        HEAD + SOLAR + BATTERY + '[strategy]\nnames = ["forecast"]\n[sweep]\n',
    )

    (only,) = asked.points("own")

    # 13.5 kWh is what the catalogue has of a Powerwall 3.
    assert only == YearPoint("own", "forecast", 6.6, 13.5)


def test_products_are_tried_beside_none(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        HEAD
        + '[battery]\nwear_c_per_kwh = 1.0\n[strategy]\nnames = ["forecast"]\n'
        + '[sweep]\nbattery_product = ["none", "powerwall-3"]\n',
    )

    assert asked.points("own") == (
        YearPoint("own", "no_battery"),
        YearPoint("own", "forecast", battery_product="powerwall-3"),
    )


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
[sweep]
solar_kw = [3, -1]
solar_kwh = [2]
battery_product = ["powerwal-3"]
strategy = ["forcast"]
[purchase]
installed = 2026-01-15
battery_aud_per_kw = 800
"""
    )

    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)

    said = str(refused.value)
    assert "sweep.solar_kw[2]: Input should be greater than or equal to 0" in said
    assert "sweep.solar_kwh: unknown key, did you mean solar_kw?" in said
    assert "sweep.strategy[1]" in said
    assert "purchase.battery_aud_per_kw: unknown key" in said
    assert said.endswith("see docs/models/sweeps.md")


@pytest.mark.parametrize(
    ("rest", "fault"),
    [
        ("[sweep]\nsolar_kw = [0, 5]\n", "sweep.solar_kw needs [solar]"),
        ("[sweep]\nbattery_kwh = [5]\n", "sweep.battery_kwh needs [battery]"),
        (
            BATTERY + '[sweep]\nbattery_product = ["none"]\n',
            "sweep.battery_product goes without battery.product",
        ),
        (
            BATTERY + '[sweep]\nbattery_product = ["none"]\nbattery_kwh = [5]\n',
            "battery_kwh goes without battery_product",
        ),
        (BATTERY + "[sweep]\nbattery_kwh = [5, 5]\n", "battery_kwh: 5.0 is named"),
        (
            '[sweep]\nbattery_product = ["powerwal-3"]\n',
            "'powerwal-3' is not in the catalogue, did you mean powerwall-3?",
        ),
        (
            BATTERY + "[sweep]\nbattery_kwh = [5]\n[purchase]\ninstalled = 2026-01-15\n"
            "battery_aud = 9000\n",
            "battery_aud: of one size",
        ),
        (
            SOLAR + "[sweep]\nsolar_kw = [5]\n[purchase]\ninstalled = 2026-01-15\n",
            "purchase.postcode or purchase.solar_zone is needed",
        ),
        (
            '[sweep]\nbattery_product = ["sungrow-sbr128"]\n',
            "battery Sungrow SBR128: charge_kw, discharge_kw",
        ),
        ("", "sweep: this key is required"),
    ],
)
def test_what_cannot_be_tried_is_refused(tmp_path: Path, rest: str, fault: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, HEAD + rest)

    assert fault in str(refused.value)


def test_a_price_by_size_becomes_the_price_of_a_choice(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        HEAD
        + SOLAR
        + BATTERY
        + """
[sweep]
battery_kwh = [5, 10]
[purchase]
installed = 2026-01-15
postcode = "3000"
solar_fixed_aud = 1000
solar_aud_per_kw = 900
battery_aud_per_kwh = 800
""",
    )

    purchase = asked.scenario_of(YearPoint("a", "forecast", 5.0, 10.0), "own").purchase

    # 1,000 + 5 x 900, and 10 x 800 with nothing fixed.
    assert purchase is not None
    assert (purchase.solar_aud, purchase.battery_aud) == (5500.0, 8000.0)


def test_a_product_has_its_own_price(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        HEAD
        + """
[battery]
charge_kw = 5.0
discharge_kw = 5.0
charge_efficiency_fraction = 0.95
discharge_efficiency_fraction = 0.95
[sweep]
battery_product = ["none", "powerwall-3", "sungrow-sbr128"]
[purchase]
installed = 2026-01-15
product_aud = { "powerwall-3" = 15500 }
""",
    )
    prices = []
    for name in ("powerwall-3", "sungrow-sbr128"):
        point = YearPoint("a", "forecast", battery_product=name)
        purchase = asked.scenario_of(point, "own").purchase
        assert purchase is not None
        prices.append(purchase.battery_aud)

    assert prices == [15500.0, None]  # the other has the cost curve's


def test_the_example_is_read() -> None:
    asked, _ = load_sweep(ROOT / "scenarios" / "sweeps" / "sizes.toml")

    # Two tariffs, five sizes of panels; five batteries with two strategies, and none.
    assert len(asked.points("own")) == 2 * 5 * (5 * 2 + 1)
