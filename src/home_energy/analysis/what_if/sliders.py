"""What the sliders are: how far each goes, where it begins, and words beside it."""

from typing import Any

from home_energy.analysis.what_if.home import WhatIfHome
from home_energy.analysis.what_if.period import MOST_DAYS
from home_energy.analysis.what_if.question import (
    CAR_KM_PER_YEAR,
    STRATEGIES,
)

MOST_SOLAR_KW, MOST_BATTERY_KWH = 20.0, 40.0
STEP_KW = STEP_KWH = 0.1
START_SOLAR_KW, START_BATTERY_KWH = 6.6, 13.5


def sliders_of(home: WhatIfHome) -> dict[str, Any]:
    """Every slider of a home that is ready."""
    days = home.days
    return {
        "is_ready": True,
        "said": _said(home),
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "solar_kw": _solar(home),
        "battery_kwh": {
            "least": 0.0,
            "most": MOST_BATTERY_KWH,
            "step": STEP_KWH,
            "start": START_BATTERY_KWH,
            "said": "a Powerwall 3's figures, scaled to the size",
        },
        "car_km_per_year": {
            "least": 0,
            "most": CAR_KM_PER_YEAR[-1],
            "step": CAR_KM_PER_YEAR[1],
            "start": 0,
            "said": "a Tesla Model Y on a 7 kW charger, with made-up trips",
        },
        "strategies": [
            {
                "name": one.name,
                "said": one.said,
                "is_upper_bound": one.is_upper_bound,
                "needs": list(one.needs),
            }
            for one in STRATEGIES
        ],
        "tariffs": [
            {"name": one.name, "said": one.said, "is_prepared": is_there}
            for one in home.tariffs
            for is_there in (home.is_prepared(one.name),)
        ],
    }


def limits_of(home: WhatIfHome) -> dict[str, float]:
    """The greatest size of each device; panels need a sun. [kW], [kWh]"""
    most_kw = 0.0 if home.sun.solar is None else MOST_SOLAR_KW
    return {"solar_kw": most_kw, "battery_kwh": MOST_BATTERY_KWH}


def _said(home: WhatIfHome) -> str:
    first, last = home.days.first, home.days.last
    when = f"{first} to {last}"
    if home.day_count >= MOST_DAYS:
        return f"the last twelve whole months on record, {when}, in half-hours"
    return (
        f"the longest stretch of whole days on record, {when}: {home.day_count} days "
        "are no year, seasons that they do not hold are not in it; in half-hours"
    )


def _solar(home: WhatIfHome) -> dict[str, Any]:
    is_there = home.sun.solar is not None
    said = "panels facing north at 22 degrees, beside those the home has"
    return {
        "least": 0.0,
        "most": limits_of(home)["solar_kw"],
        "step": STEP_KW,
        "start": START_SOLAR_KW if is_there else 0.0,
        "said": said if is_there else home.sun.reason,
    }
