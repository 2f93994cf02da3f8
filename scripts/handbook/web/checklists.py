"""Checklists: an item is written once, in its page; every list and sheet is a view of it."""

from __future__ import annotations

from ..model.lists import SITE, Part, Sheet, file_links, paper
from ..model.page import ID, TASK, Page, plain
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import escape

MOST_ITEMS = 12
SAY = {
    "zh": {
        "checked": "{} 核对",
        "print": "打印这张清单",
        "count": "{} 项",
        "clear": "清空这台设备上的全部勾选",
        "list": "打印清单",
        "items": "这一页的 {} 项",
        "how": "勾选只存在这台设备上。",
        "print-now": "打印",
        "back": "回到页面",
        "group": "这一组合成一份",
        "free": "本手册免费，不卖任何东西。",
        "files": "PDF、大字版、中英对照",
    },
    "en": {
        "checked": "checked on {}",
        "print": "Print this list",
        "count": "{} items",
        "clear": "Clear every tick on this device",
        "list": "Print the list",
        "items": "The {} items of this page",
        "how": "Ticks are kept on this device only.",
        "print-now": "Print",
        "back": "Back to the page",
        "group": "This group as one list",
        "free": "This handbook is free and sells nothing.",
        "files": "PDF, large print, two languages",
    },
}


def problems(page: Page) -> list[Problem]:
    """ITEM-1 to ITEM-4: every item has a good id, once on its page, and the list fits one sheet."""
    found = []
    seen: dict[str, int] = {h.id: h.line for h in page.headings if h.id}
    for item in page.items:
        if not item.id:
            found.append(
                Problem(
                    page.file,
                    item.line,
                    "ITEM-1",
                    f"the checklist item “{plain(item.text)[:30]}” has no id: end the line with {{#what-to-do}}",
                )
            )
            continue
        if not ID.match(item.id):
            found.append(
                Problem(
                    page.file, item.line, "ITEM-2", f"the id {item.id!r} is not words in lower case joined by hyphens"
                )
            )
        if item.id in seen:
            found.append(
                Problem(
                    page.file,
                    item.line,
                    "ITEM-3",
                    f"the id {item.id!r} stands already on line {seen[item.id]}: give this one another name",
                )
            )
        seen[item.id] = item.line
    if len(page.items) > MOST_ITEMS:
        found.append(
            Problem(
                page.file,
                page.items[MOST_ITEMS].line,
                "ITEM-4",
                f"{len(page.items)} items; a list that fits one sheet has at most {MOST_ITEMS}: drop some or make two pages",
            )
        )
    return found


def pack_problems(registers: Registers, pages: dict[str, Page]) -> list[Problem]:
    """PACK-1: a pack names an item that no page has."""
    found = []
    for key, pack in registers.packs.items():
        for ref in pack["items"]:
            path, _, item = ref.partition("#")
            if item not in {i.id for i in getattr(pages.get(path), "items", [])}:
                found.append(
                    Problem(
                        *registers.where("packs", key),
                        "PACK-1",
                        f"the pack {key!r} names {ref!r}, which is no item of a page: write path#item-id",
                    )
                )
    return found


def render_items(markdown: str, page: Page) -> str:
    """Task-list lines to labelled boxes. The name of a box is ``path#id``, the same in both languages."""
    out = []
    for line in markdown.split("\n"):
        task = TASK.match(line.removeprefix("    ") if line.startswith("    - [") else line)
        if task and task[4]:
            indent = line[: len(line) - len(line.lstrip())]
            line = f"{indent}- {_box(page.path, task[4], task[3])}"
        out.append(line)
    return "\n".join(out)


def _box(path: str, key: str, text: str, anchor: bool = True) -> str:
    mark = f' id="{escape(key)}"' if anchor else ""
    return f'<label class="tick"{mark}><input type="checkbox" data-tick="{escape(path)}#{escape(key)}"> <span>{text}</span></label>'


def _items(part: Part) -> str:
    rows = "".join(
        f"<li>{_box(part.page.path, i.id, escape(plain(i.text)), anchor=False)}</li>" for i in part.items if i.id
    )
    return f"<ul>{rows}</ul>"


