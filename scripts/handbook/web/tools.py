"""Tools that run in the page: each is a section with a blank sheet for paper, and its words and sources as a module.

A marker ``<!-- tool: NAME -->`` becomes the section. Without JavaScript it holds what can be read, printed
and filled in by hand; ``overrides/assets/javascripts/tools/NAME.js`` takes it over where JavaScript runs.
That module is made here, one per tool and language, so that pages with the same tool load it once.
All words stand in ``tools.yml``; legal sentences, deadlines and ceilings are rows of ``sources.yml``, by id.
"""

from __future__ import annotations

import json
import re

from ..model import words
from ..model.page import LANGS, Page, plain
from ..model.place import Place
from ..model.problem import Problem
from ..model.registers import Registers, labels, name
from ..model.text import escape

SHARED = "form"  # words that every tool uses; no tool of its own
MODULES = "assets/javascripts/tools"
BLANK = re.compile(r"\{([a-z][a-z0-9-]*)\}")
BLANK_ROWS = 8
LINE = "________"
SAY = words.by_language("tools")
LOCKED = words.by_language("tools-locked")


# Where a reader leaves to in a hurry.
NOTES = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>Notes</title><link rel="icon" href="data:,">'
    '<link rel="stylesheet" href="../assets/stylesheets/notes.css">'
    '</head><body><main><h1>Notes</h1><textarea aria-label="Notes" autocomplete="off" autofocus></textarea></main></body></html>\n'
)


def names(book) -> set[str]:
    """What a marker may name: a tool, or one of its items to begin with (``letters#settlement``)."""
    return {
        n
        for key, tool in book.registers.tools.items()
        if key != SHARED
        for n in (key, *(f"{key}#{item['id']}" for item in tool.get("items", [])))
    }


def problems(book) -> list[Problem]:
    """TOOL-1 to TOOL-6: a row names what is not there, or does not fit its module or its sources."""
    found, registers, pages = [], book.registers, book.pages["zh"]
    modules = {f.stem for f in (book.root / "overrides" / MODULES).glob("*.js")}
    for key, tool in registers.tools.items():

        def say(rule: str, message: str, key: str = key) -> None:
            found.append(registers.problem("tools", key, rule, f"the tool {key!r} {message}"))

        for source in sources(tool):
            row = registers.sources.get(source)
            if row is None:
                say("TOOL-1", f"names the source {source!r}, which is not in sources.yml: correct it or add the row")
        if tool.get("page") and not {"court", "stop"} <= set(tool.get("words", {})):
            say("TOOL-2", "sends to a page first and does not say for whom and why: write its words court and stop")
        for path in _paths(tool):
            if path.partition("#")[0] not in pages:
                say("TOOL-2", f"leads to {path!r}, which is no page: write a path such as legal/court-papers")
        for item in tool.get("items", []):
            if item.get("days") and not any(
                item["days"] in _stated(registers.sources[key])
                for key in item.get("sources", [])
                if key in registers.sources
            ):
                text = f"counts {item['days']} days for {item['id']!r}, a figure that no row it names states: correct it or name the row"
                say("TOOL-6", text)
            band = item.get("to") and [
                f"¥{item['to']:,}",
                f"¥{item['fee']}" if "fee" in item else f"{item['permille'] / 10:g}%",
            ]
            if band and not any(
                all(figure in registers.sources[key]["says"]["en"] for figure in band)
                for key in tool.get("sources", [])
                if key in registers.sources
            ):
                text = f"counts {' and '.join(band)} for {item['id']!r}, which no row it names states: correct it or name the row"
                say("TOOL-6", text)
            path, _, box = item.get("item", "").partition("#")
            if "title" not in item and box not in {i.id for i in getattr(pages.get(path), "items", [])}:
                text = f"has the entry {item['id']!r} without a title and without the checklist item of a page: write title, or item: path#item-id"
                say("TOOL-2", text)
            for part in item.get("parts", []):
                law = registers.sources.get(part.get("law"))
                if law and (not law["quote"] or law["evidence"] != "full-text"):
                    text = f"locks a sentence of {part['law']!r}, a row without a quote or not read in full: take another row"
                    say("TOOL-1", text)
            fields = {f["id"] for f in tool.get("fields", [])}
            texts = {
                lang: {
                    b for part in item.get("parts", []) if part.get("text") for b in BLANK.findall(part["text"][lang])
                }
                for lang in LANGS
            }
            for blank in sorted(texts["zh"] | texts["en"]):
                if blank not in fields:
                    say(
                        "TOOL-3", f"has the blank {{{blank}}}, which is none of its fields: correct it or add the field"
                    )
                elif blank not in texts["zh"] & texts["en"]:
                    say("TOOL-3", f"has the blank {{{blank}}} in one language only ({item['id']}): use it in both")
        if key != SHARED and key not in modules:
            say("TOOL-4", f"has no module: add overrides/{MODULES}/{key}.js")
        ids = [f["id"] for f in tool.get("fields", [])] + [i["id"] for i in tool.get("items", [])]
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            say("TOOL-5", f"uses the id {twice!r} twice: rename one")
    return found


