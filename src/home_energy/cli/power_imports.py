"""`import emoncms`: what feeds have said, as means of five minutes."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    console,
    import_app,
    print_json,
    utc_stamp,
)
from home_energy.domain.clock import SystemClock
from home_energy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from home_energy.ingestion.emoncms_history import History, ImportedFeed
    from home_energy.ingestion.sources.emoncms import Feed
    from home_energy.settings import Settings

Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="First day, on the home's clock; without it each feed's first reading.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Last day; without it until now."),
]


@import_app.command("emoncms")
def import_emoncms(
    context: typer.Context,
    since: Since = None,
    until: Until = None,
    as_json: JsonOption = False,
) -> None:
    """History of the feeds of [power.emoncms]; again, it goes on where it ended."""
    import httpx

    from home_energy.ingestion.emoncms_history import import_feeds
    from home_energy.ingestion.power.power_rules import emoncms_account, feeds
    from home_energy.ingestion.sources.emoncms_service import (
        HISTORY_LIMITS,
        EmoncmsClient,
    )

    invocation: Invocation = context.obj
    settings = invocation.settings()
    account = emoncms_account(settings.power.emoncms)
    if account is None:
        raise ConfigError(
            "home.toml: no emoncms was named, [power.emoncms] with url and feeds "
            "expected; see docs/sources/emoncms.md"
        )
    history = _history(settings, since, until)
    with httpx.Client() as http, _week_progress(is_quiet=as_json) as progress:
        bar = progress.add_task("Asking emoncms", total=None)

        def on_progress(feed: "Feed", done: int, count: int) -> None:
            said = f"Asking {feed.words}"
            progress.update(bar, description=said, completed=done, total=count)

        client = EmoncmsClient(http, account, HISTORY_LIMITS)
        chosen = feeds(settings.power.emoncms)
        store = settings.home.store
        imported = import_feeds(store, client, chosen, history, on_progress)
    if as_json:
        print_json({"feeds": [_json(one) for one in imported]})
        return
    for one in imported:
        console.print(_words(one, settings.home.zone), markup=False, soft_wrap=True)


def _history(
    settings: "Settings", since: datetime | None, until: datetime | None
) -> "History":
    """From midnight to midnight of the home, both days included."""
    from home_energy.ingestion.emoncms_history import SETTLED_AFTER, History

    now, zone = SystemClock().now(), settings.home.zone
    start = since and since.replace(tzinfo=zone).astimezone(now.tzinfo)
    end = now - SETTLED_AFTER
    if until is not None:
        after = (until + timedelta(days=1)).replace(tzinfo=zone)
        end = min(after.astimezone(now.tzinfo), end)
    if start is not None and start >= end:
        raise DataError(
            f"import emoncms: --since {since:%Y-%m-%d}: expected a day not after "
            f"--until and before now ({now.astimezone(zone):%Y-%m-%d %H:%M})"
        )
    return History(start, end, time.sleep)


def _words(one: "ImportedFeed", zone: ZoneInfo) -> str:
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    if start == end:
        return f"{one.feed.words}: no reading in the period"
    known = f", {one.known_count:,} on record before" if one.known_count else ""
    lines = [
        f"{one.feed.words}: {one.new_count:,} new means of five minutes{known}",
        f"  {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} ({zone.key} time)",
    ]
    if one.hole_count:
        lines.append(f"  ! five minutes without a reading: {one.hole_count:,}")
    if one.impossible_count:
        lines.append(
            f"  ! means that no {one.feed.stream} power can be: "
            f"{one.impossible_count:,}; they stay missing, check the feed"
        )
    return "\n".join(lines)


def _json(one: "ImportedFeed") -> dict[str, Any]:
    return {
        "feed": one.feed.feed_id,
        "stream": one.feed.stream.value,
        "start_utc": utc_stamp(one.start),
        "end_utc": utc_stamp(one.end),
        "new_count": one.new_count,
        "known_count": one.known_count,
        "hole_count": one.hole_count,
        "impossible_count": one.impossible_count,
    }


def _week_progress(*, is_quiet: bool) -> Progress:
    screen = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("weeks"),
        console=screen,
        transient=True,
        disable=is_quiet or not screen.is_terminal,
    )
