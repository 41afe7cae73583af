"""What the API answers, field by field: the OpenAPI document is built from this.

Every instant is UTC and every interval half-open and named by its start. Prices are
in c/kWh: on `general` and `controlled_load` positive means the household pays, on
`feed_in` positive means the household is paid. Unknown is null, never 0.
"""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat

from home_energy.dashboard.health.finding import HealthStatus, Severity
from home_energy.domain.freshness import Freshness
from home_energy.domain.home_power import PowerFreshness
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel
from home_energy.domain.verdict import Verdict, VerdictBasis


class QualityWord(StrEnum):
    """How sure a value is, from least to most."""

    FORECAST = "forecast"
    ESTIMATE = "estimate"
    SUBSTITUTE = "substitute"
    ACTUAL = "actual"


class Answer(BaseModel):
    """What every part of an answer has in common."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True
    )


class PriceRow(Answer):
    """Price of one interval on one channel."""

    start_utc: AwareDatetime
    """Start of the interval. [UTC]"""
    end_utc: AwareDatetime
    """First instant after the interval. [UTC]"""
    duration_minutes: int
    """Length of the interval. [minutes]"""
    c_per_kwh: FiniteFloat
    """All-in price, with GST on import; feed-in carries no GST. [c/kWh]"""
    spot_c_per_kwh: FiniteFloat | None
    """Wholesale part, with GST; null where the retailer did not say. [c/kWh]"""
    quality: QualityWord
    """How sure the price is: an estimate may still be replaced."""
    descriptor: str | None
    """The retailer's own word for the price, in its spelling."""
    spike_status: str | None
    """`none`, `potential` or `spike`, or a word the retailer added since."""
    tariff_period: str | None
    """The network tariff's period, in the retailer's spelling."""
    tariff_season: str | None
    """The network tariff's season, in the retailer's spelling."""
    tariff_block: int | None
    """The network tariff's block number."""
    is_demand_window: bool | None
    """Whether demand is measured for a demand charge."""


class ForecastRow(Answer):
    """What was expected of one interval when the forecast was issued."""

    start_utc: AwareDatetime
    """Start of the interval. [UTC]"""
    end_utc: AwareDatetime
    """First instant after the interval. [UTC]"""
    duration_minutes: int
    """Length of the interval. [minutes]"""
    best_c_per_kwh: FiniteFloat
    """The retailer's prediction where it made one, else the market's. [c/kWh]"""
    c_per_kwh: FiniteFloat
    """Market operator's forecast plus charges. [c/kWh]"""
    predicted_c_per_kwh: FiniteFloat | None
    """The retailer's own prediction, about a day ahead. [c/kWh]"""
    low_c_per_kwh: FiniteFloat | None
    """Lower edge of the retailer's band. [c/kWh]"""
    high_c_per_kwh: FiniteFloat | None
    """Upper edge of the retailer's band. [c/kWh]"""
    spot_c_per_kwh: FiniteFloat | None
    """Wholesale part, with GST. [c/kWh]"""
    is_spike_possible: bool
    """Whether the retailer marks the interval as a potential or coming spike."""


class ChannelNow(Answer):
    """One channel at this moment."""

    freshness: Freshness
    """Step of the ladder on which the newest price stands."""
    age_seconds: FiniteFloat | None
    """Time since the newest price ceased to be good; 0 while it is good, null when
    there is no price or no clock can be trusted. [s]"""
    good_until_utc: AwareDatetime | None
    """When the newest price ceased, or will cease, to be good. [UTC]"""
    known_at_utc: AwareDatetime | None
    """When the retailer gave the newest price. [UTC]"""
    current: PriceRow | None
    """The price that holds now; null as soon as it is stale, old, missing, or no
    clock can be trusted."""
    last_known: PriceRow | None
    """Newest price on record, whatever its age: not a price for now."""
    forecast_issued_at_utc: AwareDatetime | None
    """When the forecast in `next` was given; null when none is usable. [UTC]"""
    next: list[ForecastRow]
    """Intervals to come, in order of start; empty when no forecast is usable."""


class Levels(Answer):
    """Where cheap ends and expensive begins for this home."""

    cheap_below_c_per_kwh: FiniteFloat
    """Import prices up to this are cheap. [c/kWh]"""
    expensive_above_c_per_kwh: FiniteFloat
    """Import prices from this on are expensive. [c/kWh]"""


