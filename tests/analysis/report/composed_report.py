"""A report that nobody ran: round figures of every kind that a page shows.

Its months, days and dollars look like a home's, but each is composed here, so that
tests can say what a chart must show, and pictures are the same wherever they are taken.
"""

import math
from typing import Any

MONTHS = [f"2025-{number:02}" for number in range(1, 13)]
HOURS = [number / 2 for number in range(48)]
SEASON_SUN = {"summer": 1.0, "autumn": 0.7, "winter": 0.45, "spring": 0.85}
HORIZON_YEARS = 10
BATTERY_SAVINGS_AUD = [1600.0 - 20 * year for year in range(HORIZON_YEARS)]


def composed_report() -> dict[str, Any]:
    """Everything that a page shows: `report.json` of a home that never was."""
    return {
        "schema": 1,
        "title": "Home energy report, 2025",
        "home": {
            "timezone": "Australia/Melbourne",
            "region": "VIC1",
            "tariff": "amber-like-vic",
        },
        "period": {"first_day": "2025-01-01", "last_day": "2025-12-31"},
        "baseline": _baseline(),
        "scenarios": [_solar(), _solar_and_battery(), _car()],
        "not_run": [
            {
                "file": "west.toml",
                "title": "Panels to the west",
                "reason": "there is no weather on record",
            }
        ],
        "comparison": _comparison(),
        "sweeps": [_sweep()],
        "data_quality": _data_quality(),
        "assumptions": _assumptions(),
        "method": _method(),
        "provenance": {"files": [], "versions": {"home-energy": "0.1.0"}},
    }


def _baseline() -> dict[str, Any]:
    return {
        "scenario": "as-it-is",
        "tariff": "amber-like-vic",
        "bill_aud": 1912.4,
        "cost_aud": 1912.4,
        "bill_by_kind_aud": {"usage": 1432.6, "supply": 490.25, "feed_in": -10.45},
        "import_kwh": 5210.5,
        "export_kwh": 214.25,
        "months": [
            {
                "month": month,
                "bill_aud": round(159 + 38 * _winter(number), 2),
                "import_kwh": round(434 + 90 * _winter(number), 1),
                "export_kwh": round(18 - 9 * _winter(number), 1),
                "mean_import_c_per_kwh": round(27 + 3 * _winter(number), 2),
            }
            for number, month in enumerate(MONTHS)
        ],
    }


def _solar() -> dict[str, Any]:
    runs = [
        _run(
            "no_battery",
            saving_aud=610.5,
            range_aud=(540.0, 690.0),
            dollars={"solar_self_use": 452.5, "export": 158.0},
            money=_money(
                npv_aud=-320.75,
                net_aud=6400.0,
                savings_aud=[620.0] * HORIZON_YEARS,
                payback=(None, 9.6),
            ),
        )
    ]
    return _entry("solar", "6.6 kW of panels", runs, has_battery=False)


def _solar_and_battery() -> dict[str, Any]:
    dollars = {
        "solar_self_use": 812.4,
        "export": 96.1,
        "arbitrage": 430.25,
        "losses": -61.35,
        "spikes": 322.6,
        "wear": -96.0,
        "left_in_stores": 1.5,
    }
    runs = [
        _run("self_consumption", saving_aud=1180.0, range_aud=(1010.0, 1340.0)),
        _run(
            "forecast",
            saving_aud=1505.5,
            range_aud=(1190.0, 1810.0),
            dollars=dollars,
            money=_money(
                npv_aud=1420.5,
                net_aud=11900.0,
                savings_aud=BATTERY_SAVINGS_AUD,
                payback=(7.84, 6.45),
            ),
        ),
        _run("perfect_foresight", saving_aud=1822.75, range_aud=(1500.0, 2130.0)),
    ]
    return _entry("solar-battery", "6.6 kW of panels and a battery", runs)


def _car() -> dict[str, Any]:
    money = {
        "is_upper_bound": False,
        "is_hypothetical": True,
        "break_even_price_aud": 9140.0,
        "sentences": ["Nobody is known to offer this."],
    }
    runs = [
        _run("forecast", saving_aud=1975.25, range_aud=(1600.0, 2310.0), money=money)
    ]
    return _entry("car", "A car that serves the home", runs, has_car=True)


