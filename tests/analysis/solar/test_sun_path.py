"""Where the sun stands, against a worked example that is not ours."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from pvlib import solarposition

from home_energy.analysis.solar.sun_path import sun_path
from home_energy.domain.time_grid import TimeGrid


def test_sun_stands_where_nrels_worked_example_has_it() -> None:
    # I. Reda, A. Andreas, NREL/TP-560-34302, appendix A.5: 17 October 2003, 12:30:30 at
    # UTC-7, 39.742476 N 105.1786 W: zenith 50.11162, azimuth 194.34024. The middle of
    # these five minutes is that instant; half of them later it would be 0.35 degrees.
    start = datetime(2003, 10, 17, 19, 28, tzinfo=UTC)
    grid = TimeGrid(start, timedelta(minutes=5), 1)

    sun = sun_path(39.742476, -105.1786, grid)

    assert sun.zenith_deg[0] == pytest.approx(50.11162, abs=0.02)
    assert sun.azimuth_deg[0] == pytest.approx(194.34024, abs=0.05)


def test_sun_is_in_the_north_at_noon_in_melbourne() -> None:
    # 21 December 2025, noon by the sun at 12:18 NEM: 37.81 - 23.44 = 14.4 from straight
    # up; the day has 14 h 47 min.
    start = datetime(2025, 12, 20, 14, tzinfo=UTC)
    grid = TimeGrid(start, timedelta(minutes=5), 288)

    sun = sun_path(-37.81, 144.96, grid)

    noon = int(sun.zenith_deg.argmin())
    assert sun.zenith_deg[noon] == pytest.approx(14.37, abs=0.05)
    assert min(sun.azimuth_deg[noon], 360 - sun.azimuth_deg[noon]) < 3
    assert noon * 5 + 2.5 == pytest.approx(12 * 60 + 18, abs=3)
    assert (sun.clear_ghi_w_per_m2 > 0).sum() * 5 == pytest.approx(887, abs=10)


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg"),
    [(-37.81, 144.96), (-12.46, 130.84), (-42.88, 147.33), (-31.95, 115.86)],
)
def test_sun_of_a_year_is_where_pvlib_has_it(
    latitude_deg: float, longitude_deg: float
) -> None:
    grid = TimeGrid(datetime(2025, 1, 1, tzinfo=UTC), timedelta(minutes=55), 9556)

    sun = sun_path(latitude_deg, longitude_deg, grid)

    middles = pd.date_range(
        grid.start + grid.step / 2, periods=grid.count, freq=grid.step
    )
    theirs = solarposition.get_solarposition(middles, latitude_deg, longitude_deg)
    is_up = (theirs["zenith"] < 89).to_numpy()
    zenith = theirs["apparent_zenith"].to_numpy()[is_up]
    azimuth = theirs["azimuth"].to_numpy()[is_up]
    np.testing.assert_allclose(sun.zenith_deg[is_up], zenith, rtol=0, atol=0.05)
    turned = (sun.azimuth_deg[is_up] - azimuth + 180) % 360 - 180
    # An azimuth near straight up is a small arc in the sky.
    np.testing.assert_allclose(
        turned * np.sin(np.radians(zenith)), 0, rtol=0, atol=0.02
    )


def test_night_is_dark() -> None:
    midnight = TimeGrid(datetime(2025, 6, 20, 14, tzinfo=UTC), timedelta(minutes=5), 12)

    sun = sun_path(-37.81, 144.96, midnight)

    for values in (
        sun.clear_ghi_w_per_m2,
        sun.clear_dni_w_per_m2,
        sun.clear_dhi_w_per_m2,
        sun.cos_zenith,
    ):
        assert values.tolist() == [0.0] * 12
