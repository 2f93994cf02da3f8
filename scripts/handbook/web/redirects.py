"""Addresses that have moved or were withdrawn: a published address never vanishes.

A row of ``docs/data/redirects.yml`` is an old path (without language) and either ``to``, the page that
took its place, or ``why``, the reason in both languages for which it was withdrawn.
"""

from __future__ import annotations

from html import escape

from ..model.page import LANGS, Page
from ..model.problem import Problem

SAY = {
    "zh": {"moved": "这一页搬家了", "go": "新的地址在这里", "gone": "这一页已经撤下", "home": "回到首页"},
    "en": {
        "moved": "This page has moved",
        "go": "It is here now",
        "gone": "This page was withdrawn",
        "home": "Go to the start page",
    },
}


def url(path: str, lang: str) -> str:
    """The address of a path below the site's root, as `page.Page.url` gives it."""
    return Page(path, lang, "", {}, {}, "", 0).url


def problems(rows: dict[str, dict], where, pages: dict[str, Page]) -> list[Problem]:
    """MOVE-1: the old address is in use; MOVE-2: its target is no page; MOVE-3: neither a target nor a reason.

    rows: ``{path: row}``; where: a function from path to (file, line); pages: ``{path: page}``.
    """
    found = []
    for path, row in rows.items():
        if path in pages:
            found.append(
                Problem(
                    *where(path), "MOVE-1", f"{path} is a page again: delete this row, or give the page another name"
                )
            )
        if ("to" in row) == ("why" in row):
            found.append(
                Problem(
                    *where(path),
                    "MOVE-3",
                    f"{path} needs either to: (the page that took its place) or why: (the reason, in both languages)",
                )
            )
        elif "to" in row and row["to"] not in pages:
            found.append(
                Problem(
                    *where(path),
                    "MOVE-2",
                    f"{path} leads to {row['to']!r}, which is no page: name a page, such as start/prison",
                )
            )
    return found


def files(rows: list[dict], style: str) -> dict[str, str]:
    """A page at every old address, ``{path: HTML}``. style: the style sheet's path below the site's root."""
    out = {}
    for row in rows:
        for lang in LANGS:
            here = url(row["id"], lang)
            up = "../" * here.count("/")
            say, to = SAY[lang], row.get("to")
            target = escape((up + url(to, lang)) if to is not None else up + url("index", lang)) or "./"
            title = say["moved"] if to is not None else say["gone"]
            body = (
                f'<p><a href="{target}">{say["go"]}</a></p>'
                if to is not None
                else f'<p>{escape(row["why"][lang])}</p><p><a href="{target}">{say["home"]}</a></p>'
            )
            refresh = f'<meta http-equiv="refresh" content="0; url={target}">' if to is not None else ""
            out[f"{here}index.html"] = (
                f'<!doctype html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
                f'<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n{refresh}<title>{title}</title>\n<link rel="stylesheet" href="{up}{style}">\n</head>\n'
                f"<body><main><h1>{title}</h1>{body}</main></body>\n</html>\n"
            )
    return out


def redirect_file(rows: list[dict], base: str) -> str:
    """``_redirects`` for hosts of static files that read one. base: the path of the site on its host, ``/`` or ``/kb/``."""
    return "".join(
        f"{base}{url(row['id'], lang)} {base}{url(row['to'], lang)} 301\n"
        for row in rows
        if "to" in row
        for lang in LANGS
    )
