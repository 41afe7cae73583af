"""Moments of a home, made of what matters to an event."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.announcing.speaker import Moment
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.freshness import price_age
from home_energy.domain.home_power import StreamPower
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.store import SourceStatus

NOON = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""Noon in Sydney, on a Sunday: UTC+11."""
MINUTE = timedelta(minutes=1)

GUARD = DemandGuard(
    charge_name="Demand",
    is_in_window=True,
    window_start=NOON,
    window_end=NOON + timedelta(hours=6),
    peak_kw=5.0,
    peak_at=NOON - timedelta(days=2),
    current_kw=4.8,
    head_room_kw=0.2,
    aud_per_kw=12.5,
    is_close=True,
)


def price(
    at: datetime,
    c_per_kwh: float = 30.0,
    *,
    channel: Channel = Channel.GENERAL,
    is_spike: bool = False,
) -> Price:
    """Price of the interval in which a moment lies, confirmed."""
    start = at - timedelta(minutes=at.minute % 5, seconds=at.second)
    context = PriceContext(spike_status="spike" if is_spike else "none")
    return Price(channel, start, 5, c_per_kwh, Quality.ACTUAL, context=context)


def moment(
    at: datetime | None,
    *prices: Price,
    statuses: Sequence[SourceStatus] = (),
    power: Mapping[Stream, StreamPower] | None = None,
    demand: DemandGuard | None = None,
) -> Moment:
    """What is known at a time; without prices there never was one."""
    channels = {
        one.channel: ChannelNow(one, one.start, price_age(one, one.start, at))
        for one in prices
    }
    now = Now(
        time=at,
        site=None,
        channels=channels,
        decision=None,
        forecasts={},
        cheapest=None,
        statuses=list(statuses),
        is_demo=False,
        power=PowerMoment(is_set_up=power is not None, streams=power or {}),
    )
    return Moment(now, (), demand, at)


def in_demo(told: Moment) -> Moment:
    """The same, of a home that is made up."""
    return replace(told, now=replace(told.now, is_demo=True))


def heard(at: datetime, watts: float = 500.0) -> StreamPower:
    """Power of a meter that tells every ten seconds."""
    return StreamPower(watts, at, timedelta(seconds=30), ("meter",))
