"""Price rows in Amber's words, from runs of spot prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from home_energy.demo.market import Row, time_fields
from home_energy.demo.retail_plan import (
    GENERAL,
    RetailPlan,
    descriptor,
    peak_half_hours,
    spike_status,
)
from home_energy.demo.spot_forecast import HALF_HOUR
from home_energy.demo.spot_model import FloatArray
from home_energy.domain.time_grid import nem_date, nem_day_start


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive intervals with spot price [c/kWh, with GST] and renewables [%]."""

    start: datetime
    minutes: int
    spot_c_per_kwh: FloatArray
    renewables_percent: FloatArray

    def starts(self) -> list[datetime]:
        """Start of every interval. [aware UTC]"""
        step = timedelta(minutes=self.minutes)
        return [self.start + k * step for k in range(self.spot_c_per_kwh.size)]


class RowWriter:
    """Writes rows of one retail plan."""

    def __init__(self, plan: RetailPlan) -> None:
        self._plan = plan

    def rows(self, kind: str, channel: str, run: Run) -> list[Row]:
        """Rows of one channel without what only current and forecast rows have."""
        peaks = _peaks(run)
        per_kwh = self._plan.per_kwh(channel, run.spot_c_per_kwh, np.array(peaks))
        rows: list[Row] = []
        for start, price, spot, renewables, is_peak in zip(
            run.starts(),
            per_kwh.tolist(),
            run.spot_c_per_kwh.tolist(),
            run.renewables_percent.tolist(),
            peaks,
            strict=True,
        ):
            row: Row = {"type": kind, **time_fields(start, run.minutes)}
            row |= {"perKwh": price, "renewables": renewables, "spotPerKwh": spot}
            row |= {"channelType": channel, "spikeStatus": spike_status(spot)}
            if channel == GENERAL:
                row["tariffInformation"] = _TARIFF_PERIOD[is_peak]
            row["descriptor"] = descriptor(channel, price, spot)
            rows.append(row)
        return rows

    def add_prediction(
        self,
        rows: Sequence[Row],
        channel: str,
        band: tuple[FloatArray, FloatArray, FloatArray],
    ) -> None:
        """Add the retailer's own prediction; on feedIn low and high run with spot."""
        low, middle, high = (spot[: len(rows)] for spot in band)
        spots = {
            "low": low,
            "predicted": 0.8 * middle + 0.1 * (low + high),
            "high": high,
        }
        run = Run(_row_start(rows[0]), rows[0]["duration"], middle, middle)
        is_peak = np.array(_peaks(run))
        prices = {
            name: self._plan.per_kwh(channel, spot, is_peak).tolist()
            for name, spot in spots.items()
        }
        for number, row in enumerate(rows):
            row["advancedPrice"] = {name: prices[name][number] for name in prices}


_TARIFF_PERIOD = {
    True: {"period": "peak", "season": "default", "demandWindow": False},
    False: {"period": "offPeak", "season": "default", "demandWindow": False},
}
"""Shown on general only: absent on controlled load in the recorded home."""


def _row_start(row: Row) -> datetime:
    end = datetime.fromisoformat(row["endTime"]).astimezone(UTC)
    return end - timedelta(minutes=row["duration"])


def _peaks(run: Run) -> list[bool]:
    """Whether each interval starts in the network's peak period."""
    peaks = []
    for start in run.starts():
        day = nem_date(start)
        half_hour = (start - nem_day_start(day)) // HALF_HOUR
        peaks.append(peak_half_hours(day)[half_hour])
    return peaks
