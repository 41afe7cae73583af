"""Charts of a purchase: its cash flow, what moves it, its doubt, and its dollars."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from home_energy.analysis.report.charts_look import (
    HELD_BACK,
    LABEL_PX,
    LOSS,
    MONEY,
    SUM,
    WIDE_LETTERS,
    Chart,
    Layout,
    Theme,
    Trace,
    aud_axis,
    axis,
    figure,
    note,
)
from home_energy.analysis.report.words import (
    dollars,
    dollars_and_cents,
    in_lines,
    known,
    percent,
    tenth,
    value_words,
    whole,
)

Row = Mapping[str, Any]

DOLLAR_WORDS: Final = {
    "tariff": "another tariff for the same energy",
    "solar_self_use": "own sun used",
    "export": "energy sold",
    "arbitrage": "battery: bought low, used or sold high",
    "car_shifted": "car charged at better times",
    "losses": "losses and standby",
    "spikes": "price spikes",
    "unserved": "load not served",
    "demand_avoided": "demand charge avoided",
    "fixed_charges": "fixed charges",
    "discounts": "discounts",
    "blocks_and_rounding": "blocks and rounding",
    "wear": "wear of the battery",
    "charging_elsewhere": "car charged elsewhere",
    "left_in_stores": "left in the stores at the end",
}
_LEAST_SHOWN_AUD: Final = 0.005

_FLOW_PARTS: Final = (
    ("price_aud", "price after incentives", LOSS, ""),
    ("keeping_aud", "keeping and replacing", HELD_BACK, ""),
    ("loan_aud", "loan", HELD_BACK, "/"),
    ("benefit_aud", "saved in the year", MONEY, ""),
    ("salvage_aud", "left in value at the end", MONEY, "/"),
)


def cash_flow(money: Row | None, theme: Theme) -> Chart | None:
    """Money by the year, and all of it so far."""
    flow = known(money, "cash_flow")
    if money is None or not flow:
        return None
    traces = [_flow_bars(flow, *part) for part in _FLOW_PARTS]
    drawn: list[Trace] = [one for one in traces if one is not None]
    if "cumulative_aud" in flow:
        drawn.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": "all so far",
                "x": list(range(len(flow["cumulative_aud"]))),
                "y": list(flow["cumulative_aud"]),
                "line": {"width": 2.5},
                "marker": {"size": 5},
                "hovertemplate": "after year %{x}: %{y:$,.0f}<extra></extra>",
            }
        )
    said, shapes, notes = _payback_marks(money)
    horizon = len(flow["total_aud"]) - 1
    return Chart(
        "cash-flow",
        "Money, year by year",
        said,
        figure(
            drawn,
            theme,
            barmode="relative",
            bargap=0.3,
            showlegend=True,
            shapes=shapes,
            annotations=notes,
            xaxis=axis(
                "year after the purchase",
                tick0=0,
                dtick=max(1, round(horizon / 8)),
                range=[-0.6, horizon + 0.6],
                showgrid=False,
            ),
            yaxis=axis("AUD", tickformat="$,.0f"),
        ),
    )


def tornado(money: Row | None, theme: Theme) -> Chart | None:
    """What the purchase is worth if one assumption is another."""
    rows = known(money, "tornado")
    middle = known(money, "npv_aud")
    if not rows or middle is None:
        return None
    worse, better = _ends(rows, middle)
    traces = [
        _segments(worse, middle, LOSS, "worth less"),
        _segments(better, middle, MONEY, "worth more"),
    ]
    values = [middle, *(row[name] for row in rows for name in _NPV_ENDS)]
    reach = max(values) - min(values) or 1.0
    return Chart(
        "tornado",
        "What the answer rests on",
        f"Each bar changes one assumption alone: how far {dollars(middle)}, the net "
        "present value, moves. The longest matter most.",
        figure(
            traces,
            theme,
            height=90 + 46 * len(rows),
            shapes=[_upright(middle, dash="solid"), _upright(0, dash="dot", **_FAINT)],
            annotations=[
                label
                for number, row in enumerate(rows)
                for label in _tornado_labels(number, row, middle)
            ],
            xaxis=axis(
                "net present value, AUD",
                tickformat="$,.0f",
                nticks=6,
                range=[min(values) - 0.38 * reach, max(values) + 0.38 * reach],
            ),
            yaxis={"visible": False, "range": [len(rows) - 0.4, -0.85]},
        ),
    )


def npv_histogram(money: Row | None, theme: Theme) -> Chart | None:
    """What the purchase was worth in many draws of what may come."""
    doubt = known(money, "doubt")
    histogram = known(doubt, "histogram")
    if not histogram or not any(histogram["counts"]):
        return None
    edges, counts = histogram["edges_aud"], histogram["counts"]
    bars = {
        "type": "bar",
        "x": edges[:-1],
        "y": list(counts),
        "offset": 0,
        "width": [b - a for a, b in pairwise(edges)],
        "marker": {
            "color": [_side(a, b) for a, b in pairwise(edges)],
            "line": {"width": 0},
        },
        "hovertemplate": "%{y} draws from %{x:$,.0f}<extra></extra>",
    }
    said_gain = percent(doubt["gains_fraction"])
    return Chart(
        "npv-histogram",
        "How sure it is",
        f"{whole(doubt['draws'])} draws of what may come: in {said_gain} of them the "
        "purchase is worth more than it costs. 8 of 10 lie between P10 and P90.",
        figure(
            [bars],
            theme,
            height=300,
            shapes=[
                _upright(0, dash="solid"),
                *(
                    _upright(doubt["npv_aud"][name], dash="dot")
                    for name in _PERCENTILES
                ),
            ],
            annotations=_percentile_notes(doubt["npv_aud"], edges),
            margin={"l": 8, "r": 12, "t": 52, "b": 8, "pad": 2},
            xaxis=axis("net present value, AUD", tickformat="$,.0f", nticks=8),
            yaxis=axis("draws", nticks=5),
        ),
    )


def dollars_waterfall(parted: Row | None, theme: Theme) -> Chart | None:
    """Which dollar came from what: lines that sum to the saving of the year."""
    if not parted:
        return None
    amounts = {**parted["of_bills_aud"], **parted["beside_bills_aud"]}
    shown = {
        name: amounts[name]
        for name in dict.fromkeys((*DOLLAR_WORDS, *amounts))
        if abs(amounts.get(name, 0.0)) >= _LEAST_SHOWN_AUD
    }
    if not shown:
        return None
    return Chart(
        "dollars",
        "Which dollar came from what",
        "From top to bottom every part of the year's saving; orange parts take away. "
        "Together they are the saving.",
        figure(
            [_steps(shown, parted["saving_aud"])],
            theme,
            height=90 + 36 * (len(shown) + 1),
            annotations=_step_labels(shown, parted["saving_aud"]),
            margin={"l": 8, "r": 56, "t": 8, "b": 8, "pad": 2},
            xaxis=aud_axis("AUD in the year", shown.values(), nticks=4),
            yaxis={"autorange": "reversed", "showgrid": False, "type": "category"},
        ),
    )


def _steps(amounts_aud: Mapping[str, float], saving_aud: float) -> Trace:
    words = [in_lines(DOLLAR_WORDS.get(name, name), 24) for name in amounts_aud]
    return {
        "type": "waterfall",
        "orientation": "h",
        "measure": ["relative"] * len(words) + ["total"],
        "y": [*words, "<b>saved in the year</b>"],
        "x": [*amounts_aud.values(), saving_aud],
        "increasing": {"marker": {"color": MONEY}},
        "decreasing": {"marker": {"color": LOSS}},
        "totals": {"marker": {"color": SUM}},
        "connector": {"line": {"width": 1, "color": HELD_BACK}},
        "hovertemplate": "%{y}: %{delta:$,.2f}<extra></extra>",
    }


def _step_labels(amounts_aud: Mapping[str, float], saving_aud: float) -> list[Layout]:
    """Figures to the right of their bars, where no name of a bar is."""
    labels, before = [], 0.0
    for number, amount in enumerate(amounts_aud.values()):
        words = dollars(amount) if abs(amount) >= 1 else dollars_and_cents(amount)
        labels.append(_beside(words, max(before, before + amount), number))
        before += amount
    total = f"<b>{dollars(saving_aud)}</b>"
    return [*labels, _beside(total, max(saving_aud, 0.0), len(amounts_aud))]


def _beside(words: str, at: float, number: int) -> Layout:
    return note(words, at, number, xanchor="left", xshift=3)


_FAINT: Final = {"color": HELD_BACK}
"""Of a line that words may lie on."""
_NPV_ENDS: Final = ("npv_low_aud", "npv_high_aud")
_PERCENTILES: Final = ("p10", "p50", "p90")


def _flow_bars(
    flow: Row, name: str, words: str, colour: str, pattern: str
) -> Trace | None:
    amounts = flow.get(name) or []
    if not any(abs(amount) >= _LEAST_SHOWN_AUD for amount in amounts):
        return None
    return {
        "type": "bar",
        "name": words,
        "x": list(range(len(amounts))),
        "y": list(amounts),
        "marker": {"color": colour, "pattern": {"shape": pattern}},
        "hovertemplate": f"{words}, year %{{x}}: %{{y:$,.0f}}<extra></extra>",
    }


def _payback_marks(money: Row) -> tuple[str, list[Layout], list[Layout]]:
    """When the line crosses zero for good, with its range; in words and as marks."""
    said = "Bars are the money of each year; the line is all of it so far. "
    crossing = "Where it crosses zero, the price has come back."
    if any(known(money, "cash_flow", "loan_aud") or ()):
        crossing = "Paid back tells when the savings have covered price and upkeep."
    years = known(money, "simple_payback_years")
    spread = known(money, "doubt", "simple_payback_years")
    horizon = len(money["cash_flow"]["total_aud"]) - 1
    shapes: list[Layout] = []
    if spread is not None and spread["p10"] is not None:
        last = horizon + 0.5 if spread["p90"] is None else spread["p90"]
        shapes.append(_band(spread["p10"], last))
        said += f"Shaded: when it is paid back in 8 of 10 draws{_open_end(spread)}. "
    if years is None:
        return (
            said + "It is not paid back in these years.",
            shapes,
            [],
        )
    shapes.append(_upright(years, dash="dot"))
    label = note(
        f"paid back: {tenth(years)} years",
        years,
        1,
        yref="paper",
        yanchor="top",
        xanchor="right" if years > horizon / 2 else "left",
        xshift=-5 if years > horizon / 2 else 5,
        bgcolor="rgba(127,127,127,0.15)",
    )
    return said + crossing, shapes, [label]


def _open_end(spread: Row) -> str:
    return ", or not in these years" if spread["p90"] is None else ""


def _band(first: float, last: float) -> Layout:
    return {
        "type": "rect",
        "x0": first,
        "x1": last,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "fillcolor": MONEY,
        "opacity": 0.18,
        "line": {"width": 0},
        "layer": "below",
    }


def _upright(at: float, *, dash: str, **line: Any) -> Layout:  # noqa: ANN401
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 1.5, "dash": dash, **line},
    }


def _ends(
    rows: Sequence[Row], middle: float
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Ends of all bars with their places: those worth less, and those worth more."""
    ends = [
        (number, row[name]) for number, row in enumerate(rows) for name in _NPV_ENDS
    ]
    worse = [end for end in ends if end[1] < middle]
    return worse, [end for end in ends if end[1] >= middle]


