"""What the household chose, and what is said when it cannot be."""

import pickle
import traceback
from datetime import time
from pathlib import Path

import pytest

from home_energy.errors import ConfigError
from home_energy.settings import AMBER_BASE_URL, Settings, load_settings

TOKEN = "psk_0123456789abcdef0123456789abcdef"
VIN = "LRW3F7EK8TEST0042"


def _load(
    tmp_path: Path,
    toml: str | None = None,
    dotenv: str | None = None,
    environment: dict[str, str] | None = None,
) -> Settings:
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    if toml is not None:
        (folder / "home.toml").write_text(toml)
    if dotenv is not None:
        (folder / ".env").write_text(dotenv)
    return load_settings(folder, environment or {})


def _refusal(
    tmp_path: Path,
    toml: str | None = None,
    dotenv: str | None = None,
    environment: dict[str, str] | None = None,
) -> str:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, toml, dotenv, environment)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def _token(settings: Settings) -> str | None:
    secret = settings.amber.token
    return None if secret is None else secret.get_secret_value()


# Where a value comes from


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "config", {})

    assert settings.home.timezone == "Australia/Sydney"
    assert settings.home.store == tmp_path / "data" / "home.sqlite"
    assert settings.amber.token is None
    assert settings.amber.site_id is None
    assert settings.amber.base_url == AMBER_BASE_URL
    assert not settings.amber.is_demo
    assert (settings.dashboard.host, settings.dashboard.port) == ("127.0.0.1", 5050)
    assert settings.dashboard.night_start == time(21, 0)
    assert settings.dashboard.night_end == time(6, 30)


def test_home_toml_is_read(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        '[home]\ntimezone = "Australia/Perth"\nstore = "/var/lib/home/x.sqlite"\n'
        '[amber]\nsite_id = "S1"\n'
        '[dashboard]\nhost = "0.0.0.0"\nport = 8080\nnight_start = "22:15"\n'
        "night_end = 05:45:00\n",
    )

    assert str(settings.home.zone) == "Australia/Perth"
    assert settings.home.store == Path("/var/lib/home/x.sqlite")
    assert settings.amber.site_id == "S1"
    assert (settings.dashboard.host, settings.dashboard.port) == ("0.0.0.0", 8080)  # noqa: S104
    assert settings.dashboard.night_start == time(22, 15)
    assert settings.dashboard.night_end == time(5, 45)


def test_environment_wins_over_dotenv_and_dotenv_over_toml(tmp_path: Path) -> None:
    toml = '[amber]\nsite_id = "toml"\n[dashboard]\nport = 1001\n'
    dotenv = f"AMBER_TOKEN={TOKEN}\nAMBER_SITE_ID=dotenv\nPORT=1002\n"

    from_file = _load(tmp_path, toml, dotenv)
    from_environment = _load(
        tmp_path, environment={"AMBER_SITE_ID": "environment", "PORT": "1003"}
    )

    assert (from_file.amber.site_id, from_file.dashboard.port) == ("dotenv", 1002)
    assert _token(from_file) == TOKEN
    assert from_environment.amber.site_id == "environment"
    assert from_environment.dashboard.port == 1003
    assert _token(from_environment) == TOKEN


def test_empty_value_is_no_value(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        dotenv="AMBER_TOKEN=\nAMBER_SITE_ID\nPORT=1002\n",
        environment={"PORT": ""},
    )

    assert settings.amber.token is None
    assert settings.amber.site_id is None
    assert settings.dashboard.port == 1002


def test_credential_of_systemd_is_the_token(tmp_path: Path) -> None:
    (tmp_path / "amber-token").write_text(TOKEN + "\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "AMBER_TOKEN": "psk_old"}

    assert _token(_load(tmp_path, environment=environment)) == TOKEN


def test_absent_or_empty_credential_leaves_the_token(tmp_path: Path) -> None:
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "AMBER_TOKEN": TOKEN}

    assert _token(_load(tmp_path, environment=environment)) == TOKEN
    (tmp_path / "amber-token").write_text("\n")
    assert _token(_load(tmp_path, environment=environment)) == TOKEN


