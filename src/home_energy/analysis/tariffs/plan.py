"""A tariff as its file describes it: dated figures, each with its source.

A plan is a list of periods; each holds from its first day until the next begins. In
every period the usage rates of a channel must cover every minute of the year exactly
once, where a rate without days, months or hours holds "at all other times".
"""

import re
from datetime import date, tzinfo
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from home_energy.domain.time_grid import NEM_TIME

DayKind = Literal["weekday", "weekend", "holiday"]
"""A public holiday is `holiday` whatever day it falls on, if the plan names them."""

DAY_KINDS: tuple[DayKind, ...] = ("weekday", "weekend", "holiday")

_HOURS = re.compile(r"^([01]\d|2[0-3]):([03]0)-([01]\d|2[0-4]):([03]0)$")


def zone_of(clock: str) -> tzinfo:
    """Zone of a plan's clock: `NEM` is UTC+10 all year."""
    return NEM_TIME if clock == "NEM" else ZoneInfo(clock)


def _known_clock(name: str) -> str:
    if name != "NEM":
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            message = f"unknown time zone {name!r}; expected NEM or Australia/Sydney"
            raise ValueError(message) from error
    return name


def _half_hours(text: str) -> str:
    found = _HOURS.match(text)
    if found is None:
        raise ValueError("expected half-hours like 15:00-21:00")
    first, last = hours_of(text)
    if first == last or last > 48:
        raise ValueError("expected hours that are not empty and end by 24:00")
    return text


def hours_of(text: str) -> tuple[int, int]:
    """First half-hour of the day, and the one after the last, of `15:00-21:00`.

    Where the second is smaller the window goes over midnight.
    """
    first, last = (part.split(":") for part in text.split("-"))
    return (
        int(first[0]) * 2 + int(first[1]) // 30,
        int(last[0]) * 2 + int(last[1]) // 30,
    )


Hours = Annotated[str, AfterValidator(_half_hours)]
Month = Annotated[int, Field(ge=1, le=12)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Field(allow_inf_nan=False, ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Window(_Part):
    """When something holds; what is left out does not restrict.

    Parameters
    ----------
    days
        Kinds of day.
    months
        1 to 12.
    hours
        Half-open stretches of half-hours, `15:00-21:00`, on the plan's clock.
    """

    days: tuple[DayKind, ...] = ()
    months: tuple[Month, ...] = ()
    hours: tuple[Hours, ...] = ()

    @property
    def is_rest(self) -> bool:
        """Whether it holds at all times that no other window takes."""
        return not (self.days or self.months or self.hours)


class Block(_Part):
    """Price up to an amount; the last block of a rate has no end.

    Parameters
    ----------
    up_to_kwh
        End of the block in one `block_period`, counted from zero. [kWh]
    c_per_kwh
        [c/kWh]
    """

    up_to_kwh: Annotated[float, Field(gt=0)] | None = None
    c_per_kwh: Finite


class SpotPrice(_Part):
    """Wholesale price passed on.

    On import ``loss_factor x spot + c_per_kwh`` with `spot` including GST; on feed-in
    ``loss_factor x spot / 1.1 + c_per_kwh``, for feed-in carries no GST.

    Parameters
    ----------
    loss_factor
        Marginal times distribution loss factor.
    c_per_kwh
        Network, market and other charges; on feed-in a reward if positive. [c/kWh]
    """

    loss_factor: Annotated[float, Field(gt=0.8, lt=1.5)]
    c_per_kwh: Finite


class EnergyRate(Window):
    """Price of energy at certain times. Exactly one of the four prices is given.

    Parameters
    ----------
    name
        As the bill prints it: "Peak".
    c_per_kwh
        One price. [c/kWh]
    blocks, block_period
        Prices by amount. With `day` the limit is multiplied by the billed days of the
        month, as retailers do.
    spot
        The wholesale price passed on by stated coefficients.
    amber
        Amber's own price for each interval: as recorded, else rebuilt from the
        wholesale price with coefficients fitted to the home's own rows.
    """

    name: str
    c_per_kwh: Finite | None = None
    blocks: tuple[Block, ...] = ()
    block_period: Literal["day", "month", "year"] = "day"
    spot: SpotPrice | None = None
    amber: bool = False

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        given = [self.c_per_kwh is not None, bool(self.blocks)]
        given += [self.spot is not None, self.amber]
        if sum(given) != 1:
            raise ValueError("expected exactly one of c_per_kwh, blocks, spot, amber")
        ends = [block.up_to_kwh for block in self.blocks]
        known = [end for end in ends[:-1] if end is not None]
        is_ordered = len(known) == len(ends[:-1]) and known == sorted(set(known))
        if ends and (not is_ordered or ends[-1] is not None):
            raise ValueError(
                "blocks: expected rising up_to_kwh, and none in the last block"
            )
        return self


class UsageRate(EnergyRate):
    """Price of bought energy. [c/kWh, with GST if the plan says so]"""

    channel: Literal["general", "controlled_load"] = "general"


class FeedInRate(EnergyRate):
    """What sold energy earns; negative where exporting costs. [c/kWh, no GST]"""


class ExportAllowance(Window):
    """Export that a two-way tariff does not charge, although each interval shows it.

    The bill gives back ``min(exported, free_kwh_per_day x days) x c_per_kwh`` of each
    month.

    Parameters
    ----------
    free_kwh_per_day
        [kWh]
    c_per_kwh
        The charge that is given back, as the feed-in price holds it. [c/kWh, no GST]
    """

    name: str
    free_kwh_per_day: NotNegative
    c_per_kwh: NotNegative


class FixedCharge(_Part):
    """Charge for being connected. Exactly one of the two amounts is given.

    Parameters
    ----------
    c_per_day
        For each billed day. [c]
    aud_per_month
        For a whole calendar month; a part of a month costs its share of days. [AUD]
    """

    name: str
    c_per_day: Finite | None = None
    aud_per_month: Finite | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.c_per_day is None) == (self.aud_per_month is None):
            raise ValueError("expected exactly one of c_per_day, aud_per_month")
        return self


class DemandCharge(Window):
    """Charge for the highest mean power in a window, whose months are billed months.

    Parameters
    ----------
    aud_per_kw_per_day, aud_per_kw_per_month
        Exactly one is given. [AUD]
    interval_minutes
        Over which power is averaged, aligned to the clock. [minutes]
    measured_over
        The highest of each month, or of the months of the window within a financial
        year, holds for each of their months.
    minimum_kw
        At least this much is charged. [kW]
    channel
        What is measured.
    """

    name: str
    aud_per_kw_per_day: Finite | None = None
    aud_per_kw_per_month: Finite | None = None
    interval_minutes: Literal[5, 15, 30, 60] = 30
    measured_over: Literal["month", "season"] = "month"
    minimum_kw: NotNegative = 0.0
    channel: Literal["general", "feed_in"] = "general"

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.aud_per_kw_per_day is None) == (self.aud_per_kw_per_month is None):
            raise ValueError(
                "expected exactly one of aud_per_kw_per_day, aud_per_kw_per_month"
            )
        return self


