"""What a person does about a fault, where this program was set up.

A Pi that `pi/install.sh` made has its settings and its token in files of root, and a
button to start it anew; elsewhere it is a folder and `make run`.
"""

from dataclasses import dataclass
from pathlib import Path

from home_energy.settings import Settings

PI_FOLDER = Path("/etc/home-energy")


@dataclass(frozen=True, slots=True)
class Remedies:
    """Lines that tell what to do.

    Parameters
    ----------
    token_file
        Where the token is looked for.
    put_token, name_site
        How a token gets there; how the home is named that is to be followed.
    start_anew
        How the programs are started anew, for who sees the first page.
    start_collector
        The same for who sees the health page, as the end of a sentence.
    join_network
        How the machine gets into the home's network.
    """

    token_file: str
    put_token: str
    name_site: str
    start_anew: str
    start_collector: str
    join_network: str


def remedies(settings: Settings) -> Remedies:
    """Ways to mend things, by where the settings were read from."""
    if settings.folder == PI_FOLDER:
        return Remedies(
            token_file=f"{PI_FOLDER}/amber-token",
            put_token=f"On the Pi: sudo nano {PI_FOLDER}/amber-token",
            name_site=f"On the Pi: sudo nano {PI_FOLDER}/home.toml, [amber] site_id",
            start_anew="Tap here, then Device, Restart.",
            start_collector="then tap Device, Restart.",
            join_network="Plug in a cable, or for Wi-Fi on the Pi: sudo nmtui.",
        )
    return at_a_desk(settings.folder)


def at_a_desk(folder: Path) -> Remedies:
    """Ways to mend things where `make run` was typed."""
    return Remedies(
        token_file=f"{folder}/.env",
        put_token=f"Put AMBER_TOKEN=… into {folder}/.env",
        name_site=f"Put AMBER_SITE_ID=… into {folder}/.env",
        start_anew="Start it anew: make run.",
        start_collector="then start the collector again.",
        join_network="Look at the cable, the Wi-Fi and the router.",
    )


AT_A_DESK = at_a_desk(Path("config"))
