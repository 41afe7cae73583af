"""Load is not what the meter imports."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.analysis.solar.typical_year import CITIES, typical_year

from home_energy.analysis.solar.pv_model import solar_output
from home_energy.analysis.solar.rebuilt_load import rebuilt_load
from home_energy.domain.metered_energy import MeteredEnergy
from home_energy.domain.series import EnergySeries, FloatArray
from home_energy.domain.solar_array import SolarArray
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

AUSGRID = (
    Path(__file__).parents[3]
    / ".."
    / "shared"
    / "data"
    / "homes"
    / "ausgrid_customer12_2011-07_2012-06.csv.gz"
)
HALF_HOUR = timedelta(minutes=30)
GRID = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), HALF_HOUR, 4)
needs_ausgrid = pytest.mark.skipif(
    not AUSGRID.exists(), reason="the Ausgrid home is not beside the repository"
)


def metered(general: list[float], feed_in: list[float]) -> MeteredEnergy:
    return MeteredEnergy(GRID, np.array(general), np.array(feed_in))


def energy(kwh: list[float]) -> EnergySeries:
    return EnergySeries(GRID, np.array(kwh))


def test_import_of_a_home_with_solar_is_not_its_load() -> None:
    # Pitfall 4. Night 0.5 bought; morning 0.2 bought and 0.4 made; noon 1.5 made of
    # which 1.1 sold; evening 0.6 bought.
    meter = metered([0.5, 0.2, 0.0, 0.6], [0.0, 0.0, 1.1, 0.0])

    rebuilt = rebuilt_load(meter, energy([0.0, 0.4, 1.5, 0.0]))

    assert rebuilt.load.kwh == pytest.approx([0.5, 0.6, 0.4, 0.6], abs=1e-12)
    assert rebuilt.load.kwh.sum() == pytest.approx(2.1)  # the meter bought 1.3
    assert (rebuilt.impossible_count, rebuilt.impossible_kwh) == (0, 0.0)


def test_part_of_a_wh_is_rounding_and_more_is_counted() -> None:
    meter = metered([0.0] * 4, [0.501, 1.003, 1.0, 1.0])

    rebuilt = rebuilt_load(meter, energy([0.5, 1.0, 1.0, 1.0]))

    assert rebuilt.load.kwh.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert rebuilt.impossible_count == 1  # 3 Wh; the 1 Wh before is rounding
    assert rebuilt.impossible_kwh == pytest.approx(0.003)


def test_records_that_contradict_each_other_are_refused() -> None:
    # Generation stamped one interval late: sold before it was made.
    meter = metered([0.1, 0.0, 0.0, 0.1], [0.0, 0.9, 0.9, 0.0])

    with pytest.raises(DataError, match=r"contradict .* 2025-01-01 00:30"):
        rebuilt_load(meter, energy([0.0, 0.0, 1.0, 1.0]))


def test_unknown_part_makes_the_load_unknown() -> None:
    meter = metered([0.5, 0.2, np.nan, 0.6], [0.0, 0.0, 0.0, 0.0])

    rebuilt = rebuilt_load(meter, energy([0.0, np.nan, 1.0, 0.0]))

    assert np.isnan(rebuilt.load.kwh).tolist() == [False, True, True, False]


def test_other_axis_is_refused() -> None:
    other = TimeGrid(GRID.start, timedelta(minutes=5), 4)

    with pytest.raises(AlignmentError):
        rebuilt_load(metered([0.0] * 4, [0.0] * 4), EnergySeries(other, np.zeros(4)))


def ausgrid_kwh(column: str) -> FloatArray:
    """Half-hours of 2011-07 to 2012-06, from mean kW. (17568,)"""
    return np.asarray(pd.read_csv(AUSGRID)[column].to_numpy() * 0.5)


@needs_ausgrid
def test_gross_load_of_the_ausgrid_home_comes_back_from_its_net_meter() -> None:
    load, made = ausgrid_kwh("GC"), ausgrid_kwh("GG")
    grid = TimeGrid(datetime(2011, 6, 30, 14, tzinfo=UTC), HALF_HOUR, load.size)
    net = load - made
    meter = MeteredEnergy(grid, net.clip(min=0), (-net).clip(min=0))

    rebuilt = rebuilt_load(meter, EnergySeries(grid, made))

    np.testing.assert_allclose(rebuilt.load.kwh, load, rtol=0, atol=1e-12)
    assert rebuilt.impossible_count == 0
    assert meter.general_kwh.sum() < 0.95 * load.sum()  # import is not load


@needs_ausgrid
def test_measured_generation_of_the_ausgrid_home_has_the_models_shape() -> None:
    # No comparison of energy: tilt, direction and the weather of then are unknown.
    measured = ausgrid_kwh("GG")[: 365 * 48].reshape(365, 48)
    sydney = typical_year(CITIES[7])
    grid = TimeGrid(sydney.grid.start, HALF_HOUR, 17520)
    roof = SolarArray("roof", 1.04, 25, 0, 1.0)

    model = np.roll(solar_output([roof], sydney, grid).ac.kwh.reshape(365, 48), 184, 0)

    # July to June. Winter days are in standard time: both centres at solar noon.
    hours = np.arange(48) / 2 + 0.25
    centres = [
        (days[:60].sum(axis=0) @ hours) / days[:60].sum() for days in (measured, model)
    ]
    assert centres[0] == pytest.approx(centres[1], abs=0.6)
    profiles = [days[:60].mean(axis=0) for days in (measured, model)]
    assert np.corrcoef(*profiles)[0, 1] > 0.97
