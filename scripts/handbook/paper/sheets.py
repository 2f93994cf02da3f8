"""Sheets of paper: what every PDF says, as plain data for the template `sheet.typ`. Nothing is typeset here.

A paper is one PDF: a list, a group of lists, a pack, all lists as a book, a blank form or a card, in one edition
(zh, en or both side by side), in normal or large print.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..model import words
from ..model.lists import EDITIONS, EVERYTHING, SITE, Row, Sheet, address, cut, in_book, volumes
from ..model.page import LANGS, Block, Page, plain
from ..model.problem import Problem
from ..model.registers import Registers
from ..model.text import width

MOST_PAGES = {"list": 2, "pack": 2, "form": 2, "card": 1}  # A4, normal print; a group and the book take what they need
LARGE_PAGES = {"list": 4, "pack": 4, "form": 4, "card": 2}
MOST_BYTES = 80_000  # of every PDF but the book
MOST_WIDTH = 76  # ems: four lines of the narrow column of a sheet in two languages
SAY = words.by_language("sheets")
WORDS = {key: dict(zip(LANGS, both, strict=True)) for key, both in words.pairs("sheets-words").items()}
KINDS = [
    "heading",
    "text",
    "space",
    "lines",
    "boxes",
    "quotes",
    "turns",
    "items",
    "decides",
    "numbers",
    "deadlines",
    "table",
]
OTHERS = ("do-not-say", "they-may-say")  # sections whose quotes are not for the reader to say
MOST_SAID = 12  # lines to say on the sheet of a page
# what no blank line or column may ask for; a reminder to cover such numbers is a box to tick, not a line
ASKS = re.compile(
    r"(?i)证件号|身份证|卡号|账号|帐号|密码|验证码|CVV|\b(ID|card|account) (number|no)|password|passcode|verification code|\bPIN\b"
)


@dataclass(frozen=True)
class Paper:
    """One PDF. file: its name without ending; data: what the template gets, except the picture of the address;
    words: (text, where it is written)."""

    row: Row
    file: str
    edition: str
    large: bool
    data: dict
    words: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return address(self.edition, self.file, self.large)

    @property
    def most_pages(self) -> int | None:
        kind = "card" if self.data["dense"] else self.row.kind  # one page
        return (LARGE_PAGES if self.large else MOST_PAGES).get(kind)

    def key(self) -> str:
        """The same for the same words and settings."""
        return hashlib.sha256(json.dumps(self.data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def guilty(self, sign: str | None = None) -> str:
        """Where the text with that sign is written, or else the longest text: what a writer must shorten."""
        named = [where for text, where in self.words if sign and sign in text]
        longest = max(self.words, key=lambda w: width(w[0]), default=("", "the sheet"))
        return named[0] if named else f"{longest[1]} (“{longest[0][:40]}”)"


def problems(book) -> list[Problem]:
    """SHEET-1 an item too long for its sheet; SHEET-2 a row of sheets.yml that names what is not there;
    SHEET-3 a row whose parts do not fit its kind; SHEET-4 a place to write a number that nobody should; SHEET-5 two sheets of one name."""
    found, registers, pages, sheets = [], book.registers, book.pages, book.sheets
    for lang in LANGS:
        for page in pages[lang].values():
            for item in page.items:
                size = width(plain(item.text))
                if size > MOST_WIDTH:
                    text = f"the item {item.id or plain(item.text)[:20]!r} is {size:.0f} ems wide; a sheet in two languages takes {MOST_WIDTH}: cut it or make two items"
                    found.append(page.problem(item.line, "SHEET-1", text))
    names = (
        [s.name for s in sheets["zh"]]
        + [EVERYTHING]
        + [key for key, row in registers.sheets.items() if row["kind"] != "situation"]
    )
    for key, row in registers.sheets.items():

        def say(rule: str, message: str, key: str = key) -> None:
            found.append(registers.problem("sheets", key, rule, message))

        if names.count(key) > 1:
            say("SHEET-5", f"two sheets are called {key!r}: rename this one")
        if _part_of(key, names):
            text = f"{key!r} is also what a part of the sheet {_part_of(key, names)!r} would be called: rename this one"
            say("SHEET-5", text)
        if row["kind"] == "situation":
            if "sheets" not in row or "blocks" in row or "page" in row:
                say("SHEET-3", f"the situation {key!r} needs the key sheets, and neither blocks nor page")
            for name in row.get("sheets", []):
                if name not in names:
                    text = f"the situation {key!r} names the sheet {name!r}, which is not there: write group-page or an id of this file"
                    say("SHEET-2", text)
            continue
        if "blocks" not in row or "page" not in row or "sheets" in row:
            say("SHEET-3", f"{key!r} needs the keys page and blocks, and no sheets")
        if row.get("page") is not None and row["page"] not in pages["zh"]:
            say("SHEET-2", f"{key!r} names the page {row['page']!r}, which is not there")
        for block in row.get("blocks", []):
            for message in _block_problems(block, registers, pages):
                say(
                    "SHEET-4" if "asks for" in message else "SHEET-2" if "is not there" in message else "SHEET-3",
                    f"{key!r}: {message}",
                )
    for name in sorted({n for n in names if names.count(n) > 1} - set(registers.sheets)):
        found.append(
            registers.problem("packs", name, "SHEET-5", f"two sheets are called {name!r}: rename the pack or the page")
        )
    for page in pages["zh"].values():
        name = page.path.replace("/", "-")
        if page.items and _part_of(name, names):
            text = f"the list {name!r} is also what a part of the sheet {_part_of(name, names)!r} would be called: rename the page"
            found.append(page.problem(1, "SHEET-5", text))
    return found


def _part_of(name: str, names: list[str]) -> str:
    """The sheet whose part would have this name, if there is one: ``legal`` for ``legal-2``."""
    whole, _, number = name.rpartition("-")
    return whole if number.isdecimal() and whole in names else ""


def _block_problems(block: dict, registers: Registers, pages: dict[str, dict[str, Page]]) -> Iterator[str]:
    kinds = [k for k in KINDS if k in block]
    if len(kinds) != 1:
        yield f"a block has one of {', '.join(KINDS)}; this one has {kinds or 'none'}"
    if "table" in block and ("rows" in block) == ("fixed" in block):
        yield "a table has either rows (how many) or fixed (their labels)"
    for label in [*block.get("lines", []), *(c["label"] for c in block.get("table", [])), *block.get("fixed", [])]:
        for text in label.values():
            if ASKS.search(text):
                yield f"“{text}” asks for a number or password that no sheet may ask for: drop it"
    for number in block.get("numbers", []):
        if number not in registers.contacts:
            yield f"the number {number!r} is not there: add it to contacts.yml first"
    for ref in block.get("items", []):
        path, _, item = ref.partition("#")
        if any(item not in {i.id for i in getattr(pages[lang].get(path), "items", [])} for lang in LANGS):
            yield f"the item {ref!r} is not there: write path#item-id"
    known = {item["id"] for item in registers.tools.get("reminders", {}).get("items", []) if item.get("days")}
    for key in {*block.get("deadlines", [])} - known:
        yield f"the period {key!r} is not there: name an entry with days of the tool reminders in tools.yml"
    if ref := block.get("quotes") or block.get("turns"):
        path, _, section = ref.partition("#")
        if any(not _quotes(pages[lang].get(path), section) for lang in LANGS):
            yield f"the section {ref!r} with lines to say is not there: write path#section-id"
    if any(not _decisive(pages[lang].get(block["decides"])) for lang in LANGS if "decides" in block):
        yield f"the page {block['decides']!r} with lines that decide is not there: end such lines with {{.paper}}"


def _quotes(page: Page | None, section: str) -> list[str]:
    return [plain(b.text) for b in page.blocks if b.kind == "quote" and b.section == section] if page else []


def _turns(page: Page, section: str) -> list[tuple[str, bool, list[str]]]:
    """(title, whether it is said, lines to say or else boxes) of each step of a section."""
    steps, found = {h.line for h in page.headings if h.level == 3}, []
    for block in page.blocks:
        if block.section == section and block.line in steps:
            found.append((plain(block.text), {"quote": [], "task": []}))
        elif found and block.section == section and block.kind in found[-1][1]:
            found[-1][1][block.kind].append(plain(block.text))
    return [(title, bool(of["quote"]), of["quote"] or of["task"]) for title, of in found]


def papers(book) -> list[Paper]:
    """Every PDF of the site, in a fixed order. Expects data without problems."""
    sheets, registers, pages, site_url = book.sheets, book.registers, book.pages, book.public_url
    named = {lang: {s.name: s for s in sheets[lang]} for lang in LANGS}
    out = []
    for row in book.rows.values():
        if row.kind in ("form", "card"):
            content = _form(registers.sheets[row.name], registers, pages)
        elif row.kind == "book":
            members = [s for s in sheets["zh"] if in_book(s, registers, book.sections)]
            content = _book([{lang: named[lang][s.name] for lang in LANGS} for s in members], pages)
        else:
            both = {lang: named[lang][row.name] for lang in LANGS}
            content = _list(both, row, registers, pages)
        version = hashlib.sha256(json.dumps(content.data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:6]
        for edition, langs in EDITIONS.items():
            cuts = cut(both, langs) if row.kind == "group" else []
            parts = (
                [_part(content, start, stop, n, len(cuts)) for n, (start, stop) in enumerate(cuts, 1)]
                if len(cuts) > 1
                else [content]
            )
            for large in (False, True):
                for file, part in zip(volumes(row.name, len(parts)), parts, strict=True):
                    words = tuple((w[lang], where[lang]) for w, where in part.words for lang in langs)
                    out.append(
                        Paper(row, file, edition, large, _data(row, part, langs, large, version, site_url), words)
                    )
    return out


def _part(content: _Content, start: int, stop: int, n: int, of: int) -> _Content:
    """Some pages of a group as a sheet of their own, which says which part it is."""
    parts = content.data["parts"]
    before, through = (sum(len(p["items"]) for p in parts[:end]) for end in (start, stop))
    title = {lang: SAY[lang]["part"].format(content.data["title"][lang], n, of) for lang in LANGS}
    return _Content({**content.data, "title": title, "parts": parts[start:stop]}, content.words[before:through])


@dataclass(frozen=True)
class _Content:
    """What a paper says, in both languages: every text is {zh, en}. words: (texts, where they are written)."""

    data: dict
    words: list[tuple[dict, dict]]


def _data(row: Row, content: _Content, langs: tuple[str, ...], large: bool, version: str, site_url: str) -> dict:
    """The template's data for one edition: each {zh, en} becomes a list with one text per language."""

    def pick(value, langs: tuple[str, ...] = langs):
        if isinstance(value, dict) and set(value) == set(LANGS):
            return [value[lang] for lang in langs]
        if isinstance(value, dict):
            return {k: pick(v, langs) for k, v in value.items()}
        return [pick(v, langs) for v in value] if isinstance(value, list) else value

    def say(key: str, *values: str) -> list[str]:
        return [SAY[lang][key].format(*values) for lang in langs]

    own = content.data
    page = {"zh": own["page"], "en": ("en/" + own["page"])}
    data = {
        "parts": [],
        "groups": [],
        "landscape": False,
        "note": [],
        **{k: pick(v) for k, v in own.items() if k not in ("page", "blocks")},
        "blocks": _tall([_also(b, pick(b), pick, langs) for b in own.get("blocks", [])], large),
        "kind": row.kind,
        "large": large,
        "dense": own.get("dense", False) and not large,
        "langs": list(langs),
        "title": [own["title"][lang] for lang in langs],
        "site": [SITE[lang] for lang in langs],
        "address": site_url and site_url + page[langs[0]],
        "addresses": [site_url + page[lang] for lang in langs if site_url],
        "checked": own["checked"],
        "version": say("version", version),
        "facts": [SAY[lang]["facts"].format(own["checked"], SAY[lang]["version"].format(version)) for lang in langs],
        "page-of": [SAY[lang]["page-of"] for lang in langs],
        "read-at": say("read") if site_url else [],
        "contents": say("contents"),
        "tick-word": say("tick"),
        "lang-names": say("name"),
        "number-words": [[SAY[lang]["numbers"][n] for lang in langs] for n in (0, 1)],
    }
    if row.kind == "card":
        data["cards"] = [_card(own["blocks"], row.title[lang], lang, own["checked"], version) for lang in langs]
    return data


