"""The bill of one plan: by month, line by line, as a retailer prints it.

A month in which the plan's figures change has the lines of both stretches. A line of
energy is left out where no energy was.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from home_energy.analysis.tariffs.blocks import BlockUse, block_uses
from home_energy.analysis.tariffs.calendar_axis import CalendarAxis
from home_energy.analysis.tariffs.channel_prices import ChannelPrices, sum_by_rate
from home_energy.analysis.tariffs.demand import ChargedDemand, charged_demands
from home_energy.analysis.tariffs.discounts import GST_IN_AMOUNT, discount_line
from home_energy.analysis.tariffs.plan import (
    ExportAllowance,
    FixedCharge,
    Plan,
)
from home_energy.analysis.tariffs.rate_times import BoolArray, times_of
from home_energy.analysis.tariffs.stretches import (
    Stretch,
    stretches,
)
from home_energy.domain.bill import Bill, BillLine, LineKind
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.price import Channel
from home_energy.domain.series import FloatArray
from home_energy.errors import DataError

_SAID = {
    Channel.GENERAL: "General usage",
    Channel.CONTROLLED_LOAD: "Controlled load",
    Channel.FEED_IN: "Feed-in",
}
_PRINTED = (
    LineKind.USAGE,
    LineKind.SUPPLY,
    LineKind.DEMAND,
    LineKind.DISCOUNT,
    LineKind.FEED_IN,
)


def make_bill(
    plan: Plan,
    energy: MeteredEnergy,
    prices: Mapping[Channel, ChannelPrices],
    axis: CalendarAxis,
) -> Bill:
    """Bill what went through the meter.

    Parameters
    ----------
    prices, axis
        Of the plan, on the grid of `energy`.

    Raises
    ------
    DataError
        If energy is missing, or went through a register that the plan does not price.
    AlignmentError
        If a demand charge measures shorter intervals than those of `energy`.
    """
    parts = stretches(plan, axis)
    require_priced(energy, prices, plan.name)
    sections: list[list[BillLine]] = [[] for _ in parts]
    for channel, kwh in used_kwh(energy).items():
        lines = _energy_lines(prices[channel], parts, kwh)
        for section, of_part in zip(sections, lines, strict=True):
            section.extend(of_part)
    demands = charged_demands(energy, axis, parts)
    for part, section in zip(parts, sections, strict=True):
        section.extend(_fixed_line(plan, fixed, part) for fixed in part.period.fixed)
        section.extend(_demand_line(plan, d) for d in demands if d.stretch is part)
        charged = tuple(section)
        section.extend(discount_line(d, part, charged) for d in part.period.discount)
        for allowance in part.period.export_allowance:
            section.extend(_allowance_lines(allowance, part, energy, axis))
        section.sort(key=_printed_place)
    return Bill(
        plan.name,
        date.fromordinal(int(axis.meter_day[0])),
        date.fromordinal(int(axis.meter_day[-1])),
        tuple(line for section in sections for line in section),
    )


def used_kwh(energy: MeteredEnergy) -> dict[Channel, FloatArray]:
    """Energy of each register through which some went. [kWh per interval]

    Raises
    ------
    DataError
        If the energy of any interval is missing.
    """
    registers = {
        Channel.GENERAL: energy.general_kwh,
        Channel.CONTROLLED_LOAD: energy.controlled_load_kwh,
        Channel.FEED_IN: energy.feed_in_kwh,
    }
    found = {}
    for channel, kwh in registers.items():
        if kwh is None:
            continue
        what = f"{channel.value}: energy is missing"
        _require_none(np.isnan(kwh), energy, what, "fill gaps by a named rule")
        if np.any(kwh):
            found[channel] = kwh
    return found


def require_priced(
    energy: MeteredEnergy, prices: Mapping[Channel, ChannelPrices], tariff: str
) -> None:
    """Refuse energy that was bought where the plan has no price."""
    for channel, kwh in used_kwh(energy).items():
        if channel is Channel.FEED_IN:
            continue
        is_wrong = kwh > 0
        if channel in prices:
            is_wrong &= prices[channel].number == 0
        what = f"{channel.value}: tariff {tariff} has no price for energy bought"
        _require_none(is_wrong, energy, what, "choose another tariff")


def _require_none(
    is_wrong: BoolArray, energy: MeteredEnergy, what: str, advice: str
) -> None:
    if np.any(is_wrong):
        first = energy.grid.start + int(np.argmax(is_wrong)) * energy.grid.step
        raise DataError(
            f"{what} in {np.count_nonzero(is_wrong)} of {energy.grid.count} intervals, "
            f"the first at {first.isoformat()}; {advice}, or choose other days"
        )


def _energy_lines(
    prices: ChannelPrices, parts: tuple[Stretch, ...], kwh: FloatArray
) -> list[list[BillLine]]:
    """Lines of one channel in each stretch."""
    kwh_by_rate = sum_by_rate(prices, parts, kwh)
    aud_by_rate = sum_by_rate(prices, parts, kwh * prices.c_per_kwh) / 100
    blocks = block_uses(prices, parts, kwh_by_rate)
    uses = {(use.stretch.first, use.number): use for use in blocks}
    said = _SAID[prices.channel]
    found = []
    for place, part in enumerate(parts):
        lines: list[BillLine] = []
        for number, rate in enumerate(prices.rates.rates):
            quantity = float(kwh_by_rate[place, number])
            use = uses.get((part.first, number))
            if quantity == 0:
                continue
            if use is not None:
                lines += _block_lines(said, use, prices)
                continue
            label = _label(said, "not paid" if rate is None else rate.name)
            aud = float(aud_by_rate[place, number])
            lines.append(_energy_line(prices.channel, part, label, quantity, aud))
        found.append(lines)
    return found


def _label(said: str, rate_name: str) -> str:
    """`General usage, Peak`; once is enough where both are the same."""
    return said if rate_name == said else f"{said}, {rate_name}"


def _block_lines(said: str, use: BlockUse, prices: ChannelPrices) -> Iterator[BillLine]:
    for kwh, block in zip(use.block_kwh, use.rate.blocks, strict=True):
        if kwh > 0:
            limit = "above"
            if block.up_to_kwh is not None:
                limit = f"up to {block.up_to_kwh:g} kWh a {use.rate.block_period}"
            label = f"{_label(said, use.rate.name)}, {limit}"
            aud = kwh * block.c_per_kwh * prices.rates.gst_factor / 100
            yield _energy_line(
                prices.channel, use.stretch, label, float(kwh), float(aud)
            )


def _energy_line(
    channel: Channel, part: Stretch, label: str, kwh: float, aud: float
) -> BillLine:
    """Line of bought or sold energy; what is sold is in the household's favour."""
    rate_c = 100 * aud / kwh
    if channel is Channel.FEED_IN:
        return BillLine(
            part.month, LineKind.FEED_IN, label, kwh, "kWh", rate_c, -aud, 0.0
        )
    return BillLine(
        part.month,
        LineKind.USAGE,
        label,
        kwh,
        "kWh",
        rate_c,
        aud,
        aud * GST_IN_AMOUNT,
    )


