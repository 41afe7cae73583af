"""How the browser is started."""

from pathlib import Path

import pytest

from home_energy.kiosk.browser import (
    browser_command,
    browser_environment,
    forget_profile,
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder in which programs are found, and no other."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str) -> None:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser"])
def test_the_browser_goes_by_either_name(
    name: str, installed: Path, tmp_path: Path
) -> None:
    install(installed, name)

    command = browser_command("file:///boot.html", tmp_path, [])

    assert command[:4] == ["cage", "-d", "--", str(installed / name)]
    assert command[-1] == "--app=file:///boot.html"
    assert f"--user-data-dir={tmp_path}/profile" in command


def test_the_browsers_own_sandbox_and_the_graphics_stay_on(
    installed: Path, tmp_path: Path
) -> None:
    install(installed, "chromium")

    command = browser_command("file:///boot.html", tmp_path, [])

    assert not {"--no-sandbox", "--disable-gpu", "--incognito"} & set(command)


def test_without_a_browser_it_is_said_what_to_do(
    installed: Path, tmp_path: Path
) -> None:
    del installed

    with pytest.raises(FileNotFoundError, match=r"chromium-browser.*install\.sh"):
        browser_command("file:///boot.html", tmp_path, [])


def test_all_that_it_writes_lies_in_the_runtime_folder(tmp_path: Path) -> None:
    environment = browser_environment({"HOME": "/home/pi", "LANG": "C"}, tmp_path)

    assert environment["LANG"] == "C"
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        assert environment[name] == str(tmp_path)


def test_a_stale_lock_of_the_profile_is_forgotten(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "SingletonLock").symlink_to("gone-4711")

    forget_profile(tmp_path)
    forget_profile(tmp_path)  # and none is no fault

    assert not profile.exists()
