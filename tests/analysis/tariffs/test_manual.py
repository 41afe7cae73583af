"""The manual of tariffs says what the program reads."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from home_energy.analysis.tariffs import plan as plans
from home_energy.analysis.tariffs.plan_files import load_plan
from home_energy.analysis.tariffs.plan_tariff import PlanTariff

MANUAL = Path(__file__).parents[3] / "docs" / "models" / "tariffs.md"
PARTS = [
    plans.Plan,
    plans.PlanPeriod,
    plans.UsageRate,
    plans.FeedInRate,
    plans.SpotPrice,
    plans.Block,
    plans.ExportAllowance,
    plans.FixedCharge,
    plans.DemandCharge,
    plans.Discount,
]


def test_the_example_is_a_plan(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", MANUAL.read_text(), re.DOTALL)
    path = tmp_path / "my-plan.toml"
    path.write_text(example)

    tariff = PlanTariff(load_plan(path))

    assert tariff.name == "my-plan"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: str(part.__name__))
def test_every_key_stands_in_the_manual(part: type[BaseModel]) -> None:
    keys = [field.alias or name for name, field in part.model_fields.items()]

    named = set(re.findall(r"[a-z_]+", MANUAL.read_text()))

    assert set(keys) <= named
