"""A real Dask cluster of two workers gives the very figures of this machine."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.analysis.sweep.swept_homes import QUESTION, swept_home

from home_energy.analysis.sweep.kept_years import KeptYears
from home_energy.analysis.sweep.sweep import run_sweep
from home_energy.analysis.sweep.sweep_file import SweptScenario
from home_energy.analysis.sweep.swept_years import Workers

distributed = pytest.importorskip("distributed")


@pytest.fixture
def scheduler() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_gives_the_same_answer(scheduler: str, tmp_path: Path) -> None:
    store, settings = swept_home(tmp_path)
    asked = SweptScenario.model_validate(
        {
            **QUESTION,
            "sweep": {
                "solar_kw": [0, 3, 6.6],
                "battery_kwh": [0, 5, 10],
                "tariff": ["market", "blocks-and-demand"],
                "strategy": ["self_consumption"],
            },
            "purchase": {"installed": "2026-01-15", "postcode": "3000"},
        }
    )
    kept = KeptYears(tmp_path / "kept")
    with closing(store):
        here = run_sweep(store, settings, asked, (Workers(jobs=1), KeptYears(None)))

        there = run_sweep(store, settings, asked, (Workers(dask=scheduler), kept))

    assert len(there.points) == 18
    assert there.figures == here.figures
    assert there.money == here.money
    assert len((tmp_path / "kept" / "years.jsonl").read_text().splitlines()) == 18
