"""The scorecard: figures about the handbook, taken from its own checks so that they cannot drift."""

from __future__ import annotations

from ..model import words
from ..model.page import LANGS
from ..model.place import Place
from ..model.problem import errors
from ..model.registers import EVIDENCE, Registers
from ..model.text import escape, measured

NAMES = words.pairs("scorecard")


def marks(registers: Registers, n: int) -> dict[str, str]:
    """How many statements rest on each kind of evidence, and how many did on the day that changes.yml names. n: of the language."""
    before = [row for row in registers.changes.values() if row.get("marks")]
    out = {}
    for kind in EVIDENCE:
        now = sum(row["evidence"] == kind for row in registers.sources.values())
        out[kind] = NAMES["was"][n].format(now, before[0]["on"], before[0]["marks"][kind]) if before else str(now)
    return out


def scores(book, lang: str = "zh") -> dict[str, int | str]:
    """All figures by key, from the same checks that stop a build."""
    problems, pages, registers = book.problems(), book.pages, book.registers
    whole = [row for row in book.coverage_table() if row[0] == "all" and row[1] != "empty"]
    used = {c.value for lang in LANGS for p in pages[lang].values() for c in p.cites}

    def count(prefix: str) -> int:
        return sum(p.rule.startswith(prefix) for p in problems)

    return {
        "pages": len(pages["zh"]),
        "claims": f"{sum(r[3] for r in whole)} / {sum(r[2] for r in whole)}",
        "sources": len(registers.sources),
        **marks(registers, LANGS.index(lang)),
        "cited": len(used & registers.sources.keys()),
        "checked": len(registers.checked),
        "terms": len(registers.glossary),
        "due": count("DUE-"),
        "ended": count("END-"),
        "stale": count("STALE-"),
        "parity": len([p for p in errors(problems) if p.rule.startswith("PAR-")]),
        "links": count("LINK-"),
        "sheets": sum(len(s) for s in book.sheets.values()),
    }


MARKERS = {"register": lambda book: ("scorecard",)}


def marker(place: Place, name: str, value: str) -> str:
    """The scorecard as an HTML table. What a first visit weighs is known only of the finished site: see `measured`."""
    figures = {key: escape(figure) for key, figure in scores(place.book, place.lang).items()} | {
        "bytes": measured("first-visit")
    }
    rows = "".join(
        f'<tr><th scope="row">{escape(NAMES[key][LANGS.index(place.lang)])}</th><td>{figure}</td></tr>'
        for key, figure in figures.items()
    )
    return f'<table class="scorecard"><tbody>{rows}</tbody></table>'
