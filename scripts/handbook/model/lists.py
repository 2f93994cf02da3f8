"""Lists of checklist items: a sheet is some items of some pages. Every view of them starts here.

Ground floor: the HTML lists, the PDFs, the plain-text pages and the print centre all use it.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_left
from dataclasses import dataclass, field

from . import words
from .page import LANGS, Item, Page, plain
from .place import Place
from .registers import Registers
from .text import escape

SITE = {"zh": "还款协商手册", "en": "Repayment Handbook"}
SITE_ZIP = "repayment-handbook.zip"  # made of all that is built
EDITIONS = {"zh": ("zh",), "en": ("en",), "bilingual": ("zh", "en")}
EVERYTHING = "everything"  # the book of all lists
MOST_WEIGHT = 78_000  # bytes of a part of a group by `_weights`: that is some 3 % off
FILES = words.by_language("lists")


@dataclass(frozen=True)
class Part:
    """Items of one page on a sheet, in the order of the page."""

    page: Page
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Sheet:
    """One printable list. name: file name without ending, e.g. ``prepare-credit-report``."""

    name: str
    title: str
    group: str
    note: str
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        return sum(len(part.items) for part in self.parts)


@dataclass(frozen=True)
class Row:
    """One thing to print, in all its editions. kind: list, group, pack, book, form or card."""

    name: str
    kind: str
    title: dict[str, str]
    size: dict[str, str]  # in words: "8 items"; empty for a blank form
    group: str  # the part of the print centre it stands in
    volumes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(EDITIONS, 1)
    )  # by edition, how many PDFs it takes

    def files(self, edition: str) -> list[str]:
        """Names of its PDFs without ending."""
        return volumes(self.name, self.volumes[edition])


def sheets(pages: dict[str, Page], registers: Registers, groups: list[str], lang: str) -> list[Sheet]:
    """All sheets of one language: packs, then each group, then each page with items; fixed order.

    pages: ``{path: page}`` of that language; groups: folder names in the order of the road.
    """
    out = []
    for key, pack in registers.packs.items():
        parts: list[Part] = []
        for ref in pack["items"]:
            path, _, item_id = ref.partition("#")
            page = pages.get(path)
            item = next((i for i in page.items if i.id == item_id), None) if page else None
            if item is None:
                continue
            if parts and parts[-1].page is page:
                parts[-1] = Part(page, (*parts[-1].items, item))
            else:
                parts.append(Part(page, (item,)))
        out.append(Sheet(key, pack["title"][lang], SITE[lang], pack["note"][lang], tuple(parts)))
    for group in groups:
        members = [p for p in pages.values() if p.group == group and p.items]
        index = pages.get(f"{group}/index")
        title = index.title if index else group
        if members:
            out.append(Sheet(group, title, SITE[lang], "", tuple(Part(p, tuple(p.items)) for p in members)))
        out += [page_sheet(p, title) for p in members]
    out += [page_sheet(p, SITE[lang]) for p in pages.values() if not p.group and p.items]
    return out


def page_sheet(page: Page, group: str) -> Sheet:
    """The sheet of one page."""
    return Sheet(page.path.replace("/", "-"), page.title, group, "", (Part(page, tuple(page.items)),))


def rows(sheets: dict[str, list[Sheet]], registers: Registers, groups: list[str]) -> dict[str, Row]:
    """Everything there is to print by name, in the order of the print centre."""
    en, out = {s.name: s for s in sheets["en"]}, []

    def count(number: int) -> dict[str, str]:
        return {lang: FILES[lang]["count"].format(number) for lang in LANGS}

    for sheet in sheets["zh"]:
        both = {"zh": sheet, "en": en.get(sheet.name, sheet)}
        title = {lang: both[lang].title for lang in LANGS}
        if sheet.name in registers.packs:
            out.append(Row(sheet.name, "pack", title, count(sheet.count), "packs"))
        elif sheet.name in groups:
            cuts = {edition: len(cut(both, langs)) for edition, langs in EDITIONS.items()}
            out.append(Row(sheet.name, "group", title, count(sheet.count), sheet.name, cuts))
        else:
            out.append(Row(sheet.name, "list", title, count(sheet.count), sheet.parts[0].page.group))
    for key, row in registers.sheets.items():
        if row["kind"] != "situation":
            size = {lang: FILES[lang]["card"] if row["kind"] == "card" else "" for lang in LANGS}
            out.append(Row(key, row["kind"], row["title"], size, "forms"))
    total = sum(s.count for s in sheets["zh"] if in_book(s, registers, groups))
    title = {lang: FILES[lang]["everything"] for lang in LANGS}
    out.append(Row(EVERYTHING, "book", title, count(total), "everything"))
    return {row.name: row for row in out}


def in_book(sheet: Sheet, registers: Registers, groups: list[str]) -> bool:
    """Each item once: whole groups, and pages that stand in none."""
    return sheet.name in groups or (sheet.name not in registers.packs and not sheet.parts[0].page.group)


def _weights(texts: list[str]) -> dict[tuple[int, int], int]:
    """About how many bytes a PDF with some of these pages has: the shape of each Chinese sign once, and every sign where it stands.

    The key is (first page, page after the last).
    """
    signs, found = [{sign for sign in text if sign > "\u2e80"} for text in texts], {}
    for start in range(len(texts)):
        shapes, length = set(), 0
        for stop in range(start, len(texts)):
            shapes |= signs[stop]
            length += len(texts[stop])
            found[start, stop + 1] = 14_000 + 178 * len(shapes) + 6 * length
    return found


def cut(sheet: dict[str, Sheet], langs: tuple[str, ...]) -> list[tuple[int, int]]:
    """A group in as few PDFs as its weight needs, about equal: (first page, page after the last) of each. Pages stay whole."""
    each = zip(*(sheet[lang].parts for lang in langs), strict=True)
    texts = [
        "".join(text for part in page for text in (part.page.title, *(plain(i.text) for i in part.items)))
        for page in each
    ]
    weights = _weights(texts)

    def parts(limit: int) -> list[tuple[int, int]]:
        found, start = [], 0
        while start < len(texts):
            stop = max((b for b in range(start + 1, len(texts) + 1) if weights[start, b] <= limit), default=start + 1)
            found.append((start, stop))
            start = stop
        return found

    # the smallest weight that needs no more parts: more weight never needs more, so halving finds it
    least, limits = len(parts(MOST_WEIGHT)), sorted({*weights.values(), MOST_WEIGHT})
    return parts(limits[bisect_left(limits, True, key=lambda limit: len(parts(limit)) <= least)])


def volumes(name: str, of: int) -> list[str]:
    """Names of a sheet's PDFs without ending: ``legal``, or ``legal-1``, ``legal-2`` where one would be too heavy to send."""
    return [f"{name}-{n}" for n in range(1, of + 1)] if of > 1 else [name]


