"""The scorecard: figures about the handbook, taken from its own checks so that they cannot drift."""

from __future__ import annotations

from ..model import words
from ..model.page import LANGS
from ..model.place import Place
from ..model.problem import errors
from ..model.registers import EVIDENCE
from ..model.text import escape, measured

NAMES = words.pairs("scorecard")


def scores(book) -> dict[str, int | str]:
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
        **{kind: sum(r["evidence"] == kind for r in registers.sources.values()) for kind in EVIDENCE},
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
    figures = {key: escape(figure) for key, figure in scores(place.book).items()} | {"bytes": measured("first-visit")}
    rows = "".join(
        f'<tr><th scope="row">{escape(NAMES[key][LANGS.index(place.lang)])}</th><td>{figure}</td></tr>'
        for key, figure in figures.items()
    )
    return f'<table class="scorecard"><tbody>{rows}</tbody></table>'
