"""Bills as a person types them, each figure worked out by hand."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Home

from home_energy.domain.meter_day import MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.domain.spot import SpotDay
from home_energy.store import Store

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
needs_amber = pytest.mark.skipif(
    not (SHARED / "amber").exists(), reason="the shared data is not here"
)
KNOWN_AT = datetime(2025, 3, 1, tzinfo=UTC)
IMPORT = MeterRegister("nem12", "6001000001", "E1")
EXPORT = MeterRegister("nem12", "6001000001", "B1")

FLAT = """
name = "flat"
title = "Flat, for a test"
[[period]]
from = 2025-01-01
source = "made up"
[[period.usage]]
name = "Anytime"
c_per_kwh = 33.0
[[period.feed_in]]
name = "Feed-in"
c_per_kwh = 5.0
[[period.fixed]]
name = "Supply"
c_per_day = 110.0
"""
DEAR = FLAT.replace('"flat"', '"dear"').replace("33.0", "44.0")
SPOT = (
    FLAT.replace('"flat"', '"spot"')
    .replace("c_per_kwh = 33.0", "spot = { loss_factor = 1.0, c_per_kwh = 10.0 }")
    .replace("c_per_kwh = 5.0", "spot = { loss_factor = 1.0, c_per_kwh = 0.0 }")
)


def whole_day(kwh: float) -> np.ndarray:
    return np.full(48, kwh)


def save_days(home: Home, day_count: int = 31, missing_on: int | None = None) -> None:
    """January: 0.5 kWh bought and 0.25 kWh sold every half-hour, RRP $100/MWh."""
    first = date(2025, 1, 1)
    bought, sold, spot = [], [], []
    for number in range(day_count):
        day, kwh = first + timedelta(days=number), whole_day(0.5)
        if number == missing_on:
            kwh[20:22] = np.nan
        bought.append(MeterDay.of_one_quality(day, kwh, Quality.ACTUAL))
        sold.append(MeterDay.of_one_quality(day, whole_day(0.25), Quality.ACTUAL))
        spot.append(SpotDay("VIC1", day, 5, np.full(288, 100.0)))
    store = Store.open(home.folder / "home.sqlite")
    store.meter_days.save({IMPORT: bought, EXPORT: sold}, KNOWN_AT)
    store.spot_days.save(spot, KNOWN_AT)
    store.close()
    folder = home.folder / "config" / "tariffs"
    folder.mkdir()
    for name, text in (("flat", FLAT), ("dear", DEAR), ("spot", SPOT)):
        (folder / f"{name}.toml").write_text(text)


JANUARY = ("--from", "2025-01-01", "--to", "2025-01-31")


def test_a_month_on_a_flat_tariff(home: Home) -> None:
    save_days(home)

    done = home.run("bill", *JANUARY, "--tariff", "flat", "--json")

    # 31 x 48 x 0.5 = 744 kWh x 33 c = 245.52; 31 x 1.10 = 34.10; 372 x 5 c = 18.60
    bill = json.loads(done.stdout)
    assert done.returncode == 0
    assert bill["total_aud"] == pytest.approx(245.52 + 34.10 - 18.60, abs=1e-9)
    assert bill["printed_total_aud"] == "261.02"
    assert bill["gst_aud"] == pytest.approx((245.52 + 34.10) / 11, abs=1e-9)
    assert bill["import_kwh"] == pytest.approx(744)
    assert bill["effective_c_per_kwh"] == pytest.approx(26102 / 744, abs=1e-9)
    assert [month["month"] for month in bill["months"]] == ["2025-01"]
    # ten half-hours of 0.5 kWh x 33 c = 1.65
    assert bill["total_without_dearest_aud"] == pytest.approx(261.02 - 1.65)


def test_the_wholesale_price_is_passed_on_with_gst(home: Home) -> None:
    save_days(home)

    done = home.run("bill", *JANUARY, "--tariff", "spot", "--json")

    # spot 100 $/MWh is 11 c with GST: 744 x 21 c = 156.24; sold 372 x 10 c = 37.20
    bill = json.loads(done.stdout)
    assert bill["total_aud"] == pytest.approx(156.24 + 34.10 - 37.20, abs=1e-9)


def test_the_bill_is_printed_line_by_line(home: Home) -> None:
    save_days(home)

    done = home.run("bill", *JANUARY, "--tariff", "flat")

    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "January 2025" in lines
    assert "General usage, Anytime 744.000 kWh 33.0000 c $245.52 $22.32" in lines
    assert "Supply 31.000 days 110.0000 c $34.10 $3.10" in lines
    assert "Feed-in 372.000 kWh 5.0000 c -$18.60 $0.00" in lines
    assert "Total $261.02 $25.42" in lines


def test_tariffs_are_ranked_from_the_cheapest(home: Home) -> None:
    save_days(home)

    done = home.run("bill", "compare", "dear", "flat", "spot", *JANUARY, "--json")

    ranked = json.loads(done.stdout)["bills"]
    assert [bill["tariff"] for bill in ranked] == ["spot", "flat", "dear"]


def test_a_tariff_that_cannot_be_priced_is_left_out_with_its_reason(
    home: Home,
) -> None:
    save_days(home)

    done = home.run("bill", "compare", *JANUARY, "--json")

    answer = json.loads(done.stdout)
    assert "Amber's prices" in answer["refused"]["amber"]
    assert {"flat", "dear", "spot"} <= {bill["tariff"] for bill in answer["bills"]}


def test_a_gap_is_refused_with_what_would_allow_it(home: Home) -> None:
    save_days(home, missing_on=9)

    done = home.run("bill", *JANUARY, "--tariff", "flat")

    assert done.returncode == 4
    assert "general lacks 12 of 8928 intervals" in done.stderr
    assert "--gap-rule" in done.stderr


def test_a_filled_gap_is_counted_in_the_bill(home: Home) -> None:
    save_days(home, missing_on=9)

    done = home.run(
        "bill", *JANUARY, "--tariff", "flat", "--gap-rule", "line_then_mean", "--json"
    )

    bill = json.loads(done.stdout)
    assert bill["import_kwh"] == pytest.approx(744)  # every day is like the others
    assert any("12 of 8928 intervals" in note for note in bill["notes"])


def test_a_year_of_which_most_is_missing_is_refused(home: Home) -> None:
    save_days(home)

    done = home.run(
        "bill", "--year", "2025", "--tariff", "flat", "--gap-rule", "line_then_mean"
    )

    assert done.returncode == 4
    assert "100% of 2025-0" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bill", "--year", "2025", "--to", "2025-01-31"), "leave one out"),
        (("bill", "--to", "2025-01-31"), "--from YYYY-MM-DD is missing"),
        (("bill", "--from", "2999-01-01"), "is yet to come"),
        (("bill", "--from", "2025-02-01", "--to", "2025-01-01"), "no days to bill"),
        (("bill", *JANUARY, "--tariff", "flt"), "did you mean flat"),
        (("bill", *JANUARY, "--gap-rule", "guess"), "unknown gap rule 'guess'"),
        (("bill", *JANUARY, "--usage", "powerpal"), "no source powerpal"),
        (("bill", "--year", "2025", "reconcile"), "write them after it"),
        (("bill", "reconcile"), "no usage of Amber's on record"),
    ],
)
def test_what_is_typed_wrong_is_said_in_one_line(
    home: Home, words: tuple[str, ...], said: str
) -> None:
    save_days(home, missing_on=9)

    done = home.run(*words)

    assert done.returncode in (2, 4)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_usage_of_another_year_is_said_to_be_moved(home: Home) -> None:
    first = date(2023, 7, 1)
    days = [
        MeterDay.of_one_quality(
            first + timedelta(days=n - 1), whole_day(0.5), Quality.ACTUAL
        )
        for n in range(370)
    ]
    save_days(home, day_count=1)
    store = Store.open(home.folder / "home.sqlite")
    store.meter_days.save({IMPORT: days, EXPORT: days}, KNOWN_AT)
    store.close()

    done = home.run(
        "bill", "--year", "2025", "--usage-from", "2023-07-01", "--tariff", "flat",
        "--json",
    )  # fmt: skip

    bill = json.loads(done.stdout)
    assert bill["import_kwh"] == pytest.approx(365 * 24)
    assert "moved onto 2025" in bill["notes"][0]


@needs_amber
def test_every_row_of_a_real_home_is_reconciled(home: Home) -> None:
    files = [str(SHARED / "amber" / f"{n}.jsonl.gz") for n in ("prices", "usage")]
    assert home.run("import", "amber", *files).returncode == 0

    fit = json.loads(home.run("bill", "fit", "--json").stdout)
    done = json.loads(home.run("bill", "reconcile", "--json").stdout)

    assert fit["largest_residual_c_per_kwh"] < 1e-5
    assert (done["row_count"], done["fitting_count"]) == (9500, 9500)
    assert done["misfits"] == []


@needs_amber
def test_an_invoice_is_laid_beside_the_bill_of_its_days(home: Home) -> None:
    files = [str(SHARED / "amber" / f"{n}.jsonl.gz") for n in ("prices", "usage")]
    home.run("import", "amber", *files)
    cost_c = 0.0
    with gzip.open(files[1], "rt") as lines:
        for line in lines:
            row = json.loads(line)
            if row["date"].startswith("2024-11"):
                cost_c += row["cost"]
    invoiced = round(cost_c / 100 + 25, 2)  # what Amber says, and the subscription
    path = home.folder / "invoices.toml"
    path.write_text(
        f"[[invoice]]\nfrom = 2024-11-01\nto = 2024-11-30\ntotal_aud = {invoiced}\n"
    )

    done = home.run("bill", "reconcile", "--invoices", str(path), "--json")

    (compared,) = json.loads(done.stdout)["invoices"]
    assert abs(compared["difference_c"]) < 0.6  # the invoice is rounded to a cent
