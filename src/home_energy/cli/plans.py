"""`import plan`, `tariffs`: the tariffs that a bill can be made with."""

from calendar import month_abbr
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    import_app,
    print_json,
)
from home_energy.errors import DataError

if TYPE_CHECKING:
    from home_energy.analysis.tariffs.cdr_plan import CdrPlan
    from home_energy.analysis.tariffs.plan import (
        DemandCharge,
        Discount,
        EnergyRate,
        FixedCharge,
        PlanPeriod,
        Window,
    )
    from home_energy.analysis.tariffs.plan_files import KnownPlan

MANY_BYTES = 10_000_000
"""No plan is as large; whatever is was not meant."""


@import_app.command("plan")
def import_plan(  # noqa: PLR0913, PLR0917 - one for each option
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON of one plan's details.")],
    name: Annotated[str | None, typer.Option(help="What to call the tariff.")] = None,
    state: Annotated[
        str | None, typer.Option(help="Such as NSW, where the plan does not say.")
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="From when its prices are to hold."
        ),
    ] = None,
    controlled_load: Annotated[
        int | None, typer.Option(help="Which of several, from 1; 0 for none.")
    ] = None,
    feed_in: Annotated[
        list[int] | None, typer.Option(help="Which of several, from 1; 0 for none.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Read a Consumer Data Right energy plan into a tariff; say what is not in it."""
    from home_energy.analysis.tariffs.cdr_plan import CdrChoices, read_cdr_plan
    from home_energy.analysis.tariffs.plan_toml import plan_text

    invocation: Invocation = context.obj
    invocation.settings()
    choices = CdrChoices(
        name,
        state,
        None if start is None else start.date(),
        controlled_load,
        tuple(feed_in or ()),
    )
    found = read_cdr_plan(_content(file), file.name, choices)
    path = invocation.config / "tariffs" / f"{found.plan.name}.toml"
    if path.exists() and not force:
        raise DataError(
            f"{path}: there is such a tariff already; choose another --name, or "
            "--force to replace it"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plan_text(found.plan, found.notes), encoding="utf-8")
    _say(found)
    console.print(f"written to {path}", markup=False)


@app.command()
def tariffs(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the tariffs that are known, the household's own and the shipped ones."""
    from home_energy.analysis.tariffs.plan_files import known_plans

    invocation: Invocation = context.obj
    invocation.settings()
    known = known_plans(invocation.config / "tariffs")
    if as_json:
        print_json({"tariffs": [_known_json(plan) for plan in known]})
        return
    for plan in known:
        whose = "shipped" if plan.is_shipped else "your own"
        console.print(f"{plan.name} ({whose})", markup=False, style="bold")
        console.print(f"    {plan.title}", markup=False, soft_wrap=True)
        for period in _periods(plan):
            line = f"    from {period.start}: {period.source}"
            console.print(line, markup=False, soft_wrap=True)


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MANY_BYTES:
            raise DataError(
                f"{file}: larger than {MANY_BYTES // 1_000_000} MB; expected one plan"
            )
        return file.read_bytes()
    except OSError as error:
        raise DataError(
            f"{file}: not readable ({error.strerror}); expected the JSON of one plan"
        ) from error


def _periods(known: "KnownPlan") -> Sequence["PlanPeriod"]:
    from home_energy.analysis.tariffs.plan_files import load_plan

    return load_plan(known.path).period if known.is_usable else ()


def _known_json(known: "KnownPlan") -> dict[str, Any]:
    periods = [
        {"from": period.start.isoformat(), "source": period.source}
        for period in _periods(known)
    ]
    return {**asdict(known), "path": str(known.path), "periods": periods}


def _say(found: "CdrPlan") -> None:
    plan, period = found.plan, found.plan.period[0]
    clock = "market time, UTC+10" if plan.clock == "NEM" else plan.clock
    console.print(plan.title, markup=False)
    console.print(
        f"from {period.start}, clock {clock}, figures without GST", markup=False
    )
    for line in _period_words(period):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    for note in found.notes:
        console.print(f"  note: {note}", markup=False, soft_wrap=True)


def _period_words(period: "PlanPeriod") -> Iterable[str]:
    for usage in period.usage:
        load = ", controlled load" if usage.channel == "controlled_load" else ""
        yield f"{usage.name}{load}: {_price_words(usage)}{_when_words(usage)}"
    for sold in period.feed_in:
        yield f"{sold.name}, feed-in: {_price_words(sold)}{_when_words(sold)}"
    for fixed in period.fixed:
        yield f"{fixed.name}: {_fixed_words(fixed)}"
    for demand in period.demand:
        yield f"{demand.name}: {_demand_words(demand)}{_when_words(demand)}"
    for discount in period.discount:
        yield f"{discount.name}: {_discount_words(discount)}"


def _price_words(rate: "EnergyRate") -> str:
    if not rate.blocks:
        return f"{rate.c_per_kwh:g} c/kWh"
    steps = [
        f"{block.c_per_kwh:g} c/kWh"
        + ("" if block.up_to_kwh is None else f" to {block.up_to_kwh:g} kWh")
        for block in rate.blocks
    ]
    return ", then ".join(steps) + f", each {rate.block_period}"


def _when_words(window: "Window") -> str:
    parts = [
        " and ".join(window.days),
        " ".join(window.hours),
        " ".join(month_abbr[month] for month in window.months),
    ]
    return "".join(f", {part}" for part in parts if part)


def _fixed_words(fixed: "FixedCharge") -> str:
    if fixed.c_per_day is not None:
        return f"{fixed.c_per_day:g} c a day"
    return f"${fixed.aud_per_month:g} a month"


def _demand_words(demand: "DemandCharge") -> str:
    if demand.aud_per_kw_per_day is not None:
        price = f"${demand.aud_per_kw_per_day:g} a kW and day"
    else:
        price = f"${demand.aud_per_kw_per_month:g} a kW and month"
    return f"{price}, highest of the {demand.measured_over}"


def _discount_words(discount: "Discount") -> str:
    return f"{discount.percent:g} % of {discount.of}"
