"""`doctor`: is everything as it should be, and if not, what to do."""

from dataclasses import asdict, dataclass

import typer

from home_energy.cli.application import (
    Invocation,
    JsonOption,
    app,
    console,
    print_json,
)
from home_energy.cli.live import amber_client
from home_energy.domain.clock import SystemClock, TimeAnchor
from home_energy.domain.site import choose_site
from home_energy.errors import HomeEnergyError
from home_energy.settings import Settings

CLOCK_OFF_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    found: str
    do: str = ""


@app.command()
def doctor(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check configuration, token, clock, disk, store and sources; say what to do."""
    invocation: Invocation = context.obj
    checks, exit_code = _check_all(invocation)
    if as_json:
        print_json({"checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            mark = "[green]ok  [/]" if check.is_ok else "[red]FAIL[/]"
            console.print(f"{mark} {check.name}: ", end="")
            console.print(check.found, markup=False)
            if check.do:
                console.print(f"     {check.do}", markup=False)
    raise typer.Exit(exit_code)


def _check_all(invocation: Invocation) -> tuple[list[Check], int]:
    """Every check that is possible, and the exit code of the first that failed."""
    try:
        settings = invocation.settings()
    except HomeEnergyError as error:
        return [Check("configuration", False, str(error))], error.exit_code
    checks = [_check_configuration(invocation)]
    checks_of_amber, exit_code = _check_amber(settings)
    checks += checks_of_amber
    record = _check_record(settings)
    if exit_code == 0 and not all(check.is_ok for check in record):
        exit_code = 1
    return checks + record, exit_code


def _check_configuration(invocation: Invocation) -> Check:
    path = invocation.config / "home.toml"
    found = f"read from {path}" if path.exists() else f"no {path}, so the defaults"
    return Check("configuration", True, found)


def _check_amber(settings: Settings) -> tuple[list[Check], int]:
    import httpx

    clock = SystemClock()
    try:
        with httpx.Client() as http:
            client = amber_client(settings, http, clock)
            site = choose_site(client.sites(), settings.amber.site_id)
    except HomeEnergyError as error:
        return [Check("amber", False, str(error))], error.exit_code
    where = "the demo server" if settings.amber.is_demo else "Amber"
    found = f"{where} knows site {site.site_id}, {site.interval_minutes} min"
    return [Check("amber", True, found), *_check_clock(clock, client.anchor)], 0


def _check_clock(clock: SystemClock, anchor: TimeAnchor | None) -> list[Check]:
    if anchor is None:
        return []
    off_seconds = (clock.now() - anchor.server_time).total_seconds()
    return [
        Check(
            "clock",
            abs(off_seconds) <= CLOCK_OFF_SECONDS,
            f"{off_seconds:+.0f} s from the time in Amber's answer",
            ""
            if abs(off_seconds) <= CLOCK_OFF_SECONDS
            else "turn on network time: sudo timedatectl set-ntp true",
        )
    ]


def _check_record(settings: Settings) -> list[Check]:
    """What the health page would say."""
    from home_energy.dashboard.context import HomeContext
    from home_energy.dashboard.health.facts import read_health
    from home_energy.dashboard.health.finding import Severity
    from home_energy.dashboard.health.findings import findings

    home = HomeContext(settings, SystemClock())
    health = read_health(home)
    home.drop_store()
    found = findings(health.now, health.facts)
    serious = [f for f in found if f.severity is not Severity.NOTE]
    if not serious:
        return [Check("record", True, f"{settings.home.store} is up to date")]
    return [
        Check(finding.where, False, finding.what, finding.do) for finding in serious
    ]
