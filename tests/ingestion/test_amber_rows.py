"""Files of Amber's own rows: the past is taken, what was never settled is counted."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.ingestion.amber_answers import NOON, interval, usage

from home_energy.domain.price import Channel, Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.amber_rows import read_amber_rows
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "amber"
FIVE = timedelta(minutes=5)

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)


def _read(text: str) -> FileContent:
    return read_amber_rows(SourceFile("rows.jsonl", text.encode()))


def _lines(*rows: dict[str, Any]) -> FileContent:
    return _read("\n".join(json.dumps(row) for row in rows) + "\n")


def test_lines_of_prices_and_usage_are_told_apart_by_their_type() -> None:
    content = _lines(
        interval(per_kwh=25.5),
        interval(per_kwh=-8.0, channel="feedIn"),
        usage(kwh=0.25),
    )

    general, feed_in = content.prices
    (reading,) = content.readings
    assert (content.source, content.row_count) == ("amber", 3)
    assert (general.channel, general.c_per_kwh) == (Channel.GENERAL, 25.5)
    assert (feed_in.channel, feed_in.c_per_kwh) == (Channel.FEED_IN, 8.0)
    assert (reading.register, reading.kwh, reading.start) == ("E1", 0.25, NOON)
    assert content.problems == ()


def test_an_array_as_the_service_answers_is_read_as_well() -> None:
    rows = [interval(), interval(NOON + FIVE)]

    content = _read("\ufeff" + json.dumps(rows, indent=2))

    assert [price.start for price in content.prices] == [NOON, NOON + FIVE]


def test_a_confirmed_current_price_is_kept_and_an_estimate_left_out() -> None:
    content = _lines(
        interval(kind="CurrentInterval", estimate=False),
        interval(NOON + FIVE, kind="CurrentInterval", estimate=True),
        interval(NOON + 2 * FIVE, kind="CurrentInterval"),
    )

    assert [(p.start, p.quality) for p in content.prices] == [(NOON, Quality.ACTUAL)]
    assert content.problems == (
        "rows.jsonl: rows left out, estimates that were not confirmed: 2",
    )


def test_forecasts_unknown_types_and_channels_are_left_out_and_counted() -> None:
    content = _lines(
        interval(),
        interval(kind="ForecastInterval"),
        interval(kind="ForecastInterval", channel="feedIn"),
        {"type": "ActualRenewable", "renewables": 40.0},
        interval(channel="battery"),
    )

    assert len(content.prices) == 1
    assert content.row_count == 1
    assert content.problems == (
        "rows.jsonl: rows left out, forecasts: 2",
        "rows.jsonl: rows left out, neither prices nor usage by their type: 1",
        "rows.jsonl: rows left out, unknown channel battery: 1",
    )


def test_an_interval_told_again_with_another_value_is_counted() -> None:
    content = _lines(
        interval(per_kwh=25.5),
        interval(per_kwh=25.5),
        interval(per_kwh=26.5),
        usage(kwh=0.25),
        usage(kwh=0.75),
    )

    assert len(content.prices) == 3
    assert "intervals told again with another value: 2" in content.problems[0]


GOOD = json.dumps(interval())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD[:-20], "no JSON .* cut off"),
        ("REGION,SETTLEMENTDATE", "no JSON"),
        ("17", "17 is no row of Amber's"),
        ('{"nmi": "6001000001"}', "no row of Amber's"),
        (json.dumps(interval() | {"perKwh": None}), "perKwh of a ActualInterval row"),
        (json.dumps(interval(per_kwh=99_999.0)), "perKwh .* 99999"),
        (json.dumps(interval() | {"endTime": "2026-11-22T02:05:00"}), "endTime"),
        (json.dumps(interval(NOON + timedelta(seconds=7))), "off the market's clock"),
        (json.dumps(interval() | {"endTime": "1900-01-01T00:05:00Z"}), "no such time"),
        (json.dumps(usage(kwh=-0.25)), "-0.25 kWh on general"),
        (json.dumps({k: v for k, v in usage().items() if k != "kwh"}), "kwh .* Usage"),
    ],
)
def test_a_row_that_cannot_be_is_named_by_its_line(line: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"^rows\.jsonl:3: .*{said}"):
        _read(f"{GOOD}\n\n{line}\n")


def test_a_row_of_an_array_is_named_by_its_number() -> None:
    rows = [interval(), interval(NOON + timedelta(seconds=7))]

    with pytest.raises(DataError, match=r"^rows\.jsonl, row 2: .*clock"):
        _read(json.dumps(rows))


@pytest.mark.parametrize("text", ["[]", '[{"type": "ActualRenewable"}]', "", "\n \n"])
def test_a_file_without_prices_or_usage_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"no price and no usage|empty"):
        _read(text)


@needs_shared
def test_a_real_homes_rows_are_all_read() -> None:
    def rows(name: str) -> FileContent:
        content = gzip.decompress((SHARED / name).read_bytes())
        return read_amber_rows(SourceFile(name, content))

    prices, readings = rows("prices.jsonl.gz"), rows("usage.jsonl.gz")

    assert (len(prices.prices), len(prices.readings)) == (19_579, 0)
    assert (len(readings.prices), len(readings.readings)) == (0, 9_500)
    assert prices.problems == readings.problems == ()


@needs_shared
@pytest.mark.parametrize("name", ["sites.json", "responses_with_headers.json"])
def test_other_answers_of_amber_are_refused(name: str) -> None:
    with pytest.raises(DataError, match="no row of Amber's"):
        read_amber_rows(SourceFile(name, (SHARED / "samples" / name).read_bytes()))
