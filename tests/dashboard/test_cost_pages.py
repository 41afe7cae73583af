"""The cost pages as they are served."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from home_energy.errors import SourceUnavailable
from tests.dashboard.costed_home import (
    EVENING,
    costed_home,
    selling_home,
    silent_home,
    tell_power,
    unmetered_home,
)
from tests.dashboard.recorded_home import NOON, RecordedHome, price

PATHS = ["/costs", "/costs/so-far", "/costs/advice"]


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def page(home: RecordedHome, path: str = "/costs") -> str:
    answer = home.client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rate(text: str) -> tuple[str, str, str]:
    """Kind, caption and figure of the large number."""
    found = re.search(
        r'<p class="rate is-(.*?)">\s*<span class="caption">(.*?)</span>\s*'
        r'<span class="figure">(.*?)</span>',
        text,
        re.DOTALL,
    )
    assert found is not None
    kind, caption, figure = found.groups()
    return kind, caption, re.sub("<.*?>", "", figure)


def sentences(text: str) -> list[str]:
    (block,) = re.findall(r'<p class="sentences">(.*?)</p>', text)
    return re.findall("<span>(.*?)</span>", block)


def test_an_hour_is_told_with_the_power_it_comes_from(home: RecordedHome) -> None:
    costed_home(home)

    text = page(home)

    # 41 c at 6 pm less 3 c for each hour from it: 40 at 6:20. 1.724 kW x 40 c = 69 c.
    assert rate(text) == ("cost", "cost now", "$0.69/hour")
    assert "<dt>Buying <b>1.7 kW</b></dt><dd>4 s ago</dd>" in text
    assert "<dt>Battery <b>0.8 kW</b></dt><dd>4 s ago</dd>" in text
    assert 'class="cost-area is-expensive"' in text
    assert text.count('class="gap"') == 1


def test_what_is_earned_is_called_so(home: RecordedHome) -> None:
    selling_home(home)

    text = page(home)

    # 2.31 kW at a third of 9 c.
    assert rate(text) == ("earning", "earning now", "$0.07/hour")
    assert sentences(text)[1] == "Earning since before 1:50 pm"


def test_stale_and_silent_are_shown_as_such(home: RecordedHome) -> None:
    silent_home(home)

    text = page(home)

    kind, caption, figure = rate(text)
    assert (kind, figure) == ("stale", "11.7kW")
    assert "as of 6:07 pm" in caption
    assert '<div class="stream is-stale"><dt>Buying <b>11.7 kW</b></dt>' in text
    assert "<dt>House <b></b></dt><dd>silent for 2 h</dd>" in text
    assert "<dt>Sun <b></b></dt><dd>not heard yet</dd>" in text
    assert "$0" not in "".join(rate(text))


def test_with_a_stale_price_no_cost_is_told(home: RecordedHome) -> None:
    costed_home(home)
    home.clock.time = EVENING + timedelta(minutes=20)
    tell_power(home, home.clock.time)
    error = SourceUnavailable("no answer")
    home.store.sources.record_failure("amber", "prices now", home.clock.time, error)

    kind, caption, figure = rate(page(home))

    assert (kind, figure) == ("power", "1.7kW")
    assert "price unknown" in caption
    assert "No fresh price" in page(home, "/costs/advice")


def test_without_a_meter_the_typical_cost_is_named_so(home: RecordedHome) -> None:
    unmetered_home(home)

    text = page(home)

    kind, caption, _ = rate(text)
    assert kind.startswith("typical")
    assert caption.startswith("typical")
    assert "now" not in caption
    assert "add a power meter" in " ".join(sentences(text))
    assert "<svg" not in text


def test_without_a_trusted_time_nothing_is_told_of_now(home: RecordedHome) -> None:
    costed_home(home)
    home.clock.synchronised = False
    home.clock.time = NOON + timedelta(days=300)

    for path in PATHS:
        text = page(home, path)
        assert "Checking the time" in text
        assert "$" not in text


def test_so_far_tells_today_yesterday_and_the_month(home: RecordedHome) -> None:
    costed_home(home)

    text = page(home, "/costs/so-far")

    assert re.findall(r"<dt>(.*?) <b>", text) == [
        "Today so far",
        "Yesterday",
        "November so far",
    ]
    assert "17 h 50 min of 18 h 20 min measured" in text


def test_advice_stands_beside_how_often_it_was_right(home: RecordedHome) -> None:
    costed_home(home)

    text = page(home, "/costs/advice").replace("\N{NO-BREAK SPACE}", " ")

    assert "Oven for an hour 40 c now, 24 c at 9:00 pm" in text
    # 9 hits of 25 c and 3 misses of 8 c.
    assert "Right 9 of 12 times in 30 days, 17 c saved each time on average" in text
    assert 'class="right" width="75.0%"' in text
    assert "no advice, right only 4 of 12 times" in text
    assert text.count('class="appliance is-withheld"') == 1
    assert "Pool pump" in page(home, "/costs/advice/2")


def test_the_pages_lead_to_one_another_and_stay_a_kiosk(home: RecordedHome) -> None:
    costed_home(home)

    led = [
        re.findall(r'class="button" href="([^"]*)"', page(home, f"{path}?kiosk=1"))
        for path in PATHS
    ]

    to = {name: f"/costs{name}?kiosk=1" for name in ("", "/so-far", "/advice")}
    assert led == [
        ["/?kiosk=1", to["/so-far"], to["/advice"], "/bill?kiosk=1"],
        ["/?kiosk=1", to[""], to["/advice"], "/bill?kiosk=1"],
        ["/?kiosk=1", "/costs/advice/2?kiosk=1", to[""], to["/so-far"]],
    ]


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_of_advice_that_is_not_there_is_not_found(
    home: RecordedHome, number: int
) -> None:
    costed_home(home)

    assert home.client().get(f"/costs/advice/{number}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_before_the_first_price_every_page_is_there(
    home: RecordedHome, path: str
) -> None:
    assert "Now" in page(home, path)

    home.save([price(NOON, 24.6)])

    assert "Now" in page(home, path)


@pytest.mark.parametrize("path", PATHS)
def test_a_store_that_cannot_be_read_says_what_to_do(
    home: RecordedHome, path: str
) -> None:
    home.store.close()
    home.path.unlink()

    answer = home.client().get(path)

    assert answer.status_code == 503
    assert "there is no store yet" in answer.get_data(as_text=True)