def test_every_secret_may_be_a_credential(tmp_path: Path) -> None:
    for name in ("dashboard-pin", "mqtt-password"):
        (tmp_path / name).write_text("481516\n")
    (tmp_path / "port").write_text("1002\n")  # no secret

    settings = _load(tmp_path, environment={"CREDENTIALS_DIRECTORY": str(tmp_path)})

    pin, password = settings.dashboard.pin, settings.power.mqtt.password
    assert pin is not None
    assert password is not None
    assert pin.get_secret_value() == password.get_secret_value() == "481516"
    assert settings.dashboard.port == 5050


def test_unreadable_credential_is_named(tmp_path: Path) -> None:
    (tmp_path / "amber-token").write_bytes(b"\xff\xfe")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    said = _refusal(tmp_path, environment=environment)

    assert "amber-token: the credential is not readable" in said


def test_files_written_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    settings = _load(
        tmp_path, "\ufeff[dashboard]\nport = 1001\n", f"\ufeffAMBER_TOKEN={TOKEN}\n"
    )

    assert settings.dashboard.port == 1001
    assert _token(settings) == TOKEN


def test_dollar_in_dotenv_is_a_dollar(tmp_path: Path) -> None:
    settings = _load(tmp_path, dotenv="AMBER_TOKEN=psk_a${PORT}b\n")

    assert _token(settings) == "psk_a${PORT}b"


def test_store_may_lie_in_the_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))

    settings = _load(tmp_path, '[home]\nstore = "~/prices.sqlite"\n')

    assert settings.home.store == tmp_path / "me" / "prices.sqlite"


def test_the_home_has_a_place_when_both_of_its_numbers_are_set(tmp_path: Path) -> None:
    home = "[home]\nlatitude_deg = -33.87\nlongitude_deg = 151.21\n"

    assert _load(tmp_path, home).home.place == (-33.87, 151.21)
    with pytest.raises(ConfigError, match=r"set home\.latitude_deg and"):
        _ = _load(tmp_path, "[home]\nlatitude_deg = -33.87\n").home.place


def test_the_car_has_a_home_by_name_and_tessie_its_secrets(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        '[car]\nhome_place = "Our place"\n',
        f"TESSIE_TOKEN={TOKEN}\nTESSIE_VIN={VIN}\n",
    )

    token, vin = settings.tessie.token, settings.tessie.vin
    assert settings.car.home_place == "Our place"
    assert Settings().car.home_place == "Home"
    assert token is not None
    assert vin is not None
    assert (token.get_secret_value(), vin.get_secret_value()) == (TOKEN, VIN)
    texts = [repr(settings), str(settings.tessie), settings.model_dump_json()]
    assert not any(bit in text for text in texts for bit in (TOKEN, VIN))


# What is refused


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[dashboard]\nprot = 1\n", "dashboard.prot: unknown key, did you mean port?"),
        ("[amberr]\n", "amberr: unknown key, did you mean amber?"),
        (
            "[home]\nx = 1\n",
            "home.x: unknown key; known are latitude_deg, longitude_deg, market_region",
        ),
        ("[home]\nlatitude_deg = 33.87\n", "home.latitude_deg: "),
        ("[home]\nlongitude_deg = -151.2\n", "home.longitude_deg: "),
        ("[dashboard]\nport = 0\n", "dashboard.port (PORT): "),
        ("[dashboard]\nport = 65536\n", "found 65536"),
        ("[dashboard]\nport = nan\n", "found nan"),
        ("[dashboard]\nport = inf\n", "found inf"),
        ("[dashboard]\nport = 80.5\n", "found 80.5"),
        ("[dashboard]\nnight_start = 21\n", 'time of day like "21:00", found 21'),
        ("[dashboard]\nnight_start = nan\n", 'time of day like "21:00", found nan'),
        ('[dashboard]\nnight_end = "25:00"\n', "dashboard.night_end: "),
        ('[dashboard]\nnight_end = "06:00Z"\n', "local time without a zone"),
        ('[home]\ntimezone = "Sydney"\n', "unknown time zone 'Sydney'"),
        ('[home]\ntimezone = ""\n', "unknown time zone ''"),
        ('[home]\ntimezone = "Australia"\n', "unknown time zone 'Australia'"),
        ('[home]\ntimezone = "../etc/passwd"\n', "unknown time zone"),
        ("home = 3\n", "home: "),
        ("[[amber]]\n", "amber: "),
        ("[amber]\nsite_id = 7\n", "amber.site_id (AMBER_SITE_ID): "),
    ],
)
def test_impossible_setting_is_named(tmp_path: Path, toml: str, said: str) -> None:
    message = _refusal(tmp_path, toml, environment={"AMBER_TOKEN": TOKEN})

    assert said in message
    assert "home.toml" in message
    assert message.endswith("compare with home.example.toml")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    message = _refusal(
        tmp_path,
        f'[home]\ntimezone = "Sydney"\n[amber]\ntoken = "{TOKEN}"\n'
        "[dashboard]\nport = 0\nprot = 1\n",
        "AMBER_TOKN=psk_x\n",
    )

    for part in (
        "home.timezone: unknown time zone",
        "amber.token: a token does not belong in home.toml",
        "dashboard.port (PORT): ",
        "dashboard.prot: unknown key, did you mean port?",
        ".env: unknown name AMBER_TOKN, did you mean AMBER_TOKEN?",
    ):
        assert part in message
    assert "psk_" not in message


