"""The last hours in five-minute steps."""

from datetime import timedelta
from pathlib import Path

import numpy as np
from tests.analysis.running_costs.measured_home import GRID_METER, measure
from tests.dashboard.recorded_home import FIVE_MINUTES, NOON, RecordedHome, price

from home_energy.analysis.running_costs.trend import trend
from home_energy.domain.price import Channel

NAN = float("nan")


def test_power_and_its_cost_are_beside_each_other(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, power=GRID_METER)
    start = NOON - timedelta(minutes=15)
    measure(home, start, [1600.0, -3000.0])
    home.save([price(start + n * FIVE_MINUTES, 30.0) for n in range(3)])
    home.save([price(start + FIVE_MINUTES, 4.0, Channel.FEED_IN)])

    # The five minutes that run are not in it.
    found = trend(home.store, home.settings, NOON + timedelta(minutes=2))

    assert len(found.starts) == 72
    assert found.starts[-1] == NOON - FIVE_MINUTES
    np.testing.assert_equal(found.grid_watts[-4:].tolist(), [NAN, 1600.0, -3000.0, NAN])
    # 1.6 kW x 30 c bought; 3 kW x 4 c earned
    np.testing.assert_allclose(found.cost_aud_per_hour[-4:], [NAN, 0.48, -0.12, NAN])
    np.testing.assert_equal(
        found.import_c_per_kwh[-4:].tolist(), [NAN, 30.0, 30.0, 30.0]
    )
