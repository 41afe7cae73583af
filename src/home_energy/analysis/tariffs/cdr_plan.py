"""A Consumer Data Right energy plan as a tariff.

Every price stays as it is published, without GST. A part that changes a bill and has
no counterpart in `Plan` is refused by its path; docs/models/cdr-plans.md lists what is
read, noted and refused.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from home_energy.analysis.tariffs.cdr_extras import (
    discounts_of,
    fees_of,
    metering_of,
    note_offers,
)
from home_energy.analysis.tariffs.cdr_rates import PlanParts, read_parts
from home_energy.analysis.tariffs.cdr_wire import (
    Contract,
    PlanDetail,
    one_line,
    read_wire,
)
from home_energy.analysis.tariffs.plan import Plan, PlanPeriod
from home_energy.analysis.tariffs.rate_times import plan_faults
from home_energy.errors import DataError
from home_energy.toml_faults import explain

ZONE_OF_STATE = {
    "ACT": "Australia/Sydney",
    "NSW": "Australia/Sydney",
    "NT": "Australia/Darwin",
    "QLD": "Australia/Brisbane",
    "SA": "Australia/Adelaide",
    "TAS": "Australia/Hobart",
    "VIC": "Australia/Melbourne",
    "WA": "Australia/Perth",
}

_STATE_OF_DISTRIBUTOR = {
    "actewagl": "ACT",
    "ausgrid": "NSW",
    "ausnet": "VIC",
    "citipower": "VIC",
    "endeavour": "NSW",
    "energex": "QLD",
    "ergon": "QLD",
    "essential": "NSW",
    "evoenergy": "ACT",
    "jemena": "VIC",
    "powercor": "VIC",
    "sa power": "SA",
    "tasnetworks": "TAS",
    "united": "VIC",
}
"""First words of the distributors' names, as plans write them."""


@dataclass(frozen=True, slots=True)
class CdrChoices:
    """What a plan leaves open and a household knows.

    Parameters
    ----------
    name
        Of the tariff; without it the plan's own number.
    state
        Such as `NSW`; without it as the distributor says.
    first_day
        From when the prices are taken to hold; without it when the plan began.
    controlled_load
        Which of several the home has, from 1; 0 for none.
    feed_in
        Which of several feed-in tariffs the home is on, from 1; 0 for none.
    """

    name: str | None = None
    state: str | None = None
    first_day: date | None = None
    controlled_load: int | None = None
    feed_in: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CdrPlan:
    """A plan, and what of the offer is not in it."""

    plan: Plan
    notes: tuple[str, ...]


def read_cdr_plan(
    content: bytes, file: str, choices: CdrChoices | None = None
) -> CdrPlan:
    """Read the JSON of one plan's details.

    Parameters
    ----------
    content
        Answer of Get Generic Plan Detail, or the plan alone.
    file
        For errors, and for the plan's own line of its source.

    Raises
    ------
    DataError
        With the path of the part that is not supported and what stands there.
    """
    wire = read_wire(content, file)
    try:
        return _read(wire, file, choices or CdrChoices())
    except DataError as error:
        raise DataError(f"{file}: {one_line(str(error))}") from error
    except ValidationError as error:
        raise DataError(
            f"{file}: what it says makes no tariff: {'; '.join(explain(error, Plan))}; "
            "see docs/models/cdr-plans.md"
        ) from error


def _read(wire: PlanDetail, file: str, choices: CdrChoices) -> CdrPlan:
    contract = _electricity(wire)
    state = _state(wire, choices)
    notes: list[str] = []
    parts = read_parts(contract, choices.controlled_load, choices.feed_in, notes)
    clock = _clock(contract, parts, state)
    if parts.names_holidays and state is None:
        raise DataError(_ask_for_state(wire, "its prices differ on public holidays"))
    effective = _effective_day(wire, clock)
    first_day = choices.first_day or effective
    if first_day is None:
        raise DataError(
            "effectiveFrom: missing, so the first day is not known; choose it with "
            "--from 2025-07-01"
        )
    discounts = discounts_of(contract, notes)
    fixed = (*parts.fixed, *fees_of(contract, notes), *metering_of(wire, notes))
    note_offers(wire, contract, notes)
    period = PlanPeriod(
        start=first_day,
        source=_source(wire, file, effective, first_day),
        usage=parts.usage,
        feed_in=parts.feed_in,
        fixed=fixed,
        demand=parts.demand,
        discount=discounts,
    )
    plan = Plan(
        name=_name(wire, choices),
        title=_title(wire),
        clock=clock,
        public_holidays=state if parts.names_holidays else None,
        gst_included=False,
        period=(period,),
    )
    _require_sound(plan)
    return CdrPlan(plan, tuple(notes))


