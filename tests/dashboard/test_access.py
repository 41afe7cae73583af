"""Who may do what: the fridge, a phone in the home, and pages of strangers."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from home_energy.dashboard.access import LOOKING, is_own_host
from home_energy.dashboard.settings_fault import create_fault_app
from home_energy.settings import Settings
from tests.dashboard.recorded_home import RecordedHome, StandingClock

PIN = "481516"
PHONE = {"REMOTE_ADDR": "192.168.1.20"}
OTHER_PHONE = {"REMOTE_ADDR": "192.168.1.21"}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
CHANGE = "/device/ask/nothing"
"""Whoever may change things is told that there is no such wish: 404."""
OF_THE_FRIDGE = ("/heartbeat", "/touched")
STRANGERS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another program on this machine
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "null"},
    {"Origin": "https://example.org"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "https://localhost"},
]
OURS = [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}]


@dataclass
class RunningClock(StandingClock):
    """A clock whose steady counter is put forward by hand."""

    steady_seconds: float = 1000.0

    def boottime_seconds(self) -> float:
        return self.steady_seconds


@dataclass
class GuardedHome(RecordedHome):
    """A home with a PIN."""

    pin: str | None = PIN

    @property
    def settings(self) -> Settings:
        known = super().settings
        secret = None if self.pin is None else SecretStr(self.pin)
        dashboard = known.dashboard.model_copy(update={"pin": secret})
        return known.model_copy(update={"dashboard": dashboard}).read_from(self.folder)


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
def home(tmp_path: Path, clock: RunningClock) -> Iterator[GuardedHome]:
    home = GuardedHome(tmp_path, clock)
    yield home
    home.store.close()


@pytest.fixture
def client(home: GuardedHome) -> FlaskClient:
    client = home.client()
    client.application.testing = False  # a route that fails is answered, too
    return client


def every_change(client: FlaskClient) -> list[tuple[str, str]]:
    """Every method that is no mere looking, of every route there is."""
    return sorted(
        (method, path_of(str(rule)))
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - set(LOOKING)
    )


def every_path(client: FlaskClient) -> list[str]:
    return sorted(
        {path_of(str(rule)) for rule in client.application.url_map.iter_rules()}
    )


def path_of(rule: str) -> str:
    """A path that a rule matches: every part in brackets is a 1."""
    return "".join(
        "1" if number % 2 else part
        for number, part in enumerate(rule.replace(">", "<").split("<"))
    )


def enter(client: FlaskClient, pin: str, phone: dict[str, str] = PHONE) -> TestResponse:
    return client.post("/pin", data={"pin": pin}, environ_base=phone)


# Changes


@pytest.mark.parametrize("stranger", STRANGERS, ids=str)
def test_no_change_is_made_for_a_page_of_another_site(
    stranger: dict[str, str], client: FlaskClient
) -> None:
    enter(client, PIN)

    here = {
        change: client.open(change[1], method=change[0], headers=stranger).status_code
        for change in every_change(client)
    }
    phone = {
        change: client.open(
            change[1], method=change[0], headers=stranger, environ_base=PHONE
        ).status_code
        for change in every_change(client)
    }

    assert ("POST", "/heartbeat") in here
    assert set(here.values()) == set(phone.values()) == {403}


def test_no_change_is_made_from_elsewhere_without_the_pin(client: FlaskClient) -> None:
    changes = {*every_change(client)} - {("POST", "/pin")}
    asked = {
        (method, path): client.open(path, method=method, environ_base=PHONE)
        for method in CHANGING
        for path in every_path(client)
        if path != "/pin"
    }

    refused = {change for change, answer in asked.items() if answer.status_code == 403}
    assert refused == changes
    # A route that takes no change says so itself: 405.
    assert min(answer.status_code for answer in asked.values()) >= 400
    assert "Enter the PIN at /pin" in asked["POST", "/device/ask/1"].text


@pytest.mark.parametrize("ours", OURS, ids=str)
def test_the_fridge_may_change_everything(
    ours: dict[str, str], client: FlaskClient
) -> None:
    for method, path in every_change(client):
        answer = client.open(path, method=method, headers=ours)

        assert answer.status_code not in (401, 403, 421), (method, path)


def test_after_the_pin_everything_but_being_the_fridge_is_open(
    client: FlaskClient,
) -> None:
    assert enter(client, PIN).status_code == 303

    for method, path in every_change(client):
        answer = client.open(path, method=method, environ_base=PHONE)

        is_refused = path in OF_THE_FRIDGE
        assert (answer.status_code == 403) == is_refused, (method, path)


@pytest.mark.parametrize("method", LOOKING)
def test_everybody_in_the_home_may_look(method: str, client: FlaskClient) -> None:
    for path in ("/", "/api/v1/now", "/metrics", "/pin", "/static/page.js"):
        answer = client.open(path, method=method, environ_base=PHONE, buffered=True)

        assert answer.status_code in (200, 405), path


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
    ],
    ids=str,
)
def test_a_header_makes_nobody_the_fridge_but_a_proxys_guests_strangers(
    header: dict[str, str], client: FlaskClient
) -> None:
    phone = client.post(CHANGE, headers=header, environ_base=PHONE)
    through_a_proxy = client.post(CHANGE, headers=header)

    assert [phone.status_code, through_a_proxy.status_code] == [403, 403]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 404),
        ("::1", 404),
        ("::ffff:127.0.0.1", 404),
        ("::ffff:192.168.1.20", 403),
        ("fe80::1%eth0", 403),
        ("0.0.0.0", 403),  # noqa: S104
        ("localhost", 403),
        ("", 403),
    ],
)
def test_this_machine_is_known_by_its_address_alone(
    address: str, status: int, client: FlaskClient
) -> None:
    answer = client.post(CHANGE, environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status


# The PIN


def test_the_key_is_the_browsers_alone_and_counts_where_it_was_given(
    client: FlaskClient,
) -> None:
    cookie = enter(client, PIN).headers["Set-Cookie"]

    assert cookie.startswith("home_energy_pin=")
    for attribute in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=3600"):
        assert attribute in cookie
    assert PIN not in cookie
    assert client.post(CHANGE, environ_base=PHONE).status_code == 404
    assert client.post(CHANGE, environ_base=OTHER_PHONE).status_code == 403


def test_the_key_counts_for_an_hour_and_is_gone_with_the_program(
    client: FlaskClient, clock: RunningClock, home: GuardedHome
) -> None:
    enter(client, PIN)
    clock.time += timedelta(days=1)  # a clock that was set is no hour
    key = client.get_cookie("home_energy_pin")
    assert key is not None
    restarted = home.client()
    restarted.set_cookie("home_energy_pin", key.value)

    clock.steady_seconds += 3599
    before = client.post(CHANGE, environ_base=PHONE).status_code
    elsewhere = restarted.post(CHANGE, environ_base=PHONE).status_code
    clock.steady_seconds += 1
    after = client.post(CHANGE, environ_base=PHONE).status_code

    assert [before, elsewhere, after] == [404, 403, 403]


def test_a_page_seen_with_the_key_is_kept_nowhere(client: FlaskClient) -> None:
    without = client.get("/health", environ_base=PHONE)
    enter(client, PIN)
    page, script = (
        client.get(path, environ_base=PHONE, buffered=True)
        for path in ("/health", "/static/page.js")
    )

    assert "Cache-Control" not in without.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert script.headers["Cache-Control"] != "no-store"
    assert enter(client, "0000").headers["Cache-Control"] == "no-store"


def test_five_wrong_ones_shut_an_address_for_a_quarter_of_an_hour(
    client: FlaskClient, clock: RunningClock
) -> None:
    wrong = [enter(client, f"000{n}").status_code for n in range(5)]
    right = enter(client, PIN)

    assert wrong == [403, 403, 403, 403, 429]
    assert right.status_code == 429
    assert right.headers["Retry-After"] == "900"
    assert "Try again in 15 minutes" in right.text
    assert enter(client, PIN, OTHER_PHONE).status_code == 303
    clock.steady_seconds += 899
    assert enter(client, PIN).status_code == 429
    clock.steady_seconds += 1
    assert enter(client, PIN).status_code == 303


def test_whoever_has_many_addresses_has_thirty_guesses_a_day(
    client: FlaskClient, clock: RunningClock
) -> None:
    def guess(number: int) -> int:
        address = {"REMOTE_ADDR": f"fd00::{number:x}"}
        return enter(client, f"{number:04}", address).status_code

    statuses = [guess(number) for number in range(40)]
    right = enter(client, PIN)
    fridge = client.post(CHANGE)

    assert statuses == [403] * 29 + [429] * 11
    assert right.status_code == 429
    assert right.headers["Retry-After"] == "86400"
    assert fridge.status_code == 404  # whoever stands before it is not shut out
    clock.steady_seconds += 86400
    assert enter(client, PIN).status_code == 303


def test_on_the_fridge_no_pin_is_compared(client: FlaskClient) -> None:
    answers = [client.post("/pin", data={"pin": pin}) for pin in ("0000", PIN)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Set-Cookie" not in answers[1].headers
    assert "None is needed here" in answers[0].text


def test_without_a_pin_only_the_fridge_changes_anything(
    home: GuardedHome,
) -> None:
    home.pin = None
    client = home.client()

    asked, entered, changed = (
        client.get("/pin", environ_base=PHONE),
        enter(client, ""),
        client.post(CHANGE, environ_base=PHONE),
    )

    assert "None is set" in asked.text
    assert "Set-Cookie" not in entered.headers
    assert changed.status_code == 403
    assert "No PIN is set" in changed.text
    assert client.post(CHANGE).status_code == 404


# Names


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("localhost", True),
        ("LocalHost.:5050", True),
        ("127.0.0.1:5050", True),
        ("192.168.1.20", True),
        ("[::1]:5050", True),
        ("[fd00::2]", True),
        ("fridge:5050", True),
        ("FRIDGE.local", True),
        ("fridge.lan", True),
        ("energy.home", True),
        ("", False),
        ("example.org", False),
        ("localhost.example.org", False),
        ("fridge.example.org", False),
        ("127.0.0.1.example.org", False),
        ("me@localhost", False),
        ("localhost, example.org", False),
        ("localhost:port", False),
        ("[::1", False),
        ("[localhost]", False),
        ("2130706433", False),
    ],
)
def test_only_names_of_this_machine_are_its_own(host: str, *, is_own: bool) -> None:
    assert is_own_host(host, ("Fridge.lan", "energy.home")) is is_own


def test_every_route_is_shut_to_a_stranger_by_name(client: FlaskClient) -> None:
    rebound = {"Host": "rebound.example.org"}

    looked = {
        path: client.get(path, headers=rebound).status_code
        for path in every_path(client)
    }
    changed = client.post(
        "/heartbeat?kiosk=1",
        headers={**rebound, "Origin": "http://rebound.example.org"},
    )
    faulty = create_fault_app("a fault").test_client().get("/", headers=rebound)

    assert set(looked.values()) == {421}
    assert changed.status_code == faulty.status_code == 421
    assert f"{socket.gethostname().split('.')[0]}.local" in changed.text
    assert "a fault" not in faulty.text


def test_a_name_of_this_machine_is_answered(client: FlaskClient) -> None:
    name = socket.gethostname()

    assert client.get("/", headers={"Host": f"{name}:5050"}).status_code == 200


# What a browser is told


def policy_of(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_no_answer_lets_a_browser_do_more_than_the_page_needs(
    client: FlaskClient,
) -> None:
    own = dict.fromkeys(("script", "style", "img", "font", "connect"), "'self'")
    strict = {f"{name}-src": value for name, value in own.items()} | dict.fromkeys(
        ("default-src", "base-uri", "form-action", "frame-ancestors"), "'none'"
    )
    looser = {}

    for path in every_path(client):
        answer = client.get(path, buffered=True)
        policy = policy_of(answer)
        if policy != strict:
            looser[path] = dict(policy.items() - strict.items())
        assert answer.headers["Cross-Origin-Resource-Policy"] == (
            "cross-origin" if path == "/healthz" else "same-origin"
        )
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers

    # Without a script the sliders are a form; for charts see `test_scenario_pages`.
    forms = ("/pin", "/what-if", "/what-if/answer")
    assert looser == {path: {"form-action": "'self'"} for path in forms}
