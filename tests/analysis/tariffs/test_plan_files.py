"""Plans as files: what is found by name, and what is said of a faulty one."""

from pathlib import Path

import pytest
from tests.analysis.tariffs.written_plans import FLAT, PEAK_ON_WEEKDAYS, PERIOD, SUPPLY

from home_energy.analysis.tariffs import plan_files
from home_energy.analysis.tariffs.plan_files import find_plan, known_plans, load_plan
from home_energy.errors import ConfigError


def _write(folder: Path, name: str, parts: str, head: str = "") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'name = "{name}"\ntitle = "As {name}"\n{head}\n{PERIOD}\n{parts}')
    return path


def test_plan_is_read_from_its_file(tmp_path: Path) -> None:
    path = _write(tmp_path, "mine", PEAK_ON_WEEKDAYS + SUPPLY)

    plan = load_plan(path)

    assert plan.name == "mine"
    assert [rate.name for rate in plan.period[0].usage] == ["Peak", "Off-peak"]
    assert plan.period[0].fixed[0].c_per_day == 100


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: not readable as TOML"):
        load_plan(tmp_path / "gone.toml")


def test_every_fault_is_said_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    parts = """
[[period.usage]]
name = "Peak"
hours = ["15:10-20:00"]
c_per_kw = 60
[[period.usage]]
name = "Off-peak"
c_per_kwh = "dear"
[[period.fixed]]
name = "Supply"
"""
    path = _write(tmp_path, "mine", parts, head="gst_inclded = true")

    with pytest.raises(ConfigError) as caught:
        load_plan(path)

    said = str(caught.value)
    assert "gst_inclded: unknown key, did you mean gst_included?" in said
    assert "period[1].usage[1].c_per_kw: unknown key, did you mean c_per_kwh?" in said
    assert "usage[1].hours[1]: expected half-hours like 15:00-21:00" in said
    assert "usage[2].c_per_kwh: Input should be a valid number" in said
    assert "found 'dear'" in said
    assert "fixed[1]: expected exactly one of c_per_day, aud_per_month" in said
    assert "at least 1 item" not in said


def test_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\ntitle = "Mine"\n[[period]]\nfrom = 2025-01-01\n')

    with pytest.raises(ConfigError) as caught:
        load_plan(path)

    assert "period[1].source: this key is required" in str(caught.value)
    assert "period[1].usage: this key is required" in str(caught.value)


OVERLAP = """
[[period.usage]]
name = "Peak"
days = ["weekday"]
hours = ["15:00-21:00"]
c_per_kwh = 60
[[period.usage]]
name = "Shoulder"
hours = ["07:00-15:30"]
c_per_kwh = 30
[[period.usage]]
name = "Off-peak"
c_per_kwh = 20
"""

HOLE = """
[[period.usage]]
name = "Peak"
hours = ["15:00-21:00"]
c_per_kwh = 60
[[period.usage]]
name = "Off-peak"
hours = ["21:00-14:30"]
c_per_kwh = 20
"""

TWO_RESTS = FLAT + FLAT.replace("Anytime", "Always")

TWO_PRICES = """
[[period.usage]]
name = "Peak"
months = [12, 1, 2]
c_per_kwh = 60
[[period.usage]]
name = "Peak"
months = [3, 4, 5, 6, 7, 8, 9, 10, 11]
c_per_kwh = 50
"""

HOLE_OF_SOLAR = (
    FLAT
    + """
[[period.feed_in]]
name = "Solar"
days = ["weekday"]
c_per_kwh = 5
"""
)

HOLE_OF_HOT_WATER = (
    FLAT
    + """
[[period.usage]]
name = "Hot water"
channel = "controlled_load"
months = [1]
c_per_kwh = 15
"""
)


