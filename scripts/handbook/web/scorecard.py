"""The scorecard: figures about the handbook, taken from its own checks so that they cannot drift."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from ..model.page import Page
from ..model.problem import Problem, errors
from ..model.registers import EVIDENCE, Registers
from ..model.text import escape

# Filled in after the build, when the files of a first visit can be weighed.
FIRST_VISIT = "%%first-visit-bytes%%"

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


def scores(
    problems: list[Problem],
    pages: dict[str, dict[str, Page]],
    registers: Registers,
    used: set[str],
    coverage: list[tuple[str, str, int, int]],
    sheets: int,
) -> dict[str, int | str]:
    """All figures by key. coverage: rows (document, verdict, rows, covered); used: cited source ids."""
    whole = [row for row in coverage if row[0] == "all" and row[1] != "empty"]

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
        "sheets": sheets,
        "bytes": FIRST_VISIT,
    }


def table(figures: dict[str, int | str], lang: str) -> str:
    """The scorecard as an HTML table."""
    n = 0 if lang == "zh" else 1
    rows = "".join(
        f'<tr><th scope="row">{escape(NAMES[key][n])}</th><td>{escape(value)}</td></tr>'
        for key, value in figures.items()
    )
    return f'<table class="scorecard"><tbody>{rows}</tbody></table>'


def first_visit(site: Path) -> int:
    """Bytes of the start page and what it loads, each compressed with gzip as a server would."""
    page = (site / "index.html").read_text(encoding="utf-8")
    loads = set(re.findall(r'<(?:link[^>]+rel="(?:stylesheet|icon)"[^>]+href|script[^>]+src)="([^"]+)"', page))
    files = [site / "index.html", *(site / load.split("?")[0] for load in sorted(loads) if "//" not in load)]
    return sum(len(gzip.compress(f.read_bytes(), 9, mtime=0)) for f in files if f.is_file())


def weigh(site: Path) -> None:
    """Put the weight into the scorecard pages."""
    for name in ("reference/what-changed/index.html", "en/reference/what-changed/index.html"):
        page = site / name
        if page.is_file():
            page.write_text(
                page.read_text(encoding="utf-8").replace(FIRST_VISIT, f"{first_visit(site) / 1000:.1f} KB"),
                encoding="utf-8",
            )
