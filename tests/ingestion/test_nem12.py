"""NEM12, rule by rule, in half-hourly files of a few lines."""

import itertools
import warnings
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from home_energy.domain.meter_day import NO_QUALITY, MeterDay, MeterRegister
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.nem12 import read_nem12
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

NMI = "6001234567"
HEADER = "100,NEM12,202601011200,MDP,RET"
END = "900"
UPDATE = "20260102030405"
ONES = ["1"] * 48


def register(suffix: str = "E1", unit: str = "kWh", minutes: str = "30") -> str:
    return f"200,{NMI},E1B1,1,{suffix},N1,METER1,{unit},{minutes},"


def day(
    values: list[str] | None = None,
    flag: str = "A",
    *,
    on: str = "20250101",
    update: str = UPDATE,
) -> str:
    return f"300,{on},{','.join(values or ONES)},{flag},,,{update},"


def read(*lines: str, ending: str = "\n") -> FileContent:
    content = "".join(line + ending for line in lines)
    return read_nem12(SourceFile("m.csv", content.encode()))


def whole(*lines: str) -> FileContent:
    return read(HEADER, *lines, END)


def refusal(*lines: str) -> str:
    with pytest.raises(DataError) as caught:
        read(*lines)
    return str(caught.value)


def days_of(content: FileContent, suffix: str = "E1") -> list[MeterDay]:
    return content.meter[MeterRegister("nem12", NMI, suffix)]


def with_value(place: int, value: str) -> list[str]:
    """Forty-eight ones but for one, counted from 1."""
    return [*ONES[: place - 1], value, *ONES[place:]]


# --- what a good file gives


def test_first_value_begins_at_midnight_nem_time() -> None:
    (found,) = days_of(whole(register(), day(["0.5", *ONES[1:]])))

    # 1 January 2025, 00:00 UTC+10
    assert found.start == datetime(2024, 12, 31, 14, 0, tzinfo=UTC)
    assert found.day == date(2025, 1, 1)
    assert found.interval_minutes == 30
    assert found.kwh[0] == 0.5
    assert np.all(found.quality == Quality.ACTUAL)


@pytest.mark.parametrize("on", ["20251005", "20250406"])
def test_clock_change_days_have_48_half_hours(on: str) -> None:
    (found,) = days_of(whole(register(), day(on=on)))

    assert found.kwh.size == 48


@pytest.mark.parametrize(("length", "count"), [("5", 288), ("05", 288), ("15", 96)])
def test_other_interval_lengths(length: str, count: int) -> None:
    (found,) = days_of(whole(register(minutes=length), day(["1"] * count)))

    assert found.kwh.size == count


@pytest.mark.parametrize(
    ("unit", "kwh"),
    [("kWh", 250), ("KWH", 250), ("Wh", 0.25), ("WH", 0.25), ("MWh", 250_000)],
)
def test_energy_becomes_kwh(unit: str, kwh: float) -> None:
    (found,) = days_of(whole(register(unit=unit), day(["250"] * 48)))

    assert found.kwh == pytest.approx(np.full(48, kwh), rel=1e-15)


def test_update_time_is_nem_time() -> None:
    (found,) = days_of(whole(register(), day(update="20260102030405")))

    assert found.updated_at == datetime(2026, 1, 1, 17, 4, 5, tzinfo=UTC)


def test_update_time_may_lack_seconds_or_be_absent() -> None:
    content = whole(
        register(), day(update="202601020304"), day(on="20250102", update="")
    )

    assert [found.updated_at for found in days_of(content)] == [
        datetime(2026, 1, 1, 17, 4, tzinfo=UTC),
        None,
    ]


def test_carriage_returns_blank_lines_and_trailing_commas_are_harmless() -> None:
    lines = (HEADER, "", register() + ",,,,", day() + ",,", ",,,", "900,,", "")

    content = read(*lines, ending="\r\n")

    assert days_of(content)[0].kwh.sum() == 48
    assert content.problems == ()


def test_mark_that_an_editor_put_before_the_file_is_harmless() -> None:
    content = read(f"\ufeff{HEADER}", register(), day(), END)

    assert content.row_count == 1
    assert content.problems == ()


def test_quoted_reason_may_hold_a_comma() -> None:
    told = f'300,20250101,{",".join(ONES)},S14,32,"Fault, replaced",{UPDATE},'

    (found,) = days_of(whole(register(), told))

    assert np.all(found.quality == Quality.SUBSTITUTE)


def test_register_is_named_by_nmi_and_suffix_without_flow() -> None:
    told = f"200, {NMI} ,E1B1,1, b1 ,N1,METER1,kWh,30,"

    (found,) = whole(told, day()).meter

    assert found == MeterRegister("nem12", NMI, "B1", None)


