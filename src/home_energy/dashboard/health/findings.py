"""What is wrong, where, and what a person can do about it, most important first.

One function for the health page, the API and the doctor: a finding reads the same
everywhere. Gathering the facts is `health_facts`'s.
"""

from datetime import timedelta

from home_energy.dashboard.health.finding import (
    Facts,
    Finding,
    HealthStatus,
    Severity,
    has_price_for_now,
)
from home_energy.dashboard.health.machine_findings import machine_findings
from home_energy.dashboard.health.power_findings import power_findings
from home_energy.dashboard.health.record_findings import record_findings
from home_energy.dashboard.health.source_findings import source_findings
from home_energy.dashboard.local_words import (
    CHANNEL_WORDS,
    moment_words,
    size_words,
    span_words,
)
from home_energy.dashboard.now import Now
from home_energy.domain.clock import CLOCK_TOLERANCE
from home_energy.domain.coverage import Gap
from home_energy.domain.freshness import Freshness
from home_energy.domain.price import Channel

USAGE_LATE_AFTER = timedelta(days=3)
"""Yesterday's usage comes today; a network may take a day or two more."""
BACKFILL_DUE = timedelta(days=1)
"""A gap older than this should have been fetched again by now."""
DISK_LOW_BYTES = 1_000_000_000
DISK_FULL_BYTES = 100_000_000


def findings(now: Now | None, facts: Facts) -> list[Finding]:
    """Everything worth saying about the state of the program.

    Parameters
    ----------
    now
        This moment; `None` when the store cannot be read.

    Returns
    -------
    list of Finding
        Most important first; empty when all is well.
    """
    found = [
        *_store(facts),
        *record_findings(now, facts),
        *_disk(facts),
        *machine_findings(facts),
    ]
    if now is not None:
        found += [
            *source_findings(now, facts),
            *power_findings(now, facts),
            *_clock(now, facts),
            *_price(now, facts),
            *_forecast(now),
            *_gaps(now, facts),
            *_usage(now, facts),
            *_shadow(now, facts),
            *_demo(facts),
        ]
    return sorted(found, key=lambda finding: list(Severity).index(finding.severity))


def health_status(now: Now | None, found: list[Finding]) -> HealthStatus:
    """Sum of the findings in one word."""
    if now is None or not has_price_for_now(now.import_age):
        return HealthStatus.DOWN
    if any(finding.severity is not Severity.NOTE for finding in found):
        return HealthStatus.DEGRADED
    return HealthStatus.OK


def _store(facts: Facts) -> list[Finding]:
    if facts.store_error is None:
        return []
    # Where backups are made, the collector's start mends what is damaged.
    hope = "If it stays for minutes, restart the machine. " if facts.upkeep else ""
    return [
        Finding(
            "store_unreadable",
            Severity.PROBLEM,
            "The record of prices cannot be read, so nothing can be shown",
            "store",
            f"{hope}{facts.store_error}.",
        )
    ]


def _disk(facts: Facts) -> list[Finding]:
    if facts.disk is None or facts.disk.free_bytes >= DISK_LOW_BYTES:
        return []
    is_full = facts.disk.free_bytes < DISK_FULL_BYTES
    left = size_words(facts.disk.free_bytes)
    return [
        Finding(
            "disk_nearly_full",
            Severity.PROBLEM if is_full else Severity.WARNING,
            f"The disk is nearly full: {left} left",
            "disk",
            "Delete what is not needed or use a larger card; "
            "new prices are lost once it is full.",
        )
    ]


def _clock(now: Now, facts: Facts) -> list[Finding]:
    if now.time is None:
        return [
            Finding(
                "clock_not_trusted",
                Severity.PROBLEM,
                "The time is not certain, so no price is shown as the price now",
                "clock",
                "It is set from the network within minutes. If it stays, look at "
                "the router and the Wi-Fi.",
            )
        ]
    ahead = facts.machine_time - now.time
    if abs(ahead) <= CLOCK_TOLERANCE:
        return []
    way = "fast" if ahead > timedelta(0) else "slow"
    return [
        Finding(
            "clock_differs",
            Severity.WARNING,
            f"This machine's clock is {span_words(abs(ahead))} {way}; "
            "the screen goes by Amber's time",
            "clock",
            "It is set from the network by itself. If it stays, turn on network time "
            "(`timedatectl set-ntp true`).",
        )
    ]


