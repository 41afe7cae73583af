"""Times, spans and prices in the words of the household: 12-hour clock, local time."""

from datetime import datetime, timedelta, tzinfo

from home_energy.domain.clock_words import clock_words
from home_energy.domain.price import Channel

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
CHANNEL_WORDS = {
    Channel.GENERAL: "import",
    Channel.CONTROLLED_LOAD: "controlled load",
    Channel.FEED_IN: "feed-in",
}


def clock_range_words(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From one time of day to another: `2:10-3:45 pm`, with a longer dash."""
    first, last = clock_words(start, zone), clock_words(end, zone)
    if first[-2:] == last[-2:]:
        first = first[:-3]
    return f"{first}{DASH}{last}"


def hour_words(moment: datetime, zone: tzinfo) -> str:
    """Hour of the day, short enough for an axis: `6am`, `noon`."""
    local = moment.astimezone(zone)
    if local.hour == 12:
        return "noon"
    return f"{local.hour % 12 or 12}{local:%p}".lower()


def moment_words(moment: datetime, now: datetime | None, zone: tzinfo) -> str:
    """Time of day, with the day where it is not today's.

    Parameters
    ----------
    now
        Trusted time; `None` while no clock can be trusted, and the day is told.
    """
    local = moment.astimezone(zone)
    clock = clock_words(moment, zone)
    if now is None:
        return f"{local:%a} {local.day} {local:%b}, {clock}"
    days = (now.astimezone(zone).date() - local.date()).days
    if days == 0:
        return clock
    if days == 1:
        return f"yesterday {clock}"
    return f"{local:%a} {local.day} {local:%b}, {clock}"


def span_words(span: timedelta) -> str:
    """Length of time, such as `1 h 25 min`; from two days on in days."""
    minutes = round(span.total_seconds() / 60)
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} days"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def price_words(c_per_kwh: float) -> str:
    """Price of a kilowatt-hour: `28.4c`, and from 100 c on `$15.20`."""
    sign = MINUS if c_per_kwh < 0 else ""
    if round(abs(c_per_kwh), 1) >= 100:
        return f"{sign}${abs(c_per_kwh) / 100:.2f}"
    tenths = f"{abs(c_per_kwh):.1f}"
    return f"{'' if tenths == '0.0' else sign}{tenths}c"


def capitalised(words: str) -> str:
    """Words as they begin a sentence; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def size_words(size_bytes: int) -> str:
    """Size of something on the disk: `34 MB`, `1.2 GB`."""
    if size_bytes >= 1_000_000_000:
        return f"{size_bytes / 1_000_000_000:.1f} GB"
    return f"{max(1, round(size_bytes / 1_000_000))} MB"
