"""`advice`: when to start what can wait, and how often that was right."""

from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
    utc_stamp,
)
from home_energy.domain.clock import SystemClock
from home_energy.errors import DataError
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.advice.advice_round import ApplianceAdvice
    from home_energy.analysis.advice.scoreboard import Score
    from home_energy.dashboard.now import Now

NO_APPLIANCES = (
    "no appliance may wait; name some in home.toml, each under [[advice.appliances]]: "
    'name = "Dishwasher", kw = 1.0, minutes = 90, by = "07:00"'
)


@app.command()
def advice(context: typer.Context, as_json: JsonOption = False) -> None:
    """Tell when to start what can wait, and how often such advice was right."""
    invocation: Invocation = context.obj
    settings = invocation.settings()
    advices = _advices(settings)
    if as_json:
        print_json({"appliances": [_json(one, settings) for one in advices]})
    elif advices:
        _print(advices, settings)
    else:
        console.print(NO_APPLIANCES, markup=False, soft_wrap=True)


def _advices(settings: Settings) -> "tuple[ApplianceAdvice, ...]":
    from home_energy.analysis.advice.advice_round import advice_now
    from home_energy.dashboard.now import read_now

    if not settings.advice.may_wait:
        return ()
    store = Store.open_read_only(settings.home.store)
    now = read_now(store, settings, SystemClock())
    return advice_now(
        store,
        _site_key(store, now),
        settings.advice.may_wait,
        now.time or SystemClock().now(),
        settings.home.zone,
    )


def _site_key(store: Store, now: "Now") -> int:
    key = None if now.site is None else store.sources.site_key(now.site.site_id)
    if key is None:
        raise DataError(
            "there is no price to advise on: no site of the retailer is on record; "
            "run `home-energy collect`, and `home-energy doctor` if that does not help"
        )
    return key


def _print(advices: "tuple[ApplianceAdvice, ...]", settings: Settings) -> None:
    from home_energy.analysis.advice.advice_words import advice_words
    from home_energy.analysis.advice.scoreboard import LOOK_BACK
    from home_energy.dashboard.local_words import capitalised

    table = Table(box=None, pad_edge=False)
    table.add_column("Appliance")
    table.add_column("Now")
    for name in ("Given", "Judged", "Right", "Forecast c", "Saved c"):
        table.add_column(name, justify="right")
    for one in advices:
        said = capitalised(advice_words(one, settings.home.zone))
        table.add_row(one.best.appliance.name, said, *_figures(one.score))
    console.print(table)
    console.print(
        f"\nOf the last {LOOK_BACK.days} days; saved is each time on average, by the "
        "final prices.",
        soft_wrap=True,
    )


def _figures(score: "Score") -> tuple[str, ...]:
    return (
        f"{score.given_count}",
        f"{score.scored_count}",
        f"{score.hit_count}",
        _cents(score.mean_forecast_saving_aud),
        _cents(score.mean_real_saving_aud),
    )


def _cents(amount_aud: float | None) -> str:
    return "-" if amount_aud is None else f"{100 * amount_aud:.1f}"


def _json(one: "ApplianceAdvice", settings: Settings) -> dict[str, Any]:
    from home_energy.analysis.advice.advice_words import advice_words

    best, score = one.best, one.score
    return {
        "appliance": best.appliance.name,
        "call": best.call.value,
        "why": None if best.why is None else best.why.value,
        "is_withheld": one.is_withheld,
        "said": advice_words(one, settings.home.zone),
        "start_utc": None if best.start is None else utc_stamp(best.start),
        "deadline_utc": utc_stamp(best.deadline),
        "cost_now_aud": best.cost_now_aud,
        "cost_then_aud": best.cost_then_aud,
        "score": {
            "given_count": score.given_count,
            "scored_count": score.scored_count,
            "hit_count": score.hit_count,
            "mean_forecast_saving_aud": score.mean_forecast_saving_aud,
            "mean_real_saving_aud": score.mean_real_saving_aud,
        },
    }