def _also(block: dict, picked: dict, pick, langs: tuple[str, ...]) -> dict:
    """Who reads English speaks to Chinese staff: lines to say, who answers, and names of papers carry their Chinese."""
    also = picked.pop("also", False)
    return {**picked, "rows": pick(block["rows"], ("en", "zh"))} if also and langs == ("en",) else picked


def _tall(blocks: list[dict], large: bool) -> list[dict]:
    """Tables with a height for their rows, in mm, enough to write by hand; a table that comes last fills its page."""
    height = 15 if large else 10
    return [
        {**b, "height": None if b is blocks[-1] and not large else height} if b["type"] == "table" else b
        for b in blocks
    ]


def _card(blocks: list[dict], title: str, lang: str, checked: str, version: str) -> dict:
    of = {b["type"]: b["rows"] for b in blocks}
    facts = SAY[lang]["facts"].format(checked, SAY[lang]["version"].format(version))
    return {
        "lang": lang,
        "title": title,
        "quotes": [r[lang] for r in of.get("quotes", [])],
        "items": [r[lang] for r in of.get("items", [])],
        "numbers": [[r["number"], r["name"][lang]] for r in of.get("numbers", [])],
        "facts": facts,
        "page-of": SAY[lang]["page-of"].format(n=1, of=1),
    }


