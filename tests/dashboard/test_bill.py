"""The bill pages: sums of a tiny home worked out by hand, and what is missing told."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from home_energy.domain.clock import SystemClock
from home_energy.domain.meter_day import Flow, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.ingestion.importing import FileImport, import_files
from home_energy.ingestion.sources.amber_rows import read_amber_rows
from tests.dashboard.recorded_home import RecordedHome
from tests.dashboard.tiny_bill import (
    PLAN,
    tiny_home,
    use,
    use_with_a_hole,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "amber"
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    """Billed from 1 September to 20 November 2026."""
    home = tiny_home(tmp_path)
    use(home, date(2026, 9, 1), date(2026, 11, 20))
    return home


def page(home: RecordedHome, path: str = "/bill") -> str:
    answer = home.client().get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def words(text: str) -> str:
    """What is read, without marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", text.split("<main")[1]).split())


def total(text: str) -> str:
    found = re.search(r'<p class="total">(.*?)</p>', text)
    assert found is not None
    return re.sub(r"<[^>]*>", "", found[1])


def months(text: str) -> list[str]:
    return re.findall(r'<a class="month" [^>]*aria-label="([^"]*)"', text)


def lines(text: str) -> list[list[str]]:
    rows = re.findall(r"<t(?:body|foot)><tr>(.*?)</tr>", text, re.DOTALL)
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in rows]


def test_this_month_so_far(home: RecordedHome) -> None:
    # 20 days: 240 kWh x 30 c = 72.00, 20 x $1, 96 kWh x 5 c = 4.80; 87.20 / 240 kWh
    text = page(home)

    assert total(text) == "$87.20"
    assert "Bill up to Fri 20 Nov" in words(text)
    assert "20 of 30 days" in words(text)
    assert "240 kWh bought, 96 sold 36.3c/kWh all in" in words(text)
    assert f"Usage $72 Fixed $20 Feed-in {MINUS}$5" in words(text)


def test_the_month_is_projected_from_the_last_28_days(home: RecordedHome) -> None:
    # 67.20 so far, 10 other days of 3.60 - 0.24, $30 for the whole month: 130.80
    assert "November: about $131 projected from the last 28 days" in words(page(home))


def test_six_days_are_not_projected(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 11, 15), date(2026, 11, 20))

    text = words(page(home))

    assert "November: no projection yet, under 7 days in 8 weeks known" in text
    assert "about $" not in text


def test_what_is_not_billed_yet_ends_with_yesterday(home: RecordedHome) -> None:
    assert (
        "20 of 30 days are billed. Usage is not all on record, or not yet, of "
        "Sat 21 Nov." in words(page(home, "/bill/2026-11"))
    )


def test_the_last_months_are_whole(home: RecordedHome) -> None:
    # September 30 x 4.36, October 31 x 4.36
    assert months(page(home)) == [
        "September 2026: $130.80, 30 of 30 days",
        "October 2026: $135.16, 31 of 31 days",
    ]


def test_at_most_six_months_are_shown(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 3, 1), date(2026, 11, 20))

    told = months(page(home))

    assert [month.split()[0] for month in told] == [
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
    ]


def test_a_month_with_a_hole_is_billed_on_its_whole_days(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    gone = {date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 20)}
    use(home, date(2026, 10, 1), date(2026, 11, 20), without=gone)
    use_with_a_hole(home, date(2026, 10, 20))

    text = page(home)
    of_month = page(home, "/bill/2026-10")

    # 28 days x 4.36 = 122.08
    assert months(text) == ["October 2026: $122.08, 28 of 31 days"]
    assert "28 of 31</text>" in text
    assert text.count('fill="url(#hatch)"') == 3
    assert "28 of 31 days are billed" in words(of_month)
    assert "of Thu 8 Oct to Fri 9 Oct, Tue 20 Oct." in words(of_month)
    # Three runs of days are one line each: 336 kWh, 28 days, 134.4 kWh.
    assert [line[:4] for line in lines(of_month)] == [
        ["General usage, Anytime", "336.0 kWh", "30.00c", "$100.80"],
        ["Daily", "28 days", "$1.00", "$28.00"],
        ["Feed-in, Solar", "134.4 kWh", "5.00c", f"{MINUS}$6.72"],
        ["Total", "", "", "$122.08"],
    ]


