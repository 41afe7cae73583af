"""Portal tables: layouts, units, registers, odd cells, and tables of another kind."""

import csv
import gzip
import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingestion.table_files import (
    HOMES,
    day_row,
    labels,
    long,
    long_profile,
    needs_homes,
    values_by_day,
    wide,
    wide_profile,
)

from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import FileContent, SourceFile
from home_energy.ingestion.sources.table import read_table
from home_energy.ingestion.sources.table_profile import TableProfile, load_profile

GC_TOTAL_KWH, GG_TOTAL_KWH = 5938.369, 1296.404
"""Sums of the columns over 2 by awk, `{a += $2 / 2}`."""


def test_a_wide_row_on_market_time_is_a_market_day() -> None:
    content = read_table(
        wide(day_row("2025-10-05", 0.25, {0: 1, 47: 2})), wide_profile()
    )

    assert content.source == "table:composed"
    assert content.row_count == 1
    assert content.problems == ()
    register = MeterRegister("table:composed", "", "import", Flow.GENERAL)
    (day,) = content.meter[register]
    assert (day.day, day.interval_minutes) == (date(2025, 10, 5), 30)
    assert (day.kwh[0], day.kwh[1], day.kwh[47]) == (1, 0.25, 2)
    assert day.updated_at is None


def test_columns_before_and_after_the_intervals_do_no_harm() -> None:
    header = ",".join(["total", "date", *labels(), "peak"])
    row = ",".join(["9", day_row("2025-07-01", 0.25), "0.25"])
    file = SourceFile("table.csv", f"{header}\n{row}\n".encode())

    content = read_table(file, wide_profile())

    assert values_by_day(content)["2025-07-01"] == [0.25] * 48


def test_a_long_row_may_be_named_by_its_end() -> None:
    file = long("2025-07-01 00:30,0.1", "2025-07-01 01:00,0.2", "2025-07-02 00:00,0.3")

    content = read_table(file, long_profile(stamp="end"))

    (kwh,) = values_by_day(content).values()
    assert kwh[:2] == [0.1, 0.2]
    assert kwh[47] == 0.3


def test_date_and_time_may_stand_apart() -> None:
    file = long("1/7/2025;14:30;0.5", header="day;time;kwh")
    profile = long_profile(
        delimiter=";", date_column="day", date_formats=["%d/%m/%Y"], time_column="time"
    )

    content = read_table(file, profile)

    assert values_by_day(content)["2025-07-01"][29] == 0.5


@pytest.mark.parametrize(("unit", "kwh"), [("kWh", 0.5), ("Wh", 0.0005), ("kW", 0.25)])
def test_units_become_kwh(unit: str, kwh: float) -> None:
    # A mean of 0.5 kW over half an hour is 0.25 kWh.
    content = read_table(long("2025-07-01 00:00,0.5"), long_profile(unit=unit))

    assert values_by_day(content)["2025-07-01"][0] == kwh


def test_lines_above_the_header_are_left_out_and_still_counted() -> None:
    file = SourceFile("t.csv", b"Portal export\n\nat,kwh\n2025-07-01 00:00,x\n")

    with pytest.raises(DataError, match=r"t.csv:4: column 'kwh' is 'x', a plain"):
        read_table(file, long_profile(skip_lines=2))


REGISTERS = [
    {"name": "E1", "flow": "general", "value": "Consumption"},
    {"name": "B1", "flow": "feed_in", "value": "Generation"},
]


def test_a_column_tells_the_register_and_the_meter() -> None:
    file = wide(
        day_row("Consumption,41,2025-07-01", 0.25),
        day_row("Generation,41,2025-07-01", 0.5),
        day_row("Consumption,42,2025-07-01", 0.75),
        header="kind,nmi,date",
    )
    profile = wide_profile(
        registers=REGISTERS, register_column="kind", nmi_column="nmi"
    )

    content = read_table(file, profile)

    assert {
        (register.nmi, register.name, register.flow): days[0].kwh[0]
        for register, days in content.meter.items()
    } == {
        ("41", "E1", Flow.GENERAL): 0.25,
        ("41", "B1", Flow.FEED_IN): 0.5,
        ("42", "E1", Flow.GENERAL): 0.75,
    }


def test_several_value_columns_are_several_registers() -> None:
    registers = [
        {"name": "load", "flow": "load", "column": "used"},
        {"name": "solar", "flow": "generation", "column": "made"},
    ]
    file = long("2025-07-01 00:00,0.4,0.1", header="at,used,made")

    content = read_table(file, long_profile(value_column=None, registers=registers))

    assert [days[0].kwh[0] for days in content.meter.values()] == [0.4, 0.1]


def test_a_files_name_tells_the_register_or_is_refused() -> None:
    registers = [
        {"name": "in", "flow": "general", "file_name_contains": "consumption"},
        {"name": "out", "flow": "feed_in", "file_name_contains": "feedin"},
    ]
    profile = wide_profile(registers=registers)
    content = wide(day_row("2025-07-01", 0.25)).content

    found = read_table(SourceFile("FeedIn.csv", content), profile)

    (register,) = found.meter
    assert register.flow == Flow.FEED_IN
    for name in ("export.csv", "consumption_feedin.csv"):
        with pytest.raises(DataError, match=f"{name}: its name must hold one of"):
            read_table(SourceFile(name, content), profile)