def _pairs(parts: dict[str, tuple]) -> Iterator[tuple[Page, Page, list[tuple[dict, dict]]]]:
    """Per page: (zh page, en page, [(texts, places)]); an item's two texts are found by its id, not by its position."""
    for zh, en in zip(parts["zh"], parts["en"], strict=True):
        other = {i.id: i for i in en.items}
        yield (
            zh.page,
            en.page,
            [
                (
                    {"zh": plain(i.text), "en": plain(other[i.id].text)},
                    {
                        "zh": f"{zh.page.file}:{i.line} item {i.id!r}",
                        "en": f"{en.page.file}:{other[i.id].line} item {i.id!r}",
                    },
                )
                for i in zh.items
            ],
        )


def _list(sheet: dict[str, Sheet], row: Row, registers: Registers, pages: dict[str, dict[str, Page]]) -> _Content:
    parts, words, days = [], [], []
    titled = row.kind == "group"  # a pack goes to and fro between pages: its items are one list
    for zh, en, items in _pairs({lang: s.parts for lang, s in sheet.items()}):
        texts = [texts for texts, _ in items]
        if titled or not parts:
            parts.append({"title": {"zh": zh.title, "en": en.title} if titled else None, "items": texts})
        else:
            parts[0]["items"] += texts
        words += items
        days.append(_checked(pages, zh.path))
    first = sheet["zh"].parts[0].page
    blocks = _spoken(first.path, registers, pages) if row.kind == "list" else []
    words += [(texts, {lang: pages[lang][first.path].file for lang in LANGS}) for texts in _texts(blocks)]
    page = first.url if row.kind == "list" else f"{row.name}/" if row.kind == "group" else "reference/print/"
    if row.kind == "group" and f"{row.name}/index" not in pages["zh"]:
        page = "reference/print/"
    note = {lang: s.note for lang, s in sheet.items()}
    data = {
        "title": row.title,
        "group": {lang: s.group for lang, s in sheet.items()},
        "note": note if note["zh"] else [],
        "parts": parts,
        "blocks": blocks,
        "page": page,
        "checked": min(days),
    }
    return _Content(data, words)


