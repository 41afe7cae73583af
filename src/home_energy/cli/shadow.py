"""`shadow`: batteries that are not there, run on the days that are on record."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
)
from home_energy.cli.scenario import progress_bar
from home_energy.domain.clock import SystemClock
from home_energy.domain.shadow_day import ShadowDay, ShadowPass, ShadowSum
from home_energy.domain.time_grid import nem_date
from home_energy.errors import StoreError
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.analysis.shadow.shadow_days import ProductPass

NO_PRODUCTS = (
    "no battery is chosen; name some of the catalogue with `products` under [shadow] "
    'in home.toml, such as ["powerwall-3"]'
)


@app.command()
def shadow(context: typer.Context, as_json: JsonOption = False) -> None:
    """Book what batteries of [shadow] in home.toml would have saved, day by day."""
    from home_energy.analysis.shadow.shadow_days import run_shadow_pass

    invocation: Invocation = context.obj
    settings = invocation.settings()
    if not settings.shadow.products:
        if as_json:
            print_json({"products": []})
        else:
            console.print(NO_PRODUCTS, markup=False)
        return
    today = nem_date(SystemClock().now())
    store = Store.open(settings.home.store)
    with (
        only_one_pass(settings.home.store),
        progress_bar(is_shown=not as_json) as progress,
    ):
        bar = progress.add_task("reading the record", total=None)

        def on_progress(product: str, day: date) -> None:
            progress.update(bar, description=f"{product}, {day}")

        done = run_shadow_pass(store, settings, today, on_progress)
        said = "; ".join(one.said for one in done)
        now = SystemClock().now()
        store.shadow_days.note_pass(ShadowPass(now, said, is_failure=False))
    if as_json:
        print_json({"products": [_product_json(store, one) for one in done]})
    else:
        _print(store, done, today)


@contextmanager
def only_one_pass(store: Path) -> Iterator[None]:
    """Refuse a second pass on one store.

    Raises
    ------
    StoreError
        If one is running.
    """
    with store.with_suffix(".shadow.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(
                f"{store}: another `home-energy shadow` is running on this store; "
                "wait until it has ended"
            ) from error
        yield


def _print(store: Store, done: "list[ProductPass]", today: date) -> None:
    from home_energy.dashboard.shadow_words import shadow_sentence

    table = Table(box=None, pad_edge=False)
    table.add_column("Battery")
    for name in ("Days", "Holes", "From", "Up to", "Last day $", "All $", "Wear $"):
        table.add_column(name, justify="right")
    found = [store.shadow_days.sum_of(one.product) for one in done]
    for one in found:
        if one is not None:
            table.add_row(*_row(one))
    console.print(table)
    for passed, one in zip(done, found, strict=True):
        console.print(f"\n{passed.said}.", markup=False, soft_wrap=True)
        if one is not None:
            console.print(f"{shadow_sentence(one, today)}.", markup=False)


def _row(found: ShadowSum) -> tuple[str, ...]:
    return (
        found.product,
        f"{found.day_count}",
        f"{found.hole_count}",
        f"{found.first_day}",
        f"{found.last_day}",
        f"{found.last_saving_aud:,.2f}",
        f"{found.saving_aud:,.2f}",
        f"{found.wear_aud:,.2f}",
    )


def _product_json(store: Store, done: "ProductPass") -> dict[str, Any]:
    found = store.shadow_days.sum_of(done.product)
    told = None
    if found is not None:
        told = {
            **asdict(found),
            "first_day": found.first_day.isoformat(),
            "last_day": found.last_day.isoformat(),
        }
    return {
        "product": done.product,
        "said": done.said,
        "booked_count": len(done.booked),
        "anew_from": None if done.anew_from is None else done.anew_from.isoformat(),
        "sum": told,
        "days": [_day_json(day) for day in store.shadow_days.days(done.product)],
    }


def _day_json(day: ShadowDay) -> dict[str, Any]:
    told = asdict(day)
    del told["product"], told["fingerprint"]
    return told | {
        "day": day.day.isoformat(),
        "saving_aud": day.saving_aud,
        "quality": day.quality.name.lower(),
    }
