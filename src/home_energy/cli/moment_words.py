"""One moment in a few lines, for people at a terminal."""

from home_energy.dashboard.now import Now
from home_energy.domain.price import Channel, Quality
from home_energy.settings import Settings


def describe(moment: Now, settings: Settings) -> str:
    """Say this moment in a few lines."""
    general = moment.channels.get(Channel.GENERAL)
    if general is None:
        return "No price yet."
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
    return ("DEMO\n" if moment.is_demo else "") + "\n".join(lines)
