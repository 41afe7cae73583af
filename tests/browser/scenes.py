"""Moments in the life of a home, each a small store and a clock that stands still.

The prices are invented; their shape is that of a Sydney home in November: a sunny
valley about noon, a peak in the evening.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.analysis.running_costs.typical_cost import TypicalCost
from home_energy.dashboard.home.beside import Beside
from home_energy.dashboard.remedies import PI_FOLDER
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.power import PowerNow, Stream
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.verdict import Decision, PriceLevels, Verdict, VerdictBasis
from home_energy.errors import (
    ConfigError,
    HomeEnergyError,
    SourceAuthError,
    SourceUnavailable,
)
from home_energy.settings import AMBER_BASE_URL
from home_energy.settings.advice import AdviceSettings, ApplianceSettings
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from tests.dashboard.recorded_home import RecordedHome, StandingClock

SYDNEY = ZoneInfo("Australia/Sydney")
LEVELS = PriceLevels(16.0, 34.0)
DEMO_URL = "http://127.0.0.1:9/v1/"
FIVE, THIRTY = timedelta(minutes=5), timedelta(minutes=30)

METER = PowerSettings(
    mqtt=MqttSettings(host="192.168.1.10"),
    topics=(TopicSettings(topic="meter/power", stream=Stream.GRID, name="meter"),),
)
"""One meter of the grid, whose readings stand for 3 minutes."""

HOURLY_C_PER_KWH = (
    *(21, 20, 19, 19, 20, 23, 29, 31, 24, 16, 11, 8),  # from midnight, local time
    *(7, 6, 8, 13, 22, 38, 46, 41, 33, 28, 25, 22),
)


class NoToken(HomeEnergyError):
    """Nobody has put a token in yet, so nobody has asked."""


@dataclass(frozen=True)
class Moment:
    """What a scene needs to be told."""

    local: datetime = datetime(2026, 11, 24, 9, 37, tzinfo=SYDNEY)
    c_per_kwh: float | None = 24.6
    quality: Quality = Quality.ACTUAL
    verdict: Verdict | None = Verdict.NORMAL
    is_spike: bool = False
    feed_in_c_per_kwh: float | None = 5.1
    silent_for: timedelta = timedelta(0)
    is_synchronised: bool = True
    has_forecast: bool = True
    is_demo: bool = False
    shadow_days_aud: tuple[float, ...] = ()
    shadow_product: str = "powerwall-3"
    shadow_age_days: int = 1
    grid_watts: float | None = None
    """Of a home with a meter. [W]"""
    power_silent_for: timedelta = timedelta(seconds=4)
    has_power_failed: bool = False
    appliance: ApplianceSettings | None = None
    beside: Beside | None = None
    first_fault: HomeEnergyError | None = None
    """What keeps the first price of a Pi away; one without a token has none."""
    reshape: Callable[[list[ForecastPoint]], list[ForecastPoint]] = list

    @property
    def start(self) -> datetime:
        """Start of the newest interval on record. [aware UTC]"""
        newest = self.local.astimezone(UTC) - self.silent_for
        return newest - (newest - datetime.min.replace(tzinfo=UTC)) % FIVE


def record(folder: Path, moment: Moment) -> RecordedHome:
    """Make the home whose screen shows the moment."""
    now = moment.local.astimezone(UTC)
    clock = StandingClock(now, synchronised=moment.is_synchronised)
    home = RecordedHome(folder, clock, DEMO_URL if moment.is_demo else AMBER_BASE_URL)
    if moment.shadow_days_aud:
        home.shadow = (moment.shadow_product,)
        age = timedelta(days=moment.shadow_age_days)
        home.books([*moment.shadow_days_aud], moment.local.date() - age)
    _measure(home, moment, now)
    home.beside = moment.beside
    if moment.appliance is not None:
        home.advice = AdviceSettings(appliances=(moment.appliance,))
    known_at = moment.start + timedelta(seconds=40)
    for channel, c_per_kwh in (
        (Channel.GENERAL, moment.c_per_kwh),
        (Channel.FEED_IN, moment.feed_in_c_per_kwh),
    ):
        if c_per_kwh is not None:
            home.save([_price(moment, channel, c_per_kwh)], known_at)
    if moment.first_fault is not None:
        _fail_first(home, moment.first_fault, now)
        return home
    home.store.sources.record_success("amber", "prices now", known_at)
    if moment.silent_for:
        error = SourceUnavailable("no answer")
        home.store.sources.record_failure("amber", "prices now", now, error)
    if moment.verdict is not None:
        _decide(home, moment.verdict, known_at)
    if moment.has_forecast:
        points = moment.reshape(forecast_points(moment.start + FIVE))
        forecast = Forecast(Channel.GENERAL, known_at, tuple(points))
        home.store.forecasts.save(home.site_key, [forecast])
    return home


def _fail_first(home: RecordedHome, fault: HomeEnergyError, now: datetime) -> None:
    """A Pi that `pi/install.sh` made, before its first price."""
    home.settings_folder = PI_FOLDER
    if isinstance(fault, NoToken):
        home.token = None
    else:
        home.store.sources.record_failure("amber", "prices now", now, fault)


def _measure(home: RecordedHome, moment: Moment, now: datetime) -> None:
    """A home with a meter, and what it told."""
    if moment.grid_watts is None:
        return
    as_of = now - moment.power_silent_for
    told = PowerNow(
        "meter", Stream.GRID, moment.grid_watts, as_of, 60.0, timedelta(minutes=3)
    )
    home.power = METER
    home.tells([told])
    if moment.has_power_failed:
        home.store.sources.record_failure(
            "mqtt", "power", as_of, SourceUnavailable("192.168.1.10: no broker answers")
        )


def forecast_points(start: datetime) -> list[ForecastPoint]:
    """Five-minute points for an hour and a half, then half-hours up to a day."""
    points, cursor = [], start
    while cursor < start + timedelta(hours=24):
        is_near = cursor - start < timedelta(minutes=90) or cursor.minute % 30
        step = FIVE if is_near else THIRTY
        points.append(_point(cursor, step))
        cursor += step
    return points


def _point(start: datetime, step: timedelta) -> ForecastPoint:
    local = start.astimezone(SYDNEY)
    here, there = local.hour, (local.hour + 1) % 24
    share = local.minute / 60
    c_per_kwh = HOURLY_C_PER_KWH[here] * (1 - share) + HOURLY_C_PER_KWH[there] * share
    return ForecastPoint(
        start=start,
        duration_minutes=int(step.total_seconds()) // 60,
        c_per_kwh=c_per_kwh,
        predicted_c_per_kwh=c_per_kwh,
        low_c_per_kwh=c_per_kwh * 0.85 - 1,
        high_c_per_kwh=c_per_kwh * 1.2 + 1,
    )


def _price(moment: Moment, channel: Channel, c_per_kwh: float) -> Price:
    status = "spike" if moment.is_spike else "none"
    return Price(
        channel=channel,
        start=moment.start,
        duration_minutes=5,
        c_per_kwh=c_per_kwh,
        quality=moment.quality,
        context=PriceContext(descriptor="neutral", spike_status=status),
    )


def _decide(home: RecordedHome, verdict: Verdict, at: datetime) -> None:
    decision = Decision(verdict, VerdictBasis.OWN_HISTORY, at, at, LEVELS)
    home.store.verdicts.save(home.site_key, decision)


def _with_spike(points: list[ForecastPoint]) -> list[ForecastPoint]:
    """Five half-hours in the evening at fifteen dollars."""
    return [
        ForecastPoint(p.start, p.duration_minutes, 1512.0, is_spike_possible=True)
        if 18 <= p.start.astimezone(SYDNEY).hour < 20
        else p
        for p in points
    ]


def _below_zero(points: list[ForecastPoint]) -> list[ForecastPoint]:
    """Two hours about noon at which the household is paid."""
    return [
        ForecastPoint(p.start, p.duration_minutes, -6.0, -6.0, -9.0, -3.0)
        if 12 <= p.start.astimezone(SYDNEY).hour < 14
        else p
        for p in points
    ]


def _with_hole(points: list[ForecastPoint]) -> list[ForecastPoint]:
    """Nothing is known between 2 and 4 pm."""
    return [p for p in points if not 14 <= p.start.astimezone(SYDNEY).hour < 16]


def _local(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=SYDNEY)


def _guard(head_room_kw: float, *, is_close: bool = False) -> DemandGuard:
    """A window until 9 pm in which the month's highest half-hour was 4.2 kW."""
    return DemandGuard(
        charge_name="Demand",
        is_in_window=True,
        window_start=_local(15, 0).astimezone(UTC),
        window_end=_local(21, 0).astimezone(UTC),
        peak_kw=4.2,
        peak_at=_local(17, 30).astimezone(UTC) - timedelta(days=6),
        current_kw=2.1,
        now_kw=2.3,
        head_room_kw=head_room_kw,
        aud_per_kw=12.4,
        is_close=is_close,
    )


