"""In which solar zone of the Clean Energy Regulator a postcode lies."""

from bisect import bisect_right
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from home_energy.errors import DataError
from home_energy.toml_faults import read_toml

POSTCODE_ZONES = Path(__file__).with_name("postcode_zones.toml")

Postcode = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class ZoneTable(BaseModel):
    """The whole of `postcode_zones.toml`.

    Parameters
    ----------
    ranges
        First and last postcode and the zone, one after the other without a gap.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1)
    as_of: date
    ranges: tuple[tuple[Postcode, Postcode, Literal[1, 2, 3, 4]], ...]

    @model_validator(mode="after")
    def _covers_every_number_once(self) -> Self:
        expected = 0
        for first, last, _ in self.ranges:
            if int(first) != expected or int(last) < expected:
                raise ValueError(f"range {first} to {last}: expected {expected:04d}")
            expected = int(last) + 1
        if expected != 10_000:
            raise ValueError(f"ranges end before {expected:04d}, not with 9999")
        return self


@cache
def zone_table() -> ZoneTable:
    """Return the regulator's list."""
    return ZoneTable.model_validate(read_toml(POSTCODE_ZONES, "install again"))


def zone_of(postcode: str) -> int:
    """Return the solar zone of a postcode, 1 (sunniest) to 4.

    Raises
    ------
    DataError
        If it is not four digits.
    """
    if not (len(postcode) == 4 and postcode.isascii() and postcode.isdigit()):
        raise DataError(
            f"place: postcode {postcode!r} is not four digits, such as '0800'; correct "
            f"it, or give solar_zone, 1 to 4"
        )
    ranges = zone_table().ranges
    found = bisect_right(ranges, postcode, key=lambda row: row[0]) - 1
    return ranges[found][2]
