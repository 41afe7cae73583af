"""One day of one NEM12 register: its 300 record, its 400 records, then ours."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from home_energy.domain.meter_day import NO_QUALITY, MeterDay
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError
from home_energy.ingestion.sources.counted_problems import CountedProblems
from home_energy.ingestion.sources.nem12_records import (
    QUALITIES,
    UNITS_IN_A_KWH,
    VARIES,
    IntervalDay,
    QualityRun,
    RegisterBlock,
)


@dataclass(slots=True)
class OpenDay:
    """A 300 record that may still get 400 records.

    Parameters
    ----------
    line
        Where the 300 record stands.
    block
        Its register.
    told
        What it says.
    runs
        Its 400 records so far.
    """

    line: int
    block: RegisterBlock
    told: IntervalDay
    runs: list[QualityRun] = field(default_factory=list)

    def add(self, run: QualityRun, line: int, problems: CountedProblems) -> None:
        """Take the next 400 record; a day of quality V needs them without gap."""
        expected = self.runs[-1].last + 1 if self.runs else 1
        has_gap = run.first > expected and self.told.flag == VARIES
        if run.first < expected or has_gap:
            raise DataError(
                f"a 400 record from interval {run.first}, {expected} expected: they "
                "follow each other without gap or overlap"
            )
        if self.told.flag not in (VARIES, run.flag):
            problems.add(
                line,
                f"a 400 record says {run.flag}, the day above it says "
                f"{self.told.flag or 'nothing'}; the 400 record stands",
            )
        self.runs.append(run)

    def finished(self, problems: CountedProblems) -> MeterDay:
        """Our day: kWh, missing where nothing is known, direction by the register."""
        quality = self._flagged()
        values = np.where(quality == NO_QUALITY, np.nan, self.told.values)
        is_blank = np.isnan(values) & (quality != NO_QUALITY)
        if is_blank.any():
            problems.add(
                self.line, "a blank value is flagged as known; taken as missing"
            )
            quality[is_blank] = NO_QUALITY
        if self.told.flag == "" and not np.isnan(self.told.values).all():
            problems.add(self.line, "values without a quality flag; taken as missing")
        return MeterDay(
            self.told.day,
            self.block.interval_minutes,
            self._magnitudes(values, problems) / UNITS_IN_A_KWH[self.block.unit],
            quality,
            self.told.updated_at,
        )

    def _flagged(self) -> NDArray[np.uint8]:
        """Quality of each interval by its flag, whether there is a value or not."""
        count = self.block.value_count
        end = self.runs[-1].last if self.runs else 0
        if self.told.flag == VARIES and end != count:
            raise DataError(
                f"quality V, but 400 records tell of {end} of {count} intervals; the "
                "file is cut, ask for it again"
            )
        found = np.full(count, QUALITIES.get(self.told.flag, NO_QUALITY), np.uint8)
        for run in self.runs:
            found[run.first - 1 : run.last] = QUALITIES.get(run.flag, NO_QUALITY)
        return found

    def _magnitudes(self, values: FloatArray, problems: CountedProblems) -> FloatArray:
        """Values without sign: some providers write exports as negative."""
        is_negative = values < 0
        if not is_negative.any():
            return values
        first = int(np.argmax(is_negative))
        suffix = self.block.suffix
        if suffix.startswith("E"):
            raise DataError(
                f"value {first + 1} of register {suffix} is {values[first]:g}, energy "
                "from the grid is never negative; ask for the registers E and B apart"
            )
        if (values > 0).any():
            raise DataError(
                f"register {suffix} has negative (value {first + 1}) and positive "
                "values in one day: which of them left the home cannot be known; ask "
                "for the registers E and B apart"
            )
        problems.add(
            self.line, f"register {suffix} is negative; taken as energy to the grid"
        )
        return np.abs(values)
