"""Addresses that have moved or were withdrawn: a published address never vanishes.

A row of ``docs/data/redirects.yml`` is an old path (without language) and either ``to``, the page that
took its place, or ``why``, the reason in both languages for which it was withdrawn.
"""

from __future__ import annotations

from urllib.parse import urlparse

from ..model.page import LANGS, url
from ..model.problem import Problem
from ..model.text import escape

SAY = {
    "zh": {"moved": "这一页搬家了", "go": "新的地址在这里", "gone": "这一页已经撤下", "home": "回到首页"},
    "en": {
        "moved": "This page has moved",
        "go": "It is here now",
        "gone": "This page was withdrawn",
        "home": "Go to the start page",
    },
}


def problems(book) -> list[Problem]:
    """MOVE-1: the old address is in use; MOVE-2: its target is no page; MOVE-3: neither a target nor a reason."""
    found, registers, pages = [], book.registers, book.pages["zh"]
    for path, row in registers.redirects.items():
        if path in pages:
            text = f"{path} is a page again: delete this row, or give the page another name"
            found.append(registers.problem("redirects", path, "MOVE-1", text))
        if ("to" in row) == ("why" in row):
            text = f"{path} needs either to: (the page that took its place) or why: (the reason, in both languages)"
            found.append(registers.problem("redirects", path, "MOVE-3", text))
        elif "to" in row and row["to"] not in pages:
            text = f"{path} leads to {row['to']!r}, which is no page: name a page, such as start/prison"
            found.append(registers.problem("redirects", path, "MOVE-2", text))
    return found


def files(book) -> dict[str, bytes]:
    """A page at every old address, and ``_redirects`` for hosts of static files that read one."""
    out, base, lines = {}, urlparse(book.site_url).path or "/", []
    for row in book.registers.redirects.values():
        for lang in LANGS:
            out[f"{url(row['id'], lang)}index.html"] = _page(row, lang).encode()
            if "to" in row:
                lines.append(f"{base}{url(row['id'], lang)} {base}{url(row['to'], lang)} 301\n")
    return out | {"_redirects": "".join(lines).encode()}


def _page(row: dict, lang: str) -> str:
    up, say, to = "../" * url(row["id"], lang).count("/"), SAY[lang], row.get("to")
    target = escape(up + url(to or "index", lang)) or "./"
    title = say["gone" if to is None else "moved"]
    why = f"<p>{escape(row['why'][lang])}</p>" if to is None else ""
    refresh = f'<meta http-equiv="refresh" content="0; url={target}">' if to is not None else ""
    return f"""<!doctype html>
<html lang="{"zh-Hans" if lang == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
{refresh}<title>{title}</title>
<link rel="stylesheet" href="{up}assets/stylesheets/sheet.css">
</head>
<body><main><h1>{title}</h1>{why}<p><a href="{target}">{say["home" if to is None else "go"]}</a></p></main></body>
</html>
"""
