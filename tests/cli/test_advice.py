"""`advice`: the scoreboard at a terminal."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.conftest import Home

from home_energy.domain.advice import GivenAdvice
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel, Price, Quality
from home_energy.domain.site import RetailSite
from home_energy.domain.time_grid import floor_to_step
from home_energy.store import Store

MINUTE, HALF_HOUR = timedelta(minutes=1), timedelta(minutes=30)


@pytest.fixture
def advised(home: Home) -> Home:
    """A pump, 40 c now and 10 c from the second half-hour to come on, and a past."""
    now = datetime.now(UTC)
    tick = floor_to_step(now, HALF_HOUR)
    with (home.folder / "config" / "home.toml").open("a") as file:
        file.write('[[advice.appliances]]\nname = "Pump"\nkw = 2.0\nminutes = 15\n')
    store = Store.open(home.folder / "home.sqlite")
    store.sources.save_sites([RetailSite("S1", "6001000001", "active", 30, ())])
    key = store.sources.site_key("S1")
    assert key is not None
    running = Price(Channel.GENERAL, tick, 30, 40.0, Quality.ACTUAL)
    store.prices.save(key, [running], now)
    points = tuple(
        ForecastPoint(tick + number * HALF_HOUR, 30, 40.0 if number < 2 else 10.0)
        for number in range(1, 50)
    )
    store.forecasts.save(key, [Forecast(Channel.GENERAL, now - MINUTE, points)])
    for number, saving_aud in enumerate((0.15, 0.15, -0.06, None)):
        start = tick - timedelta(days=1) + number * HALF_HOUR
        store.advice.keep(
            key,
            GivenAdvice(
                *("Pump", 2.0, 15, start - HALF_HOUR, start, now),
                *(0.30, 0.10, 0.20, saving_aud),
            ),
        )
    store.close()
    return home


def test_it_prints_what_to_do_and_how_often_that_was_right(advised: Home) -> None:
    done = advised.run("advice")

    # 0.5 kWh at 40 and at 10 c; 15, 15 and -6 c are 8 c on average.
    _, row, *more = done.stdout.splitlines()
    assert done.returncode == 0
    assert re.match(r"Pump +Wait until \d+:[0-5]\d [ap]m, save", row)
    assert "15 c" in row + more[0]
    assert row.split()[-5:] == ["4", "3", "2", "20.0", "8.0"]


def test_json_has_call_and_score(advised: Home) -> None:
    (pump,) = json.loads(advised.run("advice", "--json").stdout)["appliances"]

    assert (pump["appliance"], pump["call"]) == ("Pump", "wait")
    assert not pump["is_withheld"]
    assert pump["cost_now_aud"] - pump["cost_then_aud"] == pytest.approx(0.15)
    assert pump["score"]["hit_count"] == 2
    assert pump["score"]["mean_real_saving_aud"] == pytest.approx(0.08)


def test_without_an_appliance_it_says_how_to_name_one(home: Home) -> None:
    done = home.run("advice")

    assert done.returncode == 0
    assert "[[advice.appliances]]" in done.stdout


def test_without_a_site_it_says_what_to_do(home: Home) -> None:
    with (home.folder / "config" / "home.toml").open("a") as file:
        file.write('[[advice.appliances]]\nname = "Pump"\nkw = 2.0\nminutes = 15\n')
    Store.open(home.folder / "home.sqlite").close()

    done = home.run("advice")

    assert done.returncode == 4
    assert "home-energy collect" in done.stderr
