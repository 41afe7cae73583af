"""The plug is pulled twenty times while the record is being written."""

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.booted.card import Card, inserted
from tests.booted.figures import Figures
from tests.booted.guest import Guest, booted
from tests.booted.machine import scratch_folder
from tests.booted.record import (
    STORE,
    Reader,
    Rows,
    Truth,
    changing,
    lost,
    read_card,
    twice,
)

CUTS = 20
FIRST_SECONDS, LAST_SECONDS = 2.0, 30.0
SEED = 8
BEAT_WITHIN_SECONDS = 30.0
ASK_EVERY_SECONDS = 0.25
AMBER_DELAY_SECONDS = 0.7
"""Answers come so late that fetching the past lasts as long as the longest boot."""

FORGET_EVERY_CUTS = 4
KEPT_SECONDS = 20 * 86_400
"""Of the past, when it is forgotten so that there is something to write again."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one cut left. Times since the power came. [s]"""

    at_seconds: float
    beat_seconds: float | None
    fsck: str
    integrity: str
    seen: int
    found: int
    lost: int
    wrong: int
    twice: int

    def line(self, number: int) -> str:
        beat = "cut before" if self.beat_seconds is None else f"{self.beat_seconds:.1f}"
        return (
            f"{number:3}  {self.at_seconds:5.1f}  {beat:>10}  {self.fsck:<9}  "
            f"{self.integrity:<13}  {self.seen:7}  {self.found:7}  {self.lost:4}  "
            f"{self.wrong:5}  {self.twice:5}"
        )


HEAD = (
    "cut  after     page beat  fsck       integrity      seen     on card  lost  "
    "wrong  twice\n     [s]          [s]\n"
)


def test_no_acknowledged_row_is_lost_in_twenty_power_cuts(
    own_card: Card, figures: Figures
) -> None:
    moments = random.Random(SEED)
    truth, cuts, card, seen = Truth(), [], own_card, Rows()
    _delay_amber(card)
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        for number in range(1, CUTS + 1):
            at_seconds = moments.uniform(FIRST_SECONDS, LAST_SECONDS)
            image = Path(folder) / f"cut-{number}.img"
            card_before = card
            card, cut, seen = _cut_once(card, at_seconds, image, seen, truth)
            card_before.path.unlink()
            cuts.append(cut)
            _say(HEAD * (number == 1) + cut.line(number))
            if number % FORGET_EVERY_CUTS == 0:
                _forget_the_past(card)
                seen = read_card(card).found
        with booted(card) as guest:
            guest.wait_for_beat(BEAT_WITHIN_SECONDS)
            last_beat_seconds = guest.up_seconds
            settled = guest.wait_until_settled()
    _note(figures, cuts, last_beat_seconds)

    beats = [cut.beat_seconds for cut in cuts if cut.beat_seconds is not None]
    assert [
        cut.integrity for cut in cuts if cut.integrity not in ("ok", "no record yet")
    ] == []
    assert [(cut.lost, cut.wrong, cut.twice) for cut in cuts] == CUTS * [(0, 0, 0)]
    assert max([*beats, last_beat_seconds]) < BEAT_WITHIN_SECONDS
    assert len(beats) >= 10
    assert settled == "running"


def _cut_once(
    card: Card, at_seconds: float, image: Path, seen: Rows, truth: Truth
) -> tuple[Card, Cut, Rows]:
    """Boot, read along, cut, and look what is there."""
    known_before = dict(seen.rows)
    with booted(card) as guest:
        reader = Reader(guest.folder / STORE, seen)
        reader.start()
        try:
            beat_seconds = _watch_until(guest, at_seconds)
        finally:
            reader.stop()
        cut_seconds = guest.up_seconds
        cut_card, fsck = guest.cut_power(image)
    there = read_card(cut_card)
    new = {k: v for k, v in there.found.rows.items() if known_before.get(k) != v}
    cut = Cut(
        at_seconds=cut_seconds,
        beat_seconds=beat_seconds,
        fsck=fsck,
        integrity=there.integrity,
        seen=len(seen.rows),
        found=len(there.found.rows),
        lost=len(lost(seen, there.found)),
        wrong=len(truth.wrong(new)),
        twice=twice(there.found.rows),
    )
    return cut_card, cut, there.found


def _watch_until(guest: Guest, at_seconds: float) -> float | None:
    """Let the guest run until a moment; give when its page first beat, if it did."""
    beat_seconds = None
    while guest.up_seconds < at_seconds:
        if beat_seconds is None and (guest.health() or {}).get("page_beats"):
            beat_seconds = guest.up_seconds
        time.sleep(ASK_EVERY_SECONDS)
    return beat_seconds


def _delay_amber(card: Card) -> None:
    with inserted(card) as root:
        (root / "etc/pretended-amber.env").write_text(
            f"PRETENDED_DELAY_SECONDS={AMBER_DELAY_SECONDS}\n"
        )


def _forget_the_past(card: Card) -> None:
    with changing(card) as record:
        (now_s,) = record.execute("SELECT max(start_utc_s) FROM price").fetchone()
        for table in ("price", "reading"):
            record.execute(
                f"DELETE FROM {table} WHERE start_utc_s < ?",  # noqa: S608
                (now_s - KEPT_SECONDS,),
            )


def _note(figures: Figures, cuts: list[Cut], last_beat_seconds: float) -> None:
    beats = [cut.beat_seconds for cut in cuts if cut.beat_seconds is not None]
    beats.append(last_beat_seconds)
    figures.note(
        f"boot to page beat after each of {CUTS} power cuts, {len(beats)} boots that "
        "lived so long",
        f"{min(beats):.1f} to {max(beats):.1f} s",
        "< 30 s",
    )
    figures.note(
        f"file system after {CUTS} cuts",
        ", ".join(sorted({cut.fsck for cut in cuts})),
        "nothing to mend",
    )
    seen = sum(cut.seen for cut in cuts)
    figures.note(
        f"acknowledged rows lost in {CUTS} cuts, of {seen} looked for",
        f"{sum(cut.lost for cut in cuts)}",
        "0",
    )
    figures.note(
        "rows that the market never said, and intervals twice",
        f"{sum(cut.wrong for cut in cuts)} and {sum(cut.twice for cut in cuts)}",
        "0 and 0",
    )


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
