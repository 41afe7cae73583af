"""What an emonPi in the synthetic home would tell, now and in its last hours."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from home_energy.demo.synthetic_home import HOURS_PER_INTERVAL, SyntheticHome
from home_energy.domain.power import FIVE_MINUTES, PowerMean, PowerSamples, Stream
from home_energy.domain.time_grid import floor_to_step
from home_energy.store import Store

NODE = "emonpi"
INPUTS = {Stream.GRID: "power1", Stream.SOLAR: "power2"}
EVERY_SECONDS = 5
"""Its pace, as of the real one."""

_FLICKER_FRACTION, _FLICKER_SECONDS = 0.12, 50.0
"""Power never stands still; over five minutes the flicker comes to nothing. Assumed."""
_SAMPLES_PER_MEAN = 300 // EVERY_SECONDS


@dataclass(frozen=True, slots=True)
class PowerMeter:
    """Measures the house and the panels of a synthetic home.

    Hot water is not in it: its register is behind no clamp of this meter.
    """

    home: SyntheticHome

    def watts(self, at: datetime) -> dict[Stream, int]:
        """Power of each stream at an instant, in whole watts. [W]"""
        start = floor_to_step(at, FIVE_MINUTES)
        (load_watts,), (solar_watts,) = self._mean_watts(start, start + FIVE_MINUTES)
        turn = 2 * math.pi * at.timestamp() / _FLICKER_SECONDS
        flickering_watts = load_watts * (1 + _FLICKER_FRACTION * math.sin(turn))
        return {
            Stream.GRID: round(flickering_watts - solar_watts),
            Stream.SOLAR: round(solar_watts),
        }

    def keep_past(self, store: Store, now: datetime, length: timedelta) -> None:
        """Put the means of the time before now on record, as if it had been heard."""
        end = floor_to_step(now, FIVE_MINUTES)
        start = end - length
        load_watts, solar_watts = self._mean_watts(start, end)
        heard = {mean.start for mean in store.power.between(start, end)}
        told = []
        for number, (load, solar) in enumerate(
            zip(load_watts, solar_watts, strict=True)
        ):
            begin = start + number * FIVE_MINUTES
            if begin in heard:
                continue
            for stream, watts in ((Stream.GRID, load - solar), (Stream.SOLAR, solar)):
                mean = PowerMean(NODE, stream, begin, watts, _SAMPLES_PER_MEAN, 300.0)
                told.append((mean, PowerSamples(NODE, stream, begin, (), ())))
        store.power.keep(told)

    def _mean_watts(
        self, start: datetime, end: datetime
    ) -> tuple[list[float], list[float]]:
        """Load without hot water, and solar, of each five minutes. [W]"""
        _, series = self.home.series(start, end)
        watts_per_kwh = 1000 / HOURS_PER_INTERVAL
        load = np.asarray(series.load_kwh * watts_per_kwh)
        solar = np.asarray(series.solar_kwh * watts_per_kwh)
        return load.tolist(), solar.tolist()
