"""The synthetic home as Amber would tell it, row by row."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from home_energy.demo.market import (
    Row,
    confirmation_time,
    stable_share,
    usage_arrival,
)
from home_energy.demo.price_rows import RowWriter, Run
from home_energy.demo.retail_plan import (
    CONTROLLED_LOAD,
    FEED_IN,
    GENERAL,
    RetailPlan,
)
from home_energy.demo.spot_forecast import (
    HALF_HOUR,
    SpotForecast,
    SpotForecaster,
    five_minute_end,
)
from home_energy.demo.spot_model import FIVE_MINUTES, FloatArray
from home_energy.demo.synthetic_home import HomeSeries, SyntheticHome
from home_energy.domain.time_grid import floor_to_step, nem_date, nem_day_start
from home_energy.errors import DataError

SITE_ID = "01JDEMQHQME0000000000ACTVE"
CLOSED_SITE_ID = "01HDEMQHQME0000000000CLSED"
NMI = "6001000001"

HISTORY_START = date(2024, 7, 1)
"""First NEM day of `/prices`; before it the answer is empty."""

REGISTERS = {GENERAL: "E1", CONTROLLED_LOAD: "E2", FEED_IN: "B1"}

ADVANCED_HOURS = 24.0
"""Lead time to which the retailer's own prediction reaches. [h]"""

RANGE_FROM_HOURS, RANGE_FROM_C_PER_KWH = 20.0, 40.0
"""Lead time, and forecast spot price, from which a row carries `range`. Assumed."""

ESTIMATED_DAY_SHARE = 0.15
"""Share of days on which the meter was not read in time for a while. Assumed."""


