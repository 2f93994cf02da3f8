"""Claims checked: what people say, our verdict, why, what to do instead; and no page may repeat a false one."""

from __future__ import annotations

import re

from ..model import words
from ..model.page import LANGS, Page, plain
from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import CHECKED, Registers
from ..model.text import escape

SAY = words.by_language("checked")


def problems(book) -> list[Problem]:
    """CHECK-1: a claim judged false or outdated stands on a page as if it were true; CHECK-2: a row names no page.

    Quotes, call-outs, “do not say”, “they may say” and headings that quote it are the boxes where it may stand.
    """
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in _repeated(page, book.registers)]
    return found + _lost(book.registers, book.pages["zh"])


def _repeated(page: Page, registers: Registers) -> list[Problem]:
    rows, pattern = registers.once(("checked", page.lang), lambda: _patterns(registers, page.lang))
    found = []
    for block in page.blocks:
        if (
            block.kind in ("quote", "callout", "heading")
            or block.callout
            or block.section in ("do-not-say", "they-may-say")
        ):
            continue
        for hit in pattern.findall(plain(block.text).lower()) if rows else ():
            key, verdict = rows[hit]
            text = f"repeats “{hit}”, judged {verdict} in checked.yml ({key}): say what is true, or put it under “do not say”"
            found.append(page.problem(block.line, "CHECK-1", text))
    return found


def _patterns(registers: Registers, lang: str) -> tuple[dict[str, tuple[str, str]], re.Pattern]:
    """(phrase -> (claim id, verdict), one pattern for all phrases), phrases in lower case."""
    rows = {
        p.lower(): (key, row["verdict"])
        for key, row in registers.checked.items()
        if row["verdict"] in ("false", "outdated")
        for p in row["patterns"][lang]
    }
    return rows, re.compile("|".join(re.escape(p) for p in sorted(rows, key=len, reverse=True)))


def _lost(registers: Registers, pages: dict[str, Page]) -> list[Problem]:
    return [
        registers.problem("checked", key, "CHECK-2", f"the checked claim {key} names {path!r}, which is no page")
        for key, row in registers.checked.items()
        for path in row["pages"]
        if path not in pages
    ]


MARKERS = {"register": lambda book: ("checked",)}


def marker(place: Place, name: str, value: str) -> str:
    """All rows, by verdict, false ones first: that is what frightens people."""
    lang, registers = place.lang, place.book.registers
    say, n = SAY[lang], LANGS.index(lang)
    order = [
        v
        for v in ("false", "outdated", "partly", "unproven", "true")
        if any(r["verdict"] == v for r in registers.checked.values())
    ]
    counts = {v: sum(r["verdict"] == v for r in registers.checked.values()) for v in order}
    out = [
        '<ul class="jump">'
        + "".join(
            f'<li><a href="#verdict-{v}">{CHECKED[v][n]}</a> · {say["rows"].format(counts[v])}</li>' for v in order
        )
        + "</ul>"
    ]
    for verdict in order:
        out.append(f'<h2 id="verdict-{verdict}">{CHECKED[verdict][n]}</h2>')
        out += [_row(row, place) for row in registers.checked.values() if row["verdict"] == verdict]
    return "".join(out)


def _row(row: dict, place: Place) -> str:
    lang, registers, pages, href = place.lang, place.book.registers, place.pages, place.href
    say, n = SAY[lang], LANGS.index(lang)
    sources = say["sep"].join(
        f'<a href="{escape(href("reference/sources", s))}">{escape(registers.sources[s]["short"][lang])}</a>'
        for s in row["sources"]
        if s in registers.sources
    )
    links = say["sep"].join(
        f'<a href="{escape(href(p))}">{escape(pages[p].title)}</a>' for p in row["pages"] if p in pages
    )
    colon = "：" if lang == "zh" else ": "
    said = f"“{escape(row['claim'][lang])}”"
    return (
        f'<section class="row claim" id="{escape(row["id"])}"><p><span class="label">{CHECKED[row["verdict"]][n]}</span> <strong>{said}</strong></p>'
        f"<p>{escape(row['why'][lang])}</p><p>{say['instead']}{colon}{escape(row['instead'][lang])}</p>"
        f'<p class="quiet">{say["sources"]}{colon}{sources or say["none"]} · {say["pages"]}{colon}{links}</p></section>'
    )
