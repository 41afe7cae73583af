"""What a Consumer Data Right plan pays for sold energy.

In product data a positive price is a credit, a negative one a charge
(github.com/ConsumerDataStandardsAustralia/standards-maintenance issue 722).
"""

import numpy as np

from home_energy.analysis.tariffs.cdr_prices import Part, stretches_of
from home_energy.analysis.tariffs.cdr_wire import Contract, FeedIn, TimeWindow
from home_energy.analysis.tariffs.plan import FeedInRate
from home_energy.analysis.tariffs.rate_times import times_of
from home_energy.errors import DataError

_PATH = "electricityContract.solarFeedInTariff"

Offers = list[tuple[int, FeedIn]]
"""Feed-in tariffs with their places in the plan, from 0."""


def feed_in_of(
    contract: Contract, chosen: tuple[int, ...], notes: list[str]
) -> tuple[FeedInRate, ...]:
    """Feed-in prices; what the plan leaves out earns nothing, and that is noted.

    Parameters
    ----------
    chosen
        Which of several the home is on, from 1; 0 for none, empty for all.

    Raises
    ------
    DataError
        If several hold at the same time, with a list of them.
    """
    offers = _chosen(list(enumerate(contract.solar_feed_in_tariff)), chosen)
    stretches = stretches_of([part for i, o in offers for part in _parts(o, i)])
    rates = [
        FeedInRate(name=s.name, days=s.days, hours=s.hours, **s.price)
        for s in stretches
    ]
    times = np.array([times_of(rate) for rate in rates]).sum(axis=0)
    if rates and times.max() > 1:
        raise DataError(
            f"{_PATH}: several prices hold at the same time ({_listed(offers)}); "
            "choose yours with --feed-in 1, or 0 if the home sells nothing"
        )
    if rates and times[:2].min() == 0:
        notes.append("feed-in at times that the plan leaves out earns nothing")
        rates.append(FeedInRate(name="Feed-in at other times", c_per_kwh=0.0))
    notes += [
        f"feed-in {offer.display_name} ends on {offer.end_date}; it is paid on all days"
        for _, offer in offers
        if offer.end_date is not None and not offer.end_date.startswith("9999")
    ]
    return tuple(rates)


def _chosen(offers: Offers, chosen: tuple[int, ...]) -> Offers:
    wrong = [n for n in chosen if not 0 <= n <= len(offers)]
    if wrong:
        raise DataError(
            f"--feed-in {wrong[0]}: expected 0 to {len(offers)} ({_listed(offers)})"
        )
    return [(i, offer) for i, offer in offers if not chosen or i + 1 in chosen]


def _listed(offers: Offers) -> str:
    said = [f"{i + 1} {(o.description or o.display_name)[:60]}" for i, o in offers]
    return "; ".join(said) or "none"


def _parts(offer: FeedIn, place: int) -> list[Part]:
    path = f"{_PATH}[{place}]"
    single, varying, name = (
        offer.single_tariff,
        offer.time_varying_tariffs,
        offer.display_name,
    )
    if (single is None) == (not varying):
        raise DataError(
            f"{path}.tariffUType: {offer.tariff_u_type}; expected that part and no "
            "other"
        )
    if single is not None:
        where = f"{path}.singleTariff"
        always = (TimeWindow(),)
        return [Part(name, None, single.rates, single.period, always, where, where)]
    return [
        Part(
            name,
            part.type,
            part.rates,
            part.period,
            part.time_variations,
            f"{path}.timeVaryingTariffs[{j}]",
            f"{path}.timeVaryingTariffs[{j}].timeVariations",
        )
        for j, part in enumerate(varying)
    ]
