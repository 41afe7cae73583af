"""The floors of the house: who may know whom, and what a process loads."""

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure

ROOT = Path(__file__).parents[2]


def _loaded_by(module: str) -> set[str]:
    """Names of everything a new process has loaded after importing a module."""
    code = f"import {module}, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_rooms_look_down_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    configure()

    holds = use_cases.lint_imports(cache_dir=None)

    assert holds, capsys.readouterr().out


def test_linter_sees_a_room_that_looks_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The test above must be able to fail: here the domain knows the store.
    for room in ("domain", "store"):
        (tmp_path / "upside_down" / room).mkdir(parents=True)
        (tmp_path / "upside_down" / room / "__init__.py").touch()
    (tmp_path / "upside_down" / "__init__.py").touch()
    (tmp_path / "upside_down" / "domain" / "price.py").write_text(
        "import upside_down.store\n"
    )
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = upside_down\n"
        "[importlinter:contract:floors]\nname = floors\ntype = layers\n"
        "containers = upside_down\nlayers =\n    store\n    domain\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    configure()

    assert use_cases.lint_imports(cache_dir=None) is False


# What a year's simulation needs: hundreds of megabytes that a screen does without.
SIMULATION = {"numba", "llvmlite", "pvlib", "pandas", "scipy", "pyarrow"}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("home_energy.domain.verdict", {"sqlite3", "pydantic", "flask", "httpx"}),
        ("home_energy.store", {"pydantic", "flask", "httpx", "jinja2", *SIMULATION}),
        (
            "home_energy.ingestion.collector",
            {"flask", "waitress", "jinja2", "werkzeug", "typer", *SIMULATION},
        ),
        (
            "home_energy.dashboard",
            {
                "httpx",
                "requests",
                "urllib3",
                "typer",
                "home_energy.ingestion",
                *SIMULATION,
            },
        ),
        (
            "home_energy.dashboard.app",
            {
                "httpx",
                "requests",
                "urllib3",
                "home_energy.ingestion",
                *SIMULATION,
            },
        ),
        # pvlib takes a second to load; who asks nothing of the sun does not pay it.
        ("home_energy.analysis.solar.pv_model", {"pandas", "pvlib", "scipy"}),
        ("home_energy.analysis.solar.regional_sun", {"pandas", "pvlib", "scipy"}),
        ("home_energy.demo.synthetic_home", {"pandas", "pvlib", "scipy"}),
        # A second of them would be longer than the run of a home without a car.
        (
            "home_energy.analysis.scenario.result",
            {
                "pandas",
                "pvlib",
                "pyarrow",
                "scipy.linalg",
                "home_energy.analysis.simulation.joint",
            },
        ),
    ],
)
def test_process_loads_no_more_than_it_needs(module: str, unwanted: set[str]) -> None:
    # Memory and start time of a small computer; and what is absent cannot fail.
    assert _loaded_by(module) & unwanted == set()