def _entry(
    scenario: str,
    title: str,
    runs: list[dict[str, Any]],
    *,
    has_battery: bool = True,
    has_car: bool = False,
) -> dict[str, Any]:
    chosen = "no_battery" if not has_battery else "forecast"
    return {
        "scenario": scenario,
        "title": title,
        "file": f"{scenario}.toml",
        "chosen_strategy": chosen,
        "purchase": {"assumptions": {"horizon_years": HORIZON_YEARS}},
        "runs": runs,
        "shapes": {
            chosen: {
                "months": _months(has_battery=has_battery, has_car=has_car),
                "days_by_season": [
                    _day(season, has_battery=has_battery, has_car=has_car)
                    for season in SEASON_SUN
                ],
                "savings_duration": _duration(),
            }
        },
    }


def _run(
    strategy: str,
    saving_aud: float,
    range_aud: tuple[float, float],
    dollars: dict[str, float] | None = None,
    money: dict[str, Any] | None = None,
) -> dict[str, Any]:
    amounts = dollars or {"solar_self_use": saving_aud}
    beside = {
        name: amounts.pop(name, 0.0)
        for name in ("wear", "charging_elsewhere", "left_in_stores")
    }
    p10, p90 = range_aud
    return {
        "strategy": strategy,
        "is_upper_bound": strategy == "perfect_foresight",
        "cost_aud": 1912.4 - saving_aud,
        "saving_aud": saving_aud,
        "saving_range_aud": {"p10": p10, "p50": saving_aud, "p90": p90},
        "saving_without_ten_best_intervals_aud": saving_aud - 80.5,
        "import_kwh": 2310.25,
        "export_kwh": 3120.75,
        "self_sufficiency_fraction": 0.625,
        "dollars": {
            "of_bills_aud": {**amounts, "demand_avoided": 0.0},
            "beside_bills_aud": beside,
            "spike_c_per_kwh": 100.0,
            "spike_count": 37,
            "saving_aud": saving_aud,
        },
        "stress": [
            {"name": "no_spikes", "said": "no spikes", "saving_aud": 1201.5}
            | {"npv_aud": None if money is None else -610.25},
        ],
        "money": money,
    }


def _money(
    npv_aud: float,
    net_aud: float,
    savings_aud: list[float],
    payback: tuple[float | None, float],
) -> dict[str, Any]:
    years, soonest_years = payback
    totals = [-net_aud, *savings_aud]
    return {
        "is_upper_bound": False,
        "is_hypothetical": False,
        "price_aud": net_aud + 4100.0,
        "incentives_aud": 4100.0,
        "net_aud": net_aud,
        "saving_without_purchase_aud": 0.0,
        "npv_aud": npv_aud,
        "break_even_price_aud": net_aud + 4100.0 + npv_aud,
        "simple_payback_years": years,
        "irr_fraction_per_year": 0.0525,
        "sentences": ["It earns 5.3% a year."],
        "incentives": [{"name": "Certificates", "sentence": "108 at $38.00: $4,104."}],
        "cash_flow": {
            "price_aud": [-net_aud, *[0.0] * HORIZON_YEARS],
            "benefit_aud": [0.0, *savings_aud],
            "keeping_aud": [0.0] * (HORIZON_YEARS + 1),
            "loan_aud": [0.0] * (HORIZON_YEARS + 1),
            "salvage_aud": [0.0] * (HORIZON_YEARS + 1),
            "total_aud": totals,
            "cumulative_aud": [sum(totals[: n + 1]) for n in range(len(totals))],
        },
        "doubt": {
            "draws": 1000,
            "seed": 2026,
            "npv_aud": {
                "p10": npv_aud - 2600.0,
                "p50": npv_aud - 150.0,
                "p90": npv_aud + 2900.0,
            },
            "simple_payback_years": {"p10": soonest_years, "p50": 7.9, "p90": None},
            "break_even_price_aud": {"p10": 13200.0, "p50": 17100.0, "p90": 20900.0},
            "gains_fraction": 0.74,
            "pays_back_fraction": 0.81,
            "pays_back_in_warranty_fraction": 0.62,
            "histogram": {
                "edges_aud": [-4000.0 + 500 * number for number in range(21)],
                "counts": [round(150 * _bell(number)) for number in range(20)],
            },
            "sentences": ["It pays back inside its warranty in 62 of 100 draws."],
        },
        "tornado": [
            _swing(said, (worse, better), (npv_aud + less_aud, npv_aud + more_aud))
            for said, worse, better, less_aud, more_aud in (
                ("growth of prices to buy", -0.015, 0.03, -1900.5, 2600.25),
                ("what the money would earn elsewhere", 0.055, 0.02, -900.0, 950.0),
                ("capacity that the battery loses", 0.04, 0.01, -310.5, 405.0),
            )
        ],
    }


