"""The only file that knows MkDocs: it asks the handbook for text and reports its problems."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mkdocs.exceptions import PluginError

sys.path.insert(0, str(Path(__file__).parents[1]))
from handbook.book import Book, report  # noqa: E402
from handbook.model.problem import errors  # noqa: E402
from handbook.web.scorecard import weigh  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
ASSETS = {"sheet.css": "assets/stylesheets/sheet.css", "ticks.js": "assets/javascripts/ticks.js"}
_read: dict = {}  # the book, the state of the sources it was read from, the folders it was written to


def _book() -> Book:
    return _read["book"]


def _place(file) -> tuple[str, str]:
    """(language, path) of a page, from where its file lies."""
    lang, _, path = Path(file.abs_src_path).relative_to(ROOT / "docs").as_posix().removesuffix(".md").partition("/")
    return lang, path


def on_files(files, config):
    """Each language is a build of its own; the sources are read and checked once for both."""
    sources = [ROOT / "mkdocs.yml", *sorted((ROOT / "docs").rglob("*.*"))]
    state = (config.site_url, *((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in sources))
    if _read.get("state") != state:
        book = Book(ROOT, site_url=config.site_url or "")
        if errors(book.problems()):
            raise PluginError("\n" + report(errors(book.problems())))
        _read.update(book=book, state=state, written=set())


def on_nav(nav, config, files):
    """A section is called what its index page is called, so that the nav needs no translations."""
    for section in nav.items:
        first = (section.children or [None])[0] if section.is_section else None
        if first is not None and first.is_page:
            lang, path = _place(first.file)
            section.title = _book().pages[lang][path].title


def on_page_markdown(markdown, page, config, files):
    return _book().render(*_place(page.file))


def on_page_content(html, page, config, files):
    return _book().fill(*_place(page.file), html)


def on_post_page(output, page, config):
    """The theme asks for a sitemap beside every alternate address: two 404s a page. The sitemap has them."""
    page.markdown = page.content = ""  # written now; MkDocs would keep the text of every page to the end
    return re.sub(
        r'<link rel="alternate" [^>]*hreflang[^>]*>', "", output
    )  # no \s* before it: the theme leaves long runs of blanks, each tried from every place


def on_post_build(config):
    """The inner build of the second language ends first, with all pages written: what is made for both is made then."""
    site = Path(config.site_dir)
    if site in _read["written"]:
        return
    _read["written"].add(site)
    weigh(site)
    made = {name: html.encode() for name, html in {**_book().sheet_files(ASSETS), **_book().tool_files()}.items()}
    for name, content in (made | _book().search_files()).items():
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