def test_repeated_blocks_of_a_register_are_one_record_in_order_of_days() -> None:
    content = whole(
        register("E1"),
        day(on="20250103"),
        register("B1"),
        day(on="20250103"),
        register("E1"),
        day(on="20250101"),
    )

    assert [found.day.day for found in days_of(content, "E1")] == [1, 3]
    assert len(days_of(content, "B1")) == 1
    assert content.row_count == 3


def test_orders_between_retailer_and_meter_provider_are_skipped() -> None:
    content = whole(register(), day(), "500,S,ORDER1,20031220154500,001123.5")

    assert content.row_count == 1
    assert content.problems == ()


# --- quality and what is missing


@pytest.mark.parametrize(
    ("flag", "quality"),
    [
        ("A", Quality.ACTUAL),
        ("S14", Quality.SUBSTITUTE),
        ("F52", Quality.SUBSTITUTE),
        ("E52", Quality.ESTIMATE),
        ("a", Quality.ACTUAL),
    ],
)
def test_flag_is_quality(flag: str, quality: Quality) -> None:
    (found,) = days_of(whole(register(), day(flag=flag)))

    assert np.all(found.quality == quality)


def test_values_flagged_null_are_missing_whatever_stands_there() -> None:
    content = whole(register(), day(["7.5"] * 48, "N"))

    (found,) = days_of(content)
    assert np.all(np.isnan(found.kwh))
    assert found.known_count == 0
    assert content.problems == ()


@pytest.mark.parametrize("blank", ["", " ", "null", "NULL"])
def test_blank_value_flagged_actual_is_missing_and_counted(blank: str) -> None:
    told = day(with_value(3, blank))
    also = day(with_value(5, blank), on="20250102")

    content = whole(register(), told, also)

    first, second = days_of(content)
    assert np.flatnonzero(np.isnan(first.kwh)).tolist() == [2]
    assert first.quality[2] == NO_QUALITY
    assert np.flatnonzero(np.isnan(second.kwh)).tolist() == [4]
    assert content.problems == (
        "m.csv:3 and 1 more line: a blank value is flagged as known; taken as missing",
    )


def test_values_without_any_flag_are_missing_and_counted() -> None:
    content = whole(register(), day(flag=""))

    assert days_of(content)[0].known_count == 0
    assert content.problems == (
        "m.csv:3: values without a quality flag; taken as missing",
    )


def test_day_of_variable_quality_follows_its_400_records() -> None:
    content = whole(
        register(),
        day(flag="V"),
        "400,1,20,F14,76,",
        "400,21,24,A,,",
        "400,25,26,N,,",
        "400,27,48,E52,1,",
    )

    (found,) = days_of(content)
    assert found.quality.tolist() == (
        [Quality.SUBSTITUTE] * 20
        + [Quality.ACTUAL] * 4
        + [NO_QUALITY] * 2
        + [Quality.ESTIMATE] * 22
    )
    assert np.flatnonzero(np.isnan(found.kwh)).tolist() == [24, 25]


@pytest.mark.parametrize(
    ("runs", "reason"),
    [
        ([], "m.csv:3: quality V, but 400 records tell of 0 of 48 intervals"),
        (["400,1,24,A,,"], "m.csv:3: quality V, but 400 records tell of 24 of 48"),
        (["400,2,48,A,,"], "m.csv:4: a 400 record from interval 2, 1 expected"),
        (
            ["400,1,24,A,,", "400,26,48,A,,"],
            "m.csv:5: a 400 record from interval 26, 25 expected",
        ),
        (
            ["400,1,24,A,,", "400,24,48,A,,"],
            "m.csv:5: a 400 record from interval 24, 25 expected",
        ),
        (["400,1,49,A,,"], "m.csv:4: a 400 record from interval 1 to 49, 1 to 48"),
        (["400,0,48,A,,"], "m.csv:4: a 400 record from interval 0 to 48"),
        (["400,9,8,A,,"], "m.csv:4: a 400 record from interval 9 to 8"),
        (["400,1,48,V,,"], "m.csv:4: a 400 record of quality 'V'"),
        (["400,1,48,,,"], "m.csv:4: a 400 record of quality ''"),
        (["400,x,48,A,,"], "m.csv:4: 'x' where an interval was expected"),
        (["400,1"], "m.csv:4: a 400 record of 2 fields"),
    ],
)
def test_400_records_that_do_not_cover_the_day_are_refused(
    runs: list[str], reason: str
) -> None:
    assert refusal(HEADER, register(), day(flag="V"), *runs, END).startswith(reason)


