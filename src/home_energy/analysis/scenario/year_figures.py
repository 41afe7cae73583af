"""What one choice of devices, tariff and strategy makes of a home's year."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from home_energy.analysis.scenario.month_costs import MonthCosts, months_of_run
from home_energy.analysis.scenario.strategy_run import StrategyRun
from home_energy.analysis.simulation.year_totals import EnergyTotals, totals_of
from home_energy.domain.bill import Bill, LineKind


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A year in figures; each is that of a run of the same scenario.

    Parameters
    ----------
    bill_by_kind_aud
        What its lines come to; feed-in below 0 where the household is paid. [AUD]
    wear_aud
        Cost of using battery and car. [AUD]
    public_aud
        Charging elsewhere. [AUD]
    left_aud
        Worth of what the stores hold more at the end than at the start. [AUD]
    baseline_cost_aud
        Of the home as it is. [AUD]
    energy
        Flows of the year.
    certificate_aud
        How far the exact dispatch may be from the best; `None` of another strategy.
        [AUD]
    months
        Its costs by month. (M)
    """

    bill_by_kind_aud: Mapping[LineKind, float]
    wear_aud: float
    public_aud: float
    left_aud: float
    baseline_cost_aud: float
    energy: EnergyTotals
    certificate_aud: float | None
    months: tuple[MonthCosts, ...]
    bill_aud: float = field(init=False)

    def __post_init__(self) -> None:
        """Add the bill up."""
        object.__setattr__(self, "bill_aud", sum(self.bill_by_kind_aud.values()))

    @property
    def cost_aud(self) -> float:
        """Bill, wear and charging elsewhere, less what is left in the stores. [AUD]"""
        return self.bill_aud + self.wear_aud + self.public_aud - self.left_aud

    @property
    def saving_aud(self) -> float:
        """Cost of the home as it is less this one. [AUD]"""
        return self.baseline_cost_aud - self.cost_aud

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Figures that `asdict` wrote."""
        own = {name: value for name, value in kept.items() if name != "bill_aud"}
        own["bill_by_kind_aud"] = {
            LineKind(kind): aud for kind, aud in own["bill_by_kind_aud"].items()
        }
        own["energy"] = EnergyTotals(**own["energy"])
        own["months"] = tuple(MonthCosts(**one) for one in own["months"])
        return cls(**own)

    def row(self) -> dict[str, float | None]:
        """Every figure under one name each, for a table."""
        return {
            "bill_aud": self.bill_aud,
            **{
                f"{kind}_aud": self.bill_by_kind_aud.get(kind, 0.0) for kind in LineKind
            },
            "wear_aud": self.wear_aud,
            "public_aud": self.public_aud,
            "left_aud": self.left_aud,
            "cost_aud": self.cost_aud,
            "saving_aud": self.saving_aud,
            **asdict(self.energy),
            "self_consumption_fraction": self.energy.self_consumption_fraction,
            "self_sufficiency_fraction": self.energy.self_sufficiency_fraction,
            "certificate_aud": self.certificate_aud,
        }


def by_kind_aud(bill: Bill) -> dict[LineKind, float]:
    """What the lines of each kind come to. [AUD]"""
    sums: dict[LineKind, float] = {}
    for line in bill.lines:
        sums[line.kind] = sums.get(line.kind, 0.0) + line.amount_aud
    return sums


def figures_of(run: StrategyRun, baseline_cost_aud: float) -> YearFigures:
    """Figures of a run whose every interval was kept."""
    return YearFigures(
        bill_by_kind_aud=by_kind_aud(run.bill),
        wear_aud=run.ledger.wear_aud,
        public_aud=0.0 if run.car is None else run.car.public_aud,
        left_aud=run.at_end.worth_aud + run.car_at_end.worth_aud,
        baseline_cost_aud=baseline_cost_aud,
        energy=totals_of(run.dispatch),
        certificate_aud=run.scheduled.certificate_aud,
        months=months_of_run(run),
    )
