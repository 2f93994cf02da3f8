"""Measure the search in Chromium on the built site: how well it answers a set of questions, how much it loads, how fast.

A file of questions is JSON: a list of {id, lang, query, topic, also_ok}, with an optional style. A result is a hit if
its page has the question's topic (strict) or one of also_ok (lenient).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from functools import lru_cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from handbook.book import Book
from handbook.ship.versions import ROOT, build
from handbook.web import search_index
from judge import COLUMNS, HOSTILE, language, table
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
LIMIT = 10
# Material's search as this site had it before: jieba cuts the text, this separator the query
MATERIAL = "  - search:\n      lang: [zh, en]\n      separator: '[\\s\\u200b\\-，。、；：？！（）“”《》/]+'\n"
OURS = """async ([query, language, limit]) => (await (await import(window.siteRoot + 'assets/javascripts/search.js')).search(query, {language, limit})).map(r => r.url)"""
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


@lru_cache(maxsize=2000)
def _zipped(path: Path, stamp: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


def serve(site: Path, mounts: dict[str, Path] | None = None) -> str:
    """The site on a free port of this machine, compressed as a host does it. mounts: ``{first folder: directory}``."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def translate_path(self, path):
            for name, folder in (mounts or {}).items():
                if path.startswith(f"/{name}/"):
                    return str(folder / path.removeprefix(f"/{name}/").split("?")[0])
            return super().translate_path(path)

        def do_GET(self):
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                return self.send_error(404)
            packed = path.suffix in (".html", ".js", ".css", ".json", ".txt", ".xml", ".svg")
            body = _zipped(path, path.stat().st_mtime_ns) if packed else path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Length", str(len(body)))
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a, **k: Handler(*a, directory=str(site.resolve()), **k))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def opened(browser: Browser, address: str, path: str = "") -> Page:
    # without the worker, which after a while answers from its own copy of the site
    page = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block").new_page()
    page.goto(address + path, wait_until="load")
    page.evaluate("root => { window.siteRoot = root }", "/")
    while page.evaluate("document.documentElement.dataset.modules === 'asked'"):  # modules come after the first paint
        page.wait_for_timeout(5)
    return page


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
    indexes = search_index.indexes(book.pages, book.order, book.registers)
    asked: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        asked[language(row), row["topic"]].append(number)
    found: list[list[str]] = [[] for _ in rows]
    with tempfile.TemporaryDirectory() as folder:
        page = opened(browser, serve(site, {"left-out": Path(folder)}))
        for (lang, topic), numbers in asked.items():
            Path(folder, f"{lang}-{topic}.txt").write_bytes(search_index.encode(without(indexes[lang], topic)))
            answers = page.evaluate(
                LEFT_OUT, [f"left-out/{lang}-{topic}.txt", [rows[n]["query"] for n in numbers], LIMIT]
            )
            for number, urls in zip(numbers, answers, strict=True):
                found[number] = urls
        page.context.close()
    return found


def weigh(site: Path) -> None:
    for file in sorted((site / "assets/search").glob("*.txt")):
        print(f"index {file.name}: {file.stat().st_size:,} bytes, {len(_zipped(file, 0)):,} gzip")


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
    page = opened(browser, address)
    for asked in (("还不上", "zh", 1), ("bankruptcy", "en", 1)):
        page.evaluate(OURS, list(asked))
    page.wait_for_timeout(1500)  # what is made in a quiet moment is made
    worst, where, again = page.evaluate(HOSTILE, 10_000)
    print(
        f"10,000 hostile strings: none threw, the slowest took {worst:.0f} ms: {where}; the slowest of those over 8 ms, asked once more, {again:.0f} ms"
    )
    page.context.close()


def _slow(page: Page, rate: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def material_site(work: Path) -> Path:
    """The same pages built with Material's own search, and with its own templates, which start it."""
    lines = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    config = "".join(line for line in lines if "custom_dir" not in line).replace(
        "  - i18n:\n", MATERIAL + "  - i18n:\n", 1
    )
    file = ROOT / f".search-baseline-{os.getpid()}.yml"  # paths in it count from where it lies
    try:
        file.write_text(config, encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(file), "-d", str(work / "material")],
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    finally:
        file.unlink(missing_ok=True)
    return work / "material"


def baselines(browser: Browser, site: Path, rows: list[dict], topics: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        built = material_site(work)
        page = opened(browser, serve(built))
        show("Material's search", table(rows, [page.evaluate(MATERIAL_ASK, [r["query"], LIMIT]) for r in rows], topics))
        index = built / "search/search_index.json"
        print(
            f"  index: {index.stat().st_size:,} bytes, {len(_zipped(index, 0)):,} gzip, both languages, with every first page"
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
        address = serve(site, {"pagefind": work / "pagefind"})
        pages = {lang: opened(browser, address, path) for lang, path in (("zh", ""), ("en", "en/"))}
        show(
            "Pagefind 1.5.2",
            table(rows, [pages[language(r)].evaluate(PAGEFIND_ASK, [r["query"], LIMIT]) for r in rows], topics),
        )
        for page in pages.values():
            page.context.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/search-eval", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        raise SystemExit("search-eval: no Chromium: run scripts/setup --browser")
    site = options.site or ROOT / "site"
    if not (site / "index.html").exists() and (options.site or build()):
        raise SystemExit(f"search-eval: no site in {site}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
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
    address = serve(site)
    pages = {lang: opened(browser, address, path) for lang, path in (("zh", ""), ("en", "en/"))}
    found = [pages[language(r)].evaluate(OURS, [r["query"], language(r), LIMIT]) for r in rows]
    show("this search", table(rows, found, topics))
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
