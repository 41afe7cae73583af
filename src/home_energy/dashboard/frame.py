"""What frames every page: day or night, the DEMO mark, the hourly shift."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from flask import request

from home_energy.dashboard.context import HomeContext, home_context
from home_energy.domain.clock import trusted_now
from home_energy.errors import StoreError
from home_energy.settings import Settings

SHIFT_PLACES = 8
"""Places to which `screen.css` moves the frame, one after another, hour by hour."""

Theme = Literal["day", "night"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` shows around every page.

    Parameters
    ----------
    theme
        Which colours: `night` between the settings' `night_start` and `night_end`.
    is_demo
        Whether prices come from elsewhere than Amber.
    shift
        Where the frame stands this hour, against burn-in.
    kiosk_value
        What a link must carry on: `1` on the fridge, where no cursor is shown.
    """

    theme: Theme
    is_demo: bool
    shift: int
    kiosk_value: str | None

    @property
    def is_kiosk(self) -> bool:
        """Whether this is the fridge."""
        return self.kiosk_value is not None


def page_frame() -> dict[str, Frame]:
    """Frame of the page that is being rendered, as `frame` in its template."""
    context = home_context()
    return {"frame": frame_at(_best_time(context), context)}


def frame_at(now: datetime, context: HomeContext) -> Frame:
    """Frame of the page that was asked for; a fridge that is touched is awake."""
    is_kiosk = "kiosk" in request.args
    is_awake = is_kiosk and context.is_awake
    return Frame(
        theme="day" if is_awake else theme_at(now, context.settings),
        is_demo=context.settings.amber.is_demo,
        shift=int(now.timestamp()) // 3600 % SHIFT_PLACES,
        kiosk_value="1" if is_kiosk else None,
    )


def theme_now(context: HomeContext) -> Theme:
    """Theme by the best time there is, whether or not somebody is awake."""
    return theme_at(_best_time(context), context.settings)


def theme_at(now: datetime, settings: Settings) -> Theme:
    """Theme by the household's own hours, which may span midnight."""
    local = now.astimezone(settings.home.zone).time()
    start, end = settings.dashboard.night_start, settings.dashboard.night_end
    return "night" if _is_between(local, start, end) else "day"


def _is_between(moment: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def _best_time(context: HomeContext) -> datetime:
    """Trusted time, or the machine's own: a colour may be wrong, a number may not."""
    try:
        anchor = context.store().sources.anchor()
    except StoreError:
        context.drop_store()
        anchor = None
    return trusted_now(context.clock, anchor) or context.clock.now()
