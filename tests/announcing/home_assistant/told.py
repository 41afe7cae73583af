"""Moments of a home, as its round would read them."""

from datetime import timedelta

from tests.dashboard.recorded_home import FIVE_MINUTES, NOON

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.best_start import BestStart, Call
from home_energy.analysis.advice.scoreboard import Score
from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.announcing.speaker import Moment
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.appliance import Appliance
from home_energy.domain.freshness import price_age
from home_energy.domain.home_power import PowerFreshness, StreamPower
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.verdict import Decision, Verdict, VerdictBasis
from home_energy.settings import Settings

HOUR = timedelta(hours=1)
SETTINGS = Settings.model_validate(
    {
        "home_assistant": {"enabled": True},
        "power": {"mqtt": {"host": "127.0.0.1"}},
        "advice": {"appliances": [{"name": "Dishwasher", "kw": 1.2, "minutes": 105}]},
    }
)
GUARD = DemandGuard(
    charge_name="Demand",
    is_in_window=True,
    window_start=NOON,
    window_end=NOON + 5 * HOUR,
    peak_kw=3.2,
    peak_at=NOON - 24 * HOUR,
    current_kw=2.0,
    head_room_kw=1.25,
    aud_per_kw=15.0,
    is_close=False,
)
DECISION = Decision(Verdict.CHEAP, VerdictBasis.OWN_HISTORY, NOON, NOON, None)


def waiting(name: str = "Dishwasher") -> ApplianceAdvice:
    """Wait until 1:15 pm, save 34 c."""
    best = BestStart(
        Appliance(name, kw=1.2, minutes=105),
        Call.WAIT,
        NOON,
        NOON + 24 * HOUR,
        start=NOON + 1.25 * HOUR,
        cost_now_aud=0.60,
        cost_then_aud=0.262,
        highest_cost_then_aud=0.30,
    )
    return ApplianceAdvice(best, Score(name, 14, 12, 9, 0.30, 0.214))


def channel_now(
    channel: Channel, c_per_kwh: float, age: timedelta, spike_status: str | None
) -> ChannelNow:
    """Price whose interval was over as long ago as `age`."""
    start = NOON - age - FIVE_MINUTES
    context = PriceContext(spike_status=spike_status)
    row = Price(channel, start, 5, c_per_kwh, Quality.ACTUAL, context=context)
    return ChannelNow(row, start, price_age(row, start, NOON))


def power_moment(watts: float, freshness: PowerFreshness) -> PowerMoment:
    """Power of the grid; at 30.5 c/kWh while it is fresh."""
    grid = StreamPower(watts, NOON, timedelta(seconds=30), ("meter",))
    is_fresh = freshness is PowerFreshness.FRESH
    return PowerMoment(
        is_set_up=True,
        streams={Stream.GRID: grid},
        grid_freshness=freshness,
        cost_aud_per_hour=watts / 1000 * 0.305 if is_fresh else None,
    )


def moment(
    c_per_kwh: float = 30.56,
    *,
    age: timedelta = timedelta(0),
    spike_status: str | None = "none",
    power: PowerMoment | None = None,
    demand: DemandGuard | None = GUARD,
    advices: tuple[ApplianceAdvice, ...] = (waiting(),),
) -> Moment:
    """Everything that a home can have."""
    channels = {
        Channel.GENERAL: channel_now(Channel.GENERAL, c_per_kwh, age, spike_status),
        Channel.FEED_IN: channel_now(Channel.FEED_IN, -1.2, age, spike_status),
    }
    may_advise = channels[Channel.GENERAL].age.may_advise
    now = Now(
        time=NOON,
        site=None,
        channels=channels,
        decision=DECISION if may_advise else None,
        forecasts={},
        cheapest=None,
        statuses=[],
        is_demo=False,
        power=power or power_moment(1234.4, PowerFreshness.FRESH),
    )
    return Moment(now, advices, demand, NOON)


def bare_moment() -> Moment:
    """A home of which nothing is known: no clock, no price, no meter."""
    now = Now(None, None, {}, None, {}, None, [], is_demo=True)
    return Moment(now, (), None, None)
