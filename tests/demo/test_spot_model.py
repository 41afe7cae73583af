"""The seeded spot price: the same for everyone who asks, at any time, in any order."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from home_energy.demo.spot_model import (
    CalendarCells,
    SpotModel,
    SpotQuantiles,
    as_published,
    normal_share,
    victorian_quantiles,
)
from home_energy.errors import DataError


def test_same_seed_gives_same_prices_in_any_order() -> None:
    forwards, backwards = SpotModel(3), SpotModel(3)
    days = [date(2025, 6, 17), date(2030, 1, 1), date(2025, 6, 16)]

    first = {day: forwards.day_prices(day) for day in days}
    second = {day: backwards.day_prices(day) for day in reversed(days)}

    for day in days:
        np.testing.assert_array_equal(first[day], second[day])


def test_another_seed_gives_other_prices() -> None:
    day = date(2025, 6, 17)

    assert not np.array_equal(
        SpotModel(1).day_prices(day), SpotModel(2).day_prices(day)
    )


def test_scores_of_a_range_are_those_of_its_days() -> None:
    model = SpotModel(0)
    start = datetime(2025, 6, 17, 13, 50, tzinfo=UTC)  # 23:50 NEM on the 17th

    scores = model.scores(start, 4)

    whole = np.concatenate(
        [model.day_scores(date(2025, 6, 17)), model.day_scores(date(2025, 6, 18))]
    )
    np.testing.assert_array_equal(scores, whole[286:290])


def test_scores_do_not_break_at_midnight() -> None:
    model = SpotModel(0)
    start = datetime(2025, 1, 1, tzinfo=UTC)

    scores = model.scores(start, 288 * 200)

    steps = np.diff(scores)
    midnight = 14 * 12 - 1 + 288 * np.arange(199)  # 14:00 UTC is midnight NEM
    # Both are near sqrt(2 * 0.07) = 0.37; a seam would make the first near 1.
    assert steps[midnight].std() == pytest.approx(steps.std(), rel=0.25)


def test_scores_are_standard_normal() -> None:
    scores = SpotModel(5).scores(datetime(2025, 1, 1, tzinfo=UTC), 288 * 1000)

    # 1000 days with a memory of about a day: standard error of the mean is 0.03.
    assert scores.mean() == pytest.approx(0.0, abs=0.12)
    assert scores.std() == pytest.approx(1.0, abs=0.08)


def test_quantiles_are_read_between_levels() -> None:
    levels = np.array([0.0, 0.5, 1.0])
    table = np.zeros((12, 48, 3))
    table[5, 20] = [-11.0, 0.0, 22.0]
    cells = CalendarCells(np.array([6, 6, 6]), np.array([20, 20, 20]))

    price = SpotQuantiles(levels, table).price(cells, np.array([-99.0, 0.0, 0.6744898]))

    # The lowest; the middle; three quarters of the way: half of 22.
    np.testing.assert_allclose(price, [-11.0, 0.0, 11.0], atol=1e-4)


def test_cells_follow_nem_time_across_midnight_and_month() -> None:
    start = datetime(2025, 6, 30, 13, 30, tzinfo=UTC)  # 23:30 NEM on 30 June

    cells = CalendarCells.of(start, timedelta(minutes=30), 3)

    assert cells.month.tolist() == [6, 7, 7]
    assert cells.half_hour.tolist() == [47, 0, 1]


def test_price_is_published_in_whole_cents_per_mwh() -> None:
    # 122.26 $/MWh x 0.11 = 13.4486; a hair above rounds to it.
    assert as_published(np.array([13.44862]))[0] == 13.4486


def test_normal_share_of_known_scores() -> None:
    share = normal_share(np.array([0.0, 1.959964]))

    np.testing.assert_allclose(share, [0.5, 0.975], atol=1e-6)


def test_figures_in_the_package_are_whole() -> None:
    figures = victorian_quantiles()

    assert figures.c_per_kwh.shape == (12, 48, figures.levels.size)
    assert np.all(np.diff(figures.c_per_kwh, axis=2) >= 0)
    # Market price cap and floor of 2024-25 and 2025-26, $/MWh x 0.11.
    assert figures.c_per_kwh.max() <= 20_300 * 0.11
    assert figures.c_per_kwh.min() >= -1_000 * 0.11


def test_negative_seed_is_refused() -> None:
    with pytest.raises(DataError, match="seed must be zero or more, got -1"):
        SpotModel(-1)
