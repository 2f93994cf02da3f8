"""A fact says where it is told, under which names, how old it is; a value that moves stands beside its day."""

from __future__ import annotations

import re
from datetime import date

from ..model.page import LANGS, Page, plain
from ..model.problem import WARNING, Problem
from ..model.registers import Registers, due_on, is_day

EARLY = 60  # days before a check is due that the writer is told


def problems(book) -> list[Problem]:
    """FACT-1 to FACT-8 for rows of sources.yml, VALUE-1 and VALUE-2 for values.yml, DUE-1 (warning)."""
    registers, found = book.registers, []
    for key, row in registers.sources.items():
        found += [registers.problem("sources", key, rule, text) for rule, text in _row(key, row, book)]
        if is_day(row["checked_on"]) and (left := (due_on(row) - book.today).days) <= EARLY:
            text = f"{key} rests on {row['title']['zh']} and is due for a new check on {due_on(row)}"
            when = f"{-left} days ago" if left < 0 else f"in {left} days"
            text = f"{text}, {when}: read the text again and set checked_on"
            found.append(registers.problem("sources", key, "DUE-1", text, WARNING))
    return found + _names(registers) + [p for key in registers.values for p in _value(key, book)]


def _row(key: str, row: dict, book):
    if ("told_in" in row) == ("reference_only" in row):
        yield "FACT-1", f"{key} needs told_in: path#section, where all of says stands, or reference_only: the reason"
    elif "told_in" in row:
        yield from _told(key, row["told_in"], book.pages)
    if is_day(row["checked_on"]) and date.fromisoformat(row["checked_on"]) > book.today:
        yield "FACT-5", f"{key} was checked on {row['checked_on']}, a day that has not come: correct it"
    if row["article"] and row["kind"] in ("law", "judicial-interpretation") and "《" not in row["title"]["zh"]:
        yield "FACT-6", f"{key} names an article, but its title names no law: write 《…》 in title"
    if row["evidence"] == "full-text" and not row["read_in"]:
        yield "FACT-7", f"{key} is marked as read in full, but not where: name the copy in read_in"
    if row["evidence"] == "full-text" and re.search("…|\\.\\.\\.", row["quote"] or ""):
        yield (
            "FACT-8",
            f"the quote of {key} leaves words out, so that nobody can find it in the text: quote what stands there",
        )


def _told(key: str, where: str, pages: dict[str, dict[str, Page]]):
    path, _, section = where.partition("#")
    for lang in LANGS:
        page = pages[lang].get(path)
        if page is None or section not in {h.id for h in page.headings}:
            yield "FACT-2", f"{key} is told in {where!r}, which the {lang} pages do not have: correct told_in"
        elif not cites(page, section, key):
            yield (
                "FACT-3",
                f"the section {where!r} of the {lang} page does not cite {key}: cite it there, or correct told_in",
            )


def cites(page: Page, section: str, key: str) -> bool:
    """Whether a page cites a source below a heading, up to the next of its level."""
    head = next(h for h in page.headings if h.id == section)
    end = next((h.line for h in page.headings if h.line > head.line and h.level <= head.level), 10**9)
    return any(head.line <= c.line < end and c.value == key for c in page.cites)


def _names(registers: Registers) -> list[Problem]:
    """FACT-4: a name that stands for two rows."""
    found, seen = [], dict.fromkeys(registers.sources)
    for key, row in registers.sources.items():
        for alias in row.get("aliases", []):
            if alias in seen:
                text = f"the alias {alias!r} of {key} is also a name of {seen[alias] or alias}: one name, one row"
                found.append(registers.problem("sources", key, "FACT-4", text))
            seen[alias] = key
    return found


def _value(key: str, book) -> list[Problem]:
    registers, found = book.registers, []
    row = registers.values[key]
    if row["source"] not in registers.sources:
        text = f"the value {key!r} rests on {row['source']!r}, which is not in sources.yml"
        return [registers.problem("values", key, "VALUE-1", text)]
    for path in row["where"]:
        for lang in LANGS:
            page = book.pages[lang].get(path)
            said = [b for b in page.blocks if row["value"][lang] in plain(b.text)] if page else []
            if not said:
                text = f"no block of the {lang} page {path!r} shows {row['value'][lang]!r}: correct where, or the page"
                found.append(registers.problem("values", key, "VALUE-1", text))
            if said and not any(row["as_of"][lang] in plain(b.text) for b in page.blocks):
                text = f"shows {row['value'][lang]!r} without its day: say {row['as_of'][lang]!r} beside it"
                found.append(page.problem(said[0].line, "VALUE-2", text))
    found += [
        page.problem(block.line, "VALUE-2", f"shows {row['value'][lang]!r}: add {path!r} to where of {key!r}")
        for lang in LANGS
        for path, page in book.pages[lang].items()
        if "beside" in row and path not in row["where"]
        for block in page.blocks
        if row["value"][lang] in (text := plain(block.text)) and row["beside"][lang] in text
    ]
    return found
