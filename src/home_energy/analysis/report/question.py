"""What a report is asked: a period, and every scenario and sweep of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from home_energy.analysis.scenario.scenario_file import (
    Period,
    Scenario,
    load_scenario,
)
from home_energy.analysis.sweep.sweep_file import SweptScenario, load_sweep
from home_energy.errors import ConfigError

Asked = TypeVar("Asked", bound=Scenario)

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


@dataclass(frozen=True, slots=True)
class ScenarioFolder:
    """Every file of a folder, on the days that each says itself."""

    scenarios: tuple[AskedScenario, ...]
    sweeps: tuple[AskedSweep, ...]

    def on(self, first: date, last: date) -> ReportQuestion:
        """The same questions on the days of a report, in their own steps."""
        return ReportQuestion(
            first,
            last,
            tuple(
                replace(one, scenario=_on(one.scenario, first, last))
                for one in self.scenarios
            ),
            tuple(
                replace(one, sweep=_on(one.sweep, first, last)) for one in self.sweeps
            ),
        )


def read_folder(folder: Path, home_postcode: str | None = None) -> ScenarioFolder:
    """Read every scenario of a folder, and the sweeps in the folder within.

    Parameters
    ----------
    home_postcode
        Where purchases are that do not say so themselves.

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
    scenarios = tuple(
        AskedScenario(path.name, *load_scenario(path, home_postcode))
        for path in sorted(folder.glob("*.toml"))
    )
    sweeps = tuple(
        AskedSweep(f"{SWEEPS}/{path.name}", *load_sweep(path, home_postcode))
        for path in sorted((folder / SWEEPS).glob("*.toml"))
    )
    _require_one_of_a_name(folder, ((one.scenario.name, one.file) for one in scenarios))
    _require_one_of_a_name(folder, ((one.sweep.name, one.file) for one in sweeps))
    return ScenarioFolder(scenarios, sweeps)


def _on(asked: Asked, first: date, last: date) -> Asked:
    resolution = asked.period.resolution_minutes
    days = {"from": first, "to": last, "resolution_minutes": resolution}
    return asked.model_copy(update={"period": Period.model_validate(days)})


def _require_one_of_a_name(folder: Path, named: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for name, file in named:
        if name in seen:
            raise ConfigError(
                f"{folder / file}: name: {name!r} is the name of {seen[name]} too; "
                "expected one of its own, for results are told by it; change one"
            )
        seen[name] = file
