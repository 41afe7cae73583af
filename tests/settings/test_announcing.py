"""What a household may write under `[notifications]`, and what stays a secret."""

from datetime import time
from pathlib import Path

import pytest

from home_energy.domain.notice import EventKind
from home_energy.errors import ConfigError
from home_energy.settings import Settings, load_settings

SECRET_URL = "https://hooks.example/canary_0123456789"
TOKEN = "tk_canary_0123456789"


def written(folder: Path, text: str, **environment: str) -> Settings:
    (folder / "home.toml").write_text(text)
    return load_settings(folder, environment)


def fault_of(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        written(folder, text, **environment)
    return str(caught.value)


def test_without_a_place_to_send_to_nothing_is_sent(tmp_path: Path) -> None:
    assert not written(tmp_path, "").notifications.has_any


def test_a_topic_or_a_webhook_is_a_place_to_send_to(tmp_path: Path) -> None:
    topic = '[notifications.ntfy]\ntopic = "some-topic"'

    assert written(tmp_path, topic).notifications.has_any
    assert written(tmp_path, "", NOTIFY_WEBHOOK_URL=SECRET_URL).notifications.has_any


def test_what_is_told_and_when_not_can_be_chosen(tmp_path: Path) -> None:
    chosen = written(
        tmp_path,
        '[notifications]\ntell = ["spike"]\nquiet_from = "21:30"\n'
        "quiet_until = 07:00:00\n",
    ).notifications

    assert chosen.tell == (EventKind.SPIKE,)
    assert (chosen.quiet_from, chosen.quiet_until) == (time(21, 30), time(7, 0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('quiet_from = "21:30"', "both quiet_from and quiet_until"),
        ('quiet_from = "07:00"\nquiet_until = "07:00"', "two different times"),
        ('tell = ["spikes"]', "'spike'"),
        ("silent_minutes = 1", "greater than or equal to 10"),
        ("most_per_hour = 0", "greater than or equal to 1"),
        ('ntfy.topic = "two words"', "pattern"),
        ('ntfy.server = "ntfy.sh"', "expected an address like https://ntfy.sh"),
        ('ntfy.server = "https://[::1"', "expected an address like https://ntfy.sh"),
        ('ntfy.server = "https://me:pw@ntfy.sh"', "does not belong in an address"),
        ('ntfy.server = "http://ntfy.sh"', "in plain text"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in fault_of(tmp_path, f"[notifications]\n{text}\n")


@pytest.mark.parametrize(
    "server",
    [
        "http://192.168.1.10:8080",
        "http://127.0.0.1",
        "http://ntfy.local",
        "http://raspberrypi:2586",
    ],
)
def test_a_server_in_the_home_may_be_plain(tmp_path: Path, server: str) -> None:
    text = f'[notifications.ntfy]\nserver = "{server}"'

    assert written(tmp_path, text).notifications.ntfy.server == server


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f'[notifications]\nwebhook_url = "{SECRET_URL}"', "NOTIFY_WEBHOOK_URL"),
        (f'[notifications.ntfy]\ntoken = "{TOKEN}"', "NTFY_TOKEN"),
    ],
)
def test_a_secret_belongs_in_the_other_file(
    tmp_path: Path, text: str, name: str
) -> None:
    said = fault_of(tmp_path, text)

    assert f"put {name}=..." in said
    assert "canary" not in said


@pytest.mark.parametrize(
    "url", [SECRET_URL.replace("https", "http"), SECRET_URL.replace("https:", "")]
)
def test_a_webhook_that_cannot_be_is_said_without_it(tmp_path: Path, url: str) -> None:
    said = fault_of(tmp_path, "", NOTIFY_WEBHOOK_URL=url)

    assert "NOTIFY_WEBHOOK_URL" in said
    assert "canary" not in said


def test_no_secret_is_in_the_words_of_the_settings(tmp_path: Path) -> None:
    settings = written(tmp_path, "", NOTIFY_WEBHOOK_URL=SECRET_URL, NTFY_TOKEN=TOKEN)

    assert "canary" not in repr(settings) + str(settings)
    token = settings.notifications.ntfy.token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_a_misspelt_name_in_the_dotenv_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NOTIFY_WEBHOOK=https://hooks.example/canary\n")

    said = fault_of(tmp_path, "")

    assert "did you mean NOTIFY_WEBHOOK_URL?" in said
    assert "canary" not in said
