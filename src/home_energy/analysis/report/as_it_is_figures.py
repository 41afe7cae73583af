"""The home as it is in a report: whose bill it is, month by month."""

from typing import Any

from home_energy.analysis.report.question import ReportQuestion
from home_energy.analysis.scenario.month_costs import months_of
from home_energy.analysis.scenario.scenario_file import (
    Period,
    Prices,
    Scenario,
    Usage,
)
from home_energy.analysis.scenario.scenario_home import ScenarioHome
from home_energy.analysis.scenario.year_figures import by_kind_aud
from home_energy.domain.bill import Bill, LineKind
from home_energy.settings import Settings

NAME, TITLE = "as-it-is", "The home as it is"


def as_it_is_question(question: ReportQuestion, settings: Settings) -> Scenario:
    """The scenario without any device that the report begins with.

    The first of the files that adds nothing; else the home of the first file with all
    its devices left out, for it says whose usage and which tariff; else the household's
    own bill.
    """
    asked = [one.scenario for one in question.scenarios]
    for one in asked:
        if one.solar is None and one.battery is None and one.car is None:
            return one
    usage, prices = Usage(gap_rule=settings.bill.gap_rule), Prices()
    if asked:
        usage, prices = asked[0].usage, asked[0].prices
        tariff = prices.baseline_tariff or prices.tariff
        prices = prices.model_copy(update={"tariff": tariff, "baseline_tariff": None})
    days = {"from": question.first, "to": question.last}
    return Scenario(
        name=NAME,
        title=TITLE,
        period=Period.model_validate(days),
        usage=usage,
        prices=prices,
    )


def as_it_is_figures(home: ScenarioHome) -> dict[str, Any]:
    """Bill and energy of the home as it is, ready for JSON."""
    baseline = home.baseline
    metered, bill = baseline.metered, baseline.bill
    axis = months_of(metered.grid)
    controlled = metered.controlled_load_kwh
    bought, sold = axis.sums(metered.general_kwh), axis.sums(metered.feed_in_kwh)
    hot_water = None if controlled is None else axis.sums(controlled)
    used = bought if hot_water is None else bought + hot_water
    usage = _usage_aud(bill)
    months = [
        {
            "month": cost.month,
            "bill_aud": cost.bought_aud + cost.sold_aud + cost.fixed_aud,
            "import_kwh": float(bought[n]),
            "controlled_load_kwh": None if hot_water is None else float(hot_water[n]),
            "export_kwh": float(sold[n]),
            "mean_import_c_per_kwh": _mean_c(
                usage.get(cost.month, 0.0), float(used[n])
            ),
        }
        for n, cost in enumerate(baseline.months)
    ]
    return {
        "scenario": home.scenario.name,
        "tariff": bill.tariff,
        "bill_aud": bill.total_aud,
        "cost_aud": baseline.cost_aud,
        "bill_by_kind_aud": {
            kind.value: amount_aud for kind, amount_aud in by_kind_aud(bill).items()
        },
        "import_kwh": float(metered.general_kwh.sum()),
        "controlled_load_kwh": None if controlled is None else float(controlled.sum()),
        "export_kwh": float(metered.feed_in_kwh.sum()),
        "months": months,
    }


def _usage_aud(bill: Bill) -> dict[str, float]:
    """What was paid for energy, by month. [AUD]"""
    sums: dict[str, float] = {}
    for line in bill.lines:
        if line.kind is LineKind.USAGE:
            month = f"{line.month:%Y-%m}"
            sums[month] = sums.get(month, 0.0) + line.amount_aud
    return sums


def _mean_c(amount_aud: float, kwh: float) -> float | None:
    """Mean price of what was bought; `None` where nothing was. [c/kWh]"""
    return 100 * amount_aud / kwh if kwh else None
