"""From values of the domain to answers of the API. Nothing is computed here."""

from collections.abc import Iterable
from datetime import datetime

from home_energy import __version__
from home_energy.dashboard.api import models as api
from home_energy.dashboard.health.facts import Health
from home_energy.dashboard.health.finding import Facts
from home_energy.dashboard.health.findings import findings, health_status
from home_energy.dashboard.now import Now
from home_energy.domain.coverage import Coverage
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.freshness import Freshness, price_age
from home_energy.domain.home_power import StreamPower
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, Price
from home_energy.domain.verdict import CheapestRun, Decision
from home_energy.store import SourceStatus


def now_answer(now: Now) -> api.NowAnswer:
    """One home at this moment."""
    general = channel_now(now, Channel.GENERAL)
    return api.NowAnswer(
        time_utc=whole_seconds(now.time),
        is_demo=now.is_demo,
        site_id=None if now.site is None else now.site.site_id,
        general=general,
        controlled_load=_if_there(now, Channel.CONTROLLED_LOAD),
        feed_in=_if_there(now, Channel.FEED_IN),
        verdict=None if now.decision is None else _verdict(now.decision),
        cheapest_run=None if now.cheapest is None else _cheapest(now.cheapest),
        power=_power(now),
    )


def channel_now(now: Now, channel: Channel) -> api.ChannelNow:
    """One channel at this moment, also when nothing is known of it."""
    newest = now.channels.get(channel)
    age = price_age(None, None, now.time) if newest is None else newest.age
    row = None if newest is None else price_row(newest.price)
    forecast = now.forecasts.get(channel)
    return api.ChannelNow(
        freshness=age.freshness,
        age_seconds=age.age_seconds,
        good_until_utc=age.good_until,
        known_at_utc=None if newest is None else newest.known_at,
        current=row if age.may_advise else None,
        last_known=row,
        forecast_issued_at_utc=None if forecast is None else forecast.issued_at,
        next=_next_rows(now, forecast, newest.price if newest else None),
    )


def price_row(price: Price) -> api.PriceRow:
    """Price of one interval."""
    return api.PriceRow(
        start_utc=price.start,
        end_utc=price.end,
        duration_minutes=price.duration_minutes,
        c_per_kwh=price.c_per_kwh,
        spot_c_per_kwh=price.spot_c_per_kwh,
        quality=api.QualityWord(price.quality.name.lower()),
        descriptor=price.context.descriptor,
        spike_status=price.context.spike_status,
        tariff_period=price.context.tariff_period,
        tariff_season=price.context.tariff_season,
        tariff_block=price.context.tariff_block,
        is_demand_window=price.context.is_demand_window,
    )


def forecast_issue(forecast: Forecast) -> api.ForecastIssue:
    """One forecast as it was issued."""
    return api.ForecastIssue(
        issued_at_utc=forecast.issued_at, points=_forecast_rows(forecast.points)
    )


def coverage_row(coverage: Coverage) -> api.CoverageRow:
    """What is on record and what is missing."""
    return api.CoverageRow(
        channel=coverage.channel,
        start_utc=coverage.start,
        end_utc=coverage.end,
        expected_minutes=coverage.expected_minutes,
        covered_minutes=coverage.covered_minutes,
        estimated_minutes=coverage.estimated_minutes,
        covered_fraction=coverage.covered_fraction,
        gaps=[
            api.GapRow(
                start_utc=gap.start,
                end_utc=gap.end,
                duration_minutes=gap.length.total_seconds() / 60,
            )
            for gap in coverage.gaps
        ],
    )


def health_answer(health: Health) -> api.HealthAnswer:
    """How the program is doing."""
    now, facts = health.now, health.facts
    found = findings(now, facts)
    return api.HealthAnswer(
        status=health_status(now, found),
        is_demo=facts.is_demo,
        version=__version__,
        freshness=Freshness.NONE if now is None else now.import_age.freshness,
        age_seconds=None if now is None else now.import_age.age_seconds,
        last_reading_end_utc=facts.last_reading_end,
        clock=_clock(now, facts),
        store=_store(facts),
        tasks=[_task(status) for status in (now.statuses if now else [])],
        coverage=[coverage_row(coverage) for coverage in facts.coverages],
        findings=[
            api.FindingRow(
                code=finding.code,
                severity=finding.severity,
                what=finding.what,
                where=finding.where,
                do=finding.do,
            )
            for finding in found
        ],
    )


