"""Each chart shows the report's own figures, and none that are not there."""

import copy
from typing import Any

import pytest
from tests.analysis.report.composed_report import composed_report

from home_energy.analysis.report.charts import Chart, report_charts, scenario_charts
from home_energy.analysis.report.charts_look import LOSS, MONEY

Report = dict[str, Any]


@pytest.fixture
def report() -> Report:
    return composed_report()


def charts_of(
    report: Report, scenario: str, strategy: str = "forecast"
) -> dict[str, Chart]:
    entry = next(one for one in report["scenarios"] if one["scenario"] == scenario)
    return {chart.name: chart for chart in scenario_charts(entry, strategy)}


def whole(report: Report) -> dict[str, Chart]:
    return {chart.name: chart for chart in report_charts(report)}


def trace(chart: Chart, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in chart.figure["data"] if one.get("name") == name
    )
    return found


def money_of(report: Report, number: int, run: int) -> dict[str, Any]:
    money: dict[str, Any] = report["scenarios"][number]["runs"][run]["money"]
    return money


def notes_of(chart: Chart) -> list[str]:
    return [note["text"] for note in chart.figure["layout"]["annotations"]]


def test_a_month_stands_on_what_was_used_and_hangs_what_was_given_away(
    report: Report,
) -> None:
    chart = charts_of(report, "solar-battery")["energy-mix"]

    # January: 170 + 60 at once, 150 + 60 from the battery, the rest of 560 - 90 from
    # the grid; sold 260 + 150 of the sun.
    assert trace(chart, "sun at once")["y"][0] == 230.0
    assert trace(chart, "battery")["y"][0] == 210.0
    assert trace(chart, "grid")["y"][0] == 30.0
    assert trace(chart, "sun sold")["y"][0] == -410.0
    assert trace(chart, "sun held back")["y"][0] == -120.0
    assert trace(chart, "grid")["x"][0] == "2025-01"


def test_a_flow_that_a_home_has_not_is_not_drawn(report: Report) -> None:
    alone = charts_of(report, "solar", "no_battery")["energy-mix"]
    with_car = charts_of(report, "car")["energy-mix"]

    names = {one["name"] for one in alone.figure["data"]}
    assert names == {"sun at once", "grid", "sun sold", "sun held back"}
    assert trace(with_car, "grid into car")["y"][6] == 120.0  # 90 + 30 in July


def test_a_typical_day_has_a_panel_for_each_season(report: Report) -> None:
    chart = charts_of(report, "solar-battery")["typical-days"]

    days = report["scenarios"][1]["shapes"]["forecast"]["days_by_season"]
    loads = [one for one in chart.figure["data"] if one["name"] == "home uses"]
    assert [one["y"] for one in loads] == [day["load_kw"] for day in days]
    assert len({one["xaxis"] for one in loads}) == 4
    sold = [one for one in chart.figure["data"] if one["name"] == "sold"]
    assert sold[0]["y"] == [-kw for kw in days[0]["grid_export_kw"]]
    battery = [one for one in chart.figure["data"] if one["name"] == "battery"]
    assert battery[0]["y"] == days[0]["battery_kw"]
    assert [one["showlegend"] for one in loads] == [True, False, False, False]


def test_the_seasons_have_one_scale_that_holds_all_of_them(report: Report) -> None:
    days = report["scenarios"][0]["shapes"]["no_battery"]["days_by_season"]
    days[2]["grid_import_kw"][0] = 9.0  # winter, where the sun gives nothing

    layout = charts_of(report, "solar", "no_battery")["typical-days"].figure["layout"]

    ranges = [layout[name]["range"] for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]
    assert ranges[0] == ranges[1] == ranges[2] == ranges[3]
    assert ranges[0][1] == pytest.approx(1.08 * 9.0)


def test_a_season_that_is_not_in_the_period_has_no_panel(report: Report) -> None:
    shapes = report["scenarios"][0]["shapes"]["no_battery"]
    shapes["days_by_season"] = shapes["days_by_season"][2:3]

    chart = charts_of(report, "solar", "no_battery")["typical-days"]

    assert notes_of(chart) == ["<b>Winter</b>"]


def test_the_duration_curve_says_where_half_of_it_is_made(report: Report) -> None:
    entry = report["scenarios"][1]
    entry["shapes"]["forecast"]["savings_duration"] = {
        "share_of_time_fraction": [0.0, 0.01, 0.02, 0.5, 1.0],
        "saving_aud": [0.0, 300.0, 520.0, 1100.0, 1000.0],
    }

    chart = charts_of(report, "solar-battery")["savings-duration"]

    line = chart.figure["data"][0]
    assert line["y"] == [0.0, 300.0, 520.0, 1100.0, 1000.0]
    # Half of 1,000 is passed at the third point.
    said = plain(chart.said)
    assert "Half of the $1,000 saved on energy is made in the best 2 %" in said
    assert "Where the line falls" in chart.said
    mark = chart.figure["layout"]["annotations"][0]
    assert (mark["x"], mark["y"]) == (0.02, 520.0)


