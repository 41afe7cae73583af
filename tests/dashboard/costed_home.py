"""A home with meters and appliances, on a sunny day up to its evening.

Power, prices and usage are invented.
"""

from datetime import date, datetime, time, timedelta

from home_energy.domain.advice import GivenAdvice
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.power import PowerMean, PowerNow, PowerSamples, Stream
from home_energy.domain.price import Channel, Quality
from home_energy.domain.verdict import Decision, PriceLevels, Verdict, VerdictBasis
from home_energy.settings.advice import AdviceSettings, ApplianceSettings
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from home_energy.store.present_power import present_power
from tests.browser.billed_home import billed_home
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price

EVENING = NOON + timedelta(hours=6, minutes=21)
FIRST = date(2026, 10, 25)
MIDNIGHT = NOON - timedelta(hours=12)
HOLE = (NOON + timedelta(hours=1, minutes=20), NOON + timedelta(hours=1, minutes=50))
METERS = PowerSettings(
    mqtt=MqttSettings(host="192.168.1.10"),
    topics=tuple(
        TopicSettings(topic=f"home/{stream}", stream=stream) for stream in Stream
    ),
)
APPLIANCES = AdviceSettings(
    appliances=(
        ApplianceSettings(name="Dishwasher", kw=1.0, minutes=90, by=time(7)),
        ApplianceSettings(name="Dryer", kw=2.0, minutes=60),
        ApplianceSettings(name="Pool pump", kw=1.1, minutes=240),
    )
)
WINDOWED = """
name = "windowed"
title = "Made up for tests"
clock = "Australia/Sydney"
[[period]]
from = 2026-01-01
source = "made up"
[[period.usage]]
name = "Anytime"
c_per_kwh = 30.0
[[period.demand]]
name = "Demand"
hours = ["15:00-21:00"]
aud_per_kw_per_day = 0.40
"""
POWER_NOW = {
    Stream.GRID: 1724.0,
    Stream.LOAD: 2912.0,
    Stream.SOLAR: 388.0,
    Stream.BATTERY: 800.0,
}


def costed_home(home: RecordedHome, at: datetime = EVENING) -> None:
    """Meters that were just heard, a day of power with a hole, advice with a past."""
    billed_home(home, first=FIRST, days_late=1)
    home.clock.time = at
    home.power, home.advice = METERS, APPLIANCES
    _save_today(home)
    tell_power(home, at - timedelta(seconds=4))
    advised(home, "Dishwasher", 9, 12)
    advised(home, "Dryer", 4, 12)
    levels = PriceLevels(16.0, 34.0)
    decision = Decision(Verdict.EXPENSIVE, VerdictBasis.OWN_HISTORY, at, at, levels)
    home.store.verdicts.save(home.site_key, decision)
    home.is_collecting()


def night_home(home: RecordedHome) -> None:
    """The same at half past ten in the evening."""
    costed_home(home, EVENING + timedelta(hours=4))


def selling_home(home: RecordedHome) -> None:
    """The same at two in the afternoon: the sun gives more than the house takes."""
    costed_home(home, NOON + timedelta(hours=2, minutes=11))
    sold = {**POWER_NOW, Stream.GRID: -2310.0, Stream.SOLAR: 4730.0}
    tell_power(home, home.clock.time - timedelta(seconds=6), sold)


def silent_home(home: RecordedHome) -> None:
    """The grid's meter is stale, the house's silent, the others' were never heard."""
    costed_home(home)
    present_power(home.path).write(
        [
            _power_now(Stream.GRID, 11724.0, EVENING - timedelta(minutes=14)),
            _power_now(Stream.LOAD, 12912.0, EVENING - timedelta(hours=2)),
        ]
    )


def demand_home(home: RecordedHome) -> None:
    """The same in a demand window, on a tariff that charges for the highest power."""
    home.tariff = "windowed"
    (home.folder / "tariffs").mkdir()
    (home.folder / "tariffs" / "windowed.toml").write_text(WINDOWED)
    costed_home(home)


def unmetered_home(home: RecordedHome) -> None:
    """Usage of Amber alone, and nothing that may wait."""
    billed_home(home, first=FIRST)


def tell_power(
    home: RecordedHome, at: datetime, watts: dict[Stream, float] | None = None
) -> None:
    """Every meter was heard at an instant."""
    present_power(home.path).write(
        [_power_now(stream, size, at) for stream, size in (watts or POWER_NOW).items()]
    )


def advised(home: RecordedHome, name: str, hits: int, count: int) -> None:
    """So much advice of the last days, 25 c saved by a hit and 8 c lost by a miss."""
    for number in range(count):
        start = MIDNIGHT - timedelta(days=number + 1)
        saving_aud = 0.25 if number < hits else -0.08
        home.store.advice.keep(
            home.site_key,
            GivenAdvice(
                *(name, 1.0, 90, start - timedelta(hours=2), start, start),
                *(0.40, 0.10, 0.20, saving_aud),
            ),
        )


def _power_now(stream: Stream, watts: float, at: datetime) -> PowerNow:
    return PowerNow(f"home/{stream}", stream, watts, at, 30.0, timedelta(minutes=3))


def _save_today(home: RecordedHome) -> None:
    five_minutes = (home.clock.time - MIDNIGHT) // FIVE_MINUTES
    starts = [MIDNIGHT + number * FIVE_MINUTES for number in range(five_minutes)]
    home.store.power.keep(_mean(at) for at in starts if not HOLE[0] <= at < HOLE[1])
    bought = [price(at, _c_per_kwh(at)) for at in [*starts, starts[-1] + FIVE_MINUTES]]
    home.save(bought)
    home.save(
        [
            price(row.start, row.c_per_kwh / 3, Channel.FEED_IN, Quality.ACTUAL)
            for row in bought
        ]
    )
    begin = bought[-1].end
    half_hour = timedelta(minutes=30)
    first = begin + half_hour - (begin - MIDNIGHT) % half_hour
    coming = [first + number * half_hour for number in range(46)]
    points = (
        ForecastPoint(begin, (first - begin) // timedelta(minutes=1), 39.0),
        *(ForecastPoint(at, 30, _c_per_kwh(at)) for at in coming),
    )
    issued = Forecast(Channel.GENERAL, home.clock.time - FIVE_MINUTES, points)
    home.store.forecasts.save(home.site_key, [issued])


def _c_per_kwh(at: datetime) -> float:
    hour = (at - MIDNIGHT) / timedelta(hours=1) % 24
    if 9 <= hour < 15:
        return 9.0
    return 41.0 - 3 * abs(hour - 18) if 16 <= hour < 21 else 24.0


def _mean(at: datetime) -> tuple[PowerMean, PowerSamples]:
    hour = (at - MIDNIGHT) / timedelta(hours=1)
    sun = max(0.0, 4200.0 - 700 * abs(hour - 12.5))
    kettle = 1800.0 if int(hour * 12) % 17 == 0 else 0.0
    watts = 600 + kettle + (1500 if hour >= 17 else 0) - sun
    mean = PowerMean(f"home/{Stream.GRID}", Stream.GRID, at, watts, 30, 300.0)
    return mean, PowerSamples(mean.source, mean.stream, at, (0,), (watts,))
