"""Tables on local time: both days of 2025 on which Sydney's clocks change, by hand."""

import gzip

import numpy as np
import pytest
from tests.ingestion.table_files import (
    HOMES,
    SYDNEY,
    dates,
    day_row,
    long,
    long_profile,
    needs_homes,
    values_by_day,
    wide,
    wide_profile,
)

from home_energy.domain.meter_day import NO_QUALITY
from home_energy.domain.price import Quality
from home_energy.errors import DataError
from home_energy.ingestion.sources.source_file import SourceFile
from home_energy.ingestion.sources.table import read_table
from home_energy.ingestion.sources.table_profile import TableProfile, load_profile

NUMBERED = [round(0.01 * (n + 1), 2) for n in range(48)]
"""Half-hour n of the table holds 0.01 (n + 1) kWh."""


def test_the_hour_that_sydney_skips_leaves_no_gap() -> None:
    # 5 October 2025: 01:30 is followed by 03:00. Midnight is 00:00 NEM, so half-hours
    # 0-3 stay where they are, 4 and 5 do not exist, 6-47 come two earlier; the day
    # has 46, the last, 23:30 in Sydney, at 22:30 NEM.
    file = wide(day_row("2025-10-05", NUMBERED, {4: 0, 5: 0}))

    content = read_table(file, wide_profile(clock=SYDNEY))

    (kwh,) = values_by_day(content).values()
    assert kwh[:4] == [0.01, 0.02, 0.03, 0.04]
    assert kwh[4:46] == NUMBERED[6:]
    assert np.isnan(kwh[46:]).all()
    (problem,) = content.problems
    assert problem.startswith("table.csv:2: the hour from 2025-10-05 02:00 does not")
    assert problem.endswith("its 2 zeros in import were left out")


def test_zeros_of_a_skipped_hour_do_not_stand_in_for_the_hour_after() -> None:
    file = long("2025-10-05 01:30,0.1", "2025-10-05 02:00,0", "2025-10-05 03:30,0.2")

    content = read_table(file, long_profile(clock=SYDNEY))

    # 01:30 is place 3; 03:00, place 4, has no row; 03:30 is place 5.
    (kwh,) = values_by_day(content).values()
    assert (kwh[3], kwh[5]) == (0.1, 0.2)
    assert np.isnan(kwh[4])


def test_the_hour_that_sydney_repeats_is_shared_from_its_sum() -> None:
    # 6 April 2025: midnight is 23:00 NEM on the 5th. 02:00 comes at 01:00 NEM and
    # again at 02:00 NEM: half-hour 4 goes to places 2 and 4, half-hour 5 to 3 and 5.
    # Half-hours 4 and 5 hold 0.05 + 0.06 kWh of two hours.
    file = wide(day_row("2025-04-06", NUMBERED))

    content = read_table(file, wide_profile(clock=SYDNEY))

    by_day = values_by_day(content)
    assert by_day["2025-04-05"][46:] == [0.01, 0.02]
    assert by_day["2025-04-06"][:7] == [0.03, 0.04, 0.025, 0.03, 0.025, 0.03, 0.07]
    assert by_day["2025-04-06"][47] == 0.48
    total = np.nansum([*by_day["2025-04-05"], *by_day["2025-04-06"]])
    assert total == pytest.approx(11.76)  # 0.01 x 48 x 49 / 2: nothing lost
    quality = next(iter(content.meter.values()))[1].quality
    assert quality[1:7].tolist() == [
        Quality.ACTUAL,
        *[Quality.SUBSTITUTE] * 4,
        Quality.ACTUAL,
    ]


def test_a_sum_of_two_hours_is_compared_with_its_neighbours() -> None:
    twofold = wide(day_row("2025-04-06", 0.25, {4: 0.5, 5: 0.5}))
    single = wide(day_row("2025-04-06", 0.25))
    profile = wide_profile(clock=SYDNEY)

    (right,) = read_table(twofold, profile).problems
    (doubtful,) = read_table(single, profile).problems

    assert "one sum of 1 kWh, 2.0 times the hours around; shared evenly" in right
    assert "looks like one hour" not in right
    assert "1.0 times the hours around" in doubtful
    assert "looks like one hour: check repeated_hour" in doubtful


