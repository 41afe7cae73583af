"""What a report rests on: what is on record, what was made up, what was forecast."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from home_energy.analysis.record.cars import CarCoverage
from home_energy.analysis.record.coverage import (
    RecordCoverage,
    RegisterCoverage,
    SpotCoverage,
    record_coverage,
)
from home_energy.analysis.scenario.scenario_home import ScenarioHome
from home_energy.analysis.usage.gap_filling import GapFill
from home_energy.analysis.usage.home_on_record import home_on_record
from home_energy.analysis.usage.moved_year import MovedYear
from home_energy.analysis.usage.period_inputs import PeriodInputs
from home_energy.domain.coverage import Coverage, Gap
from home_energy.domain.time_grid import TimeGrid, nem_date


def data_quality(
    home: ScenarioHome, entries: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """How much is known of the home as it is, and how sure it is, ready for JSON.

    What is on record of prices and cars is told of the days of the report, what is of
    the meter of the days that the usage is from. No meter's number is told.

    Parameters
    ----------
    entries
        Of the scenarios: their forecasts and notes.
    """
    inputs, told = home.inputs, list(entries)
    of_usage = _coverage(home, inputs.recorded.grid)
    of_prices = of_usage
    if inputs.moved is not None:
        of_prices = _coverage(home, inputs.grid)
    region = home.settings.home.region
    return {
        "usage_days": _days(inputs.recorded.grid),
        "meter": [_register(one) for one in of_usage.registers],
        "prices": [_price(one) for one in of_prices.prices],
        "spot": [_spot(one) for one in of_prices.spot if one.region == region],
        "cars": [_car(one) for one in of_prices.cars],
        "flows": _flows(inputs),
        "fills": [_fill(one) for one in inputs.fills],
        "moved": None if inputs.moved is None else _moved(inputs.moved),
        "comparisons": [
            {
                "flow": one.flow.value,
                "used": one.used,
                "other": one.other,
                "compared_count": one.compared_count,
                "differing_count": one.differing_count,
                "difference_kwh": one.difference_kwh,
            }
            for one in inputs.recorded.overlaps
        ],
        "forecasts": [row for entry in told for row in _forecasts(entry)],
        "notes": list(dict.fromkeys(note for one in told for note in one["notes"])),
    }


def _coverage(home: ScenarioHome, grid: TimeGrid) -> RecordCoverage:
    known = home_on_record(home.store, home.settings).recorded
    return record_coverage(home.store, known, grid.start, grid.end)


def _days(grid: TimeGrid) -> dict[str, str]:
    return {
        "first_day": nem_date(grid.start).isoformat(),
        "last_day": nem_date(grid.end - grid.step).isoformat(),
    }


def _register(one: RegisterCoverage) -> dict[str, Any]:
    register, found = one.register, one.coverage
    return {
        "source": register.source,
        "register": register.name,
        "flow": None if register.flow is None else register.flow.value,
        "covered_fraction": found.covered_fraction,
        "covered_minutes": found.covered_minutes,
        "expected_minutes": found.expected_minutes,
        "estimated_minutes": found.estimated_minutes,
        "substituted_minutes": found.substituted_minutes,
        **_gaps(found.gaps),
        "flat_run_count": len(found.flat_runs),
    }


def _price(one: Coverage) -> dict[str, Any]:
    return {
        "channel": one.channel.value,
        "covered_fraction": one.covered_fraction,
        "covered_minutes": one.covered_minutes,
        "expected_minutes": one.expected_minutes,
        "estimated_minutes": one.estimated_minutes,
        **_gaps(one.gaps),
    }


def _spot(one: SpotCoverage) -> dict[str, Any]:
    return {
        "region": one.region,
        "covered_fraction": one.covered_fraction,
        **_gaps(one.gaps),
        "mean_aud_per_mwh_ex_gst": one.mean_aud_per_mwh_ex_gst,
        "highest_aud_per_mwh_ex_gst": one.highest_aud_per_mwh_ex_gst,
        "negative_fraction": one.negative_fraction,
    }


def _car(one: CarCoverage) -> dict[str, Any]:
    return {
        "source": one.source,
        "drive_count": one.drive_count,
        "charge_count": one.charge_count,
        "km": one.km,
        "without_energy_count": one.without_energy_count,
        "added_kwh": one.added_kwh,
        "missing_charge_count": one.missing_charge_count,
    }


def _gaps(gaps: Sequence[Gap]) -> dict[str, int]:
    lengths = [int(gap.length.total_seconds()) // 60 for gap in gaps]
    return {
        "gap_count": len(lengths),
        "longest_gap_minutes": max(lengths, default=0),
    }


def _flows(inputs: PeriodInputs) -> list[dict[str, Any]]:
    """What each billed flow is made of, in intervals of five minutes."""
    recorded = inputs.recorded
    return [
        {
            "flow": flow.value,
            "interval_count": recorded.grid.count,
            "source_fractions": recorded.source_shares(flow),
            "filled_count": record.filled_count,
            "estimated_count": record.estimated_count,
            "substituted_count": record.substituted_count,
        }
        for flow, record in recorded.billed_flows.items()
    ]


def _fill(one: GapFill) -> dict[str, Any]:
    """What a rule made up, and how far off it is on this home's own days."""
    return {
        "rule": one.rule,
        "flow": one.flow.value,
        "filled_count": one.filled_count,
        "interval_count": one.interval_count,
        "filled_kwh": one.filled_kwh,
        "total_kwh": one.total_kwh,
        "longest_gap_minutes": int(one.longest_gap.total_seconds()) // 60,
        "errors": [
            {
                "length_minutes": int(error.length.total_seconds()) // 60,
                "trial_count": error.trial_count,
                "bias_fraction": error.bias_fraction,
                "gap_error_kwh": error.gap_error_kwh,
            }
            for error in one.errors
        ],
    }


def _moved(one: MovedYear) -> dict[str, Any]:
    return {
        "said": one.label,
        "first_day": one.first.isoformat(),
        "last_day": one.last.isoformat(),
        "repeated_count": one.repeated_count,
        "dropped_count": one.dropped_count,
        "borrowed_count": one.borrowed_count,
        "recorded_kwh": {flow.value: kwh for flow, kwh in one.recorded_kwh.items()},
        "moved_kwh": {flow.value: kwh for flow, kwh in one.moved_kwh.items()},
    }


def _forecasts(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How much of each run's forecasts stood as issued, and how wrong they were."""
    return [
        {
            "scenario": entry["scenario"],
            "strategy": one["strategy"],
            **one["forecast"],
        }
        for one in entry["runs"]
        if one["forecast"] is not None
    ]