def test_what_costs_more_has_no_half_of_a_saving(report: Report) -> None:
    entry = report["scenarios"][1]
    entry["shapes"]["forecast"]["savings_duration"] = {
        "share_of_time_fraction": [0.0, 0.5, 1.0],
        "saving_aud": [0.0, 20.0, -40.0],
    }

    chart = charts_of(report, "solar-battery")["savings-duration"]

    assert "Half" not in chart.said
    assert chart.figure["layout"]["annotations"] == []


def test_the_cash_flow_has_its_parts_and_all_of_it_so_far(report: Report) -> None:
    chart = charts_of(report, "solar-battery")["cash-flow"]

    assert trace(chart, "price after incentives")["y"][0] == -11900.0
    assert trace(chart, "saved in the year")["y"][1:3] == [1600.0, 1580.0]
    # -11,900 + 1,600 + 1,580
    assert trace(chart, "all so far")["y"][2] == -8720.0
    names = [one["name"] for one in chart.figure["data"]]
    assert "loan" not in names
    assert "keeping and replacing" not in names


def test_the_band_goes_from_the_soonest_payback_to_beyond_the_end(
    report: Report,
) -> None:
    band, line = charts_of(report, "solar-battery")["cash-flow"].figure["layout"][
        "shapes"
    ]

    # P90 is never: the band runs out of the ten years.
    assert (band["x0"], band["x1"]) == (6.45, 10.5)
    assert line["x0"] == line["x1"] == 7.84


def test_the_band_ends_where_nine_of_ten_draws_are_paid_back(report: Report) -> None:
    money_of(report, 1, 1)["doubt"]["simple_payback_years"]["p90"] = 9.25

    chart = charts_of(report, "solar-battery")["cash-flow"]

    assert chart.figure["layout"]["shapes"][0]["x1"] == 9.25
    assert "or not in these years" not in chart.said


def test_what_never_pays_back_has_no_mark_of_it(report: Report) -> None:
    chart = charts_of(report, "solar", "no_battery")["cash-flow"]

    assert [shape["type"] for shape in chart.figure["layout"]["shapes"]] == ["rect"]
    assert "It is not paid back in these years." in chart.said


def test_the_tornado_reaches_from_the_middle_to_each_end(report: Report) -> None:
    chart = charts_of(report, "solar-battery")["tornado"]

    worse, better = chart.figure["data"]
    # 1,420.50 - 1,900.50; growth of prices is the widest, so it is the first row.
    assert worse["x"][:3] == [1420.5, -480.0, None]
    assert better["x"][:2] == [1420.5, 1420.5 + 2600.25]
    assert worse["y"][:2] == [0, 0]
    assert (worse["line"]["color"], better["line"]["color"]) == (LOSS, MONEY)


def test_the_value_of_an_assumption_stands_at_its_own_end(report: Report) -> None:
    notes = charts_of(report, "solar-battery")["tornado"].figure["layout"][
        "annotations"
    ]

    # What the money earns elsewhere: 5.5 % is worse and left, 2 % is better and right.
    labels = {plain(note["text"]): note for note in notes}
    assert labels["5.5 % a year"]["xanchor"] == "right"
    assert labels["5.5 % a year"]["x"] == 1420.5 - 900.0
    assert labels["2.0 % a year"]["xanchor"] == "left"
    assert labels["2.0 % a year"]["x"] == 1420.5 + 950.0


def test_draws_that_lose_look_unlike_those_that_gain(report: Report) -> None:
    chart = charts_of(report, "solar-battery")["npv-histogram"]

    bars = chart.figure["data"][0]
    histogram = money_of(report, 1, 1)["doubt"]["histogram"]
    assert bars["y"] == histogram["counts"]
    assert bars["x"] == histogram["edges_aud"][:-1]
    # Edges at -4,000, -3,500 ...: the ninth bar begins at 0.
    assert bars["marker"]["color"][7:9] == [LOSS, MONEY]
    assert "1,000 draws of what may come: in 74 % of them" in plain(chart.said)
    lines = [shape["x0"] for shape in chart.figure["layout"]["shapes"]]
    assert lines == [0, 1420.5 - 2600, 1420.5 - 150, 1420.5 + 2900]


def test_the_dollars_come_to_the_saving(report: Report) -> None:
    steps = charts_of(report, "solar-battery")["dollars"].figure["data"][0]

    assert steps["measure"][-1] == "total"
    assert sum(steps["x"][:-1]) == pytest.approx(steps["x"][-1], abs=1e-9)
    assert steps["x"][-1] == 1505.5
    # Nothing came of demand charges, so they have no step.
    assert not any("demand" in words for words in steps["y"])


def test_a_dollar_without_words_of_its_own_keeps_its_name(report: Report) -> None:
    report["scenarios"][1]["runs"][1]["dollars"]["of_bills_aud"]["new_kind"] = 12.0

    steps = charts_of(report, "solar-battery")["dollars"].figure["data"][0]

    assert "new_kind" in steps["y"]


