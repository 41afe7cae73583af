"""What shows the page and what feels a finger."""

from dataclasses import dataclass
from pathlib import Path

from home_energy.machine.reading import entries_of, lines_of, number_of, text_of

_DIRECT = 1 << 1
"""INPUT_PROP_DIRECT: the finger lies on the picture (Linux, input-event-codes.h)."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A connected display: `DSI-1`, and the picture it likes best (`720x1280`)."""

    connector: str
    mode: str | None


@dataclass(frozen=True, slots=True)
class Backlight:
    """A light that can be dimmed, in steps of its own from 0 to `steps`."""

    name: str
    step: int | None
    steps: int | None


@dataclass(frozen=True, slots=True)
class Screen:
    """Displays, lights and touch panels; none where the kernel tells of none."""

    panels: tuple[Panel, ...]
    backlights: tuple[Backlight, ...]
    touch_panels: tuple[str, ...]


def read_screen(root: Path) -> Screen:
    """Read what the kernel knows of displays."""
    return Screen(
        panels=tuple(
            Panel(connector.name.partition("-")[2], _first_line(connector / "modes"))
            for connector in entries_of(root / "sys/class/drm")
            if text_of(connector / "status") == "connected"
        ),
        backlights=tuple(
            Backlight(
                light.name,
                number_of(light / "brightness"),
                number_of(light / "max_brightness"),
            )
            for light in entries_of(root / "sys/class/backlight")
        ),
        touch_panels=_touch_panels(root),
    )


def _first_line(path: Path) -> str | None:
    lines = lines_of(path)
    return lines[0] if lines else None


def _touch_panels(root: Path) -> tuple[str, ...]:
    """Input devices under a picture: each is a block with `N: Name=` and `B: PROP=`."""
    found = []
    for block in (text_of(root / "proc/bus/input/devices") or "").split("\n\n"):
        lines = block.splitlines()
        properties = _value(lines, "B: PROP=")
        if properties is not None and int(properties.split()[-1], 16) & _DIRECT:
            found.append((_value(lines, "N: Name=") or "unnamed").strip('"'))
    return tuple(found)


def _value(lines: list[str], key: str) -> str | None:
    values = (line.removeprefix(key) for line in lines if line.startswith(key))
    return next(values, None)