def _fixed_line(plan: Plan, charge: FixedCharge, part: Stretch) -> BillLine:
    quantity, unit, rate_c = part.days, "days", charge.c_per_day
    if rate_c is None:
        rate_c = 100 * (charge.aud_per_month or 0.0)
        quantity, unit = part.month_fraction, "months"
    rate_c *= plan.gst_factor
    aud = quantity * rate_c / 100
    return BillLine(
        part.month,
        LineKind.SUPPLY,
        charge.name,
        quantity,
        unit,
        rate_c,
        aud,
        aud * GST_IN_AMOUNT,
    )


def _demand_line(plan: Plan, demand: ChargedDemand) -> BillLine:
    rate_aud = demand.price_aud_per_kw * plan.gst_factor
    aud = demand.kw * rate_aud
    return BillLine(
        demand.stretch.month,
        LineKind.DEMAND,
        demand.charge.name,
        demand.kw,
        "kW",
        100 * rate_aud,
        aud,
        aud * GST_IN_AMOUNT,
    )


def _allowance_lines(
    allowance: ExportAllowance, part: Stretch, energy: MeteredEnergy, axis: CalendarAxis
) -> list[BillLine]:
    """Give back the charge for export within the allowance: a credit without GST."""
    is_in_window = times_of(allowance).ravel()[axis.slot[part.intervals]]
    exported_kwh = float(energy.feed_in_kwh[part.intervals][is_in_window].sum())
    free_kwh = min(exported_kwh, allowance.free_kwh_per_day * part.days)
    if free_kwh == 0:
        return []
    return [
        _energy_line(
            Channel.FEED_IN,
            part,
            f"{allowance.name}, free export",
            free_kwh,
            free_kwh * allowance.c_per_kwh / 100,
        )
    ]


def _printed_place(line: BillLine) -> int:
    return _PRINTED.index(line.kind)
