"""Time of day as a person reads it."""

from datetime import datetime, tzinfo


def clock_words(moment: datetime, zone: tzinfo) -> str:
    """Time of day, such as `2:35 pm`; `2:35 am AEST` where the hour occurs twice."""
    local = moment.astimezone(zone)
    words = f"{local.hour % 12 or 12}:{local.minute:02d} {local:%p}".lower()
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() != local.utcoffset():
        return f"{words} {local.tzname()}"
    return words