def test_quality_is_what_the_portal_says_of_a_row() -> None:
    file = wide(
        day_row("No,2025-07-01", 0.25),
        day_row("Yes,2025-07-02", 0.25),
        header="estimated,date",
    )
    profile = wide_profile(
        quality_column="estimated", qualities={"No": "actual", "Yes": "estimate"}
    )

    content = read_table(file, profile)

    (days,) = content.meter.values()
    assert [int(day.quality[0]) for day in days] == [Quality.ACTUAL, Quality.ESTIMATE]


def test_an_empty_cell_is_missing_and_counted() -> None:
    file = wide(day_row("2025-07-01", 0.25, {7: "", 8: ""}))

    content = read_table(file, wide_profile())

    (kwh,) = values_by_day(content).values()
    assert np.isnan(kwh[7:9]).all()
    assert kwh[9] == 0.25
    assert content.problems == (
        "table.csv:2: 2 values of import are missing, this is the first",
    )


def test_leading_zeros_are_taken_as_the_profile_says() -> None:
    rows = [
        day_row("2025-07-01", 0, {20: 0.5}),
        day_row("2025-07-02", 0, {20: 0.5}),
    ]

    filled = read_table(wide(*rows), wide_profile(leading_zeros="missing"))
    measured = read_table(wide(*rows), wide_profile())

    by_day = values_by_day(filled)
    assert np.isnan(by_day["2025-07-01"][:20]).all()
    assert by_day["2025-07-01"][20:22] == [0.5, 0]
    assert by_day["2025-07-02"][0] == 0
    assert "20 zeros of import before its first energy" in filled.problems[0]
    assert values_by_day(measured)["2025-07-01"][0] == 0
    assert measured.problems == ()


def test_only_the_first_days_leading_zeros_are_filling() -> None:
    rows = [day_row("2025-07-01", 0), day_row("2025-07-02", 0, {20: 0.5})]

    content = read_table(wide(*rows), wide_profile(leading_zeros="missing"))

    assert set(values_by_day(content)) == {"2025-07-02"}
    assert values_by_day(content)["2025-07-02"][:20] == [0] * 20


def test_a_day_given_twice_counts_once() -> None:
    row = day_row("2025-07-01", 0.25)

    content = read_table(wide(row, row), wide_profile())

    assert values_by_day(content)["2025-07-01"] == [0.25] * 48
    (problem,) = content.problems
    assert problem.startswith("table.csv:3: 48 values of import are repeated and were")


def test_a_header_alone_is_no_error() -> None:
    content = read_table(wide(), wide_profile())

    assert content.row_count == 0
    assert content.meter == {}
    assert content.problems == ("table.csv:1: holds a header and no rows",)


GOOD = day_row("2025-07-01", 0.25)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD.rpartition(",")[0], "3: 48 columns, 49 expected"),
        (GOOD[: len(GOOD) // 2], "3: 2. columns, 49 expected"),
        (day_row("1900-01-00", 0.25), "3: column 'date' is '1900-01-00', %Y-%m-%d"),
        (day_row("1900-01-01", 0.25), "3: date 1900-01-01, years 2000 to 2100"),
        (day_row("01/07/2025", 0.25), "3: column 'date' is '01/07/2025'"),
        (
            day_row("2025-07-02", 0.25, {3: "n/a"}),
            "3: column '01:30' is 'n/a', a",
        ),
        (day_row("2025-07-02", 0.25, {3: "nan"}), "3: column '01:30' is 'nan'"),
        (day_row("2025-07-02", 0.25, {3: "1e999"}), "3: .*at most 100 kW"),
        (day_row("2025-07-02", 0.25, {3: -0.1}), "3: .*-0.1 kWh, not below zero"),
        (day_row("2025-07-02", 0.25, {3: 250}), "3: .*250 kWh in 30 minutes, at most"),
        (day_row("2025-07-01", 0.5), "3: import has a second value for 2025-07-01 00"),
    ],
)
def test_wrong_rows_are_refused_by_line(row: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"table.csv:{said}"):
        read_table(wide(GOOD, row), wide_profile())


def test_a_word_for_a_register_or_a_quality_must_be_known() -> None:
    file = wide(day_row("Reactive,2025-07-01", 0.25), header="kind,date")
    by_register = wide_profile(registers=REGISTERS, register_column="kind")
    by_quality = wide_profile(quality_column="kind", qualities={"A": "actual"})

    with pytest.raises(DataError, match="'Reactive', one of 'Consumption', 'Generat"):
        read_table(file, by_register)
    with pytest.raises(DataError, match="'Reactive', one of 'A' expected; add it"):
        read_table(file, by_quality)


