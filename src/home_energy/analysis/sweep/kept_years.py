"""Years of a sweep that were run before, on disk: one line each, as they come in.

A line is found again by a hash of all that it follows from: the scenario, every value
of the home's year and of the tariff on it, the devices, and the versions of what runs
it. So a sweep that was interrupted goes on where it was, one with more sizes runs the
new ones alone, and nothing old is taken for an answer to another question.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import joblib

from home_energy.analysis.scenario.result import PACKAGES
from home_energy.analysis.scenario.year_engine import Capacity, PreparedYear
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.analysis.scenario.year_point import YearPoint, battery_at
from home_energy.analysis.simulation.forecast_strategy import ForecastStrategy

NAME = "years.jsonl"

Years = tuple[YearFigures, ...]
"""Of one choice, at each capacity that was asked for."""


class YearKeys:
    """Names of the years of one home, by all that they follow from."""

    def __init__(self, year: PreparedYear) -> None:
        self._year = year
        self._versions = {name: version(name) for name in PACKAGES}
        self._of_tariff = cache(self._hash_of_tariff)

    def key(self, point: YearPoint, capacities: Sequence[Capacity]) -> str:
        """Name of a choice's years."""
        battery = battery_at(self._year.scenario.battery, point)
        plans_ahead = point.strategy == ForecastStrategy.name
        parts = {
            "year": self._of_tariff(point.tariff, plans_ahead=plans_ahead),
            "point": asdict(point),
            "battery": None if battery is None else asdict(battery),
            "capacities": [asdict(capacity) for capacity in capacities],
            "versions": self._versions,
        }
        text = json.dumps(parts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _hash_of_tariff(self, tariff: str, *, plans_ahead: bool) -> str:
        """Of everything a year on one tariff is made of."""
        priced = replace(self._year.priced(tariff), notes=())
        if not plans_ahead:
            priced = replace(priced, issued=None)
        same = replace(self._year, tariffs={tariff: priced}, notes=())
        return str(joblib.hash(same, hash_name="sha1"))


class KeptYears:
    """Years on disk; without a folder none are kept.

    Parameters
    ----------
    folder
        Made if it is not there. A line that cannot be read, such as the last one of a
        run that was cut off, is as if it were not there: its years are run again.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / NAME
        self._known: dict[str, Years] = {}
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            text = self._path.read_text(encoding="utf-8", errors="replace")
            self._known = dict(_read_lines(text))
            if text and not text.endswith("\n"):
                self._append("\n")

    @property
    def is_on_disk(self) -> bool:
        """Whether anything is kept."""
        return self._path is not None

    def get(self, key: str) -> Years | None:
        """Years of a name; `None` where they were not run yet."""
        return self._known.get(key)

    def save(self, found: Sequence[tuple[str, YearPoint, Years]]) -> None:
        """Keep years that were just run, with what they are for who reads the file."""
        lines = [
            json.dumps(
                {
                    "key": key,
                    "point": asdict(point),
                    "years": [asdict(one) for one in years],
                }
            )
            for key, point, years in found
        ]
        self._append("".join(f"{line}\n" for line in lines))

    def _append(self, text: str) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)


def _read_lines(text: str) -> list[tuple[str, Years]]:
    found = []
    for line in text.splitlines():
        try:
            kept = json.loads(line)
            years = tuple(YearFigures.read(one) for one in kept["years"])
            found.append((str(kept["key"]), years))
        except (ValueError, KeyError, TypeError):
            continue
    return found
