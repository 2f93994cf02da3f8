"""Citations: ``[@id]`` in a page becomes a note in the page's language, one note per id and page."""

from __future__ import annotations

import re
from datetime import date

from .page import CITE, Page
from .problem import WARNING, Problem
from .registers import EVIDENCE, KINDS, Registers, ended
from .text import escape, escape_markdown

SAY = {
    "zh": {
        "since": "{} 起施行", "checked": "{} 核对", "quote": "原文：“{}”", "caveat": "注意：{}", "link": "官方页面",
        "ended": "已于 {} 结束", "sep": " · ", "register": "来源表里的这一条",
    },
    "en": {
        "since": "in force since {}", "checked": "checked on {}", "quote": "text: “{}”", "caveat": "Note: {}", "link": "official page",
        "ended": "ended on {}", "sep": " · ", "register": "this row in the register",
    },
}


def problems(page: Page, registers: Registers, today: date) -> list[Problem]:
    """CITE-1 for ids that no register row has; END-1 (warning) for rows past their last day."""
    found = []
    for cite in page.cites:
        row = registers.sources.get(cite.value)
        if row is None:
            found.append(Problem(page.file, cite.line, "CITE-1", f"no source has the id {cite.value!r}: correct it or add the row to docs/data/sources.yml"))
        elif ended(row, today):
            found.append(Problem(page.file, cite.line, "END-1", f"the source {cite.value!r} ended on {row['ends_on']}: the page now marks it as ended; reword the sentence", WARNING))
    return found


def labels(row: dict, lang: str) -> str:
    """Kind and evidence of a row in words, e.g. 法律 · 读的是全文."""
    n = 0 if lang == "zh" else 1
    return f"{KINDS[row['kind']][n]} · {EVIDENCE[row['evidence']][n]}"


def name(row: dict, lang: str) -> str:
    """Title, number and article of a row in one line."""
    parts = [row["title"][lang]]
    if row["number"]:
        parts.append(row["number"][lang])
    if row["article"]:
        parts.append(row["article"][lang])
    return ("，" if lang == "zh" else ", ").join(parts)


def note(row: dict, lang: str, today: date, register_url: str) -> str:
    """The note's Markdown, one line. register_url: address of the row in the register page."""
    say = SAY[lang]
    parts = [labels(row, lang), name(row, lang)]
    if row["in_force_since"]:
        parts.append(say["since"].format(row["in_force_since"]))
    if ended(row, today):
        parts.append(say["ended"].format(row["ends_on"]))
    parts.append(say["checked"].format(row["checked_on"]))
    if row["quote"]:
        parts.append(say["quote"].format(row["quote"]))
    if row["caveat"]:
        parts.append(say["caveat"].format(row["caveat"][lang]))
    text = say["sep"].join(escape_markdown(part) for part in parts)
    return f'{text}{say["sep"]}<a href="{escape(register_url)}">{say["register"]}</a>'


def render(markdown: str, page: Page, registers: Registers, today: date, register_url: str) -> str:
    """Replace citations by footnotes and append the notes; label the statements of ``the-law``.

    register_url: address of the sources page, relative to this page, without an anchor.
    """
    cited: list[str] = []

    def footnote(match: re.Match) -> str:
        key = match[1]
        row = registers.sources[key]
        if key not in cited:
            cited.append(key)
        mark = f"[^{key}]"
        if ended(row, today):
            mark += f'<strong class="ended">（{SAY[page.lang]["ended"].format(row["ends_on"])}）</strong>' if page.lang == "zh" else f' <strong class="ended">({SAY["en"]["ended"].format(row["ends_on"])})</strong>'
        return mark

    out, section = [], ""
    for line in markdown.split("\n"):
        heading = re.match(r"^##\s.*\{#([^}]+)\}", line)
        section = heading[1] if heading else section
        keys = [key for key in CITE.findall(line) if key in registers.sources]
        line = CITE.sub(footnote, line).replace("][^", "]<sup>,</sup>[^")
        if section == "the-law" and keys:
            line += _labels(keys, registers, page.lang)
        out.append(line)
    notes = [f"[^{key}]: {note(registers.sources[key], page.lang, today, f'{register_url}#{key}')}" for key in cited]
    return "\n".join(out) + ("\n\n" + "\n".join(notes) + "\n" if notes else "")


def _labels(keys: list[str], registers: Registers, lang: str) -> str:
    """One label per distinct kind and evidence; a caveat beside every statement not read in full."""
    rows = [registers.sources[key] for key in dict.fromkeys(keys)]
    words = dict.fromkeys(labels(row, lang) for row in rows)
    text = "".join(f' <span class="label">{escape(word)}</span>' for word in words)
    caveats = dict.fromkeys(row["caveat"][lang] for row in rows if row["evidence"] != "full-text" and row["caveat"])
    return text + "".join(f'<span class="caveat">{escape_markdown(SAY[lang]["caveat"].format(caveat))}</span>' for caveat in caveats)