def whole_seconds(moment: datetime | None) -> datetime | None:
    """Time without its fraction, so that answers of one second are the same."""
    return None if moment is None else moment.replace(microsecond=0)


def _if_there(now: Now, channel: Channel) -> api.ChannelNow | None:
    if channel not in now.channels and channel not in now.forecasts:
        return None
    return channel_now(now, channel)


def _next_rows(
    now: Now, forecast: Forecast | None, newest: Price | None
) -> list[api.ForecastRow]:
    """Intervals that are not over and that the newest price does not reach into."""
    if forecast is None or now.time is None:
        return []
    begin = now.time if newest is None else max(now.time, newest.end)
    return _forecast_rows(
        point
        for point in forecast.points
        if point.end > begin and (newest is None or point.start >= newest.end)
    )


def _forecast_rows(points: Iterable[ForecastPoint]) -> list[api.ForecastRow]:
    return [
        api.ForecastRow(
            start_utc=point.start,
            end_utc=point.end,
            duration_minutes=point.duration_minutes,
            best_c_per_kwh=point.best_c_per_kwh,
            c_per_kwh=point.c_per_kwh,
            predicted_c_per_kwh=point.predicted_c_per_kwh,
            low_c_per_kwh=point.low_c_per_kwh,
            high_c_per_kwh=point.high_c_per_kwh,
            spot_c_per_kwh=point.spot_c_per_kwh,
            is_spike_possible=point.is_spike_possible,
        )
        for point in points
    ]


def _verdict(decision: Decision) -> api.VerdictNow:
    levels = decision.levels
    return api.VerdictNow(
        verdict=decision.verdict,
        basis=decision.basis,
        since_utc=decision.since,
        decided_at_utc=decision.decided_at,
        levels=None
        if levels is None
        else api.Levels(
            cheap_below_c_per_kwh=levels.cheap_below_c_per_kwh,
            expensive_above_c_per_kwh=levels.expensive_above_c_per_kwh,
        ),
    )


def _cheapest(run: CheapestRun) -> api.CheapestRunNow:
    return api.CheapestRunNow(
        start_utc=run.start, end_utc=run.end, c_per_kwh=run.c_per_kwh
    )


def _power(now: Now) -> api.PowerNow:
    power = now.power
    return api.PowerNow(
        is_set_up=power.is_set_up,
        streams=[
            _stream(stream, found, now.time) for stream, found in power.streams.items()
        ],
        grid_freshness=power.grid_freshness,
        cost_aud_per_hour=power.cost_aud_per_hour,
    )


def _stream(stream: Stream, found: StreamPower, time: datetime | None) -> api.StreamNow:
    age = found.age(time)
    return api.StreamNow(
        stream=stream,
        watts=found.watts,
        as_of_utc=found.as_of,
        age_seconds=None if age is None else age.total_seconds(),
        freshness=found.freshness(time),
        sources=list(found.sources),
    )


def _clock(now: Now | None, facts: Facts) -> api.ClockRow:
    time = None if now is None else now.time
    ahead = None if time is None else (facts.machine_time - time).total_seconds()
    return api.ClockRow(
        time_utc=whole_seconds(time),
        is_trusted=time is not None,
        is_synchronised=facts.is_synchronised,
        machine_ahead_seconds=None if ahead is None else round(ahead),
    )


def _store(facts: Facts) -> api.StoreRow:
    disk = facts.disk
    return api.StoreRow(
        is_readable=facts.store_error is None,
        schema_number=facts.schema_number,
        size_bytes=facts.store_bytes,
        disk_free_bytes=None if disk is None else disk.free_bytes,
        disk_free_fraction=None if disk is None else disk.free_fraction,
    )


def _task(status: SourceStatus) -> api.TaskRow:
    return api.TaskRow(
        source=status.source,
        task=status.task,
        last_success_utc=status.last_success,
        failing_since_utc=status.failing_since,
        last_failure_utc=status.last_failure,
        failure_kind=status.failure_kind,
        failure_message=status.failure_message,
    )
