"""What a person at the panel may ask of the machine, and what then happens.

This program may stop nothing: it leaves an empty file, and `pi/asked.sh` acts as root.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the device page.

    Parameters
    ----------
    name
        Of the file that is left.
    label
        On the button.
    question
        After the first tap.
    outcome
        After the second one.
    """

    name: str
    label: str
    question: str
    outcome: str


ACTIONS = (
    Action(
        "reload",
        "Reload",
        "Start the page anew?",
        "The page is starting anew. It is back in some seconds.",
    ),
    Action(
        "restart",
        "Restart",
        "Restart the machine?",
        "The machine is restarting. The price is back in about a minute.",
    ),
    Action(
        "power-off",
        "Power off",
        "Turn the machine off?",
        "The machine is turning off. Pull the plug when the screen has been dark for "
        "ten seconds. Plugged in again it starts by itself.",
    ),
)


def ask(runtime: Path, action: Action) -> None:
    """Leave word of what was asked for.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    folder = runtime / "asked"
    folder.mkdir(exist_ok=True)
    (folder / action.name).touch()
