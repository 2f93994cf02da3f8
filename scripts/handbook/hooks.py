"""The only file that knows MkDocs: hands the handbook MkDocs' events, and MkDocs the handbook's text and problems.

Everything that makes the site happens here, so that ``mkdocs build``, ``mkdocs serve`` and scripts/build make the same.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from datetime import UTC, datetime, time
from pathlib import Path

import material
import mkdocs
from jinja2 import FileSystemBytecodeCache
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from handbook.book import Book, report  # noqa: E402
from handbook.model.problem import errors  # noqa: E402
from handbook.model.store import Store  # noqa: E402
from handbook.paper import press  # noqa: E402
from handbook.ship import finish  # noqa: E402

_now: dict = {"live": False}  # the book, its printed sheets, the state of the sources they were made from


def on_startup(command, dirty):
    """While somebody writes, what only a published site needs is left out: joined files, archives, compression."""
    _now["live"] = command == "serve"
    # MkDocs warns that a dirty build may be wrong, which stops a strict one: ours knows what changed
    logging.getLogger("mkdocs.commands.build").addFilter(lambda record: "'dirty' build" not in record.getMessage())


def on_serve(server, config, builder):
    print(f"serve: {server.url}  (English: {server.url}en/; stop with Ctrl-C)", flush=True)


def on_config(config):
    """Read and check everything, and set the sheets, before MkDocs empties the output folder."""
    if str(ROOT / "scripts") not in sys.path:  # MkDocs takes it away after loading this file; the press needs it
        sys.path.insert(0, str(ROOT / "scripts"))
    address = _now.setdefault("address", config.site_url or "")  # that of `mkdocs serve` changes with its port
    folders = (ROOT / "docs", ROOT / "overrides")
    sources = [ROOT / "mkdocs.yml", *(f for folder in folders for f in sorted(folder.rglob("*.*")) if f.is_file())]
    state = [(str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in sources]
    if _now.get("state") == state:
        return
    book = Book(ROOT, site_url=address)
    if bad := errors(book.problems()):
        raise PluginError("\n" + report(bad))
    try:
        printed = press.make(book.papers(), ROOT / ".build" / "sheets")
    except (press.SheetError, OSError) as error:
        raise PluginError(f"\n{error}") from None
    book.sizes = printed.sizes
    _now.update(book=book, printed=printed, state=state)
    _render(book, [s for s in state if s[0].endswith((".html", "mkdocs.yml"))])
    # MkDocs dates its files by this; a build without it counts as the day of the newest check
    day = int(datetime.combine(book.today, time(), UTC).timestamp())
    os.environ["SOURCE_DATE_EPOCH"] = os.environ.get("SOURCE_DATE_EPOCH") or str(day)


def _render(book, templates) -> None:
    """Every page's Markdown, and which pages are not as they were at the last build: a dirty build makes only those."""
    titles = [[(path, page.title) for path, page in book.pages[lang].items()] for lang in book.pages]
    around = repr((titles, templates, book.site_url, mkdocs.__version__, material.__version__))
    places = [(lang, path) for lang in book.pages for path in book.pages[lang]]
    texts = {place: book.render(*place) for place in places}
    keys = {place: Store.key(around, repr(place), texts[place], *book.parts(*place)) for place in places}
    _now.update(texts=texts, keys=keys, kept=Store(ROOT / ".build" / "pages"))


@event_priority(-200)  # after static-i18n, which makes the files anew
def on_files(files, config):
    """A dirty build makes only pages that the store lacks: those whose Markdown or frame, not whose file, is new."""
    for file in files.documentation_pages():
        file.is_modified = lambda key=_now["keys"][_place(file)]: key not in _now["kept"]  # noqa: B008


def on_env(env, config, files):
    env.bytecode_cache = FileSystemBytecodeCache(_folder("templates"))
    env.globals["contacts"] = _now["book"].registers.contacts


def _folder(name: str) -> str:
    folder = ROOT / ".build" / name
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _place(file) -> tuple[str, str]:
    """(language, path) of a page, from where its file lies."""
    lang, _, path = Path(file.abs_src_path).relative_to(ROOT / "docs").as_posix().removesuffix(".md").partition("/")
    return lang, path


def on_nav(nav, config, files):
    """A section is called what its index page is called, so that the nav needs no translations."""
    for section in nav.items:
        first = (section.children or [None])[0] if section.is_section else None
        if first is not None and first.is_page:
            lang, path = _place(first.file)
            section.title = _now["book"].pages[lang][path].title
    for page in nav.pages:  # those that a dirty build does not read have no title otherwise
        lang, path = _place(page.file)
        page.title = _now["book"].pages[lang][path].title


def on_page_markdown(markdown, page, config, files):
    return _now["texts"][_place(page.file)]


def on_page_content(html, page, config, files):
    return _now["book"].fill(*_place(page.file), html)


def on_post_page(output, page, config):
    """The theme asks for a sitemap beside every alternate address: two 404s a page. The sitemap has them."""
    page.markdown = page.content = ""  # written now; MkDocs would keep the text of every page to the end
    # no \s* before it: the theme leaves long runs of blanks, each tried from every place
    output = re.sub(r'<link rel="alternate" [^>]*hreflang[^>]*>', "", output)
    _now["kept"].keep(_now["keys"][_place(page.file)], output.encode())
    return output


@event_priority(-200)  # after static-i18n, which builds the second language in this event
def on_post_build(config):
    """Once both languages are there: what is made for both, and what makes pages a site to publish."""
    if config.plugins["i18n"].building:
        return
    site, book, kept = Path(config.site_dir), _now["book"], _now["kept"]
    for (lang, path), key in _now["keys"].items():
        target = site / book.pages[lang][path].url / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(kept.path(key).read_bytes())
    kept.clear()
    for name, content in book.files.items():
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    _now["printed"].put(site)
    if not _now["live"]:
        try:
            finish.finish(ROOT, site, book.site_url, book.today)
        except (finish.FinishError, OSError) as error:
            raise PluginError(f"\n{error}") from None