def _spoken(path: str, registers: Registers, pages: dict[str, dict[str, Page]]) -> list[dict]:
    """What a page's sheet says besides its boxes: whom to call, its lines to say, and the lines that decide.

    The numbers are those of its one line and of its danger boxes; its lines to say are its quotes but those of others;
    a line that decides ends with ``{.paper}``.
    """
    zh, en = (pages[lang][path] for lang in LANGS)
    decides = _decides(path, pages)
    said = [{"zh": a, "en": b} for a, b in zip(_own_quotes(zh), _own_quotes(en), strict=False)][:MOST_SAID]
    urgent = [b for b in zh.blocks if b.callout == "danger" or b.kind == "paragraph" and b.text.startswith("**")]
    calls = [c for b in urgent for c in re.findall(r"\d+", plain(b.text))]
    rows = [_number(key, registers) for key, number in registers.numbers.items() if number in calls]
    out = [{"type": "numbers", "rows": rows, "also": True}] if rows else []
    out += [{"type": "heading", "text": WORDS["say"]}, {"type": "quotes", "rows": said, "also": True}] if said else []
    return [*out, {"type": "heading", "text": WORDS["decides"]}, *decides] if decides else out


def _number(key: str, registers: Registers) -> dict:
    return {"number": registers.numbers[key], "name": registers.contacts[key]["name"]}


def _decides(path: str, pages: dict[str, dict[str, Page]]) -> list[dict]:
    both = zip(*(_decisive(pages[lang][path]) for lang in LANGS), strict=False)
    return [{"type": "text", "text": {"zh": plain(a.text), "en": plain(b.text)}} for a, b in both]


def _decisive(page: Page | None) -> list[Block]:
    return [block for block in page.blocks if block.text.endswith("{.paper}")] if page else []


def _own_quotes(page: Page) -> list[str]:
    return [plain(b.text) for b in page.blocks if b.kind == "quote" and b.section not in OTHERS]


def dress(place, text: str) -> str:
    """The mark of a line that a sheet repeats is for the sheet alone."""
    return re.sub(r" *\{\.paper\}$", "", text, flags=re.M)


