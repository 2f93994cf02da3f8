"""Checklists: an item is written once, in its page; every list and sheet is a view of it."""

from __future__ import annotations

from ..model import words
from ..model.lists import SITE, Part, Sheet, address, file_links, paper
from ..model.page import ID, LANGS, TASK, Page, plain, url
from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import escape

MOST_ITEMS = 12
SAY = words.by_language("checklists")
ALOUD = words.by_language("aloud")


def problems(book) -> list[Problem]:
    """ITEM-1 to ITEM-4: every item has a good id, once on its page, and the list fits one sheet; PACK-1."""
    found = [p for lang in LANGS for page in book.pages[lang].values() for p in _item_problems(page)]
    return found + _pack_problems(book.registers, book.pages["zh"])


def _item_problems(page: Page) -> list[Problem]:
    found = []
    seen: dict[str, int] = {h.id: h.line for h in page.headings if h.id}
    for item in page.items:
        key, line = item.id, item.line
        if not key:
            text = f"the checklist item “{plain(item.text)[:30]}” has no id: end the line with {{#what-to-do}}"
            found.append(page.problem(line, "ITEM-1", text))
            continue
        if not ID.match(key):
            found.append(page.problem(line, "ITEM-2", f"the id {key!r} is not words in lower case joined by hyphens"))
        if key in seen:
            text = f"the id {key!r} stands already on line {seen[key]}: give this one another name"
            found.append(page.problem(line, "ITEM-3", text))
        seen[key] = line
    if len(page.items) > MOST_ITEMS:
        text = (
            f"{len(page.items)} items; a list that fits one sheet has at most {MOST_ITEMS}: drop some or make two pages"
        )
        found.append(page.problem(page.items[MOST_ITEMS].line, "ITEM-4", text))
    return found


def _pack_problems(registers: Registers, pages: dict[str, Page]) -> list[Problem]:
    """PACK-1: a pack names an item that no page has."""
    found = []
    for key, pack in registers.packs.items():
        for ref in pack["items"]:
            path, _, item = ref.partition("#")
            if item not in {i.id for i in getattr(pages.get(path), "items", [])}:
                text = f"the pack {key!r} names {ref!r}, which is no item of a page: write path#item-id"
                found.append(registers.problem("packs", key, "PACK-1", text))
    return found


def dress(place: Place, text: str) -> str:
    """Task-list lines to labelled boxes, and the block of the list before what comes next.

    The name of a box is ``path#id``, the same in both languages.
    """
    out = []
    for line in text.split("\n"):
        task = TASK.match(line.removeprefix("    ") if line.startswith("    - [") else line)
        if task and task[4]:
            indent = line[: len(line) - len(line.lstrip())]
            line = f"{indent}- {_box(place.page.path, task[4], task[3])}"
        out.append(line)
    if place.page.items and place.page.group not in ("", "reference"):
        data = " ".join(f'data-{key}="{escape(word)}"' for key, word in ALOUD[place.lang].items())
        button = '<button type="button"></button>'
        place.top.append(f'<p class="aloud" data-aloud {data} hidden>{button} {button}</p>')
    text, block = "\n".join(out), place.part(page_block(place))
    last = next((f"\n## {h.text} {{#{h.id}}}" for h in place.page.headings if h.id == "next"), None)
    return text.replace(last, f"{block}{last}", 1) if last and last in text else text + block


def _box(path: str, key: str, text: str, anchor: bool = True) -> str:
    mark = f' id="{escape(key)}"' if anchor else ""
    return f'<label class="tick"{mark}><input type="checkbox" data-tick="{escape(path)}#{escape(key)}"> <span>{text}</span></label>'


def _items(part: Part) -> str:
    rows = "".join(
        f"<li>{_box(part.page.path, i.id, escape(plain(i.text)), anchor=False)}</li>" for i in part.items if i.id
    )
    return f"<ul>{rows}</ul>"


