"""`notify`: where messages go, what they are about, and whether they arrive."""

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from home_energy.cli.application import Invocation, app, console
from home_energy.domain.clock import SystemClock
from home_energy.domain.notice import TASK_NOTIFY
from home_energy.errors import ConfigError, SourceError, SourceUnavailable
from home_energy.settings import Settings
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.announcing.notifications.channels import Channel

NO_PLACE = (
    "no place to send messages to is set; set topic in [notifications.ntfy] in "
    "home.toml, or NOTIFY_WEBHOOK_URL in config/.env"
)


@app.command()
def notify(
    context: typer.Context,
    test: Annotated[
        bool, typer.Option("--test", help="Send one message and say what came of it.")
    ] = False,
) -> None:
    """Where messages go and what they are about; `collect` sends them."""
    from home_energy.announcing.notifications.channels import named_channels

    invocation: Invocation = context.obj
    settings = invocation.settings()
    channels = named_channels(settings.notifications)
    if not channels:
        raise ConfigError(NO_PLACE)
    if test:
        _send(channels, settings)
        return
    for line in _chosen(settings, [channel.name for channel in channels]):
        console.print(line, markup=False)


def _send(channels: "list[Channel]", settings: Settings) -> None:
    """Send one message on every channel, and say of each what came of it.

    Raises
    ------
    SourceUnavailable
        If any did not take it.
    """
    from home_energy.announcing.notifications.notice import trial

    notice = trial(settings, SystemClock().now())
    failed = []
    for channel in channels:
        fault = None
        try:
            channel.post(notice)
        except SourceError as error:
            fault = error
            failed.append(channel.name)
        said = str(fault or f"{channel.name}: took the message")
        console.print(said, markup=False, soft_wrap=True)
        _note(settings, channel.name, fault, notice.at)
    if failed:
        raise SourceUnavailable(
            f"{' and '.join(failed)}: the message was not taken, see above; correct "
            "that and run `home-energy notify --test` again"
        )


def _note(
    settings: Settings, name: str, fault: SourceError | None, at: datetime
) -> None:
    """Keep what came of it, so that the health page says how it is now."""
    path = settings.home.store
    if not path.exists():
        return
    with closing(Store.open(path)) as store:
        if fault is None:
            store.sources.record_success(name, TASK_NOTIFY, at)
        else:
            store.sources.record_failure(name, TASK_NOTIFY, at, fault)


def _chosen(settings: Settings, names: list[str]) -> list[str]:
    chosen = settings.notifications
    quiet = "none"
    if chosen.quiet_from is not None and chosen.quiet_until is not None:
        loud = ", but a spike is told" if chosen.spike_in_quiet_hours else ""
        quiet = f"{chosen.quiet_from:%H:%M} to {chosen.quiet_until:%H:%M}{loud}"
    return [
        f"sent to      {', '.join(names)}",
        f"about        {', '.join(kind.value for kind in chosen.tell) or 'nothing'}",
        f"quiet hours  {quiet}",
        f"at most      {chosen.most_per_hour} within an hour",
        "`home-energy notify --test` sends one message now.",
    ]
