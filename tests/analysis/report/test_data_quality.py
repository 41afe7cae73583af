"""What is told of a record with a gap, whose year was moved."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.sweep.swept_homes import GENERAL, HOT_WATER, swept_home

from home_energy.analysis.report.data_quality import data_quality
from home_energy.analysis.scenario.scenario_file import Scenario
from home_energy.analysis.scenario.scenario_home import scenario_home
from home_energy.domain.meter_day import MeterDay
from home_energy.domain.price import Quality

MISSING = date(2023, 3, 14)


def test_days_of_the_usage_and_what_was_filled_are_told(tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)
    days = [date(2022, 7, 1) + timedelta(days=number) for number in range(365)]
    load = [
        MeterDay.of_one_quality(day, np.full(48, 0.2), Quality.ACTUAL)
        for day in days
        if day != MISSING
    ]
    hot_water = [
        MeterDay.of_one_quality(day, np.full(48, 0.1), Quality.SUBSTITUTE)
        for day in days
    ]
    saved_at = datetime(2025, 8, 1, tzinfo=UTC)
    store.meter_days.save({GENERAL: load, HOT_WATER: hot_water}, saved_at)
    asked = Scenario.model_validate(
        {
            "name": "a",
            "title": "A",
            "period": {"year": 2025},
            "usage": {"moved_from": days[0], "gap_rule": "same_slot_median"},
        }
    )
    home = scenario_home(store, settings, asked, lambda _words: None)

    told = data_quality(home, [])

    assert told["usage_days"] == {"first_day": "2022-07-01", "last_day": "2023-06-30"}
    assert told["moved"]["said"] == "usage of 2022-07..2023-06 moved onto 2025"
    general, heated = told["meter"]
    # 364 and 365 days of 1,440 minutes.
    assert general["covered_minutes"] == 524_160
    assert (general["gap_count"], general["longest_gap_minutes"]) == (1, 1440)
    assert heated["substituted_minutes"] == 525_600
    (fill,) = told["fills"]
    assert (fill["rule"], fill["flow"]) == ("same_slot_median", "general")
    assert (fill["filled_count"], fill["interval_count"]) == (288, 105_120)
    assert fill["filled_kwh"] == pytest.approx(9.6)  # 48 x 0.2
    assert [one["filled_count"] for one in told["flows"]] == [288, 0]
    assert told["flows"][1]["substituted_count"] == 105_120
    # The wholesale price is that of the year that is priced: two weeks are on record.
    assert told["spot"][0]["covered_fraction"] == pytest.approx(14 / 365)
