"""Pages and blocks generated from registers and page lists: contacts, sources, documents, A-Z, group lists."""

from __future__ import annotations

import re
from functools import lru_cache

from ..model import words
from ..model.page import LANGS, TEL, Page, target
from ..model.pinyin import syllables
from ..model.place import Place
from ..model.registers import EVIDENCE, KINDS, VERDICTS, ended, labels, name
from ..model.text import escape
from . import scorecard

# The subjects of the register's rows.
TOPICS = words.pairs("source-topics")
SAY = words.by_language("registers-pages")


TAIL = ("scam", "other")  # needs whose numbers are folded: others are wanted first


def contacts(place: Place) -> str:
    """Every number by need: what it is for, what not, hours where they are known, source and check date."""
    say, needs = SAY[place.lang], {}
    for key, row in place.book.registers.contacts.items():
        needs.setdefault(row["need"], []).append(_contact(key, row, place))
    parts = {need: f'<h2 id="{need}">{say[need]}</h2>{"".join(rows)}' for need, rows in needs.items()}
    tail = "".join(part for need, part in parts.items() if need in TAIL)
    folded = f'<details class="sheet-row"><summary>{say["tail"]}</summary>{tail}</details>' if tail else ""
    return "".join(part for need, part in parts.items() if need not in TAIL) + folded


def _contact(key: str, row: dict, place: Place) -> str:
    lang, say, source = place.lang, SAY[place.lang], place.book.registers.sources[row["source"]]
    hours = f"<dt>{say['hours']}</dt><dd>{escape(row['hours'][lang])}</dd>" if row["hours"] else ""
    chinese = f'<p class="chinese" lang="zh">{escape(row["name"]["zh"])}</p>' if lang == "en" else ""
    link = escape(place.href("reference/sources", row["source"]))
    return (
        f'<section class="row" id="tel-{key}"><h3>{escape(row["name"][lang])} {_reach(row)}</h3>{chinese}<dl>'
        f"<dt>{say['for']}</dt><dd>{escape(row['for'][lang])}</dd><dt>{say['not']}</dt><dd>{escape(row['not_for'][lang])}</dd>"
        f"{hours}"
        f'<dt>{say["source"]}</dt><dd><a href="{link}">{escape(source["short"][lang])}</a> · {say["checked"].format(row["checked_on"])}</dd></dl></section>'
    )


def _reach(row: dict) -> str:
    if row.get("address"):
        return f'<a href="https://{escape(row["address"])}/" rel="noreferrer external">{escape(row["address"])}</a>'
    number = escape(row.get("number") or row["id"])
    return f'<a href="tel:{number}">{number}</a>'


def _links(pages: list[Page], place: Place) -> str:
    sep = "、" if place.lang == "zh" else ", "
    return sep.join(f'<a href="{escape(place.href(p.path))}">{escape(p.title)}</a>' for p in pages)


def _used(used: list[Page], place: Place) -> str:
    return f"<dt>{SAY[place.lang]['used']}</dt><dd>{_links(used, place)}</dd>" if used else ""


def sources(place: Place) -> str:
    """The register of sources by kind, each row with its dates, evidence, caveat and pages."""
    lang, registers = place.lang, place.book.registers
    say, n = SAY[lang], LANGS.index(lang)
    by_page: dict[str, list[Page]] = {}
    for page in place.pages.values():
        for key in dict.fromkeys(c.value for c in page.cites):
            by_page.setdefault(key, []).append(page)
    groups = {kind: [r for r in registers.sources.values() if r["kind"] == kind] for kind in KINDS}
    groups = {kind: rows for kind, rows in groups.items() if rows}
    jump = "".join(
        f'<li><a href="#kind-{kind}">{KINDS[kind][n]}</a> · {say["rows"].format(len(rows))}</li>'
        for kind, rows in groups.items()
    )
    marked = "".join(f"<li>{EVIDENCE[kind][n]} · {text}</li>" for kind, text in scorecard.marks(registers, n).items())
    out = [
        f"<ul>{marked}</ul>",
        f'<h2 id="by-kind">{say["kinds"]}</h2><ul class="jump">{jump}</ul><h2 id="by-topic">{say["topics"]}</h2>',
    ]
    for topic in dict.fromkeys(r["topic"] for r in registers.sources.values()):
        rows = [r for r in registers.sources.values() if r["topic"] == topic]
        links = "".join(f'<li><a href="#{escape(r["id"])}">{escape(r["short"][lang])}</a></li>' for r in rows)
        out.append(
            f'<details class="sheet-row"><summary>{escape(TOPICS.get(topic, (topic, topic))[n])} · {say["rows"].format(len(rows))}</summary><ul>{links}</ul></details>'
        )
    for kind, rows in groups.items():
        out.append(f'<h2 id="kind-{kind}">{KINDS[kind][n]}</h2>')
        out += [_source(row, by_page.get(row["id"], []), place) for row in rows]
    return "".join(out)


