"""How the search grows: the same pages many times over with altered text, in one file and split, measured in Chromium."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
from pathlib import Path

import search_eval
from handbook.book import Book
from handbook.model.page import LANGS
from handbook.ship.versions import ROOT
from handbook.web import search_index

ALTERED = 0.15  # of the characters or words of a copy are others, drawn from the pages themselves
PIECE = {"zh": re.compile(r"[\u4e00-\u9fff]"), "en": re.compile(r"[A-Za-z]{3,}")}

LOADS = """async ([texts, language]) => {
  performance.setResourceTimingBufferSize(1000)
  const out = []
  for (const [n, text] of texts.entries()) {
    performance.clearResourceTimings()
    const {search} = await import(window.siteRoot + 'assets/javascripts/search.js?' + n) // a reader who has nothing yet
    const urls = (await search(text, {language})).map(r => r.url)
    await new Promise(done => setTimeout(done, 50))
    out.push([performance.getEntriesByType('resource').map(e => e.name.split('/').pop()).filter(name => name.endsWith('.txt')), urls])
  }
  return out
}"""
KEYS = """async ([texts, language]) => {
  const {search} = await import(window.siteRoot + 'assets/javascripts/search.js')
  await search('a', {language})
  const passes = [[], []]
  for (const text of texts) for (const pass of passes) for (let n = 1; n <= text.length; n++) {
    const start = performance.now()
    await search(text.slice(0, n), {language})
    pass.push(performance.now() - start)
  }
  return passes
}"""


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
            out.append(
                {
                    **page,
                    "u": f"{page['u'].rstrip('/')}-{copy}/",
                    "t": change(page["t"]),
                    "d": change(page["d"]),
                    "a": [change(a) for a in page["a"]],
                    "s": [[anchor, change(heading), change(text)] for anchor, heading, text in page["s"]],
                }
            )
    return {**data, "pages": out}


def place(files: dict[str, bytes], site: Path, folder: Path) -> dict[str, bytes]:
    """Write an index into a folder, under the names that the pages of a built site ask for. Returns its files by name."""
    out = {name.removeprefix(search_index.FOLDER): content for name, content in files.items()}
    for lang in LANGS:
        have = next((site / search_index.FOLDER).glob(f"{lang}.*.txt")).name.removesuffix(".txt")
        base = re.search(rf'"({lang}\.\w+)\.txt"', out["manifest.js"].decode())[1]
        out = {
            name.replace(base, have): content.replace(base.encode(), have.encode())
            if name == "manifest.js"
            else content
            for name, content in out.items()
        }
    for name, content in out.items():
        (folder / name).write_bytes(content)
    return out


def measure(browser, every: list[int], slow: int) -> None:
    """Print, for each number of copies and both forms of the index, what it weighs, what a question loads, finds and takes.

    A question loads: everything from nothing to its results, compressed. Found: of the first pages that the pages as they
    are give, how many are still among the first ten, themselves (or a copy). A key: work, all files there; with loading
    from this machine. First result: in the box, which waits for a lull in typing before it asks a split index.
    """
    book = Book(ROOT)
    site = ROOT / "site"
    indexes = search_index.indexes(book.pages, book.order, book.registers)
    cards = search_index.cards(book.registers, book.pages)
    rows = search_eval.read(ROOT / "tests/data/search-queries.json")
    best: dict[str, list[str]] = {}
    for times in [1, *every]:
        grown = {lang: altered(indexes[lang], lang, times) for lang in LANGS}
        for form, one_file in (("one", 1 << 40), ("split", 0)):
            with tempfile.TemporaryDirectory() as folder:
                files = place(search_index.files(grown, cards, one_file), site, Path(folder))
                sizes = {
                    name: len(gzip.compress(content, 9)) for name, content in files.items() if name.endswith(".txt")
                }
                address = search_eval.serve(site, {"assets/search": Path(folder)})
                for lang, path in (("zh", ""), ("en", "en/")):
                    texts = [row["query"] for row in rows if search_eval.language(row) == lang]
                    page = search_eval.opened(browser, address, path)
                    answers = page.evaluate(LOADS, [texts, lang])
                    keys = page.evaluate(KEYS, [texts[:12], lang])
                    page.reload()  # the server is warm now
                    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
                    search_eval._slow(page, slow)
                    first = page.evaluate(search_eval.TOUCH, texts[0])
                    page.context.close()
                    loads = [sum(sizes[name] for name in names) for names, _ in answers]
                    found = [urls for _, urls in answers]
                    best.setdefault(lang, [urls[0] if urls else "" for urls in found])
                    same = sum(top in urls for top, urls in zip(best[lang], found, strict=True)) / len(found)
                    like = sum(
                        top in [re.sub(r"-\d+/$", "/", url) for url in urls]
                        for top, urls in zip(best[lang], found, strict=True)
                    ) / len(found)
                    mine = {name: content for name, content in files.items() if name.startswith(f"{lang}.")}
                    p = search_eval.percentile
                    print(
                        f"{lang} x{times} {form}: {len(grown[lang]['pages'])} pages, {len(mine)} files, {sum(map(len, mine.values())):,} bytes, {sum(sizes[name] for name in mine):,} gzip\n"
                        f"    a question loads: median {p(loads, 0.5):,}, p95 {p(loads, 0.95):,}, most {max(loads):,}; found {same:.3f} ({like:.3f})\n"
                        f"    key p50 {p(keys[1], 0.5):.1f} ms, p95 {p(keys[1], 0.95):.1f} ms; with loading p50 {p(keys[0], 0.5):.1f} ms, p95 {p(keys[0], 0.95):.1f} ms; first result at {slow} x slow-down {first:.0f} ms",
                        flush=True,
                    )
