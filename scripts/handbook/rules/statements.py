"""No statement of law, number, deadline or sum without a source: every such block cites one, or is on the reviewed list."""

from __future__ import annotations

import re

from ..model.page import CITE, LANGS, Page, plain
from ..model.problem import Problem
from ..model.registers import Registers

# What only a source can say: rates, multiples, legal periods. Sums in yuan may be examples, marked as such.
ZH = re.compile(
    r"第[一二三四五六七八九十百千〇零\d]+条|《[^》]+》|\d[\d,.]*\s*(?:日内|天内|个工作日|工作日|天|日(?!历|子|常|期)|%|％|倍|万元|元)"
)
EN = re.compile(
    r"\b[Aa]rt(?:icle)?s?\.? \d+|(?:¥|RMB ?)\d[\d,.]*|\d[\d,.]*\s*(?:%|per cent\b|times\b|working days?\b|days?\b)"
)
DATE = re.compile(r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*[日号]|\d{1,2}\s*日(?=还|发|那)")
EXAMPLE = re.compile(r"(?:^|[。，：；]|[.,:;] )(?:例：|例如|举例|比如|Example:|[Ff]or example|Say |Suppose )")
SUM = re.compile(r"元$|^(?:¥|RMB)")


def problems(book) -> list[Problem]:
    """LAW-2 for every page, LAW-3 for the reviewed list."""
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in bare(page, book.registers)]
    return found + unused(book.registers, book.pages)


def bare(page: Page, registers: Registers) -> list[Problem]:
    """LAW-2: a block with a rule's name, rate, multiple, period or sum that no source stands behind.

    Behind it stands a citation in the block (or in its table row), or a cited block of the page that
    says the same figure; a sum of yuan may also stand in a section that is marked as an example.
    """
    found = []
    pattern = ZH if page.lang == "zh" else EN
    examples = {b.section for b in page.blocks if EXAMPLE.search(plain(b.text))}
    allowed = [r for r in registers.allowed.values() if r["page"] in (page.path, "*")]
    cited_lines = {cite.line for cite in page.cites}
    behind = {_figure(hit) for b in page.blocks if CITE.search(b.text) for hit in pattern.findall(plain(b.text))}
    intro = None  # the paragraph that leads into a list or table; its citation covers the entries
    for block in page.blocks:
        if block.kind == "paragraph":
            intro = block
        if (
            block.kind in ("quote", "task", "heading", "callout")
            or CITE.search(block.text)
            or block.line in cited_lines
        ):
            continue
        if (
            block.kind in ("cell", "item")
            and intro
            and intro.section == block.section
            and (CITE.search(intro.text) or EXAMPLE.search(plain(intro.text)))
        ):
            continue
        text = DATE.sub("", plain(block.text))
        if EXAMPLE.search(text):
            continue
        for hit in pattern.findall(text):
            if (
                _figure(hit) in behind
                or (SUM.search(hit) and block.section in examples)
                or any(r[page.lang] in text for r in allowed)
            ):
                continue
            message = f"“{hit}” stands without a source: cite one, mark it as an example (例： / Example:), or list the words in docs/data/allowed.yml with the reason"
            found.append(page.problem(block.line, "LAW-2", message))
            break
    return found


def _figure(hit: str) -> str:
    return re.sub(r"\s", "", hit)


def unused(registers: Registers, pages: dict[str, dict[str, Page]]) -> list[Problem]:
    """LAW-3: a row of the reviewed list whose words no page has any more."""
    found = []
    for key, row in registers.allowed.items():
        for lang in ("zh", "en"):
            where = (
                pages[lang].values()
                if row["page"] == "*"
                else [pages[lang][row["page"]]]
                if row["page"] in pages[lang]
                else []
            )
            if not any(row[lang] in plain(b.text) for p in where for b in p.blocks):
                text = f"the words {row[lang]!r} stand on no such page any more: delete the row"
                found.append(registers.problem("allowed", key, "LAW-3", text))
    return found
