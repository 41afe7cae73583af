"""The few words of the first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from home_energy.dashboard.figures import DASH, short_price
from home_energy.domain.verdict import CheapestRun
from home_energy.settings import Settings
from home_energy.store import SourceStatus

_FAILURE_WORDS = {
    "SourceAuthError": "Amber refuses the token",
    "ConfigError": "check the Amber site",
    "SourceUnavailable": "no contact with Amber",
    "RateLimited": "Amber asks to wait",
    "SourceDataError": "Amber's answer unclear",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What stands there instead of a price: what is so, and what to do."""

    title: str
    hint: str


def cheapest_words(run: CheapestRun, now_c_per_kwh: float | None, zone: tzinfo) -> str:
    """Say when the next hours are cheapest; `ahead` when now is cheaper still."""
    is_now_better = now_c_per_kwh is not None and now_c_per_kwh <= run.c_per_kwh
    start, end = run.start.astimezone(zone), run.end.astimezone(zone)
    first, last = _hour_and_minutes(start), _hour_and_minutes(end)
    if (start.hour < 12) != (end.hour < 12):
        first += f" {start:%p}".lower()
    last += f" {end:%p}".lower()
    ahead = " ahead" if is_now_better else ""
    return f"cheapest{ahead} {first}{DASH}{last}, {short_price(run.c_per_kwh)}"


def failure_words(statuses: Sequence[SourceStatus]) -> str:
    """Say why there is no newer price; a fault that a person must mend goes first.

    How power or messages do says nothing about prices.
    """
    kinds = _failure_kinds(statuses)
    for kind, words in _FAILURE_WORDS.items():
        if kind in kinds:
            return words
    return "see the health page" if kinds else "collector is silent"


def first_start_message(
    settings: Settings, statuses: Sequence[SourceStatus]
) -> Message:
    """Say what is missing before the first price."""
    kinds = _failure_kinds(statuses)
    if "SourceAuthError" in kinds:
        return Message("Amber refuses the token", "correct AMBER_TOKEN in config/.env")
    if "ConfigError" in kinds:
        return Message("Which home?", "correct AMBER_SITE_ID in config/.env")
    if kinds:
        return Message("No contact with Amber", "check the network; prices follow")
    has_asked = any(status.is_of_prices for status in statuses)
    if not has_asked and settings.amber.token is None and not settings.amber.is_demo:
        return Message("No Amber token", "put AMBER_TOKEN=… into config/.env")
    return Message("Waiting for the first price", "this takes about a minute")


def no_record_message(path: Path) -> Message:
    """Say what to do when the store is missing or cannot be read."""
    if not path.exists():
        return Message("No prices on record yet", "start the collector: make run")
    return Message("The record cannot be read", "see: home-energy collect")


def _failure_kinds(statuses: Sequence[SourceStatus]) -> set[str | None]:
    """How sources of prices fail."""
    return {
        status.failure_kind
        for status in statuses
        if status.failing_since is not None and status.is_of_prices
    }


def _hour_and_minutes(local: datetime) -> str:
    hour = f"{local.hour % 12 or 12}"
    return f"{hour}:{local.minute:02d}" if local.minute else hour