def _swing(
    said: str, values: tuple[float, float], npvs_aud: tuple[float, float]
) -> dict[str, Any]:
    low, high = sorted(values)
    npv_aud = dict(zip(values, npvs_aud, strict=True))
    return {
        "assumption": said.replace(" ", "_"),
        "said": said,
        "unit": "fraction per year",
        "low": low,
        "middle": 0.0,
        "high": high,
        "npv_low_aud": npv_aud[low],
        "npv_high_aud": npv_aud[high],
        "source": "composed",
        "date": "2026-11-22",
    }


def _comparison() -> list[dict[str, Any]]:
    as_it_is = _row("as-it-is", "The home as it is", None, 1912.4)
    solar = _row("solar", "6.6 kW of panels", "no_battery", 1301.9) | {
        "saving_aud": 610.5,
        "saving_range_aud": {"p10": 540.0, "p50": 610.5, "p90": 690.0},
        "npv_aud": -320.75,
        "npv_range_aud": {"p10": -2920.75, "p50": -470.75, "p90": 2579.25},
    }
    battery = _row(
        "solar-battery", "6.6 kW of panels and a battery", "forecast", 406.9
    ) | {
        "saving_aud": 1505.5,
        "saving_range_aud": {"p10": 1190.0, "p50": 1505.5, "p90": 1810.0},
        "npv_aud": 1420.5,
        "npv_range_aud": {"p10": -1179.5, "p50": 1270.5, "p90": 4320.5},
        "simple_payback_years": 7.84,
        "irr_fraction_per_year": 0.0525,
        "pays_back_in_warranty_fraction": 0.62,
        "upper_bound_saving_aud": 1822.75,
    }
    car = _row("car", "A car that serves the home", "forecast", 937.15) | {
        "is_hypothetical": True,
        "saving_aud": 1975.25,
        "saving_range_aud": {"p10": 1600.0, "p50": 1975.25, "p90": 2310.0},
    }
    with_car = _row("as-it-is-2", "The home as it is, a car", None, 2912.4)
    return [as_it_is, solar, battery, with_car, car]


def _row(
    scenario: str, title: str, strategy: str | None, cost_aud: float
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "title": title,
        "strategy": strategy,
        "is_hypothetical": False,
        "baseline_cost_aud": 2912.4 if "car" in title.lower() else 1912.4,
        "cost_aud": cost_aud,
        "saving_aud": 0.0,
        "saving_range_aud": None,
        "npv_aud": None,
        "npv_range_aud": None,
        "simple_payback_years": None,
        "irr_fraction_per_year": None,
        "pays_back_in_warranty_fraction": None,
        "upper_bound_saving_aud": None,
    }


def _sweep() -> dict[str, Any]:
    """Sixteen sizes by forecast; of them 12 have a battery that foresight runs too."""
    choices = []
    for strategy in ("forecast", "perfect_foresight"):
        for sun in (0.0, 3.3, 6.6, 10.0):
            for kwh in (0.0, 5.0, 10.0, 13.5):
                if kwh == 0.0 and strategy != "forecast":
                    continue
                choices.append(_choice(strategy, sun, kwh))
    return {
        "sweep": "sizes",
        "title": "Panels and a battery: which size",
        "file": "sizes.toml",
        "choices": choices,
        "picks": {
            "cheapest": 15,
            "most_self_sufficient": 15,
            "knee": 9,
            "most_worth": 10,
            "fastest_payback": 4,
        },
    }


def _choice(strategy: str, sun_kw: float, kwh: float) -> dict[str, Any]:
    is_bound = strategy == "perfect_foresight"
    is_bought = sun_kw > 0 or kwh > 0
    worth = 900 * sun_kw - 62 * sun_kw**2 + 210 * kwh - 13 * kwh**2 - 2300
    return {
        "tariff": "amber-like-vic",
        "strategy": strategy if kwh else "no_battery",
        "is_upper_bound": is_bound,
        "solar_kw": sun_kw,
        "battery_kwh": kwh,
        "battery_product": None,
        "saving_aud": 90 * sun_kw + 40 * kwh,
        "npv_aud": round(worth + 700 * is_bound, 2) if is_bought else None,
    }


