"""The copy that a browser keeps, so that the handbook can be read without a network.

One file per language holds all its pages, lists, styles and scripts: one request, either whole or not
at all, so that two versions are never mixed. The worker's text is made here from names and hashes only.
"""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from .assets import short

LANGS = ("zh", "en")
TEXT = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
LEFT_OUT = re.compile(
    r"^(?:print/.*\.txt|404\.html|sitemap\.xml.*|robots\.txt|sw\.js|offline/.*|_.*|.*\.(?:pdf|map|zip|gz|br|xml|png))$"
)


def language(path: str) -> str:
    """``zh``, ``en``, or ``""`` for what both need, from where the file lies or how it is called."""
    if path.endswith(".html") and not path.startswith(("print/", "notes/")):
        return "en" if path.startswith("en/") else "zh"
    return next((lang for lang in LANGS if re.search(rf"(?:^|[/.-]){lang}(?:[/.-]|$)", path)), "")


def address(path: str) -> str:
    """A file's address below the site's root: an index page is its folder."""
    return path.removesuffix("index.html") if posixpath.basename(path) == "index.html" else path


def kept(paths: list[str], replaced: set[str]) -> dict[str, list[str]]:
    """Which files each language's copy holds. replaced: plain names that no page asks for."""
    wanted = [p for p in paths if posixpath.splitext(p)[1] in TEXT and not LEFT_OUT.match(p) and p not in replaced]
    return {lang: sorted(p for p in wanted if language(p) in ("", lang)) for lang in LANGS}


def pack(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A copy, piece by piece: ``{address: [type, text]}`` as JSON; what is no text is base64, after ``true``.

    files: (path, content), in the order of the paths. A copy may be larger than all else: it is never whole in memory.
    """

    def entry(path: str, data: bytes) -> list:
        kind = TEXT[posixpath.splitext(path)[1]]
        try:
            return [kind, data.decode("utf-8")]
        except UnicodeDecodeError:
            return [kind, base64.b64encode(data).decode(), True]

    before = "{"
    for path, data in files:
        yield (
            before + json.dumps({address(path): entry(path, data)}, ensure_ascii=False, separators=(",", ":"))[1:-1]
        ).encode()
        before = ","
    yield b"}" if before == "," else b"{}"


def papers(hashes: dict[str, str]) -> tuple[str, str]:
    """(name, text) of the list of PDFs of a language. hashes: ``{path: hash of the content}``."""
    text = json.dumps([[p, h] for p, h in sorted(hashes.items())], separators=(",", ":"))
    return f"offline/{short(text.encode())}.json", text


def worker(copies: dict[str, dict], day: str, nothing: str, template: str) -> str:
    """The worker's text. template: its code, with places for the rest.

    copies: ``{name: {file, bytes, count}}``; day: of what they hold; nothing: the page for what is not kept.
    """
    for name, value in (("COPIES = {}", copies), ('DAY = ""', day), ('NOTHING = ""', nothing)):
        told = json.dumps(value, sort_keys=True, ensure_ascii=False)
        template = template.replace(f"const {name}", f"const {name.split()[0]} = {told}", 1)
    return template


def manifest(lang: str, name: str, description: str) -> str:
    """The web manifest of a language, so that the handbook can be put on a home screen."""
    return (
        json.dumps(
            {
                "name": name,
                "short_name": name,
                "description": description,
                "lang": "zh-Hans" if lang == "zh" else "en",
                "dir": "ltr",
                "id": "./" if lang == "zh" else "./en/",
                "start_url": "./" if lang == "zh" else "./en/",
                "scope": "./",
                "display": "minimal-ui",
                "background_color": "#fbfaf7",
                "theme_color": "#fbfaf7",
                "icons": [
                    {"src": "assets/images/favicon.svg", "type": "image/svg+xml", "sizes": "any"},
                    *(
                        {
                            "src": f"assets/images/icon-{size}.png",
                            "type": "image/png",
                            "sizes": f"{size}x{size}",
                            "purpose": purpose,
                        }
                        for size in (192, 512)
                        for purpose in ("any", "maskable")
                    ),
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )
