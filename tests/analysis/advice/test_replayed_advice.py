"""The replays that the scoreboard's figures come from know nothing of what follows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.analysis.advice.priced import SYDNEY
from tests.benchmarks.advice_score import INTO_TICK, Replay

from home_energy.demo.synthetic_home import SyntheticHome
from home_energy.demo.synthetic_market import SyntheticMarket
from home_energy.domain.advice import GivenAdvice
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.domain.site import RetailSite
from home_energy.store import Store

START = datetime(2025, 11, 1, tzinfo=UTC)
HOUR, HALF_HOUR = timedelta(hours=1), timedelta(minutes=30)
HOURS = 36


def _replayed(store: Store) -> list[GivenAdvice]:
    market = SyntheticMarket(SyntheticHome(), interval_minutes=30)
    replay = Replay(market, START, START + HOURS * HOUR, HOUR)
    with store.transaction():
        given = replay.given(store, SYDNEY)
    store.close()
    return given


def _append_later_issues(store: Store) -> None:
    """Half a minute after each moment: free power in three hours, dear before."""
    store.sources.save_sites([RetailSite("S1", "6001000001", "active", 30, ())])
    key = store.sources.site_key("S1")
    assert key is not None
    for number in range(HOURS):
        issued_at = START + INTO_TICK + number * HOUR + timedelta(seconds=30)
        first = START + number * HOUR
        points = tuple(
            ForecastPoint(first + step * HALF_HOUR, 30, 0.0 if step == 6 else 99.0)
            for step in range(1, 50)
        )
        forecast = Forecast(Channel.GENERAL, issued_at, points)
        store.forecasts.save(key, [forecast])


def test_issues_from_after_a_moment_change_no_advice_of_it(tmp_path: Path) -> None:
    plain, told_more = (Store.open(tmp_path / f"{name}.sqlite") for name in "ab")
    _append_later_issues(told_more)

    given = _replayed(plain)

    assert len(given) > 10
    assert _replayed(told_more) == given
