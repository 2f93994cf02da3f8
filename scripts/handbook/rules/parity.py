"""Both languages say the same: paths, headings, items, citations, links, numbers, dates, telephones."""

from __future__ import annotations

import re

from ..model.page import Page, Ref, plain, target
from ..model.problem import Problem

MONTHS = {
    m: n
    for n, m in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
WORDS = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
HAN_DIGITS = {**{c: n for n, c in enumerate("零一二三四五六七八九十")}, "两": 2}


def problems(book) -> list[Problem]:
    """PAR-1 to PAR-6 for every pair, at the place in the en page (or the page that stands alone)."""
    found, zh, en = [], book.pages["zh"], book.pages["en"]
    for path, page in zh.items():
        if path not in en:
            found.append(page.problem(1, "PAR-1", f"the English page is missing: write docs/en/{path}.md"))
    for path, page in en.items():
        if path not in zh:
            found.append(page.problem(1, "PAR-1", f"the Chinese page is missing: write docs/zh/{path}.md"))
            continue
        found += pair(zh[path], page)
    return found


def pair(zh: Page, en: Page) -> list[Problem]:
    """Problems of one pair."""
    found = []
    found += _sequence(
        "PAR-2",
        "heading",
        zh,
        en,
        [(f"{'#' * h.level} {{#{h.id}}}", h.line) for h in zh.headings if h.level > 1],
        [(f"{'#' * h.level} {{#{h.id}}}", h.line) for h in en.headings if h.level > 1],
    )
    found += _sequence(
        "PAR-3", "checklist item", zh, en, [(i.id, i.line) for i in zh.items], [(i.id, i.line) for i in en.items]
    )
    found += _set("PAR-4", "citation", zh, en, zh.cites, en.cites)
    found += _set(
        "PAR-4",
        "marker",
        zh,
        en,
        [Ref(f"{m.text}: {m.value}", m.line, "") for m in zh.markers],
        [Ref(f"{m.text}: {m.value}", m.line, "") for m in en.markers],
    )
    found += _set("PAR-5", "link", zh, en, _links(zh), _links(en))
    found += _set("PAR-6", "telephone number", zh, en, zh.tels, en.tels)
    found += _numbers(zh, en)
    return found


def _links(page: Page) -> list[Ref]:
    out = []
    for link in page.links:
        resolved = target(page, link.value)
        out.append(Ref("#".join(resolved).rstrip("#") if resolved else link.value, link.line, ""))
    return out


def _sequence(rule, what, zh, en, left, right):
    for n in range(max(len(left), len(right))):
        a = left[n] if n < len(left) else None
        b = right[n] if n < len(right) else None
        if (a and a[0]) != (b and b[0]):
            line = b[1] if b else (right[-1][1] if right else 1)
            return [
                Problem(
                    en.file,
                    line,
                    rule,
                    f"{what} number {n + 1} is {b[0] if b else 'missing'} here and {a[0] if a else 'missing'} in {zh.file}: make the two the same, in the same order",
                )
            ]
    return []


def _set(rule, what, zh, en, left, right):
    found = []
    a, b = {r.value: r.line for r in left}, {r.value: r.line for r in right}
    for value in a.keys() - b.keys():
        text = f"the {what} {value!r} stands only in the Chinese page: add it to {en.file} or drop it here"
        found.append(Problem(zh.file, a[value], rule, text))
    for value in b.keys() - a.keys():
        text = f"the {what} {value!r} stands only in the English page: add it to {zh.file} or drop it here"
        found.append(Problem(en.file, b[value], rule, text))
    return found


def numbers(text: str, lang: str) -> tuple[set[str], set[str]]:
    """(what the text states in digits, what it states at all) as canonical values.

    Values: ``2026-11-22`` for days, ``2026-11`` for months, plain decimals for the rest. The second
    set also holds small numbers written as words (five, 五, 两), which match digits of the other language.
    """
    exact: set[str] = set()
    text = text.replace("\u00a0", " ")

    def day(year, month=None, date_=None):
        exact.add("-".join(str(int(p)).zfill(2) for p in (year, month, date_) if p))
        return " "

    text = re.sub(r"(\d{4})-(\d{2})-(\d{2})", lambda m: day(*m.groups()), text)
    if lang == "zh":
        text = re.sub(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号])?", lambda m: day(*m.groups()), text)
        text = re.sub(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]", lambda m: day(m[1].zfill(2), m[2]), text)
        text = re.sub(r"(\d[\d,.]*)\s*([万亿])", lambda m: _scaled(m[1], {"万": 10_000, "亿": 100_000_000}[m[2]]), text)
    else:
        names = "|".join(MONTHS)
        text = re.sub(
            rf"(?i)(\d{{1,2}}) ({names}) (\d{{4}})", lambda m: day(m[3], str(MONTHS[m[2].lower()]), m[1]), text
        )
        text = re.sub(rf"(?i)\b({names}) (\d{{4}})", lambda m: day(m[2], str(MONTHS[m[1].lower()])), text)
        text = re.sub(rf"(?i)\b(\d{{1,2}}) ({names})\b", lambda m: day(str(MONTHS[m[2].lower()]).zfill(2), m[1]), text)
        text = re.sub(
            r"(?i)(\d[\d,.]*) ?(million|billion)",
            lambda m: _scaled(m[1], {"million": 10**6, "billion": 10**9}[m[2].lower()]),
            text,
        )
    for digits in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
        exact.add(_plain(digits))
    if lang == "zh":
        loose = {str(v) for c, v in HAN_DIGITS.items() if c in text}
        loose |= {str(10 + HAN_DIGITS[c]) for c in re.findall(r"十([一二])", text)}
    else:
        loose = {str(WORDS[w]) for w in re.findall(r"[a-z]+", text.lower()) if w in WORDS}
        if re.search(r"(?i)\b(once|a|an|single|first)\b", text):
            loose.add("1")
        if re.search(r"(?i)\b(twice|both|second|half)\b", text):
            loose.add("2")
        if re.search(r"(?i)\bthird\b", text):
            loose.add("3")
    return exact, exact | loose


def _plain(digits: str) -> str:
    value = digits.replace(",", "").rstrip(".")
    return str(int(value)) if value.isdigit() else value.rstrip("0").rstrip(".") if "." in value else value


def _scaled(digits: str, by: int) -> str:
    value = float(_plain(digits)) * by
    return f" {value:.0f} "


def _numbers(zh: Page, en: Page) -> list[Problem]:
    found = []
    values = {}
    for page in (zh, en):
        text = "\n".join(
            [plain(h.text) for h in page.headings] + [plain(b.text) for b in page.blocks if b.kind != "heading"]
        )
        values[page.lang] = numbers(text, page.lang)
    for value in sorted(values["zh"][0] - values["en"][1]):
        message = f"the number or date {value} stands only in the Chinese page: say it in {en.file} too, or correct one"
        found.append(Problem(zh.file, _line_of(zh, value), "PAR-7", message))
    for value in sorted(values["en"][0] - values["zh"][1]):
        message = f"the number or date {value} stands only in the English page: say it in {zh.file} too, or correct one"
        found.append(Problem(en.file, _line_of(en, value), "PAR-7", message))
    return found


def _line_of(page: Page, value: str) -> int:
    for block in page.blocks:
        if value in numbers(plain(block.text), page.lang)[0]:
            return block.line
    return page.body_line
