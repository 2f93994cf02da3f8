"""The scorecard: figures about the handbook, taken from its own checks so that they cannot drift."""

from __future__ import annotations

from ..model.page import LANGS
from ..model.place import Place
from ..model.problem import errors
from ..model.registers import EVIDENCE
from ..model.text import escape, measured

NAMES = {
    "pages": ("页面（每种语言）", "Pages in each language"),
    "claims": ("原始文章的说法，已收入页面", "Claims of the source documents covered"),
    "sources": ("来源表里的条目", "Rows in the source register"),
    "full-text": ("其中：读的是全文", "of these: text itself read"),
    "excerpt": ("其中：转载或摘录", "of these: reprint or excerpt"),
    "press": ("其中：新闻报道", "of these: press reports"),
    "cited": ("页面引用到的来源", "Sources cited on pages"),
    "checked": ("核对过的说法", "Claims checked"),
    "terms": ("术语", "Terms"),
    "due": ("到期该重新核对的来源", "Sources due for a new check"),
    "ended": ("引用了已结束规定的地方", "Places that cite a rule that has ended"),
    "stale": ("英文落后于中文的页面", "English pages older than their Chinese source"),
    "parity": ("中英文不一致", "Differences between the languages"),
    "links": ("断链", "Broken links"),
    "sheets": ("可打印的清单", "Printable lists"),
    "bytes": ("第一次打开首页要下载", "Bytes of a first visit to the start page"),
}


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
