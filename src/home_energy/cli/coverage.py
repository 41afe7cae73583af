"""`coverage`: what is on record of a period, and how far sources agree."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from home_energy.cli.application import (
    Day,
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
    utc_stamp,
)
from home_energy.domain.clock import SystemClock
from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.site import home_site
from home_energy.domain.time_grid import floor_to_step, nem_day_start
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.record.cars import CarCoverage
    from home_energy.analysis.record.coverage import (
        RecordCoverage,
        RegisterCoverage,
        SourcePair,
        SpotCoverage,
    )
    from home_energy.analysis.record.meter_sources import RecordedHome
    from home_energy.ingestion.recorded_rows import Agreement

_FIVE_MINUTES = timedelta(minutes=5)


@app.command()
def coverage(  # noqa: PLR0913, PLR0917 - the options of the command
    context: typer.Context,
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=2099, help="A calendar year, in NEM time."),
    ] = None,
    start: Day = None,
    end: Day = None,
    against: Annotated[
        Path | None, typer.Option(help="Compare with a file of Amber's own rows.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What is on record in a year or between two days, and what is missing."""
    from home_energy.analysis.record.coverage import record_coverage

    invocation: Invocation = context.obj
    settings = invocation.settings()
    store = Store.open_read_only(settings.home.store)
    home = _home(store, settings)
    if year is None:
        since, until = _days_asked(store, home, start, end)
    elif start is None and end is None:
        since, until = _year(year)
    else:
        raise DataError("--year goes without --start and --end; leave one of them out")
    found = record_coverage(store, home, since, until)
    agreement = None
    if against is not None:
        agreement = _compare(store, home, against, since, until)
    if as_json:
        answer = _coverage_json(found)
        if agreement is not None:
            answer["against"] = _agreement_json(against, agreement)
        print_json(answer)
        return
    _print_words(found, settings)
    if agreement is not None:
        console.print(_agreement_words(against, agreement), markup=False)


def _home(store: Store, settings: Settings) -> "RecordedHome":
    from home_energy.analysis.record.meter_sources import recorded_home

    sites = store.sources.sites()
    site = home_site(sites, settings.amber.site_id) if sites else None
    return recorded_home(store, site, settings.meter.flows)


def _year(year: int) -> tuple[datetime, datetime]:
    """A calendar year of the market, of the one that runs what has been of it."""
    start, end = (nem_day_start(date(y, 1, 1)) for y in (year, year + 1))
    now = floor_to_step(SystemClock().now(), _FIVE_MINUTES)
    if now <= start:
        raise DataError(f"--year {year} is yet to come; expected one that has begun")
    return start, min(end, now)


def _days_asked(
    store: Store,
    home: "RecordedHome",
    start: datetime | None,
    end: datetime | None,
) -> tuple[datetime, datetime]:
    """Chosen days of the market; without them, from first to last on record."""
    from home_energy.analysis.record.coverage import record_span

    span = record_span(store, home)
    if span is None:
        raise DataError(
            "there is nothing on record yet; `home-energy import` or "
            "`home-energy collect` brings it"
        )
    since, until = span
    if start is not None:
        since = nem_day_start(start.date())
    if end is not None:
        until = nem_day_start(end.date() + timedelta(days=1))
    if since >= until:
        raise DataError(
            f"{since} to {until} is no period; expected --start before --end"
        )
    return since, until


def _compare(
    store: Store,
    home: "RecordedHome",
    against: Path,
    since: datetime,
    until: datetime,
) -> "Agreement":
    from home_energy.ingestion.recorded_rows import compare

    if home.site_key is None:
        raise DataError(
            f"--against {against}: no site is on record whose prices could be "
            "compared; bring them with `home-energy collect` or `import amber`"
        )
    return compare(store, home.site_key, against, since, until)


def _print_words(found: "RecordCoverage", settings: Settings) -> None:
    from home_energy.cli.coverage_words import (
        car_table,
        car_words,
        meter_table,
        meter_words,
        pair_words,
        period_words,
        price_table,
        spot_table,
    )

    zone = settings.home.zone
    console.print(period_words(found, zone))
    for table in (
        price_table(found.prices, zone) if found.prices else None,
        meter_table(found.registers) if found.registers else None,
        spot_table(found.spot, zone) if found.spot else None,
        car_table(found.cars, zone) if found.cars else None,
    ):
        if table is not None:
            console.print(table)
    for sentence in (*meter_words(found.registers, zone), *car_words(found.cars)):
        console.print(f"- {sentence}", markup=False)
    for pair in found.pairs:
        for sentence in pair_words(pair, zone):
            console.print(sentence, markup=False)


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100


def _gaps_json(gaps: tuple[Gap, ...]) -> list[dict[str, str]]:
    return [
        {"start_utc": utc_stamp(gap.start), "end_utc": utc_stamp(gap.end)}
        for gap in gaps
    ]


