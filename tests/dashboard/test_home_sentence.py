"""What to do, in one sentence: its words, its priority, and how seldom it is read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from home_energy.analysis.advice.advice_round import ApplianceAdvice
from home_energy.analysis.advice.best_start import BestStart, Call
from home_energy.analysis.advice.scoreboard import Score
from home_energy.analysis.running_costs.demand_guard import DemandGuard
from home_energy.dashboard.home import beside as beside_room
from home_energy.dashboard.home.beside import Beside, BesideKeeper
from home_energy.dashboard.home.sentence import advice_line, demand_sentence
from home_energy.dashboard.home.view import home_view
from home_energy.dashboard.now import Now, read_now
from home_energy.domain.appliance import Appliance
from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.errors import ConfigError
from home_energy.settings import Settings
from home_energy.settings.advice import AdviceSettings, ApplianceSettings
from home_energy.store import Store
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price

SYDNEY = ZoneInfo("Australia/Sydney")
HOUR = timedelta(hours=1)
GUARD = DemandGuard(
    charge_name="Demand",
    is_in_window=True,
    window_start=NOON - HOUR,
    window_end=NOON + 9 * HOUR,
    peak_kw=4.2,
    peak_at=NOON - 48 * HOUR,
    current_kw=2.0,
    head_room_kw=5.0,
    aud_per_kw=12.4,
    is_close=False,
    now_kw=2.1,
)
UNSCORED = Score("Dishwasher", 0, 0, 0, None, None)
WRONG = Score("Dishwasher", 20, 20, 2, 0.1, -0.1)


def words(guard: DemandGuard) -> tuple[str, str] | None:
    found = demand_sentence(guard, NOON, SYDNEY)
    if found is None:
        return None
    return found.kind.value, found.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("changes", "kind", "rest"),
    [
        # The peak of 4.2 kW is less than what this half-hour still bears.
        ({}, "demand", "2.1 kW left, then $12.40/kW"),
        ({"head_room_kw": 3.0}, "demand", "0.9 kW left, then $12.40/kW"),
        ({"is_close": True}, "close", "2.1 kW left, then $12.40/kW"),
        (
            {"is_current_partial": True},
            "demand",
            "at most 2.1 kW left, then $12.40/kW",
        ),
        ({"now_kw": 4.6}, "close", "0.4 kW too much, $12.40/kW"),
        ({"head_room_kw": -0.2}, "close", "new peak, $12.40/kW"),
        ({"now_kw": None}, "demand", "stay below 4.2 kW, $12.40/kW"),
        ({"head_room_kw": None}, "demand", "above 4.2 kW $12.40/kW"),
        ({"peak_kw": None}, "demand", "each peak $12.40/kW"),
        ({"peak_kw": 0.0}, "demand", "each peak $12.40/kW"),
    ],
)
def test_demand_window_says_what_is_left(
    changes: dict[str, float | None], kind: str, rest: str
) -> None:
    guard = replace(GUARD, **changes)  # type: ignore[arg-type]

    assert words(guard) == (kind, f"Demand until 9 pm: {rest}")


def test_outside_of_a_window_nothing_is_said() -> None:
    assert words(replace(GUARD, is_in_window=False)) is None
    # Read a moment before its end and shown a moment after it.
    assert words(replace(GUARD, window_end=NOON)) is None
    assert demand_sentence(None, NOON, SYDNEY) is None


def advice(
    name: str = "Dishwasher",
    saving_aud: float = 0.34,
    *,
    call: Call = Call.WAIT,
    score: Score = UNSCORED,
    hours_ahead: float = 2.25,
) -> ApplianceAdvice:
    best = BestStart(
        Appliance(name, kw=1.0, minutes=90),
        call,
        NOON,
        NOON + 24 * HOUR,
        start=NOON + hours_ahead * HOUR,
        cost_now_aud=saving_aud + 0.1,
        cost_then_aud=0.1,
        highest_cost_then_aud=0.12,
    )
    return ApplianceAdvice(best, score)


def line(*advices: ApplianceAdvice) -> str | None:
    found = advice_line(advices, NOON, SYDNEY)
    return None if found is None else found.text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_best_saving_is_advised() -> None:
    assert line(advice("Pump", 0.20), advice(), advice("Dryer", 0.06)) == (
        "Dishwasher: wait until 2:15 pm, save 34 c"
    )


def test_only_advice_to_wait_that_is_right_often_enough_is_given() -> None:
    assert line(advice(call=Call.NOW)) is None
    assert line(advice(call=Call.NONE)) is None
    assert line(advice(score=WRONG)) is None
    assert line(advice(hours_ahead=0.0)) is None
    assert line() is None


def test_a_long_name_makes_the_rest_short() -> None:
    assert line(advice("Washing machine & dryer", 1.2)) == (
        "Washing machine & dryer: 2:15 pm, save $1.20"
    )


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    appliance = ApplianceSettings(name="Dishwasher", kw=1.0, minutes=60)
    made = RecordedHome(tmp_path, advice=AdviceSettings(appliances=(appliance,)))
    made.save([price(NOON - FIVE_MINUTES, 40.0)], NOON)
    points = tuple(
        ForecastPoint(NOON + i * HOUR / 2, 30, 40.0 if i < 6 else 10.0)
        for i in range(48)
    )
    made.store.forecasts.save(made.site_key, [Forecast(Channel.GENERAL, NOON, points)])
    return made


def now_of(home: RecordedHome) -> Now:
    return read_now(home.store, home.settings, home.clock)


def test_demand_goes_before_advice(home: RecordedHome) -> None:
    both = Beside(demand=GUARD, advices=(advice(),))

    view = home_view(now_of(home), home.settings, both)

    assert view.sentence is not None
    assert view.sentence.kind == "demand"


def test_advice_needs_a_price_and_a_forecast(home: RecordedHome) -> None:
    given = Beside(advices=(advice(),))
    now = now_of(home)

    assert home_view(now, home.settings, given).sentence is not None
    assert home_view(replace(now, forecasts={}), home.settings, given).sentence is None
    home.clock.time = NOON + 2 * FIVE_MINUTES
    assert home_view(now_of(home), home.settings, given).sentence is None


def test_advice_gives_way_to_the_figure_of_a_spike(home: RecordedHome) -> None:
    points = [
        ForecastPoint(
            NOON + i * HOUR / 2,
            30,
            1500.0 if i in (10, 11) else 20.0,
            is_spike_possible=i in (10, 11),
        )
        for i in range(24)
    ]
    forecast = Forecast(Channel.GENERAL, NOON, tuple(points))
    now = replace(now_of(home), forecasts={Channel.GENERAL: forecast})

    spike = home_view(now, home.settings, Beside(advices=(advice(),)))

    assert spike.sentence is None
    assert spike.coming is not None
    assert [label.text for label in spike.coming.bars.labels] == ["$15"]


def test_advice_of_the_record_reaches_the_page(home: RecordedHome) -> None:
    page = home.client().get("/screen").get_data(as_text=True)

    # 1 kWh at 40 c, and from 3 pm on at 10 c.
    assert "Dishwasher: wait until 3\N{NO-BREAK SPACE}pm, save 30 c" in page


class Counting:
    """A guard that counts how often it is asked."""

    def __init__(self, answer: DemandGuard | None) -> None:
        self.answer = answer
        self.count = 0

    def __call__(self, *_asked: object) -> DemandGuard | None:
        self.count += 1
        return self.answer


@pytest.mark.parametrize(
    ("guard", "count"),
    # Five minutes of a page that asks every five seconds: at once and 45 s after the
    # market's tick; in a window every 20 s from either (0, 20, 40; 45, 65, ... 285).
    [(None, 2), (replace(GUARD, is_in_window=False), 2), (GUARD, 16)],
    ids=["no charge", "no window", "open window"],
)
def test_what_changes_slowly_is_read_seldom(
    guard: DemandGuard | None,
    count: int,
    home: RecordedHome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Counting(guard)
    monkeypatch.setattr(beside_room, "demand_guard", asked)
    keeper = BesideKeeper()
    now = now_of(home)

    for number in range(60):
        later = replace(now, time=NOON + number * timedelta(seconds=5))
        keeper.read(home.store, home.settings, later)

    assert asked.count == count


def test_a_tariff_at_fault_takes_no_advice_away(
    home: RecordedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        raise ConfigError("tariffs/amber.toml: no such file")

    monkeypatch.setattr(beside_room, "demand_guard", refuse)

    found = BesideKeeper().read(home.store, home.settings, now_of(home))

    assert found.demand is None
    assert len(found.advices) == 1


def test_nothing_is_read_while_no_clock_can_be_trusted(home: RecordedHome) -> None:
    home.clock.synchronised = False

    assert BesideKeeper().read(home.store, home.settings, now_of(home)) == Beside()


def test_a_reader_does_not_wait_for_another(
    home: RecordedHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, now = BesideKeeper(), now_of(home)
    seen = []

    def look_again(store: Store, settings: Settings, *_: object) -> None:
        seen.append(keeper.read(store, settings, now))

    monkeypatch.setattr(beside_room, "demand_guard", look_again)

    keeper.read(home.store, home.settings, now)

    assert seen == [Beside()]
