"""What another reader makes of a NEM12 file: energy by register, by `nemreader`.

It keeps the file's unit and every number, whatever its quality; a 300 record with too
few fields is left out with a log line. Where that differs: docs/sources/nem12.md.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import fsum

from nemreader import NEMFile
from nemreader.nem_objects import Reading

RegisterKey = tuple[str, str]
"""NMI and register suffix."""

_UNITS_IN_A_KWH = {"KWH": 1.0, "WH": 1000.0}


@dataclass(frozen=True, slots=True)
class Total:
    """Energy of one register. [kWh]

    Parameters
    ----------
    kwh
        Of every number.
    flagged_missing_kwh
        Of numbers of quality N among them.
    """

    kwh: float
    flagged_missing_kwh: float


def nemreader_totals(text: str) -> dict[RegisterKey, Total]:
    """Total of each register that counts energy from (E) or to (B) the grid.

    Raises
    ------
    ValueError
        If nemreader refuses the file.
    """
    found = NEMFile("in memory").parse_nem_file(text.splitlines())
    readings: dict[RegisterKey, list[Reading]] = defaultdict(list)
    for nmi, by_suffix in found.readings.items():
        for suffix, told in by_suffix.items():
            if suffix[0] in "EB" and told:
                readings[nmi, suffix] += told
    return {
        key: Total(
            fsum(_kwh(reading) for reading in told),
            fsum(_kwh(r) for r in told if (r.quality_method or "").startswith("N")),
        )
        for key, told in readings.items()
    }


def _kwh(reading: Reading) -> float:
    return (reading.read_value or 0.0) / _UNITS_IN_A_KWH[reading.uom.upper()]
