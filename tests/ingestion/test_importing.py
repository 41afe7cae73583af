"""Files into the record: all or none, once, of this home only, with their origin."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.domain.sample_days import NAN, day_of
from tests.ingestion.amber_answers import NOON, interval, usage

from home_energy.domain.meter_day import MeterRegister
from home_energy.domain.price import Channel
from home_energy.domain.site import IMPORTED, RetailSite
from home_energy.errors import ConfigError, DataError
from home_energy.ingestion.importing import (
    FileImport,
    ImportedFile,
    import_batches,
    import_files,
)
from home_energy.ingestion.sources.aemo_files import read_aemo_file
from home_energy.ingestion.sources.amber_rows import read_amber_rows
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.domain.meter_day import MeterRecord

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HOME, OTHER = "6001000001", "6002000002"
HEADER = "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE\n"

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="real data is not beside the project: ../shared/data"
)


def read_plain_meter(file: SourceFile) -> FileContent:
    """Reader of lines `NMI REGISTER KWH`, each the first half-hour of one day."""
    meter: MeterRecord = {}
    for line in file.content.decode().splitlines():
        nmi, name, kwh = line.split()
        if float(kwh) < 0:
            raise DataError(f"{file.name}: {kwh} kWh")
        meter[MeterRegister("nem12", nmi, name)] = [day_of(float(kwh), NAN, 0.5)]
    return FileContent("nem12", len(meter), meter=meter)


METER = FileImport("nem12", read_plain_meter, NOW)
AEMO = FileImport("aemo", read_aemo_file, NOW)
AMBER = FileImport("amber", read_amber_rows, NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.sqlite"


def _file(path: Path, text: str, name: str = "a.csv") -> Path:
    file = path.with_name(name)
    file.write_text(text)
    return file


def _month(*rows: str) -> str:
    return HEADER + "".join(f"VIC1,{row},TRADE\n" for row in rows)


def _rows(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def _dump(path: Path) -> str:
    """Every table and every row, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def _store(path: Path) -> Store:
    return Store.open(path)


def _counts(imported: list[ImportedFile]) -> list[tuple[int, int, int]]:
    return [
        (file.record.new_count, file.record.changed_count, file.unchanged_count)
        for file in imported
    ]


def test_an_entry_says_where_the_values_came_from(path: Path) -> None:
    text = _month("2025/03/01 00:05:00,1,50.0", "2025/03/01 00:15:00,1,60.0")
    file = _file(path, text)

    (imported,) = import_files(path, [file], AEMO)

    record = imported.record
    assert _store(path).imports.all() == [record]
    assert (record.kind, record.source, record.file_name) == ("aemo", "aemo", "a.csv")
    assert record.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert record.byte_count == len(text)
    assert record.imported_at == NOW
    assert (record.row_count, record.value_count, record.new_count) == (2, 2, 2)
    # 00:00 to 00:15 in NEM time, UTC+10.
    assert record.first == datetime(2025, 2, 28, 14, tzinfo=UTC)
    assert record.last == datetime(2025, 2, 28, 14, 15, tzinfo=UTC)
    assert "lacks 1" in record.problems[0]
    assert imported.is_first_time


def test_twice_is_once(path: Path) -> None:
    meter = _file(path, f"{HOME} E1 0.1\n{HOME} B1 0.2\n")
    spot = _file(path, _month("2025/03/01 00:05:00,1,50.0"), "b.csv")
    rows = _file(path, _rows(interval(), usage()), "c.jsonl")
    files = {meter: METER, spot: AEMO, rows: AMBER}

    first = [import_files(path, [file], task)[0] for file, task in files.items()]
    before = _dump(path)
    later = [replace(task, now=NOW + timedelta(days=9)) for task in files.values()]
    second = [
        import_files(path, [file], task)[0]
        for file, task in zip(files, later, strict=True)
    ]

    # Two registers with two values each; one price; one price and one reading.
    assert _counts(first) == [(4, 0, 0), (1, 0, 0), (2, 0, 0)]
    assert _counts(second) == [(0, 0, 4), (0, 0, 1), (0, 0, 2)]
    assert [file.is_first_time for file in second] == [False] * 3
    assert _dump(path) == before