def _stated(row: dict) -> set[int]:
    """Numbers of days a row states, and sums of two of them (a period and its extension)."""
    text = row["says"]["zh"] + row["short"]["zh"]
    for word, figure in (("三十", "30"), ("二十", "20"), ("十五", "15"), ("十", "10")):
        text = text.replace(word, figure)
    found = [int(n) for n in re.findall(r"(\d+)\s*(?:天|日)", text)]
    return {*found, *(a + b for n, a in enumerate(found) for b in found[n + 1 :])}


def sources(tool: dict) -> list[str]:
    """Every source id a tool names, once each, in order."""
    out = list(tool.get("sources", []))
    for item in tool.get("items", []):
        out += item.get("sources", [])
        out += [part["law"] for part in item.get("parts", []) if part.get("law")]
    return list(dict.fromkeys(out))


def locked(row: dict, lang: str) -> str:
    """The one form in which a letter quotes a rule: its title, article and quoted words."""
    say = LOCKED[lang]
    article = row["article"][lang] if row["article"] else ""
    return say["form"].format(
        title=row["title"][lang],
        article=article if lang == "zh" or not article else f", {article}",
        quote=row["quote"].rstrip("。"),
        short=row["short"][lang],
    )


MARKERS = {"tool": names}


def marker(place: Place, name: str, value: str) -> str:
    """The tool as one line of HTML."""
    lang, registers, pages, root, href = place.lang, place.book.registers, place.pages, place.root, place.href
    key, _, start = value.partition("#")
    tool = _whole(key, lang, registers, pages)
    html = (
        f'<section class="tool" data-tool="{tool["id"]}" data-start="{start}" aria-label="{escape(tool["title"][lang])}">'
        f'<p class="tool-warning tool-broken screen-only" role="alert" hidden>{SAY[lang]["broken"]}</p>'
        f'<div class="tool-paper"><p>{escape(tool["lead"][lang])}</p><p class="quiet screen-only">{SAY[lang]["paper"]}</p>{_paper({**tool, "items": [i for i in tool["items"] if start in ("", i["id"])]}, lang, registers, pages, href)}</div>'
        f'<script type="module" src="{root}{words_file(key, lang)}"></script>'
        f'<script type="module" src="{root}{MODULES}/{tool["id"]}.js"></script></section>'
    )
    return html.replace("\n", " ")


def words_file(key: str, lang: str) -> str:
    """Address of the module with a tool's words, below the site's root."""
    return f"{MODULES}/words/{key}.{lang}.js"


