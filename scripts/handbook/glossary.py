"""The glossary: one term, one translation; explained at its first use on a page, wrong words refused."""

from __future__ import annotations

import re

from .page import Page, plain
from .problem import Problem
from .registers import Registers
from .text import escape

# Where a term may be wrapped: plain prose. Links, notes, HTML and numbers to call stay as they are.
_KEEP = re.compile(r"(\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]|\[@[^\]]*\]|\[tel:[^\]]*\]|<[^>]*>|`[^`]*`|\{[^}]*\}|https?://\S+)")
MOST = 8  # brackets and explanations on one page; more would drown the text


def problems(page: Page, registers: Registers) -> list[Problem]:
    """TERM-1: a word that the glossary refuses, outside quotes of what others say."""
    found = []
    for term in registers.glossary.values():
        for word in term["never"][page.lang]:
            pattern = re.compile(rf"(?i)\b{re.escape(word)}\b" if page.lang == "en" else re.escape(word))
            for block in page.blocks:
                if block.kind in ("quote", "callout") or block.callout or block.section in ("do-not-say", "they-may-say"):
                    continue
                if pattern.search(plain(block.text)):
                    found.append(Problem(page.file, block.line, "TERM-1", f"the glossary refuses “{word}” for {term[page.lang]}: write {term[page.lang]}"))
    return found


def register_problems(registers: Registers) -> list[Problem]:
    """TERM-2: two terms with one name in a language."""
    found = []
    for lang in ("zh", "en"):
        seen: dict[str, str] = {}
        for key, term in registers.glossary.items():
            name = term[lang].lower()
            if name in seen:
                found.append(Problem(*registers.where("glossary", key), "TERM-2", f"{term[lang]!r} is also the name of {seen[name]}: one term, one translation"))
            seen[name] = key
    return found


def explain(markdown: str, page: Page, registers: Registers) -> str:
    """Wrap the first use of each term in ``<abbr>``; terms of art also get the other language in brackets.

    Only paragraphs and list entries are touched, never headings, tables, quotes or boxes.
    """
    other = "en" if page.lang == "zh" else "zh"
    terms = sorted(registers.glossary.values(), key=lambda t: -len(t[page.lang]))
    if not terms:
        return markdown
    names = {t[page.lang].lower(): t for t in terms}
    body = "|".join(re.escape(t[page.lang]) for t in terms)
    pattern = re.compile(body if page.lang == "zh" else rf"(?i)\b(?:{body})\b")
    used: set[str] = set()

    def wrap(match: re.Match) -> str:
        term = names[match[0].lower()]
        if term["id"] in used or len(used) >= MOST:
            return match[0]
        used.add(term["id"])
        text = f'<abbr title="{escape(term["line"][page.lang])}">{match[0]}</abbr>'
        if not term.get("art"):
            return text
        gloss = f'<span lang="{"en" if other == "en" else "zh-Hans"}">{escape(term[other])}</span>'
        return f"{text}（{gloss}）" if page.lang == "zh" else f"{text} ({gloss})"

    out = []
    for line in markdown.split("\n"):
        start = line.lstrip()
        if not start or start[0] in "#>|<!" or start.startswith(("- <label", "[^", "    ")) or "{#" in line or start.startswith("**"):
            out.append(line)
            continue
        parts = _KEEP.split(line)
        out.append("".join(part if n % 2 else pattern.sub(wrap, part) for n, part in enumerate(parts)))
    return "\n".join(out)


def page(lang: str, registers: Registers, href) -> str:
    """The glossary page: every term with pinyin, Traditional form, the other language and one line."""
    rows = list(registers.glossary.values())
    if lang == "en":
        rows.sort(key=lambda t: t["en"].lower())
    out = []
    for term in rows:
        names = [term["zh"], term["pinyin"], term["traditional"]] if term["traditional"] != term["zh"] else [term["zh"], term["pinyin"]]
        zh = f'<span lang="zh-Hans">{escape(names[0])}</span> <span lang="zh-Latn">{escape(names[1])}</span>' + (f' <span lang="zh-Hant">{escape(names[2])}</span>' if len(names) > 2 else "")
        head = f'<strong>{escape(term["zh"])}</strong> <span class="quiet"><span lang="zh-Latn">{escape(term["pinyin"])}</span>' + (f' · <span lang="zh-Hant">{escape(term["traditional"])}</span>' if len(names) > 2 else "") + f'</span> <span lang="en">{escape(term["en"])}</span>'
        if lang == "en":
            head = f'<strong>{escape(term["en"])}</strong> <span class="quiet">{zh}</span>'
        also = "、".join(term["variants"]["zh"]) if lang == "zh" else ", ".join(term["variants"]["en"])
        more = f' <span class="quiet">{"也说" if lang == "zh" else "also"}: {escape(also)}</span>' if also else ""
        out.append(f'<dt id="{escape(term["id"])}">{head}</dt><dd>{escape(term["line"][lang])}{more}</dd>')
    return f'<dl class="glossary">{"".join(out)}</dl>'
