"""A scenario as the TOML file that asks for it; `load_scenario` reads it back."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from home_energy.analysis.scenario.scenario_file import Scenario

HEAD = (
    "# Run it with `home-energy scenario run`; docs/models/scenarios.md is the manual."
)


def scenario_toml(scenario: Scenario) -> str:
    """TOML of a scenario: what a file may leave out is left out here."""
    tree = scenario.model_dump(by_alias=True, exclude_defaults=True)
    return "\n".join([HEAD, *_table(tree, ()), ""])


def _table(tree: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    """Own keys first, then the tables within, each under its full name."""
    tables = {key: part for key, part in tree.items() if _is_table(part)}
    for key, value in tree.items():
        if key not in tables and value is not None:
            yield f"{key} = {_value(value)}"
    for key, part in tables.items():
        name = ".".join((*place, key))
        if isinstance(part, Mapping):
            yield from ("", f"[{name}]", *_table(part, (*place, key)))
        else:
            for one in part:
                yield from ("", f"[[{name}]]", *_table(one, (*place, key)))


def _is_table(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    if not isinstance(value, list | tuple) or not value:
        return False
    return all(isinstance(one, Mapping) for one in value)


def _value(value: Any) -> str:  # noqa: ANN401 - whatever a scenario holds
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(_value(part) for part in value) + "]"
        case _:
            # What JSON escapes TOML escapes alike, and DEL besides.
            text = json.dumps(str(value), ensure_ascii=False)
            return text.replace("\x7f", "\\u007f")