_IMPORTING = Moment(quality=Quality.ESTIMATE, grid_watts=1950.0)
_EXPORTING = Moment(_local(12, 37), 7.2, verdict=Verdict.CHEAP, grid_watts=-3140.0)
_DEMAND = Moment(
    _local(17, 52),
    41.8,
    verdict=Verdict.EXPENSIVE,
    grid_watts=2340.0,
    beside=Beside(demand=_guard(4.4)),
)
_NIGHT_IMPORTING = Moment(_local(22, 14), 25.3, grid_watts=820.0)
DISHWASHER = ApplianceSettings(name="Dishwasher", kw=1.2, minutes=90, by=time(7))
_DRYER = ApplianceSettings(name="Washing machine & dryer", kw=5.0, minutes=90)

_FIRST = Moment(
    c_per_kwh=None, feed_in_c_per_kwh=None, verdict=None, has_forecast=False
)

SCENES = {
    "normal": Moment(quality=Quality.ESTIMATE),
    "cheap": Moment(_local(12, 37), 7.2, verdict=Verdict.CHEAP),
    "expensive": Moment(_local(17, 52), 41.8, verdict=Verdict.EXPENSIVE),
    "spike": Moment(
        _local(18, 12),
        1942.0,
        verdict=Verdict.EXPENSIVE,
        is_spike=True,
        feed_in_c_per_kwh=1390.0,
        reshape=_with_spike,
    ),
    "negative": Moment(
        _local(11, 47),
        -12.3,
        verdict=Verdict.CHEAP,
        feed_in_c_per_kwh=-8.4,
        reshape=_below_zero,
    ),
    "stale": Moment(_local(14, 47), 8.4, silent_for=timedelta(minutes=14)),
    "old": Moment(_local(14, 47), 8.4, silent_for=timedelta(minutes=55)),
    "night": Moment(_local(22, 14), 25.3),
    "night-cheap": Moment(_local(22, 14), 9.4, verdict=Verdict.CHEAP),
    "night-expensive": Moment(_local(22, 14), 48.7, verdict=Verdict.EXPENSIVE),
    "night-spike": Moment(
        _local(22, 14), 1942.0, verdict=Verdict.EXPENSIVE, is_spike=True
    ),
    "importing": _IMPORTING,
    "exporting": _EXPORTING,
    "power-stale": replace(_IMPORTING, power_silent_for=timedelta(minutes=14)),
    "power-old": replace(_IMPORTING, power_silent_for=timedelta(minutes=55)),
    "power-failing": replace(
        _IMPORTING, power_silent_for=timedelta(minutes=6), has_power_failed=True
    ),
    "price-stale": Moment(
        _local(14, 47), 8.4, silent_for=timedelta(minutes=14), grid_watts=1950.0
    ),
    "typical": Moment(
        quality=Quality.ESTIMATE,
        beside=Beside(typical=TypicalCost(0.312, 28, _local(0, 0).date())),
    ),
    "advice": replace(_DEMAND, beside=None, appliance=DISHWASHER),
    "demand-window": _DEMAND,
    "demand-close": replace(_DEMAND, beside=Beside(demand=_guard(2.6, is_close=True))),
    "night-importing": _NIGHT_IMPORTING,
    "night-exporting": replace(_NIGHT_IMPORTING, grid_watts=-2600.0),
    "checking-time": Moment(is_synchronised=False, grid_watts=1950.0),
    "first-start": _FIRST,
    "first-start-no-token": replace(_FIRST, first_fault=NoToken()),
    "first-start-refused": replace(_FIRST, first_fault=SourceAuthError("no")),
    "first-start-no-contact": replace(_FIRST, first_fault=SourceUnavailable("no")),
    "first-start-which-home": replace(_FIRST, first_fault=ConfigError("several")),
}