class SyntheticMarket:
    """A `Market` answered by a `SyntheticHome`.

    Parameters
    ----------
    home
        The home; its seed decides everything.
    interval_minutes
        Billing interval of the site, 5 or 30. [minutes]
    plan
        Charges around the spot price.
    """

    site_id = SITE_ID
    state = "vic"
    channels = (GENERAL, CONTROLLED_LOAD, FEED_IN)

    def __init__(
        self,
        home: SyntheticHome,
        interval_minutes: int = 5,
        plan: RetailPlan | None = None,
    ) -> None:
        if interval_minutes not in (5, 30):
            raise DataError(f"interval_minutes must be 5 or 30, got {interval_minutes}")
        self.interval_minutes = interval_minutes
        self._home = home
        self._seed = home.spot.seed
        self._writer = RowWriter(plan or RetailPlan())
        self._forecaster = SpotForecaster(home.spot)
        self._day_rows = lru_cache(maxsize=64)(self._make_day_rows)
        self._half_hour_rows = lru_cache(maxsize=16)(self._make_half_hour_rows)
        self._five_minute_rows = lru_cache(maxsize=16)(self._make_five_minute_rows)

    def sites(self) -> list[Row]:
        """A closed site and the supplied one, both of the same meter."""
        tariffs = {GENERAL: "DEMO-TOU", CONTROLLED_LOAD: "DEMO-CL", FEED_IN: "DEMO-FIT"}
        channels = [
            {"identifier": REGISTERS[name], "type": name, "tariff": tariffs[name]}
            for name in self.channels
        ]
        meter = {"nmi": NMI, "network": "Jemena"}
        closed = {
            "id": CLOSED_SITE_ID,
            "channels": channels[:1],
            "status": "closed",
            "activeFrom": "2021-03-02",
            "closedOn": "2024-06-30",
            "intervalLength": 30,
        }
        supplied = {
            "id": SITE_ID,
            "channels": channels,
            "status": "active",
            "activeFrom": HISTORY_START.isoformat(),
            "intervalLength": self.interval_minutes,
        }
        return [meter | closed, meter | supplied]

    def row_minutes(self, asked_minutes: int | None) -> int:
        """Half-hours when asked for or billed, else the billing interval. [minutes]"""
        return max(asked_minutes or self.interval_minutes, self.interval_minutes)

    def final_rows(
        self, channel: str, start: datetime, end: datetime, minutes: int
    ) -> list[Row]:
        """`ActualInterval` rows that begin in `start` to `end`; the truth."""
        step = timedelta(minutes=minutes)
        rows: list[Row] = []
        day = max(nem_date(start), HISTORY_START)
        while nem_day_start(day) < end:
            midnight = nem_day_start(day)
            first = max(-((midnight - start) // step), 0)
            last = -((midnight - end) // step)
            rows += self._day_rows(channel, day, minutes)[first:last]
            day += timedelta(days=1)
        return rows

    def estimate_row(
        self, channel: str, start: datetime, minutes: int, at: datetime
    ) -> Row:
        """`CurrentInterval` row shown at `at` for the unconfirmed interval."""
        spots = (
            self._half_hour_so_far(start, at)
            if minutes == 30
            else [self._forecaster.estimate(start)]
        )
        spot = np.round(np.array([sum(spots) / len(spots)]), 5)
        renewables = self._renewables(start, minutes, 1)
        rows = self._writer.rows(
            "CurrentInterval", channel, Run(start, minutes, spot, renewables)
        )
        rows[0]["estimate"] = True
        before = self._forecaster.five_minutes(start - FIVE_MINUTES)
        low = np.minimum(before.low_c_per_kwh[:1], spot)
        high = np.maximum(before.high_c_per_kwh[:1], spot)
        self._writer.add_prediction(rows, channel, (low, spot, high))
        return rows[0]

    def forecast_rows(self, channel: str, at: datetime, minutes: int) -> list[Row]:
        """`ForecastInterval` rows after the interval that runs at `at`."""
        issue = floor_to_step(at, HALF_HOUR)
        half_hours = self._half_hour_rows(channel, issue)
        if minutes == 30:
            return half_hours
        boundary = floor_to_step(at, FIVE_MINUTES)
        skipped = (five_minute_end(boundary) - issue) // HALF_HOUR - 1
        return self._five_minute_rows(channel, boundary) + half_hours[skipped:]

    def confirmed_at(self, start: datetime, minutes: int) -> datetime:
        """When the price of the interval from `start` becomes final. [aware UTC]"""
        return confirmation_time(self._seed, start, minutes)

    def usage_rows(self, channel: str, day: date, at: datetime) -> list[Row]:
        """`Usage` rows of a NEM day as they stand at `at`; none before they arrive."""
        arrival = usage_arrival(self._seed, day)
        if at < arrival or day < HISTORY_START:
            return []
        true_kwh = self._metered_kwh(channel, day)
        shown_kwh, is_estimated = true_kwh, np.zeros(true_kwh.size, dtype=bool)
        if at < arrival + timedelta(days=self._read_late_days(day)):
            is_estimated[true_kwh.size // 4 : true_kwh.size // 2] = True
            typical_kwh = self._metered_kwh(channel, day - timedelta(days=1))
            shown_kwh = np.where(is_estimated, typical_kwh, true_kwh)
        prices = self._day_rows(channel, day, self.interval_minutes)
        register = REGISTERS[channel]
        return [
            price
            | {
                "type": "Usage",
                "channelIdentifier": register,
                "kwh": kwh,
                "quality": "estimated" if estimated else "billable",
                "cost": round(kwh * price["perKwh"], 4) + 0.0,  # no minus zero
            }
            for price, kwh, estimated in zip(
                prices, shown_kwh.tolist(), is_estimated.tolist(), strict=True
            )
        ]

    def _read_late_days(self, day: date) -> int:
        """Days for which part of a day's usage stays estimated; mostly none."""
        share = stable_share(self._seed, "read late", day.toordinal())
        return 0 if share > ESTIMATED_DAY_SHARE else 2 + day.toordinal() % 4

    def _metered_kwh(self, channel: str, day: date) -> FloatArray:
        series = self._home.day(day)
        five_minute_kwh = {
            GENERAL: series.grid_import_kwh,
            CONTROLLED_LOAD: series.hot_water_kwh,
            FEED_IN: series.grid_export_kwh,
        }[channel]
        parts = self.interval_minutes // 5
        return np.asarray(five_minute_kwh.reshape(-1, parts).sum(axis=1).round(3))

    def _make_day_rows(self, channel: str, day: date, minutes: int) -> list[Row]:
        series: HomeSeries = self._home.day(day)
        parts = minutes // 5
        spot = series.spot_c_per_kwh.reshape(-1, parts).mean(axis=1).round(5)
        renewables = series.renewables_percent.reshape(-1, parts)[:, 0]
        run = Run(nem_day_start(day), minutes, spot, renewables)
        return self._writer.rows("ActualInterval", channel, run)

    def _make_half_hour_rows(self, channel: str, issue: datetime) -> list[Row]:
        forecast = self._forecaster.half_hours(issue)
        rows = self._make_forecast_rows(channel, forecast)
        for row, lead_hours, low, spot, high in zip(
            rows,
            forecast.lead_hours.tolist(),
            forecast.low_c_per_kwh.tolist(),
            forecast.c_per_kwh.tolist(),
            forecast.high_c_per_kwh.tolist(),
            strict=True,
        ):
            if lead_hours > RANGE_FROM_HOURS or spot > RANGE_FROM_C_PER_KWH:
                row["range"] = {"min": low, "max": high}
        return rows

    def _make_five_minute_rows(self, channel: str, boundary: datetime) -> list[Row]:
        return self._make_forecast_rows(
            channel, self._forecaster.five_minutes(boundary)
        )

    def _make_forecast_rows(self, channel: str, forecast: SpotForecast) -> list[Row]:
        minutes = forecast.step // timedelta(minutes=1)
        spot = forecast.c_per_kwh
        renewables = self._renewables(forecast.start, minutes, spot.size)
        run = Run(forecast.start, minutes, spot, renewables)
        rows = self._writer.rows("ForecastInterval", channel, run)
        near = int(np.searchsorted(forecast.lead_hours, ADVANCED_HOURS, side="right"))
        band = (forecast.low_c_per_kwh, spot, forecast.high_c_per_kwh)
        self._writer.add_prediction(rows[:near], channel, band)
        return rows

    def _renewables(self, start: datetime, minutes: int, count: int) -> FloatArray:
        """Share at each interval's start; its forecast is taken as perfect. [%]"""
        end = start + timedelta(minutes=count * minutes)
        _, series = self._home.series(start, end)
        return series.renewables_percent[:: minutes // 5]

    def _half_hour_so_far(self, start: datetime, at: datetime) -> list[float]:
        """Spot of six 5-minute intervals: confirmed, estimated, then forecast."""
        boundary = min(floor_to_step(at, FIVE_MINUTES), start + 5 * FIVE_MINUTES)
        begun = (boundary - start) // FIVE_MINUTES + 1
        _, series = self._home.series(start, boundary + FIVE_MINUTES)
        spots = [float(spot) for spot in series.spot_c_per_kwh]
        if at < confirmation_time(self._seed, boundary, 5):
            spots[-1] = self._forecaster.estimate(boundary)
        coming = self._forecaster.five_minutes(boundary).c_per_kwh
        return spots + [float(spot) for spot in coming[: 6 - begun]]