def test_a_fault_in_the_last_file_leaves_the_store_as_it_was(path: Path) -> None:
    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)
    before = _dump(path)
    good = _file(path, f"{HOME} E1 0.9\n", "good.csv")
    bad = _file(path, f"{HOME} E1 -1\n", "bad.csv")

    with pytest.raises(DataError, match=r"bad\.csv: -1 kWh"):
        import_files(path, [good, bad], METER)

    assert _dump(path) == before


def test_a_fault_while_keeping_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)
    before = _dump(path)
    files = [_file(path, f"{HOME} E1 0.{i}\n", f"{i}.csv") for i in (7, 8)]

    def fail_at_second(content: FileContent, now: datetime) -> int:
        if 0.8 in next(iter(content.meter.values()))[0].kwh:
            raise DataError(f"at {now}")
        return 0

    monkeypatch.setattr("home_energy.ingestion.importing.future_count", fail_at_second)
    with pytest.raises(DataError, match="at 2026"):
        import_files(path, files, METER)

    assert _dump(path) == before


def test_a_fault_of_one_kind_while_keeping_keeps_nothing_of_the_others(
    path: Path,
) -> None:
    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)
    before = _dump(path)
    prices = _file(path, _month("2025/03/01 00:05:00,1,50.0"), "prices.csv")
    two = _file(path, f"{OTHER} E1 0.1\n", "other.csv")
    homes = replace(METER, nmi=HOME)

    with pytest.raises(DataError, match=OTHER):
        import_batches(path, [([prices], AEMO), ([two], homes)])

    assert _dump(path) == before


def test_files_of_several_kinds_are_kept_together(path: Path) -> None:
    prices = _file(path, _month("2025/03/01 00:05:00,1,50.0"), "prices.csv")
    meter = _file(path, f"{HOME} E1 0.1\n", "meter.csv")
    batches = [([prices], AEMO), ([meter], METER)]

    dry = import_batches(
        path, [(files, replace(task, is_dry_run=True)) for files, task in batches]
    )
    done = import_batches(path, batches)

    assert [_counts(one) for one in done] == [[(1, 0, 0)], [(2, 0, 0)]]
    assert dry == done  # a dry run kept nothing of either


def test_a_file_that_cannot_be_read_makes_no_store(path: Path) -> None:
    with pytest.raises(DataError):
        import_files(path, [_file(path, "REGION\n")], AEMO)

    assert not path.exists()


def test_a_dry_run_counts_as_the_real_one_and_keeps_nothing(path: Path) -> None:
    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)
    before = _dump(path)
    files = [_file(path, f"{HOME} {r} 0.2\n", f"{r}.csv") for r in ("E1", "B1")]

    dry = import_files(path, files, replace(METER, is_dry_run=True))

    assert _dump(path) == before
    # E1: one value other, one the same; B1: two new.
    assert _counts(dry) == [(0, 1, 1), (2, 0, 0)]
    assert import_files(path, files, METER) == dry


def test_a_dry_run_makes_no_store(path: Path) -> None:
    file = _file(path, f"{HOME} E1 0.1\n")

    dry = import_files(path, [file], replace(METER, is_dry_run=True))

    assert _counts(dry) == [(2, 0, 0)]
    assert not path.exists()


def test_files_of_one_import_are_merged_in_their_order(path: Path) -> None:
    first = _file(path, _month("2025/03/01 00:05:00,1,50.0"))
    second = _file(
        path,
        _month("2025/03/01 00:05:00,1,51.0", "2025/03/01 00:10:00,1,60.0"),
        "b.csv",
    )

    imported = import_files(path, [first, second], AEMO)

    day = datetime(2025, 3, 1, tzinfo=UTC).date()
    (kept,) = _store(path).spot_days.days("VIC1", day, day)
    assert _counts(imported) == [(1, 0, 0), (1, 1, 0)]
    assert list(kept.rrp_aud_per_mwh_ex_gst[:2]) == [51.0, 60.0]


