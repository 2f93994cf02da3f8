"""The glossary: one term, one translation; explained at its first use on a page, wrong words refused."""

from __future__ import annotations

import re

from ..model.page import LANGS, Page, plain
from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import escape

# Where a term may be wrapped: plain prose. Links, notes, HTML and numbers to call stay as they are.
_KEEP = re.compile(
    r"(\[[^\]]*\]\([^)]*\)|\[\^[^\]]*\]|\[@[^\]]*\]|\[tel:[^\]]*\]|<[^>]*>|`[^`]*`|\{[^}]*\}|https?://\S+)"
)
MOST = 8  # brackets and explanations on one page; more would drown the text


def problems(book) -> list[Problem]:
    """TERM-1: a word that the glossary refuses, outside quotes of what others say; TERM-2: two terms with one name."""
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in _refused(page, book.registers)]
    return found + _twice(book.registers)


def _refused(page: Page, registers: Registers) -> list[Problem]:
    words, pattern = registers.once(
        ("never", page.lang),
        lambda: _words({w: t for t in registers.glossary.values() for w in t["never"][page.lang]}, page.lang),
    )
    if not words:
        return []
    found = []
    for block in page.blocks:
        if block.kind in ("quote", "callout") or block.callout or block.section in ("do-not-say", "they-may-say"):
            continue
        for word in pattern.findall(plain(block.text)):
            right = words[word.lower()][page.lang]
            found.append(
                page.problem(block.line, "TERM-1", f"the glossary refuses “{word}” for {right}: write {right}")
            )
    return found


def _words(terms: dict[str, dict], lang: str) -> tuple[dict[str, dict], re.Pattern]:
    """(word in lower case -> its term, one pattern that finds them, the longest first)."""
    body = "|".join(re.escape(word) for word in sorted(terms, key=len, reverse=True))
    return {word.lower(): term for word, term in terms.items()}, re.compile(
        body if lang == "zh" else rf"\b(?:{body})\b", re.I
    )


def _twice(registers: Registers) -> list[Problem]:
    found = []
    for lang in ("zh", "en"):
        seen: dict[str, str] = {}
        for key, term in registers.glossary.items():
            name = term[lang].lower()
            if name in seen:
                text = f"{term[lang]!r} is also the name of {seen[name]}: one term, one translation"
                found.append(registers.problem("glossary", key, "TERM-2", text))
            seen[name] = key
    return found


def dress(place: Place, markdown: str) -> str:
    """Wrap the first use of each term in ``<abbr>``; in English terms of art also get what a reader must say or recognise.

    Only paragraphs and list entries are touched, never headings, tables, quotes or boxes.
    """
    page, registers = place.page, place.book.registers
    names, pattern = registers.once(
        ("terms", page.lang),
        lambda: _words({t[page.lang]: t for t in registers.glossary.values() if not t.get("plain")}, page.lang),
    )
    if not names:
        return markdown
    used: set[str] = set()

    def wrap(match: re.Match) -> str:
        term = names[match[0].lower()]
        if term["id"] in used or len(used) >= MOST:
            return match[0]
        used.add(term["id"])
        text = f'<abbr title="{escape(term["line"][page.lang])}">{match[0]}</abbr>'
        follows = match.string[match.end() : match.end() + len(term["zh"]) + 4]
        if page.lang == "zh" or not term.get("art") or term["zh"] in follows:  # the writer has put it there already
            return text
        return (
            f'{text} (<span lang="zh-Hans">{escape(term["zh"])}</span>, <i lang="zh-Latn">{escape(term["pinyin"])}</i>)'
        )

    out = []
    for line in markdown.split("\n"):
        start = line.lstrip()
        if (
            not start
            or start[0] in "#>|<!"
            or start.startswith(("- <label", "[^", "    "))
            or "{#" in line
            or start.startswith("**")
        ):
            out.append(line)
            continue
        parts = _KEEP.split(line)
        out.append("".join(part if n % 2 else pattern.sub(wrap, part) for n, part in enumerate(parts)))
    return "\n".join(out)


MARKERS = {"register": lambda book: ("glossary",)}


def marker(place: Place, name: str, value: str) -> str:
    """The glossary page: every term with pinyin, Traditional form, the other language and one line."""
    lang, rows = place.lang, list(place.book.registers.glossary.values())
    if lang == "en":
        rows.sort(key=lambda t: t["en"].lower())
    out = []
    for term in rows:
        names = (
            [term["zh"], term["pinyin"], term["traditional"]]
            if term["traditional"] != term["zh"]
            else [term["zh"], term["pinyin"]]
        )
        zh = f'<span lang="zh-Hans">{escape(names[0])}</span> <span lang="zh-Latn">{escape(names[1])}</span>' + (
            f' <span lang="zh-Hant">{escape(names[2])}</span>' if len(names) > 2 else ""
        )
        head = (
            f'<strong>{escape(term["zh"])}</strong> <span class="quiet"><span lang="zh-Latn">{escape(term["pinyin"])}</span>'
            + (f' · <span lang="zh-Hant">{escape(term["traditional"])}</span>' if len(names) > 2 else "")
            + f'</span> <span lang="en">{escape(term["en"])}</span>'
        )
        if lang == "en":
            head = f'<strong>{escape(term["en"])}</strong> <span class="quiet">{zh}</span>'
        also = "、".join(term["variants"]["zh"]) if lang == "zh" else ", ".join(term["variants"]["en"])
        more = f' <span class="quiet">{"也说" if lang == "zh" else "also"}: {escape(also)}</span>' if also else ""
        out.append(f'<dt id="{escape(term["id"])}">{head}</dt><dd>{escape(term["line"][lang])}{more}</dd>')
    return f'<dl class="glossary">{"".join(out)}</dl>'
