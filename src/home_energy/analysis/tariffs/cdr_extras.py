"""What stands beside the prices of a Consumer Data Right plan.

What every customer of the plan pays or is given becomes a charge or a discount; what
depends on the customer, or happens once, becomes a note.
"""

import re
from decimal import Decimal

from home_energy.analysis.tariffs.cdr_wire import (
    Contract,
    DiscountOffer,
    Fee,
    MeteringCharge,
    PlanDetail,
)
from home_energy.analysis.tariffs.plan import Discount, FixedCharge
from home_energy.errors import DataError

GST_FACTOR = Decimal("1.1")
_FOR_EVERYONE = ("MEMBERSHIP", "CONTRIBUTION", "OTHER")
_DAYS_OF_TERM = {"DAILY": 1, "WEEKLY": 7}
_MONTHS_OF_TERM = {"MONTHLY": 1, "ANNUAL": 12}
_MONTHS = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?$")
_DAYS = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?$")


def discounts_of(contract: Contract, notes: list[str]) -> tuple[Discount, ...]:
    """Guaranteed discounts; the others are noted.

    Raises
    ------
    DataError
        If a guaranteed discount has no share of a bill.
    """
    found = []
    for i, offer in enumerate(contract.discounts):
        path = f"electricityContract.discounts[{i}]"
        if offer.type != "GUARANTEED":
            condition = (offer.category or offer.type).lower().replace("_", " ")
            notes.append(f"discount not counted ({condition}): {_said(offer)}")
            continue
        found.append(_discount(offer, path))
        if offer.end_date is not None:
            notes.append(
                f"discount {offer.display_name} ends on {offer.end_date}; it is "
                "counted for all days"
            )
    return tuple(found)


def _discount(offer: DiscountOffer, path: str) -> Discount:
    name = offer.display_name
    if offer.method_u_type == "percentOfBill" and offer.percent_of_bill:
        share = offer.percent_of_bill.rate
        return Discount(name=name, percent=float(share * 100), of="usage and supply")
    if offer.method_u_type == "percentOfUse" and offer.percent_of_use:
        return Discount(name=name, percent=float(offer.percent_of_use.rate * 100))
    raise DataError(
        f"{path}.methodUType: {offer.method_u_type} of {name!r} is not supported, for "
        "the plan does not say how often or beyond which use it is given; expected "
        "percentOfBill or percentOfUse with its rate"
    )


def _said(offer: DiscountOffer) -> str:
    shares = (offer.percent_of_bill, offer.percent_of_use, offer.percent_over_threshold)
    share = next((part for part in shares if part is not None), None)
    amount = "" if share is None else f", {float(share.rate * 100):g} %"
    return offer.display_name + amount


def fees_of(contract: Contract, notes: list[str]) -> tuple[FixedCharge, ...]:
    """Fees that come with time for everyone, without GST; the others are noted."""
    charges = []
    for i, fee in enumerate(contract.fees):
        if not (fee.amount or fee.rate):
            continue
        path = f"electricityContract.fees[{i}]"
        if fee.type in _FOR_EVERYONE and fee.amount and _is_regular(fee, path):
            charges.append(_regular_fee(fee, fee.amount))
            notes.append(
                f"fee counted: {_words(fee)}; take it out of the file if it is not "
                "yours"
            )
        else:
            notes.append(f"fee not counted: {_words(fee)}")
    return tuple(charges)


def _is_regular(fee: Fee, path: str) -> bool:
    if fee.term in ("BIANNUAL", "VARIABLE"):
        raise DataError(
            f"{path}.term: {fee.term} of a {fee.type} fee is not supported; expected "
            "DAILY, WEEKLY, MONTHLY, ANNUAL or FIXED"
        )
    return fee.term in _DAYS_OF_TERM or fee.term in _MONTHS_OF_TERM


def _regular_fee(fee: Fee, amount: Decimal) -> FixedCharge:
    name = f"{fee.type.capitalize()} fee"
    days = _DAYS_OF_TERM.get(fee.term)
    if days is not None:
        return FixedCharge(name=name, c_per_day=_ex_gst(amount * 100 / days))
    months = _MONTHS_OF_TERM[fee.term]
    return FixedCharge(name=name, aud_per_month=_ex_gst(amount / months))


def _words(fee: Fee) -> str:
    of_bill = f"{float(fee.rate * 100):g} % of the bill" if fee.rate else ""
    amount = f"${fee.amount}" if fee.amount else of_bill
    kind = fee.type.lower().replace("_", " ")
    return f"{kind}, {amount}, {fee.term.lower().replace('_', ' ')}"


def _ex_gst(amount: Decimal) -> float:
    return float(round(amount / GST_FACTOR, 6))


def metering_of(plan: PlanDetail, notes: list[str]) -> tuple[FixedCharge, ...]:
    """Regular charges for the meter, without GST; what is paid once is noted.

    Raises
    ------
    DataError
        If a regular charge has a range or a period that has no month or day.
    """
    charges = []
    for i, charge in enumerate(plan.metering_charges):
        path = f"meteringCharges[{i}]"
        if charge.period is None:
            notes.append(
                f"meter charge not counted: {charge.display_name}, "
                f"${charge.minimum_value}, once"
            )
            continue
        if charge.maximum_value not in (None, charge.minimum_value):
            raise DataError(
                f"{path}.maximumValue: a range from {charge.minimum_value} to "
                f"{charge.maximum_value} is not supported; expected one value"
            )
        charges.append(_regular_meter_charge(charge, charge.period, path))
    return tuple(charges)


def _regular_meter_charge(
    charge: MeteringCharge, period: str, path: str
) -> FixedCharge:
    amount, name = charge.minimum_value, charge.display_name
    months = _count(_MONTHS, period, (12, 1))
    if months:
        return FixedCharge(name=name, aud_per_month=_ex_gst(amount / months))
    days = _count(_DAYS, period, (7, 1))
    if days:
        return FixedCharge(name=name, c_per_day=_ex_gst(amount * 100 / days))
    raise DataError(
        f"{path}.period: {period!r} is not supported; expected a duration like P1D, "
        "P1M or P1Y"
    )


def _count(form: re.Pattern[str], period: str, weights: tuple[int, int]) -> int:
    found = form.match(period)
    parts = found.groups() if found else ()
    return sum(int(p or 0) * w for p, w in zip(parts, weights, strict=False))


def note_offers(plan: PlanDetail, contract: Contract, notes: list[str]) -> None:
    """Note what the plan offers in words, and what it sells besides."""
    notes += [f"incentive not counted: {i.display_name}" for i in contract.incentives]
    notes += [
        f"green power not counted: {charge.display_name}"
        for charge in contract.green_power_charges
    ]
    if contract.pricing_model.startswith("FLEXIBLE"):
        notes.append(
            "the retailer calls its prices flexible: they may move with something "
            "that is not in the plan, and stand still here"
        )
    if plan.fuel_type == "DUAL":
        notes.append("only the electricity of this plan for electricity and gas")
    if plan.effective_to is not None:
        notes.append(f"the plan is offered until {plan.effective_to}")