def test_an_hour_shown_twice_keeps_both() -> None:
    file = long(
        "2025-04-06 01:30,0.1",
        "2025-04-06 02:00,0.2",
        "2025-04-06 02:30,0.3",
        "2025-04-06 02:00,0.4",
        "2025-04-06 02:30,0.5",
        "2025-04-06 03:00,0.6",
    )
    clock = SYDNEY | {"repeated_hour": "twice", "skipped_hour": "absent"}

    content = read_table(file, long_profile(clock=clock))

    # 01:30 in daylight time is 00:30 NEM, place 1.
    (kwh,) = values_by_day(content).values()
    assert kwh[1:7] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert content.problems == ()


def test_a_table_that_runs_backwards_keeps_the_order_of_a_repeated_hour() -> None:
    file = long(
        "2025-04-06 03:00,0.6",
        "2025-04-06 02:30,0.5",
        "2025-04-06 02:00,0.4",
        "2025-04-06 02:30,0.3",
        "2025-04-06 02:00,0.2",
        "2025-04-06 01:30,0.1",
    )
    clock = SYDNEY | {"repeated_hour": "twice", "skipped_hour": "absent"}

    content = read_table(file, long_profile(clock=clock))

    (kwh,) = values_by_day(content).values()
    assert kwh[1:7] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


def test_an_hour_said_to_be_shown_twice_must_be() -> None:
    file = long("2025-04-06 02:00,0.2", "2025-04-06 02:30,0.3")
    clock = SYDNEY | {"repeated_hour": "twice", "skipped_hour": "absent"}

    with pytest.raises(DataError, match=r"table.csv:2: .*each of its intervals twice"):
        read_table(file, long_profile(clock=clock))


def test_of_an_hour_shown_once_the_second_is_missing() -> None:
    file = long("2025-04-06 02:00,0.2", "2025-04-06 02:30,0.3", "2025-04-06 03:00,0.4")
    clock = SYDNEY | {"repeated_hour": "absent", "skipped_hour": "absent"}

    content = read_table(file, long_profile(clock=clock))

    (kwh,) = values_by_day(content).values()
    assert kwh[2:4] == [0.2, 0.3]
    assert np.isnan(kwh[4:6]).all()
    assert kwh[6] == 0.4
    assert (
        "shows it once; taken as the first, the second is missing"
        in (content.problems[0])
    )


def test_energy_in_an_hour_that_does_not_exist_is_refused() -> None:
    file = wide(day_row("2025-10-05", 0.25))

    with pytest.raises(DataError, match=r"table.csv:2: .*0.5 kWh in it; the table is"):
        read_table(file, wide_profile(clock=SYDNEY))


def test_zeros_where_the_profile_says_absent_are_refused() -> None:
    file = wide(day_row("2025-10-05", 0.25, {4: 0, 5: 0}))
    clock = SYDNEY | {"skipped_hour": "absent", "repeated_hour": "summed"}

    with pytest.raises(DataError, match="skipped_hour = absent: is it zeros"):
        read_table(file, wide_profile(clock=clock))


def test_a_skipped_hour_may_be_empty() -> None:
    file = wide(day_row("2025-10-05", NUMBERED, {4: "", 5: ""}))
    clock = SYDNEY | {"skipped_hour": "absent"}

    content = read_table(file, wide_profile(clock=clock))

    (days,) = content.meter.values()
    assert days[0].known_count == 46


@pytest.mark.parametrize("gap", [0, ""])
def test_market_time_with_a_hole_where_clocks_skip_is_refused(gap: object) -> None:
    rows = [day_row(day, 0.25) for day in dates("2025-10-01", 8)]
    rows[4] = day_row("2025-10-05", 0.25, {4: gap, 5: gap})

    with pytest.raises(DataError, match=r"table.csv:6: .*2025-10-05 02:00.*local time"):
        read_table(wide(*rows), wide_profile())


def test_market_time_is_believed_where_that_hour_is_always_idle() -> None:
    rows = [day_row(day, 0.25, {4: 0, 5: 0}) for day in dates("2025-10-01", 8)]

    content = read_table(wide(*rows), wide_profile())

    assert content.problems == ()


def sunny_days(jump_slots: int) -> list[str]:
    """Thirty days around 5 October; the sun moves after it by so many half-hours."""
    rows = []
    for day in dates("2025-09-20", 30):
        shift = jump_slots if day >= "2025-10-05" else 0
        lit = {slot + shift: 0.5 for slot in range(12, 34)}
        rows.append(day_row(day, 0, lit))
    return rows


