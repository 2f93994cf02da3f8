"""The print centre: what to print in which situation, with pictures, sizes and every edition, without JavaScript.

Sheets are folded: a browser does not load the lazy pictures of what is folded, so a first look at the page stays light.
"""

from __future__ import annotations

from ..model.lists import FILES, SITE_ZIP, Row, address, paper, size_mark
from ..model.registers import Registers
from ..model.text import escape

SAY = {
    "zh": {
        "choose": "先选",
        "language": "哪种文字",
        "size": "字的大小",
        "normal": "普通（12 磅）",
        "large": "大字（18 磅）",
        "any": "全都列出",
        "sheets": "看这 {} 张",
        "forms": "看这 {} 份",
        "groups": "按组下载，每份不超过 80 KB",
        "book": "也有一本装了全部清单（{}），是唯一超过 80 KB 的 PDF，转发和打开都慢些。要轻的，就用上面按组的。",
        "whole": "看这一本",
        "zips": "一次全部下载（zip）",
        "text": "每一页的纯文字（zip）",
        "site": "整个网站（zip）",
        "how": "解压以后打开 index.html，不用网络。给没有网络的人，可以存在 U 盘里带过去。",
    },
    "en": {
        "choose": "Choose first",
        "language": "Language",
        "size": "Size of type",
        "normal": "Normal (12 pt)",
        "large": "Large (18 pt)",
        "any": "Show all",
        "sheets": "See the {} sheets",
        "forms": "See all {}",
        "groups": "Group by group, no file over 80 KB",
        "book": "There is also one book of all lists ({}), which is the only PDF over 80 KB, so it is slower to send and to open. The groups above are lighter.",
        "whole": "See the book",
        "zips": "Everything at once (zip)",
        "text": "Every page as plain text (zip)",
        "site": "The whole site (zip)",
        "how": "Unpack it and open index.html; it needs no network. For someone without one, carry it on a USB stick.",
    },
}
ARCHIVES = {"zh": "zh", "en": "en", "bilingual": "bilingual"}


def choice(lang: str) -> str:
    """Two rows of radio buttons; the style sheet hides the files that were not chosen, and shows all where it cannot."""
    say, files = SAY[lang], FILES[lang]
    languages = [(lang, files[lang]), *((e, files[e]) for e in ARCHIVES if e != lang), ("any", say["any"])]
    sizes = [("normal", say["normal"]), ("large", say["large"]), ("any", say["any"])]
    return f'<div class="choose" role="group" aria-label="{say["choose"]}">{_radios("edition", say["language"], languages)}{_radios("size", say["size"], sizes)}</div>'


def _radios(name: str, legend: str, values: list[tuple[str, str]]) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="print-{name}" id="{name}-{value}"{" checked" if n == 0 else ""}> {escape(words)}</label>'
        for n, (value, words) in enumerate(values)
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{buttons}</fieldset>"


def situations(lang: str, root: str, registers: Registers, rows: list[Row]) -> str:
    """One section per situation, in the order of sheets.yml."""
    named = {row.name: row for row in rows}
    out = []
    for key, situation in registers.sheets.items():
        if situation["kind"] == "situation":
            sheets = [named[name] for name in situation["sheets"]]
            out.append(
                f'<h3 id="{escape(key)}">{escape(situation["title"][lang])}</h3><p>{escape(situation["note"][lang])}</p>'
                + _folded(SAY[lang]["sheets"].format(len(sheets)), sheets, lang, root)
            )
    return "".join(out)


def _folded(words: str, rows: list[Row], lang: str, root: str) -> str:
    papers = "".join(_paper(row, lang, root) for row in rows)
    return f'<details class="sheet-row"><summary>{escape(words)}</summary><div class="papers">{papers}</div></details>'


def forms(lang: str, root: str, registers: Registers, rows: list[Row]) -> str:
    """The blank sheets and cards."""
    blank = [row for row in rows if row.kind in ("form", "card")]
    return _folded(SAY[lang]["forms"].format(len(blank)), blank, lang, root)


def everything(lang: str, root: str, registers: Registers, rows: list[Row]) -> str:
    """The lists group by group, the book of all lists with what it weighs, the archives of each edition and of the site. Data-online: not in the latter."""
    say = SAY[lang]
    groups = _folded(say["groups"], [row for row in rows if row.kind == "group"], lang, root)
    book = "".join(
        f"<p>{say['book'].format(size_mark(address(lang, row.name), lang))}</p>{_folded(say['whole'], [row], lang, root)}"
        for row in rows
        if row.kind == "book"
    )
    links = []
    for edition in (lang, *(e for e in ARCHIVES if e != lang)):
        for large in (False, True):
            where = address(edition, "all", large, "zip")
            words = FILES[lang][edition] + (("·" if lang == "zh" else ", ") + FILES[lang]["large"] if large else "")
            links.append(f'<li><a href="{escape(root + where)}">zip · {words}</a> {size_mark(where, lang)}</li>')
    where = address(lang, "text", ending="zip")
    links.append(f'<li><a href="{escape(root + where)}">{say["text"]}</a> {size_mark(where, lang)}</li>')
    links.append(
        f'<li><a href="{escape(root + SITE_ZIP)}">{say["site"]}</a> {size_mark(SITE_ZIP, lang)}<br>{say["how"]}</li>'
    )
    return f'{groups}{book}<div data-online><p>{say["zips"]}</p><ul class="files" aria-label="{say["zips"]}">{"".join(links)}</ul></div>'


def _paper(row: Row, lang: str, root: str) -> str:
    """One sheet: picture, title, what it holds, its files."""
    size = f" · {escape(row.size[lang])}" if row.size[lang] else ""
    return paper(
        row.name,
        lang,
        root,
        f"<p><strong>{escape(row.title[lang])}</strong>{size}</p>",
        row.volumes,
        row.files(lang)[0],
        row.kind not in ("form", "card", "book"),
    )
