"""What-if: sliders for devices and tariff, each position a whole year run exactly.

`open_what_if` reads the home once; `WhatIf.answer` runs its year for one position, as
`home-energy scenario run` runs the scenario that `WhatIf.scenario_text` writes.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from home_energy.analysis.finance.spreads import shipped_spreads
from home_energy.analysis.scenario.money import JudgedHome, RunMoney, judged
from home_energy.analysis.scenario.purchase_block import PurchaseBlock
from home_energy.analysis.scenario.purchased import Bought
from home_energy.analysis.scenario.saved_years import (
    aged_years,
    saved,
    simulated_years,
)
from home_energy.analysis.scenario.scenario_home import OnProgress
from home_energy.analysis.scenario.year_engine import (
    AS_NEW,
    Capacity,
    PreparedYear,
)
from home_energy.analysis.scenario.year_figures import YearFigures
from home_energy.analysis.tariffs.plan_files import find_plan
from home_energy.analysis.what_if.answer import Found, answer_of
from home_energy.analysis.what_if.file import scenario_toml
from home_energy.analysis.what_if.home import WhatIfHome, what_if_home
from home_energy.analysis.what_if.kept import Kept
from home_energy.analysis.what_if.period import what_if_days
from home_energy.analysis.what_if.question import (
    CAR_KM_PER_YEAR,
    STRATEGIES,
    WhatIfQuestion,
    purchase_today,
    scenario_of,
)
from home_energy.analysis.what_if.sliders import (
    START_BATTERY_KWH,
    START_SOLAR_KW,
    limits_of,
    sliders_of,
)
from home_energy.errors import ConfigError, DataError, HomeEnergyError
from home_energy.settings import Settings
from home_energy.store import Store

MOST_YEARS, MOST_ANSWERS = 4096, 512
"""How many are kept: some kilobytes each."""

NO_POSTCODE = (
    "where the home is was not said, and rebates depend on it: set home.postcode in "
    "home.toml to see what buying this comes to"
)
NOTHING_BOUGHT = "nothing is bought here; move the panels or the battery"

YearKey = tuple[WhatIfQuestion, Capacity]


class WhatIf:
    """A home whose whole year is run anew for every position of its sliders.

    For many threads at once. Years and answers that were asked for are kept.

    Parameters
    ----------
    home
        Read from the record.
    today
        Day on which everything is bought.
    """

    def __init__(self, home: WhatIfHome, today: date) -> None:
        self.home = home
        self.today = today
        postcode = home.read.settings.home.postcode
        self._purchase: PurchaseBlock | None = None
        if postcode is not None:
            self._purchase = purchase_today(today, postcode)
        self._years = Kept(self._run, MOST_YEARS)
        self._answers = Kept(self._answer, MOST_ANSWERS)
        self._threads = ThreadPoolExecutor(os.cpu_count(), "what-if")

    def sliders(self) -> dict[str, Any]:
        """What can be moved, how far, and what the answers rest on."""
        return sliders_of(self.home)

    def answer(self, question: WhatIfQuestion) -> dict[str, Any]:
        """Every figure of one position; not to be changed by who asks.

        Raises
        ------
        DataError
            If the sliders cannot be moved there.
        ConfigError, CoverageError
            As `prepare_year`.
        """
        self._require(question)
        return self._answers.get(question)

    def scenario_text(self, question: WhatIfQuestion) -> str:
        """One position as a scenario's file.

        Raises
        ------
        DataError
            If the sliders cannot be moved there.
        """
        self._require(question)
        asked = scenario_of(
            self.home.scenario, question, self.home.own_tariff, self._purchase
        )
        return scenario_toml(asked)

    @property
    def own_tariff(self) -> str:
        """Of the home as it is."""
        return self.home.own_tariff

    def fault(self, question: WhatIfQuestion) -> tuple[str, str] | None:
        """Slider that cannot be moved there, and why; `None` if all can."""
        tariffs = [one.name for one in self.home.tariffs]
        known: dict[str, list[Any]] = {
            "tariff": tariffs,
            "strategy": [one.name for one in STRATEGIES],
            "car_km_per_year": list(CAR_KM_PER_YEAR),
        }
        for name, values in known.items():
            found = getattr(question, name)
            if found not in values:
                expected = ", ".join(map(str, values))
                return name, f"found {found!r}; expected one of {expected}"
        for name, most in limits_of(self.home).items():
            found = getattr(question, name)
            if not 0 <= found <= most:
                why = f", for {self.home.sun.reason}" if most == 0 else ""
                return name, f"found {found:g}; expected 0 to {most:g}{why}"
        return None

    def first_question(self) -> WhatIfQuestion:
        """Where the sliders stand first."""
        return WhatIfQuestion(
            self.own_tariff,
            solar_kw=min(START_SOLAR_KW, limits_of(self.home)["solar_kw"]),
            battery_kwh=START_BATTERY_KWH,
        )

    def warm_up(self) -> None:
        """Run every strategy once without a car: machine code is loaded at first use.

        What fails is told to who asks for it; when the program ends there is nothing
        more to run on.
        """
        for one in STRATEGIES:
            with suppress(HomeEnergyError, RuntimeError):
                self.answer(replace(self.first_question(), strategy=one.name))

    def _require(self, question: WhatIfQuestion) -> None:
        fault = self.fault(question)
        if fault is not None:
            name, said = fault
            raise DataError(f"{name}: {said}; move the slider there")

    def _run(self, key: YearKey) -> YearFigures:
        question, capacity = key
        return self.home.year(question).evaluate(question.point, capacity)

    def _answer(self, question: WhatIfQuestion) -> dict[str, Any]:
        year = self.home.year(question)
        money = missing = None
        if not question.is_bought:
            missing = NOTHING_BOUGHT
        elif self._purchase is None:
            missing = NO_POSTCODE
        else:
            home = self._judged_home(question, year, self._purchase)
            try:
                what = home.bought(year.problem(question.point))
            except (ConfigError, DataError) as error:
                missing = f"what buying this comes to is not known: {error}"
            else:
                money = home, self._money(home, question.as_run(), what)
        figures = self._years.get((question.as_run(), AS_NEW))
        return answer_of(Found(question, year, figures, money, missing))

    def _judged_home(
        self, question: WhatIfQuestion, year: PreparedYear, block: PurchaseBlock
    ) -> JudgedHome:
        return JudgedHome(
            name=year.scenario.name,
            choice=block,
            baseline=self.home.unbought(question),
            present_solar_kwh=year.home.solar_kwh,
            kw_dc=question.solar_kw,
            day_count=self.home.day_count,
        )

    def _money(
        self, home: JudgedHome, question: WhatIfQuestion, what: Bought
    ) -> RunMoney:
        """What buying it comes to; years as new and aged are run side by side."""
        assumptions = home.choice.assumptions.assumed()
        ages = aged_years(assumptions, shipped_spreads())
        # Whoever asks runs the first itself: with every thread busy it still goes on.
        later = [
            self._threads.submit(self._years.get, (question, left))
            for _, left in ages[1:]
        ]
        every = [self._years.get((question, AS_NEW)), *(one.result() for one in later)]
        simulated = simulated_years(
            ages, [saved(home.baseline, run, home.years_per_run) for run in every]
        )
        return judged(what, assumptions, simulated, home.baseline)


def open_what_if(
    store: Store,
    settings: Settings,
    today: date,
    on_progress: OnProgress = lambda _words: None,
) -> WhatIf:
    """Read the home on its last twelve whole months.

    Parameters
    ----------
    today
        Day of the record: the first that is not over, and the day of the purchase.

    Raises
    ------
    CoverageError
        If the record is too short to try anything on.
    ConfigError, DataError
        If a name is unknown, or the record cannot be read as the settings say.
    """
    on_progress("looking for the last twelve whole months")
    own = find_plan(settings.bill.tariff, settings.tariff_folder)
    days = what_if_days(store, settings, own, today)
    return WhatIf(what_if_home(store, settings, days, on_progress), today)
