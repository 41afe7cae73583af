"""Limits at the meter."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from home_energy.domain.grid_connection import GridConnection
from home_energy.domain.time_grid import TimeGrid
from home_energy.errors import AlignmentError, DataError

START = datetime(2025, 1, 1, tzinfo=UTC)
FIVE_MINUTES = TimeGrid(START, timedelta(minutes=5), 3)


def test_a_limit_of_power_is_energy_in_an_interval() -> None:
    # 12 kW are 1 kWh in 5 minutes.
    connection = GridConnection(import_limit_kw=12.0, export_limit_kw=6.0)

    assert connection.import_limits_kwh(FIVE_MINUTES).tolist() == [1, 1, 1]
    assert connection.export_limits_kwh(FIVE_MINUTES).tolist() == [0.5, 0.5, 0.5]


def test_flexible_exports_have_a_limit_for_each_interval() -> None:
    connection = GridConnection(export_limit_kw=np.array([0.0, 6.0, 12.0]))

    assert connection.export_limits_kwh(FIVE_MINUTES).tolist() == [0, 0.5, 1]


def test_flexible_exports_of_another_axis_are_refused() -> None:
    connection = GridConnection(export_limit_kw=np.array([0.0, 6.0]))

    with pytest.raises(AlignmentError, match="2 export limits for 3 intervals"):
        connection.export_limits_kwh(FIVE_MINUTES)


@pytest.mark.parametrize(
    ("most_in", "most_out"),
    [(-1.0, 5.0), (float("nan"), 5.0), (15.0, -5.0), (15.0, float("inf"))],
)
def test_limits_that_cannot_be_are_refused(most_in: float, most_out: float) -> None:
    with pytest.raises(DataError, match="0 or more"):
        GridConnection(most_in, most_out)


def test_one_bad_limit_among_many_is_refused() -> None:
    with pytest.raises(DataError, match="0 or more"):
        GridConnection(export_limit_kw=np.array([5.0, np.nan, 5.0]))