def test_names_of_other_programs_in_dotenv_are_let_be(tmp_path: Path) -> None:
    settings = _load(tmp_path, dotenv="NUMBA_CACHE_DIR=/x\nPORT=1002\n")

    assert settings.dashboard.port == 1002


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("home.toml", b"[dashboard\n"),
        ("home.toml", b"\xff\xfe"),
        (".env", b"AMBER_TOKEN=psk_\xff\xfe"),
    ],
)
def test_unreadable_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / name).write_bytes(content)

    assert f"{folder / name}: not readable" in _refusal(tmp_path)


def test_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "config" / ".env").mkdir(parents=True)

    assert ".env: not readable as text (IsADirectoryError)" in _refusal(tmp_path)


# The token


@pytest.mark.parametrize(
    "toml",
    [
        'tessie = "hunter2"\n',
        '[tessie]\ntoken = "hunter2"\n',
        '[tessie]\nvin = ["hunter2"]\n',
    ],
)
def test_a_secret_of_tessie_in_a_wrong_place_is_not_repeated(
    tmp_path: Path, toml: str
) -> None:
    said = _refusal(tmp_path, toml, "TESSIE_TOKN=hunter2\n")

    assert "hunter2" not in said
    assert "unknown name TESSIE_TOKN, did you mean TESSIE_TOKEN?" in said


@pytest.mark.parametrize(
    "toml",
    [
        f'amber = "{TOKEN}"\n',
        f'[amber]\nsite_id = ["{TOKEN}"]\n',
        f'[amber]\nbase_url = "{TOKEN}"\n',
        f'[amber]\ntoken = ["{TOKEN}"]\n',
        f'[dashboard]\nport = "{TOKEN}"\n',
        f'[amber]\nbase_url = "https://{TOKEN}@example.org/"\n',
    ],
)
def test_token_in_a_wrong_place_is_not_repeated(tmp_path: Path, toml: str) -> None:
    assert "psk_" not in _refusal(tmp_path, toml)


def test_token_of_another_form_in_place_of_the_section_is_not_repeated(
    tmp_path: Path,
) -> None:
    assert "hunter2" not in _refusal(tmp_path, 'amber = "hunter2"\n')


@pytest.mark.parametrize("pin", ["1234", "0000", "123456789012"])
def test_the_pin_is_four_to_twelve_digits_and_in_no_text(
    tmp_path: Path, pin: str
) -> None:
    settings = _load(tmp_path, dotenv=f"DASHBOARD_PIN={pin}\n")

    secret = settings.dashboard.pin
    assert secret is not None
    assert secret.get_secret_value() == pin
    texts = [repr(settings), str(settings.dashboard), settings.model_dump_json()]
    assert not any(pin in text for text in texts)


@pytest.mark.parametrize(
    "pin", ["123", "1234567890123", "12a4", "\u0661\u0662\u0663\u0664", "-123"]
)
def test_another_pin_is_refused_and_not_repeated(tmp_path: Path, pin: str) -> None:
    said = _refusal(tmp_path, dotenv=f"DASHBOARD_PIN={pin}\n")

    assert "dashboard.pin (DASHBOARD_PIN): expected 4 to 12 digits;" in said
    assert pin not in said


