"""From spot price to what Amber charges: the composition of `perKwh`.

Found exact to 1e-5 c on every row of two homes that was checked:

- general ``perKwh = LF S + 1.1 network(period) + A``
- controlledLoad ``perKwh = LF S + C``
- feedIn ``perKwh = -(LF S / 1.1 + export(period))``

with `S` the spot price with GST, `LF` the loss factor, `A` market, environmental and
other charges with GST, and no GST on feed-in. The figures of the invented home:

- `LF` 1.0476: a Jemena site in July 2025 (github.com/evcc-io/evcc discussion 22405).
- network 18.34 peak, 4.87 off-peak, c/kWh without GST: Jemena's residential time of
  use, as in the tables of the package aemo-to-tariff; peak 15 to 21 h local every day,
  as in all of Victoria since August 2021.
- `A` 3.2639: measured at one Endeavour site, New South Wales, 2026; assumed to hold.
- `C` 7.36494: fitted to a recorded Sydney home, July 2024 to January 2025; assumed.
- export 0: the same Jemena site.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from home_energy.demo.spot_model import FloatArray
from home_energy.demo.synthetic_home import local_hours

GENERAL, CONTROLLED_LOAD, FEED_IN = "general", "controlledLoad", "feedIn"
"""Amber's channel types, in the order of its answers."""

GST_FACTOR = 1.1

SPIKE_C_PER_KWH = 300.0
"""Amber's spike: spot above $3/kWh, with GST. [c/kWh]"""

POTENTIAL_SPIKE_C_PER_KWH = 100.0
"""From here on a row says `potential`. Not published; assumed. [c/kWh]"""


@dataclass(frozen=True, slots=True)
class RetailPlan:
    """Charges around the spot price.

    Parameters
    ----------
    loss_factor
        Marginal times distribution loss factor.
    peak_c_per_kwh_ex_gst, off_peak_c_per_kwh_ex_gst
        Network charge by period. [c/kWh, without GST]
    other_c_per_kwh
        Market, environmental and other charges. [c/kWh, with GST]
    controlled_load_c_per_kwh
        All charges on controlled load. [c/kWh, with GST]
    export_reward_c_per_kwh
        Network's reward for exports; negative is a charge. [c/kWh]
    """

    loss_factor: float = 1.0476
    peak_c_per_kwh_ex_gst: float = 18.34
    off_peak_c_per_kwh_ex_gst: float = 4.87
    other_c_per_kwh: float = 3.2639
    controlled_load_c_per_kwh: float = 7.36494
    export_reward_c_per_kwh: float = 0.0

    def per_kwh(
        self, channel: str, spot_c_per_kwh: FloatArray, is_peak: NDArray[np.bool_]
    ) -> FloatArray:
        """All-in price in Amber's sign: on feedIn negative means the home earns.

        Parameters
        ----------
        channel
            One of Amber's channel types.
        spot_c_per_kwh
            Spot price, with GST. [c/kWh]
        is_peak
            Whether each interval starts in the network's peak period.
        """
        wholesale = self.loss_factor * spot_c_per_kwh
        if channel == FEED_IN:
            earned = wholesale / GST_FACTOR + self.export_reward_c_per_kwh
            return np.round(0.0 - earned, 5)  # no price of minus zero
        if channel == CONTROLLED_LOAD:
            return np.round(wholesale + self.controlled_load_c_per_kwh, 5)
        network_ex_gst = np.where(
            is_peak, self.peak_c_per_kwh_ex_gst, self.off_peak_c_per_kwh_ex_gst
        )
        charges = GST_FACTOR * network_ex_gst + self.other_c_per_kwh
        return np.round(wholesale + charges, 5)


@lru_cache(maxsize=128)
def peak_half_hours(day: date) -> tuple[bool, ...]:
    """Whether each half-hour of a NEM day starts from 15:00 to 21:00 local. (48,)"""
    return tuple(bool(15 <= hour < 21) for hour in local_hours(day)[::6])


def spike_status(spot_c_per_kwh: float) -> str:
    """Amber's word for how extraordinary a spot price is."""
    if spot_c_per_kwh > SPIKE_C_PER_KWH:
        return "spike"
    return "potential" if spot_c_per_kwh > POTENTIAL_SPIKE_C_PER_KWH else "none"


_LIMITS = {
    GENERAL: ((22.0, "veryLow"), (30.0, "low"), (45.0, "neutral")),
    CONTROLLED_LOAD: ((16.0, "veryLow"), (24.0, "low"), (40.0, "neutral")),
    FEED_IN: ((4.6, "low"),),
}
"""Upper limits of the descriptors by channel. [c/kWh] They belong to each site's
default offer; those of feed-in were seen, the others are assumed for this home."""


def descriptor(channel: str, per_kwh: float, spot_c_per_kwh: float) -> str:
    """Amber's word for a price; on feedIn it rates the earning."""
    if spot_c_per_kwh > SPIKE_C_PER_KWH:
        return "spike"
    if (per_kwh > 0) if channel == FEED_IN else (spot_c_per_kwh < 0):
        return "extremelyLow"
    value = abs(per_kwh) if channel == FEED_IN else per_kwh
    words = (word for limit, word in _LIMITS[channel] if value < limit)
    return next(words, "high")
