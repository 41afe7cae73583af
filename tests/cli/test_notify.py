"""`notify` says where messages go, and `--test` sends one."""

import socket
from contextlib import closing

import pytest
from tests.announcing.notifications.post_office import PostOffice, open_for
from tests.cli.conftest import CommandLine, Home

from home_energy.store import Store

CANARY = "canary_0123456789"


def choose(home: Home | CommandLine, url: str) -> None:
    with (home.folder / "config" / "home.toml").open("a") as file:
        file.write(
            '[notifications]\nquiet_from = "21:30"\nquiet_until = "07:00"\n'
            f'[notifications.ntfy]\nserver = "{url}"\ntopic = "{CANARY}"\n'
        )
    with (home.folder / "config" / ".env").open("a") as file:
        file.write(f"NTFY_TOKEN=tk_{CANARY}\nNOTIFY_WEBHOOK_URL={url}{CANARY}\n")


def test_a_home_that_named_no_place_is_told_how(home: Home) -> None:
    done = home.run("notify", "--test")

    assert done.returncode == 2
    assert "set topic in [notifications.ntfy]" in done.stderr


def test_it_says_what_was_chosen_without_the_secrets(home: Home) -> None:
    choose(home, "http://127.0.0.1:9/")

    done = home.run("notify")

    assert done.returncode == 0
    assert "sent to      ntfy, webhook" in done.stdout
    assert "quiet hours  21:30 to 07:00" in done.stdout
    assert CANARY not in done.stdout


def test_a_trial_goes_to_every_place(home: Home) -> None:
    with open_for(PostOffice()) as office:
        choose(home, office.url)
        done = home.run("notify", "--test")

    assert done.returncode == 0
    assert done.stdout == "ntfy: took the message\nwebhook: took the message\n"
    assert [body.get("topic") for body in office.bodies] == [CANARY, None]


@pytest.mark.parametrize("status", [403, 302, 500])
def test_a_trial_that_is_refused_is_said_without_the_secrets(
    home: Home, status: int
) -> None:
    with open_for(PostOffice(statuses=[200, status])) as office:
        choose(home, office.url)
        done = home.run("notify", "--test")

    assert done.returncode == 3
    assert "ntfy: took the message\n" in done.stdout
    assert f"webhook answered a message with {status}" in done.stdout
    assert "webhook: the message was not taken" in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_what_came_of_a_trial_is_noted(home: Home) -> None:
    with open_for(PostOffice(statuses=[500, 200])) as office:
        choose(home, office.url)
        Store.open(home.folder / "home.sqlite").close()
        home.run("notify", "--test")

    with closing(Store.open_read_only(home.folder / "home.sqlite")) as store:
        failing = {
            status.source: status.failing_since is not None
            for status in store.sources.statuses()
        }
    assert failing == {"ntfy": True, "webhook": False}


def test_debug_shows_no_secret_either(command_line: CommandLine) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        command_line.configure("http://127.0.0.1:9")
        choose(command_line, f"http://127.0.0.1:{nobody.getsockname()[1]}/")

        done = command_line.run("--debug", "notify", "--test")

    assert "Traceback" in done.stderr
    assert "ConnectError" in done.stdout
    assert CANARY not in done.stdout + done.stderr
