"""What to see in the chart of the last hours."""

import math
from datetime import tzinfo

import numpy as np

from home_energy.analysis.running_costs.trend import Trend
from home_energy.dashboard.costs.rates import is_earning
from home_energy.dashboard.figures import hourly_dollars
from home_energy.domain.clock_words import clock_words

STANDS_OUT_AUD = 0.10
STANDS_OUT_TIMES = 1.5
"""A step is told as dearest if it is so much above the usual one, both ways."""


def trend_words(trend: Trend, zone: tzinfo) -> str | None:
    """Since when it earns, else when it was dearest; `None` where nothing is known."""
    costs = trend.cost_aud_per_hour
    known = np.flatnonzero(np.isfinite(costs))
    if not known.size:
        return None
    earning = _earning_words(trend, zone)
    if earning is not None:
        return earning
    dearest = int(known[np.argmax(costs[known])])
    most, usual = float(costs[dearest]), float(np.median(costs[known]))
    if most - usual >= STANDS_OUT_AUD and most >= STANDS_OUT_TIMES * usual:
        at = clock_words(trend.starts[dearest], zone)
        return f"Dearest ${hourly_dollars(most)} at {at}"
    if is_earning(usual):
        return f"Mostly earning, about ${hourly_dollars(usual)}"
    return f"Usually about ${hourly_dollars(usual)}"


def _earning_words(trend: Trend, zone: tzinfo) -> str | None:
    """Since when it earns up to now; what was before is not always known."""
    costs = trend.cost_aud_per_hour.tolist()
    first = len(costs)
    while first and not math.isnan(costs[first - 1]) and is_earning(costs[first - 1]):
        first -= 1
    if first == len(costs):
        return None
    is_begin_known = first > 0 and not math.isnan(costs[first - 1])
    since = "since" if is_begin_known else "since before"
    return f"Earning {since} {clock_words(trend.starts[first], zone)}"