@pytest.mark.parametrize(
    ("toml", "dotenv"),
    [
        ('[dashboard]\npin = "481516"\n', ""),
        ("[dashboard]\npin = 481516\n", ""),
        ("[dashboard]\npin = [481516]\n", ""),
        ("dashboard = 481516\n", ""),
        ("[dashboard]\npinn = 481516\n", ""),
        ("", "DASHBOARD_PN=481516\n"),
    ],
)
def test_a_pin_in_a_wrong_place_is_not_repeated(
    tmp_path: Path, toml: str, dotenv: str
) -> None:
    assert "481516" not in _refusal(tmp_path, toml, dotenv)


def test_a_pin_in_home_toml_is_told_where_it_belongs(tmp_path: Path) -> None:
    said = _refusal(tmp_path, '[dashboard]\npin = "481516"\n')

    assert "a pin does not belong in home.toml; put DASHBOARD_PIN=... into .env" in said


def test_token_is_in_no_text_of_the_settings(tmp_path: Path) -> None:
    settings = _load(tmp_path, dotenv=f"AMBER_TOKEN={TOKEN}\n")

    texts = [str(settings), repr(settings), repr(settings.amber), f"{settings.amber}"]
    texts += [settings.model_dump_json(), repr(settings.model_dump())]

    assert _token(settings) == TOKEN
    assert not any(TOKEN in text for text in texts)
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301


# Where the token may travel


@pytest.mark.parametrize(
    "url",
    [
        "https://api.amber.com.au/v1",
        "https://example.org/amber/",
        "http://127.0.0.1:8099/v1/",
        "http://127.9.9.9/v1/",
        "http://localhost:8099/v1/",
        "http://[::1]:8099/v1/",
    ],
)
def test_token_may_travel_encrypted_or_within_the_machine(
    tmp_path: Path, url: str
) -> None:
    settings = _load(tmp_path, f'[amber]\nbase_url = "{url}"\n')

    assert settings.amber.base_url == url.removesuffix("/") + "/"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.amber.com.au/v1/",
        "http://192.168.1.10:8099/v1/",
        "http://0.0.0.0/v1/",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "HTTP://API.AMBER.COM.AU/",
    ],
)
def test_token_never_travels_in_plain_text(tmp_path: Path, url: str) -> None:
    said = _refusal(tmp_path, f'[amber]\nbase_url = "{url}"\n')

    assert "amber.base_url: http:// would send the token in plain text" in said


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.amber.com.au/v1",
        "ftp://example.org/",
        "file:///x",
        "https://",
        "http:/",
    ],
)
def test_address_must_be_of_the_web(tmp_path: Path, url: str) -> None:
    said = _refusal(tmp_path, f'[amber]\nbase_url = "{url}"\n')

    assert f"amber.base_url: expected an address like {AMBER_BASE_URL}" in said


@pytest.mark.parametrize(
    ("url", "is_demo"),
    [
        (AMBER_BASE_URL, False),
        ("https://API.AMBER.COM.AU/v1", False),
        ("http://127.0.0.1:8099/v1/", True),
        ("https://api.amber.com.au.example.org/", True),
    ],
)
def test_prices_from_elsewhere_than_amber_are_demo(
    tmp_path: Path, url: str, *, is_demo: bool
) -> None:
    settings = _load(tmp_path, f'[amber]\nbase_url = "{url}"\n')

    assert settings.amber.is_demo is is_demo


def test_the_households_tariffs_lie_beside_its_settings(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})

    assert settings.tariff_folder == tmp_path / "tariffs"


# Live power

MQTT = '[power.mqtt]\nhost = "192.168.1.10"\n'


def test_power_comes_from_nowhere_unless_a_broker_is_named(tmp_path: Path) -> None:
    power = _load(tmp_path).power

    assert power.mqtt.host is None
    assert (power.mqtt.port, power.mqtt.tls) == (1883, False)
    assert (power.emon, power.topics) == ((), ())


def test_a_node_and_a_topic_are_short_to_write(tmp_path: Path) -> None:
    power = _load(
        tmp_path,
        MQTT + '[[power.emon]]\nnode = "emonpi"\ngrid = "-power1"\nsolar = "power2"\n'
        '[[power.topics]]\ntopic = "tele/house/SENSOR"\npath = "ENERGY.Power"\n'
        'stream = "load"\n',
    ).power

    assert power.emon[0].inputs == {"grid": "-power1", "solar": "power2"}
    topic = power.topics[0]
    assert (topic.unit, topic.sign, topic.retained) == ("W", 1, "ignore")
    assert topic.source == "tele/house/SENSOR"


