"""The words of a Consumer Data Right energy plan, versions 1 to 3 of the contract.

Source: Consumer Data Standards, `EnergyPlanDetailV2` and `EnergyPlanDetailV3` of Get
Generic Plan Detail, https://consumerdatastandardsaustralia.github.io/standards/,
read 2026-11-22. Whatever may change a bill is strict, so that a new word there is
refused and not overlooked; what only describes the offer is let through.

Amounts are dollars. Unit prices, supply charges and demand amounts are without GST;
fees, fixed discounts, green power and metering charges include it
(github.com/ConsumerDataStandardsAustralia/standards-maintenance issue 474).
"""

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from home_energy.errors import DataError

MeasureUnit = Literal["KWH", "KVA", "KVAR", "KVARH", "KW", "DAYS", "METER", "MONTH"]
DayWord = Literal["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "PUBLIC_HOLIDAYS"]
TimeZoneWord = Literal["LOCAL", "AEST"]


def _listed(value: object) -> object:
    """One object where later versions write a list of them."""
    return [value] if isinstance(value, dict) else value


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Rate(_Strict):
    """Price of a volume. [AUD per unit, kWh]"""

    unit_price: Decimal
    measure_unit: MeasureUnit = "KWH"
    volume: Annotated[Decimal, Field(gt=0)] | None = None


Rates = Annotated[tuple[Rate, ...], Field(min_length=1)]


class TimeWindow(_Strict):
    """Days and hours; controlled load and feed-in may leave the hours out."""

    days: tuple[DayWord, ...] = ()
    start_time: str | None = None
    end_time: str | None = None
    additional_info: str | None = None
    additional_info_uri: str | None = None


Windows = Annotated[tuple[TimeWindow, ...], Field(min_length=1)]


class SingleRate(_Strict):
    """One rate at all times."""

    display_name: str
    description: str | None = None
    daily_supply_charge: Decimal | None = None
    general_unit_price: Decimal | None = None
    period: str = "P1Y"
    rates: Rates


class TimeOfUseRate(_Strict):
    """One rate at certain times."""

    display_name: str
    description: str | None = None
    daily_supply_charge: Decimal | None = None
    period: str = "P1Y"
    rates: Rates
    time_of_use: Windows
    type: str


class DemandRate(_Strict):
    """Charge for the highest power. [AUD, kW]"""

    display_name: str
    description: str | None = None
    amount: Decimal
    measure_unit: MeasureUnit = "KWH"
    start_time: str
    end_time: str
    days: tuple[DayWord, ...] = ()
    min_demand: Decimal = Decimal(0)
    max_demand: Decimal | None = None
    measurement_period: Literal["DAY", "MONTH", "TARIFF_PERIOD"]
    charge_period: Literal["DAY", "MONTH", "TARIFF_PERIOD"]


class TariffPeriod(_Strict):
    """What holds in one part of every year, `startDate` to `endDate` as `MM-DD`."""

    type: str | None = None
    display_name: str
    start_date: str
    end_date: str
    daily_supply_charge_type: Literal["SINGLE", "BAND"] | None = None
    daily_supply_charge: Decimal | None = None
    daily_supply_charges: Decimal | None = None
    banded_daily_supply_charges: tuple[dict[str, Any], ...] = ()
    time_zone: TimeZoneWord | None = None
    rate_block_u_type: Literal["singleRate", "timeOfUseRates", "demandCharges"]
    single_rate: SingleRate | None = None
    time_of_use_rates: tuple[TimeOfUseRate, ...] = ()
    demand_charges: tuple[DemandRate, ...] = ()


class ControlledLoad(_Strict):
    """A register that the network switches."""

    display_name: str
    start_date: str | None = None
    end_date: str | None = None
    rate_block_u_type: Literal["singleRate", "timeOfUseRates"]
    single_rate: SingleRate | None = None
    time_of_use_rates: tuple[TimeOfUseRate, ...] = ()


class SingleTariff(_Strict):
    """One feed-in price at all times."""

    period: str = "P1Y"
    rates: Rates


class TimeVaryingTariff(_Strict):
    """A feed-in price at certain times."""

    display_name: str | None = None
    period: str = "P1Y"
    rates: Rates
    time_variations: Windows
    type: str | None = None


class FeedIn(_Strict):
    """What sold energy earns: positive is a credit."""

    display_name: str
    description: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    scheme: str
    payer_type: str
    tariff_u_type: Literal["singleTariff", "timeVaryingTariffs"]
    single_tariff: SingleTariff | None = None
    time_varying_tariffs: Annotated[
        tuple[TimeVaryingTariff, ...], BeforeValidator(_listed)
    ] = ()


class DiscountShare(_Strict):
    """Share of an amount, `0.05` for 5 %."""

    rate: Annotated[Decimal, Field(ge=0, le=1)]
    usage_amount: Decimal | None = None


class DiscountOffer(_Strict):
    """Reduction, with or without a condition."""

    display_name: str
    description: str | None = None
    type: Literal["CONDITIONAL", "GUARANTEED", "OTHER"]
    category: str | None = None
    end_date: str | None = None
    method_u_type: Literal[
        "percentOfBill", "percentOfUse", "fixedAmount", "percentOverThreshold"
    ]
    percent_of_bill: DiscountShare | None = None
    percent_of_use: DiscountShare | None = None
    percent_over_threshold: DiscountShare | None = None
    fixed_amount: dict[str, Any] | None = None


class Fee(_Strict):
    """Charge beside the energy, with GST. [AUD]"""

    type: str
    term: Literal[
        "FIXED", "1_YEAR", "2_YEAR", "3_YEAR", "4_YEAR", "5_YEAR", "PERCENT_OF_BILL",
        "ANNUAL", "DAILY", "WEEKLY", "MONTHLY", "BIANNUAL", "VARIABLE",
    ]  # fmt: skip
    amount: Decimal | None = None
    rate: Decimal | None = None
    description: str | None = None


class MeteringCharge(_Strict):
    """Charge for the meter, with GST. [AUD]"""

    display_name: str
    description: str | None = None
    minimum_value: Decimal
    maximum_value: Decimal | None = None
    period: str | None = None


class Named(_Loose):
    """An offer beside the prices, of which only the name is told."""

    display_name: str
    description: str | None = None


class Contract(_Loose):
    """Terms of the supply of electricity."""

    pricing_model: Literal[
        "SINGLE_RATE", "SINGLE_RATE_CONT_LOAD", "TIME_OF_USE", "TIME_OF_USE_CONT_LOAD",
        "FLEXIBLE", "FLEXIBLE_CONT_LOAD", "QUOTA",
    ]  # fmt: skip
    time_zone: TimeZoneWord | None = None
    tariff_period: Annotated[tuple[TariffPeriod, ...], Field(min_length=1)]
    controlled_load: Annotated[
        tuple[ControlledLoad, ...], BeforeValidator(_listed)
    ] = ()
    solar_feed_in_tariff: Annotated[tuple[FeedIn, ...], BeforeValidator(_listed)] = ()
    discounts: tuple[DiscountOffer, ...] = ()
    fees: tuple[Fee, ...] = ()
    incentives: tuple[Named, ...] = ()
    green_power_charges: tuple[Named, ...] = ()


class Geography(_Loose):
    """Where the plan is offered."""

    distributors: tuple[str, ...] = ()


class PlanDetail(_Loose):
    """One plan of one retailer."""

    plan_id: Annotated[str, Field(min_length=1)]
    brand_name: str
    display_name: str | None = None
    fuel_type: Literal["ELECTRICITY", "GAS", "DUAL"]
    effective_from: str | None = None
    effective_to: str | None = None
    geography: Geography = Geography()
    metering_charges: tuple[MeteringCharge, ...] = ()
    electricity_contract: Contract | None = None


def read_wire(content: bytes, file: str) -> PlanDetail:
    """Read the JSON of one plan, bare or within `data`.

    Raises
    ------
    DataError
        With the path of every part that is missing, unknown or impossible.
    """
    try:
        answer = json.loads(content, object_hook=_without_nulls)
        json.dumps(answer, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{file}: not readable as JSON ({error}); expected one plan's answer of "
            "Get Generic Plan Detail"
        ) from error
    plan = answer.get("data", answer) if isinstance(answer, dict) else answer
    if not isinstance(plan, dict) or "planId" not in plan:
        raise DataError(
            f"{file}: no planId in it; expected the answer of Get Generic Plan "
            "Detail, /cds-au/v1/energy/plans/PLAN_ID, with one plan in `data`"
        )
    try:
        return PlanDetail.model_validate(plan)
    except ValidationError as error:
        raise DataError(f"{file}: {one_line(_explain(error))}") from error


def _without_nulls(part: dict[str, Any]) -> dict[str, Any]:
    """A key with null means the same as no key."""
    return {key: value for key, value in part.items() if value is not None}


def _explain(error: ValidationError) -> str:
    faults = [_fault(fault) for fault in error.errors(include_url=False)]
    more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
    return "; ".join(faults[:5]) + more + "; see docs/models/cdr-plans.md"


def _fault(fault: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    where = path_of(*fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{where}: this part is not supported"
    if fault["type"] == "missing":
        return f"{where}: missing"
    said = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {said}, found {str(fault['input'])[:60]!r}"


def one_line(text: str) -> str:
    """Text without what would break a line: names in a plan may hold anything."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def path_of(*parts: int | str) -> str:
    """`electricityContract.tariffPeriod[0].singleRate` of the parts of a place."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