def test_progress_tells_each_file_and_the_bytes_on_the_disk(path: Path) -> None:
    files = [_file(path, f"{HOME} E1 0.{i}\n", f"{i}.csv") for i in (1, 2)]
    told: list[tuple[str, int]] = []

    import_files(path, files, METER, lambda name, count: told.append((name, count)))

    # "6001000001 E1 0.1\n" is 18 bytes.
    assert told == [("1.csv", 18), ("2.csv", 18)]


def test_no_file_is_an_error(path: Path) -> None:
    with pytest.raises(DataError, match="no file was named"):
        import_files(path, [], AEMO)


def test_values_after_now_are_kept_and_counted(path: Path) -> None:
    # Now is 13:00 NEM: the interval that ends 13:05 has begun, the next has not.
    rows = [f"2026/11/22 {clock}:00,1,50.0" for clock in ("13:05", "13:10", "13:15")]

    (imported,) = import_files(path, [_file(path, _month(*rows))], AEMO)

    assert imported.record.new_count == 3
    (problem,) = imported.record.problems
    assert "values after now (2026-11-22 03:00 UTC): 2;" in problem


def test_meter_days_and_rows_of_the_future_are_counted_too(path: Path) -> None:
    early = datetime(2025, 2, 28, 14, tzinfo=UTC)  # as the sample day begins
    meter = replace(METER, now=early - timedelta(minutes=1))
    file = _file(path, f"{HOME} E1 0.1\n")
    begins = (NOON, NOW, NOW + timedelta(minutes=5))  # the one at NOW has begun
    rows = _file(path, _rows(*(interval(start) for start in begins)), "b")

    (days,) = import_files(path, [file], meter)
    (prices,) = import_files(path, [rows], AMBER)

    assert "UTC): 2;" in days.record.problems[0]
    assert "UTC): 1;" in prices.record.problems[0]


# Whose meter it is.


def _registers(path: Path) -> list[str]:
    return [f"{r.nmi} {r.name}" for r in _store(path).meter_days.registers()]


def test_the_only_meter_of_the_first_file_is_the_homes(path: Path) -> None:
    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)

    with pytest.raises(DataError, match=rf"meter {OTHER}, .*{HOME} \(by earlier files"):
        import_files(path, [_file(path, f"{OTHER} E1 0.1\n", "b.csv")], METER)

    assert _registers(path) == [f"{HOME} E1"]


def test_the_settings_say_whose_meter_it_is(path: Path) -> None:
    task = replace(METER, nmi=HOME)

    with pytest.raises(DataError, match=r"home's is 6001000001 \(by nmi in home\.toml"):
        import_files(path, [_file(path, f"{OTHER} E1 0.1\n")], task)

    assert _registers(path) == []


def test_amber_says_whose_meter_it_is(path: Path) -> None:
    _store(path).sources.save_sites([RetailSite("S1", HOME + "5", "active", 5, ())])

    with pytest.raises(DataError, match=r"its site with Amber.*set nmi"):
        import_files(path, [_file(path, f"{OTHER} E1 0.1\n")], METER)

    import_files(path, [_file(path, f"{HOME} E1 0.1\n")], METER)
    assert _registers(path) == [f"{HOME} E1"]


def test_the_settings_stand_above_amber_and_the_record(path: Path) -> None:
    _store(path).sources.save_sites([RetailSite("S1", HOME, "active", 5, ())])

    import_files(path, [_file(path, f"{OTHER} E1 0.1\n")], replace(METER, nmi=OTHER))

    assert _registers(path) == [f"{OTHER} E1"]


