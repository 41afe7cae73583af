"""Every runtime dependency installs on a Raspberry Pi without a compiler."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).parents[2]
PYTHONS = {"cp311": "3.11.2", "cp313": "3.13.5"}  # Raspberry Pi OS 12 and 13
GLIBC = {"cp311": (2, 36), "cp313": (2, 41)}

Package = dict[str, Any]


def _holds(marker: str, python: str) -> bool:
    version = PYTHONS[python]
    return Marker(marker).evaluate(
        {
            "python_full_version": version,
            "python_version": version.rpartition(".")[0],
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_machine": "aarch64",
            "platform_system": "Linux",
            "sys_platform": "linux",
            "os_name": "posix",
        }
    )


@cache
def _locked(python: str) -> dict[str, Package]:
    """Packages by name: of several versions the one for this Python."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    return {
        package["name"]: package
        for package in lock["package"]
        if any(_holds(m, python) for m in package.get("resolution-markers", []))
        or "resolution-markers" not in package
    }


@cache
def _runtime_packages(python: str) -> dict[str, Package]:
    """Everything that an install with every extra brings to a Pi."""
    locked = _locked(python)
    found: dict[str, Package] = {}
    extras = locked["home-energy"]["optional-dependencies"].values()
    waiting = ["home-energy", *(one["name"] for extra in extras for one in extra)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = locked[name]
        waiting += [
            dependency["name"]
            for dependency in found[name].get("dependencies", [])
            if "marker" not in dependency or _holds(dependency["marker"], python)
        ]
    del found["home-energy"]
    return found


CASES = [
    (python, name) for python in PYTHONS for name in sorted(_runtime_packages(python))
]


def _wheel_names(package: Package) -> list[str]:
    return [wheel["url"].rsplit("/", 1)[-1] for wheel in package.get("wheels", [])]


def _is_pure(wheel_name: str) -> bool:
    return bool(re.search(r"-py(2\.py)?3-none-any\.whl$", wheel_name))


def _fits(wheel_name: str, python: str) -> bool:
    """Whether a wheel installs on an aarch64 Linux with that Python and its glibc."""
    *_, tag_python, tag_abi, tag_platform = wheel_name.removesuffix(".whl").split("-")
    is_stable = tag_abi == "abi3" and int(tag_python[3:]) <= int(python[3:])
    if not is_stable and python not in (tag_python, tag_abi):
        return False
    if not is_stable and tag_abi != python:
        return False  # cp313t is another Python
    versions = re.findall(r"manylinux_(\d+)_(\d+)_aarch64", tag_platform)
    is_2014 = "manylinux2014_aarch64" in tag_platform
    return is_2014 or any((int(a), int(b)) <= GLIBC[python] for a, b in versions)


@pytest.mark.parametrize(
    ("wheel_name", "fits"),
    [
        ("x-1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl", True),
        ("x-1-cp311-cp311-manylinux_2_28_aarch64.whl", True),
        ("x-1-cp39-abi3-manylinux_2_34_aarch64.whl", True),
        ("x-1-cp312-abi3-manylinux_2_34_aarch64.whl", False),
        ("x-1-cp311-cp311-manylinux_2_39_aarch64.whl", False),  # newer than Debian 12
        ("x-1-cp311-cp311-manylinux_2_17_x86_64.whl", False),
        ("x-1-cp311-cp311-musllinux_1_2_aarch64.whl", False),
        ("x-1-cp313-cp313t-manylinux_2_28_aarch64.whl", False),
        ("x-1-cp311-cp311-macosx_11_0_arm64.whl", False),
    ],
)
def test_reading_of_wheel_names(wheel_name: str, *, fits: bool) -> None:
    assert _fits(wheel_name, "cp311") is fits


@pytest.mark.parametrize(("python", "name"), CASES)
def test_dependency_has_a_wheel_for_the_pi(python: str, name: str) -> None:
    wheel_names = _wheel_names(_runtime_packages(python)[name])

    is_there = any(_is_pure(wheel) or _fits(wheel, python) for wheel in wheel_names)

    assert is_there, f"{name} has only {wheel_names}"


@pytest.mark.parametrize("python", PYTHONS)
def test_known_dependencies_are_looked_at(python: str) -> None:
    names = set(_runtime_packages(python))

    # The direct ones, of an extra, some they bring; none of the development group.
    assert {
        "distributed",
        "flask",
        "httpx",
        "numpy",
        "pydantic-core",
        "waitress",
    } <= names
    assert not names & {"pytest", "mypy", "ruff", "amberelectric"}
