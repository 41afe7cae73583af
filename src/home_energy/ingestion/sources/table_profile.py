"""What a portal's table looks like, so that a new portal is a small file, not code.

Profiles are TOML; ours lie in `table_profiles/`, a household may bring its own. Every
key is explained in docs/sources/tables.md.
"""

import difflib
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from home_energy.domain.meter_day import Flow
from home_energy.errors import ConfigError

_SHIPPED = files("home_energy.ingestion.sources") / "table_profiles"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"unknown time zone {name!r}; expected one like Australia/Sydney"
        raise ValueError(message) from error
    return name


def _dated_format(text: str) -> str:
    has_day = "%d" in text and any(code in text for code in ("%m", "%b", "%B"))
    if not has_day or not any(code in text for code in ("%Y", "%y")):
        message = f"{text!r} must hold day, month and year, such as %d/%m/%Y"
        raise ValueError(message)
    return text


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableClock(_Part):
    """Which clock the table's dates and times are on; checked against its values."""

    kind: Literal["NEM", "local"]
    zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    skipped_hour: Literal["zeros", "absent"] | None = None
    repeated_hour: Literal["summed", "twice", "absent"] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        details = (self.zone, self.skipped_hour, self.repeated_hour)
        if self.kind == "local" and None in details:
            message = (
                "a local clock needs zone, skipped_hour (zeros or absent) and "
                "repeated_hour (summed, twice or absent)"
            )
            raise ValueError(message)
        if self.kind == "NEM" and any(details):
            message = "the market's clock has no zone, skipped_hour or repeated_hour"
            raise ValueError(message)
        return self


class TableRegister(_Part):
    """One register, and how its values are known in the table."""

    name: Annotated[str, Field(min_length=1)]
    flow: Flow
    column: str | None = None
    value: str | None = None
    file_name_contains: str | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """Which keys tell the register's values from others."""
        given = {
            "column": self.column,
            "value": self.value,
            "file_name_contains": self.file_name_contains,
        }
        return tuple(key for key, found in given.items() if found is not None)


class TableProfile(_Part):
    """One kind of table. See docs/sources/tables.md for every key."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    description: Annotated[str, Field(min_length=1)]
    evidence: str = ""
    layout: Literal["wide", "long"]
    delimiter: Literal[",", ";", "\t", "|"] = ","
    skip_lines: Annotated[int, Field(ge=0, le=100)] = 0
    interval_minutes: Literal[5, 15, 30, 60]
    unit: Literal["kWh", "Wh", "kW"]
    stamp: Literal["start", "end"] = "start"
    date_column: str
    date_formats: Annotated[
        tuple[Annotated[str, AfterValidator(_dated_format)], ...], Field(min_length=1)
    ]
    time_column: str | None = None
    time_formats: tuple[str, ...] = ("%H:%M", "%H:%M:%S")
    first_value_column: str | None = None
    value_column: str | None = None
    register_column: str | None = None
    nmi_column: str | None = None
    quality_column: str | None = None
    qualities: dict[str, Literal["actual", "substitute", "estimate"]] = Field(
        default_factory=dict
    )
    leading_zeros: Literal["measured", "missing"] = "measured"
    clock: TableClock
    registers: Annotated[tuple[TableRegister, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = [*self._layout_faults(), *self._register_faults()]
        if bool(self.quality_column) != bool(self.qualities):
            faults.append("quality_column and [qualities] belong together")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _layout_faults(self) -> list[str]:
        if self.layout == "wide":
            faults = []
            if self.first_value_column is None:
                faults.append("a wide table needs first_value_column")
            if self.time_column is not None or self.value_column is not None:
                faults.append("a wide table has no time_column or value_column")
            if self.clock.repeated_hour == "twice":
                faults.append("a wide table cannot show an hour twice")
            return faults
        faults = []
        if self.first_value_column is not None:
            faults.append("a long table has no first_value_column")
        if self.clock.kind == "local" and self.stamp == "end":
            faults.append(
                "a long table on a local clock is read only with stamp = start: an "
                "end on the day the clocks change may mean two hours"
            )
        return faults

    def _register_faults(self) -> list[str]:
        faults = []
        names = Counter(register.name for register in self.registers)
        faults += [
            f"register {name!r} is there twice" for name, n in names.items() if n > 1
        ]
        ways = {register.ways for register in self.registers}
        alone = len(self.registers) == 1 and ways == {()}
        if len(ways) > 1 or not (alone or len(next(iter(ways))) == 1):
            keys = "column, value or file_name_contains"
            return [*faults, f"every register needs the same one of {keys}"]
        way = "" if alone else next(iter(ways))[0]
        if (way == "value") != (self.register_column is not None):
            faults.append("register_column and the registers' value belong together")
        if way == "column" and self.layout == "wide":
            faults.append("column belongs to long tables")
        if self.layout == "long" and (way == "column") == bool(self.value_column):
            faults.append("a long table needs value_column or a column per register")
        told = [
            getattr(register, way) for register in self.registers if way
        ]  # each of them once, or rows would go to two registers
        faults += [f"{way} {text!r} is there twice" for text in _twice(told)]
        return faults


def _twice(texts: list[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


def shipped_profiles() -> list[TableProfile]:
    """Every profile that comes with the program, in order of its name."""
    places = [place for place in _SHIPPED.iterdir() if place.name.endswith(".toml")]
    return [
        _parsed(place.read_text(encoding="utf-8"), place.name)
        for place in sorted(places, key=lambda place: place.name)
    ]


def load_profile(name_or_path: str) -> TableProfile:
    """Profile of ours by its name, or the one in a file.

    Raises
    ------
    ConfigError
        If there is none, or it is not right; every fault is named.
    """
    shipped = _SHIPPED / f"{Path(name_or_path).name}.toml"
    if name_or_path == Path(name_or_path).name and shipped.is_file():
        return _parsed(shipped.read_text(encoding="utf-8"), shipped.name)
    path = Path(name_or_path)
    if path.suffix != ".toml":
        names = [profile.name for profile in shipped_profiles()]
        near = difflib.get_close_matches(name_or_path, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ConfigError(
            f"table profile {name_or_path!r} is unknown; {hint}there are "
            f"{', '.join(names)}, or give the path of a .toml file"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise ConfigError(
            f"{path}: cannot be read ({reason}); give the path of a table profile"
        ) from error
    return _parsed(text, str(path))


def _parsed(text: str, where: str) -> TableProfile:
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{where}: is no TOML ({error}); see docs/sources/tables.md"
        ) from error
    try:
        return TableProfile.model_validate(tree)
    except ValidationError as error:
        faults = "; ".join(_fault(dict(fault)) for fault in error.errors())
        raise ConfigError(f"{where}: {faults}; see docs/sources/tables.md") from error


def _fault(fault: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{place}: unknown key{_nearest(fault['loc'])}"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def _nearest(location: tuple[int | str, ...]) -> str:
    kinds: dict[str, type[BaseModel]] = {
        "clock": TableClock,
        "registers": TableRegister,
    }
    model = kinds.get(str(location[0]), TableProfile)
    known = model.model_fields if len(location) > 1 else TableProfile.model_fields
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f", did you mean {near[0]}?" if near else ""