DEMAND = """
[[period.demand]]
name = "Demand"
aud_per_kw_per_day = 0.3
"""


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (OVERLAP, "weekday, January, 15:00-15:30 is covered by Peak and by Shoulder"),
        (HOLE, "weekday, January, 14:30-15:00 is covered by no rate"),
        (TWO_RESTS, "Anytime and Always have no days, months or hours"),
        (TWO_PRICES, "rates called Peak have different prices"),
        (HOLE_OF_SOLAR, "feed_in: weekend, January, 00:00-00:30 is covered by no rate"),
        (
            HOLE_OF_HOT_WATER,
            "usage (controlled_load): weekday, February, 00:00-00:30 is covered by no",
        ),
        (FLAT + 2 * DEMAND, "period[1].demand: two charges are called Demand"),
        (SUPPLY, "period[1].usage: this key is required"),
    ],
)
def test_hole_or_overlap_is_told_in_words(
    tmp_path: Path, parts: str, said: str
) -> None:
    path = _write(tmp_path, "mine", parts)

    with pytest.raises(ConfigError) as caught:
        load_plan(path)

    assert said in str(caught.value)


def test_plan_without_a_general_rate_is_refused(tmp_path: Path) -> None:
    parts = FLAT + 'channel = "controlled_load"\n'
    path = _write(tmp_path, "mine", parts)

    with pytest.raises(ConfigError, match=r"usage \(general\): weekday, January"):
        load_plan(path)


def test_one_name_may_have_several_windows_of_one_price(tmp_path: Path) -> None:
    parts = """
[[period.usage]]
name = "Peak"
days = ["weekday"]
hours = ["15:00-21:00"]
c_per_kwh = 60
[[period.usage]]
name = "Peak"
days = ["weekend"]
hours = ["17:00-20:00"]
c_per_kwh = 60
[[period.usage]]
name = "Off-peak"
c_per_kwh = 20
"""

    plan = load_plan(_write(tmp_path, "mine", parts))

    assert len(plan.period[0].usage) == 3


def test_holidays_need_a_state(tmp_path: Path) -> None:
    parts = PEAK_ON_WEEKDAYS.replace('["weekday"]', '["weekday", "holiday"]')

    with pytest.raises(ConfigError, match=r"usage\[1\]\.days: holiday, but the plan"):
        load_plan(_write(tmp_path, "mine", parts))

    known = load_plan(_write(tmp_path, "mine", parts, 'public_holidays = "NSW"'))
    assert known.public_holidays == "NSW"


def test_holidays_must_be_covered_where_the_plan_knows_them(tmp_path: Path) -> None:
    parts = """
[[period.usage]]
name = "Workdays"
days = ["weekday"]
c_per_kwh = 30
[[period.usage]]
name = "Weekends"
days = ["weekend"]
c_per_kwh = 20
"""

    unknown = load_plan(_write(tmp_path, "mine", parts))
    assert unknown.public_holidays is None
    with pytest.raises(ConfigError, match="holiday, January, 00:00-00:30 is covered"):
        load_plan(_write(tmp_path, "mine", parts, 'public_holidays = "NSW"'))


def test_household_plan_stands_before_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    own.mkdir()
    monkeypatch.setattr(plan_files, "SHIPPED", shipped)
    _write(shipped, "flat", FLAT)
    _write(shipped, "other", FLAT)
    _write(own, "flat", FLAT + SUPPLY)
    (own / "broken.toml").write_text("name = ")

    found = find_plan("flat", own)
    known = known_plans(own)

    assert found.period[0].fixed != ()
    assert [(p.name, p.is_shipped, p.is_usable) for p in known] == [
        ("broken", False, False),
        ("flat", False, True),
        ("other", True, True),
    ]
    assert "not readable as TOML" in known[0].title
    assert known[2].title == "As other"


def test_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    _write(tmp_path, "my-flat", FLAT)

    with pytest.raises(ConfigError, match="did you mean my-flat"):
        find_plan("my-flatt", tmp_path)


def test_path_is_read_as_a_path(tmp_path: Path) -> None:
    path = _write(tmp_path, "mine", FLAT)

    plan = find_plan(str(path), tmp_path / "nowhere")

    assert plan.name == "mine"


def test_file_called_otherwise_than_its_plan_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "mine", FLAT).rename(tmp_path / "yours.toml")

    with pytest.raises(ConfigError, match="expected 'yours' as the file is called"):
        find_plan("yours", tmp_path)
