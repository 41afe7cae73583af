"""The records of a NEM12 file, one function each: fields in, typed values out.

A function refuses its record by a `DataError` without the place; `nem12.read_nem12`
knows file and line. Layout after AEMO, Meter Data File Format Specification NEM12 and
NEM13. Stamps are NEM time; value 1 of a day begins at 00:00.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from home_energy.domain.price import Quality
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

VARIES = "V"
"""Flag of a day whose 400 records say the quality."""
QUALITIES = {
    "A": Quality.ACTUAL,
    "S": Quality.SUBSTITUTE,
    "F": Quality.SUBSTITUTE,
    "E": Quality.ESTIMATE,
}
"""Quality of every flag with a value; without one (`N` or blank) it is missing."""
UNITS_IN_A_KWH = {"kwh": 1.0, "wh": 1000.0, "mwh": 0.001}

_INTERVAL_LENGTHS_MINUTES = (5, 15, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LARGEST_VALUE = 1e9  # beyond any home, in any unit; keeps sums finite
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_FLAG = re.compile(r"([ASFENV][0-9]{0,2})?")
_UPDATE_TIME = re.compile(r"[0-9]{12}([0-9]{2})?")


@dataclass(frozen=True, slots=True)
class RegisterBlock:
    """A 200 record: the register that the days below it belong to.

    Suffix in upper case, unit in lower case: both are written either way.
    """

    nmi: str
    suffix: str
    meter_serial: str
    unit: str
    interval_minutes: int

    @property
    def is_energy(self) -> bool:
        """Whether it counts energy from or to the grid, in a unit of energy."""
        return self.suffix[0] in "EB" and self.unit in UNITS_IN_A_KWH

    @property
    def value_count(self) -> int:
        """Intervals in a day."""
        return 1440 // self.interval_minutes


@dataclass(frozen=True, slots=True, eq=False)
class IntervalDay:
    """A 300 record: a day's values as the file has them.

    Parameters
    ----------
    day
        Day of the market.
    values
        NaN where the field is blank. (1440/interval,) [unit of the 200 record]
    flag
        `A`, `S`, `F`, `E`, `N`, `V` or empty.
    updated_at
        When the meter data provider last changed the day. [aware UTC]
    """

    day: date
    values: FloatArray
    flag: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class QualityRun:
    """A 400 record: one quality from interval `first` to `last`, counted from 1."""

    first: int
    last: int
    flag: str


def read_header(fields: list[str]) -> None:
    """Refuse a 100 record of anything else than NEM12.

    `100,NEM12,200301011534,MDP1,Retailer1`
    """
    version = fields[1].strip().upper() if len(fields) > 1 else ""
    if version == "NEM13":
        raise accumulated_reads()
    if version != "NEM12":
        raise DataError(f"the header says {quoted(version)}, NEM12 expected")


def accumulated_reads() -> DataError:
    """Why a NEM13 file is of no use here."""
    return DataError(
        "this is NEM13: reads of a counter months apart, without a time of day; ask "
        "the distributor or retailer for NEM12 interval data"
    )


def read_register(fields: list[str]) -> RegisterBlock:
    """Which register follows, in which unit and interval length.

    `200,VABD000163,E1Q1,1,E1,N1,METSER123,kWh,30,20040120`

    The suffix gives the direction: `E` from the grid into the home, `B` back to the
    grid. AEMO names registers from the grid's side, where `E` is "export" (out of the
    grid) and `B` "import"; here the words are the household's.
    """
    if len(fields) < 9:
        raise DataError(f"a 200 record of {len(fields)} fields, 9 or 10 expected")
    nmi, suffix, serial, unit = (fields[i].strip() for i in (1, 4, 6, 7))
    if not nmi or not suffix:
        raise DataError("a 200 record without NMI or register suffix")
    length = _whole_number(fields[8], "an interval length in minutes")
    block = RegisterBlock(nmi, suffix.upper(), serial, unit.lower(), length)
    if block.is_energy and length not in _INTERVAL_LENGTHS_MINUTES:
        raise DataError(f"intervals of {length} minutes, 5, 15 or 30 expected")
    return block


def read_interval_day(fields: list[str], block: RegisterBlock) -> IntervalDay:
    """Read one day of values and how sure they are.

    `300,20040201,1.111,1.111,...,A,,,20040202120025,20040202142516`

    Fields after the values: quality and method, reason code, reason text, update
    time, load time at AEMO (may be left out, and is not used).
    """
    count = block.value_count
    if len(fields) < count + 6 or any(field.strip() for field in fields[count + 7 :]):
        raise DataError(
            f"a 300 record of {len(fields)} fields, {count + 6} or {count + 7} "
            f"expected for {block.interval_minutes}-minute data; the line is cut, or "
            "the 200 record above it gives another interval length"
        )
    return IntervalDay(
        day=_day(fields[1].strip()),
        values=_values(fields[2 : count + 2]),
        flag=_flag(fields[count + 2]),
        updated_at=_update_time(fields[count + 5].strip()),
    )


def read_quality_run(fields: list[str], block: RegisterBlock) -> QualityRun:
    """Quality of some intervals of the day above.

    `400,1,28,S14,32,`
    """
    if len(fields) < 4:
        raise DataError(f"a 400 record of {len(fields)} fields, 6 expected")
    first, last = (_whole_number(field, "an interval") for field in fields[1:3])
    if not 1 <= first <= last <= block.value_count:
        raise DataError(
            f"a 400 record from interval {first} to {last}, 1 to {block.value_count} "
            f"expected for {block.interval_minutes}-minute data"
        )
    flag = _flag(fields[3])
    if flag in ("", VARIES):
        raise DataError(f"a 400 record of quality {quoted(flag)}, A, S, F, E or N fits")
    return QualityRun(first, last, flag)


def quoted(text: str) -> str:
    """Piece of a file as a message may show it: short, and printable anywhere."""
    shown = text if len(text) <= 30 else f"{text[:30]}..."
    return ascii(shown)


def _values(fields: list[str]) -> FloatArray:
    """Read numbers in one call; one by one only when something is odd about them."""
    joined = "".join(fields)
    if joined.isascii() and "_" not in joined:  # float() would take both
        try:
            values = np.fromiter(map(float, fields), np.float64, len(fields))
        except ValueError:
            pass  # blank or not a number: found below
        else:
            if np.all(np.abs(values) <= _LARGEST_VALUE):
                return values
    return np.array([_value(i, field) for i, field in enumerate(fields, 1)])


def _value(number: int, field: str) -> float:
    text = field.strip()
    if text.lower() in ("", "null"):
        return np.nan
    if not _NUMBER.fullmatch(text) or abs(float(text)) > _LARGEST_VALUE:
        raise DataError(f"value {number} is {quoted(text)}, a number expected")
    return float(text)


def _whole_number(field: str, what: str) -> int:
    text = field.strip()
    if not re.fullmatch("[0-9]{1,4}", text):
        raise DataError(f"{quoted(text)} where {what} was expected")
    return int(text)


def _flag(field: str) -> str:
    """Letter of a quality and method such as `S14`."""
    text = field.strip().upper()
    if not _FLAG.fullmatch(text):
        raise DataError(
            f"quality {quoted(text)}, A, S, F, E, N or V and a method expected"
        )
    return text[:1]


def _day(text: str) -> date:
    parts = re.fullmatch("([0-9]{4})([0-9]{2})([0-9]{2})", text)
    try:
        day = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise DataError(f"date {quoted(text)}, yyyymmdd expected")
    _require_plausible(day.year, text)
    return day


def _update_time(text: str) -> datetime | None:
    if not text:
        return None
    is_digits = _UPDATE_TIME.fullmatch(text) is not None
    try:
        stamp = f"{text[:8]}T{text[8:]}+10:00" if is_digits else ""
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        raise DataError(
            f"update time {quoted(text)}, yyyymmddhhmmss expected"
        ) from None
    _require_plausible(moment.year, text)
    return moment.astimezone(UTC)


def _require_plausible(year: int, text: str) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DataError(
            f"date {text}, a year from {_FIRST_YEAR} to {_LAST_YEAR} expected; the "
            "meter's clock was wrong or the columns have moved. Ask for the file again"
        )
