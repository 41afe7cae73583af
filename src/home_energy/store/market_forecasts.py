"""The market operator's forecasts as published: what was known of a region, and when.

A row is one publication. Whoever plans at an instant is given the newest one published
by then, never a newer one, whatever half-hours it speaks of.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil

import numpy as np

from home_energy.domain.market_forecast import HALF_HOUR, MarketForecast
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import DataError
from home_energy.store.database import Database, Row
from home_energy.store.day_merging import DaySaveResult, merged
from home_energy.store.day_packing import pack_values, unpack_values

_HALF_HOUR_S = int(HALF_HOUR.total_seconds())
_VALUE_BYTES = 8
_COLUMNS = "published_at_utc_s, first_start_utc_s, rrp_aud_per_mwh_ex_gst"


class MarketForecastTable:
    """Published price forecasts of every region in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, forecasts: Sequence[MarketForecast]) -> DaySaveResult:
        """Keep forecasts by region and time of publication. Twice is once.

        That time is kept to the second, rounded up, so that none is known too early.

        Raises
        ------
        DataError
            If another forecast with the same time of publication is on record: what
            was published does not change.
        """
        result = DaySaveResult()
        with self._database.transaction():
            for forecast in forecasts:
                result += self._save_one(forecast)
        return result

    def as_known_at(self, region: str, at: datetime) -> MarketForecast | None:
        """Newest forecast published by an instant; `None` when there was none."""
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM market_forecast "  # noqa: S608 - our own names
            "WHERE region = ? AND published_at_utc_s <= ? "
            "ORDER BY published_at_utc_s DESC LIMIT 1",
            (region, at.timestamp()),
        )
        return None if row is None else _to_forecast(region, row)

    def known_at_each(
        self,
        region: str,
        plans: TimeGrid,
        half_hour_count: int = 72,
        oldest: timedelta = timedelta(hours=6),
    ) -> FloatArray:
        """Every plan's forecast: what was known at its start of the half-hours ahead.

        Parameters
        ----------
        plans
            Each interval's start is when a plan is made, on the half-hour; P plans.
        half_hour_count
            How many half-hours H each looks ahead, its own the first.
        oldest
            A forecast published longer before a plan is not used.

        Returns
        -------
        array
            (P, H) [$/MWh, without GST]; NaN where nothing had been published.
        """
        starts_s = int(plans.start.timestamp()) + np.arange(plans.count) * int(
            plans.step.total_seconds()
        )
        rows = self._published(region, plans, oldest)
        if not rows or not plans.count:
            return np.full((plans.count, half_hour_count), np.nan)
        if np.any(starts_s % _HALF_HOUR_S):
            raise DataError(f"plans from {plans.start} are not on the half-hour")
        published_s = np.array([row[0] for row in rows])
        newest = np.searchsorted(published_s, starts_s, side="right") - 1
        age_s = starts_s - published_s[newest]
        is_usable = (newest >= 0) & (age_s <= oldest.total_seconds())
        first_s = np.array([row[1] for row in rows])[newest]
        lengths = np.array([len(row[2]) // _VALUE_BYTES for row in rows])
        # One row of values after another, and a last one for what is not there.
        values = np.append(unpack_values(b"".join(row[2] for row in rows)), np.nan)
        offsets = np.concatenate(([0], np.cumsum(lengths)[:-1]))[newest]
        reach = np.where(is_usable, lengths[newest], 0)[:, None]
        places = ((starts_s - first_s) // _HALF_HOUR_S)[:, None] + np.arange(
            half_hour_count
        )
        is_there = (places >= 0) & (places < reach)
        rrp: FloatArray = values[np.where(is_there, offsets[:, None] + places, -1)]
        return rrp

    def regions(self) -> list[str]:
        """Regions with any forecast on record."""
        rows = self._database.rows(
            "SELECT DISTINCT region FROM market_forecast ORDER BY 1"
        )
        return [row[0] for row in rows]

    def _published(self, region: str, plans: TimeGrid, oldest: timedelta) -> list[Row]:
        return self._database.rows(
            f"SELECT {_COLUMNS} FROM market_forecast "  # noqa: S608 - our own names
            "WHERE region = ? AND published_at_utc_s BETWEEN ? AND ? "
            "ORDER BY published_at_utc_s",
            (region, (plans.start - oldest).timestamp(), plans.end.timestamp()),
        )

    def _save_one(self, forecast: MarketForecast) -> DaySaveResult:
        published_s = ceil(forecast.published_at.timestamp())
        first_s = int(forecast.first_start.timestamp())
        packed = pack_values(forecast.rrp_aud_per_mwh_ex_gst)
        row = self._database.row(
            f"SELECT {_COLUMNS} FROM market_forecast "  # noqa: S608 - our own names
            "WHERE region = ? AND published_at_utc_s = ?",
            (forecast.region, published_s),
        )
        if row is None:
            self._database.execute(
                "INSERT INTO market_forecast VALUES (?, ?, ?, ?)",
                (forecast.region, published_s, first_s, packed),
            )
            return merged(None, forecast.rrp_aud_per_mwh_ex_gst)[1]
        if row[1:] != (first_s, packed):
            raise DataError(
                f"{forecast.region}: two forecasts published at "
                f"{forecast.published_at}, and they differ; expected one; import the "
                "files as the market operator gave them"
            )
        count = int(np.count_nonzero(~np.isnan(forecast.rrp_aud_per_mwh_ex_gst)))
        return DaySaveResult(unchanged_count=count)


def _to_forecast(region: str, row: Row) -> MarketForecast:
    published_s, first_s, packed = row
    return MarketForecast(
        region,
        datetime.fromtimestamp(published_s, UTC),
        datetime.fromtimestamp(first_s, UTC),
        unpack_values(packed),
    )
