"""The synthetic spot price against the real Victorian prices of 2025."""

from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from home_energy.demo.calibrate import (
    SpotRecord,
    autocorrelation,
    figure_lines,
    main,
    normal_scores,
    read_spot,
)
from home_energy.demo.spot_model import FloatArray, SpotModel
from home_energy.errors import DataError

REAL_FOLDER = Path(__file__).parents[3] / "shared" / "data" / "aemo"

SEEDS = range(6)


@pytest.fixture(scope="module")
def real() -> SpotRecord:
    if not REAL_FOLDER.exists():
        pytest.skip("real AEMO prices are not on this machine: ../shared/data/aemo")
    return read_spot(REAL_FOLDER)


@pytest.fixture(scope="module")
def synthetic() -> FloatArray:
    """Six histories of 2025. (6, 105120) [c/kWh, with GST]"""
    days = [date(2025, 1, 1) + timedelta(days=k) for k in range(365)]
    years = [
        np.concatenate([model.day_prices(day) for day in days])
        for model in (SpotModel(seed) for seed in SEEDS)
    ]
    return np.array(years)


def test_default_year_is_like_the_real_one(
    real: SpotRecord, synthetic: FloatArray
) -> None:
    true, drawn = real.c_per_kwh, synthetic[0]

    assert drawn.mean() == pytest.approx(true.mean(), rel=0.10)
    assert drawn.std() == pytest.approx(true.std(), rel=0.15)
    assert (drawn < 0).mean() == pytest.approx((true < 0).mean(), abs=0.02)
    assert (drawn > 30).mean() == pytest.approx((true > 30).mean(), abs=0.004)
    assert autocorrelation(drawn, 1) == pytest.approx(
        autocorrelation(true, 1), abs=0.05
    )


def test_other_years_are_like_it_on_average(
    real: SpotRecord, synthetic: FloatArray
) -> None:
    true = real.c_per_kwh

    # A year's mean hangs on its few spike days, so single seeds scatter by 15 %.
    assert synthetic.mean() == pytest.approx(true.mean(), rel=0.08)
    assert (synthetic < 0).mean() == pytest.approx((true < 0).mean(), abs=0.02)
    assert (synthetic > 30).mean() == pytest.approx((true > 30).mean(), abs=0.004)
    assert synthetic.max() == pytest.approx(true.max(), rel=0.02)
    assert synthetic.min() == pytest.approx(true.min(), rel=0.10)


def test_middle_price_of_each_month_and_half_hour(
    real: SpotRecord, synthetic: FloatArray
) -> None:
    differences = []
    for month in range(1, 13):
        for half_hour in range(48):
            cell = (real.month == month) & (real.half_hour == half_hour)
            true = np.median(real.c_per_kwh[cell])
            differences.append(np.median(synthetic[:, cell]) - true)

    # c/kWh; a cell has about 30 x 6 days, of which the median is known to 1 c.
    assert np.mean(np.abs(differences)) < 1.2


def test_duck_curve(synthetic: FloatArray) -> None:
    by_half_hour = np.median(synthetic.reshape(-1, 48, 6), axis=(0, 2))

    midday, evening = by_half_hour[24], by_half_hour[37]

    assert midday < 2.0
    assert evening > 10.0


def test_memory_is_like_the_real_one(real: SpotRecord, synthetic: FloatArray) -> None:
    true = normal_scores(real)
    drawn = normal_scores(SpotRecord(real.month, real.half_hour, synthetic[0]))

    for lag in (1, 6, 12, 36, 72, 144):
        expected = autocorrelation(true, lag)
        assert autocorrelation(drawn, lag) == pytest.approx(expected, abs=0.12)


def test_figures_in_the_package_are_those_of_the_real_prices(
    real: SpotRecord,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert real.c_per_kwh.size == 105_120
    monkeypatch.setattr("sys.argv", ["calibrate", str(REAL_FOLDER)])

    main()

    kept = resources.files("home_energy.demo") / "spot_quantiles_vic_2025.csv"
    assert capsys.readouterr().out == kept.read_text(encoding="utf-8")


def test_settlement_date_is_the_end_of_the_interval(tmp_path: Path) -> None:
    (tmp_path / "PRICE_AND_DEMAND_202506_VIC1.csv").write_text(
        "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE\n"
        "VIC1,2025/07/01 00:00:00,4339.0,100.0,TRADE\n"
        "VIC1,2025/07/01 00:05:00,4339.0,-50.0,TRADE\n"
    )

    spot = read_spot(tmp_path)

    assert spot.month.tolist() == [6, 7]
    assert spot.half_hour.tolist() == [47, 0]
    np.testing.assert_allclose(spot.c_per_kwh, [11.0, -5.5])


@pytest.mark.parametrize(
    "line",
    ["VIC1,01-06-2025,1,100.0,TRADE", "VIC1,2025/06/01 00:05:00,1,high,TRADE", "VIC1"],
)
def test_bad_price_row_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    header = "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE\n"
    (tmp_path / "PRICE_AND_DEMAND_202506_VIC1.csv").write_text(header + line + "\n")

    with pytest.raises(DataError, match=r"VIC1\.csv:2: not an AEMO price row"):
        read_spot(tmp_path)


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no PRICE_AND_DEMAND"):
        read_spot(tmp_path)


def test_normal_scores_rank_within_a_cell() -> None:
    month = np.array([1] * 3 + [m for m in range(1, 13) for _ in range(48)])
    half_hour = np.array([5] * 3 + [h for _ in range(1, 13) for h in range(48)])
    price = np.concatenate([[30.0, -1.0, 10.0], np.full(576, 20.0)])

    scores = normal_scores(SpotRecord(month, half_hour, price))

    # Four prices in the cell: -1, 10, 20, 30 at shares 1/8, 3/8, 5/8, 7/8.
    np.testing.assert_allclose(scores[:3], [1.1503, -1.1503, -0.3186], atol=1e-4)


def test_figures_have_a_row_for_each_half_hour_of_each_month() -> None:
    month = np.repeat(np.arange(1, 13), 48 * 2)
    half_hour = np.tile(np.repeat(np.arange(48), 2), 12)
    price = np.tile([4.0, 8.0], 576)

    lines = list(figure_lines(SpotRecord(month, half_hour, price), "Source."))

    rows = [line for line in lines if not line.startswith("#")][1:]
    assert len(rows) == 576
    assert rows[0].startswith("1,0,4.00,4.02,")
    assert rows[-1].startswith("12,47,4.00,")
    assert rows[-1].endswith(",8.00")