def _book(sheets: list[dict[str, Sheet]], pages: dict[str, dict[str, Page]]) -> _Content:
    groups, words, days = [], [], []
    for sheet in sheets:
        parts = []
        for zh, en, items in _pairs({lang: s.parts for lang, s in sheet.items()}):
            parts.append({"title": {"zh": zh.title, "en": en.title}, "items": [texts for texts, _ in items]})
            words += items
            days.append(_checked(pages, zh.path))
        home = not sheet["zh"].parts[0].page.group  # a page that stands in no group goes under the site's name
        groups.append({"title": SITE if home else {lang: s.title for lang, s in sheet.items()}, "parts": parts})
    data = {
        "title": {lang: SAY[lang]["everything"] for lang in LANGS},
        "group": SITE,
        "note": {lang: SAY[lang]["everything-note"] for lang in LANGS},
        "groups": groups,
        "page": "reference/print/",
        "checked": min(days, default="2000-01-01"),
    }
    return _Content(data, words)


def _form(row: dict, registers: Registers, pages: dict[str, dict[str, Page]]) -> _Content:
    blocks, where = (
        [],
        {lang: f"docs/data/sheets.yml:{registers.where('sheets', row['id'])[1]} {row['id']!r}" for lang in LANGS},
    )
    words = [(row["title"], where), (row["note"], where)]
    for block in row["blocks"]:
        blocks += _decides(block["decides"], pages) if "decides" in block else [_block(block, registers, pages)]
    words += [(texts, where) for texts in _texts(blocks)]
    home = pages["zh"][row["page"]]
    data = {
        "title": row["title"],
        "group": {lang: SAY[lang]["forms"] for lang in LANGS},
        "note": row["note"],
        "landscape": row.get("landscape", False),
        "dense": row.get("dense", False),
        "blocks": blocks,
        "page": home.url,
        "checked": _checked(pages, home.path),
    }
    return _Content(data, words)


def _block(block: dict, registers: Registers, pages: dict[str, dict[str, Page]]) -> dict:
    if "heading" in block or "text" in block:
        kind = "heading" if "heading" in block else "text"
        return {"type": kind, "text": block[kind]}
    if "space" in block:
        return {"type": "space", "lines": block["space"]}
    if "lines" in block:
        return {"type": "lines", "labels": block["lines"]}
    if "boxes" in block:
        return {"type": "items", "rows": block["boxes"]}
    if "numbers" in block:
        return {"type": "numbers", "rows": [_number(key, registers) for key in block["numbers"]], "also": True}
    if "table" in block:
        rows = [[label] for label in block.get("fixed", [])] or [[]] * block["rows"]
        return {"type": "table", "columns": block["table"], "rows": rows}
    if "deadlines" in block:
        of = {item["id"]: item for item in registers.tools["reminders"]["items"]}
        days = [
            {lang: text.format(of[key]["days"]) for lang, text in WORDS["days"].items()} for key in block["deadlines"]
        ]
        rows = [[of[key]["title"], count] for key, count in zip(block["deadlines"], days, strict=True)]
        widths = {"paper": 5, "how-long": 2, "received": 3, "last-day": 3}
        columns = [{"label": WORDS[key], "width": n} for key, n in widths.items()]
        return {"type": "table", "columns": columns, "rows": rows, "also": True}
    if "turns" in block:
        path, _, section = block["turns"].partition("#")
        both = zip(*(_turns(pages[lang][path], section) for lang in LANGS), strict=True)
        rows = [
            {
                "title": {"zh": a[0], "en": b[0]},
                "said": a[1],
                "lines": [dict(zip(LANGS, t, strict=True)) for t in zip(a[2], b[2], strict=True)],
            }
            for a, b in both
        ]
        return {"type": "turns", "rows": rows, "also": True}
    if "quotes" in block:
        path, _, section = block["quotes"].partition("#")
        said = [_quotes(pages[lang][path], section)[: block.get("most")] for lang in LANGS]
        rows = [dict(zip(LANGS, pair, strict=True)) for pair in zip(*said, strict=False)]
        return {"type": "quotes", "rows": rows, "also": section not in OTHERS}
    out = []
    for ref in block["items"]:
        path, _, key = ref.partition("#")
        out.append({lang: plain(next(i.text for i in pages[lang][path].items if i.id == key)) for lang in LANGS})
    return {"type": "items", "rows": out}


def _texts(value) -> Iterator[dict]:
    if isinstance(value, dict) and set(value) == set(LANGS):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _checked(pages: dict[str, dict[str, Page]], path: str) -> str:
    """The day a page was checked; a sheet of several pages shows the oldest."""
    return str(pages["zh"][path].meta.get("checked"))
