"""A bill made one interval at a time, sharing nothing with the program.

It reads the same tree as a plan's file, asks `zoneinfo` for every interval, and knows
flat and spot prices, fixed charges per day, and demand per month. Prices and windows
are read on the plan's clock; what is counted, the days and months of lines, of figures
and of demand, is read on a clock of UTC+10.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

NEM = timezone(timedelta(hours=10))

Floats = NDArray[np.float64]
Sums = dict[tuple[tuple[int, int], str], float]

HOLIDAYS_NSW_2025 = {
    (1, 1), (1, 27), (4, 18), (4, 19), (4, 20), (4, 21), (4, 25), (6, 9), (10, 6),
    (12, 25), (12, 26),
}  # fmt: skip
"""As the state's government lists them. (month, day)"""


def _is_in(window: dict[str, Any], local: datetime, kind: str) -> bool:
    if kind not in window.get("days", [kind]):
        return False
    if local.month not in window.get("months", [local.month]):
        return False
    if "hours" not in window:
        return True
    now = local.hour * 60 + local.minute
    for stretch in window["hours"]:
        first, last = (int(t[:2]) * 60 + int(t[3:]) for t in stretch.split("-"))
        if first < last and first <= now < last:
            return True
        if first > last and (now >= first or now < last):
            return True
    return False


def _holding(rates: list[dict[str, Any]], local: datetime, kind: str) -> dict[str, Any]:
    windowed = [r for r in rates if {"days", "months", "hours"} & set(r)]
    rest = [r for r in rates if r not in windowed]
    (found,) = [r for r in windowed if _is_in(r, local, kind)] or rest
    return found


def naive_bill(
    plan: dict[str, Any],
    start: datetime,
    minutes: int,
    kwh: dict[str, Floats],
    spot: Floats,
) -> Sums:
    """Amounts by month, and `kind: name`. [AUD]"""
    name = plan.get("clock", "Australia/Sydney")
    zone = NEM if name == "NEM" else ZoneInfo(name)
    gst = 1.0 if plan.get("gst_included", True) else 1.1
    sums: Sums = defaultdict(float)
    days: dict[date, dict[str, Any]] = {}
    powers: dict[tuple[tuple[int, int], str], dict[int, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for n in range(spot.size):
        instant = start + timedelta(minutes=minutes * n)
        local = instant.astimezone(zone)
        meter = instant.astimezone(NEM)
        today, month = meter.date(), (meter.year, meter.month)
        period = [p for p in plan["period"] if p["from"] <= today][-1]
        days[today] = period
        kind = "weekend" if local.weekday() in (5, 6) else "weekday"
        is_holiday = (local.month, local.day) in HOLIDAYS_NSW_2025
        if plan.get("public_holidays") and is_holiday:
            kind = "holiday"
        for channel in ("general", "controlled_load"):
            rates = [
                r for r in period["usage"] if r.get("channel", "general") == channel
            ]
            rate = _holding(rates, local, kind)
            price = _price(rate, gst, spot[n])
            sums[month, f"usage: {rate['name']}"] += kwh[channel][n] * price / 100
        rate = _holding(period["feed_in"], local, kind)
        sums[month, f"feed_in: {rate['name']}"] -= (
            kwh["feed_in"][n] * rate["c_per_kwh"] / 100
        )
        for charge in period.get("demand", []):
            if month[1] not in charge.get("months", [month[1]]):
                continue
            window = {key: charge[key] for key in ("days", "hours") if key in charge}
            if _is_in(window, local, kind):
                half_hour = int(instant.timestamp()) // 1800
                powers[month, charge["name"]][half_hour] += kwh["general"][n] * 2
    _add_charges(sums, days, powers, gst)
    return sums


def _price(rate: dict[str, Any], gst: float, spot: float) -> float:
    if "spot" in rate:
        wholesale: float = rate["spot"]["loss_factor"] * spot
        return wholesale + gst * float(rate["spot"]["c_per_kwh"])
    return gst * float(rate["c_per_kwh"])


def _add_charges(
    sums: Sums,
    days: dict[date, dict[str, Any]],
    powers: dict[tuple[tuple[int, int], str], dict[int, float]],
    gst: float,
) -> None:
    for today, period in days.items():
        month = (today.year, today.month)
        for fixed in period["fixed"]:
            sums[month, f"supply: {fixed['name']}"] += gst * fixed["c_per_day"] / 100
        for charge in period.get("demand", []):
            if powers[month, charge["name"]]:
                highest = max(powers[month, charge["name"]].values())
                sums[month, f"demand: {charge['name']}"] += (
                    highest * gst * charge["aud_per_kw_per_day"]
                )
