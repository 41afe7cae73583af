"""The first page over HTTP: what is missing is never a number, and nothing is a 500."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from home_energy.dashboard.app import create_app
from home_energy.dashboard.frame import theme_at
from home_energy.dashboard.home.view import HomeView, home_view
from home_energy.dashboard.now import ChannelNow, Now
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.freshness import Freshness, price_age
from home_energy.domain.price import Channel, Quality
from home_energy.domain.verdict import (
    Decision,
    PriceLevels,
    Verdict,
    VerdictBasis,
    cheapest_run,
)
from home_energy.settings import DashboardSettings, Settings
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    RecordedHome,
    StandingClock,
    price,
)

SETTINGS = Settings()
CHEAP = Decision(
    Verdict.CHEAP, VerdictBasis.OWN_HISTORY, NOON, NOON, PriceLevels(16.0, 34.0)
)


def moment(
    *,
    age: timedelta | None = timedelta(0),
    is_timed: bool = True,
    has_feed_in: bool = True,
    has_decision: bool = True,
    points: tuple[ForecastPoint, ...] = (),
) -> Now:
    """Build a moment of which anything may be missing; `age` of `None` is no price."""
    now = NOON if is_timed else None
    channels = {}
    if age is not None:
        start = NOON - age - FIVE_MINUTES
        general = price(start, 7.3)
        feed_in = price(start, 4.4, Channel.FEED_IN)
        shown = [general, feed_in] if has_feed_in else [general]
        for row in shown:
            found = ChannelNow(row, start, price_age(row, start, now))
            channels[row.channel] = found
    may_advise = age is not None and channels[Channel.GENERAL].age.may_advise
    forecast = Forecast(Channel.GENERAL, NOON, points)
    return Now(
        time=now,
        site=None,
        channels=channels,
        decision=CHEAP if may_advise and has_decision else None,
        forecasts={Channel.GENERAL: forecast} if points and now else {},
        cheapest=cheapest_run(points, NOON) if now else None,
        statuses=[],
        is_demo=False,
    )


@given(
    age=st.none() | st.timedeltas(timedelta(0), timedelta(days=3)),
    is_timed=st.booleans(),
    has_feed_in=st.booleans(),
    has_decision=st.booleans(),
    kept=st.sets(st.integers(0, 23)),
)
def test_whatever_is_missing_is_never_a_number_or_a_verdict(
    *,
    age: timedelta | None,
    is_timed: bool,
    has_feed_in: bool,
    has_decision: bool,
    kept: set[int],
) -> None:
    points = tuple(
        ForecastPoint(NOON + i * 6 * FIVE_MINUTES, 30, 12.0) for i in sorted(kept)
    )
    now = moment(
        age=age,
        is_timed=is_timed,
        has_feed_in=has_feed_in,
        has_decision=has_decision,
        points=points,
    )

    view = home_view(now, SETTINGS)

    _assert_tells_only_what_is_known(view, now, kept)


def _assert_tells_only_what_is_known(view: HomeView, now: Now, kept: set[int]) -> None:
    advises = now.import_age.may_advise
    is_stale = now.import_age.freshness is Freshness.STALE
    assert (view.figure is not None) == (advises or is_stale)
    assert view.figure is None or view.figure.text == "7.3"
    assert (view.verdict is not None) == (now.decision is not None)
    assert (view.how_to is not None) == advises
    if view.feed_in is not None:
        assert advises
        assert view.feed_in.text == "4.4c"
    shown = () if view.coming is None else view.coming.bars.bars
    reached = {i for i in kept if now.time and i < 24 and view.message is None}
    assert len(shown) == len(reached)


def test_no_page_is_younger_than_its_price() -> None:
    view = home_view(moment(age=timedelta(minutes=10)), SETTINGS)

    # Noon less ten minutes; the dash follows when thirty have passed.
    assert view.band == "as of 11:50 am"
    assert view.dash_at == NOON + timedelta(minutes=20)


def test_fresh_price_without_a_decision_has_no_verdict() -> None:
    view = home_view(moment(has_decision=False), SETTINGS)

    assert view.figure is not None
    assert view.verdict is None


def test_stale_feed_in_beside_a_fresh_import_price_is_a_dash() -> None:
    now = moment()
    old = price(NOON - timedelta(hours=1), 4.4, Channel.FEED_IN)
    now.channels[Channel.FEED_IN] = ChannelNow(
        old, old.start, price_age(old, old.start, NOON)
    )

    view = home_view(now, SETTINGS)

    assert view.feed_in is not None
    assert view.feed_in.text == "\N{EN DASH}"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    home = RecordedHome(tmp_path)
    home.save([price(NOON - FIVE_MINUTES, 24.6)], NOON)
    return home.client()


def test_unchanged_screen_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/screen")
    again = client.get("/screen", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.data == b""
    # Noon in Sydney on 22 November 2026 is 1 am UTC.
    expected_ms = datetime(2026, 11, 22, 1, tzinfo=UTC).timestamp() * 1000
    assert again.headers["X-Server-Time-Ms"] == f"{expected_ms:.0f}"


@pytest.mark.parametrize("path", ["/", "/screen"])
def test_nothing_foreign_and_nothing_inline_may_run(
    path: str, client: FlaskClient
) -> None:
    answer = client.get(path)

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for inline in ("<script>", " style=", " onclick=", " onload=", "https://"):
        assert inline not in answer.text


@pytest.mark.parametrize("path", ["/", "/screen"])
@pytest.mark.parametrize(
    ("content", "title"),
    [
        (None, "No prices on record yet"),
        ("no database", "The record cannot be read"),
    ],
)
def test_missing_or_broken_store_says_what_to_do(
    content: str | None, title: str, path: str, tmp_path: Path
) -> None:
    home = RecordedHome(tmp_path / "elsewhere")
    home.path = tmp_path / "home.sqlite"
    if content is not None:
        home.path.write_text(content)

    answer = home.client().get(path)

    assert answer.status_code == 200
    assert title in answer.text
    assert "state-broken" in answer.text


def test_page_comes_to_life_when_the_store_appears(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(
        update={
            "home": SETTINGS.home.model_copy(update={"store": tmp_path / "h.sqlite"})
        }
    )
    client = create_app(settings, StandingClock()).test_client()
    assert "No prices on record yet" in client.get("/screen").text

    home = RecordedHome(tmp_path)
    home.store.close()
    (tmp_path / "home.sqlite").rename(tmp_path / "h.sqlite")

    assert "No Amber token" in client.get("/screen").text


def test_estimate_is_marked_on_the_page(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON - FIVE_MINUTES, 24.6, quality=Quality.ESTIMATE)], NOON)

    assert '<span class="tilde">~</span>' in home.client().get("/").text


@pytest.mark.parametrize(
    ("hour", "theme"),
    [(20, "day"), (21, "night"), (2, "night"), (6, "night"), (7, "day")],
)
def test_night_spans_midnight(hour: int, theme: str) -> None:
    local = datetime(2026, 11, 24, hour, tzinfo=SETTINGS.home.zone)

    assert theme_at(local.astimezone(UTC), SETTINGS) == theme


def test_night_within_one_day_is_possible() -> None:
    dashboard = DashboardSettings(night_start=time(1), night_end=time(5))
    settings = SETTINGS.model_copy(update={"dashboard": dashboard})
    midnight = datetime(2026, 11, 24, 0, 30, tzinfo=settings.home.zone)

    assert theme_at(midnight.astimezone(UTC), settings) == "day"
    assert (
        theme_at((midnight + timedelta(hours=1)).astimezone(UTC), settings) == "night"
    )
