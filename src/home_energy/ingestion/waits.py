"""How long a connection that came to nothing waits before the next try."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait before the next try: twice as long each time."""

    first: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(seconds=60)

    def after(self, failed_count: int) -> timedelta:
        """Wait after so many tries in a row that came to nothing."""
        times_longer: int = 2 ** min(failed_count, 20)  # beyond, only `most` counts
        return min(times_longer * self.first, self.most)