def test_a_month_without_any_day_has_no_bill(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 9, 1), date(2026, 9, 30))
    use(home, date(2026, 11, 1), date(2026, 11, 20))

    text = page(home)

    assert months(text)[1] == "October 2026: no bill, 0 of 31 days"
    assert "0 of 31</text>" in text
    assert "No day of this month has its whole usage on record" in page(
        home, "/bill/2026-10"
    )


def test_the_lines_of_a_month_are_as_printed(home: RecordedHome) -> None:
    # GST is an eleventh: 111.60 / 11 = 10.145, 31.00 / 11 = 2.818, none on feed-in;
    # 142.60 / 11 = 12.964
    assert lines(page(home, "/bill/2026-10")) == [
        ["General usage, Anytime", "372.0 kWh", "30.00c", "$111.60", "$10.15"],
        ["Daily", "31 days", "$1.00", "$31.00", "$2.82"],
        ["Feed-in, Solar", "148.8 kWh", "5.00c", f"{MINUS}$7.44", "$0.00"],
        ["Total", "", "", "$135.16", "$12.96"],
    ]


def test_a_month_in_which_the_clock_jumps_has_no_hour_of_two(tmp_path: Path) -> None:
    night = PLAN.replace(
        "[[period.feed_in]]",
        '[[period.usage]]\nname = "Two"\nhours = ["02:00-03:00"]\nc_per_kwh = 60.0\n'
        "[[period.feed_in]]",
    )
    home = tiny_home(tmp_path, night)
    use(home, date(2026, 10, 1), date(2026, 11, 20))

    # On 4 October 2 am does not come: 30 hours x 0.5 kWh. 372 kWh in all.
    found = {line[0]: line[1] for line in lines(page(home, "/bill/2026-10"))}

    assert found["General usage, Two"] == "15.0 kWh"
    assert found["General usage, Anytime"] == "357.0 kWh"
    assert found["Daily"] == "31 days"


def test_on_the_first_days_of_a_month_there_is_no_usage_yet(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 10, 1), date(2026, 10, 31))
    home.clock.time = datetime(2026, 11, 1, 3, tzinfo=UTC)  # 1 pm NEM, 2 pm Sydney

    text = page(home)

    # 28 days of 3.36 x 30 / 28, and $30: 130.80
    assert total(text) == "\N{EN DASH}"
    assert "November: no usage yet" in words(text)
    assert "November: about $131" in words(text)
    assert months(text) == ["October 2026: $135.16, 31 of 31 days"]
    assert page(home, "/bill/2026-11")


def test_demand_of_several_runs_of_days_is_the_highest(tmp_path: Path) -> None:
    demand = (
        PLAN + '[[period.demand]]\nname = "Demand"\naud_per_kw_per_day = 0.5\n'
        'hours = ["15:00-21:00"]\n'
    )
    home = tiny_home(tmp_path, demand)
    use(
        home,
        date(2026, 10, 1),
        date(2026, 11, 20),
        without={date(2026, 10, 11)},
    )

    found = {line[0]: line for line in lines(page(home, "/bill/2026-10"))}

    # 0.25 kWh in half an hour are 0.5 kW; x $0.50 x 30 days = 7.50, GST 0.68
    assert found["Demand"] == ["Demand", "0.5 kW", "$15.00", "$7.50", "$0.68"]


def test_a_month_before_the_plan_is_told_and_the_others_stand(tmp_path: Path) -> None:
    home = tiny_home(tmp_path, PLAN.replace("2026-01-01", "2026-10-01"))
    use(home, date(2026, 9, 1), date(2026, 11, 20))

    text = page(home)
    of_month = page(home, "/bill/2026-09")

    assert months(text) == [
        "September 2026: no bill, 30 of 30 days",
        "October 2026: $135.16, 31 of 31 days",
    ]
    assert "This month cannot be billed" in words(of_month)
    assert "its first day is 2026-10-01" in words(of_month)


def test_a_missing_price_is_said_for_its_month(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)  # on the shipped plan, without any price
    use(home, date(2026, 11, 1), date(2026, 11, 20))

    text = words(page(home))

    assert "This month cannot be billed" in text
    assert "passes on Amber's prices, and there are none" in text


