"""Make the spot price figures from a folder of AEMO price files.

Run as ``python -m home_energy.demo.calibrate FOLDER > FIGURES.csv``. The folder
holds AEMO's monthly `PRICE_AND_DEMAND_*.csv`: `RRP` in $/MWh without GST and
`SETTLEMENTDATE`, the interval's end in NEM time. Only statistics are kept.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from home_energy.demo.spot_model import C_PER_KWH_PER_AUD_PER_MWH
from home_energy.domain.time_grid import NEM_TIME
from home_energy.errors import DataError

LEVELS = (
    *(0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    *(0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0),
)
"""Shares at which each month's half-hour is cut; close together in the tails."""

LAGS = (1, 6, 12, 36, 72, 144, 288)
"""Lags of the autocorrelation noted in the header. [5-minute intervals]"""


@dataclass(frozen=True, slots=True)
class SpotRecord:
    """A run of 5-minute spot prices, one element an interval.

    Parameters
    ----------
    month, half_hour
        Month 1 to 12 and half-hour of the day 0 to 47 of the interval's start, in
        NEM time.
    c_per_kwh
        Spot price with GST. [c/kWh]
    """

    month: NDArray[np.int64]
    half_hour: NDArray[np.int64]
    c_per_kwh: NDArray[np.float64]


def read_spot(folder: Path) -> SpotRecord:
    """Read every `PRICE_AND_DEMAND_*.csv` of a folder, in order of name."""
    months: list[int] = []
    half_hours: list[int] = []
    prices: list[float] = []
    for path in sorted(folder.glob("PRICE_AND_DEMAND_*.csv")):
        for start, c_per_kwh in _read_file(path):
            months.append(start.month)
            half_hours.append(start.hour * 2 + start.minute // 30)
            prices.append(c_per_kwh)
    if not prices:
        raise DataError(
            f"{folder}: no PRICE_AND_DEMAND_*.csv found; expected AEMO's monthly "
            "price files; download them from AEMO's aggregated price and demand page"
        )
    return SpotRecord(np.array(months), np.array(half_hours), np.array(prices))


def _read_file(path: Path) -> Iterator[tuple[datetime, float]]:
    """Start in NEM time and price, of rows like `VIC1,2025/01/01 00:05:00,4339,130`."""
    with path.open(newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                stamp = row["SETTLEMENTDATE"].replace("/", "-")
                end = datetime.fromisoformat(stamp)
                aud_per_mwh = float(row["RRP"])
            except (KeyError, ValueError, TypeError, AttributeError) as err:
                raise DataError(
                    f"{path}:{number}: not an AEMO price row; expected columns "
                    "SETTLEMENTDATE (2025/01/31 00:05:00) and RRP; fetch it again"
                ) from err
            start = end.replace(tzinfo=NEM_TIME) - timedelta(minutes=5)
            yield start, aud_per_mwh * C_PER_KWH_PER_AUD_PER_MWH


def normal_scores(spot: SpotRecord) -> NDArray[np.float64]:
    """Rank of each price within its month's half-hour, as a standard normal value."""
    scores = np.zeros(spot.c_per_kwh.size)
    inverse = NormalDist().inv_cdf
    for month in range(1, 13):
        for half_hour in range(48):
            cell = (spot.month == month) & (spot.half_hour == half_hour)
            ranks = spot.c_per_kwh[cell].argsort(kind="stable").argsort()
            scores[cell] = [inverse((rank + 0.5) / ranks.size) for rank in ranks]
    return scores


def autocorrelation(values: NDArray[np.float64], lag: int) -> float:
    """Correlation of a series with itself `lag` intervals later."""
    return float(np.corrcoef(values[lag:], values[:-lag])[0, 1])


def figure_lines(spot: SpotRecord, source: str) -> Iterator[str]:
    """Lines of the figures file: a header of comments, then a row a half-hour."""
    scores = normal_scores(spot)
    lags = " ".join(f"{lag}:{autocorrelation(scores, lag):.3f}" for lag in LAGS)
    yield f"# Quantiles of the 5-minute spot price, c/kWh with GST. {source}"
    yield "# Made by python -m home_energy.demo.calibrate. Months and half-hours of"
    yield "# the interval's start in NEM time (UTC+10); columns are shares below."
    yield f"# Autocorrelation of the normal scores, lag in intervals: {lags}"
    yield ",".join(["month", "half_hour", *(str(level) for level in LEVELS)])
    for month in range(1, 13):
        for half_hour in range(48):
            cell = (spot.month == month) & (spot.half_hour == half_hour)
            cuts = np.quantile(spot.c_per_kwh[cell], LEVELS)
            yield ",".join([f"{month},{half_hour}", *(f"{cut:.2f}" for cut in cuts)])


def main() -> None:
    """Print the figures of the folder named on the command line."""
    folder = Path(sys.argv[1])
    source = "Source: AEMO aggregated price and demand, VIC1, calendar 2025."
    for line in figure_lines(read_spot(folder), source):
        print(line)  # noqa: T201  # the figures are this command's output


if __name__ == "__main__":
    main()
