"""What the household chose for advice: section `[advice]` of `home.toml`."""

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, model_validator

from home_energy.domain.appliance import (
    EVERYDAY,
    LONGEST_NAME,
    LONGEST_RUN_MINUTES,
    Appliance,
    ApplianceKind,
)
from home_energy.settings.section import Section
from home_energy.written_time import TimeOfDay

_MOST_KW = 50.0
"""More than any home's main switch lets through: written in watts by mistake."""


class ApplianceSettings(Section):
    """One appliance.

    Parameters
    ----------
    name
        What the screen calls it.
    kw
        Mean power of a run. [kW]
    minutes
        Length of a run. [minutes]
    by
        Local time at which it must be done; left out, within a day.
    kind
        `wait`: when to start it; `now-price`: what it costs now.
    """

    name: Annotated[str, Field(pattern=r"\S", max_length=LONGEST_NAME)]
    kw: Annotated[float, Field(gt=0, le=_MOST_KW)]
    minutes: Annotated[int, Field(ge=1, le=LONGEST_RUN_MINUTES)]
    by: TimeOfDay | None = None
    kind: ApplianceKind = ApplianceKind.WAIT

    @model_validator(mode="after")
    def _waits_for_its_deadline(self) -> Self:
        if self.by is not None and self.kind is not ApplianceKind.WAIT:
            raise ValueError(
                f'{self.name}: with kind = "{self.kind.value}" it does not wait, so '
                '`by` means nothing; leave it out, or set kind = "wait"'
            )
        return self


class AdviceSettings(Section):
    """When to start what can wait, and cents of what cannot.

    Parameters
    ----------
    appliances
        Each by its own name.
    """

    appliances: tuple[ApplianceSettings, ...] = ()

    @property
    def may_wait(self) -> tuple[Appliance, ...]:
        """Appliances for which there is advice."""
        return self._of(ApplianceKind.WAIT)

    @property
    def told_now(self) -> tuple[Appliance, ...]:
        """What is told in cents: the household's own, else everyday actions."""
        return self._of(ApplianceKind.NOW_PRICE) or EVERYDAY

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        counts = Counter(appliance.name for appliance in self.appliances)
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            raise ValueError(
                f"two appliances are called {', '.join(twice)}; their scores would "
                "be mixed, so give each a name of its own"
            )
        return self

    def _of(self, kind: ApplianceKind) -> tuple[Appliance, ...]:
        return tuple(
            Appliance(told.name, told.kw, told.minutes, told.by, told.kind)
            for told in self.appliances
            if told.kind is kind
        )