_PATHS = {
    "period[1].usage (general)": "electricityContract.tariffPeriod",
    "period[1].usage (controlled_load)": "electricityContract.controlledLoad",
    "period[1].feed_in": "electricityContract.solarFeedInTariff",
}


def _require_sound(plan: Plan) -> None:
    faults = plan_faults(plan)
    if faults:
        fault = faults[0]
        for place, path in _PATHS.items():
            fault = fault.replace(place, path)
        raise DataError(f"{fault}; see docs/models/cdr-plans.md")


def _electricity(wire: PlanDetail) -> Contract:
    if wire.fuel_type == "GAS" or wire.electricity_contract is None:
        raise DataError(
            f"fuelType: {wire.fuel_type} without an electricityContract; expected a "
            "plan for electricity"
        )
    contract = wire.electricity_contract
    if contract.pricing_model == "QUOTA":
        raise DataError(
            "electricityContract.pricingModel: QUOTA is not supported; expected a "
            "plan that charges by the kilowatt-hour"
        )
    return contract


def _state(wire: PlanDetail, choices: CdrChoices) -> str | None:
    if choices.state is not None:
        if choices.state.upper() not in ZONE_OF_STATE:
            raise DataError(
                f"--state {choices.state}: expected one of {', '.join(ZONE_OF_STATE)}"
            )
        return choices.state.upper()
    found = {
        state
        for distributor in wire.geography.distributors
        for start, state in _STATE_OF_DISTRIBUTOR.items()
        if distributor.lower().startswith(start)
    }
    return found.pop() if len(found) == 1 else None


def _ask_for_state(wire: PlanDetail, why: str) -> str:
    known = ", ".join(wire.geography.distributors) or "none"
    return (
        f"geography.distributors: {known}, so the state is not known, but {why}; add "
        "--state NSW, or yours"
    )


def _clock(contract: Contract, parts: PlanParts, state: str | None) -> str:
    """Clock of the windows: AEST where the plan has windows and does not say."""
    said = {period.time_zone or contract.time_zone for period in contract.tariff_period}
    if len(said) > 1:
        raise DataError(
            "electricityContract.tariffPeriod: several time zones in one plan are not "
            f"supported, found {', '.join(sorted(str(zone) for zone in said))}"
        )
    zone = said.pop()
    if zone == "AEST" or (zone is None and parts.has_windows):
        return "NEM"
    if state is not None:
        return ZONE_OF_STATE[state]
    if zone is None:
        return "NEM"
    raise DataError(
        "electricityContract.timeZone: LOCAL, but neither the distributor nor --state "
        "says where; add --state NSW, or yours"
    )


def _effective_day(wire: PlanDetail, clock: str) -> date | None:
    if wire.effective_from is None:
        return None
    try:
        moment = datetime.fromisoformat(wire.effective_from)
        if moment.tzinfo is None:
            return moment.date()
        zone = ZoneInfo("Australia/Brisbane" if clock == "NEM" else clock)
        return moment.astimezone(zone).date()
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"effectiveFrom: {wire.effective_from!r}; expected a time like "
            "2025-07-01T00:00:00Z"
        ) from error


def _source(
    wire: PlanDetail, file: str, effective: date | None, first_day: date
) -> str:
    since = "an unknown day" if effective is None else effective.isoformat()
    taken = "" if first_day == effective else f", taken to hold from {first_day}"
    return (
        f"Consumer Data Right plan {wire.plan_id} of {wire.brand_name}, effective from "
        f"{since}{taken}; read from {file}"
    )


def _title(wire: PlanDetail) -> str:
    named = wire.display_name or wire.plan_id
    return ", ".join([f"{wire.brand_name} {named}", *wire.geography.distributors])


def _name(wire: PlanDetail, choices: CdrChoices) -> str:
    name = choices.name
    if name is None:
        name = re.sub(r"[^a-z0-9]+", "-", wire.plan_id.lower()).strip("-")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise DataError(
            f"{name!r} is no name for a tariff; expected small letters, digits and "
            "hyphens; choose one with --name"
        )
    return name