def document(sheet: Sheet, lang: str, root: str, site_url: str, checked: str, assets: dict[str, str]) -> str:
    """A sheet as a page of its own that prints on A4 and needs no theme and no JavaScript.

    root: relative address of the site's root from the sheet; site_url: public address, ends with /;
    checked: newest checked date of its pages, ISO; assets: ``{file: address below the root}``. The page of the list, or
    the print centre, is its canonical address.
    """
    say = SAY[lang]
    several = len(sheet.parts) > 1
    named = several and not sheet.note  # a pack is one list; a group names the pages its items come from
    body = "".join(
        "<section>" + (f"<h2>{escape(part.page.title)}</h2>" if named else "") + _items(part) + "</section>"
        for part in sheet.parts
    )
    first = sheet.parts[0].page
    address = site_url + (first.url if not several else f"{'' if lang == 'zh' else 'en/'}reference/print/")
    back = root + (first.url if not several else f"{'' if lang == 'zh' else 'en/'}reference/print/")
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
<link rel="canonical" href="{escape(address)}">
<meta name="referrer" content="no-referrer">
<title>{escape(sheet.title)} · {SITE[lang]}</title>
<link rel="icon" href="{root}assets/images/favicon.svg">
<link rel="stylesheet" href="{root}{assets["sheet.css"]}">
<script type="module" src="{root}{assets["ticks.js"]}"></script>
</head>
<body class="sheet">
<header><p>{escape(sheet.group)} · {say["count"].format(sheet.count)} · {escape(say["checked"].format(checked))}</p>
<h1>{escape(sheet.title)}</h1>{note}
<p class="screen"><button type="button" data-print hidden>{say["print-now"]}</button> <button type="button" data-clear hidden>{say["clear"]}</button> <a href="{escape(back)}">{say["back"]}</a></p></header>
<main>{body}</main>
<footer><p>{SITE[lang]} · {escape(address)}</p><p>{say["free"]}</p></footer>
</body>
</html>
"""


def _files(name: str, lang: str, root: str, text: bool = False, parts: dict[str, int] | None = None) -> str:
    return f"<details><summary>{SAY[lang]['files']}</summary>{file_links(name, lang, root, text, parts)}</details>"


def page_block(page: Page, root: str) -> str:
    """The list block at the end of a page: how many items, the sheet, clear."""
    if not page.items:
        return ""
    say = SAY[page.lang]
    href = f"{root}print/{page.lang}/{page.path.replace('/', '-')}.html"
    rows = "".join(f"<li>{escape(plain(i.text))}</li>" for i in page.items)
    return (
        f'<aside class="list-block" aria-label="{say["list"]}"><p><strong>{say["list"]}</strong> · {say["count"].format(len(page.items))} '
        f'· <a class="print-link" href="{escape(href)}">{say["print"]}</a></p>{_files(page.path.replace("/", "-"), page.lang, root, text=True)}'
        f"<details><summary>{say['items'].format(len(page.items))}</summary><ol>{rows}</ol></details>"
        f'<p class="quiet">{say["how"]} <button type="button" data-clear hidden>{say["clear"]}</button></p></aside>'
    )


def list_block(
    sheets_: list[Sheet],
    lang: str,
    root: str,
    whole: Sheet | None = None,
    parts: dict[str, int] | None = None,
    brief: bool = False,
) -> str:
    """Sheets with their items folded below each title: for a group's index, a pack, the print centre.

    whole: the sheet of the group; parts: by edition, how many PDFs that sheet takes; brief: without the items,
    which stand one tap away: those of all pages at once are half the weight of a page.
    """
    say = SAY[lang]
    out = []
    if whole is not None:
        out.append(
            f'<p><a class="print-link" href="{escape(root)}print/{lang}/{escape(whole.name)}.html">{say["group"]}</a> · {say["count"].format(whole.count)}</p>{_files(whole.name, lang, root, parts=parts)}'
        )
    for sheet in sheets_:
        items = (
            ""
            if brief
            else f"<ol>{''.join(f'<li>{escape(plain(i.text))}</li>' for part in sheet.parts for i in part.items)}</ol>"
        )
        out.append(
            f'<details class="sheet-row"><summary>{escape(sheet.title)} · {say["count"].format(sheet.count)}</summary>{paper(sheet.name, lang, root, items)}</details>'
        )
    return f'<div class="sheets">{"".join(out)}</div>'
