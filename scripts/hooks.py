"""The only file that knows MkDocs: it asks the handbook for text and reports its problems."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mkdocs.exceptions import PluginError

sys.path.insert(0, str(Path(__file__).parent))
from handbook.book import Book, report  # noqa: E402
from handbook.problem import errors  # noqa: E402
from handbook.scorecard import weigh  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
ASSETS = {"sheet.css": "assets/stylesheets/sheet.css", "ticks.js": "assets/javascripts/ticks.js"}
_last: tuple[tuple, Book] | None = None


def _book(config) -> Book:
    """One book per state of the sources: each language is a build of its own, the sources are read once."""
    global _last
    files = [ROOT / "mkdocs.yml", *sorted((ROOT / "docs").rglob("*.*"))]
    state = (config.site_url, *((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files))
    if _last is None or _last[0] != state:
        book = Book(ROOT, site_url=config.site_url or "")
        problems = errors(book.problems())
        if problems:
            raise PluginError("\n" + report(problems))
        _last = (state, book)
    return _last[1]


def _place(file) -> tuple[str, str]:
    """(language, path) of a page, from where its file lies."""
    lang, _, path = Path(file.abs_src_path).relative_to(ROOT / "docs").as_posix().removesuffix(".md").partition("/")
    return lang, path


def on_files(files, config):
    _book(config)


def on_nav(nav, config, files):
    """A section is called what its index page is called, so that the nav needs no translations."""
    for section in nav.items:
        first = (section.children or [None])[0] if section.is_section else None
        if first is not None and first.is_page:
            lang, path = _place(first.file)
            section.title = _book(config).pages[lang][path].title


def on_page_markdown(markdown, page, config, files):
    return _book(config).render(*_place(page.file))


def on_page_content(html, page, config, files):
    return _book(config).fill(*_place(page.file), html)


def on_post_page(output, page, config):
    """The theme asks for a sitemap beside every alternate address: two 404s a page. The sitemap has them."""
    return re.sub(r'\s*<link rel="alternate" [^>]*hreflang[^>]*>', "", output)


def on_post_build(config):
    site = Path(config.site_dir)
    weigh(site)
    made = {name: html.encode() for name, html in _book(config).sheet_files(ASSETS).items()}
    for name, content in (made | _book(config).search_files()).items():
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
