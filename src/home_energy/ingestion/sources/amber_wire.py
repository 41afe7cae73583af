"""What Amber's JSON means: the only place where it becomes our values.

Gives prices, forecasts, usage and sites of Amber Electric's public API 2.0.

- Stamp: `endTime` is the true end in UTC; `startTime` is one second late and unused.
- Unit: c/kWh with GST on import; feed-in without GST and in "cost to you" sign, turned
  here so that positive means the household is paid. `spotPerKwh` has GST on every
  channel and keeps its sign.
- Durations of 5 and 30 minutes mix in one answer; each row says its own.
- An optional field is an absent key. Words that Amber adds later are kept as they are.
- Usage `kwh` is positive on feed-in although the contract says negative; its magnitude
  is taken and the channel gives the direction. `cost` is in cents.
- On feed-in `advancedPrice.low` and `.high` run with the spot price, so their order
  turns with the sign.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.meter import MeterReading
from home_energy.domain.price import Channel, Price, PriceContext, Quality
from home_energy.domain.site import RetailSite, SiteChannel

CHANNEL = {
    "general": Channel.GENERAL,
    "controlledLoad": Channel.CONTROLLED_LOAD,
    "feedIn": Channel.FEED_IN,
}
_SPIKES_AHEAD = ("potential", "spike")

MOST_C_PER_KWH = 20_000.0
"""Nine times the market's price cap of 2025-26 ($20,300/MWh): no price, a fault."""
NOT_YET = timedelta(minutes=5)
"""A price this much before its interval begins is no price but a wrong stamp."""

