"""Lists of checklist items: a sheet is some items of some pages. Every view of them starts here.

Ground floor: the HTML lists, the PDFs, the plain-text pages and the print centre all use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .page import Item, Page
from .registers import Registers
from .text import escape

SITE = {"zh": "还款协商手册", "en": "Repayment Handbook"}
SITE_ZIP = "repayment-handbook.zip"  # made by finish.py of all that is built
EDITIONS = {"zh": ("zh",), "en": ("en",), "bilingual": ("zh", "en")}
FILES = {
    "zh": {
        "part": "第 {} 份，共 {} 份",
        "zh": "中文",
        "en": "英文",
        "bilingual": "中英对照",
        "large": "大字",
        "text": "纯文字",
        "tick": "在手机上勾选",
    },
    "en": {
        "part": "part {} of {}",
        "zh": "Chinese",
        "en": "English",
        "bilingual": "Chinese and English",
        "large": "large print",
        "text": "plain text",
        "tick": "Tick it on a phone",
    },
}


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


def volumes(name: str, of: int) -> list[str]:
    """Names of a sheet's PDFs without ending: ``legal``, or ``legal-1``, ``legal-2`` where one would be too heavy to send."""
    return [f"{name}-{n}" for n in range(1, of + 1)] if of > 1 else [name]


def address(edition: str, name: str, large: bool = False, ending: str = "pdf") -> str:
    """Where a printable file lies below the site's root. edition: zh, en or bilingual."""
    return f"print/{edition}/{name}{'-large' if large else ''}.{ending}"


def file_links(name: str, lang: str, root: str, text: bool = False, parts: dict[str, int] | None = None) -> str:
    """The PDFs of a sheet as a list of links; what they measure is filled in after typesetting (`size_mark`).

    parts: by edition, how many PDFs it takes; one of each if not given.
    """
    say, rows, comma = FILES[lang], [], "·" if lang == "zh" else ", "
    for edition in (lang, *(e for e in EDITIONS if e != lang)):
        for large in (False, True):
            files = volumes(name, parts[edition] if parts else 1)
            for n, file in enumerate(files, 1):
                where = address(edition, file, large)
                words = comma.join(
                    [
                        say[edition],
                        *([say["large"]] if large else []),
                        *([say["part"].format(n, len(files))] if len(files) > 1 else []),
                    ]
                )
                rows.append(f'<li><a href="{escape(root + where)}">PDF · {words}</a> {size_mark(where, lang)}</li>')
    if text:
        rows.append(f'<li><a href="{escape(root + address(lang, name, ending="txt"))}">{say["text"]}</a></li>')
    return f'<ul class="files">{"".join(rows)}</ul>'


def size_mark(where: str, lang: str) -> str:
    """A place in a page that the build fills with pages and size of a file, once that file exists."""
    return f"<!-- size {lang} {where} -->"


def size_words(lang: str, pages: int, size: int) -> str:
    """“2 页，24 KB”: how many sheets of paper and bytes. pages: 0 for a file that is not to be printed."""
    much = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{-(-size // 1000)} KB"
    if not pages:
        return much
    return f"{pages} 页，{much}" if lang == "zh" else f"{pages} page{'s' if pages > 1 else ''}, {much}"


def picture(name: str, lang: str, root: str) -> str:
    """The small picture of a sheet's first page; it says nothing that the title beside it does not."""
    return f'<img class="thumb" src="{escape(root + address(lang, name, ending="png"))}" alt="" width="120" height="170" loading="lazy">'


def paper(
    name: str,
    lang: str,
    root: str,
    head: str = "",
    parts: dict[str, int] | None = None,
    first: str = "",
    tick: bool = True,
) -> str:
    """A sheet as the reader meets it: small picture, what it is, its files, the page where it can be ticked.

    head: HTML; parts: see `file_links`; first: its first PDF, if it has several; tick: whether there is such a page.
    """
    link = (
        f'<p><a href="{escape(root + address(lang, name, ending="html"))}">{FILES[lang]["tick"]}</a></p>'
        if tick
        else ""
    )
    return f'<div class="paper">{picture(first or name, lang, root)}<div>{head}{file_links(name, lang, root, parts=parts)}{link}</div></div>'
