"""Figures and words of the first page."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.dashboard.figures import price_figure, short_price
from home_energy.dashboard.home.words import (
    cheapest_words,
    failure_words,
    first_start_message,
    no_record_message,
)
from home_energy.domain.price import Quality
from home_energy.domain.verdict import CheapestRun
from home_energy.settings import HomeSettings, Settings
from home_energy.store import SourceStatus
from tests.dashboard.recorded_home import NOON, price

SYDNEY = ZoneInfo("Australia/Sydney")
DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("c_per_kwh", "text", "unit"),
    [
        (34.2, "34.2", "c/kWh"),
        (8.0, "8.0", "c/kWh"),
        (-12.34, f"{MINUS}12.3", "c/kWh"),
        (-0.04, "0.0", "c/kWh"),
        (99.94, "99.9", "c/kWh"),
        (99.96, "$1.00", "/kWh"),
        (108.0, "$1.08", "/kWh"),
        (194.0, "$1.94", "/kWh"),
        (1940.0, "$19.40", "/kWh"),
        (1942.0, "$19.42", "/kWh"),
        (-110.0, f"{MINUS}$1.10", "/kWh"),
    ],
)
def test_figure(c_per_kwh: float, text: str, unit: str) -> None:
    figure = price_figure(price(NOON, c_per_kwh))

    assert (figure.text, figure.unit) == (text, unit)
    assert figure.is_paid == text.startswith(MINUS)


@pytest.mark.parametrize(
    ("c_per_kwh", "text"), [(34.2, "~34.2"), (1942.0, "~$19.4"), (108.0, "~$1.1")]
)
def test_estimate_is_marked_and_not_told_too_finely(
    c_per_kwh: float, text: str
) -> None:
    estimate = price(NOON, c_per_kwh, quality=Quality.ESTIMATE)

    assert price_figure(estimate).text == text


@given(st.floats(-150, 2500), st.sampled_from([Quality.ESTIMATE, Quality.ACTUAL]))
def test_every_price_fits_the_sizes_that_are_drawn(
    c_per_kwh: float, quality: Quality
) -> None:
    assert 2 <= price_figure(price(NOON, c_per_kwh, quality=quality)).size <= 5


@pytest.mark.parametrize(
    ("c_per_kwh", "text"),
    [(8.4, "8c"), (-3.0, f"{MINUS}3c"), (-0.3, "0c"), (194.0, "$1.9"), (1512.0, "$15")],
)
def test_short_price(c_per_kwh: float, text: str) -> None:
    assert short_price(c_per_kwh) == text


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (13, 15, f"cheapest 1:15{DASH}2:15 pm, 8c"),
        (13, 0, f"cheapest 1{DASH}2 pm, 8c"),
        (11, 30, f"cheapest 11:30 am{DASH}12:30 pm, 8c"),
        (23, 30, f"cheapest 11:30 pm{DASH}12:30 am, 8c"),
    ],
)
def test_cheapest_hour_is_told_in_local_time(
    hour: int, minute: int, words: str
) -> None:
    start = datetime(2026, 11, 24, hour, minute, tzinfo=SYDNEY).astimezone(UTC)
    run = CheapestRun(start, start + timedelta(hours=1), 8.2)

    assert cheapest_words(run, 30.0, SYDNEY) == words


def test_no_later_hour_is_called_cheapest_when_now_is_cheaper() -> None:
    run = CheapestRun(NOON, NOON + timedelta(hours=1), 25.0)

    assert cheapest_words(run, 7.0, SYDNEY).startswith("cheapest ahead ")


def status(failure_kind: str | None) -> SourceStatus:
    since = None if failure_kind is None else NOON
    return SourceStatus("amber", "t", failing_since=since, failure_kind=failure_kind)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ((None,), "collector is silent"),
        (("SourceUnavailable",), "no contact with Amber"),
        (("SourceUnavailable", "SourceAuthError"), "Amber refuses the token"),
        (("SomethingNew",), "see the health page"),
    ],
)
def test_failure_is_told_in_few_words(
    kinds: tuple[str | None, ...], words: str
) -> None:
    assert failure_words([status(kind) for kind in kinds]) == words


PI = Settings().read_from(Path("/etc/home-energy"))
AT_A_DESK = Settings().read_from(Path("config"))


@pytest.mark.parametrize(
    ("kind", "has_network", "title", "on_a_pi", "at_a_desk"),
    [
        (
            "SourceAuthError",
            True,
            "Amber refuses the token",
            "sudo nano /etc/home-energy/amber-token",
            "AMBER_TOKEN=… into config/.env",
        ),
        (
            "ConfigError",
            True,
            "Which home?",
            "sudo nano /etc/home-energy/home.toml, [amber] site_id",
            "AMBER_SITE_ID=… into config/.env",
        ),
        (
            "SourceUnavailable",
            True,
            "No contact with Amber",
            "by themselves",
            "by themselves",
        ),
        ("SourceUnavailable", False, "No network", "sudo nmtui", "the router"),
        (None, True, "Waiting for the first price", "Device, Restart", "make run"),
    ],
)
def test_first_start_says_what_is_missing_and_what_to_do(
    *, kind: str | None, has_network: bool, title: str, on_a_pi: str, at_a_desk: str
) -> None:
    for settings, words in ((PI, on_a_pi), (AT_A_DESK, at_a_desk)):
        message = first_start_message(settings, [status(kind)], has_network=has_network)

        assert message.title == title
        assert words in message.hint


def test_first_start_without_a_token_asks_for_it() -> None:
    message = first_start_message(PI, [])

    assert message.title == "No Amber token"
    assert message.hint.splitlines() == [
        "Make one at app.amber.com.au/developers.",
        "On the Pi: sudo nano /etc/home-energy/amber-token",
        "Tap here, then Device, Restart.",
    ]
    assert "AMBER_TOKEN=…" in first_start_message(AT_A_DESK, []).hint


def test_missing_and_broken_record_are_told_apart(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_text("this is no database")

    missing, unreadable = (
        no_record_message(Settings(home=HomeSettings(store=path)))
        for path in (tmp_path / "none.sqlite", broken)
    )

    assert missing.title == "No prices on record yet"
    assert unreadable.title == "The record cannot be read"