def _source(row: dict, used: list[Page], place: Place) -> str:
    lang = place.lang
    say = SAY[lang]
    facts = [labels(row, lang)]
    if row["in_force_since"]:
        facts.append(say["since"].format(row["in_force_since"]))
    if row["ends_on"]:
        facts.append(say["ended" if ended(row, place.today) else "ends"].format(row["ends_on"]))
    if row.get("unchanged_since"):
        facts.append(say["unchanged"].format(row["unchanged_since"]))
    answered = place.book.registers.links.get(row["url"] or "", {}).get("answered_on")
    if answered:
        facts.append(say["answered"].format(answered))
    facts.append(say["checked"].format(row["checked_on"]))
    link = f' · <a href="{escape(row["url"])}" rel="noreferrer external">{say["link"]}</a>' if row["url"] else ""
    if row.get("ends_when"):
        facts.append(say[row["ends_when"]])
    texts = {"quote": row["quote"]} | {k: (row.get(k) or {}).get(lang) for k in ("caveat", "detail", "myth")}
    texts["reference"] = row.get("reference_only", {}).get(lang)
    more = "".join(f"<dt>{say[key]}</dt><dd>{escape(text)}</dd>" for key, text in texts.items() if text)
    if row.get("told_in"):
        path, _, section = row["told_in"].partition("#")
        title = escape(place.pages[path].title) if path in place.pages else path
        more += f'<dt>{say["told"]}</dt><dd><a href="{escape(place.href(path, section))}">{title}</a></dd>'
    before = "".join(f'<span id="{escape(alias)}"></span>' for alias in row.get("aliases", []))
    pages = _used(used, place) or f"<dt>{say['used']}</dt><dd>{say['unused']}</dd>"
    return (
        f'<section class="row" id="{escape(row["id"])}">{before}<h3>{escape(row["short"][lang])}</h3><p>{escape(row["says"][lang])}</p>'
        f'<p class="quiet">{escape(name(row, lang))} · {" · ".join(escape(f) for f in facts)}{link}</p><dl>{more}{pages}</dl></section>'
    )


def documents(place: Place) -> str:
    """Every claim of the source documents, by document: verdict, reason, pages that cover it."""
    lang, registers = place.lang, place.book.registers
    say, n = SAY[lang], LANGS.index(lang)
    covering: dict[str, list[Page]] = {}
    for page in place.pages.values():
        for claim in page.meta.get("claims") or []:
            covering.setdefault(str(claim), []).append(page)
    out, shown = [], set()
    for key, document in registers.documents.items():
        rows = [r for r in registers.claims.values() if any(d["document"] == key for d in r["documents"])]
        out.append(
            f'<h2 id="document-{key}">{escape(document["name"][lang])}</h2><p>{escape(document["shape"][lang])} {say["document"].format(len(rows))}</p>'
        )
        for row in rows:
            anchor = "" if row["id"] in shown else f' id="{row["id"].lower()}"'
            shown.add(row["id"])
            links = _links(covering.get(row["id"], []), place)
            out.append(
                f'<section class="row claim"{anchor}><p><strong>{escape(row["claim"][lang])}</strong></p>'
                f'<p><span class="label">{VERDICTS[row["verdict"]][n]}</span> {escape(row["why"][lang])}</p>'
                f'<p class="quiet">{row["id"]} · {say["pages"]}{"：" if lang == "zh" else ": "}{links or say["none"]}</p></section>'
            )
    return "".join(out)


def changes(place: Place) -> str:
    """What changed, newest first, with the pages concerned."""
    lang, pages, out = place.lang, place.pages, []
    for row in sorted(place.book.registers.changes.values(), key=lambda r: r["on"], reverse=True):
        links = _links([pages[p] for p in row.get("pages", []) if p in pages], place)
        out.append(f"<dt>{row['on']}</dt><dd>{escape(row['text'][lang])}{' ' + links if links else ''}</dd>")
    return f"<dl>{''.join(out)}</dl>"


