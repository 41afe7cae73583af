"""`coverage`, `migrate`: what is on record."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from home_energy.cli.application import (
    Day,
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
)
from home_energy.domain.coverage import Coverage
from home_energy.domain.price import Channel
from home_energy.domain.site import home_site
from home_energy.domain.time_grid import nem_day_start
from home_energy.errors import ConfigError, DataError
from home_energy.settings import Settings
from home_energy.store import Store
from home_energy.store.database import Database
from home_energy.store.migrations import migrate as run_migrations

if TYPE_CHECKING:
    from home_energy.ingestion.recorded_rows import Agreement


@app.command()
def coverage(
    context: typer.Context,
    start: Day = None,
    end: Day = None,
    against: Annotated[
        Path | None, typer.Option(help="Compare with a file of Amber's own rows.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What is on record between two days, both included, and what is missing."""
    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = Store.open_read_only(settings.home.store)
    site_key = _site_key(store, settings)
    since, until = _period(store, site_key, start, end)
    coverages = [
        store.prices.coverage(site_key, channel, since, until)
        for channel in store.prices.channels(site_key)
    ]
    agreement = None
    if against is not None:
        from home_energy.ingestion.recorded_rows import compare

        agreement = compare(store, site_key, against, since, until)
    if as_json:
        answer: dict[str, Any] = {"channels": [_coverage_json(c) for c in coverages]}
        if agreement is not None:
            answer["against"] = _agreement_json(against, agreement)
        print_json(answer)
        return
    console.print(_coverage_table(coverages, settings))
    if agreement is not None:
        console.print(_agreement_words(against, agreement), markup=False)


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the store's schema up to date."""
    invocation: Invocation = context.obj
    path = invocation.settings().home.store
    if not path.exists():
        raise ConfigError(f"{path}: there is no store yet; `collect` makes it")
    done = run_migrations(Database(path))
    console.print(f"{path}: {', '.join(done) if done else 'already up to date'}")


def _site_key(store: Store, settings: Settings) -> int:
    site = home_site(store.sources.sites(), settings.amber.site_id)
    key = store.sources.site_key(site.site_id)
    if key is None:
        raise DataError(f"site {site.site_id} is not on record")
    return key


def _period(
    store: Store, site_key: int, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime]:
    """Chosen days as instants; without them, from the first to the last price."""
    spans = [
        span
        for channel in Channel
        if (span := store.prices.span(site_key, channel)) is not None
    ]
    if not spans:
        raise DataError("there is no price on record yet")
    since = min(span[0] for span in spans)
    until = max(span[1] for span in spans)
    if start is not None:
        since = nem_day_start(start.date())
    if end is not None:
        until = nem_day_start(end.date() + timedelta(days=1))
    if since >= until:
        raise DataError(
            f"{since} to {until} is no period; expected --start before --end"
        )
    return since, until


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _coverage_json(coverage: Coverage) -> dict[str, Any]:
    fraction = coverage.covered_fraction
    return {
        "channel": coverage.channel.value,
        "start_utc": _stamp(coverage.start),
        "end_utc": _stamp(coverage.end),
        "covered_percent": None if fraction is None else fraction * 100,
        "covered_minutes": coverage.covered_minutes,
        "expected_minutes": coverage.expected_minutes,
        "estimated_minutes": coverage.estimated_minutes,
        "gaps": [
            {"start_utc": _stamp(gap.start), "end_utc": _stamp(gap.end)}
            for gap in coverage.gaps
        ],
    }


def _agreement_json(path: Path | None, agreement: "Agreement") -> dict[str, Any]:
    share = agreement.equal / agreement.file_intervals * 100
    return {
        "file": str(path),
        "covered_percent": share if agreement.file_intervals else None,
        "file_intervals": agreement.file_intervals,
        "equal": agreement.equal,
        "different": agreement.different,
        "missing": agreement.missing,
        "first_faults": [
            {**asdict(fault), "start": _stamp(fault.start)}
            for fault in agreement.first_faults
        ],
    }


def _coverage_table(coverages: list[Coverage], settings: Settings) -> Table:
    table = Table(title="Prices on record")
    for name in ("channel", "from", "to", "on record", "not final", "longest gap"):
        table.add_column(name)
    for coverage in coverages:
        gap = coverage.longest_gap
        fraction = coverage.covered_fraction or 0.0
        table.add_row(
            coverage.channel.value.replace("_", " "),
            f"{coverage.start.astimezone(settings.home.zone):%Y-%m-%d %H:%M}",
            f"{coverage.end.astimezone(settings.home.zone):%Y-%m-%d %H:%M}",
            f"{fraction:.3%}",
            f"{coverage.estimated_minutes} min",
            "none" if gap is None else f"{gap.length} from {_stamp(gap.start)}",
        )
    return table


def _agreement_words(path: Path | None, agreement: "Agreement") -> str:
    return (
        f"{path}: {agreement.equal:,} of {agreement.file_intervals:,} intervals are on "
        f"record with the file's value, {agreement.different} with another, "
        f"{agreement.missing} are missing"
    )
