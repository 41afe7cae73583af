import json
import tomllib
from pathlib import Path

import pytest
from tests.analysis.tariffs import cdr_answers as cdr
from tests.cli.conftest import CommandLine

from home_energy.analysis.tariffs.cdr_plan import CdrChoices, read_cdr_plan
from home_energy.analysis.tariffs.plan_files import load_plan


@pytest.fixture
def plan_file(command_line: CommandLine) -> Path:
    path = command_line.folder / "plan.json"
    path.write_bytes(cdr.content(cdr.full_plan()))
    return path


def test_an_imported_plan_is_a_tariff_that_is_listed(
    command_line: CommandLine, plan_file: Path
) -> None:
    done = command_line.run("import", "plan", "plan.json", "--name", "saver")
    listed = command_line.run("tariffs", "--json")

    assert done.returncode == 0, done.stderr
    assert "Composed Energy Plain Saver, Ausgrid" in done.stdout
    assert "Peak: 45 c/kWh, weekday, 15:00-21:00" in done.stdout
    assert "note: green power not counted: GreenPower" in done.stdout
    written = command_line.config / "tariffs" / "saver.toml"
    expected = read_cdr_plan(
        plan_file.read_bytes(), "plan.json", CdrChoices(name="saver")
    )
    assert load_plan(written) == expected.plan
    known = {plan["name"]: plan for plan in json.loads(listed.stdout)["tariffs"]}
    assert not known["saver"]["is_shipped"]
    assert known["saver"]["periods"][0]["from"] == "2025-07-01"
    assert known["amber"]["is_shipped"]


def test_a_tariff_is_replaced_only_when_that_is_asked(
    command_line: CommandLine, plan_file: Path
) -> None:
    written = command_line.config / "tariffs" / "com123456mre1-eme.toml"
    written.parent.mkdir(parents=True)
    written.write_text("mine")

    refused = command_line.run("import", "plan", plan_file.name)
    kept = written.read_text()
    forced = command_line.run(
        "import", "plan", plan_file.name, "--force", "--from", "2025-01-01"
    )

    assert refused.returncode == 4
    assert "--force" in refused.stderr
    assert kept == "mine"
    assert forced.returncode == 0, forced.stderr
    period = tomllib.loads(written.read_text())["period"][0]
    assert period["from"].isoformat() == "2025-01-01"


def test_a_plan_that_is_refused_leaves_nothing(
    command_line: CommandLine, plan_file: Path
) -> None:
    quota = cdr.changed(
        cdr.full_plan(), ["electricityContract", "pricingModel"], "QUOTA"
    )
    plan_file.write_bytes(cdr.content(quota))

    done = command_line.run("import", "plan", plan_file.name)
    missing = command_line.run("import", "plan", "nowhere.json")

    assert done.returncode == 4
    assert "plan.json: electricityContract.pricingModel: QUOTA" in done.stderr
    assert missing.returncode == 4
    assert "nowhere.json: not readable" in missing.stderr
    assert not (command_line.config / "tariffs").exists()


def test_tariffs_are_listed_with_their_sources(command_line: CommandLine) -> None:
    own = command_line.config / "tariffs" / "broken.toml"
    own.parent.mkdir(parents=True)
    own.write_text('name = "broken"\n')

    done = command_line.run("tariffs")

    assert done.returncode == 0, done.stderr
    assert "flat-vic-jemena (shipped)" in done.stdout
    assert "from 2025-07-01: Essential Services Commission" in done.stdout
    assert "broken (your own)" in done.stdout
    assert "title: this key is required" in done.stdout
