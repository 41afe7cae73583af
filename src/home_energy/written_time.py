"""A time of day as it is written in a settings file."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator


def _written_time(value: object) -> object:
    # A bare number would be read as seconds since midnight.
    if isinstance(value, (str, time)):
        return value
    raise ValueError('expected a time of day like "21:00"')


def _local_time(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("expected a local time without a zone")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_written_time), AfterValidator(_local_time)]
"""Local, with `21:00:00` and `"21:00"` the same."""