def test_the_shipped_plan_says_what_it_lacks(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    use(home, date(2026, 11, 1), date(2026, 11, 20))
    shipped = words(page(home))
    own = PLAN.replace('"tiny"', '"amber"')
    (tmp_path / "tariffs").mkdir()
    (tmp_path / "tariffs" / "amber.toml").write_text(own)

    mine = words(page(home))

    said = "Without network charges: add config/tariffs/amber.toml"
    assert said in shipped
    assert said not in mine


def test_no_usage_is_a_sentence(tmp_path: Path) -> None:
    text = words(page(tiny_home(tmp_path)))

    assert "There is no bill to show" in text
    assert "the record holds no meter data" in text


def test_usage_of_long_ago_is_no_bill_of_now(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 1, 1), date(2026, 2, 28))

    assert "no day from 2026-05-01 to 2026-11-21 has its whole usage on record" in (
        words(page(home))
    )
    # 28 x 4.36
    assert lines(page(home, "/bill/2026-02"))[-1][3] == "$122.08"


def test_a_plan_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, tariff="tinny")

    for path in ("/bill", "/bill/2026-10"):
        assert "tariff 'tinny' is neither in" in words(page(home, path))


def test_two_meters_are_a_question(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, has_site=False)
    use(home, date(2026, 11, 1), date(2026, 11, 20))
    other = MeterRegister("nem12", "9999999999", "E1", Flow.GENERAL)
    day = MeterDay.of_one_quality(date(2026, 11, 1), np.full(48, 0.1), Quality.ACTUAL)
    home.store.meter_days.save({other: [day]}, home.clock.time)

    assert "say which is the home's with `nmi`" in words(page(home))


def test_a_store_that_cannot_be_read_says_what_to_do(home: RecordedHome) -> None:
    home.store.close()
    home.path.unlink()

    for path in ("/bill", "/bill/2026-10"):
        answer = home.client().get(path)

        assert answer.status_code == 503
        assert "there is no store yet" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-1", "2026", "1999-01", "2026-12", "2026-10-01", "x"]
)
def test_a_month_that_is_not_or_not_yet_is_not_found(
    home: RecordedHome, month: str
) -> None:
    assert home.client().get(f"/bill/{month}").status_code == 404


def test_the_buttons_lead_on_and_stay_a_kiosk(home: RecordedHome) -> None:
    first = re.findall(r'<a class="button" href="([^"]*)"', page(home, "/bill?kiosk=1"))
    of_month = re.findall(
        r'<a class="button" href="([^"]*)"', page(home, "/bill/2026-10?kiosk=1")
    )
    newest = re.findall(
        r'<a class="button" href="([^"]*)"', page(home, "/bill/2026-11")
    )
    bars = re.findall(r'<a class="month" href="([^"]*)"', page(home, "/bill?kiosk=1"))

    assert first == ["/?kiosk=1", "/bill/2026-11?kiosk=1", "/what-if?kiosk=1"]
    assert of_month == [
        "/bill?kiosk=1",
        "/bill/2026-09?kiosk=1",
        "/bill/2026-11?kiosk=1",
    ]
    assert newest == ["/bill", "/bill/2026-10"]
    assert bars == ["/bill/2026-09?kiosk=1", "/bill/2026-10?kiosk=1"]


def test_the_demo_says_so(tmp_path: Path) -> None:
    home = tiny_home(tmp_path)
    home.base_url = "http://127.0.0.1:9/v1/"
    use(home, date(2026, 11, 1), date(2026, 11, 20))

    assert '<p class="demo-mark">DEMO</p>' in page(home)


def test_without_a_trusted_time_the_record_says_which_month(
    home: RecordedHome,
) -> None:
    home.clock.synchronised = False

    assert "Checking the time" in words(page(home))


@pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)
def test_november_of_a_real_home_is_what_amber_charged(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, has_site=False)
    task = FileImport("amber", read_amber_rows, SystemClock().now())
    import_files(home.path, sorted(SHARED.glob("*.gz")), task)
    home.clock.time = datetime(2025, 1, 14, 3, tzinfo=UTC)
    cost_c = 0.0
    with gzip.open(SHARED / "usage.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["date"].startswith("2024-11"):
                cost_c += row["cost"]

    told = months(page(home))

    # And $25 of subscription, in the shipped plan.
    expected_aud = round(cost_c / 100, 2) + 25
    assert f"November 2024: ${expected_aud:.2f}, 30 of 30 days" in told
    assert told[0].endswith("24 of 31 days")