def _segments(
    ends: Sequence[tuple[int, float]], middle: float, colour: str, words: str
) -> Trace:
    """Thick lines from the middle to each end: no length has to be reckoned."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": words,
        "x": [x for _, end in ends for x in (middle, end, None)],
        "y": [y for number, _ in ends for y in (number, number, None)],
        "line": {"color": colour, "width": 16},
        "hovertemplate": f"{words}: %{{x:$,.0f}}<extra></extra>",
    }


def _tornado_labels(number: int, row: Row, middle: float) -> list[Layout]:
    """What is assumed, above its bar; the values beside its ends."""
    low, high = row["npv_low_aud"], row["npv_high_aud"]
    is_turned = low > high
    labels = [
        note(
            f"<b>{in_lines(row['said'], WIDE_LETTERS)}</b>",
            0,
            number - 0.26,
            xref="paper",
            xanchor="left",
            yanchor="bottom",
        )
    ]
    for value, npv_aud, is_left in (
        (row["low"], low, not is_turned),
        (row["high"], high, is_turned),
    ):
        words = value_words(value, row.get("unit") or "")
        labels.append(
            note(
                words,
                min(npv_aud, middle) if is_left else max(npv_aud, middle),
                number,
                xanchor="right" if is_left else "left",
                xshift=-4 if is_left else 4,
            )
        )
    return labels


def _side(first: float, last: float) -> str:
    if first >= 0:
        return MONEY
    return LOSS if last <= 0 else HELD_BACK


def _percentile_notes(npv_aud: Row, edges: Sequence[float]) -> list[Layout]:
    """Above the chart: one line for each, so that near ones do not lie on another."""
    middle = (edges[0] + edges[-1]) / 2
    notes = []
    for name, words in zip(_PERCENTILES, ("P10", "P50", "P90"), strict=True):
        value = npv_aud[name]
        place = {"p10": "right", "p50": "center", "p90": "left"}[name]
        if value > middle and place == "left" and value > edges[-1] * 0.9:
            place = "center"
        notes.append(
            note(
                f"<b>{words}</b><br>{dollars(value)}",
                value,
                1,
                yref="paper",
                yanchor="bottom",
                xanchor=place,
                font={"size": LABEL_PX},
            )
        )
    return notes
