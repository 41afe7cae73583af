"""What a person should know of the record's care: damage, checks and backups."""

from datetime import datetime, timedelta

from home_energy.dashboard.health.finding import Facts, Finding, Severity
from home_energy.dashboard.local_words import moment_words
from home_energy.dashboard.now import Now

BACKUP_OLD_AFTER = timedelta(days=3)
"""Each night makes one; a night or two may be missed."""
ASIDE_NEWS_FOR = timedelta(days=14)
"""So long a record that was set aside is a warning; from then on a note."""


def record_findings(now: Now | None, facts: Facts) -> list[Finding]:
    """Everything worth saying about the upkeep of the record."""
    return [
        *_set_aside(now, facts),
        *_last_check(now, facts),
        *_backups(now, facts),
    ]


def _set_aside(now: Now | None, facts: Facts) -> list[Finding]:
    """Tell the newest damaged record, until its file is deleted."""
    if not facts.set_aside:
        return []
    aside = facts.set_aside[0]
    time = _time(now, facts)
    is_news = time is None or time - aside.at < ASIDE_NEWS_FOR
    if aside.replaced_by is None:
        instead = "a new record has begun, for there was no good backup"
    else:
        instead = (
            "the backup of "
            f"{moment_words(aside.replaced_by, time, facts.zone)} took its place"
        )
    return [
        Finding(
            "record_set_aside",
            Severity.WARNING if is_news else Severity.NOTE,
            f"The record was damaged: {instead}",
            "store",
            f"Found {moment_words(aside.at, time, facts.zone)}. Prices and usage are "
            "asked for again; forecasts and power since then are lost. If it comes "
            f"again, use a new card. The damaged file is {aside.path}; once it is "
            "deleted, this goes.",
        )
    ]


def _last_check(now: Now | None, facts: Facts) -> list[Finding]:
    last = None if facts.upkeep is None else facts.upkeep.last_run
    if last is None or last.failure is None:
        return []
    if last.is_damaged and any(aside.at >= last.at for aside in facts.set_aside):
        return []  # mended since, which is told already
    when = moment_words(last.at, _time(now, facts), facts.zone)
    if last.is_damaged:
        return [
            Finding(
                "record_damaged",
                Severity.PROBLEM,
                f"The check of {when} found the record damaged",
                "store",
                "The collector ends by itself and the newest good backup takes its "
                f"place; if this stays, restart the machine. ({last.failure})",
            )
        ]
    return [
        Finding(
            "upkeep_failed",
            Severity.WARNING,
            f"The upkeep of {when} has failed, so there is no backup of it",
            "backups",
            f"{last.failure}.",
        )
    ]


def _backups(now: Now | None, facts: Facts) -> list[Finding]:
    time = _time(now, facts)
    if facts.upkeep is None or time is None:
        return []
    newest_at = facts.upkeep.newest_backup_at
    if time - (newest_at or facts.upkeep.folder_changed_at) <= BACKUP_OLD_AFTER:
        return []
    what = (
        "There is no backup of the record yet"
        if newest_at is None
        else f"The newest backup is of {moment_words(newest_at, time, facts.zone)}"
    )
    return [
        Finding(
            "backup_old",
            Severity.WARNING,
            what,
            "backups",
            "One is made each night. Make one now with `home-energy upkeep`, which "
            "says why where it cannot.",
        )
    ]


def _time(now: Now | None, facts: Facts) -> datetime | None:
    """What time it is, where somebody vouches for it. [aware UTC]"""
    if now is not None:
        return now.time
    return facts.machine_time if facts.is_synchronised else None
