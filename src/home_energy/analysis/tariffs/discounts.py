"""Discounts: a share of what was charged, or an amount a month."""

from collections.abc import Sequence

from home_energy.analysis.tariffs.plan import Discount
from home_energy.analysis.tariffs.stretches import Stretch
from home_energy.domain.bill import BillLine, LineKind

GST_IN_AMOUNT = 1 / 11
"""GST of 10 % within an amount that includes it."""

_KINDS = {
    "usage": {LineKind.USAGE},
    "supply": {LineKind.SUPPLY},
    "usage and supply": {LineKind.USAGE, LineKind.SUPPLY},
}


def discount_line(
    discount: Discount, part: Stretch, charged: Sequence[BillLine]
) -> BillLine:
    """Line of one discount in one stretch of a bill.

    Parameters
    ----------
    charged
        Lines of the same stretch. A share is of usage and fixed charges, never of
        demand or feed-in.
    """
    if discount.percent is not None:
        kinds = _KINDS[discount.of]
        base_aud = sum(line.amount_aud for line in charged if line.kind in kinds)
        amount_aud = -base_aud * discount.percent / 100
        label = f"{discount.name}, {discount.percent:g} % of {discount.of}"
        quantity, unit, rate_c = None, "%", None
    else:
        amount_aud = -(discount.aud_per_month or 0.0) * part.month_fraction
        label = discount.name
        quantity, unit = part.month_fraction, "months"
        rate_c = -100 * (discount.aud_per_month or 0.0)
    return BillLine(
        part.month,
        LineKind.DISCOUNT,
        label,
        quantity,
        unit,
        rate_c,
        amount_aud,
        amount_aud * GST_IN_AMOUNT,
    )
