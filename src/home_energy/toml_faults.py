"""What is wrong with a TOML file, in words for the person who wrote it."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from home_energy.errors import ConfigError

Place = tuple[int | str, ...]
"""Where in the tree: keys, and numbers of the parts of a list, from 0."""


def read_toml(path: Path, advice: str) -> dict[str, Any]:
    """Return the tree of a TOML file.

    Parameters
    ----------
    advice
        End of the message, what to do: "compare it with ...".

    Raises
    ------
    ConfigError
        If it cannot be read, or is not TOML.
    """
    try:
        # utf-8-sig: some editors put a mark of three bytes before the first line.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}; {advice}") from error


def explain(
    error: ValidationError,
    model: type[BaseModel],
    spoken: Mapping[Place, str] | None = None,
    hides: Callable[[str, object], bool] | None = None,
) -> list[str]:
    """Say every fault: key, what is allowed, what was found.

    Parameters
    ----------
    model
        What the tree was checked against; for the nearest known key.
    spoken
        Other names of some places, such as a variable of the environment.
    hides
        Whether a value at a place must not be shown.
    """
    lines = []
    faults = error.errors(include_input=True, include_url=False)
    places = [fault["loc"] for fault in faults]
    for fault in faults:
        place = fault["loc"]
        if fault["type"] == "too_short" and _has_inner(place, places):
            continue  # only because the parts that are there are at fault
        where = _where(place)
        if fault["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown key{_nearest(place, model)}")
            continue
        if fault["type"] == "missing":
            lines.append(f"{where}: this key is required")
            continue
        name = (spoken or {}).get(place)
        also = f" ({name})" if name else ""
        said = fault["msg"].removeprefix("Value error, ")
        is_hidden = hides is not None and hides(where, fault["input"])
        found = "" if is_hidden else _found(fault["input"])
        lines.append(f"{where}{also}: {said}{found}" if where else f"{said}{found}")
    return lines


def suggestion(name: str, known: Iterable[str]) -> str:
    """Nearest known name, else all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f", did you mean {near[0]}?" if near else f"; known are {', '.join(names)}"


def _has_inner(place: Place, places: Iterable[Place]) -> bool:
    return any(other != place and other[: len(place)] == place for other in places)


def _where(place: Place) -> str:
    """`period[1].usage[2].hours`: parts of a list are counted from 1."""
    written = ""
    for part in place:
        if isinstance(part, int):
            written += f"[{part + 1}]"
        else:
            written += f".{part}" if written else part
    return written


def _found(value: object) -> str:
    is_part_of_tree = isinstance(value, (dict, list, BaseModel))
    return "" if is_part_of_tree else f", found {value!r}"


def _nearest(place: Place, model: type[BaseModel]) -> str:
    for part in place[:-1]:
        if isinstance(part, int):
            continue
        inner = _model_of(model, part)
        if inner is None:
            return ""
        model = inner
    names = [field.alias or name for name, field in model.model_fields.items()]
    return suggestion(str(place[-1]), names)


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """Model of a key's value, or of the parts of its list."""
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            for kind in (field.annotation, *get_args(field.annotation)):
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    return kind
    return None