class VerdictNow(Answer):
    """What the import price means for someone about to start the dishwasher."""

    verdict: Verdict
    """Cheap, normal or expensive."""
    basis: VerdictBasis
    """What the verdict rests on."""
    since_utc: AwareDatetime
    """When the verdict became what it is. [UTC]"""
    decided_at_utc: AwareDatetime
    """When the price that was judged was known. [UTC]"""
    levels: Levels | None
    """Levels that were used; null when the retailer's word was."""


class CheapestRunNow(Answer):
    """The hour ahead with the lowest forecast mean price on `general`."""

    start_utc: AwareDatetime
    """Start of the hour. [UTC]"""
    end_utc: AwareDatetime
    """First instant after the hour. [UTC]"""
    c_per_kwh: FiniteFloat
    """Mean forecast price of the hour. [c/kWh]"""


class StreamNow(Answer):
    """Newest power of one stream, smoothed over a minute."""

    stream: Stream
    """Where it flows."""
    watts: FiniteFloat
    """Power as it was at `as_of_utc`: `grid` is positive when bought, `battery` when
    it gives. Only while `freshness` is `fresh` is it the power of now. [W]"""
    as_of_utc: AwareDatetime
    """When it was measured; of several sources the oldest. [UTC]"""
    age_seconds: FiniteFloat | None
    """Time since then; null while no clock can be trusted. [s]"""
    freshness: PowerFreshness
    """What may be said of it."""
    sources: list[str]
    """Who told."""


class PowerNow(Answer):
    """What flows in the home."""

    is_set_up: bool
    """Whether the household named any source of live power."""
    streams: list[StreamNow]
    """Every stream of which anything was heard, however old; the grid also where it
    follows from the others."""
    grid_freshness: PowerFreshness | None
    """What may be said of the grid; null where nothing tells it."""
    cost_aud_per_hour: FiniteFloat | None
    """Cost of an hour at the power and the price of now, negative when it earns; null
    unless both are fresh. [AUD/h]"""


class NowAnswer(Answer):
    """One home at this moment."""

    time_utc: AwareDatetime | None
    """The time, in whole seconds; null while no clock can be trusted. [UTC]"""
    is_demo: bool
    """Whether the prices are invented: they do not come from the retailer."""
    site_id: str | None
    """The retailer's name for the site; null before the first contact."""
    general: ChannelNow
    """Import from the grid."""
    controlled_load: ChannelNow | None
    """Controlled load; null when the site has none."""
    feed_in: ChannelNow | None
    """Export to the grid; null when the site has none."""
    verdict: VerdictNow | None
    """Verdict on the import price; null unless it is fresh enough to advise on."""
    cheapest_run: CheapestRunNow | None
    """Cheapest hour that starts in the next twelve; null without a forecast."""
    power: PowerNow
    """What flows in the home, and what an hour of it costs."""


class GapRow(Answer):
    """A run of missing intervals, half-open."""

    start_utc: AwareDatetime
    """First instant without a price. [UTC]"""
    end_utc: AwareDatetime
    """First instant with a price again. [UTC]"""
    duration_minutes: FiniteFloat
    """How long nothing is known. [minutes]"""


class CoverageRow(Answer):
    """Share of a period that is on record for one channel."""

    channel: Channel
    """What was looked at."""
    start_utc: AwareDatetime
    """Start of the period. [UTC]"""
    end_utc: AwareDatetime
    """End of what can be on record by now; later intervals are not missed. [UTC]"""
    expected_minutes: int
    """Length of the period. [minutes]"""
    covered_minutes: int
    """Time for which a price is on record. [minutes]"""
    estimated_minutes: int
    """Part of `covered_minutes` whose price is not final yet. [minutes]"""
    covered_fraction: FiniteFloat | None
    """Share on record, 0 to 1; null for an empty period."""
    gaps: list[GapRow]
    """Every run without a price, in order."""


class PricesAnswer(Answer):
    """Prices on record in a period."""

    is_demo: bool
    """Whether the prices are invented: they do not come from the retailer."""
    site_id: str | None
    """The retailer's name for the site; null before the first contact."""
    channel: Channel
    """Channel that was asked for."""
    start_utc: AwareDatetime
    """Start of the period. [UTC]"""
    end_utc: AwareDatetime
    """End of the period, not included. [UTC]"""
    coverage: CoverageRow | None
    """What is missing; null before the first contact with the retailer."""
    prices: list[PriceRow]
    """Every interval that reaches into the period, in order of start. The first may
    begin before it, the last may end after it; gaps are gaps."""


