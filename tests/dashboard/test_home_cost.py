"""The cost of an hour on the first page: what is not known now is never told as now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.analysis.running_costs.typical_cost import TypicalCost
from home_energy.dashboard.figures import hourly_dollars, kilowatts
from home_energy.dashboard.home.beside import Beside
from home_energy.dashboard.home.cost_cell import CostCell, cost_cell
from home_energy.dashboard.home.view import home_view
from home_energy.dashboard.now import Now, read_now
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.cost_rate import GridPrices, cost_aud_per_hour
from home_energy.domain.home_power import StreamPower, StreamRule
from home_energy.domain.power import PowerNow, Stream
from home_energy.domain.price import Channel
from home_energy.settings.power import MqttSettings, PowerSettings, TopicSettings
from home_energy.store import SourceStatus
from home_energy.store.present_power import present_power
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    SITE,
    RecordedHome,
    price,
)

SYDNEY = ZoneInfo("Australia/Sydney")
DASH = "\N{EN DASH}"
PRICES = GridPrices(30.0, 5.0)
MINUTE = timedelta(minutes=1)
HOLD = timedelta(seconds=30)
METER = PowerSettings(
    mqtt=MqttSettings(host="192.168.1.10"),
    topics=(TopicSettings(topic="meter/power", stream=Stream.GRID, name="meter"),),
)
RULE = METER.stream_rule(is_exporting_home=True)


def moment(
    watts: float,
    *,
    age: timedelta = timedelta(seconds=4),
    hold: timedelta = HOLD,
    prices: GridPrices | None = PRICES,
) -> PowerMoment:
    """A meter of the grid that was last heard so long ago."""
    grid = StreamPower(watts, NOON - age, hold, ("meter",))
    freshness = grid.freshness(NOON)
    is_known = prices is not None and freshness == "fresh"
    return PowerMoment(
        is_set_up=True,
        streams={Stream.GRID: grid},
        grid_freshness=freshness,
        cost_aud_per_hour=cost_aud_per_hour(watts, prices)
        if is_known and prices
        else None,
        rule=RULE,
    )


def cell(power: PowerMoment, statuses: Sequence[SourceStatus] = ()) -> CostCell:
    found = cost_cell(power, statuses, NOON, SYDNEY)
    assert found is not None
    return found


def said(found: CostCell) -> tuple[str, str, str]:
    number = f"{found.dollar}{found.digits}"
    return found.above, f"{number} {found.unit}".rstrip(), found.below


def test_what_a_clock_that_was_ahead_has_dated_is_not_told() -> None:
    from_later = moment(1600.0, age=-timedelta(hours=2))

    assert said(cell(from_later)) == ("grid power", DASH, "checking time")
    assert from_later.cost_aud_per_hour is None


@pytest.mark.parametrize(
    ("aud_per_hour", "digits"),
    [
        (0.48, "0.48"),
        (-3.2, "3.20"),
        (0.0, "0.00"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (12.34, "12.3"),
        (99.96, "100"),
        (233.04, "233"),
        (1940.0, "1.9k"),
    ],
)
def test_cost_of_an_hour_takes_three_figures(aud_per_hour: float, digits: str) -> None:
    assert hourly_dollars(aud_per_hour) == digits


@pytest.mark.parametrize(
    ("watts", "digits"), [(42.0, "0.0"), (-1960.0, "2.0"), (104_400.0, "104")]
)
def test_power_takes_three_figures(watts: float, digits: str) -> None:
    assert kilowatts(watts) == digits


def test_bought_power_costs() -> None:
    # 1.6 kW at 30 c.
    assert said(cell(moment(1600.0))) == ("cost now", "$0.48", "/hour, 1.6 kW")


def test_sold_power_earns() -> None:
    found = cell(moment(-3140.0))

    # 3.14 kW at 5 c are 15.7 c.
    assert said(found) == ("earning now", "$0.16", "/hour, 3.1 kW")
    assert found.kind == "earning"


def test_bought_power_at_a_price_below_zero_earns() -> None:
    found = cell(moment(2000.0, prices=GridPrices(-10.0, -20.0)))

    assert said(found) == ("earning now", "$0.20", "/hour, 2.0 kW")


def test_sold_power_that_costs_is_no_earning() -> None:
    found = cell(moment(-2000.0, prices=GridPrices(2.0, -8.0)))

    assert said(found) == ("export costs now", "$0.16", "/hour, 2.0 kW")
    assert found.kind == "cost"


def test_earning_of_no_cent_is_none() -> None:
    # 60 W at 5 c are 0.3 c.
    assert cell(moment(-60.0)).above == "cost now"


def test_age_is_told_from_a_minute_on() -> None:
    slow = timedelta(hours=3)

    assert cell(moment(1600.0, age=59 * MINUTE / 60, hold=slow)).above == "cost now"
    later = cell(moment(1600.0, age=2.5 * MINUTE, hold=slow))
    assert said(later) == ("cost", "$0.48", "/hour 2 min ago")
    much_later = cell(moment(-3140.0, age=125 * MINUTE, hold=slow))
    assert said(much_later) == ("earning", "$0.16", "/hour 2 h ago")


def test_sold_power_without_a_price_is_power_alone() -> None:
    found = cell(moment(-3140.0, prices=GridPrices(30.0)))

    assert said(found) == ("selling now", "3.1 kW", "price unknown")
    late = moment(-3140.0, age=2 * MINUTE, hold=5 * MINUTE, prices=GridPrices(30.0))
    assert cell(late).above == "sold 2 min ago"


def test_stale_power_is_told_with_its_time_and_without_a_cost() -> None:
    # 14 minutes before noon.
    found = cell(moment(1950.0, age=14 * MINUTE))

    assert said(found) == ("was using", "1.9 kW", "as of 11:46 am")
    assert found.kind == "stale"


def test_stale_power_of_a_failing_broker_says_so() -> None:
    failing = SourceStatus("mqtt", "power", failing_since=NOON)

    assert cell(moment(-1000.0, age=14 * MINUTE), [failing]).above == (
        "fails, was selling"
    )


def test_a_failing_retailer_is_no_failing_meter() -> None:
    failing = SourceStatus("amber", "prices now", failing_since=NOON)

    assert cell(moment(1000.0, age=14 * MINUTE), [failing]).above == "was using"


def test_old_power_is_a_dash() -> None:
    found = cell(moment(1950.0, age=31 * MINUTE))

    assert said(found) == ("meter silent", DASH, "since 11:29 am")


@pytest.mark.parametrize(
    ("power", "words"),
    [
        (
            PowerMoment(is_set_up=True, rule=RULE),
            ("grid power", DASH, "not heard yet"),
        ),
        (
            PowerMoment(is_set_up=True, rule=StreamRule({Stream.SOLAR: ("roof",)})),
            ("grid power", DASH, "not metered"),
        ),
        (
            PowerMoment(is_set_up=True, rule=RULE, fault="not ours"),
            ("power unknown", DASH, "see health page"),
        ),
    ],
    ids=["never heard", "no grid", "unreadable"],
)
def test_unknown_power_is_a_dash(
    power: PowerMoment, words: tuple[str, str, str]
) -> None:
    assert said(cell(power)) == words


def test_no_cost_without_a_clock_or_a_meter() -> None:
    assert cost_cell(moment(1600.0), [], None, SYDNEY) is None
    assert cost_cell(PowerMoment(), [], NOON, SYDNEY) is None


@given(
    watts=st.floats(-50_000, 50_000),
    age_s=st.floats(0, 86_400),
    import_c=st.none() | st.floats(-100, 2000),
    feed_in_c=st.none() | st.floats(-100, 2000),
)
def test_a_cost_is_told_only_of_power_and_price_that_are_fresh(
    watts: float, age_s: float, import_c: float | None, feed_in_c: float | None
) -> None:
    prices = None if import_c is None else GridPrices(import_c, feed_in_c)
    power = moment(watts, age=timedelta(seconds=age_s), prices=prices)

    found = cell(power)

    assert (found.dollar == "$") == (power.cost_aud_per_hour is not None)
    assert (found.kind in ("cost", "earning")) == (found.dollar == "$")
    assert (found.digits == DASH) == (age_s > 1800)
    assert len(found.digits.replace(".", "")) <= 3


class TestWholePage:
    """What the view makes of it."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> RecordedHome:
        home = RecordedHome(tmp_path, power=METER)
        home.save([price(NOON - FIVE_MINUTES, 30.0)], NOON)
        home.save([price(NOON - FIVE_MINUTES, 5.0, Channel.FEED_IN)], NOON)
        home.tells([PowerNow("meter", Stream.GRID, 1600.0, NOON, 60.0, HOLD)])
        return home

    def now(self, home: RecordedHome) -> Now:
        return read_now(home.store, home.settings, home.clock)

    def test_cost_stands_where_the_hint_stood(self, home: RecordedHome) -> None:
        view = home_view(self.now(home), home.settings)

        assert view.cost is not None
        assert view.cost.digits == "0.48"
        assert view.how_to is None

    def test_a_stale_price_leaves_the_power_alone(self, home: RecordedHome) -> None:
        home.clock.time = NOON + 10 * MINUTE
        heard = PowerNow("meter", Stream.GRID, -1600.0, home.clock.time, 60.0, HOLD)
        home.tells([heard])

        view = home_view(self.now(home), home.settings)

        assert view.cost is None
        assert view.power == "selling 1.6 kW"
        assert view.trouble == "collector is silent"

    def test_a_failing_meter_is_not_ambers_fault(self, home: RecordedHome) -> None:
        home.clock.time = NOON + 10 * MINUTE
        home.store.sources.record_failure(
            "mqtt", "power", NOON, OSError("192.168.1.10: no broker answers")
        )

        view = home_view(self.now(home), home.settings)

        assert view.trouble == "collector is silent"

    def test_a_screen_that_says_the_same_is_not_sent_twice(
        self, home: RecordedHome
    ) -> None:
        client = home.client()
        first = client.get("/screen")
        home.clock.time = NOON + timedelta(seconds=8)
        heard = PowerNow("meter", Stream.GRID, 1604.0, home.clock.time, 60.0, HOLD)
        home.tells([heard])

        again = client.get("/screen", headers={"If-None-Match": first.headers["ETag"]})

        # 1.604 kW at 30 c is 48 c and 1.6 kW as before.
        assert again.status_code == 304

    def test_a_file_that_is_not_ours_takes_no_price_away(
        self, home: RecordedHome
    ) -> None:
        present_power(home.path).path.write_text("{")

        page = home.client().get("/screen").get_data(as_text=True)

        assert "see health page" in page
        assert '<span class="number">30.0</span>' in page

    def test_a_home_without_a_meter_sees_the_typical_cost(self, tmp_path: Path) -> None:
        home = RecordedHome(tmp_path)
        home.save([price(NOON - FIVE_MINUTES, 30.0)], NOON)
        usual = Beside(typical=TypicalCost(0.312, 28, date(2026, 11, 21)))

        view = home_view(self.now(home), home.settings, usual)

        assert view.cost is not None
        assert said(view.cost) == ("typical", "$0.31", "/hour at this time")
        assert view.cost.kind == "typical"

    def test_typical_cost_and_shadow_take_turns_by_the_minute(
        self, tmp_path: Path
    ) -> None:
        home = RecordedHome(tmp_path, shadow=("powerwall-3",))
        home.save([price(NOON - FIVE_MINUTES, 30.0)], NOON)
        home.books([3.12], date(2026, 11, 21))
        usual = Beside(typical=TypicalCost(-0.214, 28, date(2026, 11, 21)))

        even = home_view(self.now(home), home.settings, usual)
        home.clock.time = NOON + MINUTE
        odd = home_view(self.now(home), home.settings, usual)

        assert even.cost is not None
        assert even.shadow is None
        assert said(even.cost)[0] == "typical earning"
        assert even.sentence is not None
        assert even.sentence.kind == "shadow"
        assert odd.cost is None
        assert odd.shadow is not None
        assert odd.sentence is None

    def test_power_of_now_is_in_the_api(self, home: RecordedHome) -> None:
        home.clock.time = NOON + timedelta(seconds=9)

        body = home.client().get("/api/v1/now").get_json()

        assert body["site_id"] == SITE.site_id
        assert body["power"] == {
            "is_set_up": True,
            "streams": [
                {
                    "stream": "grid",
                    "watts": 1600.0,
                    "as_of_utc": "2026-11-22T01:00:00Z",
                    "age_seconds": 9.0,
                    "freshness": "fresh",
                    "sources": ["meter"],
                }
            ],
            "grid_freshness": "fresh",
            "cost_aud_per_hour": pytest.approx(0.48),
        }

    def test_power_without_a_clock_has_no_age_and_no_cost(
        self, home: RecordedHome
    ) -> None:
        home.clock.synchronised = False

        power = home.client().get("/api/v1/now").get_json()["power"]

        assert power["grid_freshness"] == "checking_time"
        assert power["streams"][0]["age_seconds"] is None
        assert power["cost_aud_per_hour"] is None

    def test_a_home_without_a_meter_has_no_power_in_the_api(
        self, tmp_path: Path
    ) -> None:
        power = RecordedHome(tmp_path).client().get("/api/v1/now").get_json()["power"]

        assert power == {
            "is_set_up": False,
            "streams": [],
            "grid_freshness": None,
            "cost_aud_per_hour": None,
        }


def test_moment_of_the_tests_is_as_read(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, power=METER)
    home.save([price(NOON - FIVE_MINUTES, 30.0)], NOON)
    home.save([price(NOON - FIVE_MINUTES, 5.0, Channel.FEED_IN)], NOON)
    home.tells(
        [PowerNow("meter", Stream.GRID, 1600.0, NOON - timedelta(seconds=4), 60, HOLD)]
    )

    read = read_now(home.store, home.settings, home.clock).power

    assert replace(read, told=()) == moment(1600.0)
