"""Three days of everything that goes wrong, and the record is right all the same."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ingestion.chaos import Chaos, Plan, Record

OCTOBER = datetime(2026, 10, 2, 2, 0, tzinfo=UTC)
"""Two days before the clocks change in Sydney."""


@pytest.mark.xdist_group("chaos")
@pytest.mark.timeout(900)
def test_three_days_of_kills_faults_and_outages_lose_and_bend_nothing(
    tmp_path: Path,
) -> None:
    plan = Plan.drawn(7, OCTOBER, days=3, kill_count=16, calm=timedelta(hours=6))
    chaos = Chaos(plan, tmp_path)

    chaos.run()

    record = Record(chaos)
    print(record.summary())  # noqa: T201  # what happened, for who runs it with -s
    record.check()