class ForecastIssue(Answer):
    """One forecast as it stood when it was issued."""

    issued_at_utc: AwareDatetime
    """When the retailer gave it: nothing here was known earlier. [UTC]"""
    points: list[ForecastRow]
    """Intervals in order of start; gaps are gaps."""


class ForecastsAnswer(Answer):
    """Forecasts as they were issued."""

    is_demo: bool
    """Whether the forecasts are invented: they do not come from the retailer."""
    site_id: str | None
    """The retailer's name for the site; null before the first contact."""
    channel: Channel
    """Channel that was asked for."""
    start_utc: AwareDatetime | None
    """Start of the period of issue; null when `at` was asked for. [UTC]"""
    end_utc: AwareDatetime | None
    """End of the period of issue, not included; null when `at` was. [UTC]"""
    at_utc: AwareDatetime | None
    """Instant whose knowledge was asked for; null when a period was. [UTC]"""
    forecasts: list[ForecastIssue]
    """In order of issue. With `at` the newest that was known then, if any."""


class FindingRow(Answer):
    """Something a person may want to know or do."""

    code: str
    """Name of the kind of finding, for programs."""
    severity: Severity
    """How much it matters."""
    what: str
    """What is the case, in plain words."""
    where: str
    """Which part it concerns."""
    do: str
    """What to do about it."""


class TaskRow(Answer):
    """How one task of one source is doing."""

    source: str
    """Provider."""
    task: str
    """What is asked of it."""
    last_success_utc: AwareDatetime | None
    """When it last worked; null if never. [UTC]"""
    failing_since_utc: AwareDatetime | None
    """First failure since the last success; null while it works. [UTC]"""
    last_failure_utc: AwareDatetime | None
    """Latest failure, also when it works again. [UTC]"""
    failure_kind: str | None
    """Name of the latest error; null if it never failed."""
    failure_message: str | None
    """What the latest error said; null if it never failed."""


class ClockRow(Answer):
    """What time it is and who vouches for it."""

    time_utc: AwareDatetime | None
    """The time, in whole seconds; null while no clock can be trusted. [UTC]"""
    is_trusted: bool
    """Whether anybody vouches for the time."""
    is_synchronised: bool
    """Whether the operating system says its time came from the network."""
    machine_ahead_seconds: FiniteFloat | None
    """Machine's own clock less the trusted time; null without one. [s]"""


class StoreRow(Answer):
    """The file that keeps the record, and its disk."""

    is_readable: bool
    """Whether the store can be read."""
    schema_number: int | None
    """Number of the store's layout; null when it cannot be read."""
    size_bytes: int | None
    """Size of the store on the disk; null when there is none. [bytes]"""
    disk_free_bytes: int | None
    """Free space on its disk; null when unknown. [bytes]"""
    disk_free_fraction: FiniteFloat | None
    """Free share of its disk, 0 to 1; null when unknown."""


class HealthAnswer(Answer):
    """Whether the program can keep its promises now, and what to do if not."""

    status: HealthStatus
    """`ok`; `degraded` when something needs attention; `down` when there is no price
    for now to show."""
    is_demo: bool
    """Whether the prices are invented: they do not come from the retailer."""
    version: str
    """Version of the program."""
    freshness: Freshness
    """Step of the ladder on which the newest import price stands."""
    age_seconds: FiniteFloat | None
    """Time since that price ceased to be good; null when unknown. [s]"""
    last_reading_end_utc: AwareDatetime | None
    """Until when the meter is on record; null when nothing is. [UTC]"""
    clock: ClockRow
    """What time it is and who vouches for it."""
    store: StoreRow
    """The file that keeps the record, and its disk."""
    tasks: list[TaskRow]
    """Every task of every source."""
    coverage: list[CoverageRow]
    """The last seven days, one for each channel with prices."""
    findings: list[FindingRow]
    """Most important first; empty when all is well."""


class FaultRow(Answer):
    """What is wrong with one query parameter."""

    parameter: str
    """Name of the parameter."""
    message: str
    """What was found, what is expected and what to do."""


class Problem(Answer):
    """An error, after RFC 9457."""

    type: Literal["about:blank"]
    """Kind of problem: the status says it all."""
    title: str
    """The status in words."""
    status: int
    """HTTP status."""
    detail: str
    """What happened, where, what was expected and what to do."""
    faults: list[FaultRow]
    """Every fault of the query; empty for other problems."""
