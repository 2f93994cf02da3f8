"""The page itself: front matter, headings, links, markers, claims, telephone numbers."""

from __future__ import annotations

import re

from ..model.page import ID, LANGS, Page, plain, target
from ..model.problem import Problem
from ..model.registers import STEPS, Registers, is_day

ZH_KEYS = {"title", "description", "step", "topics", "aliases", "claims", "checked"}
EN_KEYS = {"title", "description", "aliases", "translated_from"}
PHONE = re.compile(
    r"(?<![\d.,-])(?:1(?:10|19|20|22)|12\d{3}|9\d{4}|400[- ]?\d{3}[- ]?\d{4}|1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8})(?![\d.,]*\d|\s*(?:元|字|%|天|年))"
)
MARKUP = re.compile(
    r"<(?!!--)[A-Za-z/!?][^\s>]*>?|\{:?[^}]*="
)  # of HTML, or an attribute that Markdown would give an element
DANGER_WORDS = ("do-not-say", "careful", "warning-signs", "how-it-works")


def problems(book) -> list[Problem]:
    """PAGE-*, HTML-1, LINK-*, MARK-*, CLAIM-* and TEL-* for every page, CLAIM-3 for every claim."""
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in page_problems(page, book)]
    return found + coverage(book.pages["zh"], book.registers)


def page_problems(page: Page, book) -> list[Problem]:
    """All findings for one page."""
    pages, registers, markers = book.pages[page.lang], book.registers, book.markers
    found: list[Problem] = []

    def say(line: int, rule: str, message: str, level: str = "error") -> None:
        found.append(page.problem(line, rule, message, level))

    _front(page, registers, say)
    for number, line in enumerate(page.body.split("\n"), page.body_line):  # code included: MkDocs knows no fences here
        if markup := MARKUP.search(line):
            text = f"HTML ({markup[0][:40]}): a page is Markdown and markers; what runs or looks otherwise stands in overrides"
            say(number, "HTML-1", text)
    _headings(page, say)
    for link in page.links:
        resolved = target(page, link.value)
        if resolved is None:
            text = f"an address outside the handbook ({link.value[:60]}): put it in a register and cite it, pages link only inside"
            say(link.line, "LINK-2", text)
            continue
        path, anchor = resolved
        if path not in pages:
            say(link.line, "LINK-1", f"no page {path!r}: correct the link {link.value!r}")
        elif anchor and anchor not in pages[path].ids():
            say(link.line, "LINK-3", f"the page {path!r} has no anchor {anchor!r}: correct the link {link.value!r}")
        elif not link.value.startswith("#") and not link.value.split("#")[0].endswith(".md"):
            say(link.line, "LINK-1", f"link to the Markdown file ({path}.md), not to {link.value!r}")
    for marker in page.markers:
        if marker.text not in markers:
            say(marker.line, "MARK-2", f"no marker is called {marker.text!r}: use one of {', '.join(sorted(markers))}")
        elif marker.value not in markers[marker.text]:
            text = f"the marker {marker.text!r} knows no {marker.value!r}: use one of {', '.join(sorted(markers[marker.text]))}"
            say(marker.line, "MARK-3", text)
    _claims(page, registers, say)
    _numbers(page, registers, say)
    return found


def _front(page: Page, registers: Registers, say) -> None:
    keys = ZH_KEYS if page.lang == "zh" else EN_KEYS
    for key in sorted(keys - page.meta.keys()):
        how = "run scripts/check --accept " + page.path if key == "translated_from" else "add it"
        say(1, "PAGE-2", f"front matter has no {key!r}: {how}")
    for key in sorted(page.own() - keys):
        more = "; language-neutral keys stand in the zh page only" if page.lang == "en" and key in ZH_KEYS else ""
        say(page.meta_line(key), "PAGE-3", f"front matter has the unknown key {key!r}{more}: drop it")
    aliases = page.meta.get("aliases")
    if "aliases" in page.meta and not (isinstance(aliases, list) and all(isinstance(a, (str, int)) for a in aliases)):
        say(page.meta_line("aliases"), "PAGE-4", "aliases is a list of readers' own words: [one, two]")
    if page.lang != "zh":
        return
    if page.meta.get("step") not in STEPS:
        message = f"step {page.meta.get('step')!r} is not on the road: use one of {', '.join(STEPS)}"
        say(page.meta_line("step"), "PAGE-5", message)
    topics = page.meta.get("topics")
    if not isinstance(topics, list) or not 1 <= len(topics) <= 5:
        say(page.meta_line("topics"), "PAGE-6", "topics is a list of one to five, the main one first")
    else:
        for topic in topics:
            if topic not in registers.topics:
                message = f"no topic is called {topic!r}: use one from docs/data/topics.yml"
                say(page.meta_line("topics"), "PAGE-7", message)
    checked = str(page.meta.get("checked", ""))
    if len(checked) != 10 or not is_day(checked):
        text = "checked is the day somebody held the page against its sources: 2026-11-22"
        say(page.meta_line("checked"), "PAGE-8", text)