def test_400_record_on_a_plain_day_stands_and_is_counted() -> None:
    content = whole(register(), day(flag="A"), "400,3,4,N,89,Outage")

    assert np.flatnonzero(np.isnan(days_of(content)[0].kwh)).tolist() == [2, 3]
    assert content.problems == (
        "m.csv:4: a 400 record says N, the day above it says A; the 400 record stands",
    )


def test_400_record_without_a_day_is_refused() -> None:
    told = refusal(HEADER, register(), "400,1,48,A,,", END)

    assert told.startswith("m.csv:3: a 400 record that follows no 300 record")


# --- registers and signs


@pytest.mark.parametrize(
    ("suffix", "unit"),
    [("Q1", "kVArh"), ("K1", "KVARH"), ("V1", ""), ("E1", "kW"), ("N1", "kWh")],
)
def test_other_registers_are_left_out_and_counted(suffix: str, unit: str) -> None:
    content = whole(
        register(), day(), register(suffix, unit, "10"), "300,20250101,odd,A"
    )

    assert content.row_count == 1
    (problem,) = content.problems
    assert problem.startswith(f"m.csv:4: register '{suffix}' in '{unit.lower()}'")


def test_negative_exports_are_magnitudes_and_counted() -> None:
    content = whole(register("B1"), day(["-0.25", "0"] * 24))

    assert days_of(content, "B1")[0].kwh.sum() == 6  # 24 x 0.25
    assert content.problems == (
        "m.csv:3: register B1 is negative; taken as energy to the grid",
    )


def test_exports_of_both_signs_in_a_day_are_refused() -> None:
    told = refusal(HEADER, register("B1"), day(with_value(7, "-2")), END)

    assert told.startswith("m.csv:3: register B1 has negative (value 7) and positive")


def test_negative_import_is_refused() -> None:
    told = refusal(HEADER, register("E1"), day(with_value(7, "-2")), END)

    assert told.startswith("m.csv:3: value 7 of register E1 is -2")


def test_negative_value_that_is_flagged_null_is_only_missing() -> None:
    lines = (day(with_value(48, "-2"), "V"), "400,1,47,A,,", "400,48,48,N,,")

    (found,) = days_of(whole(register("E1"), *lines))

    assert found.known_count == 47


# --- the same day twice


def test_day_told_twice_is_there_twice_in_the_order_of_the_file() -> None:
    content = whole(
        register(),
        day(["2"] * 48, update="20260102030405"),
        day(on="20250102"),
        register(),
        day(["3"] * 48, update="20260109030405"),
    )

    assert [found.kwh[0] for found in days_of(content)] == [2, 3, 1]
    assert content.problems == ()  # the update times say which is right


def test_two_values_of_one_update_time_are_counted() -> None:
    content = whole(register(), day(["2"] * 48), day(["3"] * 48))

    (problem,) = content.problems
    assert problem.startswith("m.csv:4: a day is there twice with different values")


def test_day_told_twice_alike_is_no_problem() -> None:
    content = whole(register(), day(), day())

    assert content.problems == ()


def test_two_meters_on_one_register_are_counted() -> None:
    other = register().replace("METER1", "METER2")

    content = whole(register(), day(), other, day(["3"] * 48, update="20260109030405"))

    (problem,) = content.problems
    assert problem.startswith("m.csv:5: two meters tell different values")


# --- half a file, another file


def test_missing_header_is_counted() -> None:
    content = read("", register(), day(), END)

    (problem,) = content.problems
    assert problem.startswith("m.csv:2: no header record 100, as some portals")