class Discount(_Part):
    """Reduction. Exactly one of the two amounts is given.

    Parameters
    ----------
    percent, of
        Share of what the month's usage, fixed charges, or both, come to. [%]
    aud_per_month
        [AUD, with GST]
    """

    name: str
    percent: Annotated[float, Field(ge=0, le=100)] | None = None
    of: Literal["usage", "supply", "usage and supply"] = "usage"
    aud_per_month: NotNegative | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.percent is None) == (self.aud_per_month is None):
            raise ValueError("expected exactly one of percent, aud_per_month")
        return self


class PlanPeriod(_Part):
    """Figures that hold from one day on.

    Parameters
    ----------
    start
        First day of the meter, which begins at midnight in NEM time; `from` in the
        file.
    source
        Where the figures are from, and when they were read.
    """

    start: Annotated[date, Field(alias="from")]
    source: Annotated[str, Field(min_length=1)]
    usage: Annotated[tuple[UsageRate, ...], Field(min_length=1)]
    feed_in: tuple[FeedInRate, ...] = ()
    export_allowance: tuple[ExportAllowance, ...] = ()
    fixed: tuple[FixedCharge, ...] = ()
    demand: tuple[DemandCharge, ...] = ()
    discount: tuple[Discount, ...] = ()


class Plan(_Part):
    """One tariff through time.

    Parameters
    ----------
    name
        What `--tariff` calls it.
    title
        In words, with region and date.
    clock
        On which windows and their days and months are read: a time zone, or `NEM` for
        UTC+10 all year. What is billed is cut by the meter's days, always in NEM time.
    public_holidays
        State whose public holidays are days of kind `holiday`, such as `NSW`; without
        it there are none.
    gst_included
        Whether usage, fixed and demand figures include GST. Feed-in has none.
    period
        In order of their first day.
    """

    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]*$")]
    title: str
    clock: Annotated[str, AfterValidator(_known_clock)] = "Australia/Sydney"
    public_holidays: (
        Literal["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"] | None
    ) = None
    gst_included: bool = True
    period: Annotated[tuple[PlanPeriod, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        starts = [period.start for period in self.period]
        if starts != sorted(set(starts)):
            raise ValueError("period: expected rising `from` days")
        return self

    @property
    def zone(self) -> tzinfo:
        """Clock on which windows are read."""
        return zone_of(self.clock)

    @property
    def gst_factor(self) -> float:
        """What usage, fixed and demand figures are multiplied by to include GST."""
        return 1.0 if self.gst_included else 1.1

    @property
    def passes_on_amber(self) -> bool:
        """Whether any price is Amber's own."""
        return any(rate.amber for rate in self.energy_rates)

    @property
    def follows_market(self) -> bool:
        """Whether any price follows the wholesale price, unknown beforehand."""
        is_spot = any(rate.spot is not None for rate in self.energy_rates)
        return is_spot or self.passes_on_amber

    @property
    def energy_rates(self) -> tuple[EnergyRate, ...]:
        """Every price of energy, bought or sold, of all periods."""
        return tuple(
            rate for part in self.period for rate in (*part.usage, *part.feed_in)
        )
