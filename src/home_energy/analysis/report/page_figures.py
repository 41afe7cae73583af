"""Figures of a report on their way to its page: none without its place in the report.

A template gets `Figures` in place of the report. What it shows of them carries the
place in `report.json` that it is from: `<data data-figure="$.baseline.bill_aud">`, and
words `<span data-words="$.title">`. So a test can find every figure of the page again.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from markupsafe import Markup

from home_energy.analysis.report import words

NOTHING: Final = Markup('<span class="nothing">&ndash;</span>')
_WORDS: Final = Markup('<span data-words="{}">{}</span>')
_FIGURE: Final = Markup('<data data-figure="{}">{}</data>')
_SIGNS: Final = {
    "sum": Markup(" + "),
    "product": Markup(" &times; "),
    "quotient": Markup(" &divide; "),
}


class Figures:
    """A part of a report that knows its place.

    Parameters
    ----------
    raw
        Of the report: a mapping, a list, words, a number or nothing.
    place
        Its path from the whole, such as `$.comparison[1].saving_aud`.
    """

    def __init__(self, raw: Any, place: str = "$") -> None:  # noqa: ANN401 - JSON's
        self.raw = raw
        self.place = place

    def __getitem__(self, key: str | int) -> "Figures":
        step = f"[{key}]" if isinstance(key, int) else f".{key}"
        return Figures(self.raw[key], self.place + step)

    def __iter__(self) -> Iterator["Figures"]:
        return (self[number] for number in range(len(self.raw)))

    def __len__(self) -> int:
        return len(self.raw)

    def __bool__(self) -> bool:
        """Whether there is anything; a figure is there also where it is 0."""
        if isinstance(self.raw, dict | list | str):
            return bool(self.raw)
        return self.raw is not None

    def rows(self) -> Iterator[tuple[str, "Figures"]]:
        """Names of a mapping with what stands there."""
        return ((name, self[name]) for name in self.raw)

    def __html__(self) -> str:
        """Words as they stand in the report; a number needs a format."""
        if self.raw is None:
            return NOTHING
        if not isinstance(self.raw, str):
            raise TypeError(f"{self.place} is {self.raw!r}, no words; give a format")
        return _WORDS.format(self.place, self.raw)


def shown(
    figure: Figures,
    words_of: Callable[[Any], str],
    nothing: str | Markup = NOTHING,
) -> Markup:
    """A figure rounded as a person reads it, with its place."""
    if figure.raw is None:
        return Markup("{}").format(nothing)
    return _FIGURE.format(figure.place, words_of(figure.raw))


def spread(
    figures: Figures, words_of: Callable[[Any], str], nothing: str = "never"
) -> Markup:
    """`980 to 1,600` of a range; nothing where there is none."""
    if not figures:
        return Markup("")
    ends = [shown(figures[name], words_of, nothing) for name in ("p10", "p90")]
    return Markup("{} to {}").format(*ends)


def value(row: Figures, name: str = "value") -> Markup:
    """A value with the unit beside it in its row, where it has one."""
    unit = row["unit"].raw or ""
    if isinstance(row[name].raw, str):
        return Markup("{}").format(row[name])
    return shown(row[name], lambda raw: words.value_words(raw, unit))


def step(row: Figures) -> Markup:
    """What a step comes to, with the figures that it is made of."""
    whole = shown(row["value"], lambda raw: words.exact_words(raw, row["unit"].raw))
    sign = _SIGNS.get(row["by"].raw)
    if sign is None:
        return whole
    parts = [shown(part, words.plain) for part in row["of"]]
    return Markup('<span class="sum">{} = </span>{}').format(sign.join(parts), whole)


FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    "aud": words.dollars,
    "cents": words.dollars_and_cents,
    "percent": words.percent,
    "tenths_percent": words.percent_and_tenth,
    "whole": words.whole,
    "tenth": words.tenth,
    "plain": words.plain,
    "day": words.day_words,
    "strategy": words.strategy_words,
}
"""Filters of the template, by name; each rounds and says the unit."""
