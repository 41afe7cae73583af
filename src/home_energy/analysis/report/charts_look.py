"""How every chart of the report looks: colours of fixed meaning, axes, ink.

Colours are those of Okabe and Ito, "Color Universal Design" (2008), that people who see
red and green alike tell apart: https://jfly.uni-koeln.de/color/
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

Theme = Literal["light", "dark"]
Trace = dict[str, Any]
Layout = dict[str, Any]

SUN: Final = "#E69F00"
GRID: Final = "#0072B2"
EXPORT: Final = "#56B4E9"
BATTERY: Final = "#009E73"
CAR: Final = "#CC79A7"
HELD_BACK: Final = "#B4B2A9"
MONEY: Final = "#6E7BC8"
LOSS: Final = "#D55E00"
SUM: Final = "#4A51A0"

FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
LABEL_PX: Final = 12
FEW_AUD: Final = 10.0
WIDE_LETTERS: Final = 50
"""A line of a label above a bar; fits on a phone."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of figures.

    Parameters
    ----------
    name
        Of the chart in its section, such as `cash-flow`.
    title
        What it is about.
    said
        One sentence that says what to see.
    figure
        `data` and `layout` as `Plotly.newPlot` takes them.
    """

    name: str
    title: str
    said: str
    figure: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Inks:
    ink: str
    soft: str
    rule: str
    panel: str


_INKS: Final[Mapping[Theme, _Inks]] = {
    "light": _Inks("#1a1f24", "#565c62", "#dedad0", "#ffffff"),
    "dark": _Inks("#e9e6df", "#a9aca8", "#3a4046", "#1b2025"),
}


def template(theme: Theme) -> dict[str, Any]:
    """Plotly template: all that differs by day and night."""
    inks = _INKS[theme]
    axis = {
        "gridcolor": inks.rule,
        "linecolor": inks.soft,
        "zerolinecolor": inks.soft,
        "zerolinewidth": 1,
        "tickfont": {"color": inks.soft},
        "title": {"font": {"color": inks.soft, "size": LABEL_PX}},
        "automargin": True,
        "fixedrange": True,
    }
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": LABEL_PX, "color": inks.ink},
            "xaxis": axis,
            "yaxis": axis,
            "annotationdefaults": {
                "showarrow": False,
                "arrowcolor": inks.ink,
                "font": {"color": inks.ink},
            },
            "shapedefaults": {"line": {"color": inks.ink}},
            "hoverlabel": {
                "bgcolor": inks.panel,
                "font": {"family": FONT, "color": inks.ink},
            },
        },
        "data": {
            "scatter": [{"line": {"color": inks.ink}, "marker": {"color": inks.ink}}]
        },
    }


def figure(data: Sequence[Trace], theme: Theme, **layout: Any) -> dict[str, Any]:  # noqa: ANN401
    """A figure for `Plotly.newPlot`; what `layout` leaves out is as in every chart."""
    return {
        "data": list(data),
        "layout": {
            "height": 340,
            "margin": {"l": 8, "r": 12, "t": 8, "b": 8, "pad": 2},
            "showlegend": False,
            "legend": legend_above(),
            "hovermode": "closest",
            "dragmode": False,
            "template": template(theme),
            **layout,
        },
    }


def legend_above() -> Layout:
    """A legend in a row above the chart, that never lies on it."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "traceorder": "normal",
    }


def axis(title: str, **more: Any) -> Layout:  # noqa: ANN401
    """An axis that says what it counts, with its unit."""
    return {"title": {"text": title, "standoff": 8}, **more}


def aud_axis(title: str, values_aud: Iterable[float | None], **more: Any) -> Layout:  # noqa: ANN401
    """An axis of dollars, of cents where all of it is a few dollars."""
    most = max((abs(value) for value in values_aud if value is not None), default=0.0)
    cents = 0 < most < FEW_AUD
    return axis(title, tickformat="$,.2f" if cents else "$,.0f", **more)


def note(text: str, x: float | str, y: float | str, **more: Any) -> Layout:  # noqa: ANN401
    """Words on a chart."""
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}


def month_axis(months: Sequence[str]) -> Layout:
    """An axis of months: their short names, the year below the first of each year."""
    return {
        "type": "category",
        "tickvals": list(months),
        "ticktext": [
            _month_tick(month, is_first=number == 0)
            for number, month in enumerate(months)
        ],
        "tickangle": 0,
        "showgrid": False,
    }


def _month_tick(month: str, *, is_first: bool) -> str:
    first = date.fromisoformat(f"{month}-01")
    said_year = is_first or first.month == 1
    return f"{first:%b}<br>{first:%Y}" if said_year else f"{first:%b}"