FEED_IN = [{"name": "export", "flow": "feed_in"}]


def test_a_sun_that_jumps_is_not_on_market_time() -> None:
    file = wide(*sunny_days(2))

    with pytest.raises(
        DataError, match=r"moves by \+1.00 h at 2025-10-05 02:00, \+0 h"
    ):
        read_table(file, wide_profile(registers=FEED_IN))
    read_table(file, wide_profile(registers=FEED_IN, clock=SYDNEY))


def test_a_sun_that_stays_is_not_on_local_time() -> None:
    file = wide(*sunny_days(0))

    with pytest.raises(DataError, match=r"moves by \+0.00 h .*, \+1 h expected"):
        read_table(file, wide_profile(registers=FEED_IN, clock=SYDNEY))
    read_table(file, wide_profile(registers=FEED_IN))


def test_adelaide_is_half_an_hour_from_the_market() -> None:
    file = wide(day_row("2025-07-01", NUMBERED))
    clock = SYDNEY | {"zone": "Australia/Adelaide"}

    content = read_table(file, wide_profile(clock=clock))

    # UTC+9:30: midnight there is 00:30 NEM.
    by_day = values_by_day(content)
    assert by_day["2025-07-01"][1:] == NUMBERED[:47]
    assert by_day["2025-07-02"][0] == 0.48


def test_hours_across_two_market_hours_are_refused() -> None:
    file = long("2025-07-01 00:00,1", "2025-07-01 01:00,1")
    clock = SYDNEY | {"zone": "Australia/Adelaide"}

    with pytest.raises(DataError, match="lies across two of the market's"):
        read_table(file, long_profile(clock=clock, interval_minutes=60))


def changed(name: str, **changes: object) -> TableProfile:
    profile = load_profile(name).model_dump(exclude_none=True)
    return TableProfile.model_validate(profile | changes)


def home(name: str) -> SourceFile:
    return SourceFile(name, gzip.decompress((HOMES / f"{name}.gz").read_bytes()))


AUSGRID = "ausgrid_customer12_2011-07_2012-06.csv"
WIDE = "wide_5min_{}_2023-08-07_2023-12-04.csv"


@needs_homes
def test_the_ausgrid_home_is_not_on_market_time() -> None:
    profile = changed("ausgrid-solar-home", clock={"kind": "NEM"})

    with pytest.raises(DataError, match=r":44\d\d: GC has nothing in the hour from"):
        read_table(home(AUSGRID), profile)


@needs_homes
@pytest.mark.parametrize(
    ("register", "said"),
    [
        ("consumption", "does not exist in Australia/Sydney, but consumption has"),
        ("feedin", "the table is on NEM time"),
    ],
)
def test_the_wide_home_is_not_on_local_time(register: str, said: str) -> None:
    profile = changed("elec-wide-5min", clock=SYDNEY)

    with pytest.raises(DataError, match=said):
        read_table(home(WIDE.format(register)), profile)


@needs_homes
def test_the_ausgrid_homes_two_clock_days() -> None:
    content = read_table(home(AUSGRID), load_profile("ausgrid-solar-home"))

    load, generation = sorted(content.meter, key=lambda register: register.name)
    by_day = {f"{day.day}": day for day in content.meter[load]}
    # 2011-10-02: 01:30 0.308 kW, then 03:00 0.346 kW; halves are kWh.
    assert by_day["2011-10-02"].kwh[3:5] == pytest.approx([0.154, 0.173])
    # 2012-04-01: 02:00 1.092 and 02:30 1.128 kW for two hours, so 0.273 and 0.282
    # kWh a half-hour; 03:00 0.448 kW after them.
    assert by_day["2012-04-01"].kwh[2:7] == pytest.approx(
        [0.273, 0.282, 0.273, 0.282, 0.224]
    )
    assert by_day["2012-04-01"].quality[2:6].tolist() == [Quality.SUBSTITUTE] * 4
    assert len(content.problems) == 4
    for register in (load, generation):
        missing = sum(
            int(np.count_nonzero(day.quality == NO_QUALITY))
            for day in content.meter[register]
        )
        assert missing == 0
