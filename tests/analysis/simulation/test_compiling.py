"""What was compiled is not used any more once a file of the room has changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from home_energy.analysis.simulation import compiling
from home_energy.analysis.simulation.joint.interior_point import solve_into
from home_energy.analysis.simulation.step_cost import at


def test_a_change_of_any_file_leaves_what_was_compiled_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "ROOM", tmp_path)
    (tmp_path / "one.py").write_text("FIGURE = 1\n")
    (tmp_path / "two.py").write_text("from one import FIGURE\n")
    before = Path(compiling._folder())
    before.mkdir(parents=True)

    (tmp_path / "one.py").write_text("FIGURE = 2\n")
    after = Path(compiling._folder())

    assert after != before
    assert not before.exists()


def test_a_change_in_a_room_within_leaves_what_was_compiled_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "ROOM", tmp_path)
    (tmp_path / "joint").mkdir()
    (tmp_path / "joint" / "one.py").write_text("FIGURE = 1\n")
    before = Path(compiling._folder())

    (tmp_path / "joint" / "one.py").write_text("FIGURE = 2\n")

    assert Path(compiling._folder()) != before


def test_what_is_compiled_in_a_room_within_is_kept_beside_the_rest() -> None:
    within = Path(str(solve_into.stats.cache_path))
    rest = Path(str(at.stats.cache_path))

    assert within != rest
    assert within.parent == rest.parent


def test_linear_algebra_is_there_for_others() -> None:
    # numba is loaded without it (`compiling`), in a process of its own.
    code = (
        "from home_energy.analysis.simulation import compiling, step_cost, flows\n"
        "from scipy.linalg import norm\n"
        "print(norm([3.0, 4.0]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )

    assert done.stdout == "5.0\n"


def test_the_same_files_keep_what_was_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "ROOM", tmp_path)
    (tmp_path / "one.py").write_text("FIGURE = 1\n")
    before = Path(compiling._folder())
    before.mkdir(parents=True)

    assert Path(compiling._folder()) == before
    assert before.exists()