def _longest_minutes(gap: Gap | None) -> int:
    return 0 if gap is None else int(gap.length.total_seconds()) // 60


def _coverage_json(found: "RecordCoverage") -> dict[str, Any]:
    return {
        "start_utc": utc_stamp(found.start),
        "end_utc": utc_stamp(found.end),
        "channels": [_price_json(one) for one in found.prices],
        "meter": [_register_json(one) for one in found.registers],
        "spot": [_spot_json(one) for one in found.spot],
        "comparisons": [_pair_json(pair) for pair in found.pairs],
        "cars": [_car_json(one) for one in found.cars],
    }


def _price_json(coverage: Coverage) -> dict[str, Any]:
    return {
        "channel": coverage.channel.value,
        "start_utc": utc_stamp(coverage.start),
        "end_utc": utc_stamp(coverage.end),
        "covered_percent": _percent(coverage.covered_fraction),
        "covered_minutes": coverage.covered_minutes,
        "expected_minutes": coverage.expected_minutes,
        "estimated_minutes": coverage.estimated_minutes,
        "gaps": _gaps_json(coverage.gaps),
    }


def _register_json(one: "RegisterCoverage") -> dict[str, Any]:
    register, coverage = one.register, one.coverage
    return {
        "source": register.source,
        "nmi": register.nmi,
        "register": register.name,
        "flow": None if register.flow is None else register.flow.value,
        "covered_percent": _percent(coverage.covered_fraction),
        "covered_minutes": coverage.covered_minutes,
        "expected_minutes": coverage.expected_minutes,
        "estimated_percent": _percent(coverage.estimated_fraction),
        "substituted_percent": _percent(coverage.substituted_fraction),
        "longest_gap_minutes": _longest_minutes(coverage.longest_gap),
        "gaps": _gaps_json(coverage.gaps),
        "flat_runs": [
            {
                "start_utc": utc_stamp(run.start),
                "end_utc": utc_stamp(run.end),
                "kw": run.kw,
            }
            for run in coverage.flat_runs
        ],
    }


def _spot_json(one: "SpotCoverage") -> dict[str, Any]:
    return {
        "region": one.region,
        "covered_percent": _percent(one.covered_fraction),
        "longest_gap_minutes": _longest_minutes(one.longest_gap),
        "gaps": _gaps_json(one.gaps),
        "mean_aud_per_mwh_ex_gst": one.mean_aud_per_mwh_ex_gst,
        "highest_aud_per_mwh_ex_gst": one.highest_aud_per_mwh_ex_gst,
        "negative_fraction": one.negative_fraction,
    }


def _car_json(one: "CarCoverage") -> dict[str, Any]:
    return {
        "source": one.source,
        "car": one.car,
        "first_utc": utc_stamp(one.first),
        "last_utc": utc_stamp(one.last),
        "drive_count": one.drive_count,
        "km": one.km,
        "without_energy_count": one.without_energy_count,
        "charge_count": one.charge_count,
        "added_kwh": one.added_kwh,
        "missing_charge_count": one.missing_charge_count,
    }


def _pair_json(pair: "SourcePair") -> dict[str, Any]:
    comparison = pair.comparison
    median = comparison.median_day_difference_fraction
    return {
        "flow": pair.flow.value,
        "first": pair.first,
        "second": pair.second,
        "shared_minutes": comparison.shared_minutes,
        "first_kwh": comparison.first_kwh,
        "second_kwh": comparison.second_kwh,
        "median_day_difference_percent": _percent(median),
        "days": [
            {
                "day": _day(one.day),
                "first_kwh": one.first_kwh,
                "second_kwh": one.second_kwh,
                "difference_kwh": one.difference_kwh,
            }
            for one in comparison.days
        ],
        "clock_shifts": [
            {
                "first_day": _day(shift.first_day),
                "last_day": _day(shift.last_day),
                "second_later_minutes": int(shift.shift.total_seconds()) // 60,
                "error_percent": _percent(shift.error_fraction),
                "unshifted_error_percent": _percent(shift.unshifted_error_fraction),
                "agreeing_days_percent": _percent(shift.agreement_fraction),
            }
            for shift in comparison.shifts
        ],
    }


def _day(day: date) -> str:
    return day.isoformat()


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
            {**asdict(fault), "start": utc_stamp(fault.start)}
            for fault in agreement.first_faults
        ],
    }


def _agreement_words(path: Path | None, agreement: "Agreement") -> str:
    return (
        f"{path}: {agreement.equal:,} of {agreement.file_intervals:,} intervals are on "
        f"record with the file's value, {agreement.different} with another, "
        f"{agreement.missing} are missing"
    )