def test_what_nobody_offers_has_no_chart_of_money(report: Report) -> None:
    names = set(charts_of(report, "car"))

    assert names == {"energy-mix", "typical-days", "savings-duration", "dollars"}


def test_a_run_without_anything_has_no_chart(report: Report) -> None:
    assert charts_of(report, "solar", "another") == {}


def test_doubt_that_was_not_reckoned_is_not_drawn(report: Report) -> None:
    money = money_of(report, 1, 1)
    del money["doubt"], money["tornado"]

    names = set(charts_of(report, "solar-battery"))

    assert "cash-flow" in names
    assert not names & {"npv-histogram", "tornado"}


def test_a_whisker_is_the_range_and_a_bound_is_hollow(report: Report) -> None:
    chart = whole(report)["saving-comparison"]

    whiskers, dots, bound = chart.figure["data"]
    assert dots["x"] == [610.5, 1505.5, 1975.25]  # the home as it is has no saving
    assert whiskers["x"][3:5] == [1190.0, 1810.0]
    assert bound["x"] == [1822.75]
    assert bound["y"] == [1]
    assert bound["marker"]["symbol"].endswith("-open")
    assert bound["name"] == "upper bound: no home can have it"


def test_worth_is_compared_only_where_it_is_known(report: Report) -> None:
    chart = whole(report)["npv-comparison"]

    assert trace(chart, "net present value")["x"] == [-320.75, 1420.5]
    assert not any("bound" in one["name"] for one in chart.figure["data"])


def test_the_axis_holds_every_whisker(report: Report) -> None:
    axis = whole(report)["npv-comparison"].figure["layout"]["xaxis"]

    assert axis["range"][0] < -2920.75
    assert axis["range"][1] > 4320.5


def test_a_surface_has_each_size_once_and_marks_what_stands_out(
    report: Report,
) -> None:
    chart = whole(report)["surface-sizes-amber-like-vic-forecast"]

    heat = chart.figure["data"][0]
    assert heat["x"] == ["0 kW", "3.3 kW", "6.6 kW", "10 kW"]
    assert heat["y"] == ["none", "5 kWh", "10 kWh", "13.5 kWh"]
    # 900 x 6.6 - 62 x 6.6^2 + 210 x 10 - 13 x 10^2 - 2,300
    assert heat["z"][2][2] == 1739.28
    assert heat["z"][0][0] is None
    marks = {
        note["text"]: (note["x"], note["y"])
        for note in chart.figure["layout"]["annotations"]
    }
    assert marks == {
        "as it is": ("0 kW", "none"),
        "<b>★</b>": ("6.6 kW", "10 kWh"),
        "<b>◆</b>": ("6.6 kW", "5 kWh"),
    }


def test_the_least_loss_is_not_told_as_the_best(report: Report) -> None:
    for choice in report["sweeps"][0]["choices"]:
        if choice["npv_aud"] is not None:
            choice["npv_aud"] -= 5000.0

    chart = whole(report)["surface-sizes-amber-like-vic-forecast"]

    assert "★ the least loss: no size is worth its price." in chart.said
    assert "best" not in chart.said


def test_a_surface_of_foresight_is_told_as_a_bound_and_marks_nothing(
    report: Report,
) -> None:
    report["sweeps"][0]["picks"]["most_worth"] = 22  # of foresight

    chart = whole(report)["surface-sizes-amber-like-vic-perfect_foresight"]

    assert "upper bound" in chart.title
    assert "An upper bound that no home can have." in chart.said
    assert "★" not in str(chart.figure["layout"]["annotations"])


def test_a_sweep_without_prices_shows_what_is_saved(report: Report) -> None:
    for choice in report["sweeps"][0]["choices"]:
        choice["npv_aud"] = None

    chart = whole(report)["surface-sizes-amber-like-vic-forecast"]

    assert chart.figure["data"][0]["z"][1][1] == 90 * 3.3 + 40 * 5.0
    assert "saving of the year" in chart.said


def test_every_bill_of_the_home_as_it_is_is_drawn(report: Report) -> None:
    chart = whole(report)["baseline-months"]

    bills, prices = chart.figure["data"]
    assert bills["y"][6] == 197.0  # July: 159 + 38
    assert prices["y"][6] == 30.0


def test_a_report_with_nothing_to_compare_has_only_the_bills(report: Report) -> None:
    report |= {"comparison": report["comparison"][:1], "sweeps": []}

    assert set(whole(report)) == {"baseline-months"}


def test_day_and_night_differ_by_the_template_alone(report: Report) -> None:
    day = report_charts(report)
    night = report_charts(report, "dark")

    assert len(day) == len(night)
    for one, other in zip(day, night, strict=True):
        figures = copy.deepcopy((one.figure, other.figure))
        templates = [figure["layout"].pop("template") for figure in figures]
        assert templates[0] != templates[1]
        assert figures[0] == figures[1]


def plain(text: str) -> str:
    """Words with a space where a narrow one stands."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")
