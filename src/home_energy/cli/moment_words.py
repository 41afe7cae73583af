"""One moment in a few lines, for people at a terminal."""

from datetime import timedelta

from home_energy.dashboard.local_words import span_words
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.domain.clock_words import clock_words
from home_energy.domain.home_power import PowerFreshness, StreamPower
from home_energy.domain.price import Channel, Quality
from home_energy.settings import Settings

_MINUTE = timedelta(minutes=1)


def describe(moment: Now, settings: Settings) -> str:
    """Say this moment in a few lines."""
    general = moment.channels.get(Channel.GENERAL)
    lines = ["No price yet."]
    if general is not None:
        lines = _price_lines(moment, general, settings)
    power = _power_words(moment, settings)
    if power is not None:
        lines.append(power)
    return ("DEMO\n" if moment.is_demo else "") + "\n".join(lines)


def _price_lines(moment: Now, general: ChannelNow, settings: Settings) -> list[str]:
    price, age = general.price, general.age
    mark = "~" if price.quality < Quality.ACTUAL else ""
    until = price.end.astimezone(settings.home.zone)
    freshness = age.freshness.value.replace("_", " ")
    headline = f"{mark}{price.c_per_kwh:.1f} c/kWh until {until:%-I:%M %p}, {freshness}"
    lines = [headline]
    if moment.decision is not None:
        lines.append(f"Verdict: {moment.decision.verdict.value}")
    feed_in = moment.channels.get(Channel.FEED_IN)
    if feed_in is not None:
        earns = feed_in.price.c_per_kwh
        verb = "costs" if earns < 0 else "earns"
        lines.append(f"Feed-in {verb} {abs(earns):.1f} c/kWh")
    if moment.cheapest is not None:
        start = moment.cheapest.start.astimezone(settings.home.zone)
        lines.append(
            f"Cheapest hour ahead: from {start:%-I:%M %p}, "
            f"{moment.cheapest.c_per_kwh:.1f} c/kWh (forecast)"
        )
    return lines


def _power_words(moment: Now, settings: Settings) -> str | None:
    """Cost of an hour with the power and its age; `None` without a source of power."""
    power, zone = moment.power, settings.home.zone
    if not power.is_set_up:
        return None
    if power.fault is not None:
        return f"Power unknown: {power.fault}"
    grid = power.grid
    if grid is None:
        return "No power of the grid heard yet"
    as_of = clock_words(grid.as_of, zone)
    if power.grid_freshness is PowerFreshness.OLD:
        return f"No power heard since {as_of}"
    if power.grid_freshness is not PowerFreshness.FRESH:
        return f"{_grid_words(grid)}, power as of {as_of}"
    told = f"{_grid_words(grid)}, {_age_words(grid.age(moment.time))}"
    return _cost_words(power.cost_aud_per_hour, told)


def _cost_words(cost_aud_per_hour: float | None, told: str) -> str:
    """Cost of an hour of fresh power; what was told of the power itself beside it."""
    if cost_aud_per_hour is None:
        return f"{told}, cost unknown without a fresh price"
    cents = round(cost_aud_per_hour * 100)
    return f"{'Earning ' if cents < 0 else ''}${abs(cents) / 100:.2f}/hour now ({told})"


def _grid_words(grid: StreamPower) -> str:
    return f"{abs(grid.watts) / 1000:.1f} kW{' sold' if grid.watts < 0 else ''}"


def _age_words(age: timedelta | None) -> str:
    """Age of a fresh power: seconds as long as they are fewer than a minute's."""
    age = age or timedelta(0)
    if age < _MINUTE:
        return f"{age.seconds} s ago"
    return f"{span_words(age)} ago"