def test_a_long_stamp_off_the_interval_is_refused() -> None:
    with pytest.raises(DataError, match="is no start of a 30-minute interval"):
        read_table(long("2025-07-01 00:10,0.1"), long_profile())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x14\0\6\0", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1", "spreadsheet"),
        (b"date,00:00\0", "binary"),
        (b"date,caf\xe9\n", "UTF-8"),
        (b"day,00:00\n", "t.csv:1: column 'date' is missing; found: day, 00:00"),
        (b"date,date,00:00\n", "'date' is there twice"),
        (b"date,00:00,00:05\n", r"column 3 is '00:05', the interval 00:30 or number 2"),
        (",".join(["date", *labels()[:40]]).encode(), "40 interval columns, 48"),
        (b"date,00:00,1\n", r"column 3 is '1', the interval 00:30"),
        (b'date,00:00\n"2025', "cannot be read as a table"),
    ],
)
def test_other_files_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_table(SourceFile("t.csv", content), wide_profile())


def test_interval_columns_may_be_numbered() -> None:
    header = ",".join(["date", *(f"Period{n:02}" for n in range(1, 49))])
    file = SourceFile("t.csv", f"{header}\n{GOOD}\n".encode())

    content = read_table(file, wide_profile(first_value_column="Period01"))

    assert values_by_day(content)["2025-07-01"] == [0.25] * 48


def test_a_jemena_table_gives_its_three_registers() -> None:
    spans = [
        f"{a} - {b}" for a, b in zip(labels(), [*labels()[1:], "00:00"], strict=True)
    ]
    header = ",".join(["NMI,METER SERIAL NUMBER,CON/GEN,DATE,ESTIMATED?", *spans])
    kinds = ("Consumption", "Controlled Load Consumption", "Generation")
    rows = [day_row(f"6001,77,{kind},2024-07-28,No", 0.25) for kind in kinds]
    file = SourceFile("j.csv", "\n".join([header, *rows]).encode())

    content = read_table(file, load_profile("jemena"))

    source = "table:jemena"
    assert set(content.meter) == {
        MeterRegister(source, "6001", kinds[0], Flow.GENERAL),
        MeterRegister(source, "6001", kinds[1], Flow.CONTROLLED_LOAD),
        MeterRegister(source, "6001", kinds[2], Flow.FEED_IN),
    }


def real(name: str) -> SourceFile:
    return SourceFile(name, gzip.decompress((HOMES / f"{name}.gz").read_bytes()))


@needs_homes
def test_the_ausgrid_home_keeps_its_years_energy() -> None:
    file = real("ausgrid_customer12_2011-07_2012-06.csv")

    content = read_table(file, load_profile("ausgrid-solar-home"))

    totals = {
        register.name: sum(float(np.nansum(day.kwh)) for day in days)
        for register, days in content.meter.items()
    }
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    for name, known in (("GC", GC_TOTAL_KWH), ("GG", GG_TOTAL_KWH)):
        assert sum(float(row[name]) for row in rows) / 2 == pytest.approx(known)
        assert totals[name] == pytest.approx(known, abs=1e-6)
    assert {register.flow for register in content.meter} == {Flow.LOAD, Flow.GENERATION}


@needs_homes
@pytest.mark.parametrize(
    ("name", "flow", "total_kwh"),
    [("consumption", Flow.GENERAL, 860.41), ("feedin", Flow.FEED_IN, 2510.771)],
)
def test_the_wide_home_begins_when_its_meter_did(
    name: str, flow: Flow, total_kwh: float
) -> None:
    file = real(f"wide_5min_{name}_2023-08-07_2023-12-04.csv")

    content = read_table(file, load_profile("elec-wide-5min"))

    ((register, days),) = content.meter.items()
    assert register.flow == flow
    assert len(days) == 120
    # The first energy of both is in the column 11:05, the 133rd of that day.
    assert np.isnan(days[0].kwh[:133]).all()
    assert days[0].kwh[133] > 0
    assert all(day.known_count == 288 for day in days[1:])
    total = sum(float(np.nansum(day.kwh)) for day in days)
    assert total == pytest.approx(total_kwh, abs=1e-6)
    assert len(content.problems) == 1
    assert ":2: 133 zeros of" in content.problems[0]


_WORDS = st.sampled_from(
    [
        GOOD,
        "at,kwh",
        "2025-07-01 00:00",
        "1e999",
        "-1",
        '"',
        ",",
        "\n",
        "\r",
        "nan",
        ";",
    ]
)


@given(
    st.binary(max_size=200)
    | st.lists(_WORDS | st.text(max_size=9), max_size=12).map(
        lambda words: "".join(words).encode()
    ),
    st.sampled_from(["", "at,kwh\n", ",".join(["date", *labels(), "\n"])]),
    st.sampled_from([wide_profile(), long_profile()]),
)
def test_any_bytes_are_read_or_refused(
    content: bytes, header: str, profile: TableProfile
) -> None:
    file = SourceFile("any.csv", header.encode() + content)

    try:
        found = read_table(file, profile)
    except DataError:
        return

    assert isinstance(found, FileContent)