def words(key: str, lang: str, registers: Registers, pages: dict[str, Page], href) -> str:
    """The module that hands a tool its words and sources. href: from (path, anchor) to an address below the site's root."""
    data = json.dumps(
        _data(_whole(key, lang, registers, pages), lang, registers, pages, href),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    for sign in "<>&\u2028\u2029":  # nothing in the data can act as markup, wherever it is put
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return f'import {{ tools }} from "../form.js"\ntools[{json.dumps(key)}] = {data}\n'


def _whole(key: str, lang: str, registers: Registers, pages: dict[str, Page]) -> dict:
    tool = registers.tools[key]
    return {**tool, "items": [_titled(item, pages, lang) for item in tool.get("items", [])]}


def _titled(item: dict, pages: dict[str, Page], lang: str) -> dict:
    """An item with its title, which may be the words of a page's checklist item: those are written once."""
    if "title" in item:
        return item
    path, _, box = item["item"].partition("#")
    words = next(plain(i.text) for i in pages[path].items if i.id == box)
    return {**item, "title": {lang: words for lang in LANGS}}


def _data(tool: dict, lang: str, registers: Registers, pages: dict[str, Page], href) -> dict:
    def both(value):
        """Keep one language of everything that has two."""
        if isinstance(value, dict):
            return value[lang] if set(value) == set(LANGS) else {k: both(v) for k, v in value.items()}
        return [both(v) for v in value] if isinstance(value, list) else value

    rows = {}
    for key in sources(tool):
        row = registers.sources[key]
        rows[key] = {
            "short": row["short"][lang],
            "says": row["says"][lang],
            "label": labels(row, lang),
            "name": name(row, lang),
            "href": href("reference/sources", key),
        }
        if row["caveat"]:
            rows[key]["caveat"] = row["caveat"][lang]
        if any(part.get("law") == key for item in tool.get("items", []) for part in item.get("parts", [])):
            rows[key]["locked"] = locked(row, lang)
    links = {
        p: {"title": pages[p.partition("#")[0]].title, "href": href(p.partition("#")[0], p.partition("#")[2])}
        for p in _paths(tool)
        if p.partition("#")[0] in pages
    }
    shared = registers.tools.get(SHARED, {}).get("words", {})
    return {
        "id": tool["id"], "lang": lang, "title": tool["title"][lang],
        "words": both({**shared, **tool.get("words", {})}), "fields": both(tool.get("fields", [])),
        "items": [both(item) | _chinese(item, lang) for item in tool.get("items", [])], "sources": rows, "pages": links,
        "page": tool.get("page"),
        "chinese": {k: v["zh"] for k, v in tool.get("words", {}).items() if k.startswith("say-") and lang != "zh"},
    }  # fmt: skip


def _chinese(item: dict, lang: str) -> dict:
    """Who reads English speaks to Chinese staff: the Chinese line of a card's line to say."""
    return {"chinese": item["text"]["zh"]} if lang != "zh" and item.get("write") else {}


def _paper(tool: dict, lang: str, registers: Registers, pages: dict[str, Page], href) -> str:
    """What the section holds without JavaScript: questions and texts to read, tables to fill in."""
    out = []
    groups: dict[str, list[dict]] = {}
    for field in tool.get("fields", []):
        groups.setdefault(f"rows:{field['rows']}" if field.get("rows") else "one", []).append(field)
    for key, fields in groups.items():
        if tool.get("items") and key == "one":
            continue  # letters and cards carry their blanks in the text
        if key == "one":
            rows = "".join(f'<tr><th scope="row">{escape(f["label"][lang])}</th><td></td></tr>' for f in fields)
            out.append(
                f'<table class="tool-blank"><thead><tr><th scope="col">{escape(tool["title"][lang])}</th><th scope="col">{SAY[lang]["blank"]}</th></tr></thead><tbody>{rows}</tbody></table>'
            )
        else:
            head = "".join(f'<th scope="col">{escape(f["label"][lang])}</th>' for f in fields)
            out.append(
                f'<div class="tool-wide" tabindex="0" role="group" aria-label="{escape(tool["title"][lang])}"><table class="tool-blank"><thead><tr>{head}</tr></thead><tbody>{("<tr>" + "<td></td>" * len(fields) + "</tr>") * BLANK_ROWS}</tbody></table></div>'
            )
    items = "".join(f"<li>{_item(item, tool, lang, registers, pages, href)}</li>" for item in tool.get("items", []))
    stop = f"<p>{escape(_stop(tool, lang))}{_link(tool['page'], pages, href)}</p>" if tool.get("page") else ""
    return stop + (f"<ol>{items}</ol>" if items else "") + "".join(out)


def _paths(tool: dict) -> dict[str, None]:
    """The pages to which a tool leads, each once."""
    first = [tool["page"]] if tool.get("page") else []
    return dict.fromkeys([*first, *(path for item in tool.get("items", []) for path in item.get("pages", []))])


def _stop(tool: dict, lang: str) -> str:
    """What a tool with a page to read before it asks and says first."""
    ask, say = (tool["words"][key][lang] for key in ("court", "stop"))
    return f"{ask}？{say}" if lang == "zh" else f"{ask} {say} "


def _link(path: str, pages: dict[str, Page], href) -> str:
    base, _, anchor = path.partition("#")
    return f'<a href="{escape(href(base, anchor))}">{escape(pages[base].title)}</a>'


def _item(item: dict, tool: dict, lang: str, registers: Registers, pages: dict[str, Page], href) -> str:
    say = SAY[lang]
    title = f"<strong>{escape(item['title'][lang])}</strong>"
    parts = [say["days"].format(item["days"])] if item.get("days") else []
    parts += [escape(item[key][lang]) for key in ("text", "more") if item.get(key)]
    parts += [f'<span class="chinese" lang="zh-Hans">{escape(line)}</span>' for line in _chinese(item, lang).values()]
    parts += [escape(item["write"][lang])] if item.get("write") else []
    laws = {p.get("law") for p in item.get("parts", [])}  # these a letter names itself
    keys = [key for key in item.get("sources", []) if key not in laws]
    links = [_source(registers.sources[key], lang, href("reference/sources", key)) for key in keys]
    parts += [say["sources"] + ("；" if lang == "zh" else "; ").join(links)] if links else []
    parts += [f"{say['see']} {_link(path, pages, href)}" for path in item.get("pages", [])]
    if not item.get("parts"):
        return "<br>".join([title, *parts])
    lines = "".join(
        f"<p>{escape(locked(registers.sources[p['law']], lang) if p.get('law') else BLANK.sub(LINE, p['text'][lang]))}</p>"
        for p in item["parts"]
    )
    first = " open" if item is tool["items"][0] else ""  # the letter most people come for stands open
    return f'<details class="sheet-row"{first}><summary>{title}</summary>{"<br>".join(parts)}{lines}</details>'


def text(place: Place, name: str, value: str) -> list[tuple[str, str]]:
    """The paper form in the page's plain twin: (what stands before it, words)."""
    lang, registers = place.lang, place.book.registers
    key, _, start = value.partition("#")
    tool = _whole(key, lang, registers, place.pages)
    out = [("", tool["title"][lang]), ("", tool["lead"][lang])]
    out += [("", _stop(tool, lang) + place.pages[tool["page"]].title)] if tool.get("page") else []
    items = [item for item in tool["items"] if start in ("", item["id"])]
    for n, item in enumerate(items, 1):
        days = f" ({SAY[lang]['days'].format(item['days'])})" if item.get("days") else ""
        lines = [item[k][lang] for k in ("text", "more") if item.get(k)] + list(_chinese(item, lang).values())
        lines += [item["write"][lang]] if item.get("write") else []
        for part in item.get("parts", []):
            law = part.get("law")
            lines.append(locked(registers.sources[law], lang) if law else BLANK.sub(LINE, part["text"][lang]))
        out += [(f"{n}. ", item["title"][lang] + days), *(("   ", line) for line in lines)]
    blanks = [f for f in tool.get("fields", []) if f.get("rows") or not items]
    return out + [("", f"{field['label'][lang]} {LINE}") for field in blanks]


def _source(row: dict, lang: str, url: str) -> str:
    """A link to a source's row, which says how it was read and its limits; with the mark if it is no full text."""
    part = "" if row["evidence"] == "full-text" else "°"
    return f'<a href="{escape(url)}">{escape(row["short"][lang])}</a>{part}'


def files(book) -> dict[str, bytes]:
    """What the tools need besides their pages: their words by language, and the page a reader leaves to.

    Nothing on that page speaks of debt, and it keeps nothing.
    """

    registers, out = book.registers, {"notes/index.html": NOTES.encode()}
    for key in registers.tools:
        for lang in LANGS if key != SHARED else ():
            href = Place(book, Page("", lang, "", {}, {}, "", 0)).href
            out[words_file(key, lang)] = words(key, lang, registers, book.pages[lang], href).encode()
    return out
