"""Oddities of one file, each told once with its first line and how often it came."""


class CountedProblems:
    """What was odd in a file, by text.

    Parameters
    ----------
    name
        How a message calls the file.
    is_by_row
        Places are rows counted from 1, in a file whose lines mean nothing.
    """

    def __init__(self, name: str, *, is_by_row: bool = False) -> None:
        self._name = f"{name}, row " if is_by_row else f"{name}:"
        self._place = "row" if is_by_row else "line"
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, line: int, text: str) -> None:
        """Count one more line of which `text` is true."""
        first, count = self._places.get(text, (line, 0))
        self._places[text] = (first, count + 1)

    def told(self) -> tuple[str, ...]:
        """Each text once: `year.csv:17 and 12 more lines: a blank value ...`."""
        return tuple(
            f"{self._name}{first}{_and_more(count - 1, self._place)}: {text}"
            for text, (first, count) in self._places.items()
        )


def _and_more(count: int, place: str) -> str:
    if count == 0:
        return ""
    return f" and {count} more {place}{'' if count == 1 else 's'}"
