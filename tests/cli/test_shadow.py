"""`shadow` and what `collect` takes along."""

import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.analysis.shadow.shadow_homes import ShadowHome
from tests.cli.conftest import AmberServer, CommandLine, Home

from home_energy.cli.shadow import only_one_pass
from home_energy.domain.time_grid import nem_date
from home_energy.store import Store

DAY = timedelta(days=1)
TODAY = nem_date(datetime.now(UTC))
YESTERDAY = TODAY - DAY


@pytest.fixture
def chosen(home: Home) -> Home:
    """Three days on record, and a battery is chosen."""
    ShadowHome(home.folder).days(3, TODAY - 3 * DAY).store.close()
    choose(home, "powerwall-3")
    return home


def choose(home: Home, *products: str) -> None:
    with (home.folder / "config" / "home.toml").open("a") as file:
        file.write(f"[shadow]\nproducts = {json.dumps(products)}\n")


def test_it_prints_what_was_booked_and_the_sentence(chosen: Home) -> None:
    first = chosen.run("shadow")
    second = chosen.run("shadow")

    assert first.returncode == 0
    assert f"powerwall-3: 3 days booked up to {YESTERDAY}." in first.stdout
    assert "A Powerwall 3 would have saved $" in first.stdout
    assert " yesterday, $" in first.stdout
    assert "powerwall-3: nothing new to book" in second.stdout


def test_json_has_every_day(chosen: Home) -> None:
    done = chosen.run("shadow", "--json")

    (product,) = json.loads(done.stdout)["products"]
    assert product["booked_count"] == 3
    assert product["anew_from"] is None
    days = [day["day"] for day in product["days"]]
    assert days == [f"{TODAY - n * DAY}" for n in (3, 2, 1)]
    # What the days saved is what all of them saved.
    total = sum(day["saving_aud"] for day in product["days"])
    assert product["sum"]["saving_aud"] == pytest.approx(total)
    assert product["days"][0]["quality"] == "actual"


def test_the_pass_is_noted(chosen: Home) -> None:
    chosen.run("shadow")

    store = Store.open_read_only(chosen.folder / "home.sqlite")
    last = store.shadow_days.last_pass()
    store.close()
    assert last is not None
    assert last.said == f"powerwall-3: 3 days booked up to {YESTERDAY}"
    assert not last.is_failure


def test_an_unknown_product_is_a_clear_error(home: Home) -> None:
    choose(home, "powerwall")

    done = home.run("shadow")

    assert done.returncode == 2
    assert "shadow.products has 'powerwall'" in done.stderr
    assert "did you mean powerwall-" in done.stderr


def test_without_a_product_it_says_how_to_choose_one(home: Home) -> None:
    done = home.run("shadow")

    assert done.returncode == 0
    assert "name some of the catalogue" in done.stdout
    assert json.loads(home.run("shadow", "--json").stdout) == {"products": []}
    assert not (home.folder / "home.sqlite").exists()


def test_two_passes_at_once_are_refused(chosen: Home) -> None:
    with only_one_pass(chosen.folder / "home.sqlite"):
        done = chosen.run("shadow")

    assert done.returncode == 1
    assert "another `home-energy shadow` is running" in done.stderr


def test_collect_with_a_battery_ends_when_it_is_told_to(
    command_line: CommandLine,
    amber_server: AmberServer,
    wait_until: Callable[[Callable[[], bool]], None],
) -> None:
    command_line.configure(amber_server.address)
    with (command_line.config / "home.toml").open("a") as file:
        file.write('[shadow]\nproducts = ["powerwall-3"]\n')
    lock = command_line.folder / "home.lock"

    collecting = command_line.start("collect")
    wait_until(lock.exists)
    collecting.send_signal(signal.SIGTERM)
    said, _ = collecting.communicate(timeout=20)

    assert collecting.returncode == 0, said
    assert "Traceback" not in said