def test_file_without_header_and_end_is_counted() -> None:
    content = read(register(), day())

    (problem,) = content.problems
    assert problem.startswith("m.csv:1: no header record 100 and no end record 900")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((HEADER, register(), day()), "m.csv:3: the file ends here without its end"),
        ((HEADER, register(), day()[:-40]), "m.csv:3: a 300 record of"),
        ((register(), day()[:-40]), "m.csv:2: a 300 record of"),
        ((HEADER, END), "m.csv:2: the file ends here without interval data"),
        ((HEADER, register(), END), "m.csv:3: the file ends here without interval"),
        ((HEADER, day(), END), "m.csv:2: a 300 record before the first 200"),
        ((HEADER, register()[:20], END), "m.csv:2: a 200 record of"),
        (
            (HEADER, register(), day(), END, register()),
            "m.csv:5: text after the end record 900 in line 4",
        ),
        (
            (HEADER, register(), day(), HEADER),
            "m.csv:4: a header record 100, but the file began in line 1",
        ),
    ],
)
def test_half_a_file_is_refused(lines: tuple[str, ...], reason: str) -> None:
    assert refusal(*lines).startswith(reason)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("100,NEM13,200301011534,M,R", "900"), "m.csv:1: this is NEM13"),
        (("250,VABC005890,11,1,11,11", "900"), "m.csv:1: this is NEM13"),
        (("100,NEM11,200301011534,M,R",), "m.csv:1: the header says 'NEM11'"),
        (("100",), "m.csv:1: the header says ''"),
        (("<!doctype html>",), "m.csv:1: a line that begins with '<!doctype html>'"),
        (("datetime,kwh",), "m.csv:1: a line that begins with 'datetime,kwh'"),
        (("",), "m.csv:1: the file is empty"),
        (("PK\x03\x04abc",), "m.csv:1: the file is an archive or a spreadsheet"),
        (("100,NEM12,\0",), "m.csv:1: the file is binary"),
        (
            (
                HEADER,
                '200,"no end',
            ),
            "m.csv:2: quotation marks that do not match",
        ),
    ],
)
def test_another_kind_of_file_is_refused(lines: tuple[str, ...], reason: str) -> None:
    assert refusal(*lines).startswith(reason)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (day(on="19000101"), "date 19000101, a year from 2000 to 2100 expected"),
        (day(on="21010101"), "date 21010101, a year from 2000 to 2100 expected"),
        (day(on="20250230"), "date '20250230', yyyymmdd expected"),
        (day(on="2025-01-01"), "date '2025-01-01', yyyymmdd expected"),
        (day(on="2.03E+07"), "date '2.03E+07', yyyymmdd expected"),
        (day(update="20260102"), "update time '20260102', yyyymmddhhmmss"),
        (day(update="20260102996060"), "update time '20260102996060'"),
        (day(update="00010101000000"), "date 00010101000000, a year from"),
        (day(flag="X"), "quality 'X'"),
        (day(ONES[1:]), "value 48 is 'A', a number expected"),
        (day(ONES[2:]), "a 300 record of 53 fields"),
        (day([*ONES, "1"]), "quality '1'"),
        (day([*ONES, "1", "1"]), "a 300 record of 57 fields"),
        (day(with_value(9, "abc")), "value 9 is 'abc', a number expected"),
        (day(with_value(9, "nan")), "value 9 is 'nan', a number expected"),
        (day(with_value(9, "inf")), "value 9 is 'inf', a number expected"),
        (day(with_value(9, "1e300")), "value 9 is '1e300', a number expected"),
        (day(with_value(9, "1_0")), "value 9 is '1_0', a number expected"),
        (day(with_value(9, "\u0661")), r"value 9 is '\u0661', a number expected"),
    ],
)
def test_day_that_cannot_be_is_refused(told: str, reason: str) -> None:
    assert refusal(HEADER, register(), told, END).startswith(f"m.csv:3: {reason}")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (register(minutes="10"), "intervals of 10 minutes, 5, 15 or 30 expected"),
        (register(minutes="0"), "intervals of 0 minutes"),
        (register(minutes="x"), "'x' where an interval length in minutes"),
        (register(suffix=""), "a 200 record without NMI or register suffix"),
    ],
)
def test_register_that_cannot_be_is_refused(told: str, reason: str) -> None:
    assert refusal(HEADER, told, day(), END).startswith(f"m.csv:2: {reason}")


# --- anything at all


GOOD = "\n".join(
    [
        HEADER,
        register(),
        day(flag="V"),
        "400,1,24,A,,",
        "400,25,48,S14,1,",
        day(on="20250102"),
        register("B1", "Wh", "15"),
        day(["2"] * 96),
        END,
        "",
    ]
)
PIECES = st.sampled_from(
    ["", ",", "\n", "\r", '"', "100", "200", "300", "400", "900", "V", "N", "-1", "nan",
     "0", "99999999", "1e9", "NEM13", "\0", "\u0661", "\ufeff", "_"]
)  # fmt: skip


def outcome(content: bytes) -> FileContent | str:
    """Content or refusal, with warnings as errors; anything else is a fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return read_nem12(SourceFile("m.csv", content))
        except DataError as error:
            refused = str(error)
    assert refused.startswith("m.csv:")
    assert "\n" not in refused
    return refused


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    outcome(content)


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), PIECES), max_size=4
    )
)
def test_damaged_file_is_read_or_refused(cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]

    outcome(text.encode("utf-8"))


def test_file_cut_anywhere_is_refused_until_its_end_record_is_there() -> None:
    at_end_record = GOOD.rindex(END) + len(END)

    results = [
        isinstance(outcome(GOOD[:length].encode()), FileContent)
        for length in range(len(GOOD) + 1)
    ]

    assert not any(results[:at_end_record])
    assert all(results[at_end_record:])


def test_lines_in_another_order_are_read_or_refused() -> None:
    lines = GOOD.splitlines()[1:6]

    for order in itertools.permutations(lines):
        outcome("\n".join([HEADER, *order, END]).encode())
