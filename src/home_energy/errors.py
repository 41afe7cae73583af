"""Every error a person may meet.

::

    HomeEnergyError
    ├ ConfigError              which file, which key, what is allowed
    ├ SourceError              provider named
    │ ├ SourceUnavailable        wait; the last value is kept and marked stale
    │ ├ RateLimited              wait until retry_at
    │ ├ SourceAuthError          a person must act
    │ └ SourceDataError          the answer was wrong; nothing of it was used
    ├ DataError                a file or an argument says something impossible
    ├ AlignmentError           two grids differ; both are printed
    ├ CoverageError            how many intervals are missing, and the longest gap
    ├ BalanceError             flows do not add up: a fault of the program
    └ StoreError               schema newer than the code, disk, lock
      └ StoreDamaged             the file is no sound database any more: mend it

A message has four parts: what happened, where, what was expected, what to do.
A message never holds a token.
"""

from datetime import datetime
from typing import ClassVar


class HomeEnergyError(Exception):
    """Base of every error raised on purpose."""

    exit_code: ClassVar[int] = 1


class ConfigError(HomeEnergyError):
    """A setting is missing, unknown or impossible."""

    exit_code = 2


class SourceError(HomeEnergyError):
    """A provider did not give what was asked."""

    exit_code = 3


class SourceUnavailable(SourceError):
    """The provider cannot be reached or has a fault of its own. Waiting helps."""


class RateLimited(SourceError):
    """The provider asked us to wait, or our own reserve did.

    Parameters
    ----------
    retry_at
        When the next call may be made. [aware UTC]
    """

    def __init__(self, message: str, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SourceAuthError(SourceError):
    """The provider does not accept the token. Waiting does not help."""


class SourceDataError(SourceError):
    """The answer was not what the provider promises. Nothing of it was used."""


class DataError(HomeEnergyError):
    """A file or an argument says something impossible."""

    exit_code = 4


class AlignmentError(HomeEnergyError):
    """Two values lie on different time grids."""

    exit_code = 4


class CoverageError(HomeEnergyError):
    """The record lacks intervals that the answer needs."""

    exit_code = 4


class BalanceError(HomeEnergyError):
    """Flows do not add up, which is a fault of the program. All flows are told."""


class StoreError(HomeEnergyError):
    """The store cannot be opened, read or written."""

    exit_code = 1


class StoreDamaged(StoreError):
    """The file is no sound database any more. Only a backup helps.

    It has an exit code of its own: whoever starts the program anew has it mended.
    """

    exit_code = 5
