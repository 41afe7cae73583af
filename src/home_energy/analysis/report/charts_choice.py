"""Charts that set choices beside each other: scenarios, and sizes of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from home_energy.analysis.report.charts_look import (
    LOSS,
    MONEY,
    WIDE_LETTERS,
    Chart,
    Layout,
    Theme,
    Trace,
    aud_axis,
    axis,
    figure,
    legend_above,
    note,
)
from home_energy.analysis.report.words import (
    NO_BATTERY,
    UPPER_BOUND,
    dollars,
    in_lines,
    plain,
    strategy_words,
)

Row = Mapping[str, Any]

Store = tuple[float, str]
"""Usable energy of a battery, and its product where it has one. [kWh]"""


@dataclass(frozen=True, slots=True)
class _Field:
    """Sizes of panels across, batteries down, in the words of their axes."""

    columns: Mapping[float, str]
    rows: Mapping[Store, str]
    cells_aud: list[list[float | None]]
    is_worth: bool


def saving_comparison(rows: Sequence[Row], theme: Theme) -> Chart | None:
    """What every scenario saves in a year, with its range and its upper bound."""
    shown = [row for row in rows if row["strategy"] is not None]
    if not shown:
        return None
    bounds = [
        (number, row["upper_bound_saving_aud"])
        for number, row in enumerate(shown)
        if row.get("upper_bound_saving_aud") is not None
    ]
    traces = _dots(shown, "saving_aud", "saving_range_aud")
    if bounds:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "upper bound: no home can have it",
                "x": [value for _, value in bounds],
                "y": [number for number, _ in bounds],
                "marker": {
                    "symbol": "diamond-open",
                    "size": 12,
                    "color": LOSS,
                    "line": {"width": 2},
                },
                "hovertemplate": "upper bound: %{x:$,.0f}<extra></extra>",
            }
        )
    return Chart(
        "saving-comparison",
        "What each scenario saves in a year",
        "A dot is the saving, its whisker the range of 8 in 10 draws. A hollow diamond "
        "is an upper bound that knows the year beforehand: no home can have it.",
        _compared(traces, shown, "saving_aud", "saved in the year, AUD", theme),
    )


def npv_comparison(rows: Sequence[Row], theme: Theme) -> Chart | None:
    """What every purchase is worth beyond its price, with its range."""
    shown = [row for row in rows if row["npv_aud"] is not None]
    if not shown:
        return None
    traces = _dots(shown, "npv_aud", "npv_range_aud")
    return Chart(
        "npv-comparison",
        "Whether each scenario is worth its price",
        "Right of zero it is worth more than it costs (net present value), left of it "
        "less. A whisker that crosses zero: it may go either way.",
        _compared(traces, shown, "npv_aud", "net present value, AUD", theme),
    )


def surfaces(sweep: Row, theme: Theme) -> list[Chart]:
    """What every size is worth, one chart for each tariff and strategy."""
    choices = list(enumerate(sweep["choices"]))
    decided = [one for one in choices if one[1]["strategy"] != NO_BATTERY]
    ways = dict.fromkeys(
        (one["tariff"], one["strategy"]) for _, one in (decided or choices)
    )
    charts = []
    for tariff, strategy in ways:
        beside = [
            (number, one)
            for number, one in choices
            if one["tariff"] == tariff and one["strategy"] in (strategy, NO_BATTERY)
        ]
        charts.append(_surface(sweep, beside, (tariff, strategy), theme))
    return [one for one in charts if one is not None]


def _dots(rows: Sequence[Row], name: str, range_name: str) -> list[Trace]:
    """Whiskers as lines from end to end, and a dot with its figure on each."""
    spread = [
        (number, row[range_name])
        for number, row in enumerate(rows)
        if row.get(range_name) is not None
    ]
    whiskers = {
        "type": "scatter",
        "mode": "lines",
        "name": "8 of 10 draws",
        "x": [x for _, one in spread for x in (one["p10"], one["p90"], None)],
        "y": [y for number, _ in spread for y in (number, number, None)],
        "line": {"color": MONEY, "width": 4},
        "hoverinfo": "skip",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": "saving" if name == "saving_aud" else "net present value",
        "x": [row[name] for row in rows],
        "y": list(range(len(rows))),
        "marker": {"color": MONEY, "size": 13},
        "hovertemplate": "%{x:$,.0f}<extra></extra>",
    }
    return [whiskers, dots] if spread else [dots]


def _compared(
    traces: list[Trace], rows: Sequence[Row], name: str, words: str, theme: Theme
) -> dict[str, Any]:
    labels = [_row_label(number, row, name) for number, row in enumerate(rows)]
    reach = _reach(traces)
    zero = {
        "type": "line",
        "x0": 0,
        "x1": 0,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 1.5},
    }
    return figure(
        traces,
        theme,
        height=110 + 62 * len(rows),
        showlegend=len(traces) > 1,
        legend=legend_above(),
        shapes=[zero] if any(row[name] < 0 for row in rows) else [],
        annotations=labels,
        xaxis=aud_axis(words, reach, nticks=6, range=reach, zeroline=False),
        yaxis={"visible": False, "range": [len(rows) - 0.5, -0.95]},
    )


def _reach(traces: Sequence[Trace]) -> list[float]:
    """Ends of the axis: every mark and zero, and a little beyond."""
    ends = [x for trace in traces for x in trace["x"] if x is not None] + [0]
    beyond = 0.04 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - beyond, max(ends) + beyond]


def _row_label(number: int, row: Row, name: str) -> Layout:
    """Title and figure, above the dot."""
    title = in_lines(f"{row['title']}: {dollars(row[name])}", WIDE_LETTERS)
    return note(
        title,
        0,
        number - 0.2,
        xref="paper",
        xanchor="left",
        yanchor="bottom",
        align="left",
    )


def _surface(
    sweep: Row, choices: list[tuple[int, Row]], way: tuple[str, str], theme: Theme
) -> Chart | None:
    tariff, strategy = way
    field = _field_of([one for _, one in choices])
    if len(field.columns) * len(field.rows) < 2:
        return None
    marks = _marks(sweep, choices)
    words = "net present value" if field.is_worth else "saving of the year"
    return Chart(
        f"surface-{sweep['sweep']}-{tariff}-{strategy}",
        f"Which size: {tariff}, {strategy_words(strategy)}",
        f"Each field is the {words} of one size of panels and battery: blue gains, "
        "orange loses." + _marks_said(marks, is_bound=strategy == UPPER_BOUND),
        figure(
            [_heat(field)],
            theme,
            height=110 + 44 * len(field.rows),
            annotations=[
                *_nothing_bought(field),
                *(_mark(field, sign, one) for sign, one in marks.items()),
            ],
            xaxis=axis("new panels", type="category", showgrid=False),
            yaxis=axis("battery", type="category", showgrid=False),
        ),
    )


def _field_of(choices: Sequence[Row]) -> _Field:
    is_worth = any(one["npv_aud"] is not None for one in choices)
    suns = sorted({one["solar_kw"] for one in choices})
    stores = sorted({_store_of(one) for one in choices})
    name = "npv_aud" if is_worth else "saving_aud"
    found = {(one["solar_kw"], _store_of(one)): one[name] for one in choices}
    return _Field(
        columns={sun: f"{plain(sun)} kW" for sun in suns},
        rows={store: _store_words(store) for store in stores},
        cells_aud=[[found.get((sun, store)) for sun in suns] for store in stores],
        is_worth=is_worth,
    )


def _heat(field: _Field) -> Trace:
    known = [
        abs(value) for row in field.cells_aud for value in row if value is not None
    ]
    most = max(known, default=0.0) or 1.0
    return {
        "type": "heatmap",
        "x": list(field.columns.values()),
        "y": list(field.rows.values()),
        "z": field.cells_aud,
        "zmin": -most,
        "zmax": most,
        "colorscale": [[0, LOSS], [0.5, "#F4F1EA"], [1, MONEY]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": [[_cell_words(value) for value in row] for row in field.cells_aud],
        "texttemplate": "%{text}",
        "hovertemplate": "%{x} of panels, %{y}: %{text}<extra></extra>",
        "hoverongaps": False,
    }


def _store_of(choice: Row) -> Store:
    return choice["battery_kwh"], choice["battery_product"] or ""


def _store_words(store: Store) -> str:
    kwh, product = store
    if not kwh:
        return "none"
    return product or f"{plain(kwh)} kWh"


BEST: Final = "★"
_MARKS: Final = {BEST: "most_worth", "◆": "knee", "▼": "cheapest"}
_MARK_WORDS: Final = {
    BEST: "the best (most worth)",
    "◆": "the knee, after which more money begins to bring less",
    "▼": "the cheapest year",
}


def _marks(sweep: Row, choices: list[tuple[int, Row]]) -> dict[str, Row]:
    """Signs of what stands out in the whole sweep, and where they lie in this chart."""
    numbers = dict(choices)
    marks: dict[str, Row] = {}
    for sign, pick in _MARKS.items():
        one = numbers.get(sweep["picks"].get(pick))
        if one is not None and not one["is_upper_bound"]:
            marks[sign] = one
    if BEST in marks:
        marks.pop("▼", None)
    return marks


def _cell_words(value: float | None) -> str:
    return "" if value is None else dollars(value)


def _nothing_bought(field: _Field) -> list[Layout]:
    """Words for fields without a figure: a home to which nothing is added."""
    return [
        note("as it is", column, row)
        for row, values in zip(field.rows.values(), field.cells_aud, strict=True)
        for column, value in zip(field.columns.values(), values, strict=True)
        if value is None
    ]


def _marks_said(marks: Mapping[str, Row], *, is_bound: bool) -> str:
    said = [f" {sign} {_mark_words(sign, one)}." for sign, one in marks.items()]
    if is_bound:
        said.append(" An upper bound that no home can have.")
    return "".join(said)


def _mark_words(sign: str, choice: Row) -> str:
    """What a sign says; the best is not good where nothing is worth its price."""
    if sign == BEST and (choice["npv_aud"] or 0.0) < 0:
        return "the least loss: no size is worth its price"
    return _MARK_WORDS[sign]


def _mark(field: _Field, sign: str, choice: Row) -> Layout:
    return note(
        f"<b>{sign}</b>",
        field.columns[choice["solar_kw"]],
        field.rows[_store_of(choice)],
        yshift=13,
        font={"size": 16, "color": "#1a1f24"},
    )
