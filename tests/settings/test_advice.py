"""Appliances in home.toml, and what is said of those that cannot be."""

from datetime import time
from pathlib import Path

import pytest

from home_energy.domain.appliance import EVERYDAY, Appliance, ApplianceKind
from home_energy.errors import ConfigError
from home_energy.settings import load_settings

DISHWASHER = '[[advice.appliances]]\nname = "Dishwasher"\nkw = 1.0\nminutes = 90\n'
ROOT = Path(__file__).parents[2]


def _refusal(folder: Path, toml: str) -> str:
    (folder / "home.toml").write_text(toml)
    with pytest.raises(ConfigError) as caught:
        load_settings(folder, {})
    return str(caught.value)


def test_without_appliances_only_everyday_actions_are_told(tmp_path: Path) -> None:
    advice = load_settings(tmp_path, {}).advice

    assert advice.may_wait == ()
    assert advice.told_now == EVERYDAY


def test_an_appliance_waits_unless_its_kind_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "home.toml").write_text(
        DISHWASHER
        + 'by = "07:00"\n[[advice.appliances]]\nname = "Toaster"\nkw = 0.9\n'
        + 'minutes = 4\nkind = "now-price"\n'
    )

    advice = load_settings(tmp_path, {}).advice

    assert advice.may_wait == (Appliance("Dishwasher", 1.0, 90, time(7)),)
    toaster = Appliance("Toaster", 0.9, 4, kind=ApplianceKind.NOW_PRICE)
    assert advice.told_now == (toaster,)


def test_the_appliance_of_the_example_can_be_put_in(tmp_path: Path) -> None:
    example = (ROOT / "config" / "home.example.toml").read_text()
    block = example[example.index("# [[advice.appliances]]") :].split("\n\n")[0]
    lines = [line.removeprefix("# ") for line in block.splitlines()]
    (tmp_path / "home.toml").write_text("\n".join(lines))

    advice = load_settings(tmp_path, {}).advice

    assert advice.may_wait == (Appliance("Dishwasher", 1.0, 90, time(7)),)


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    said = _refusal(
        tmp_path,
        '[[advice.appliances]]\nname = " "\nkw = 1800\nminutes = 0\nby = 7\n'
        'kind = "later"\nhours = 2\n',
    )

    for part in (
        "advice.appliances[1].name: ",
        "advice.appliances[1].kw: Input should be less than or equal to 50, found 1800",
        "advice.appliances[1].minutes: Input should be greater than or equal to 1",
        'advice.appliances[1].by: expected a time of day like "21:00", found 7',
        "advice.appliances[1].kind: Input should be 'wait' or 'now-price'",
        "advice.appliances[1].hours: unknown key",
    ):
        assert part in said


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    said = _refusal(tmp_path, DISHWASHER + DISHWASHER)

    assert "advice: two appliances are called Dishwasher" in said


def test_a_deadline_needs_something_that_waits(tmp_path: Path) -> None:
    said = _refusal(tmp_path, DISHWASHER + 'by = "07:00"\nkind = "now-price"\n')

    assert 'Dishwasher: with kind = "now-price" it does not wait' in said
