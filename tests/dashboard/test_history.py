"""The history page: every gap is told, in the chart and in words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from home_energy.domain.price import Channel, Quality
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    RecordedHome,
    price,
    price_run,
)

MIDNIGHT = NOON - timedelta(hours=12)


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def page(home: RecordedHome, path: str = "/history") -> str:
    answer = home.client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def record_words(text: str) -> list[str]:
    return re.findall(r'<p class="record">(.*?)</p>', text)


def numbers(text: str) -> list[tuple[str, str]]:
    return re.findall(r"<dd><span>(.*?)</span> <b>(.*?)</b></dd>", text)


def test_a_whole_morning_is_all_on_record(home: RecordedHome) -> None:
    # 144 five minutes: 72 of 10 c and 72 of 30 c are 20 c on average.
    home.save(price_run(MIDNIGHT, [10.0] * 72 + [30.0] * 72))

    text = page(home)

    assert numbers(text) == [
        ("low", "10.0c"),
        ("average", "20.0c"),
        ("high", "30.0c"),
    ]
    assert record_words(text) == ["All on record so far"]
    assert 'class="gap"' not in text


def test_a_gap_is_hatched_and_told(home: RecordedHome) -> None:
    # Missing 2:10 to 3:45 am: 95 of 720 minutes; 625/720 = 86.8 %, told as 86 %.
    rows = price_run(MIDNIGHT, [20.0] * 144)
    home.save(rows[:26] + rows[45:])

    text = page(home)

    assert record_words(text) == ["86% on record, gap 2:10–3:45 am"]  # noqa: RUF001
    assert ("average of 86%", "20.0c") in numbers(text)
    # 130 of 1440 minutes is 9.03 %, 95 of 1440 is 6.6 %.
    assert '<rect class="gap" x="9.03%" width="6.6%"' in text


def test_several_gaps_are_counted_and_the_longest_told(home: RecordedHome) -> None:
    rows = price_run(MIDNIGHT, [20.0] * 144)
    home.save(rows[:10] + rows[11:100] + rows[112:])

    # Missing 0:50 to 0:55 am and 8:20 to 9:20 am: 655/720 = 90.97 %.
    assert record_words(page(home)) == [
        "90% on record, 2 gaps, longest 8:20–9:20 am"  # noqa: RUF001
    ]


def test_a_channel_with_other_gaps_is_told_apart(home: RecordedHome) -> None:
    rows = price_run(MIDNIGHT, [5.0] * 144, Channel.FEED_IN)
    home.save(price_run(MIDNIGHT, [20.0] * 144) + rows[:72])

    assert record_words(page(home)) == [
        "Import: all on record so far",
        "Feed-in: 50% on record, gap 6:00 am–12:00 pm",  # noqa: RUF001
    ]


def test_what_is_not_final_is_dotted_and_told(home: RecordedHome) -> None:
    rows = price_run(MIDNIGHT, [20.0] * 143)
    home.save([*rows, price(NOON - FIVE_MINUTES, 25.0, quality=Quality.ESTIMATE)])

    text = page(home)

    assert record_words(text) == ["All on record so far, dotted not final"]
    assert text.count('class="edge is-estimate"') == 1


def test_a_spike_is_cut_and_labelled(home: RecordedHome) -> None:
    rows = price_run(MIDNIGHT, [20.0] * 144)
    rows[100] = price(MIDNIGHT + 100 * FIVE_MINUTES, 1520.0)
    home.save(rows)

    text = page(home)

    assert ">$15.20 at 8:20 am</text>" in text
    assert '<text class="y-label" x="-10" y="0.0%" dy="0.35em">60c</text>' in text


def test_nothing_on_record_has_no_numbers(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT - timedelta(days=2), [20.0] * 288))

    text = page(home, "/history/day/2026-11-21")

    assert record_words(text) == ["Nothing on record"]
    assert numbers(text) == [("nothing on record", "")]
    assert "<path" not in text.split('class="chart')[1].split("</svg>\n  <dl")[0]
    assert '<rect class="gap" x="0.0%" width="100.0%"' in text


def test_tomorrow_is_yet_to_come(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    text = page(home, "/history/day/2026-11-23")

    assert record_words(text) == ["Yet to come"]
    assert 'class="gap"' not in text


def test_before_the_first_price_the_page_says_so(home: RecordedHome) -> None:
    assert record_words(page(home)) == ["No price has come yet"]


def test_the_buttons_lead_to_the_neighbours_that_exist(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT - timedelta(days=2), [20.0] * 288))
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    today = re.findall(r'href="(/history[^"]*)"', page(home))
    first = re.findall(r'href="(/history[^"]*)"', page(home, "/history/day/2026-11-20"))

    assert today == ["/history/day/2026-11-21", "/history/week/2026-11-22"]
    assert first == ["/history/day/2026-11-21", "/history/week/2026-11-20"]


def test_the_kiosk_stays_a_kiosk(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT - timedelta(days=2), [20.0] * 288))

    text = page(home, "/history?kiosk=1")

    links = re.findall(r'<a class="button" href="([^"]*)"', text)

    assert len(links) == 4
    assert links[-1] == "/costs?kiosk=1"
    assert all(link.endswith("?kiosk=1") for link in links)


def test_a_day_of_25_hours_has_300_intervals(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.clock.time = datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
    # 5 April: midnight AEDT is 13:00 UTC the day before; 25 hours follow. The hour
    # from 2 to 3 am happens twice; the second is missing.
    midnight = datetime(2026, 4, 4, 13, 0, tzinfo=UTC)
    rows = price_run(midnight, [20.0] * 300)
    home.save(rows[:36] + rows[48:])

    text = page(home, "/history/day/2026-04-05")

    # 24 of 25 hours
    assert record_words(text) == [
        "96% on record, gap 2:00 am AEST–3:00 am"  # noqa: RUF001
    ]
    assert '<rect class="gap" x="12.0%" width="4.0%"' in text


def test_without_a_trusted_time_there_is_no_now(home: RecordedHome) -> None:
    home.clock.synchronised = False
    home.clock.time = NOON + timedelta(days=300)
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    text = page(home)

    assert "Sun 22 Nov" in text
    assert 'class="now"' not in text
    assert "Checking the time" in record_words(text)


@pytest.mark.parametrize(
    "path", ["day/2026-02-30", "day/22", "month/2026-11-01", "week/0001-01-01"]
)
def test_a_day_that_is_not_in_the_calendar_is_not_found(
    home: RecordedHome, path: str
) -> None:
    assert home.client().get(f"/history/{path}").status_code == 404


def test_a_store_that_cannot_be_read_says_what_to_do(home: RecordedHome) -> None:
    home.store.close()
    home.path.unlink()

    answer = home.client().get("/history")

    assert answer.status_code == 503
    assert "there is no store yet" in answer.get_data(as_text=True)
