"""How the search grows: the same pages many times over with altered text, one index file, measured in Chromium."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
from pathlib import Path

import search_eval
from build import ROOT
from handbook import search_index
from handbook.book import Book
from handbook.page import LANGS

ALTERED = 0.15  # of the characters or words of a copy are others, drawn from the pages themselves
PIECE = {"zh": re.compile(r"[\u4e00-\u9fff]"), "en": re.compile(r"[A-Za-z]{3,}")}


def altered(data: dict, lang: str, times: int) -> dict:
    """An index with every page `times` times; the first copy is the page itself."""
    pages = data["pages"]
    pool = PIECE[lang].findall(" ".join(section[2] for page in pages for section in page["s"]))
    out = list(pages)
    for copy in range(1, times):
        dice = random.Random(copy)

        def change(text: str, dice: random.Random = dice) -> str:
            return PIECE[lang].sub(lambda m: dice.choice(pool) if dice.random() < ALTERED else m[0], text)

        for page in pages:
            out.append({
                **page, "u": f"{page['u'].rstrip('/')}-{copy}/", "t": change(page["t"]), "d": change(page["d"]), "a": [change(a) for a in page["a"]],
                "s": [[anchor, change(heading), change(text)] for anchor, heading, text in page["s"]],
            })
    return {**data, "pages": out}


def measure(browser, every: list[int], slow: int) -> None:
    """Print, for each number of copies, the size of one file per language, the first result and the time per key."""
    book = Book(ROOT)
    indexes = search_index.indexes(book.pages, book.order, book.registers)
    print(f"{'':4}{'times':>6}{'pages':>7}{'bytes':>13}{'gzip':>12}{'first result':>15}{'p50 key':>9}{'p95 key':>9}   (ms; first result at {slow} x slow-down)")
    for times in [1, *every]:
        with tempfile.TemporaryDirectory() as folder:
            grown = {lang: altered(indexes[lang], lang, times) for lang in LANGS}
            for name, content in search_index.files(grown, search_index.cards(book.registers, book.pages)).items():
                Path(folder, name.removeprefix(search_index.FOLDER)).write_bytes(content)
            address = search_eval.serve(ROOT / "site", {"assets/search": Path(folder)})
            for lang, path in (("zh", ""), ("en", "en/")):
                texts = [page["a"][0] for page in indexes[lang]["pages"][::12] if page["a"]]
                file = next(Path(folder).glob(f"{lang}.*.txt"))
                page = search_eval.opened(browser, address, path)
                page.evaluate("async name => { await (await fetch('/assets/search/' + name)).text() }", file.name)  # a warm server
                page.reload()
                search_eval._slow(page, slow)
                first = page.evaluate(search_eval.TOUCH, texts[0])
                search_eval._slow(page, 1)
                keys = [page.evaluate(search_eval.KEY, text[: n + 1]) for text in texts for n in range(len(text))]
                size = file.read_bytes()
                print(f"{lang:4}{times:6}{len(grown[lang]['pages']):7}{len(size):13,}{len(gzip.compress(size, 9)):12,}{first:15.0f}{search_eval.percentile(keys, 0.5):9.1f}{search_eval.percentile(keys, 0.95):9.1f}", flush=True)
                page.context.close()
