"""Citations: ``[@id]`` in a page becomes a note in the page's language, one note per id and page."""

from __future__ import annotations

import re
from datetime import date

from ..model import words
from ..model.page import CITE, LANGS, Page
from ..model.place import Place
from ..model.problem import WARNING, Problem
from ..model.registers import Registers, ended, labels, name
from ..model.text import escape, escape_inline

SAY = words.by_language("citations")


def problems(book) -> list[Problem]:
    """CITE-1 for ids that no register row has; END-1 (warning) for rows past their last day."""
    found, today = [], book.today
    for page, cite in ((p, c) for lang in LANGS for p in book.pages[lang].values() for c in p.cites):
        row = book.registers.sources.get(cite.value)
        if row is None:
            text = f"no source has the id {cite.value!r}: correct it or add the row to docs/data/sources.yml"
            found.append(page.problem(cite.line, "CITE-1", text))
        elif ended(row, today):
            text = f"the source {cite.value!r} ended on {row['ends_on']}: the page now marks it as ended; reword the sentence"
            found.append(page.problem(cite.line, "END-1", text, WARNING))
    return found


def note(row: dict, lang: str, today: date, register_url: str) -> str:
    """The note's HTML. register_url: address of the row in the register page."""
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
    text = say["sep"].join(escape(part) for part in parts)
    return f'{text}{say["sep"]}<a href="{escape(register_url)}">{say["register"]}</a>'


def dress(place: Place, markdown: str) -> str:
    """Numbered references in the text, their notes below it. One note per source and page.

    Statements of ``the-law`` also get their labels. The markup of references and notes is that of
    Markdown's footnotes, which the theme's style and tooltips expect; built here because a note's text
    is register text, never Markdown.
    """
    page, registers, today = place.page, place.book.registers, place.today
    register_url = place.href("reference/sources")
    place.top.append(ended_note(page, registers, today))
    cited: dict[str, int] = {}  # id -> how often so far

    def footnote(match: re.Match) -> str:
        key = match[1]
        row = registers.sources[key]
        cited[key] = cited.get(key, 0) + 1
        number = list(cited).index(key) + 1
        again = "" if cited[key] == 1 else str(cited[key])
        mark = f'<sup id="fnref{again}:{key}"><a class="footnote-ref" href="#fn:{key}">{number}</a></sup>'
        if ended(row, today):
            said = SAY[page.lang]["ended"].format(row["ends_on"])
            mark += f'<strong class="ended">{f"（{said}）" if page.lang == "zh" else f" ({said})"}</strong>'
        return mark

    out, section = [], ""
    for line in markdown.split("\n"):
        heading = re.match(r"^##\s.*\{#([^}]+)\}", line)
        section = heading[1] if heading else section
        keys = [key for key in CITE.findall(line) if key in registers.sources]
        line = CITE.sub(footnote, line).replace("</sup><sup ", "</sup><sup>,</sup><sup ")
        if section == "the-law" and keys:
            line += _labels(keys, registers, page.lang)
        out.append(line)
    notes = "".join(
        f'<li id="fn:{key}"><p>{note(registers.sources[key], page.lang, today, f"{register_url}#{key}")} '
        f'<a class="footnote-backref" href="#fnref:{key}" title="{SAY[page.lang]["back"]}">↩</a></p></li>'
        for key in cited
    )
    place.end.append(f'<div class="footnote"><hr><ol>{notes}</ol></div>' if notes else "")
    return "\n".join(out)


def ended_note(page: Page, registers: Registers, today: date) -> str:
    """A line for the top of a page that rests on rules which have ended; empty if none has."""
    rows = [
        registers.sources[c]
        for c in dict.fromkeys(c.value for c in page.cites)
        if c in registers.sources and ended(registers.sources[c], today)
    ]
    if not rows:
        return ""
    what = ("、" if page.lang == "zh" else "; ").join(
        f"{row['short'][page.lang]}（{row['ends_on']}）"
        if page.lang == "zh"
        else f"{row['short'][page.lang]} ({row['ends_on']})"
        for row in rows
    )
    return f'<p class="ended-note">{escape(SAY[page.lang]["ended-note"].format(what))}</p>'


def _labels(keys: list[str], registers: Registers, lang: str) -> str:
    """One label per distinct kind and evidence; a caveat beside every statement not read in full."""
    rows = [registers.sources[key] for key in dict.fromkeys(keys)]
    words = dict.fromkeys(labels(row, lang) for row in rows)
    text = "".join(f' <span class="label">{escape(word)}</span>' for word in words)
    caveats = dict.fromkeys(row["caveat"][lang] for row in rows if row["evidence"] != "full-text" and row["caveat"])
    return text + "".join(
        f'<span class="caveat">{escape_inline(SAY[lang]["caveat"].format(caveat))}</span>' for caveat in caveats
    )
