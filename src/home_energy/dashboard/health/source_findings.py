"""Findings about the sources: may we ask, does anybody ask, do they answer."""

from datetime import timedelta

from home_energy.dashboard.health.finding import (
    Facts,
    Finding,
    Severity,
    has_price_for_now,
    since_words,
)
from home_energy.dashboard.now import Now
from home_energy.domain.notice import TASK_NOTIFY
from home_energy.errors import (
    RateLimited,
    SourceAuthError,
    SourceDataError,
    SourceUnavailable,
)
from home_energy.store import SourceStatus

COLLECTOR_SILENT_AFTER = timedelta(minutes=20)
"""The collector asks every five minutes, with a refused token every fifteen."""

_FAILURES = {
    SourceAuthError.__name__: (
        "token_refused",
        Severity.PROBLEM,
        "{provider} has refused the token",
        (
            "Make a new token at app.amber.com.au/developers. {way.put_token}; "
            "{way.start_collector}"
        ),
    ),
    SourceUnavailable.__name__: (
        "source_unavailable",
        Severity.WARNING,
        "{provider} has not been reached",
        (
            "Prices return by themselves. If nothing else at home has internet, look "
            "at the router and the Wi-Fi. ({message})"
        ),
    ),
    RateLimited.__name__: (
        "rate_limited",
        Severity.WARNING,
        "{provider} has asked us to wait",
        (
            "Prices return within minutes. If this comes often, stop other programs "
            "that use the same Amber account."
        ),
    ),
    SourceDataError.__name__: (
        "source_answer_wrong",
        Severity.WARNING,
        "{provider} has answered in a way this program does not understand",
        (
            "Nothing of the answer was used. Update home-energy; if it stays, report "
            "this: {message}"
        ),
    ),
}
_UNFORESEEN = (
    "source_failed",
    Severity.WARNING,
    "{provider} has failed",
    "Restart the collector; if it stays, report this: {message}",
)


def source_findings(now: Now, facts: Facts) -> list[Finding]:
    """Everything worth saying about the sources."""
    return [
        *_access(now, facts),
        *_collector(now, facts),
        *_sources(now, facts),
        *_messages(now, facts),
    ]


def _access(now: Now, facts: Facts) -> list[Finding]:
    """Whether Amber may be asked at all, and for which home."""
    if facts.site_error is not None:
        return [
            Finding(
                "site_not_chosen",
                Severity.PROBLEM,
                "It is not clear which home to follow",
                "Amber account",
                f"{facts.site_error}.",
            )
        ]
    if _may_ask(now, facts):
        return []
    return [
        Finding(
            "no_token",
            Severity.PROBLEM,
            "There is no Amber token yet",
            facts.way.token_file,
            "Make a token at app.amber.com.au/developers. "
            f"{facts.way.put_token}; {facts.way.start_collector}",
        )
    ]


def _collector(now: Now, facts: Facts) -> list[Finding]:
    """Whether anybody still asks Amber. Failing is asking, too."""
    moments = [
        moment
        for status in _asked(now)
        for moment in (status.last_success, status.last_failure)
        if moment is not None
    ]
    latest = max(moments, default=None)
    if now.time is None or (latest is None and not _may_ask(now, facts)):
        return []
    if latest is not None and now.time - latest <= COLLECTOR_SILENT_AFTER:
        return []
    return [
        Finding(
            "collector_silent",
            Severity.PROBLEM,
            f"Nobody has asked for prices{since_words(latest, now, facts) or ' yet'}",
            "collector",
            "The collector is not running: start it with `home-energy collect`, "
            "or on the Pi restart the Pi.",
        )
    ]


def _sources(now: Now, facts: Facts) -> list[Finding]:
    """Failing tasks, those that fail alike told as one."""
    failing = [
        (status.failing_since, status)
        for status in _asked(now)
        if status.failing_since is not None
    ]
    alike: dict[tuple[str, str | None], list[SourceStatus]] = {}
    for _, status in sorted(failing, key=lambda pair: pair[0]):
        alike.setdefault((status.source, status.failure_kind), []).append(status)
    return [_failing(statuses, now, facts) for statuses in alike.values()]


def _messages(now: Now, facts: Facts) -> list[Finding]:
    """Ways to a person that did not take the last message."""
    return [
        Finding(
            "notification_failed",
            Severity.WARNING,
            f"{status.source} has not taken messages"
            + since_words(status.failing_since, now, facts),
            "notifications",
            f"{status.failure_message}. `home-energy notify --test` tries it at once.",
        )
        for status in now.statuses
        if status.task == TASK_NOTIFY and status.failing_since is not None
    ]


def _failing(statuses: list[SourceStatus], now: Now, facts: Facts) -> Finding:
    """Tell the failure of some tasks, longest failing first."""
    first = statuses[0]
    provider = first.source.title()
    kind = first.failure_kind or ""
    code, severity, what, do = _FAILURES.get(kind, _UNFORESEEN)
    if not has_price_for_now(now.import_age):
        severity = Severity.PROBLEM
    return Finding(
        code,
        severity,
        what.format(provider=provider) + since_words(first.failing_since, now, facts),
        f"{provider}: {', '.join(status.task for status in statuses)}",
        do.format(message=first.failure_message or "no more is known", way=facts.way),
    )


def _may_ask(now: Now, facts: Facts) -> bool:
    """Whether there is a token, here or with the collector, or none is needed."""
    was_accepted = any(status.last_success for status in _asked(now))
    return facts.has_token or facts.is_demo or was_accepted


def _asked(now: Now) -> list[SourceStatus]:
    """How those do that are asked for prices."""
    return [status for status in now.statuses if status.is_of_prices]
