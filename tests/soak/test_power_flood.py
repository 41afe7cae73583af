"""Ten minutes of 100 messages a second, for `make soak`."""

from pathlib import Path

import pytest
from tests.ingestion.power.mosquitto import needs_mosquitto
from tests.soak.power_flood import flood

MINUTES = 10


@needs_mosquitto
@pytest.mark.timeout(0)
def test_flood_of_power_grows_no_memory_and_delays_no_price(tmp_path: Path) -> None:
    report = flood(tmp_path, MINUTES)

    for measure in report.measures():
        print(measure.row())  # noqa: T201  # what happened, for who runs it with -s
    missed = {measure.what for measure in report.measures() if measure.is_missed}
    assert missed == set()
    # Some hundred are lost where the broker falls, none anywhere else.
    assert report.flooded.heard_count > 0.97 * report.usable_count
    assert report.quiet.heard_count == 0