def test_the_brokers_password_comes_from_dotenv_and_is_in_no_text(
    tmp_path: Path,
) -> None:
    settings = _load(
        tmp_path, MQTT, "MQTT_USERNAME=emonpi\nMQTT_PASSWORD=hunter2$HOME\n"
    )

    name, password = settings.power.mqtt.username, settings.power.mqtt.password
    assert name is not None
    assert password is not None
    assert name.get_secret_value() == "emonpi"
    assert password.get_secret_value() == "hunter2$HOME"
    assert not any("hunter2" in text for text in (repr(settings), str(settings)))
    assert "hunter2" not in settings.model_dump_json()


def test_the_brokers_password_needs_no_section_in_home_toml(tmp_path: Path) -> None:
    settings = _load(tmp_path, dotenv="MQTT_PASSWORD=hunter2\n")

    assert settings.power.mqtt.password is not None


@pytest.mark.parametrize(
    "toml",
    [
        '[power.mqtt]\npassword = "hunter2"\n',
        '[power.mqtt]\nusername = "hunter2"\n',
        '[power.mqtt]\nhost = "mqtt://me:hunter2@192.168.1.10"\n',
        '[power]\nmqtt = "mqtt://me:hunter2@192.168.1.10"\n',
        'power = "mqtt://me:hunter2@192.168.1.10"\n',
        '[power.mqtt]\npasswort = "hunter2"\n',
    ],
)
def test_the_brokers_password_in_a_wrong_place_is_not_repeated(
    tmp_path: Path, toml: str
) -> None:
    said = _refusal(tmp_path, toml)

    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[power.mqtt]\nhost = "pi:1883"\n', "a name or an address alone"),
        ('[power.mqtt]\npassword = "x"\n', "put MQTT_PASSWORD=... into .env"),
        ('[[power.emon]]\nnode = "n"\ngrid = "P1"\n', "set host in [power.mqtt]"),
        (MQTT + '[[power.emon]]\nnode = "n"\n', "which input is what was not said"),
        (MQTT + '[[power.emon]]\nnode = "n"\ngird = "P1"\n', "did you mean grid?"),
        (
            MQTT + '[[power.topics]]\ntopic = "a/#"\nstream = "grid"\n',
            "power.topics[1].topic: expected one topic",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a/b+/c"\nstream = "grid"\n',
            "a + stands for a whole level",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "+/+"\nstream = "grid"\n',
            "names more than +",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "house"\n',
            "power.topics[1].stream",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "grid"\nunit = "MW"\n',
            "power.topics[1].unit",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "grid"\npath = "a..b"\n',
            "names with a dot between",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "grid"\nunit = "kWh"\n'
            "sign = -1\n",
            "a counter only counts up",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "grid"\ntime = "ts"\n',
            "so path is needed too",
        ),
        (
            MQTT + '[[power.topics]]\ntopic = "a"\nstream = "grid"\n' * 2,
            "grid of a was set twice",
        ),
    ],
)
def test_impossible_setting_of_power_is_named(
    tmp_path: Path, toml: str, said: str
) -> None:
    assert said in _refusal(tmp_path, toml)


def test_a_misspelt_secret_of_the_broker_is_named(tmp_path: Path) -> None:
    said = _refusal(tmp_path, dotenv="MQTT_PASSWROD=hunter2\n")

    assert "unknown name MQTT_PASSWROD, did you mean MQTT_PASSWORD?" in said
    assert "hunter2" not in said


# Sources that are asked

FEEDS = "[power.emoncms.feeds]\ngrid = 1\n"
EMONCMS = '[power.emoncms]\nurl = "http://192.168.1.20"\n' + FEEDS


def test_nothing_is_asked_unless_it_is_named(tmp_path: Path) -> None:
    power = _load(tmp_path).power

    assert (power.emoncms.url, power.powerwall.host, power.told()) == (None, None, ())


