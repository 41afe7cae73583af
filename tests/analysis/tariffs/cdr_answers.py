"""Answers of Get Generic Plan Detail, composed from the published contract.

The retailer and its prices are invented. Shapes follow what retailers publish: ends of
windows as `20:59` and as `21:00`, seasons from July to June, two names alike.
"""

import copy
import json
from typing import Any

Json = dict[str, Any]

WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI"]
WEEKEND = ["SAT", "SUN"]
ALL_DAYS = [*WEEKDAYS, *WEEKEND]


def rate(price: str, volume: float | None = None) -> Json:
    found: Json = {"unitPrice": price, "measureUnit": "KWH"}
    return found if volume is None else {**found, "volume": volume}


def window(days: list[str], start: str, end: str) -> Json:
    return {"days": days, "startTime": start, "endTime": end}


def timed(name: str, kind: str, price: str, *windows: Json) -> Json:
    return {
        "displayName": name,
        "type": kind,
        "period": "P1D",
        "rates": [rate(price)],
        "timeOfUse": list(windows),
    }


def single(*rates: Json, period: str = "P1D") -> Json:
    return {"displayName": "General usage", "period": period, "rates": list(rates)}


def season(start: str = "07-01", end: str = "06-30", **parts: Any) -> Json:
    return {
        "displayName": "All year",
        "startDate": start,
        "endDate": end,
        "dailySupplyChargeType": "SINGLE",
        "dailySupplyCharge": "0.90",
        **parts,
    }


def flat_season(*rates: Json, period: str = "P1D", **parts: Any) -> Json:
    priced = single(*(rates or (rate("0.30"),)), period=period)
    return season(rateBlockUType="singleRate", singleRate=priced, **parts)


def timed_season(*rates: Json, **parts: Any) -> Json:
    return season(rateBlockUType="timeOfUseRates", timeOfUseRates=list(rates), **parts)


def three_rates() -> list[Json]:
    """Peak on weekdays 15-21, off-peak 22-7 on all days, shoulder for the rest."""
    return [
        timed("Peak", "PEAK", "0.45", window(WEEKDAYS, "15:00", "20:59")),
        timed("Off peak", "OFF_PEAK", "0.20", window(ALL_DAYS, "22:00", "06:59")),
        timed(
            "Shoulder",
            "SHOULDER",
            "0.28",
            window(WEEKDAYS, "07:00", "14:59"),
            window(WEEKDAYS, "21:00", "21:59"),
            window(WEEKEND, "07:00", "22:00"),
        ),
    ]


def feed_in(price: str = "0.05", name: str = "Solar") -> Json:
    return {
        "displayName": name,
        "payerType": "RETAILER",
        "scheme": "OTHER",
        "tariffUType": "singleTariff",
        "singleTariff": {"rates": [rate(price)], "period": "P1Y"},
    }


def varying_feed_in(*parts: tuple[str, str, str, str]) -> Json:
    """Feed-in by hours of all days: kind, price, start, end."""
    return {
        "displayName": "Solar by time",
        "payerType": "RETAILER",
        "scheme": "VARIABLE",
        "tariffUType": "timeVaryingTariffs",
        "timeVaryingTariffs": [
            {
                "displayName": "Solar by time",
                "type": kind,
                "rates": [rate(price)],
                "timeVariations": [window(ALL_DAYS, start, end)],
            }
            for kind, price, start, end in parts
        ],
    }


def demand(**parts: Any) -> Json:
    return {
        "displayName": "Demand",
        "amount": "0.35",
        "measureUnit": "KW",
        "startTime": "15:00",
        "endTime": "21:00",
        "days": WEEKDAYS,
        "measurementPeriod": "MONTH",
        "chargePeriod": "DAY",
        **parts,
    }


def controlled_load(price: str = "0.18", name: str = "Controlled load 1") -> Json:
    return {
        "displayName": name,
        "rateBlockUType": "singleRate",
        "singleRate": {
            "displayName": name,
            "dailySupplyCharge": "0.04",
            "rates": [rate(price)],
            "period": "P1Y",
        },
    }


def plan(*seasons: Json, model: str = "SINGLE_RATE", **contract: Any) -> Json:
    """One plan in Ausgrid's area, effective from 1 July 2025 in Sydney."""
    return {
        "data": {
            "planId": "COM123456MRE1@EME",
            "brand": "composed",
            "brandName": "Composed Energy",
            "displayName": "Plain Saver",
            "customerType": "RESIDENTIAL",
            "fuelType": "ELECTRICITY",
            "type": "MARKET",
            "effectiveFrom": "2025-06-30T14:00:00Z",
            "lastUpdated": "2025-06-20T01:02:03Z",
            "geography": {"distributors": ["Ausgrid"], "includedPostcodes": ["2000"]},
            "electricityContract": {
                "pricingModel": model,
                "isFixed": False,
                "timeZone": "LOCAL",
                "paymentOption": ["BPAY"],
                "billFrequency": ["P1M"],
                "tariffPeriod": list(seasons or (flat_season(),)),
                **contract,
            },
        },
        "links": {"self": "https://example.org/energy/plans/COM123456MRE1@EME"},
        "meta": {},
    }


def full_plan() -> Json:
    """Everything that is supported in one plan."""
    return plan(
        timed_season(*three_rates(), demandCharges=[demand()]),
        model="TIME_OF_USE_CONT_LOAD",
        controlledLoad=[controlled_load()],
        solarFeedInTariff=[varying_feed_in(("PEAK", "0.10", "16:00", "20:59"))],
        discounts=[
            {
                "displayName": "Welcome",
                "type": "GUARANTEED",
                "methodUType": "percentOfUse",
                "percentOfUse": {"rate": "0.05"},
            }
        ],
        fees=[{"type": "MEMBERSHIP", "term": "MONTHLY", "amount": "11.00"}],
        greenPowerCharges=[
            {"displayName": "GreenPower", "scheme": "GREENPOWER", "tiers": []}
        ],
    )


def content(answer: Any) -> bytes:
    return json.dumps(answer).encode()


def changed(answer: Json, path: list[str | int], value: Any) -> Json:
    """A copy in which one part is another; `...` takes it away."""
    found = copy.deepcopy(answer)
    parent: Any = found["data"]
    for part in path[:-1]:
        parent = parent[part]
    if value is ...:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return found