def _price(now: Now, facts: Facts) -> list[Finding]:
    age = now.import_age
    if age.freshness is Freshness.NONE:
        return [
            Finding(
                "no_price",
                Severity.PROBLEM,
                "No price has come yet",
                "import price",
                "The first one comes within minutes of the collector's start.",
            )
        ]
    if age.freshness not in (Freshness.STALE, Freshness.OLD) or age.good_until is None:
        return []
    is_old = age.freshness is Freshness.OLD
    since = moment_words(age.good_until, now.time, facts.zone)
    return [
        Finding(
            "price_old" if is_old else "price_stale",
            Severity.PROBLEM if is_old else Severity.WARNING,
            f"The last price was good until {since}; no newer one has come",
            "import price",
            "See what else is found; if there is nothing else, wait some minutes.",
        )
    ]


def _forecast(now: Now) -> list[Finding]:
    if now.time is None or Channel.GENERAL in now.forecasts or not now.channels:
        return []
    return [
        Finding(
            "no_forecast",
            Severity.NOTE,
            "There is no recent forecast, so the hours to come are not shown",
            "forecast",
            "Nothing: it comes with the next answer from Amber.",
        )
    ]


def _gaps(now: Now, facts: Facts) -> list[Finding]:
    """Gaps of the last week, channels that miss the same told as one."""
    alike: dict[tuple[Gap, ...], list[Channel]] = {}
    for coverage in facts.coverages:
        if coverage.gaps:
            alike.setdefault(coverage.gaps, []).append(coverage.channel)
    return [_gap(gaps, channels, now, facts) for gaps, channels in alike.items()]


def _gap(
    gaps: tuple[Gap, ...], channels: list[Channel], now: Now, facts: Facts
) -> Finding:
    missing = sum((gap.length for gap in gaps), timedelta())
    first = gaps[0]
    is_late = now.time is not None and now.time - first.end > BACKFILL_DUE
    runs = "1 gap" if len(gaps) == 1 else f"{len(gaps)} gaps"
    hope = "Until Amber gives them once more"
    if is_late:
        hope = "Amber ought to have given them by now and may not have them:"
    return Finding(
        "gaps",
        Severity.WARNING if is_late else Severity.NOTE,
        f"{span_words(missing)} of the last 7 days are not on record",
        f"{' and '.join(CHANNEL_WORDS[channel] for channel in channels)} prices",
        f"{runs}, the first at {moment_words(first.start, now.time, facts.zone)}. "
        f"{hope} they are shown as gaps, never as prices.",
    )


def _usage(now: Now, facts: Facts) -> list[Finding]:
    end = facts.last_reading_end
    if now.time is None or end is None or now.time - end <= USAGE_LATE_AFTER:
        return []
    return [
        Finding(
            "usage_late",
            Severity.WARNING,
            f"The last usage on record is {span_words(now.time - end)} old",
            "usage",
            "Usually the network is late and it comes by itself; Amber keeps 90 days.",
        )
    ]


def _shadow(now: Now, facts: Facts) -> list[Finding]:
    failed = facts.shadow_failure
    if failed is None:
        return []
    return [
        Finding(
            "shadow_failed",
            Severity.WARNING,
            "What the shadow battery would have saved could not be worked out, last at "
            f"{moment_words(failed.ended_at, now.time, facts.zone)}",
            "shadow battery",
            f"{failed.said}. It is tried again by itself; `home-energy shadow` does it "
            "at once.",
        )
    ]


def _demo(facts: Facts) -> list[Finding]:
    if not facts.is_demo:
        return []
    return [
        Finding(
            "demo",
            Severity.NOTE,
            "This is a demonstration: the home and its prices are invented",
            "config/.env",
            "For your own home put AMBER_TOKEN=... into config/.env and run "
            "`make run`.",
        )
    ]
