"""A spike on record reaches a webhook, whatever becomes of another host."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.announcing.notifications.post_office import PostOffice, open_for
from tests.dashboard.recorded_home import NOON, RecordedHome, price

from home_energy.announcing.round import Announcer
from home_energy.announcing.speakers import named_speakers
from home_energy.cli.application import set_up_logging
from home_energy.domain.price import PriceContext
from home_energy.settings import Settings
from home_energy.settings.announcing import NotificationSettings, NtfySettings

CANARY = "canary_0123456789"
DEADLINE_SECONDS = 20


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def logging_as_usual() -> Iterator[None]:
    """Handlers of the tests as they were, when the test is over."""
    root, httpx = logging.getLogger(), logging.getLogger("httpx")
    before = root.handlers[:], root.level, httpx.level
    yield
    root.handlers[:], root.level, httpx.level = before


def spiking(folder: Path) -> RecordedHome:
    home = RecordedHome(folder)
    spike = PriceContext(spike_status="spike")
    home.save([replace(price(NOON, 1520.0), context=spike)])
    return home


def told_by(home: RecordedHome, ntfy: PostOffice, webhook: PostOffice) -> Settings:
    chosen = NotificationSettings(
        ntfy=NtfySettings(server=ntfy.url, topic=CANARY, token=SecretStr(CANARY)),
        webhook_url=SecretStr(webhook.url + CANARY),
    )
    return home.settings.model_copy(update={"notifications": chosen})


def test_a_dead_host_delays_neither_the_round_nor_the_other_host(
    tmp_path: Path,
) -> None:
    home = spiking(tmp_path)
    with open_for(PostOffice(hangs=True)) as dead, open_for(PostOffice()) as office:
        settings = told_by(home, dead, office)
        rounds = Announcer(settings, home.clock, named_speakers(settings), 0.01)

        with rounds.running():
            until(lambda: dead.bodies)
            until(lambda: home.store.sources.status("webhook", "notify"))
            hung_count = len(dead.bodies)

    assert hung_count == 1  # still waiting for its answer
    assert [body["event"] for body in office.bodies] == ["spike"]
    assert home.store.sources.status("ntfy", "notify") is None


def test_a_restart_of_the_round_repeats_nothing(tmp_path: Path) -> None:
    home = spiking(tmp_path)
    with open_for(PostOffice()) as office:
        settings = told_by(home, office, office)
        for _ in range(2):
            rounds = Announcer(settings, home.clock, named_speakers(settings), 0.01)
            for _ in range(3):
                rounds.round()
            until(lambda: len(office.bodies) >= 2)
            rounds.close()

    assert len(office.bodies) == 2  # one each


@pytest.mark.usefixtures("logging_as_usual")
def test_no_secret_is_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = spiking(tmp_path)
    with open_for(PostOffice()) as office:
        refusing = PostOffice(statuses=[403])
        with open_for(refusing):
            settings = told_by(home, office, refusing)
            set_up_logging(settings)
            rounds = Announcer(settings, home.clock, named_speakers(settings), 0.01)
            with rounds.running():
                until(lambda: home.store.sources.status("webhook", "notify"))
                until(lambda: home.store.sources.status("ntfy", "notify"))

    logged = capsys.readouterr().err
    status = home.store.sources.status("webhook", "notify")
    assert "webhook answered a message with 403" in logged
    assert CANARY not in logged + repr(status)