def address(edition: str, name: str, large: bool = False, ending: str = "pdf") -> str:
    """Where a printable file lies below the site's root. edition: zh, en or bilingual."""
    return f"print/{edition}/{name}{'-large' if large else ''}.{ending}"


def archive(files: dict[str, bytes]) -> bytes:
    """A zip of files by address, under their bare names; it carries no time, so that the same files make the same zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name.rpartition("/")[2], (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
            opened.writestr(entry, data)
    return out.getvalue()


def size_words(lang: str, pages: int, size: int) -> str:
    """“2 页，24 KB”: how many sheets of paper and bytes. pages: 0 for a file that is not to be printed."""
    much = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{-(-size // 1000)} KB"
    if not pages:
        return much
    return f"{pages} 页，{much}" if lang == "zh" else f"{pages} page{'s' if pages > 1 else ''}, {much}"


def file_links(name: str, place: Place) -> str:
    """The PDFs of a sheet as a list of links with what they measure."""
    lang, rows, comma = place.lang, [], "·" if place.lang == "zh" else ", "
    say, row = FILES[lang], place.book.rows[name]
    for edition in (lang, *(e for e in EDITIONS if e != lang)):
        for large in (False, True):
            files = row.files(edition)
            for n, file in enumerate(files, 1):
                where = address(edition, file, large)
                part = say["part"].format(n, len(files)) if len(files) > 1 else ""
                words = comma.join(filter(None, [say[edition], say["large"] if large else "", part]))
                link = f'<a href="{escape(place.root + where)}">PDF · {words}</a>'
                rows.append(f"<li>{link} {place.book.size(lang, where)}</li>")
    return f'<ul class="files">{"".join(rows)}</ul>'


def paper(name: str, place: Place, head: str = "") -> str:
    """A sheet as the reader meets it: small picture, what it is, its files, the page where it can be ticked.

    head: HTML. The picture of its first page says nothing that the title beside it does not.
    """
    row, lang = place.book.rows[name], place.lang
    picture = escape(place.root + address(lang, row.files(lang)[0], ending="png"))
    image = f'<img class="thumb" src="{picture}" alt="" width="120" height="170" loading="lazy">'
    tick = escape(place.root + address(lang, name, ending="html"))
    link = f'<p><a href="{tick}">{FILES[lang]["tick"]}</a></p>' if row.kind in ("list", "group", "pack") else ""
    return f'<div class="paper">{image}<div>{head}{file_links(name, place)}{link}</div></div>'
