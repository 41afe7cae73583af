"""`doctor`: is everything as it should be, and if not, what to do."""

from dataclasses import asdict, replace

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
)
from home_energy.cli.check import Check, Section, State
from home_energy.cli.live import amber_client
from home_energy.domain.clock import SystemClock, TimeAnchor
from home_energy.domain.site import choose_site
from home_energy.errors import HomeEnergyError
from home_energy.settings import Settings

CLOCK_OFF_SECONDS = 5.0
_MARKS = {
    State.OK: "[green]ok  [/]",
    State.WARNING: "[yellow]warn[/]",
    State.FAILED: "[red]FAIL[/]",
    State.UNKNOWN: "?   ",
}


@app.command()
def doctor(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check configuration, token, clock, record and machine; say what to do.

    Exit code 0 unless something fails; what cannot be known here is marked `?`.
    """
    from home_energy.cli.machine_checks import machine_sections

    invocation: Invocation = context.obj
    sections, exit_code = _check_home(invocation)
    sections += machine_sections()
    if exit_code == 0 and any(check.is_failure for check in _all(sections)):
        exit_code = 1
    if as_json:
        print_json({"checks": [_as_json(check) for check in _all(sections)]})
    else:
        for section in sections:
            _print(section)
    raise typer.Exit(exit_code)


def _all(sections: list[Section]) -> list[Check]:
    return [check for section in sections for check in section.checks]


def _as_json(check: Check) -> dict[str, str | bool]:
    """`is_ok` is what the exit code rests on; `state` tells warnings apart."""
    return {**asdict(check), "is_ok": not check.is_failure}


def _print(section: Section) -> None:
    console.print(f"\n[bold]{section.heading}[/]")
    for check in section.checks:
        console.print(f"{_MARKS[check.state]} {check.name}: ", end="")
        console.print(check.found, markup=False)
        if check.do:
            console.print(f"     {check.do}", markup=False)


def _check_home(invocation: Invocation) -> tuple[list[Section], int]:
    """Settings, Amber and record, and the exit code of the first that failed."""
    try:
        settings = invocation.settings()
    except HomeEnergyError as error:
        failed = Check("configuration", State.FAILED, str(error))
        return [Section("Home", (failed,))], error.exit_code
    checks, exit_code = _check_amber(settings)
    home = Section("Home", (_check_configuration(invocation), *checks))
    return [home, Section("Record", tuple(_check_record(settings)))], exit_code


def _check_configuration(invocation: Invocation) -> Check:
    path = invocation.config / "home.toml"
    found = f"read from {path}" if path.exists() else f"no {path}, so the defaults"
    return Check("configuration", State.OK, found)


def _check_amber(settings: Settings) -> tuple[list[Check], int]:
    import httpx

    if settings.amber.is_demo and settings.amber.token is None:
        found = "a demo's Amber answers only while `home-energy demo` runs, and only it"
        return [Check("amber", State.UNKNOWN, found)], 0
    clock = SystemClock()
    try:
        with httpx.Client() as http:
            client = amber_client(settings, http, clock)
            site = choose_site(client.sites(), settings.amber.site_id)
    except HomeEnergyError as error:
        return [Check("amber", State.FAILED, str(error))], error.exit_code
    where = "the demo server" if settings.amber.is_demo else "Amber"
    found = f"{where} knows site {site.site_id}, {site.interval_minutes} min"
    return [Check("amber", State.OK, found), *_check_clock(clock, client.anchor)], 0


def _check_clock(clock: SystemClock, anchor: TimeAnchor | None) -> list[Check]:
    if anchor is None:
        return []
    off_seconds = (clock.now() - anchor.server_time).total_seconds()
    found = f"{off_seconds:+.0f} s from the time in Amber's answer"
    if abs(off_seconds) <= CLOCK_OFF_SECONDS:
        return [Check("clock", State.OK, found)]
    do = "turn on network time: sudo timedatectl set-ntp true"
    return [Check("clock", State.FAILED, found, do)]


def _check_record(settings: Settings) -> list[Check]:
    """What the health page would say, but of the machine: that has its own lines."""
    from home_energy.dashboard.context import HomeContext
    from home_energy.dashboard.health.facts import read_health
    from home_energy.dashboard.health.finding import Severity
    from home_energy.dashboard.health.findings import findings

    home = HomeContext(settings, SystemClock())
    health = read_health(home)
    home.drop_store()
    found = findings(health.now, replace(health.facts, machine=None))
    serious = [f for f in found if f.severity is not Severity.NOTE]
    if not serious:
        return [Check("record", State.OK, f"{settings.home.store} is up to date")]
    states = {Severity.PROBLEM: State.FAILED, Severity.WARNING: State.WARNING}
    return [
        Check(finding.where, states[finding.severity], finding.what, finding.do)
        for finding in serious
    ]