def document(sheet: Sheet, lang: str, root: str, site_url: str, checked: str) -> str:
    """A sheet as a page of its own that prints on A4 and needs no theme and no JavaScript.

    root: relative address of the site's root from the sheet; site_url: public address, ends with /;
    checked: newest checked date of its pages, ISO. The page of the list, or the print centre, is its canonical address.
    """
    say = SAY[lang]
    several = len(sheet.parts) > 1
    named = several and not sheet.note  # a pack is one list; a group names the pages its items come from
    body = "".join(
        "<section>" + (f"<h2>{escape(part.page.title)}</h2>" if named else "") + _items(part) + "</section>"
        for part in sheet.parts
    )
    first = sheet.parts[0].page
    home = url("reference/print", lang) if several else first.url
    back, canonical = root + home, site_url + home
    css = {"zh": "zh-Hans", "en": "en"}[lang]
    note = f"<p>{escape(sheet.note)}</p>" if sheet.note else ""
    about = (
        not several and first.meta.get("description")
    ) or f"{sheet.title} · {sheet.group} · {say['count'].format(sheet.count)}"
    return f"""<!doctype html>
<html lang="{css}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape(about)}">
<link rel="canonical" href="{escape(canonical)}">
<meta name="referrer" content="no-referrer">
<title>{escape(sheet.title)} · {SITE[lang]}</title>
<link rel="icon" href="{root}assets/images/favicon.svg">
<link rel="stylesheet" href="{root}assets/stylesheets/sheet.css">
<script type="module" src="{root}assets/javascripts/ticks.js"></script>
</head>
<body class="sheet">
<header><p>{escape(sheet.group)} · {say["count"].format(sheet.count)} · {escape(say["checked"].format(checked))}</p>
<h1>{escape(sheet.title)}</h1>{note}
<p class="screen"><button type="button" data-print="{say["print-hint"]}" hidden>{say["print-now"]}</button> <button type="button" data-clear data-full="{say["full"]}" hidden>{say["clear"]}</button> <a href="{escape(back)}">{say["back"]}</a></p></header>
<main>{body}</main>
<footer><p>{SITE[lang]} · {escape(canonical)}</p><p>{say["free"]}</p></footer>
</body>
</html>
"""


def _files(name: str, place: Place) -> str:
    return f"<details><summary>{SAY[place.lang]['files']}</summary>{file_links(name, place)}</details>"


def page_block(place: Place) -> str:
    """The list block at the end of a page: how many items, the sheet, clear."""
    page, say = place.page, SAY[place.lang]
    if not page.items:
        return ""
    name, count = page.path.replace("/", "-"), say["count"].format(len(page.items))
    href = place.root + address(page.lang, name, ending="html")
    text = escape(place.root + address(page.lang, name, ending="txt"))
    return (
        f'<aside class="list-block" aria-label="{say["list"]}"><p><strong>{say["list"]}</strong> · {count} '
        f'· <a class="print-link" href="{escape(href)}">{say["print"]}</a> · <a href="{text}">{say["text"]}</a></p>{_files(name, place)}'
        f'<p class="quiet">{say["how"]} <button type="button" data-clear data-full="{say["full"]}" hidden>{say["clear"]}</button></p></aside>'
    )


MARKERS = {"checklist": lambda book: (*book.sections, *book.registers.packs, "all")}


def marker(place: Place, name: str, value: str) -> str:
    """The sheets of a section or a pack with their items; ``all``: every sheet without, since those weigh half a page."""
    every = place.book.sheets[place.lang]
    if value in place.book.registers.packs:
        return list_block([s for s in every if s.name == value], place)
    if value != "all":
        return _section(value, place)
    out = [list_block([s for s in every if s.name in place.book.registers.packs], place, brief=True)]
    for group in place.book.sections:
        whole = next((s for s in every if s.name == group), None)
        if whole:
            out.append(f'<h2 id="group-{group}">{whole.title}</h2>' + _section(group, place, brief=True))
    return "".join(out)


def _section(group: str, place: Place, brief: bool = False) -> str:
    every = place.book.sheets[place.lang]
    own = [s for s in every if len(s.parts) == 1 and s.parts[0].page.group == group and s.name != group]
    own = [s for s in own if s.name not in place.book.registers.packs]
    return list_block(own, place, next((s for s in every if s.name == group), None), brief)


def list_block(sheets: list[Sheet], place: Place, whole: Sheet | None = None, brief: bool = False) -> str:
    """Sheets, each folded. whole: the sheet of their section; brief: without their items."""
    say, out = SAY[place.lang], []
    if whole is not None:
        href, count = place.root + address(place.lang, whole.name, ending="html"), say["count"].format(whole.count)
        link = f'<a class="print-link" href="{escape(href)}">{say["group"]}</a>'
        out.append(f"<p>{link} · {count}</p>{_files(whole.name, place)}")
    for sheet in sheets:
        items = "" if brief else "".join(f"<li>{escape(plain(i.text))}</li>" for p in sheet.parts for i in p.items)
        title = f"{escape(sheet.title)} · {say['count'].format(sheet.count)}"
        body = paper(sheet.name, place, f"<ol>{items}</ol>" if items else "")
        out.append(f'<details class="sheet-row"><summary>{title}</summary>{body}</details>')
    return f'<div class="sheets">{"".join(out)}</div>'


def files(book) -> dict[str, bytes]:
    """Every printable list as a page of its own."""
    out = {}
    for lang in LANGS:
        for sheet in book.sheets[lang]:
            checked = max(str(part.page.meta.get("checked")) for part in sheet.parts)
            html = document(sheet, lang, "../../", book.site_url, checked)
            out[address(lang, sheet.name, ending="html")] = html.encode()
    return out
