"""The print centre: what to print in which situation, with pictures, sizes and every edition, without JavaScript.

Sheets are folded: a browser does not load the lazy pictures of what is folded, so a first look at the page stays light.
"""

from __future__ import annotations

from ..model.lists import EDITIONS, EVERYTHING, FILES, SITE_ZIP, Row, address, paper
from ..model.place import Place
from ..model.text import escape, measured

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
MARKERS = {"sheets": lambda book: PARTS}


def marker(place: Place, name: str, value: str) -> str:
    """One part of the print centre."""
    return PARTS[value](place)


def choice(place: Place) -> str:
    """Two rows of radio buttons; the style sheet hides the files that were not chosen, and shows all where it cannot."""
    lang = place.lang
    say, files = SAY[lang], FILES[lang]
    languages = [(lang, files[lang]), *((e, files[e]) for e in EDITIONS if e != lang), ("any", say["any"])]
    sizes = [("normal", say["normal"]), ("large", say["large"]), ("any", say["any"])]
    radios = _radios("edition", say["language"], languages) + _radios("size", say["size"], sizes)
    return f'<div class="choose" role="group" aria-label="{say["choose"]}">{radios}</div>'


def _radios(name: str, legend: str, values: list[tuple[str, str]]) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="print-{name}" id="{name}-{value}"{" checked" if n == 0 else ""}> {escape(words)}</label>'
        for n, (value, words) in enumerate(values)
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{buttons}</fieldset>"


def situations(place: Place) -> str:
    """One section per situation, in the order of sheets.yml."""
    lang, out = place.lang, []
    for key, situation in place.book.registers.sheets.items():
        if situation["kind"] == "situation":
            rows = [place.book.rows[name] for name in situation["sheets"]]
            head = f'<h3 id="{escape(key)}">{escape(situation["title"][lang])}</h3><p>{escape(situation["note"][lang])}</p>'
            out.append(head + _folded(SAY[lang]["sheets"].format(len(rows)), rows, place))
    return "".join(out)


def _folded(words: str, rows: list[Row], place: Place) -> str:
    papers = "".join(_paper(row, place) for row in rows)
    return f'<details class="sheet-row"><summary>{escape(words)}</summary><div class="papers">{papers}</div></details>'


def forms(place: Place) -> str:
    """The blank sheets and cards."""
    blank = [row for row in place.book.rows.values() if row.kind in ("form", "card")]
    return _folded(SAY[place.lang]["forms"].format(len(blank)), blank, place)


def everything(place: Place) -> str:
    """The lists group by group, the book of all lists with what it weighs, the archives of each edition and of the site.

    data-online: not in the latter.
    """
    lang, book = place.lang, place.book
    say, whole = SAY[lang], book.rows[EVERYTHING]
    groups = _folded(say["groups"], [row for row in book.rows.values() if row.kind == "group"], place)
    weight = say["book"].format(book.size(lang, address(lang, EVERYTHING)))
    links, comma = [], "·" if lang == "zh" else ", "

    def link(where: str, words: str, size: str) -> None:
        links.append(f'<li><a href="{escape(place.root + where)}">{words}</a> {size}</li>')

    for edition in (lang, *(e for e in EDITIONS if e != lang)):
        for large in (False, True):
            where = address(edition, "all", large, "zip")
            words = FILES[lang][edition] + (comma + FILES[lang]["large"] if large else "")
            link(where, f"zip · {words}", book.size(lang, where))
    where = address(lang, "text", ending="zip")
    link(where, say["text"], book.size(lang, where))
    link(SITE_ZIP, say["site"], f"{measured('archive')}<br>{say['how']}")
    files = f'<ul class="files" aria-label="{say["zips"]}">{"".join(links)}</ul>'
    return f"{groups}<p>{weight}</p>{_folded(say['whole'], [whole], place)}<div data-online><p>{say['zips']}</p>{files}</div>"


def _paper(row: Row, place: Place) -> str:
    """One sheet: picture, title, what it holds, its files."""
    size = f" · {escape(row.size[place.lang])}" if row.size[place.lang] else ""
    return paper(row.name, place, f"<p><strong>{escape(row.title[place.lang])}</strong>{size}</p>")


PARTS = {"choice": choice, "situations": situations, "forms": forms, "everything": everything}
