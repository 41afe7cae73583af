"""Charts of energy: months, a typical day, when the saving is made, bills."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from home_energy.analysis.report.charts_look import (
    BATTERY,
    CAR,
    EXPORT,
    GRID,
    HELD_BACK,
    LABEL_PX,
    MONEY,
    SUN,
    Chart,
    Layout,
    Theme,
    Trace,
    aud_axis,
    axis,
    figure,
    month_axis,
    note,
)
from home_energy.analysis.report.words import dollars, percent
from home_energy.domain.calendar_year import SEASONS

Row = Mapping[str, Any]

LEAST_SHOWN_KWH: Final = 0.5
"""A flow of less in all months is not drawn."""

_USED: Final = (
    ("solar_to_load_kwh", "sun at once", SUN, ""),
    ("battery_to_load_kwh", "battery", BATTERY, ""),
    ("car_to_load_kwh", "car to home", CAR, ""),
    ("grid_to_load_kwh", "grid", GRID, ""),
    ("solar_to_car_kwh", "sun into car", SUN, "/"),
    ("battery_to_car_kwh", "battery into car", BATTERY, "/"),
    ("grid_to_car_kwh", "grid into car", GRID, "/"),
)
_GIVEN: Final = (
    ("solar_to_grid_kwh", "sun sold", EXPORT, ""),
    ("battery_to_grid_kwh", "battery sold", EXPORT, "x"),
    ("car_to_grid_kwh", "car sold", EXPORT, "."),
    ("curtailed_kwh", "sun held back", HELD_BACK, ""),
)
_PATTERN_INK: Final = {"/": CAR, "x": BATTERY, ".": CAR}

_DAY_PARTS: Final = (
    ("solar_kw", "sun", SUN, 1),
    ("battery_kw", "battery", BATTERY, 0),
    ("car_kw", "car", CAR, 0),
    ("grid_import_kw", "bought", GRID, 1),
    ("grid_export_kw", "sold", EXPORT, -1),
    ("curtailed_kw", "sun held back", HELD_BACK, -1),
)
_LEAST_SHOWN_KW: Final = 0.005


def energy_mix(months: Sequence[Row], theme: Theme) -> Chart | None:
    """Where the home's energy came from, month by month, and what it gave away."""
    used = [_month_bars(months, part, 1) for part in _USED]
    given = [_month_bars(months, part, -1) for part in _GIVEN]
    bars = [one for one in (*used, *given) if one is not None]
    if not bars:
        return None
    names = [month["month"] for month in months]
    return Chart(
        "energy-mix",
        "Where the energy came from",
        "Above the line: what the home used each month, by where it came from. Below: "
        "what was sold or held back.",
        figure(
            bars,
            theme,
            barmode="relative",
            bargap=0.25,
            showlegend=True,
            xaxis=month_axis(names),
            yaxis=axis("kWh in the month", tickformat=",.0f"),
        ),
    )


def typical_days(days: Sequence[Row], theme: Theme) -> Chart | None:
    """A day of each season, the mean of all its days."""
    by_season = {day["season"]: day for day in days}
    shown = [by_season[season] for season in SEASONS if season in by_season]
    if not shown:
        return None
    traces: list[Trace] = []
    layout: Layout = {"annotations": []}
    least, most = _reach_kw(shown)
    for number, day in enumerate(shown):
        traces += _day_traces(day, shown, number)
        layout |= _day_axes(number, (least, most))
        layout["annotations"].append(_day_title(number, day["season"]))
    return Chart(
        "typical-days",
        "A typical day in each season",
        "The thick line is what the home uses through the day. Above zero is where "
        "energy comes from; below, what is sold, stored or held back.",
        figure(
            traces,
            theme,
            height=390,
            barmode="relative",
            bargap=0,
            showlegend=True,
            **layout,
        ),
    )


def savings_duration(duration: Row | None, theme: Theme) -> Chart | None:
    """How few moments make the saving of the year."""
    if not duration:
        return None
    shares, saved = duration["share_of_time_fraction"], duration["saving_aud"]
    said, marks = _half_way(shares, saved)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": list(shares),
        "y": list(saved),
        "fill": "tozeroy",
        "line": {"color": MONEY, "width": 3},
        "hovertemplate": "best %{x:.0%} of the time: %{y:$,.0f}<extra></extra>",
    }
    return Chart(
        "savings-duration",
        "When the saving is made",
        said,
        figure(
            [line],
            theme,
            height=300,
            annotations=marks,
            xaxis=axis(
                "share of the time, the best moments first",
                tickformat=".0%",
                range=[0, 1.02],
                showgrid=False,
            ),
            yaxis=aud_axis("saved on energy so far, AUD", saved, rangemode="tozero"),
        ),
    )


def baseline_months(months: Sequence[Row], theme: Theme) -> Chart | None:
    """The bill of the home as it is, month by month, and what a kWh cost."""
    if not months:
        return None
    names = [month["month"] for month in months]
    bills = {
        "type": "bar",
        "x": names,
        "y": [month["bill_aud"] for month in months],
        "marker": {"color": MONEY},
        "texttemplate": "%{y:$,.0f}",
        "textposition": "outside",
        "textangle": 0,
        "cliponaxis": False,
        "hovertemplate": "%{x}: %{y:$,.2f}<extra></extra>",
    }
    prices = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": names,
        "y": [month["mean_import_c_per_kwh"] for month in months],
        "yaxis": "y2",
        "line": {"color": GRID, "width": 2},
        "marker": {"color": GRID, "size": 7},
        "hovertemplate": "%{x}: %{y:.1f} c/kWh<extra></extra>",
    }
    return Chart(
        "baseline-months",
        "The home as it is: every month's bill",
        "Bars: what the month cost, fixed charges included. Line: what a kilowatt-hour "
        "from the grid cost in the mean.",
        figure(
            [bills, prices],
            theme,
            height=380,
            bargap=0.25,
            xaxis=month_axis(names) | {"anchor": "y2"},
            yaxis=axis("bill, AUD", tickformat="$,.0f", domain=[0.42, 1]),
            yaxis2=axis("c/kWh bought", domain=[0, 0.3], rangemode="tozero", nticks=4),
        ),
    )