_SPIKE = Moment(
    _local(18, 12),
    1940.0,
    verdict=Verdict.EXPENSIVE,
    is_spike=True,
    reshape=_with_spike,
)

TEST_SCENES = {
    "34.2": Moment(_local(16, 12), 34.2, verdict=Verdict.EXPENSIVE),
    "108": Moment(_local(18, 12), 108.0, verdict=Verdict.EXPENSIVE),
    "1234": Moment(_local(18, 12), 1234.0, verdict=Verdict.EXPENSIVE),
    "1940": _SPIKE,
    "1940 estimate": replace(_SPIKE, quality=Quality.ESTIMATE),
    "-12.3 estimate": Moment(
        _local(11, 47), -12.3, Quality.ESTIMATE, verdict=Verdict.CHEAP
    ),
    "-110": Moment(_local(11, 47), -110.4, verdict=Verdict.CHEAP),
    "108, cost": Moment(
        _local(18, 12), 108.0, verdict=Verdict.EXPENSIVE, grid_watts=11426.0
    ),
    "-12.3 estimate, paid": Moment(
        _local(11, 47),
        -12.3,
        Quality.ESTIMATE,
        verdict=Verdict.CHEAP,
        grid_watts=26016.0,
    ),
    "demo spike, cost": replace(_SPIKE, is_demo=True, grid_watts=12000.0),
    "1940 estimate, cost": replace(_SPIKE, quality=Quality.ESTIMATE, grid_watts=3000.0),
    "export costs": Moment(
        _local(11, 47),
        2.1,
        verdict=Verdict.CHEAP,
        feed_in_c_per_kwh=-8.4,
        grid_watts=-4100.0,
        power_silent_for=timedelta(seconds=150),
    ),
    "cost without feed-in": replace(_IMPORTING, feed_in_c_per_kwh=None),
    "long advice": replace(_DEMAND, beside=None, appliance=_DRYER),
    "new peak": replace(_DEMAND, beside=Beside(demand=_guard(-0.4, is_close=True))),
    "typical earning, shadow": Moment(
        _local(12, 36),
        7.2,
        verdict=Verdict.CHEAP,
        shadow_days_aud=(210.6, 3.12),
        beside=Beside(typical=TypicalCost(-0.214, 28, _local(0, 0).date())),
    ),
    "cost, shadow": replace(_IMPORTING, shadow_days_aud=(210.6, 3.12)),
    "updating": Moment(_local(14, 47), 8.4, silent_for=timedelta(minutes=5)),
    "demo": Moment(is_demo=True),
    "demo spike": replace(_SPIKE, is_demo=True),
    "stale at noon": Moment(_local(12, 47), 1942.0, silent_for=timedelta(minutes=14)),
    "forecast with a hole": Moment(reshape=_with_hole),
    "no forecast": Moment(has_forecast=False),
    "no verdict": Moment(verdict=None),
    "no feed-in": Moment(feed_in_c_per_kwh=None),
    "shadow": Moment(shadow_days_aud=(210.6, 3.12)),
    "shadow without feed-in": Moment(
        shadow_days_aud=(1210.6, 3.12), feed_in_c_per_kwh=None
    ),
    "demo, shadow of two years in a spike": replace(
        _SPIKE,
        feed_in_c_per_kwh=1390.0,
        is_demo=True,
        shadow_days_aud=(11.0,) * 400 + (1204.2,),
    ),
    "shadow loses on a Wednesday": Moment(
        datetime(2026, 11, 27, 9, 37, tzinfo=SYDNEY),
        shadow_days_aud=(1214.0, -10.40),
        shadow_age_days=2,
    ),
    "shadow with a long name": Moment(
        shadow_days_aud=(-214.0, -10.4), shadow_product="sigenergy-sigenstor-15"
    ),
    "autumn clock change": Moment(
        datetime(2027, 4, 4, 2, 40, tzinfo=SYDNEY, fold=1),
        silent_for=timedelta(minutes=14),
    ),
}