def page_list(place: Place, group: str) -> str:
    """The pages of a group in the order of the navigation, each with its description."""
    pages, href = place.pages, place.href
    rows = [pages[p] for p in place.book.order if p in pages and pages[p].group == group and not p.endswith("/index")]
    return (
        '<ul class="pages">'
        + "".join(
            f'<li><a href="{escape(href(p.path))}">{escape(p.title)}</a><br><span class="quiet">{escape(p.meta.get("description", ""))}</span></li>'
            for p in rows
        )
        + "</ul>"
    )


@lru_cache(1 << 14)
def sort_key(text: str) -> str:
    """Pinyin without tones for Han characters, lower case for the rest."""
    return re.sub(r"^[\W_]+", "", "".join(syllables(text)).lower())


def a_to_z(place: Place) -> str:
    """Titles and readers' words in alphabetical order (zh by pinyin), under their first letter."""
    pages, href = place.pages, place.href
    entries: dict[str, list[tuple[str, Page]]] = {}
    for page in pages.values():
        for word in dict.fromkeys([page.title, *map(str, page.meta.get("aliases") or [])]):
            letter = (sort_key(word)[:1] or "#").upper()
            entries.setdefault(letter if letter.isascii() and letter.isalpha() else "#", []).append((word, page))
    letters = sorted(entries)
    out = [
        '<p class="letters">'
        + " ".join(f'<a href="#letter-{letter if letter != "#" else "other"}">{letter}</a>' for letter in letters)
        + "</p>"
    ]
    for letter in letters:
        rows = sorted(entries[letter], key=lambda e: (sort_key(e[0]), e[1].path))
        items = "".join(
            f'<li><a href="{escape(href(page.path))}">{escape(word)}</a>'
            + (f' <span class="quiet">{escape(page.title)}</span>' if word != page.title else "")
            + "</li>"
            for word, page in rows
        )
        out.append(
            f'<h2 id="letter-{letter if letter != "#" else "other"}">{letter}</h2><ul class="index">{items}</ul>'
        )
    return "".join(out)


def foot(place: Place) -> str:
    """The foot of a page: checked, next check, claims behind it, report an error, the other language."""
    page, href, say = place.page, place.href, SAY[place.lang]
    checked = str(page.meta.get("checked", ""))
    twin = place.book.pages["en" if page.lang == "zh" else "zh"].get(page.path)
    other_href = (place.root + twin.url or "./") if twin else href(page.path)
    lines = [
        f"{say['foot-checked'].format(checked)}{'，' if page.lang == 'zh' else ', '}{say['foot-next'].format(_next_year(checked))}{'。' if page.lang == 'zh' else '.'}"
    ]
    other = "en" if page.lang == "zh" else "zh-Hans"
    lines.append(
        f'<a href="{escape(href("reference/help", "report"))}">{say["foot-report"]}</a> · <a href="{escape(other_href)}" lang="{other}" hreflang="{other}">{say["foot-other"]}</a>'
    )
    return (
        f'<div class="foot" role="group" aria-label="{say["foot"]}">'
        + "".join(f"<p>{line}</p>" for line in lines)
        + "</div>"
    )


def _next_year(day: str) -> str:
    return f"{int(day[:4]) + 1}{day[4:]}" if day[:4].isdigit() else ""


def print_links(place: Place) -> str:
    """Addresses of the page's links, shown once at the end of a printed page."""
    page, rows = place.page, []
    for link in page.links:
        path, _ = target(page, link.value) or ("", "")
        if path in place.pages and path != page.path:
            rows.append((link.text, place.book.site_url + place.pages[path].url))
    if not rows:
        return ""
    items = "".join(
        f"<li>{escape(text)}{'：' if page.lang == 'zh' else ': '}{escape(address)}</li>"
        for text, address in dict.fromkeys(rows)
    )
    return f'<div class="print-links"><p>{SAY[page.lang]["links"]}</p><ul>{items}</ul></div>'


REGISTERS = {"contacts": contacts, "sources": sources, "documents": documents, "changes": changes}
MARKERS = {"register": lambda book: REGISTERS, "pages": lambda book: book.sections, "index": lambda book: ("a-to-z",)}


def marker(place: Place, name: str, value: str) -> str:
    """A register, the pages of a section, or the index of all words."""
    if name == "register":
        return REGISTERS[value](place)
    return page_list(place, value) if name == "pages" else a_to_z(place)


def dress(place: Place, text: str) -> str:
    """Numbers to call as links; the foot, and the addresses of the links for paper."""
    place.end.append(foot(place) + print_links(place))
    return TEL.sub(lambda m: f'<a class="tel" href="tel:{m[1]}">{m[1]}</a>', text)
