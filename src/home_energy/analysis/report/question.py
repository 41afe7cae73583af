"""What a report is asked: a period, and every scenario and sweep of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from home_energy.analysis.scenario.scenario_file import (
    Period,
    Scenario,
    load_scenario,
)
from home_energy.analysis.scenario.sweep_file import SweptScenario, load_sweep
from home_energy.errors import ConfigError

SWEEPS = "sweeps"
"""Folder of sweeps within the folder of scenarios."""


@dataclass(frozen=True, slots=True)
class AskedScenario:
    """A scenario, the name and the SHA-256 of its file."""

    file: str
    scenario: Scenario
    sha256: str


@dataclass(frozen=True, slots=True)
class AskedSweep:
    """A sweep, the name and the SHA-256 of its file."""

    file: str
    sweep: SweptScenario
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """What a report tells of.

    Parameters
    ----------
    first, last
        Days of the report, both included; they stand in every scenario and sweep.
    scenarios, sweeps
        In order of the names of their files.
    """

    first: date
    last: date
    scenarios: tuple[AskedScenario, ...] = ()
    sweeps: tuple[AskedSweep, ...] = ()

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 of every file, scenarios first."""
        named = [(one.file, one.sha256) for one in self.scenarios]
        return (*named, *((one.file, one.sha256) for one in self.sweeps))

    @property
    def words(self) -> str:
        """`2025`, or first and last day."""
        year = self.first.year
        if (self.first, self.last) == (date(year, 1, 1), date(year, 12, 31)):
            return str(year)
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


def read_question(folder: Path, first: date, last: date) -> ReportQuestion:
    """Read every scenario of a folder, and the sweeps beside them.

    Raises
    ------
    ConfigError
        If there is no such folder, a file is at fault, or two have one name.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"{folder}: there is no such folder; expected one with scenarios, .toml; "
            "name it with --scenarios"
        )
    scenarios = []
    for path in sorted(folder.glob("*.toml")):
        scenario, sha256 = load_scenario(path)
        period = _period(scenario.period, first, last)
        asked = scenario.model_copy(update={"period": period})
        scenarios.append(AskedScenario(path.name, asked, sha256))
    sweeps = []
    for path in sorted((folder / SWEEPS).glob("*.toml")):
        sweep, sha256 = load_sweep(path)
        period = _period(sweep.period, first, last)
        swept = sweep.model_copy(update={"period": period})
        sweeps.append(AskedSweep(f"{SWEEPS}/{path.name}", swept, sha256))
    _require_one_of_a_name(folder, ((one.scenario.name, one.file) for one in scenarios))
    _require_one_of_a_name(folder, ((one.sweep.name, one.file) for one in sweeps))
    return ReportQuestion(first, last, tuple(scenarios), tuple(sweeps))


def _period(own: Period, first: date, last: date) -> Period:
    """Days of the report in the steps of the scenario."""
    return Period.model_validate(
        {"from": first, "to": last, "resolution_minutes": own.resolution_minutes}
    )


def _require_one_of_a_name(folder: Path, named: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for name, file in named:
        if name in seen:
            raise ConfigError(
                f"{folder / file}: name: {name!r} is the name of {seen[name]} too; "
                "expected one of its own, for results are told by it; change one"
            )
        seen[name] = file
