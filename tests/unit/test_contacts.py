"""A hotline's number stands in one place: changed there, it is changed wherever a reader meets it."""

import re
import shutil

from conftest import ROOT
from handbook.book import Book
from handbook.web import search_index

OLD, NEW = "12356", "12999"


def everything(root) -> dict[str, str]:
    """All that a reader can meet, by where: pages, lists, tools, search, plain texts, cards, sheets."""
    book = Book(root, site_url="https://example.org/")
    out = {f"{lang}/{path}": book.whole(lang, path) for lang in book.pages for path in book.pages[lang]}
    out |= {f"head {page.file}": str(page.meta) for pages in book.pages.values() for page in pages.values()}
    for name, content in book.files.items():
        if name.endswith((".html", ".txt", ".js", ".xml")) and not re.match(r"assets/search/(zh|en)\.", name):
            out[name] = content.decode()
    out |= {f"search {lang}": str(index) for lang, index in search_index.indexes(book).items()}
    return out | {paper.address: str(paper.data) for paper in book.papers()}


def test_a_number_that_changes_is_changed_everywhere(tmp_path):
    for name in ("docs", "mkdocs.yml", "overrides"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    before = {where for where, text in everything(tmp_path).items() if OLD in text}
    for kind in ("start/if-you-cannot-cope", "print/zh/", "print/en/", "search zh", "reference/contacts"):
        assert any(kind in where for where in before), kind
    contacts = tmp_path / "docs/data/contacts.yml"
    contacts.write_text(
        contacts.read_text(encoding="utf-8").replace(f'number: "{OLD}"', f'number: "{NEW}"'), encoding="utf-8"
    )
    after = everything(tmp_path)
    assert [where for where, text in after.items() if OLD in re.sub(rf"[a-z-]*-{OLD}", "", text)] == []
    assert before == {where for where, text in after.items() if NEW in text}
    assert [p for p in Book(tmp_path).problems() if p.level == "error"] == []
