"""A plan as the TOML file that describes it; `load_plan` reads the same plan back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from home_energy.analysis.tariffs.cdr_wire import one_line
from home_energy.analysis.tariffs.plan import Plan


def plan_text(plan: Plan, notes: Sequence[str] = ()) -> str:
    """TOML of a plan: what is left out there is left out here.

    Parameters
    ----------
    notes
        Comments at the top of the file, one a line.
    """
    tree = plan.model_dump(by_alias=True, exclude_defaults=True)
    periods = tree.pop("period")
    lines = [f"# {one_line(note)}" for note in notes]
    lines += _pairs(tree)
    for period in periods:
        lines += ["", "[[period]]"]
        tables = {key: part for key, part in period.items() if isinstance(part, tuple)}
        lines += _pairs({k: v for k, v in period.items() if k not in tables})
        for key, parts in tables.items():
            for part in parts:
                lines += ["", f"[[period.{key}]]", *_pairs(part)]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:  # noqa: ANN401 - whatever a plan holds
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case dict():
            return "{ " + ", ".join(_pairs(value)) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(part) for part in value) + "]"
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    """A basic string: what JSON escapes TOML escapes alike, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
