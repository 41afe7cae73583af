"""The battery that is not there in the API, on the health page and on the bill."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from home_energy.domain.shadow_day import ShadowPass
from tests.dashboard.recorded_home import (
    FIVE_MINUTES,
    NOON,
    RecordedHome,
    price,
)
from tests.dashboard.tiny_bill import tiny_home, use

YESTERDAY = date(2026, 11, 21)


@pytest.fixture
def home(tmp_path: Path) -> RecordedHome:
    made = RecordedHome(tmp_path, shadow=("powerwall-3", "powerwall-2"))
    made.save([price(NOON - FIVE_MINUTES, 24.6)], NOON)
    made.is_collecting()
    return made


def test_the_api_has_every_figure(home: RecordedHome) -> None:
    home.books([1.5, -0.25, 3.0], YESTERDAY)
    home.store.shadow_days.note_pass(ShadowPass(NOON, "3 days", is_failure=False))

    body = home.client().get("/api/v1/shadow").get_json()

    first, second = body["products"]
    assert first["product"] == "powerwall-3"
    # 1.50 - 0.25 + 3.00
    assert first["saving_aud"] == 4.25
    assert first["said"] == (
        "A Powerwall 3 would have saved $3.00 yesterday, $4.25 since November"
    )
    assert (first["first_day"], first["last_day"]) == ("2026-11-19", "2026-11-21")
    assert [day["saving_aud"] for day in first["days"]] == [1.5, -0.25, 3.0]
    assert first["days"][0]["quality"] == "actual"
    # Nothing is booked of the other one.
    assert second["said"] is None
    assert second["saving_aud"] is None
    assert second["days"] == []
    assert body["last_pass"] == {
        "ended_utc": "2026-11-22T01:00:00Z",
        "said": "3 days",
        "is_failure": False,
    }


def test_the_api_has_the_newest_days(home: RecordedHome) -> None:
    home.books([float(number) for number in range(40)], YESTERDAY)

    (first, _) = home.client().get("/api/v1/shadow").get_json()["products"]

    assert [day["saving_aud"] for day in first["days"]] == [*range(9, 40)]
    assert first["day_count"] == 40


def test_without_a_chosen_battery_the_answer_is_empty(home: RecordedHome) -> None:
    home.shadow = ()

    body = home.client().get("/api/v1/shadow").get_json()

    assert body == {"is_demo": False, "products": [], "last_pass": None}


def test_health_tells_what_failed_and_what_to_do(home: RecordedHome) -> None:
    failed = ShadowPass(
        NOON - timedelta(hours=2), "no usage on record", is_failure=True
    )
    home.store.shadow_days.note_pass(failed)

    (finding,) = [
        one
        for one in home.client().get("/api/v1/health").get_json()["findings"]
        if one["where"] == "shadow battery"
    ]

    assert finding["severity"] == "warning"
    assert finding["what"].endswith("could not be worked out, last at 10:00 am")
    assert finding["do"] == (
        "no usage on record. It is tried again by itself; `home-energy shadow` does it "
        "at once."
    )


@pytest.mark.parametrize("is_chosen", [True, False])
def test_health_says_nothing_of_what_works_or_is_not_chosen(
    home: RecordedHome, *, is_chosen: bool
) -> None:
    home.shadow = home.shadow if is_chosen else ()
    done = ShadowPass(NOON, "as it is", is_failure=not is_chosen)
    home.store.shadow_days.note_pass(done)

    findings = home.client().get("/api/v1/health").get_json()["findings"]

    assert "shadow battery" not in [one["where"] for one in findings]


def test_the_lines_of_this_month_say_the_whole_sentence_however_old(
    tmp_path: Path,
) -> None:
    home = tiny_home(tmp_path)
    use(home, date(2026, 10, 1), YESTERDAY)
    home.shadow = ("powerwall-3",)
    home.books([1.5, 12.0], date(2026, 11, 3))

    this_month = home.client().get("/bill/2026-11").text
    last_month = home.client().get("/bill/2026-10").text

    said = "A Powerwall 3 would have saved $14 since November, until 3 November."
    assert said in this_month
    assert "Powerwall" not in last_month
