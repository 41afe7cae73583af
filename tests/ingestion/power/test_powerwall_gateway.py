"""A Powerwall's gateway: by the real library, against a gateway that the tests play."""

import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.ingestion.power.fake_gateway import (
    PASSWORD,
    SESSION,
    FakeGateway,
    aggregates,
    closed_port,
    make_certificate,
    meter,
)

from home_energy.domain.power import PowerSample, Stream
from home_energy.errors import (
    ConfigError,
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.power.inbox import PowerInbox
from home_energy.ingestion.power.polled_power import PolledPower, Polling
from home_energy.ingestion.power.powerwall_gateway import (
    GatewayPlace,
    PowerwallGateway,
    pypowerwall_opener,
)
from home_energy.ingestion.sources.powerwall import read_aggregates

# The certificate is the gateway's own. The library silences this, but each test begins
# with the warnings of the suite.
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")

NOON = datetime(2026, 1, 15, 1, 0, 0, 123456, UTC)
ALL = tuple(Stream)


# What the answer means


def test_the_four_meters_are_the_four_streams_with_our_signs() -> None:
    samples, problems = read_aggregates(aggregates(), ALL)

    assert samples == (
        PowerSample(Stream.GRID, NOON, -1520.5),  # sold
        PowerSample(Stream.LOAD, NOON, 1179.5),
        PowerSample(Stream.SOLAR, NOON, 3500.0),
        PowerSample(Stream.BATTERY, NOON, -800.0),  # charged
    )
    assert problems == ()


def test_only_what_is_wanted_is_read() -> None:
    samples, problems = read_aggregates({"site": meter(20)}, [Stream.GRID])

    assert ([sample.watts for sample in samples], problems) == ([20], ())


@pytest.mark.parametrize(
    ("solar", "said"),
    [
        (None, "solar: the gateway has no meter solar; leave solar out of streams"),
        ("off", "has no meter solar"),
        ({**meter(5), "instant_power": None}, "solar: the gateway gives no power in W"),
        ({**meter(5), "instant_power": True}, "gives no power in W"),
        ({**meter(5), "instant_power": float("nan")}, "gives no power in W"),
        ({**meter(5), "instant_power": 3e6}, "gives no power in W"),
        (meter(5, "2026-01-15T12:00:00"), "does not say when its meter was heard"),
        (meter(5, "now"), "does not say when its meter was heard"),
    ],
)
def test_a_meter_that_says_nothing_is_told_beside_the_others(
    solar: object, said: str
) -> None:
    samples, (problem,) = read_aggregates({**aggregates(), "solar": solar}, ALL)

    assert [sample.stream for sample in samples] == [
        Stream.GRID,
        Stream.LOAD,
        Stream.BATTERY,
    ]
    assert said in problem


@pytest.mark.parametrize("tree", [{}, {"code": 502}, [], "<html>", None, 5])
def test_an_answer_without_meters_is_refused(tree: object) -> None:
    with pytest.raises(SourceDataError, match="told of no meter"):
        read_aggregates(tree, ALL)


# How the gateway is asked


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("gateway"))


@pytest.fixture
def gateway(certificate: tuple[Path, Path]) -> Iterator[FakeGateway]:
    with FakeGateway(certificate).serving() as playing:
        yield playing


def asking(port: int, password: str = PASSWORD) -> PowerwallGateway:
    place = GatewayPlace("127.0.0.1", port, password)
    return PowerwallGateway(place, ALL, pypowerwall_opener())


def test_the_real_library_logs_in_once_and_reads_again_and_again(
    gateway: FakeGateway,
) -> None:
    powerwall = asking(gateway.port)

    first = powerwall.ask()
    gateway.answer = json.dumps({**aggregates(), "site": meter(2000.0)}).encode()
    second = powerwall.ask()

    assert first.samples[0] == PowerSample(Stream.GRID, NOON, -1520.5)
    assert second.samples[0].watts == 2000.0  # no answer of before
    meters = "/api/meters/aggregates"
    assert gateway.asked == [meters, "/api/login/Basic", meters, meters]


def test_a_wrong_password_is_for_a_person(gateway: FakeGateway) -> None:
    with pytest.raises(SourceAuthError, match="lets nobody in with this password"):
        asking(gateway.port, "wrong").ask()
    assert gateway.asked == ["/api/meters/aggregates", "/api/login/Basic"]


def test_where_no_gateway_is_nobody_logs_in() -> None:
    with pytest.raises(SourceUnavailable, match=r"does not answer \(Connection refus"):
        asking(closed_port()).ask()


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_refusal_is_waited_out(gateway: FakeGateway, status: int) -> None:
    powerwall = asking(gateway.port)
    gateway.status = status

    with pytest.raises(SourceUnavailable, match="does not answer"):
        powerwall.ask()
    gateway.status = 200
    assert len(powerwall.ask().samples) == 4


def test_a_page_in_place_of_the_meters_is_told(gateway: FakeGateway) -> None:
    gateway.answer, gateway.content_type = b"<html></html>", "text/html"

    with pytest.raises(SourceDataError, match="told of no meter"):
        asking(gateway.port).ask()


def test_a_gateway_that_hangs_does_not_hold_the_program(gateway: FakeGateway) -> None:
    gateway.hanging = threading.Event()
    second = timedelta(seconds=1)
    power = PolledPower(
        Polling("powerwall", second, second),
        asking(gateway.port).ask,
        PowerInbox(),
        lambda: NOON,
    )
    power.start()
    for _ in range(500):
        if "/api/meters/aggregates" in gateway.asked:
            break
        time.sleep(0.01)
    else:
        raise AssertionError(gateway.asked)
    before = time.monotonic()
    power.stop()

    assert time.monotonic() - before < 1


class Odd:
    """A library that fails in a way of its own."""

    def poll(self, api: str, *, force: bool) -> Any:
        raise KeyError(api, force, PASSWORD)


def test_a_failure_of_the_librarys_own_is_told_without_its_words(
    gateway: FakeGateway,
) -> None:
    place = GatewayPlace("127.0.0.1", gateway.port, PASSWORD)

    with pytest.raises(SourceUnavailable, match=r"\(KeyError\)") as caught:
        PowerwallGateway(place, ALL, lambda _: Odd()).ask()
    assert PASSWORD not in str(caught.value)


def test_without_the_library_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypowerwall", None)

    with pytest.raises(ConfigError, match=r"pip install home-energy\[powerwall\]"):
        pypowerwall_opener()


# Password and session are in no text


def test_neither_password_nor_session_is_written_anywhere(
    gateway: FakeGateway,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    powerwall = asking(gateway.port)
    told = [repr(GatewayPlace("h", 443, PASSWORD)), repr(powerwall)]

    powerwall.ask()
    gateway.status = 500
    for asked in (powerwall, asking(gateway.port, f"{PASSWORD}x")):
        with pytest.raises(SourceError) as caught:
            asked.ask()
        told += [str(caught.value), *traceback.format_exception(caught.value)]

    everything = "".join(told) + caplog.text
    assert PASSWORD not in everything
    assert SESSION not in everything
    assert list(tmp_path.iterdir()) == []