Minutes = Annotated[int, Field(ge=1, le=1440)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
CentsPerKwh = Annotated[
    float, Field(allow_inf_nan=False, ge=-MOST_C_PER_KWH, le=MOST_C_PER_KWH)
]
_YEARS = (2000, 9000)


class _Payload(BaseModel):
    """Lenient on what is new, strict on what we use."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="ignore", frozen=True, strict=False
    )


class _TariffInformation(_Payload):
    period: str | None = None
    season: str | None = None
    block: int | None = None
    demand_window: bool | None = None


class _AdvancedPrice(_Payload):
    low: CentsPerKwh
    predicted: CentsPerKwh
    high: CentsPerKwh


class _SpotRange(_Payload):
    min: CentsPerKwh
    max: CentsPerKwh


class IntervalPayload(_Payload):
    """One row of `/prices` and `/prices/current`."""

    type: str
    duration: Minutes
    end_time: AwareDatetime
    per_kwh: CentsPerKwh
    channel_type: str
    spot_per_kwh: CentsPerKwh | None = None
    spike_status: str | None = None
    descriptor: str | None = None
    tariff_information: _TariffInformation | None = None
    estimate: bool | None = None
    advanced_price: _AdvancedPrice | None = None
    range: _SpotRange | None = None

    @property
    def start(self) -> datetime:
        """True start of the interval. [aware UTC]"""
        return self.end_time.astimezone(UTC) - timedelta(minutes=self.duration)


class UsagePayload(IntervalPayload):
    """One row of `/usage`."""

    channel_identifier: str
    kwh: Finite
    quality: str
    cost: Finite


class _SiteChannelPayload(_Payload):
    identifier: str
    type: str
    tariff: str | None = None


class SitePayload(_Payload):
    """One row of `/sites`."""

    id: str
    nmi: str
    status: str
    interval_length: Minutes
    channels: list[_SiteChannelPayload] | None = None
    network: str | None = None
    active_from: date | None = None
    closed_on: date | None = None


INTERVALS: TypeAdapter[list[IntervalPayload]] = TypeAdapter(list[IntervalPayload])
USAGE: TypeAdapter[list[UsagePayload]] = TypeAdapter(list[UsagePayload])
SITES: TypeAdapter[list[SitePayload]] = TypeAdapter(list[SitePayload])


def to_prices(rows: Sequence[IntervalPayload]) -> list[Price]:
    """Prices of intervals that are over or running; forecasts are left out."""
    qualities = {
        "ActualInterval": lambda _: Quality.ACTUAL,
        "CurrentInterval": _current_quality,
    }
    return [
        Price(
            channel=CHANNEL[row.channel_type],
            start=row.start,
            duration_minutes=row.duration,
            c_per_kwh=_turned(row.per_kwh, row),
            quality=qualities[row.type](row),
            spot_c_per_kwh=_spot(row),
            context=_context(row),
        )
        for row in rows
        if row.type in qualities and row.channel_type in CHANNEL
    ]


def to_forecasts(
    rows: Sequence[IntervalPayload], issued_at: datetime
) -> list[Forecast]:
    """One forecast for each channel that has forecast rows."""
    points: dict[Channel, list[ForecastPoint]] = {}
    for row in sorted(rows, key=lambda row: (row.end_time, row.duration)):
        channel = CHANNEL.get(row.channel_type)
        if row.type != "ForecastInterval" or channel is None:
            continue
        mine = points.setdefault(channel, [])
        if not mine or row.start >= mine[-1].end:  # a repeated row is left out
            mine.append(_to_point(row))
    return [
        Forecast(channel, issued_at, tuple(points[channel]))
        for channel in Channel
        if channel in points
    ]


def to_readings(rows: Sequence[UsagePayload]) -> list[MeterReading]:
    """Meter readings; Amber's `billable` is actual, anything else an estimate."""
    return [
        MeterReading(
            channel=CHANNEL[row.channel_type],
            register=row.channel_identifier,
            start=row.start,
            duration_minutes=row.duration,
            kwh=abs(row.kwh),
            quality=Quality.ACTUAL if row.quality == "billable" else Quality.ESTIMATE,
            c_per_kwh=_turned(row.per_kwh, row),
            amount_aud=_turned(row.cost, row) / 100,
        )
        for row in rows
        if row.channel_type in CHANNEL
    ]


def to_sites(rows: Sequence[SitePayload]) -> list[RetailSite]:
    """Sites of the account, closed ones too."""
    return [
        RetailSite(
            site_id=row.id,
            nmi=row.nmi,
            status=row.status,
            interval_minutes=row.interval_length,
            channels=tuple(
                SiteChannel(c.identifier, CHANNEL[c.type], c.tariff)
                for c in row.channels or ()
                if c.type in CHANNEL
            ),
            network=row.network,
            active_from=row.active_from,
            closed_on=row.closed_on,
        )
        for row in rows
    ]


def impossible(row: IntervalPayload, now: datetime | None) -> str | None:
    """Why a row cannot be true, or `None`.

    Parameters
    ----------
    now
        Amber's time; `None` while it is not known.
    """
    if not _YEARS[0] <= row.end_time.year <= _YEARS[1]:
        return "no such time"
    if row.end_time.timestamp() % (row.duration * 60) != 0:
        return "off the market's clock"
    is_told = row.type != "ForecastInterval"
    if now is not None and is_told and row.start - now > NOT_YET:
        return f"not begun at {now.isoformat()}"
    if isinstance(row, UsagePayload) and row.kwh < 0 and row.channel_type != "feedIn":
        return f"{row.kwh} kWh on {row.channel_type}"
    return None


def _current_quality(row: IntervalPayload) -> Quality:
    # Only the word `false` confirms; an absent key does not.
    return Quality.ACTUAL if row.estimate is False else Quality.ESTIMATE


def _turned(value: float, row: IntervalPayload) -> float:
    """Amber's "cost to you" as payment in the channel's own direction, never -0.0."""
    return 0.0 - value if row.channel_type == "feedIn" else value + 0.0


def _spot(row: IntervalPayload) -> float | None:
    return None if row.spot_per_kwh is None else row.spot_per_kwh + 0.0


def _context(row: IntervalPayload) -> PriceContext:
    tariff = row.tariff_information or _TariffInformation()
    return PriceContext(
        descriptor=row.descriptor,
        spike_status=row.spike_status,
        tariff_period=tariff.period,
        tariff_season=tariff.season,
        tariff_block=tariff.block,
        is_demand_window=tariff.demand_window,
    )


def _to_point(row: IntervalPayload) -> ForecastPoint:
    fields: dict[str, Any] = {}
    if row.advanced_price is not None:
        ends = (
            _turned(row.advanced_price.low, row),
            _turned(row.advanced_price.high, row),
        )
        fields["low_c_per_kwh"], fields["high_c_per_kwh"] = min(ends), max(ends)
        fields["predicted_c_per_kwh"] = _turned(row.advanced_price.predicted, row)
    if row.range is not None:
        fields["spot_min_c_per_kwh"] = row.range.min + 0.0
        fields["spot_max_c_per_kwh"] = row.range.max + 0.0
    return ForecastPoint(
        start=row.start,
        duration_minutes=row.duration,
        c_per_kwh=_turned(row.per_kwh, row),
        spot_c_per_kwh=_spot(row),
        is_spike_possible=row.spike_status in _SPIKES_AHEAD,
        **fields,
    )
