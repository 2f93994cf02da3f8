"""What axe finds in a page, and whether its colours stand apart."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Error

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"  # beside every site that the tests serve themselves
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # nine tenths of the time
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False, "iframes": False}
NO_COLOURS = RULES | {"rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}
# for every page: `too_near` looks at its colours, and how near things to press may be is looked at on each kind of page
QUICK = RULES | {"rules": {rule: {"enabled": False} for rule in [*COLOUR_RULES, "target-size"]}}
COLOURS = RULES | {"runOnly": {"type": "rule", "values": COLOUR_RULES}}
RUN = """([where, rules]) => axe.run(where, rules).then(r =>
  r.violations.flatMap(v => v.nodes.map(n => [v.id, n.target.join(' '), n.failureSummary.slice(0, 200)])))"""
# Each word that shows, in both schemes: its colour, what it stands on, and what is below that if it shows through.
PAIRS = """() => {
  const found = {}
  const before = document.body.dataset.mdColorScheme
  for (const scheme of before ? ['default', 'slate'] : ['']) {
    if (before) document.body.dataset.mdColorScheme = scheme
    const grounds = new Map([[null, 'rgb(255, 255, 255)']])
    const ground = e => {
      if (!grounds.has(e)) {
        const own = getComputedStyle(e).backgroundColor
        grounds.set(e, own.startsWith('rgb(') ? own : own.endsWith(', 0)') ? ground(e.parentElement) : `${own} on ${ground(e.parentElement)}`)
      }
      return grounds.get(e)
    }
    for (const e of document.body.querySelectorAll('*')) {
      if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue
      if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.matches('script, style, option')) continue
      const style = getComputedStyle(e)
      found[`${e instanceof SVGElement ? style.fill : style.color} on ${ground(e)}`] ??= e.outerHTML.slice(0, 80)
    }
  }
  if (before) document.body.dataset.mdColorScheme = before
  return Object.entries(found)
}"""


def faults(page, changed: str | None = None, rules: dict = RULES) -> list:
    """What axe finds in the page as it is now. Each entry is (rule, where, what).

    changed: a selector, if the page was seen before and only what it names has changed: the two rules about colours look only there.
    """
    if not page.evaluate("'axe' in window"):
        try:
            page.add_script_tag(url=f"/{AXE.name}")  # so that the browser reads it once, not for each page
        except Error:  # the site is served by another server
            page.evaluate(AXE.read_text(encoding="utf-8"))
    runs = [("html", NO_COLOURS), (changed, COLOURS)] if changed else [("html", rules)]
    return [fault for one in runs for fault in page.evaluate(RUN, one)]


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of WCAG 2, from values of 0 to 255."""

    def linear(value: float) -> float:
        value /= 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: tuple, other: tuple) -> float:
    """Contrast of WCAG 2 between two colours: 1 to 21."""
    low, high = sorted((luminance(*one), luminance(*other)))
    return (high + 0.05) / (low + 0.05)


def seen(pair: str) -> list[tuple]:
    """The colour of the words and of their ground, as they meet the eye: ``rgba`` is laid over what is below it."""
    red, green, blue = 0.0, 0.0, 0.0
    layers = []
    for layer in reversed(pair.split(" on ")):
        *over, alpha = [*(float(v) for v in layer[layer.index("(") + 1 : -1].split(",")), 1.0][:4]
        red, green, blue = (alpha * a + (1 - alpha) * b for a, b in zip(over, (red, green, blue), strict=True))
        layers.append((red, green, blue))
    return layers[-2:]


def too_near(page) -> list[tuple[str, str]]:
    """Words whose colour and ground are less than 4.5 apart in either scheme: (colours, example)."""
    return [(pair, example) for pair, example in page.evaluate(PAIRS) if contrast(*seen(pair)) < 4.5]
