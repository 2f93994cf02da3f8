"""Citations: ``[@id]`` in a page becomes a note in the page's language, one note per id and page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ..model import words
from ..model.page import CITE, LANGS, Page
from ..model.place import Place
from ..model.problem import WARNING, Problem
from ..model.registers import Registers, ended, labels, name
from ..model.text import escape

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
    """The note's HTML: what it is, and, where there is room for it, the rest. register_url: the row in the register."""
    say = SAY[lang]
    parts = [labels(row, lang), name(row, lang), say["checked"].format(row["checked_on"])]
    if ended(row, today):
        parts.append(say["ended"].format(row["ends_on"]))
    more = []
    if row["caveat"]:
        more.append(say["caveat"].format(row["caveat"][lang]))
    if row.get("detail"):
        more.append(row["detail"][lang])
    if row["quote"]:
        more.append(say["quote"].format(row["quote"]))
    if row["in_force_since"]:
        more.append(say["since"].format(row["in_force_since"]))
    link = f'<a href="{escape(register_url)}">{say["register"]}</a>'
    rest = say["sep"].join([*map(escape, more), link])
    return f'{say["sep"].join(map(escape, parts))}<span class="more">{say["sep"]}{rest}</span>'


def dress(place: Place, markdown: str) -> str:
    """Numbered references in the text, their notes folded below it. One note per source and page.

    A source whose text was not read carries a small mark beside its number. The markup of references and notes is
    that of Markdown's footnotes, which the theme's style expects; built here because a note's text is register
    text, never Markdown.
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
        part = "" if row["evidence"] == "full-text" else "°"
        mark = f'<sup id="fnref{again}:{key}"><a class="footnote-ref" href="#fn:{key}">{number}{part}</a></sup>'
        if ended(row, today):
            said = SAY[page.lang]["ended"].format(row["ends_on"])
            mark += f'<strong class="ended">{f"（{said}）" if page.lang == "zh" else f" ({said})"}</strong>'
        return mark

    text = CITE.sub(footnote, markdown).replace("</sup><sup ", "</sup><sup>,</sup><sup ")
    place.end.append(_evidence(place, cited, register_url))
    return text


def _evidence(place: Place, cited: Iterable[str], register_url: str) -> str:
    """The notes, and the claims of the source documents that the page answers, in one block that opens on demand."""
    say, rows = SAY[place.lang], [place.book.registers.sources[key] for key in cited]
    claims = [str(c) for c in place.page.meta.get("claims") or []]
    if not rows and not claims:
        return ""
    whole = sum(row["evidence"] == "full-text" for row in rows)
    notes = "".join(
        f'<li id="fn:{row["id"]}"><p>{note(row, place.lang, place.today, register_url + "#" + row["id"])} '
        f'<a class="footnote-backref" href="#fnref:{row["id"]}" title="{say["back"]}">↩</a></p></li>'
        for row in rows
    )
    part = f"<p>{say['part']}</p>" if whole < len(rows) else ""
    links = " ".join(
        f'<a href="{escape(place.href("reference/from-the-documents", claim.lower()))}">{claim}</a>' for claim in claims
    )
    about = f"<p>{say['claims'].format(links)}</p>" if claims else ""
    return (
        f'<details class="evidence"><summary>{say["evidence"].format(len(rows), whole)}</summary>'
        f'<div class="footnote"><ol>{notes}</ol>{part}{about}</div></details>'
    )


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