def _months(*, has_battery: bool, has_car: bool) -> list[dict[str, Any]]:
    rows = []
    for number, month in enumerate(MONTHS):
        cold = _winter(number)
        stored = 150 - 60 * cold if has_battery else 0.0
        row = {
            "load_kwh": 560 + 90 * cold,
            "solar_to_load_kwh": 170 - 60 * cold,
            "battery_to_load_kwh": stored,
            "car_to_load_kwh": 40.0 if has_car else 0.0,
            "solar_to_car_kwh": 60 - 20 * cold if has_car else 0.0,
            "battery_to_car_kwh": 0.0,
            "grid_to_car_kwh": 90 + 30 * cold if has_car else 0.0,
            "solar_to_battery_kwh": stored,
            "solar_to_grid_kwh": 260 - 150 * cold,
            "battery_to_grid_kwh": 45 - 20 * cold if has_battery else 0.0,
            "car_to_grid_kwh": 0.0,
            "curtailed_kwh": 60 - 60 * cold,
        }
        row["grid_to_load_kwh"] = (
            row["load_kwh"]
            - row["solar_to_load_kwh"]
            - row["battery_to_load_kwh"]
            - row["car_to_load_kwh"]
        )
        rows.append({"month": month, **{k: round(v, 2) for k, v in row.items()}})
    return rows


def _day(season: str, *, has_battery: bool, has_car: bool) -> dict[str, Any]:
    """A day whose flows balance: what comes in is used, stored, sold or held back."""
    rows: dict[str, list[float]] = {name: [] for name in _DAY_NAMES}
    for hour in HOURS:
        sun = 4.6 * SEASON_SUN[season] * max(0.0, math.sin(math.pi * (hour - 6) / 12))
        load = 0.45 + 0.9 * math.exp(-(((hour - 18.5) / 2.2) ** 2))
        battery = _stored_kw(sun, load, hour) if has_battery else 0.0
        car = -1.6 if has_car and hour < 5 else 0.0
        rest = sun + battery + car - load
        sold = min(max(rest, 0.0), 2.6)
        values = (sun, load, battery, car, max(-rest, 0.0), sold, max(rest - 2.6, 0.0))
        for name, value in zip(_DAY_NAMES, values, strict=True):
            rows[name].append(round(value, 4))
    return {
        "season": season,
        "start_hours": HOURS,
        **rows,
        "battery_kw": rows["battery_kw"] if has_battery else None,
        "car_kw": rows["car_kw"] if has_car else None,
    }


_DAY_NAMES = (
    "solar_kw",
    "load_kw",
    "battery_kw",
    "car_kw",
    "grid_import_kw",
    "grid_export_kw",
    "curtailed_kw",
)


def _stored_kw(sun_kw: float, load_kw: float, hour: float) -> float:
    if sun_kw > load_kw and hour < 14:
        return -min(2.5, sun_kw - load_kw)
    return 2.0 if 17 <= hour < 21 else 0.0


def _duration() -> dict[str, Any]:
    shares = [number / 100 for number in range(101)]
    saved = [round(1600 * (1 - (1 - share) ** 6) - 60 * share, 2) for share in shares]
    return {"share_of_time_fraction": shares, "saving_aud": saved, "beside_aud": -34.5}


def _data_quality() -> dict[str, Any]:
    return {
        "meter": [
            {
                "source": "nem12",
                "flow": "general",
                "covered_fraction": 0.998,
                "gap_count": 3,
                "longest_gap_minutes": 125,
            }
        ],
        "prices": [],
        "spot": [],
        "fills": [
            {
                "flow": "general",
                "rule": "same_weekdays",
                "filled_count": 211,
                "interval_count": 105120,
                "filled_kwh": 12.35,
            }
        ],
        "notes": ["load and present solar are metered each by itself"],
    }


def _assumptions() -> list[dict[str, Any]]:
    return [
        {
            "name": "tariff amber-like-vic",
            "value": "Amber-like in Victoria",
            "unit": "",
            "source": "composed",
            "date": "2026-07-01",
        },
        {
            "name": "money: discount",
            "value": 0.0351,
            "unit": "1/year",
            "source": "composed: https://example.org/rates",
            "date": "2025-05-19",
        },
        {
            "name": "battery: usable",
            "value": 13.5,
            "unit": "kWh",
            "source": "the scenario's file",
            "date": None,
        },
    ]


def _method() -> list[dict[str, Any]]:
    return [
        {
            "scenario": "solar-battery",
            "title": "What a year saves",
            "words": "The difference of the two costs.",
            "steps": [
                {
                    "said": "the saving: the first less the second",
                    "value": 1505.5,
                    "unit": "AUD",
                    "by": "sum",
                    "of": [1912.4, -406.9],
                },
                {
                    "said": "energy",
                    "value": 1799.456,
                    "unit": "kWh",
                    "by": "given",
                    "of": [],
                },
            ],
        }
    ]


def _winter(number: int) -> float:
    """1 in July, -1 in January."""
    return math.cos(2 * math.pi * (number - 6) / 12)


def _bell(number: int) -> float:
    return math.exp(-(((number - 10.4) / 3.6) ** 2))
