"""Measure the search in Chromium on the built site: how well it answers a set of questions, how much it loads, how fast.

A file of questions is JSON: a list of {id, lang, query, topic, also_ok}, with an optional style. A result is a hit if
its page has the question's topic (strict) or one of also_ok (lenient).
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import common
from handbook.book import Book
from handbook.model.text import HAN
from handbook.ship.versions import ROOT, build
from handbook.web import search_index
from playwright.sync_api import Browser, Page, sync_playwright

LIMIT = 10
COLUMNS = ("n", "s@1", "s@3", "s@5", "MRR", "l@1", "l@3", "l@5", "zero")
# Material's search as this site had it before: jieba cuts the text, this the query
SEPARATOR = "[\\s\\u200b\\-，。、；：？！（）“”《》/]+"
OURS = """async ([query, language, limit]) => {
  const {find, search} = await import(window.siteRoot + 'assets/javascripts/search.js')
  const pages = (await search(query, {language, limit})).map(r => r.url)
  return [pages, [...(await find(query, {language, limit})).answers.map(r => r.url), ...pages]]
}"""
MATERIAL_ASK = """async ([query, limit]) => {
  if (!window.asked) {
    const index = await (await fetch(window.siteRoot + 'search/search_index.json')).json()
    const worker = new Worker(JSON.parse(document.getElementById('__config').textContent).search.replace(/^\\.+\\//, window.siteRoot))
    const ask = message => new Promise(done => { worker.onmessage = event => done(event.data); worker.postMessage(message) })
    await ask({type: 0, data: {config: index.config, docs: index.docs, options: {suggest: false}}})
    window.asked = ask
  }
  const answer = await window.asked({type: 2, data: query})
  return answer.data.items.slice(0, limit).map(item => window.siteRoot + item[0].location)
}"""
PAGEFIND_ASK = """async ([query, limit]) => {
  if (!window.pagefind) { window.pagefind = await import('/pagefind/pagefind.js'); await window.pagefind.options({baseUrl: '/'}); await window.pagefind.init() }
  const found = await window.pagefind.search(query)
  return (await Promise.all(found.results.slice(0, limit).map(r => r.data()))).map(r => r.url)
}"""
KEY = """async value => {
  const input = document.querySelector('[data-find] input')
  const shown = new Promise(done => new MutationObserver((_, all) => { all.disconnect(); done() }).observe(document.querySelector('[role=listbox]'), {childList: true}))
  const start = performance.now()
  input.value = value
  input.dispatchEvent(new InputEvent('input', {bubbles: true}))
  await Promise.race([shown, new Promise(done => setTimeout(done, 2000))]) // until the list is the answer to this key
  document.querySelector('[data-panel]').offsetHeight
  return performance.now() - start
}"""
TOUCH = """async query => {
  const input = document.querySelector('[data-find] input')
  const start = performance.now()
  document.querySelector('[data-find]').classList.add('find--open')
  input.focus()
  input.value = query
  input.dispatchEvent(new InputEvent('input', {bubbles: true}))
  while (!document.querySelector('[role=option]')) await new Promise(done => setTimeout(done, 1))
  document.querySelector('[data-panel]').offsetHeight
  return performance.now() - start
}"""
LEFT_OUT = """async ([file, queries, limit]) => {
  const {Index, unpack} = await import(window.siteRoot + 'assets/javascripts/search-engine.js')
  const index = new Index(unpack(new Uint8Array(await (await fetch(window.siteRoot + file)).arrayBuffer())))
  return queries.map(query => { const units = index.units(query); return index.rank(units).slice(0, limit).map(([n]) => window.siteRoot + index.pages[n][0]) })
}"""


def opened(browser: Browser, address: str, path: str = "") -> Page:
    # without the worker, which after a while answers from its own copy of the site
    page = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block").new_page()
    page.goto(address + path, wait_until="load")
    page.evaluate("root => { window.siteRoot = root }", "/")
    while page.evaluate("document.documentElement.dataset.modules === 'asked'"):  # modules come after the first paint
        page.wait_for_timeout(5)
    return page


def language(row: dict) -> str:
    """The language of the page on which a question is asked."""
    return "en" if row["lang"] == "en" else "zh"


def style(row: dict) -> str:
    """How a question is put: its own word for it, or key words against a sentence, by length."""
    text = row["query"]
    return row.get("style") or (
        "words" if (len(text) <= 7 if HAN.search(text) else len(text.split()) <= 3) else "sentence"
    )


def table(rows: list[dict], found: list[list[str]], topics: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Figures by group: overall, by language, by style. found: addresses of the results, best first, one list a row."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0.0))
    for row, urls in zip(rows, found, strict=True):
        pages = list(dict.fromkeys(url.split("#")[0].split("?")[0].strip("/") for url in urls))
        kinds = [
            topics.get(page.removeprefix("en").strip("/") if page == "en" or page.startswith("en/") else page, [])
            for page in pages
        ]
        wanted = {row["topic"]}
        strict = next((n for n, k in enumerate(kinds) if wanted & set(k)), None)
        lenient = next((n for n, k in enumerate(kinds) if (wanted | set(row.get("also_ok", []))) & set(k)), None)
        for group in ("all", row["lang"], f"[{style(row)}]"):
            sum_ = sums[group]
            sum_["n"] += 1
            sum_["MRR"] += 1 / (strict + 1) if strict is not None else 0
            sum_["zero"] += not pages
            for at in (1, 3, 5):
                sum_[f"s@{at}"] += strict is not None and strict < at
                sum_[f"l@{at}"] += lenient is not None and lenient < at
    return {group: {c: v if c == "n" else v / s["n"] for c, v in s.items()} for group, s in sums.items()}


def show(name: str, figures: dict[str, dict[str, float]]) -> None:
    print(f"\n{name:22}" + "".join(f"{c:>7}" for c in COLUMNS))
    for group, row in figures.items():
        print(f"  {group:20}" + "".join(f"{row[c]:7.0f}" if c == "n" else f"{row[c]:7.3f}" for c in COLUMNS))


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def without(data: dict, topic: str) -> dict:
    """An index without the words of a topic and the aliases of its pages. Claims, synonyms and the pages' text stay."""
    return {
        **data,
        "topics": {**data["topics"], topic: [data["topics"][topic][0], []]},
        "pages": [{**p, "a": []} if topic in p["k"] else p for p in data["pages"]],
    }


def left_out(browser: Browser, site: Path, book: Book, rows: list[dict]) -> list[list[str]]:
    """The results for each question by an index `without` its topic."""
    indexes = search_index.indexes(book)
    asked: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        asked[language(row), row["topic"]].append(number)
    found: list[list[str]] = [[] for _ in rows]
    with tempfile.TemporaryDirectory() as folder:
        page = opened(browser, common.serve(site, {"left-out": Path(folder)}))
        for (lang, topic), numbers in asked.items():
            Path(folder, f"{lang}-{topic}.txt").write_bytes(search_index.encode(without(indexes[lang], topic), 0))
            answers = page.evaluate(
                LEFT_OUT, [f"left-out/{lang}-{topic}.txt", [rows[n]["query"] for n in numbers], LIMIT]
            )
            for number, urls in zip(numbers, answers, strict=True):
                found[number] = urls
        page.context.close()
    return found


def weigh(site: Path) -> None:
    for file in sorted((site / "assets/search").glob("*.txt")):
        print(f"index {file.name}: {file.stat().st_size:,} bytes, {len(gzip.compress(file.read_bytes(), 9)):,} gzip")


def beside(browser: Browser, addresses: dict[str, str], rows: list[dict], slow: int) -> None:
    """First touch and keys of several built sites in alternation, each site a fresh page a turn."""
    for lang, path in (("zh", ""), ("en", "en/")):
        texts = [r["query"] for r in rows if language(r) == lang]
        touch: dict[str, list[float]] = {name: [] for name in addresses}
        keys: dict[str, list[float]] = {name: [] for name in addresses}
        for text in texts[:15]:
            for name, address in addresses.items():
                page = opened(browser, address, path)
                page.wait_for_timeout(300)
                _slow(page, slow)
                touch[name].append(page.evaluate(TOUCH, text))
                keys[name] += [page.evaluate(KEY, text[: n + 1]) for n in range(len(text))]
                page.context.close()
        for name in addresses:
            print(
                f"{lang} {name}: first touch median {statistics.median(touch[name]):.0f} ms, keys p50 {percentile(keys[name], 0.5):.1f}, p95 {percentile(keys[name], 0.95):.1f} ms at {slow} x slow-down ({len(touch[name])} touches, {len(keys[name])} keys)"
            )


def speed(browser: Browser, address: str, rows: list[dict], slow: int) -> None:
    """First view, first touch and every key, on the real box."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    loaded: list[str] = []
    page.on("request", lambda r: loaded.append(r.url))
    page.goto(address, wait_until="networkidle")
    print(f"first view: {sum('/assets/search/' in u and u.endswith('.txt') for u in loaded)} index files asked for")
    page.context.close()
    for lang, path in (("zh", ""), ("en", "en/")):
        texts = [r["query"] for r in rows if language(r) == lang]
        times = []
        for text in texts[:7]:
            page = opened(browser, address, path)
            page.wait_for_timeout(300)  # nobody touches the box in the moment it appears
            _slow(page, slow)
            times.append(page.evaluate(TOUCH, text))
            page.context.close()
        keys: dict[int, list[float]] = {}
        for rate in dict.fromkeys((1, slow)):
            page = opened(browser, address, path)
            page.evaluate(TOUCH, texts[0])
            _slow(page, rate)
            keys[rate] = [page.evaluate(KEY, text[: n + 1]) for text in texts[:40] for n in range(len(text))]
            page.context.close()
        print(
            f"{lang}: first touch to first result at {slow} x slow-down: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms"
        )
        for rate, values in keys.items():
            print(
                f"{lang}: per key at {rate} x slow-down ({len(values)} keys): p50 {percentile(values, 0.5):.1f} ms, p95 {percentile(values, 0.95):.1f} ms, most {max(values):.1f} ms"
            )


def _slow(page: Page, rate: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def material_site(work: Path) -> Path:
    """The same pages built with Material's own search, and with its own templates, which start it."""
    return common.plain(work, "material", {"search": {"lang": ["zh", "en"], "separator": SEPARATOR}})


def baselines(browser: Browser, site: Path, rows: list[dict], topics: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        built = material_site(work)
        page = opened(browser, common.serve(built))
        show("Material's search", table(rows, [page.evaluate(MATERIAL_ASK, [r["query"], LIMIT]) for r in rows], topics))
        index = built / "search/search_index.json"
        print(
            f"  index: {index.stat().st_size:,} bytes, {len(gzip.compress(index.read_bytes(), 9)):,} gzip, both languages, with every first page"
        )
        page.context.close()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pagefind",
                "--site",
                str(site.resolve()),
                "--output-path",
                str(work / "pagefind"),
                "--root-selector",
                "article.md-content__inner",
                "--quiet",
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        address = common.serve(site, {"pagefind": work / "pagefind"})
        pages = {lang: opened(browser, address, path) for lang, path in (("zh", ""), ("en", "en/"))}
        show(
            "Pagefind 1.5.2",
            table(rows, [pages[language(r)].evaluate(PAGEFIND_ASK, [r["query"], LIMIT]) for r in rows], topics),
        )
        for page in pages.values():
            page.context.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/lab/search-eval", description=__doc__)
    parser.add_argument("file", type=Path, help="JSON file of questions")
    parser.add_argument(
        "--baselines", action="store_true", help="also Material's own search and Pagefind on the same pages"
    )
    parser.add_argument(
        "--leave-out",
        action="store_true",
        help="also without the register's words and the aliases of each question's topic: what generalises",
    )
    parser.add_argument(
        "--misses", action="store_true", help="name the questions without a strict hit in the first three"
    )
    parser.add_argument("--slow", type=int, default=4, help="CPU slow-down for the times (4)")
    parser.add_argument("--site", type=Path, help="a built site (site/, built first if it is missing)")
    parser.add_argument(
        "--beside", type=Path, metavar="SITE", help="only the times, beside those of another built site"
    )
    parser.add_argument("--delay", type=float, default=0, help="with --beside: milliseconds before each answer (0)")
    options = parser.parse_args()
    missing = [name for name in ("jieba", "pagefind") if options.baselines and not importlib.util.find_spec(name)]
    if missing:
        raise SystemExit(f"search-eval: --baselines needs {' and '.join(missing)}: .venv/bin/pip install '.[lab]'")
    site = options.site or ROOT / "site"
    if not (site / "index.html").exists() and (options.site or build()):
        raise SystemExit(f"search-eval: no site in {site}")
    with sync_playwright() as play:
        browser = common.chromium(play)
        if options.beside:
            sites = {"ours": site, "other": options.beside}
            both = {name: common.serve(folder, delay=options.delay) for name, folder in sites.items()}
            beside(browser, both, read(options.file), options.slow)
        else:
            evaluate(browser, site, read(options.file), options)
        browser.close()
    return 0


def read(file: Path) -> list[dict]:
    """The questions. Raises SystemExit with the place for a file that is no list of questions."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"search-eval: cannot read {file}: {error}") from None
    for number, row in enumerate(rows if isinstance(rows, list) else [None]):
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("lang", "query", "topic")):
            raise SystemExit(f"search-eval: {file}: question {number + 1} needs the texts lang, query and topic")
    return rows


def evaluate(browser: Browser, site: Path, rows: list[dict], options) -> None:
    book = Book(ROOT)
    topics = {
        page.url.strip("/"): [str(t) for t in page.meta.get("topics") or []] for page in book.pages["zh"].values()
    }
    address = common.serve(site)
    pages = {lang: opened(browser, address, path) for lang, path in (("zh", ""), ("en", "en/"))}
    both = [pages[language(r)].evaluate(OURS, [r["query"], language(r), LIMIT]) for r in rows]
    found = [urls for urls, _ in both]
    show("this search", table(rows, found, topics))
    answered = sum(len(first) > len(urls) for urls, first in both)
    show(f"with its {answered} answers first", table(rows, [first for _, first in both], topics))
    if options.misses:
        for row, urls in zip(rows, found, strict=True):
            if not table([row], [urls], topics)["all"]["s@3"]:
                print(f"  miss {row.get('id', '')} {row['query']} ({row['topic']}): {' '.join(urls[:3])}")
    if options.leave_out:
        show("topic left out", table(rows, left_out(browser, site, book, rows), topics))
    weigh(site)
    speed(browser, address, rows, options.slow)
    if options.baselines:
        baselines(browser, site, rows, topics)


if __name__ == "__main__":
    sys.exit(main())
