"""How near the home is to a new peak that its tariff charges demand for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from home_energy.analysis.running_costs.costed_home import CostedHome, costed_home
from home_energy.analysis.running_costs.demand_peak import (
    RunningDemand,
    measured_peak,
    running_demand,
)
from home_energy.analysis.running_costs.demand_record import flow_kw, read_kwh
from home_energy.analysis.running_costs.demand_times import DemandTimes, demand_times
from home_energy.domain.home_power import PowerFreshness, home_power
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray
from home_energy.domain.time_grid import nem_date
from home_energy.errors import StoreError
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.store.present_power import present_power

CLOSE_FRACTION = 0.9
"""Of the peak: an interval that will end above it is worth a warning."""


@dataclass(frozen=True, slots=True)
class DemandGuard:
    """One demand charge of the home's tariff at one moment.

    What is missing can only make a peak higher: a peak with `missing_minutes`, and the
    running interval with `is_current_partial`, are the least that they can be, and
    `head_room_kw` then is the most.

    Parameters
    ----------
    charge_name
        As the bill prints it.
    is_in_window
        Whether the window is open.
    window_start, window_end
        Of the window that is open, else of the next one; `None` where the month of the
        bill has none left. [aware UTC]
    peak_kw
        Highest mean power measured so far in the month or the season; 0 before its
        first interval is over, `None` where nothing is on record of those that are.
        [kW]
    peak_at
        Start of the interval of the peak. [aware UTC]
    current_kw
        Mean power so far of the interval that is being measured, over its known part;
        `None` outside the window and where nothing is known. [kW]
    head_room_kw
        What the rest of this interval may average before it makes a new peak;
        negative where it has made one. `None` as `current_kw`, and without a peak. [kW]
    aud_per_kw
        What each kilowatt above the peak adds to the bills of the month or season,
        with GST. [AUD/kW]
    is_close
        Whether the interval, going on at the power of now, ends above
        `CLOSE_FRACTION` of the peak. Never before there is one: the first is made by
        whatever runs.
    now_kw
        What the charge measures of the power of now; `None` while that is not fresh.
        [kW]
    minimum_kw
        Charged even with a lower peak. [kW]
    measured_over
        For how long a peak counts.
    interval_end
        End of the interval that is being measured. [aware UTC]
    missing_minutes
        Of the windows that are over, how much is not on record. [minutes]
    is_current_partial
        Whether some of the running interval is not known.
    amber_says_window
        Whether Amber calls this moment a demand window; `None` where it says nothing.
    """

    charge_name: str
    is_in_window: bool
    window_start: datetime | None
    window_end: datetime | None
    peak_kw: float | None
    peak_at: datetime | None
    current_kw: float | None
    head_room_kw: float | None
    aud_per_kw: float
    is_close: bool
    now_kw: float | None = None
    minimum_kw: float = 0.0
    measured_over: Literal["month", "season"] = "month"
    interval_end: datetime | None = None
    missing_minutes: int = 0
    is_current_partial: bool = False
    amber_says_window: bool | None = None

    @property
    def charged_kw(self) -> float | None:
        """What is charged already: the peak, or the least that always is. [kW]"""
        return None if self.peak_kw is None else max(self.peak_kw, self.minimum_kw)

    @property
    def left_kw(self) -> float | None:
        """What may be switched on besides and left on; negative where less must run.

        The rest of this interval and whole ones after it then stay below the peak.
        [kW]
        """
        if self.head_room_kw is None or self.now_kw is None or self.charged_kw is None:
            return None
        return min(self.head_room_kw, self.charged_kw) - self.now_kw

    def cost_of_exceeding_aud(self, kw: float) -> float:
        """What a peak so much higher than what is charged already adds. [AUD]"""
        return kw * self.aud_per_kw


def demand_guard(store: Store, settings: Settings, now: datetime) -> DemandGuard | None:
    """Read how near the home is to a new peak.

    Of several charges the one whose window is open speaks, else the one whose window
    opens first; of two at once the dearer one.

    Parameters
    ----------
    now
        Trusted time. [aware UTC]

    Returns
    -------
    DemandGuard or None
        `None` where the home's tariff charges no demand in this month.

    Raises
    ------
    ConfigError
        If the tariff is unknown or at fault, or nothing says which site is the home's.
    StoreError
        If the store cannot be read.
    """
    home = costed_home(store, settings)
    charges = demand_times(home.plan, nem_date(now))
    if not charges:
        return None
    watts, amber_says = _grid_watts(home, now), _amber_says_window(home, now)
    guards = [
        _guard(times, kwh, watts, amber_says, now)
        for times, kwh in zip(charges, read_kwh(home, charges, now), strict=True)
    ]
    return min(guards, key=_urgency)


def _urgency(guard: DemandGuard) -> tuple[datetime, float]:
    opens = guard.window_start or datetime.max.replace(tzinfo=UTC)
    if guard.is_in_window:
        opens = datetime.min.replace(tzinfo=UTC)
    return opens, -guard.aud_per_kw


def _guard(
    times: DemandTimes,
    kwh: FloatArray,
    watts: float | None,
    amber_says_window: bool | None,  # noqa: FBT001 - handed on as it is
    now: datetime,
) -> DemandGuard:
    now_kw = None if watts is None else float(flow_kw(watts, times.charge))
    peak = measured_peak(times, kwh, now_kw, now)
    running = running_demand(times, kwh, now_kw, now)
    start, end = times.window_at(now) or (None, None)
    charged_kw = None if peak.kw is None else max(peak.kw, times.charge.minimum_kw)
    return DemandGuard(
        charge_name=times.charge.name,
        is_in_window=start is not None and start <= now,
        window_start=start,
        window_end=end,
        peak_kw=peak.kw,
        peak_at=peak.at,
        current_kw=running.mean_kw if running else None,
        head_room_kw=running.head_room_kw(charged_kw) if running else None,
        aud_per_kw=times.aud_per_kw,
        is_close=_is_close(running, charged_kw),
        now_kw=now_kw,
        minimum_kw=times.charge.minimum_kw,
        measured_over=times.charge.measured_over,
        interval_end=running.end if running else None,
        missing_minutes=peak.missing_minutes,
        is_current_partial=running is not None and running.is_partial,
        amber_says_window=amber_says_window,
    )


def _is_close(running: RunningDemand | None, charged_kw: float | None) -> bool:
    if running is None or not charged_kw:
        return False
    return running.forecast_kw > CLOSE_FRACTION * charged_kw


def _grid_watts(home: CostedHome, now: datetime) -> float | None:
    """Power of the grid as it is now; `None` while it is not fresh. [W]"""
    try:
        told = present_power(home.settings.home.store).read()
    except StoreError:  # the reading of the moment says so
        return None
    grid = home_power(told, home.rule, now).get(Stream.GRID)
    if grid is None or grid.freshness(now) is not PowerFreshness.FRESH:
        return None
    return grid.watts


def _amber_says_window(home: CostedHome, now: datetime) -> bool | None:
    if home.site_key is None:
        return None
    newest = home.store.prices.latest(home.site_key, Channel.GENERAL)
    if newest is None or not newest[0].start <= now < newest[0].end:
        return None
    return newest[0].context.is_demand_window
