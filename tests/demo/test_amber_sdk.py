"""The official SDK reads what the server says, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest
from amberelectric.api import amber_api
from amberelectric.api_client import ApiClient
from amberelectric.configuration import Configuration
from amberelectric.exceptions import ApiException

from home_energy.demo.amber_server import create_amber_app
from home_energy.demo.clocks import SteppedClock
from home_energy.demo.serving import serving
from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SITE_ID, SyntheticMarket

NOW = datetime(2025, 6, 17, 6, 20, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    market = SyntheticMarket(SyntheticHome(0))
    app = create_amber_app(market, SteppedClock(NOW), token="psk_demo")
    with serving(app) as url:
        yield f"{url}/v1"


@pytest.fixture
def sdk(base_url: str) -> Iterator[amber_api.AmberApi]:
    settings = Configuration(host=base_url, access_token="psk_demo")
    with ApiClient(settings) as client:
        yield amber_api.AmberApi(client)


def test_sites(sdk: amber_api.AmberApi) -> None:
    closed, active = sdk.get_sites()

    assert (closed.status.value, active.status.value) == ("closed", "active")
    assert active.interval_length == 5
    assert [channel.type.value for channel in active.channels] == [
        *("general", "controlledLoad", "feedIn")
    ]


def test_current_prices(sdk: amber_api.AmberApi) -> None:
    intervals = sdk.get_current_prices(SITE_ID, next=288, previous=12)

    types = [interval.actual_instance.type for interval in intervals]
    assert types.count("ActualInterval") == 3 * 12
    assert types.count("CurrentInterval") == 3
    assert types.count("ForecastInterval") > 3 * 60


def test_week_of_prices(sdk: amber_api.AmberApi) -> None:
    intervals = sdk.get_prices(
        SITE_ID, start_date=date(2025, 6, 1), end_date=date(2025, 6, 7)
    )

    assert len(intervals) == 3 * 7 * 288


def test_week_of_usage(sdk: amber_api.AmberApi) -> None:
    usage = sdk.get_usage(
        SITE_ID, start_date=date(2025, 6, 1), end_date=date(2025, 6, 7)
    )

    assert len(usage) == 3 * 7 * 288
    assert {row.channel_identifier for row in usage} == {"E1", "E2", "B1"}
    assert min(row.kwh for row in usage) >= 0


def test_wrong_token(base_url: str) -> None:
    settings = Configuration(host=base_url, access_token="psk_wrong")
    with (
        ApiClient(settings) as client,
        pytest.raises(ApiException) as caught,
    ):
        amber_api.AmberApi(client).get_sites()

    assert caught.value.status == 403


def test_date_header_over_http_is_the_simulated_one(base_url: str) -> None:
    response = httpx.get(f"{base_url}/sites")

    assert response.status_code == 401
    assert response.headers.get_list("date") == ["Tue, 17 Jun 2025 06:20:05 GMT"]
