"""Every interval of the chosen strategies as one table of a file."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from home_energy.analysis.report.entries import ReportedScenario
from home_energy.analysis.report.shapes import flows_of
from home_energy.domain.series import starts_utc

_NUMBERS = (
    "load_kwh",
    "solar_kwh",
    "grid_to_load_kwh",
    "solar_to_load_kwh",
    "battery_to_load_kwh",
    "solar_to_battery_kwh",
    "grid_to_battery_kwh",
    "solar_to_grid_kwh",
    "battery_to_grid_kwh",
    "curtailed_kwh",
    "unserved_kwh",
    "stored_after_kwh",
    "car_to_load_kwh",
    "solar_to_car_kwh",
    "battery_to_car_kwh",
    "grid_to_car_kwh",
    "car_to_battery_kwh",
    "car_to_grid_kwh",
    "car_stored_after_kwh",
    "saving_aud",
)


def write_flows(path: Path, scenarios: Sequence[ReportedScenario]) -> None:
    """Write one row for each scenario and interval, named by its start in UTC."""
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, only for files
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema(
        [
            ("scenario", pa.dictionary(pa.int32(), pa.string())),
            ("strategy", pa.dictionary(pa.int32(), pa.string())),
            ("start_utc", pa.timestamp("s", tz="UTC")),
            ("interval_minutes", pa.int16()),
            *((name, pa.float64()) for name in _NUMBERS),
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for one in scenarios:
            writer.write_table(pa.table(_columns(pa, one), schema=schema))


def _columns(pa: Any, one: ReportedScenario) -> dict[str, Any]:  # noqa: ANN401
    flows = one.chosen.dispatch
    grid = flows.grid
    step_minutes = grid.step // timedelta(minutes=1)
    nothing = np.zeros(grid.count)
    numbers: dict[str, Any] = {
        **flows_of(flows),
        "solar_kwh": flows.solar_kwh,
        "unserved_kwh": flows.unserved_kwh,
        "stored_after_kwh": flows.stored_kwh[1:],
        "car_stored_after_kwh": nothing
        if flows.car is None
        else flows.car.stored_kwh[1:],
        "saving_aud": one.chosen.saving_by_interval_aud,
    }
    return {
        "scenario": _same(pa, one.scenario.name, grid.count),
        "strategy": _same(pa, one.chosen.strategy, grid.count),
        "start_utc": pa.array(starts_utc(grid), pa.timestamp("s", tz="UTC")),
        "interval_minutes": np.full(grid.count, step_minutes, dtype=np.int16),
        **{name: numbers[name] for name in _NUMBERS},
    }


def _same(pa: Any, word: str, count: int) -> Any:  # noqa: ANN401 - pyarrow: no types
    """One word in every row."""
    indices = pa.array(np.zeros(count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(indices, [word])