def test_the_checksum_makes_no_other_meter(path: Path) -> None:
    task = replace(METER, nmi=HOME + "5")
    files = [
        _file(path, f"{HOME} E1 0.1\n"),
        _file(path, f"{HOME}5 E1 0.1\n", "b.csv"),
    ]

    imported = import_files(path, files, task)

    assert _registers(path) == [f"{HOME} E1"]
    assert _counts(imported) == [(2, 0, 0), (0, 0, 2)]


def test_other_meters_of_a_file_are_left_out_and_counted(path: Path) -> None:
    text = f"{HOME} E1 0.1\n{OTHER} E1 0.2\n{OTHER} B1 0.3\n"

    (imported,) = import_files(path, [_file(path, text)], replace(METER, nmi=HOME))

    assert _registers(path) == [f"{HOME} E1"]
    assert imported.record.value_count == 2
    assert imported.record.problems == (
        f"a.csv: values of other meters ({OTHER}) left out: 4",
    )


@pytest.mark.parametrize("is_one_file", [True, False])
def test_several_meters_and_none_known_is_refused(
    path: Path, *, is_one_file: bool
) -> None:
    lines = [f"{HOME} E1 0.1\n", f"{OTHER} E1 0.2\n"]
    files = [
        _file(path, text, f"{i}.csv")
        for i, text in enumerate(["".join(lines)] if is_one_file else lines)
    ]

    with pytest.raises(DataError, match=rf"{HOME}, {OTHER}.*set nmi = .*home\.toml"):
        import_files(path, files, METER)

    assert _registers(path) == []


def test_a_masked_meter_is_a_meter_like_any_other(path: Path) -> None:
    import_files(path, [_file(path, "(redacted) E1 0.1\n")], METER)

    with pytest.raises(DataError, match=r"home's is \(redacted\)"):
        import_files(path, [_file(path, f"{HOME} E1 0.1\n", "b.csv")], METER)

    assert _registers(path) == ["(redacted) E1"]


def test_a_file_that_names_no_meter_is_the_homes(path: Path) -> None:
    def read_nameless(file: SourceFile) -> FileContent:
        del file
        register = MeterRegister("powerpal", "", "import")
        return FileContent("powerpal", 1, meter={register: [day_of(0.5)]})

    task = FileImport("powerpal", read_nameless, NOW, nmi=HOME)

    import_files(path, [_file(path, "x")], task)

    assert _registers(path) == [" import"]


# Amber's rows, and where they are kept.


def test_rows_of_amber_make_a_site_when_there_is_none(path: Path) -> None:
    rows = _rows(
        interval(minutes=30, start=NOON - timedelta(minutes=30)),
        usage(),
        usage(channelType="feedIn", channelIdentifier="B1"),
    )

    import_files(path, [_file(path, rows)], AMBER)

    store = _store(path)
    (site,) = store.sources.sites()
    key = store.sources.site_key("imported")
    assert key is not None
    assert (site.site_id, site.nmi, site.status) == ("imported", "", IMPORTED)
    assert site.interval_minutes == 5
    assert [(c.register, c.channel) for c in site.channels] == [
        ("B1", Channel.FEED_IN),
        ("E1", Channel.GENERAL),
    ]
    assert store.prices.channels(key) == [Channel.GENERAL]
    assert len(store.readings.between(key, "amber", NOON, NOW)) == 2


def test_rows_of_amber_go_to_the_site_on_record(path: Path) -> None:
    _store(path).sources.save_sites([RetailSite("S1", HOME, "active", 5, ())])

    import_files(path, [_file(path, _rows(interval()))], AMBER)

    store = _store(path)
    assert [site.site_id for site in store.sources.sites()] == ["S1"]
    assert store.prices.channels(store.sources.site_key("S1") or 0) == [Channel.GENERAL]


