"""What the health page says: one finding at a time, then what is known."""

from dataclasses import dataclass
from datetime import datetime

from home_energy import __version__
from home_energy.dashboard.health.facts import Health
from home_energy.dashboard.health.finding import Facts, Finding, HealthStatus, Severity
from home_energy.dashboard.health.findings import findings, health_status
from home_energy.dashboard.local_words import moment_words, price_words, size_words
from home_energy.dashboard.now import Now
from home_energy.domain.price import Channel, Quality


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known, in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class HealthPage:
    """One page of several; the screen is too small to scroll and too far to read.

    Parameters
    ----------
    number, count
        Which page, from 1, of how many.
    finding
        What the page tells; `None` for the page of facts.
    facts
        What is known, for the page without a finding.
    """

    number: int
    count: int
    status: HealthStatus
    finding: Finding | None
    facts: list[Fact]

    @property
    def title(self) -> str:
        """Sum of it all in a few words."""
        return _TITLES[self.status]


_TITLES = {
    HealthStatus.OK: "All is well",
    HealthStatus.DEGRADED: "Needs attention",
    HealthStatus.DOWN: "No price for now",
}


def health_page(health: Health, number: int) -> HealthPage | None:
    """Page of that number, from 1: what matters, what is known, then the notes.

    Returns
    -------
    HealthPage or None
        `None` when there are not so many pages.
    """
    found = findings(health.now, health.facts)
    important = [f for f in found if f.severity is not Severity.NOTE]
    notes = [f for f in found if f.severity is Severity.NOTE]
    pages: list[Finding | None] = [*important, None, *notes]
    if not 1 <= number <= len(pages):
        return None
    finding = pages[number - 1]
    return HealthPage(
        number=number,
        count=len(pages),
        status=health_status(health.now, found),
        finding=finding,
        facts=[] if finding else known_facts(health.now, health.facts),
    )


def known_facts(now: Now | None, facts: Facts) -> list[Fact]:
    """What is known of the record, the disk and the program."""
    return [
        Fact("Last price", _price_words(now, facts)),
        Fact("Forecast", _forecast_words(now, facts)),
        Fact("Usage", _usage_words(now, facts)),
        Fact("On record", _date_words(facts.record_start, facts)),
        Fact("Size", _size_words(facts.store_bytes)),
        Fact("Disk", disk_words(facts)),
        Fact("Clock", clock_state_words(now, facts)),
        Fact("Version", __version__),
    ]


def _price_words(now: Now | None, facts: Facts) -> str:
    newest = None if now is None else now.channels.get(Channel.GENERAL)
    if newest is None:
        return "none yet"
    price = newest.price
    sure = "" if price.quality >= Quality.ACTUAL else ", not final"
    when = _moment_words(price.start, now, facts)
    return f"{price_words(price.c_per_kwh)} at {when}{sure}"


def _forecast_words(now: Now | None, facts: Facts) -> str:
    forecast = None if now is None else now.forecasts.get(Channel.GENERAL)
    if forecast is None or not forecast.points:
        return "none that is recent"
    return f"until {_moment_words(forecast.points[-1].end, now, facts)}"


def _usage_words(now: Now | None, facts: Facts) -> str:
    if facts.last_reading_end is None:
        return "none yet"
    return f"until {_moment_words(facts.last_reading_end, now, facts)}"


def disk_words(facts: Facts) -> str:
    """Space that is left beside the record."""
    return (
        "unknown" if facts.disk is None else f"{size_words(facts.disk.free_bytes)} free"
    )


def _moment_words(moment: datetime, now: Now | None, facts: Facts) -> str:
    return moment_words(moment, None if now is None else now.time, facts.zone)


def _date_words(moment: datetime | None, facts: Facts) -> str:
    if moment is None:
        return "nothing yet"
    local = moment.astimezone(facts.zone)
    return f"since {local.day} {local:%b} {local.year}"


def _size_words(size_bytes: int | None) -> str:
    return "unknown" if size_bytes is None else size_words(size_bytes)


def clock_state_words(now: Now | None, facts: Facts) -> str:
    """Where the time comes from."""
    if now is None or now.time is None:
        return "not certain yet"
    return "from the network" if facts.is_synchronised else "from Amber's answers"
