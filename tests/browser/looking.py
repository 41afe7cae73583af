"""What a page shows, measured: glyphs in pixels, boxes, colours, words."""

import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

CAP_TO_FONT = 0.7
"""Height of a capital of Barlow Condensed to its font size; held by a test."""

_FACTS_JS = """
() => {
  const root = document.getElementById("screen");
  const fontOf = (node) => getComputedStyle(node.parentElement);
  const backgroundOf = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") { return colour; }
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const isShown = parent.checkVisibility({ visibilityProperty: true });
    if (node.textContent.trim() === "" || !isShown) { continue; }
    const range = document.createRange();
    range.selectNodeContents(node);
    const font = fontOf(node);
    const size = parseFloat(font.fontSize);
    const rects = [...range.getClientRects()].map((r) => {
      const baseline = r.top + (r.height + 0.8 * size) / 2;
      const hasTail = /[gjpqy,$]/.test(node.textContent);
      return [r.left, baseline - 0.7 * size, r.right, baseline + hasTail * 0.2 * size];
    });
    const cell = parent.closest(
      ".price, .time, .cost, .hourly, .trouble, .feed-in, .coming",
    );
    const c = (cell ?? document.body).getBoundingClientRect();
    texts.push({
      text: node.textContent.trim(), size, rects,
      cell: [c.left, c.top, c.right, c.bottom],
      name: parent.getAttribute("class") ?? parent.tagName,
      colour: parent instanceof SVGElement ? font.fill : font.color,
      background: backgroundOf(parent),
    });
  }
  const bars = [...root.querySelectorAll("rect.bar")].map((bar) => {
    const r = bar.getBoundingClientRect();
    return [r.left, r.top, r.right, r.bottom];
  });
  const links = [...root.querySelectorAll("a")].map((a) => {
    const r = a.getBoundingClientRect();
    return [r.width, r.height];
  });
  const groups = [...root.querySelectorAll("[data-group]")];
  return {
    texts, bars, links,
    words: root.innerText,
    groups: [...new Set(groups.map((g) => g.dataset.group))],
    classes: root.className,
    theme: document.documentElement.className,
    scroll: [
      document.documentElement.scrollWidth, document.documentElement.scrollHeight,
    ],
  };
}
"""

_ONLY_GLYPH_JS = """
([selector]) => {
  const element = document.querySelector(selector);
  if (element === null) { return null; }
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent.search(/[0-9A-Z]/);
    if (at < 0) { continue; }
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    for (const e of document.querySelectorAll("body, body *")) {
      e.style.visibility = "hidden";
    }
    node.parentElement.style.visibility = "visible";
    const r = range.getBoundingClientRect();
    return [r.left, Math.max(0, r.top), r.width, r.height];
  }
  return null;
}
"""
_SHOW_ALL_JS = """
() => {
  const all = document.querySelectorAll("body, body *");
  for (const e of all) { e.style.visibility = ""; }
}
"""


@dataclass
class Text:
    """One run of letters: lines as boxes of left, top, right, bottom. [px]"""

    text: str
    size: float
    rects: list[list[float]]
    cell: list[float]
    name: str
    colour: str
    background: str


@dataclass
class Look:
    """All that is asked of one page in one state."""

    picture: Image.Image
    texts: list[Text]
    bars: list[list[float]]
    links: list[list[float]]
    groups: list[str]
    words: list[str]
    classes: str
    theme: str
    scroll: list[float]
    glyph_px: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def all_text(self) -> str:
        return " ".join(self.words)


def look_at(page: Page) -> Look:
    """Take the facts of a page and measure its large letters."""
    facts: dict[str, Any] = page.evaluate(_FACTS_JS)
    look = Look(
        picture=_picture(page),
        texts=[Text(**text) for text in facts.pop("texts")],
        **{**facts, "words": facts["words"].split()},
    )
    for selector in (".number", ".word", ".price > .band", ".hourly-number"):
        height = glyph_height(page, selector)
        if height is not None:
            look.glyph_px[selector] = height
    return look


def glyph_height(page: Page, selector: str) -> int | None:
    """Rows of ink in the first digit or capital of an element; `None` without one."""
    box = page.evaluate(_ONLY_GLYPH_JS, [selector])
    if box is None:
        return None
    picture = _picture(page, dict(zip(("x", "y", "width", "height"), box, strict=True)))
    page.evaluate(_SHOW_ALL_JS)
    glyph = np.asarray(picture.convert("L"), dtype=np.float64)
    contrast_to_ground = np.abs(glyph - glyph[-1, 0])
    rows = np.flatnonzero((contrast_to_ground > contrast_to_ground.max() / 2).any(1))
    return int(rows[-1] - rows[0] + 1)


def _picture(page: Page, clip: dict[str, float] | None = None) -> Image.Image:
    shot = page.screenshot(animations="disabled", clip=clip)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(shot)).convert("RGB")
