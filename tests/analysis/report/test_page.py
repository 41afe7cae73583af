"""Every figure of the page is in the report: by its place, or word for word."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.report.composed_report import composed_report

from home_energy.analysis.report.page import page_text, write_page
from home_energy.analysis.report.page_figures import Figures

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SHARE = re.compile(r"\s%")

OWN_WORDS = ("8 of 10", "8 in 10", "P10", "P50", "P90")
"""Figures of the page's own words, which tell how a range is meant."""

DRAWN = ("x", "y", "z", "text")
"""What a chart draws; all else is where and how."""


@dataclass
class Seen:
    """What stands in a page.

    Parameters
    ----------
    figures, words
        Place in the report, and what is shown of it.
    loose
        Everything else that is read, with the place of the chart it is in.
    charts
        Place of each chart, with its figure.
    """

    figures: list[tuple[str, str]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    loose: list[tuple[str | None, str]] = field(default_factory=list)
    charts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads a page as a person does, and notes whose each word is."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.seen.links += [v for k in ("src", "href") if (v := found.get(k))]
        if tag not in ("meta", "br", "link"):
            self._open.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if not text.strip() or not self._open:
            return
        tag, found = self._open[-1]
        chart = next((f for t, f in self._open if t == "figure"), None)
        place = None if chart is None else chart["data-place"]
        if tag == "script" and place is not None:
            self.seen.charts.append((place, json.loads(text)))
        elif tag in ("script", "style", "title"):
            return
        elif "data-figure" in found:
            self.seen.figures.append((str(found["data-figure"]), text))
        elif "data-words" in found:
            self.seen.words.append((str(found["data-words"]), text))
        else:
            self.seen.loose.append((place, text))


@cache
def composed_text() -> str:
    return page_text(composed_report())


@cache
def composed_page() -> Seen:
    return read(composed_text())


def read(text: str) -> Seen:
    reader = Reader()
    reader.feed(text)
    return reader.seen


def at(report: Any, place: str) -> Any:
    """What stands at a place such as `$.comparison[1].saving_aud`."""
    found = report
    for name, number in re.findall(r"\.([^.\[]+)|\[(\d+)\]", place):
        found = found[name] if name else found[int(number)]
    return found


def is_rounded(shown: str, value: float, *, is_share: bool) -> bool:
    """Whether a number as it is shown is this one, rounded where it is shown."""
    digits = len(shown.partition(".")[2])
    known = abs(value) * (100 if is_share else 1)
    number = float(shown.replace(",", ""))
    half_a_step: float = 0.5 * 0.1**digits
    return abs(number - known) <= half_a_step * (1 + 1e-9)


def numbers_in(report: Any) -> list[float]:
    if isinstance(report, dict):
        return [one for value in report.values() for one in numbers_in(value)]
    if isinstance(report, list):
        return [one for value in report for one in numbers_in(value)]
    is_number = isinstance(report, int | float) and not isinstance(report, bool)
    return [report] if is_number else []


def words_in(report: Any) -> list[str]:
    if isinstance(report, dict):
        return [one for value in report.values() for one in words_in(value)]
    if isinstance(report, list):
        return [one for value in report for one in words_in(value)]
    return [report] if isinstance(report, str) else []


def unknown_numbers(text: str, part: Any) -> list[str]:
    """Numbers in words of a chart that no figure of its part of the report gives."""
    for known in sorted((*OWN_WORDS, *words_in(part)), key=len, reverse=True):
        text = text.replace(known, " ")
    text = re.sub(r"<[^>]*>", " ", text)
    found = []
    for match in NUMBER.finditer(text):
        is_share = bool(SHARE.match(text, match.end()))
        known_numbers = numbers_in(part)
        if not any(is_rounded(match[0], n, is_share=is_share) for n in known_numbers):
            found.append(f"{match[0]} in {text!r}")
    return found


def test_every_figure_is_the_one_at_its_place_in_the_report() -> None:
    report = composed_report()

    figures = composed_page().figures

    assert len(figures) > 140
    for place, shown in figures:
        value = at(report, place)
        numbers = NUMBER.findall(shown)
        if isinstance(value, str):  # a day, or a name in words
            assert set(numbers) <= {str(int(n)) for n in re.findall(r"\d+", value)}
            continue
        assert len(numbers) == 1, (place, shown)
        is_share = bool(SHARE.search(shown))
        assert is_rounded(numbers[0], value, is_share=is_share), (place, shown, value)
        is_below = shown.startswith("\N{MINUS SIGN}")
        assert is_below == (value < 0), (place, shown, value)


def test_words_of_the_report_are_told_as_they_are() -> None:
    report = composed_report()

    for place, shown in composed_page().words:
        assert shown == at(report, place)


def test_no_other_number_stands_in_the_page() -> None:
    report = composed_report()

    unknown = []
    for place, text in composed_page().loose:
        part = {} if place is None else at(report, place)
        unknown += unknown_numbers(text, part)

    assert unknown == []


def test_every_number_of_a_chart_is_in_its_part_of_the_report() -> None:
    report = composed_report()

    charts = composed_page().charts

    assert len(charts) == 23
    for place, chart in charts:
        part = at(report, place)
        known = {abs(value) for value in numbers_in(part)}
        for trace in chart["data"]:
            drawn = [one for name in DRAWN for one in numbers_in(trace.get(name))]
            # Rows, years and hours are counted from 0.
            counted = set(range(len(numbers_in(trace["x"])) + 1))
            assert {abs(value) for value in drawn} <= known | counted, place
            for words in words_in([trace.get("text"), trace.get("name")]):
                assert unknown_numbers(words, part) == []
        for note in chart["layout"].get("annotations", ()):
            assert unknown_numbers(note["text"], part) == []


def test_a_wrong_figure_would_be_found() -> None:
    # The four tests above must be able to fail.
    assert not is_rounded("1,505", 1506.5, is_share=False)
    assert not is_rounded("62", 0.63, is_share=True)
    assert is_rounded("62", 0.62, is_share=True)
    assert unknown_numbers("saves $1,507", {"saving_aud": 1505.5}) != []
    assert unknown_numbers("saves $1,506", {"saving_aud": 1505.5}) == []


def test_the_answer_names_the_best_with_its_range_and_its_chance() -> None:
    answer = words_of(composed_text(), "answer")

    assert answer == (
        "The best of these for your home is 6.6 kW of panels and a battery (planned "
        "by forecast): it saves $1,506 a year ($1,190 to $1,810 in 8 of 10 draws) "
        "of $1,912, costs $11,900 after incentives and pays back in 7.8 years (6.5 to "
        "never); the chance that it does so inside its warranty is 62 %."
    )


def test_nothing_is_the_best_where_nothing_is_worth_its_price() -> None:
    report = composed_report()
    report["comparison"][2]["npv_aud"] = -210.0

    answer = words_of(page_text(report), "answer")

    assert answer.startswith(
        "None of these is worth its price over 10 years, later money counting for "
        "less. 6.6 kW of panels and a battery (planned by forecast) comes closest: "
    )


def test_what_has_no_price_is_not_called_the_best() -> None:
    report = composed_report()
    for row in report["comparison"]:
        row["npv_aud"] = None

    answer = words_of(page_text(report), "answer")

    # The car saves more, but nobody is known to offer it.
    assert answer == (
        "Of these 6.6 kW of panels and a battery (planned by forecast) saves most; "
        "what it costs to buy is not known here: it saves $1,506 a year ($1,190 to "
        "$1,810 in 8 of 10 draws) of $1,912."
    )


def test_an_upper_bound_is_never_the_answer() -> None:
    report = composed_report()
    report["comparison"][2] |= {"strategy": "perfect_foresight"}

    answer = words_of(page_text(report), "answer")

    assert "6.6 kW of panels and a battery" not in answer


def test_a_home_without_scenarios_is_told_its_bill() -> None:
    report = composed_report()
    report |= {"scenarios": [], "sweeps": [], "comparison": report["comparison"][:1]}

    answer = words_of(page_text(report), "answer")

    assert answer == (
        "The home as it is paid $1,912. There is no scenario to compare it with."
    )


def test_a_bound_is_marked_wherever_it_stands() -> None:
    text = composed_text()

    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    bounds = [row for row in rows if "upper bound: knows" in row]
    assert len(bounds) == 1
    assert all('class="bound"' in row for row in bounds)
    # A range says what may be hoped for: an upper bound has none to hope for.
    assert all('class="range"' not in row for row in bounds)


def test_the_page_asks_nobody() -> None:
    links = composed_page().links

    assert links
    assert all(link.startswith("#") for link in links)
    assert "default-src 'none'" in composed_text()


def test_words_of_a_file_are_no_part_of_the_page() -> None:
    report = composed_report()
    report["title"] = "</title><script>alert(1)</script>"
    report["scenarios"][0]["title"] = "</script><b>6.6 kW</b>"
    report["comparison"][1]["title"] = "</script><b>6.6 kW</b>"

    text = page_text(report)

    assert "alert(1)</script>" not in text
    assert "<b>6.6 kW</b>" not in text


def test_the_same_figures_give_the_same_page(tmp_path: Path) -> None:
    write_page(composed_report(), tmp_path / "one.html")

    written = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert written == composed_text()


def test_the_home_as_it_is_has_no_section_as_a_scenario() -> None:
    report = composed_report()
    report["scenarios"][0]["scenario"] = "as-it-is"

    text = page_text(report)

    assert 'id="as-it-is"' not in text
    assert 'id="solar-battery"' in text


def test_a_number_without_a_format_does_not_get_on_the_page() -> None:
    with pytest.raises(TypeError, match=r"\$\.bill_aud is 3\.14159, no words"):
        Figures({"bill_aud": 3.14159})["bill_aud"].__html__()


def words_of(text: str, name: str) -> str:
    """What is read in the element of a class."""
    match = re.search(f'<p class="{name}">(.*?)</p>', text, re.DOTALL)
    assert match is not None
    words = re.sub(r"<[^>]*>", "", match[1]).replace("\N{NARROW NO-BREAK SPACE}", " ")
    return " ".join(words.split())