def test_the_site_of_the_settings_is_made_before_amber_told_of_it(path: Path) -> None:
    import_files(path, [_file(path, _rows(interval()))], replace(AMBER, site_id="S9"))

    store = _store(path)
    assert [(s.site_id, s.status) for s in store.sources.sites()] == [("S9", IMPORTED)]
    # Amber's own word replaces it, and the rows stay with it.
    store.sources.save_sites([RetailSite("S9", HOME, "active", 30, ())])
    assert store.prices.channels(store.sources.site_key("S9") or 0) == [Channel.GENERAL]


def test_several_sites_and_none_named_is_refused(path: Path) -> None:
    sites = [RetailSite(name, HOME, "active", 5, ()) for name in ("A", "B")]
    _store(path).sources.save_sites(sites)
    before = _dump(path)

    with pytest.raises(ConfigError, match="AMBER_SITE_ID"):
        import_files(path, [_file(path, _rows(interval()))], AMBER)

    assert _dump(path) == before


def test_readings_that_changed_are_told_from_new_ones(path: Path) -> None:
    five = timedelta(minutes=5)
    first = _file(path, _rows(usage(kwh=0.25), usage(NOON + five, kwh=0.5)))
    second = _file(
        path,
        _rows(*(usage(NOON + i * five, kwh=0.5) for i in range(3))),
        "b.jsonl",
    )

    imported = import_files(path, [first, second], AMBER)

    # Of three one is other than before, one the same, one new.
    assert _counts(imported) == [(2, 0, 0), (1, 1, 1)]


@needs_shared
def test_a_real_homes_rows_are_kept_whole(path: Path) -> None:
    files = [SHARED / "amber" / f"{name}.jsonl.gz" for name in ("prices", "usage")]

    imported = import_files(path, files, AMBER)

    assert _counts(imported) == [(19_579, 0, 0), (9_500, 0, 0)]


@needs_shared
def test_a_real_year_of_prices_is_kept_whole(path: Path) -> None:
    files = sorted((SHARED / "aemo").glob("PRICE_AND_DEMAND_2025*"))

    imported = import_files(path, files, AEMO)

    year = [datetime(2025, m, d, tzinfo=UTC).date() for m, d in ((1, 1), (12, 31))]
    days = _store(path).spot_days.days("VIC1", year[0], year[1])
    values = np.concatenate([day.rrp_aud_per_mwh_ex_gst for day in days])
    assert sum(file.record.new_count for file in imported) == 105_120
    assert values.size == 105_120
    assert not np.isnan(values).any()


def test_rooftop_solar_and_forecasts_of_the_market_come_with_its_prices(
    path: Path, tmp_path: Path
) -> None:
    rooftop, forecast = tmp_path / "rooftop.csv", tmp_path / "forecast.csv"
    rooftop.write_text(
        "INTERVAL_END_NEM,VIC1\n2025-01-01 00:30:00,1.5\n2025-01-01 01:00:00,\n"
    )
    forecast.write_text(
        "I,PREDISPATCH,REGION_PRICES,2,PREDISPATCHSEQNO,REGIONID,INTERVENTION,RRP,"
        "LASTCHANGED,DATETIME\n"
        "D,PREDISPATCH,REGION_PRICES,2,2025062141,VIC1,0,56.06,2025/06/22 00:03:00,"
        "2025/06/22 00:30:00\n"
        "C,END OF REPORT,3\n"
    )

    first, second = import_files(path, [rooftop, forecast], AEMO)

    assert (first.record.value_count, first.record.new_count) == (1, 1)
    assert first.record.first == datetime(2024, 12, 31, 14, tzinfo=UTC)
    assert first.record.last == datetime(2024, 12, 31, 14, 30, tzinfo=UTC)
    assert (second.record.value_count, second.record.new_count) == (1, 1)
    assert second.record.first == datetime(2025, 6, 21, 14, tzinfo=UTC)
    with closing(Store.open_read_only(path)) as store:
        assert store.rooftop_days.regions() == ["VIC1"]
        assert store.market_forecasts.regions() == ["VIC1"]