def _headings(page: Page, say) -> None:
    first = page.headings[0] if page.headings else None
    if first is None or first.level != 1:
        say(page.body_line, "PAGE-9", "the page must begin with # and its title")
    elif first.text != page.title:
        text = f"the first heading is not the title in the front matter ({page.title!r}): make them the same"
        say(first.line, "PAGE-9", text)
    seen: dict[str, int] = {}
    level = 1
    for head in page.headings[1:]:
        if head.level == 1:
            say(head.line, "PAGE-10", "a second first-level heading: use ##")
        if not head.id:
            text = f"the heading “{head.text[:30]}” has no id: end the line with {{#in-english-words}}"
            say(head.line, "PAGE-11", text)
        elif not ID.match(head.id):
            say(head.line, "PAGE-12", f"the id {head.id!r} is not words in lower case joined by hyphens")
        elif head.id in seen:
            text = f"the id {head.id!r} stands already on line {seen[head.id]}: give this one another name"
            say(head.line, "PAGE-12", text)
        seen.setdefault(head.id or "", head.line)
        if head.level > level + 1:
            say(head.line, "PAGE-13", f"a heading of level {head.level} under level {level}: do not skip a level")
        level = head.level


def _claims(page: Page, registers: Registers, say) -> None:
    if page.lang != "zh":
        return
    claims = page.meta.get("claims")
    if not isinstance(claims, list):
        say(page.meta_line("claims"), "CLAIM-1", "claims is a list of claim ids, [] if none")
        return
    warns = bool(page.callouts) or any(h.id in DANGER_WORDS for h in page.headings)
    for claim in claims:
        row = registers.claims.get(str(claim))
        if row is None:
            text = f"no claim has the id {claim!r}: correct it or see docs/data/claims.yml"
            say(page.meta_line("claims"), "CLAIM-1", text)
        elif row["verdict"] == "unsafe" and not warns:
            text = f"{claim} is unsafe and may stand only as a warning: the page has no call-out and no “do not say”"
            say(page.meta_line("claims"), "CLAIM-2", text)


def _numbers(page: Page, registers: Registers, say) -> None:
    known = set(registers.numbers.values())
    for tel in page.tels:
        if tel.value not in known:
            message = f"no contact is called {tel.value!r}: write [tel:id] with an id of docs/data/contacts.yml"
            say(tel.line, "TEL-1", message)
    for block in page.blocks:
        text = plain(block.text)
        for number in PHONE.findall(text):
            if number not in known:
                message = f"{number} looks like a telephone number and is not in docs/data/contacts.yml: correct it or add it with its source"
                say(block.line, "TEL-2", message)
    for key in ("title", "description"):
        for number in PHONE.findall(str(page.meta.get(key, ""))):
            if number not in known:
                message = f"{number} looks like a telephone number and is not in docs/data/contacts.yml"
                say(page.meta_line(key), "TEL-2", message)


def coverage(pages: dict[str, Page], registers: Registers) -> list[Problem]:
    """CLAIM-3: a claim that is not empty and that no zh page covers."""
    covered = {str(c) for p in pages.values() for c in (p.meta.get("claims") or [])}
    return [
        registers.problem(
            "claims",
            key,
            "CLAIM-3",
            f"no page covers claim {key} ({row['verdict']}): add {key} to the claims of the page that says it",
        )
        for key, row in registers.claims.items()
        if row["verdict"] != "empty" and key not in covered
    ]