def test_feeds_and_gateway_tell_streams_after_what_is_heard(tmp_path: Path) -> None:
    power = _load(
        tmp_path,
        MQTT + '[[power.emon]]\nnode = "emonpi"\ngrid = "P1"\n' + EMONCMS + "solar = -2"
        '\n[power.powerwall]\nhost = "pw"\nstreams = ["battery", "grid"]\n',
    ).power

    assert power.told() == (
        ("emonpi", "grid"),
        ("emoncms", "grid"),
        ("emoncms", "solar"),
        ("powerwall", "battery"),
        ("powerwall", "grid"),
    )
    rule = power.stream_rule(is_exporting_home=True)
    assert rule.sources["grid"] == ("emonpi", "emoncms", "powerwall")  # type: ignore[index]


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.20",
        "http://10.0.0.3/emoncms/",
        "http://emonpi/",
        "http://emonpi.local/emoncms",
        "http://[fd00::1]/",
        "http://127.0.0.1:8080/",
        "https://emoncms.org",
    ],
)
def test_an_emoncms_may_be_at_home_or_behind_https(tmp_path: Path, url: str) -> None:
    found = _load(tmp_path, f'[power.emoncms]\nurl = "{url}"\n' + FEEDS).power

    assert found.emoncms.url == url.rstrip("/") + "/"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (EMONCMS.replace("192.168.1.20", "emoncms.org"), "in plain text; use https"),
        (EMONCMS.replace("192.168.1.20", "8.8.8.8"), "in plain text; use https"),
        (EMONCMS.replace("192.168.1.20", "pi.local.evil.org"), "in plain text"),
        (EMONCMS.replace("http:", "ftp:"), "expected an address like"),
        (FEEDS, "feeds were named, but no emoncms; set url"),
        ('[power.emoncms]\nurl = "http://pi/"\n', "but no feed; set grid = 1"),
        (EMONCMS.replace("grid = 1", "grid = 0"), "expected the number of a feed"),
        (EMONCMS.replace("grid = 1", 'grid = "P1"'), "power.emoncms.feeds.grid"),
        (EMONCMS.replace("grid = 1", "gird = 1"), "did you mean grid?"),
        ('[power.powerwall]\nhost = "https://pw/"\n', "a name or an address alone"),
        (
            '[power.powerwall]\nhost = "pw"\nstreams = ["grid", "grid"]\n',
            "grid of powerwall was set twice",
        ),
        ('[power.emoncms]\nkey = "x"\n', "put EMONCMS_KEY=... into .env"),
        ('[power.powerwall]\npassword = "x"\n', "put POWERWALL_PASSWORD=... into"),
    ],
)
def test_impossible_setting_of_what_is_asked_is_named(
    tmp_path: Path, toml: str, said: str
) -> None:
    assert said in _refusal(tmp_path, toml)


@pytest.mark.parametrize(
    "toml",
    [
        '[power.emoncms]\nkey = "hunter2"\n',
        EMONCMS.replace("192.168.1.20", "me:hunter2@192.168.1.20"),
        EMONCMS.replace('20"', '20/?apikey=hunter2"'),
        EMONCMS.replace("grid = 1", 'grid = "hunter2"'),
        '[power]\nemoncms = "http://pi/?apikey=hunter2"\n',
        '[power.emoncms]\napikey = "hunter2"\n',
        '[power.powerwall]\npassword = "hunter2"\n',
        '[power.powerwall]\nhost = "me:hunter2@192.168.1.30"\n',
        '[power.powerwall]\npasswort = "hunter2"\n',
        '[power]\npowerwall = "hunter2"\n',
    ],
)
def test_a_key_or_password_in_a_wrong_place_is_not_repeated(
    tmp_path: Path, toml: str
) -> None:
    assert "hunter2" not in _refusal(tmp_path, toml)


def test_key_and_password_come_from_dotenv_and_are_in_no_text(tmp_path: Path) -> None:
    secrets = "EMONCMS_KEY=hunter2k\nPOWERWALL_PASSWORD=hunter2p\n"

    settings = _load(tmp_path, dotenv=secrets)

    key, password = settings.power.emoncms.key, settings.power.powerwall.password
    assert key is not None
    assert password is not None
    assert (key.get_secret_value(), password.get_secret_value()) == (
        "hunter2k",
        "hunter2p",
    )
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("name", "meant"),
    [("EMONCMS_KAY", "EMONCMS_KEY"), ("POWERWALL_PASWORD", "POWERWALL_PASSWORD")],
)
def test_a_misspelt_secret_of_what_is_asked_is_named(
    tmp_path: Path, name: str, meant: str
) -> None:
    said = _refusal(tmp_path, dotenv=f"{name}=hunter2\n")

    assert f"unknown name {name}, did you mean {meant}?" in said
    assert "hunter2" not in said
