"""What a message looks like on its way, and what an answer means."""

from datetime import datetime

import pytest
from pydantic import SecretStr
from tests.announcing.notifications.moments import NOON
from tests.announcing.notifications.post_office import PostOffice, open_for

from home_energy.announcing.notifications.channels import (
    Channel,
    Ntfy,
    Webhook,
    named_channels,
)
from home_energy.announcing.notifications.notice import Notice, trial
from home_energy.errors import (
    SourceAuthError,
    SourceDataError,
    SourceError,
    SourceUnavailable,
)
from home_energy.settings import Settings
from home_energy.settings.announcing import NotificationSettings, NtfySettings

TOKEN = "tk_canary_0123456789"
TOPIC = "canary-topic"
PATH = "hook/canary"
SPIKE = Notice(
    "spike", "on", "Price spike", "$15.20/kWh now", NOON, NOON, is_urgent=True
)


def ntfy(office: PostOffice, token: str | None = TOKEN) -> Ntfy:
    chosen = NtfySettings(
        server=office.url, topic=TOPIC, token=SecretStr(token) if token else None
    )
    return Ntfy(chosen, timeout_seconds=0.2 if office.hangs else 5.0)


def webhook(office: PostOffice) -> Webhook:
    seconds = 0.2 if office.hangs else 5.0
    return Webhook(office.url + PATH, timeout_seconds=seconds)


def test_ntfy_gets_a_title_words_and_a_token() -> None:
    with open_for(PostOffice()) as office:
        ntfy(office).post(SPIKE)

    assert office.paths == ["/"]
    assert office.bodies == [
        {
            "topic": TOPIC,
            "title": "Price spike",
            "message": "$15.20/kWh now",
            "tags": ["zap"],
            "priority": 4,
        }
    ]
    assert office.headers[0]["Authorization"] == f"Bearer {TOKEN}"


def test_ntfy_without_a_token_gets_none() -> None:
    with open_for(PostOffice()) as office:
        ntfy(office, token=None).post(SPIKE)

    assert "Authorization" not in office.headers[0]


def test_a_webhook_gets_what_a_program_can_read() -> None:
    with open_for(PostOffice(statuses=[204])) as office:
        webhook(office).post(SPIKE)

    assert office.paths == [f"/{PATH}"]
    (body,) = office.bodies
    assert body == {
        "from": "home-energy",
        "event": "spike",
        "state": "on",
        "title": "Price spike",
        "message": "$15.20/kWh now",
        "since_utc": "2026-11-22T01:00:00+00:00",
        "at_utc": "2026-11-22T01:00:00+00:00",
        "is_demo": False,
    }
    assert datetime.fromisoformat(body["at_utc"]) == NOON


def test_a_trial_goes_both_ways() -> None:
    with open_for(PostOffice()) as office:
        for channel in (ntfy(office), webhook(office)):
            channel.post(trial(Settings(), NOON))

    told = [body["message"] for body in office.bodies]
    assert told == ["A test, sent at 12:00 pm: messages arrive."] * 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, SourceDataError),
        (307, SourceDataError),
        (400, SourceDataError),
        (401, SourceAuthError),
        (403, SourceAuthError),
        (404, SourceDataError),
        (429, SourceUnavailable),
        (500, SourceUnavailable),
        (503, SourceUnavailable),
    ],
)
@pytest.mark.parametrize("way", [ntfy, webhook])
def test_an_answer_that_is_no_yes_is_an_error_without_a_secret(
    way: type[Channel], status: int, kind: type[SourceError]
) -> None:
    with open_for(PostOffice(statuses=[status])) as office:
        channel = way(office)  # type: ignore[arg-type]
        with pytest.raises(kind) as caught:
            channel.post(SPIKE)

    assert str(status) in str(caught.value)
    assert "canary" not in str(caught.value)
    assert office.url not in str(caught.value)


def test_a_redirect_is_not_followed() -> None:
    with open_for(PostOffice()) as thief:
        redirecting = PostOffice(statuses=[307], location=thief.url)
        with (
            open_for(redirecting) as office,
            pytest.raises(SourceDataError, match="redirect that is not followed"),
        ):
            ntfy(office).post(SPIKE)

    assert thief.bodies == []


@pytest.mark.parametrize("way", [ntfy, webhook])
def test_a_host_that_never_answers_is_left_after_a_while(way: type[Channel]) -> None:
    with open_for(PostOffice(hangs=True)) as office:
        channel = way(office)  # type: ignore[arg-type]
        with pytest.raises(SourceUnavailable, match="did not take a message") as caught:
            channel.post(SPIKE)

    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_where_nobody_listens_nobody_takes_a_message() -> None:
    with open_for(PostOffice()) as office:
        channel = webhook(office)

    with pytest.raises(SourceUnavailable, match="ConnectError"):
        channel.post(SPIKE)


def test_the_household_names_its_channels() -> None:
    both = NotificationSettings(
        ntfy=NtfySettings(topic=TOPIC),
        webhook_url=SecretStr("https://hooks.example/canary"),
    )

    assert named_channels(NotificationSettings()) == []
    assert [channel.name for channel in named_channels(both)] == ["ntfy", "webhook"]