def _month_bars(
    months: Sequence[Row], part: tuple[str, str, str, str], sign: int
) -> Trace | None:
    name, words, colour, pattern = part
    kwh = [month.get(name) or 0.0 for month in months]
    if sum(kwh) < LEAST_SHOWN_KWH:
        return None
    marker: dict[str, Any] = {"color": colour}
    if pattern:
        marker["pattern"] = {
            "shape": pattern,
            "fgcolor": _PATTERN_INK[pattern],
            "fgopacity": 1,
            "fillmode": "overlay",
            "size": 7,
            "solidity": 0.35,
        }
    return {
        "type": "bar",
        "name": words,
        "x": [month["month"] for month in months],
        "y": [sign * value for value in kwh],
        "customdata": kwh,
        "marker": marker,
        "hovertemplate": f"{words}, %{{x}}: %{{customdata:,.0f}} kWh<extra></extra>",
    }


def _day_traces(day: Row, all_days: Sequence[Row], number: int) -> list[Trace]:
    """Stacked bars of half an hour, and the load as a line over them."""
    anchors = _anchors(number)
    starts = list(day["start_hours"])
    traces: list[Trace] = []
    for name, words, colour, sign in _DAY_PARTS:
        if not any(_is_drawn(one, name) for one in all_days):
            continue
        kw = [value or 0.0 for value in day.get(name) or [0.0] * len(starts)]
        traces.append(
            {
                "type": "bar",
                "name": words,
                "legendgroup": name,
                "showlegend": number == 0,
                "x": starts,
                "y": kw if sign >= 0 else [-value for value in kw],
                "offset": 0,
                "width": 24 / len(starts),
                "marker": {"color": colour, "line": {"width": 0}},
                "hovertemplate": f"{words}: %{{y:.2f}} kW<extra></extra>",
                **anchors,
            }
        )
    load = {
        "type": "scatter",
        "mode": "lines",
        "name": "home uses",
        "legendgroup": "load",
        "showlegend": number == 0,
        "x": starts,
        "y": list(day["load_kw"]),
        "line": {"width": 2.5, "shape": "hv"},
        "hovertemplate": "home uses: %{y:.2f} kW<extra></extra>",
        **anchors,
    }
    return [*traces, load]


def _is_drawn(day: Row, name: str) -> bool:
    return any(abs(value or 0.0) >= _LEAST_SHOWN_KW for value in day.get(name) or ())


def _reach_kw(days: Sequence[Row]) -> tuple[float, float]:
    """One scale for all seasons. [kW]"""
    least, most = 0.0, 0.0
    for day in days:
        columns = [
            [sign * (value or 0.0) if sign else (value or 0.0) for value in day[name]]
            for name, _, _, sign in _DAY_PARTS
            if day.get(name)
        ]
        for values in zip(*columns, strict=True):
            most = max(most, sum(value for value in values if value > 0))
            least = min(least, sum(value for value in values if value < 0))
    return 1.08 * least, 1.08 * most


def _anchors(number: int) -> dict[str, str]:
    suffix = "" if number == 0 else str(number + 1)
    return {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}


def _day_axes(number: int, reach_kw: tuple[float, float]) -> Layout:
    suffix = "" if number == 0 else str(number + 1)
    column, row = number % 2, number // 2
    across = [0.0, 0.47] if column == 0 else [0.53, 1.0]
    down = [0.57, 0.94] if row == 0 else [0.0, 0.37]
    hours = {
        "tickvals": [0, 6, 12, 18, 24],
        "ticktext": ["", "6 am", "noon", "6 pm", ""],
        "range": [0, 24],
        "domain": across,
        "anchor": f"y{suffix}",
        "showgrid": False,
    }
    title = {"title": {"text": "kW", "standoff": 4}} if column == 0 else {}
    power = {
        "range": list(reach_kw),
        "domain": down,
        "anchor": f"x{suffix}",
        "zeroline": True,
        "nticks": 6,
        "showticklabels": column == 0,
        **title,
    }
    return {f"xaxis{suffix}": hours, f"yaxis{suffix}": power}


def _day_title(number: int, season: str) -> Layout:
    across, down = (0.0, 0.53)[number % 2], (0.945, 0.375)[number // 2]
    return note(
        f"<b>{season.capitalize()}</b>",
        across,
        down,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        font={"size": LABEL_PX + 1},
    )


def _half_way(
    shares: Sequence[float], saved: Sequence[float]
) -> tuple[str, list[Layout]]:
    """Where half of the saving is made, in words and as a mark."""
    plain = "The steeper the start, the more a few moments decide the year."
    total = saved[-1]
    if total <= 0:
        return plain, []
    number = next(n for n, value in enumerate(saved) if value >= total / 2)
    share = percent(shares[number])
    mark = note(
        f"half of it in the<br>best {share} of the time",
        shares[number],
        saved[number],
        showarrow=True,
        arrowhead=0,
        ax=30,
        ay=30,
        xanchor="left",
        align="left",
    )
    said = (
        f"Half of the {dollars(total)} saved on energy is made in the best {share} of "
        "the time. "
    )
    if total < max(saved):
        plain += " Where the line falls, energy was bought for later."
    return said + plain, [mark]
