"""The year on the history page: every day tells what is on record of it."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from home_energy.analysis.record.days import RecordDays
from home_energy.dashboard.history.year import year_picture
from home_energy.domain.day_share import DayShare
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from tests.dashboard.recorded_home import NOON, RecordedHome, price, price_run

MIDNIGHT = NOON - timedelta(hours=12)
DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    return RecordedHome(tmp_path)


def page(home: RecordedHome, path: str = "/history/year/2026") -> str:
    answer = home.client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def day_words(text: str) -> dict[str, str]:
    """What the squares say, by the day they lead to."""
    found = re.findall(
        r'<a class="day" href="/history/day/([\d-]+)[^"]*" aria-label="([^"]+)"', text
    )
    return dict(found)


def legend(text: str) -> list[tuple[str, str]]:
    return re.findall(r"</i> (\w+) <b>(.*?)</b>", text)


def meter_day(day: date, known: int = 48) -> MeterDay:
    kwh = np.full(48, np.nan)
    kwh[:known] = 0.25
    return MeterDay.of_one_quality(day, kwh, Quality.ACTUAL)


def test_every_day_up_to_now_is_a_square_that_leads_to_its_day(
    home: RecordedHome,
) -> None:
    home.save(price_run(MIDNIGHT - DAY, [20.0] * 288))
    home.save(price_run(MIDNIGHT, [20.0] * 72))

    words = day_words(page(home))

    # 22 November is day 326 of 2026.
    assert len(words) == 326
    assert words["2026-01-01"] == "Thu 1 Jan: price nothing on record"
    assert words["2026-11-21"] == "Sat 21 Nov: price 100% on record"
    # At noon 72 of the 144 five minutes that have been.
    assert words["2026-11-22"] == "Sun 22 Nov: price 50% on record"


def test_price_and_meter_stand_in_one_square(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT - DAY, [20.0] * 288, quality=Quality.ESTIMATE))
    powerpal = MeterRegister("powerpal", "", "import", Flow.GENERAL)
    # The market's day of 21 November is an hour later than the local one.
    days = [meter_day(date(2026, 11, 20)), meter_day(date(2026, 11, 21), 22)]
    home.store.meter_days.save({powerpal: days}, NOON)

    text = page(home)

    words = day_words(text)
    assert words["2026-11-20"] == (
        "Fri 20 Nov: price nothing on record; meter 95% on record"
    )
    # 1 hour of the market's 20th and 11 of its 21st are 12 of 24.
    assert words["2026-11-21"] == (
        "Sat 21 Nov: price 100% on record, not final; meter 50% on record"
    )
    # 1 of 325.5 days of price is under 1 %, and so are 1.5 of the meter.
    assert legend(text) == [("Price", "under 1%, 1 not final"), ("Meter", "under 1%")]


def test_a_home_of_files_alone_has_its_meter(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, has_site=False)
    meter = MeterRegister("nem12", "6001000001", "E1")
    home.store.meter_days.save({meter: [meter_day(date(2026, 11, 20))]}, NOON)

    text = page(home)

    assert day_words(text)["2026-11-20"] == "Fri 20 Nov: meter 95% on record"
    assert [name for name, _ in legend(text)] == ["Meter"]


def test_before_anything_is_on_record_the_page_says_so(home: RecordedHome) -> None:
    text = page(home)

    assert "Nothing is on record yet" in text
    assert day_words(text) == {}
    assert "not final" not in text


def test_the_buttons_lead_to_years_that_are_there(home: RecordedHome) -> None:
    home.save([price(datetime(2025, 12, 31, 1, tzinfo=UTC), 20.0)])

    this_year = re.findall(r'<a class="button" href="([^"]*)"', page(home))
    before = re.findall(
        r'<a class="button" href="([^"]*)"', page(home, "/history/year/2025?kiosk=1")
    )

    assert this_year == ["/", "/history/year/2025", "/history/day/2026-11-22"]
    assert before == [
        "/?kiosk=1",
        "/history/year/2026?kiosk=1",
        "/history/day/2025-12-31?kiosk=1",
    ]


def test_the_week_leads_to_its_year(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    text = page(home, "/history/week/2026-11-16")

    assert (
        '<a class="button" href="/history/year/2026" aria-label="Show the year">'
        in (text)
    )


def test_a_year_to_come_has_no_squares(home: RecordedHome) -> None:
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    assert day_words(page(home, "/history/year/2027")) == {}


@pytest.mark.parametrize("year", ["1999", "2100", "last"])
def test_a_year_that_is_not_in_the_calendar_is_not_found(
    home: RecordedHome, year: str
) -> None:
    assert home.client().get(f"/history/year/{year}").status_code == 404


def test_a_store_that_cannot_be_read_says_what_to_do(home: RecordedHome) -> None:
    home.store.close()
    home.path.unlink()

    answer = home.client().get("/history/year/2026")

    assert answer.status_code == 503
    assert "there is no store yet" in answer.get_data(as_text=True)


def test_without_a_trusted_time_the_year_ends_with_the_record(
    home: RecordedHome,
) -> None:
    home.clock.synchronised = False
    home.clock.time = NOON + timedelta(days=300)
    home.save(price_run(MIDNIGHT, [20.0] * 144))

    text = page(home)

    assert max(day_words(text)) == "2026-11-22"
    assert "Checking the time" in text


def test_states_differ_by_shape_and_not_by_hue_alone() -> None:
    first = date(2025, 1, 30)
    shares = [
        DayShare(first, 1440, 1440, 0),
        DayShare(first + DAY, 1440, 1435, 0),
        DayShare(first + 2 * DAY, 1440, 720, 60),
        DayShare(first + 3 * DAY, 1440, 0, 0),
    ]

    picture = year_picture(2025, RecordDays(tuple(shares), ()))

    bars = [square.bars[0] for square in picture.squares]
    assert [bar.state for bar in bars] == ["full", "part", "part", "none"]
    # 9.2 wide; five missing minutes leave 15 % pale so that they are seen.
    assert [bar.full_width for bar in bars] == [9.2, 7.82, 4.6, 0]
    assert [bar.is_not_final for bar in bars] == [False, False, True, False]
    # 30 and 31 January, then the first two days of the second row.
    assert [(square.x, square.y) for square in picture.squares] == [
        (290, 0),
        (300, 0),
        (0, 10),
        (10, 10),
    ]
    assert picture.kinds[0].words == "62%, 1 not final"  # 3595 of 5760 minutes
