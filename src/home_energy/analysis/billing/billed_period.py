"""The bill of some days on one tariff, with what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from home_energy.analysis.tariffs.dearest import Dearest, dearest_intervals
from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.usage.period_inputs import PeriodInputs
from home_energy.domain.bill import Bill, LineKind
from home_energy.domain.price import Channel


@dataclass(frozen=True, slots=True, eq=False)
class BilledPeriod:
    """A bill and the figures that a household asks of it.

    Parameters
    ----------
    title
        The tariff in words.
    bill
        Line by line.
    import_kwh, export_kwh
        Energy of the whole period. [kWh]
    dearest
        Where most of the money went in least time.
    notes
        What the bill rests on: usage moved, filled or estimated, prices rebuilt.
    """

    title: str
    bill: Bill
    import_kwh: float
    export_kwh: float
    dearest: Dearest
    notes: tuple[str, ...]

    @property
    def effective_c_per_kwh(self) -> float | None:
        """Whole bill over what was bought; `None` when nothing was. [c/kWh]"""
        if self.import_kwh == 0:
            return None
        return 100 * self.bill.total_aud / self.import_kwh

    @property
    def usage_c_per_kwh(self) -> float | None:
        """Usage lines over what was bought; `None` when nothing was. [c/kWh]"""
        if self.import_kwh == 0:
            return None
        usage_aud = sum(
            line.amount_aud for line in self.bill.lines if line.kind is LineKind.USAGE
        )
        return 100 * usage_aud / self.import_kwh


def bill_period(inputs: PeriodInputs, plan: Plan) -> BilledPeriod:
    """Bill what went through the meter.

    Raises
    ------
    DataError
        If a price that the plan needs is missing.
    """
    tariff = inputs.tariff(plan)
    bill = tariff.bill(inputs.energy, inputs.spot)
    dearest = dearest_intervals(tariff, inputs.energy, inputs.spot, bill.total_aud)
    energy = inputs.energy
    import_kwh = float(np.sum(energy.general_kwh))
    if energy.controlled_load_kwh is not None:
        import_kwh += float(np.sum(energy.controlled_load_kwh))
    return BilledPeriod(
        title=plan.title,
        bill=bill,
        import_kwh=import_kwh,
        export_kwh=float(np.sum(energy.feed_in_kwh)),
        dearest=dearest,
        notes=(*usage_notes(inputs), *_price_notes(inputs, plan)),
    )


def rank(inputs: PeriodInputs, plans: Sequence[Plan]) -> list[BilledPeriod]:
    """Bills of the same energy on several tariffs, the cheapest first."""
    billed = [bill_period(inputs, plan) for plan in plans]
    return sorted(billed, key=lambda one: one.bill.total_aud)


def usage_notes(inputs: PeriodInputs) -> list[str]:
    """Where usage is from, and what of it was moved, filled or estimated."""
    notes = [] if inputs.moved is None else list(inputs.moved.notes)
    for flow, record in inputs.recorded.billed_flows.items():
        shares = inputs.recorded.source_shares(flow)
        said = ", ".join(f"{share:.2%} {name}" for name, share in shares.items())
        unsure = record.estimated_count, record.substituted_count
        notes.append(
            f"{flow.value}: {said}; {unsure[0]} intervals estimated and {unsure[1]} "
            "substituted by the meter data provider"
        )
    notes += [str(fill) for fill in inputs.fills]
    notes += [
        f"{one.flow.value}: {one.used} and {one.other} differ in "
        f"{one.differing_count} of {one.compared_count} intervals that both know "
        f"({one.difference_kwh:+.2f} kWh); {one.used} is billed"
        for one in inputs.recorded.overlaps
        if one.differing_count
    ]
    return notes


def _price_notes(inputs: PeriodInputs, plan: Plan) -> list[str]:
    amber = inputs.amber_of(plan)
    if amber is None:
        return []
    notes = []
    billed = {Channel(flow.value) for flow in inputs.recorded.billed_flows}
    for channel in sorted(billed):
        rebuilt = amber.rebuilt_fraction(inputs.grid, channel)
        if rebuilt:
            notes.append(
                f"{channel.value}: {rebuilt:.2%} of Amber's prices are rebuilt from "
                "the wholesale price, the others are on record"
            )
        notes += [
            f"{channel.value}: {note}" for note in amber.notes_on(inputs.grid, channel)
        ]
    return notes
