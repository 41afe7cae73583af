"""The gateway of a Powerwall in the home's own network, through `pypowerwall`.

The library is an extra: it is loaded when a gateway is named. It is kept to the home:
no cloud is asked where the gateway is silent, and its session is written nowhere.
"""

import logging
import socket
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from home_energy.domain.power import Stream
from home_energy.errors import (
    ConfigError,
    SourceAuthError,
    SourceError,
    SourceUnavailable,
)
from home_energy.ingestion.power.polled_power import PolledAnswer
from home_energy.ingestion.sources.powerwall import read_aggregates

_METERS = "/api/meters/aggregates"
_REACH_SECONDS = 3.0
_ANSWER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class GatewayPlace:
    """Where the gateway is, and who asks.

    Parameters
    ----------
    host, port
        In the home's network.
    password
        Of the customer; in no text of ours.
    """

    host: str
    port: int
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        """As a message and the library say it."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


class Gateway(Protocol):
    """What is used of the library."""

    def poll(self, api: str, *, force: bool) -> Any:  # noqa: ANN401 - it is parsed JSON
        """Answer of the gateway; `None` where there is none."""
        ...


def pypowerwall_opener() -> Callable[[GatewayPlace], Gateway]:
    """Return what opens a gateway by the library.

    Raises
    ------
    ConfigError
        If the library is not installed.
    """
    try:
        library = import_module("pypowerwall")
    except ImportError as error:
        raise ConfigError(
            "home.toml: [power.powerwall] names a gateway, but what talks to it is not "
            "installed; install it with `pip install home-energy[powerwall]`, or take "
            "host out"
        ) from error
    # It tells every failed try as an error; ours are told once, in our words.
    logging.getLogger("pypowerwall").setLevel(logging.CRITICAL)

    def open_gateway(place: GatewayPlace) -> Gateway:
        gateway: Gateway = library.Powerwall(
            place.address,
            place.password,
            timeout=_ANSWER_SECONDS,
            failover=False,  # else Tesla's cloud is asked
            # A folder in a folder that may be written: so the session is not written.
            cachefile=f"{tempfile.gettempdir()}/.",
        )
        return gateway

    return open_gateway


class PowerwallGateway:
    """Asks one gateway. The library logs in when the gateway wants it.

    Parameters
    ----------
    place
        Where it is.
    streams
        Which meters to read.
    opener
        Opens it.
    """

    def __init__(
        self,
        place: GatewayPlace,
        streams: Collection[Stream],
        opener: Callable[[GatewayPlace], Gateway],
    ) -> None:
        self._place = place
        self._streams = streams
        self._opener = opener
        self._gateway: Gateway | None = None

    def ask(self) -> PolledAnswer:
        """Power of every meter.

        Raises
        ------
        SourceError
            By its kind, if the gateway gives none.
        """
        try:
            answer = self._opened().poll(_METERS, force=True)
        except Exception as error:  # noqa: BLE001 - the library says not which there are
            self._gateway = None
            raise self._failure(error) from None
        if answer is None:  # the library tells its reason to nobody
            self._gateway = None
            raise self._silent("no answer")
        return PolledAnswer(*read_aggregates(answer, self._streams))

    def _opened(self) -> Gateway:
        if self._gateway is None:
            address = (self._place.host, self._place.port)
            socket.create_connection(address, _REACH_SECONDS).close()
            self._gateway = self._opener(self._place)
        return self._gateway

    def _failure(self, error: Exception) -> SourceError:
        if type(error).__name__ != "LoginError":
            return self._silent(
                getattr(error, "strerror", None) or type(error).__name__
            )
        return SourceAuthError(
            f"the Powerwall's gateway at {self._place.address} lets nobody in with "
            "this password, the customer's expected; set POWERWALL_PASSWORD in .env, "
            "usually the last five characters of the password on its label"
        )

    def _silent(self, reason: str) -> SourceUnavailable:
        return SourceUnavailable(
            f"the Powerwall's gateway at {self._place.address} does not answer "
            f"({reason}), its meters expected; check that it is on the network, and "
            "host in [power.powerwall] (it is asked again by itself)"
        )
