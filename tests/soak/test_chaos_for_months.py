"""The chaos of `tests/ingestion`, longer and from several seeds, for `make soak`."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.ingestion.chaos import Chaos, Plan, Record
from tests.ingestion.test_chaos import OCTOBER


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(3))
def test_four_weeks_of_kills_faults_and_outages_lose_and_bend_nothing(
    tmp_path: Path, seed: int
) -> None:
    plan = Plan.drawn(seed, OCTOBER, days=28, kill_count=150, calm=timedelta(hours=6))
    chaos = Chaos(plan, tmp_path)

    chaos.run()

    record = Record(chaos)
    print(record.summary())  # noqa: T201  # what happened, for who runs it with -s
    record.check()
