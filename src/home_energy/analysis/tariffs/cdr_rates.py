"""Prices of a Consumer Data Right plan as parts of a tariff."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from home_energy.analysis.tariffs.cdr_feed_in import feed_in_of
from home_energy.analysis.tariffs.cdr_prices import (
    Stretch,
    cents,
    own_name,
    price_of,
    stretches_of,
    timed_parts,
)
from home_energy.analysis.tariffs.cdr_windows import (
    months_of,
    names_holidays,
    shapes_of,
)
from home_energy.analysis.tariffs.cdr_wire import (
    Contract,
    ControlledLoad,
    DemandRate,
    TariffPeriod,
    TimeWindow,
)
from home_energy.analysis.tariffs.plan import (
    DemandCharge,
    FeedInRate,
    FixedCharge,
    UsageRate,
    Window,
)
from home_energy.errors import DataError

CONTRACT = "electricityContract"


@dataclass(frozen=True, slots=True)
class PlanParts:
    """Prices of one period of a tariff."""

    usage: tuple[UsageRate, ...]
    feed_in: tuple[FeedInRate, ...]
    fixed: tuple[FixedCharge, ...]
    demand: tuple[DemandCharge, ...]

    @property
    def _windows(self) -> tuple[Window, ...]:
        return (*self.usage, *self.feed_in, *self.demand)

    @property
    def names_holidays(self) -> bool:
        """Whether any price holds, or does not hold, on public holidays."""
        return any("holiday" in window.days for window in self._windows)

    @property
    def has_windows(self) -> bool:
        """Whether any price depends on the hour or the day."""
        return any(window.hours or window.days for window in self._windows)


def read_parts(
    contract: Contract,
    controlled_load: int | None,
    feed_in: tuple[int, ...],
    notes: list[str],
) -> PlanParts:
    """Every price of a contract.

    Raises
    ------
    DataError
        With the path of the part that is not supported.
    """
    loads = _chosen_loads(contract, controlled_load)
    general = _general(contract)
    controlled = [rate for i, load in loads for rate in _controlled(load, i)]
    if not controlled and contract.pricing_model.endswith("_CONT_LOAD"):
        notes.append("no price for controlled load")
    supply = _supply(contract)
    if not supply:
        notes.append("no supply charge")
    notes += [
        f"controlled load {load.display_name} has first or last days; it holds on all"
        for _, load in loads
        if load.start_date or load.end_date
    ]
    return PlanParts(
        usage=(*general, *controlled),
        feed_in=feed_in_of(contract, feed_in, notes),
        fixed=(*supply, *_load_supply(loads)),
        demand=_demand(contract, notes),
    )


def _general(contract: Contract) -> list[UsageRate]:
    periods = [
        (i, period)
        for i, period in enumerate(contract.tariff_period)
        if _usage_block(period, f"{CONTRACT}.tariffPeriod[{i}]")
    ]
    taken: set[int] = set()
    found: list[Stretch] = []
    rates: list[UsageRate] = []
    for i, period in periods:
        path = f"{CONTRACT}.tariffPeriod[{i}]"
        months = months_of(period.start_date, period.end_date, path)
        if taken & set(months or range(1, 13)):
            raise DataError(
                f"{path}: a second price for energy in the same months is not "
                "supported; expected seasons that do not overlap"
            )
        taken |= set(months or range(1, 13))
        season = f", {period.display_name}" if len(periods) > 1 else ""
        for plain in _season(period, path):
            name = own_name(plain.name + season, plain.price, found)
            stretch = replace(plain, name=name)
            found.append(stretch)
            rates.append(_usage_rate(stretch, months=months))
    if len(periods) > 1 and any(r.block_period == "year" and r.blocks for r in rates):
        raise DataError(
            f"{CONTRACT}.tariffPeriod: steps of P1Y in a plan with seasons are not "
            "supported; expected P1D or P1M"
        )
    return rates


def _season(period: TariffPeriod, path: str) -> list[Stretch]:
    single = period.single_rate
    if single is None:
        timed = timed_parts(period.time_of_use_rates, f"{path}.timeOfUseRates")
        return stretches_of(timed)
    price = price_of(single.rates, single.period, f"{path}.singleRate")
    return [Stretch(single.display_name, (), (), price)]


def _usage_rate(
    stretch: Stretch,
    months: tuple[int, ...] = (),
    channel: Literal["general", "controlled_load"] = "general",
) -> UsageRate:
    return UsageRate(
        name=stretch.name,
        channel=channel,
        months=months,
        days=stretch.days,
        hours=stretch.hours,
        **stretch.price,
    )


def _usage_block(period: TariffPeriod, path: str) -> bool:
    """Whether a period prices energy; one that contradicts itself is refused."""
    single, timed = period.single_rate, period.time_of_use_rates
    named = {
        "singleRate": single,
        "timeOfUseRates": timed,
        "demandCharges": period.demand_charges,
    }[period.rate_block_u_type]
    if not named or (single is not None and timed):
        raise DataError(
            f"{path}.rateBlockUType: {period.rate_block_u_type}; expected that part, "
            "and not two prices for energy"
        )
    if single is not None and single.general_unit_price is not None:
        raise DataError(
            f"{path}.singleRate.generalUnitPrice: {single.general_unit_price}: a quota "
            "is not supported"
        )
    for rate in timed if single is None else (single,):
        if rate.daily_supply_charge is not None:
            raise DataError(
                f"{path}: dailySupplyCharge in {rate.display_name} is not supported; "
                "expected it beside the rates"
            )
    return single is not None or bool(timed)


def _supply(contract: Contract) -> tuple[FixedCharge, ...]:
    """Supply charge, which must be one and the same in every month."""
    by_month: list[list[Decimal]] = [[] for _ in range(12)]
    for i, period in enumerate(contract.tariff_period):
        path = f"{CONTRACT}.tariffPeriod[{i}]"
        if period.daily_supply_charge_type == "BAND" or (
            period.banded_daily_supply_charges
        ):
            raise DataError(
                f"{path}.bandedDailySupplyCharges: not supported; expected one "
                "dailySupplyCharge"
            )
        charge = period.daily_supply_charge or period.daily_supply_charges or Decimal(0)
        months = months_of(period.start_date, period.end_date, path)
        if charge:
            for month in months or range(1, 13):
                by_month[month - 1].append(charge)
    path = f"{CONTRACT}.tariffPeriod: dailySupplyCharge"
    if any(len(charges) > 1 for charges in by_month):
        raise DataError(f"{path} stands in two periods of the same month; expected one")
    if len({tuple(charges) for charges in by_month}) > 1:
        raise DataError(f"{path} differs by season, which is not supported")
    return tuple(
        FixedCharge(name="Supply charge", c_per_day=cents(charge))
        for charge in by_month[0]
    )


def _demand(contract: Contract, notes: list[str]) -> tuple[DemandCharge, ...]:
    charges: list[DemandCharge] = []
    for i, period in enumerate(contract.tariff_period):
        path = f"{CONTRACT}.tariffPeriod[{i}]"
        months = months_of(period.start_date, period.end_date, path)
        for j, rate in enumerate(period.demand_charges):
            where = f"{path}.demandCharges[{j}]"
            charges.append(_demand_charge(rate, months, where))
    if charges:
        notes.append("demand is taken as the mean of half an hour; the plan is silent")
    return tuple(charges)


def _demand_charge(
    rate: DemandRate, months: tuple[int, ...], path: str
) -> DemandCharge:
    found = {
        "measureUnit": (rate.measure_unit, ("KW",)),
        "chargePeriod": (rate.charge_period, ("DAY", "MONTH")),
        "measurementPeriod": (rate.measurement_period, ("MONTH", "TARIFF_PERIOD")),
    }
    for key, (word, allowed) in found.items():
        if word not in allowed:
            raise DataError(
                f"{path}.{key}: {word} is not supported; expected "
                + " or ".join(allowed)
            )
    if rate.max_demand is not None:
        raise DataError(
            f"{path}.maxDemand: {rate.max_demand}: bands of demand are not supported"
        )
    window = TimeWindow(
        days=rate.days, startTime=rate.start_time, endTime=rate.end_time
    )
    shapes = shapes_of([window], path, holidays=names_holidays([window]))
    (days, hours), *_ = shapes
    per_day = rate.charge_period == "DAY"
    amount = float(rate.amount)
    return DemandCharge(
        name=rate.display_name,
        months=months,
        days=days,
        hours=hours,
        aud_per_kw_per_day=amount if per_day else None,
        aud_per_kw_per_month=None if per_day else amount,
        measured_over="month" if rate.measurement_period == "MONTH" else "season",
        minimum_kw=float(rate.min_demand),
    )


Loads = list[tuple[int, ControlledLoad]]


def _chosen_loads(contract: Contract, chosen: int | None) -> Loads:
    loads = list(enumerate(contract.controlled_load))
    if chosen is None and len(loads) <= 1:
        return loads
    named = "; ".join(f"{i + 1} {load.display_name}" for i, load in loads)
    if chosen is None:
        raise DataError(
            f"{CONTRACT}.controlledLoad: {len(loads)} to choose from ({named}); choose "
            "yours with --controlled-load 1, or 0 if the home has none"
        )
    if chosen > len(loads) or chosen < 0:
        raise DataError(
            f"--controlled-load {chosen}: expected 0 to {len(loads)}"
            f" ({named or 'none'})"
        )
    return loads[chosen - 1 : chosen] if chosen else []


def _controlled(load: ControlledLoad, place: int) -> list[UsageRate]:
    """Prices of one register: it runs only when it may, so one rate holds always."""
    path = f"{CONTRACT}.controlledLoad[{place}]"
    timed = load.time_of_use_rates
    single = load.single_rate
    if (single is None) == (not timed):
        raise DataError(
            f"{path}.rateBlockUType: {load.rate_block_u_type}; expected that part and "
            "no other"
        )
    name = load.display_name
    if single is not None:
        price = price_of(single.rates, single.period, f"{path}.singleRate")
        stretches = [Stretch(name, (), (), price)]
    elif len(timed) == 1:
        only = timed[0]
        price = price_of(only.rates, only.period, f"{path}.timeOfUseRates[0]")
        stretches = [Stretch(name, (), (), price)]
    else:
        parts = timed_parts(timed, f"{path}.timeOfUseRates")
        stretches = [
            replace(stretch, name=f"{name}, {stretch.name}")
            for stretch in stretches_of(parts)
        ]
    return [_usage_rate(stretch, channel="controlled_load") for stretch in stretches]


def _load_supply(loads: Loads) -> list[FixedCharge]:
    charges = []
    for i, load in loads:
        parts = [load.single_rate] if load.single_rate else load.time_of_use_rates
        daily = {p.daily_supply_charge for p in parts if p.daily_supply_charge}
        if len(daily) > 1:
            raise DataError(
                f"{CONTRACT}.controlledLoad[{i}]: several dailySupplyCharge are not "
                "supported; expected one"
            )
        charges += [
            FixedCharge(name=f"{load.display_name} supply", c_per_day=cents(charge))
            for charge in daily
        ]
    return charges
