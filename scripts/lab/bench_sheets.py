"""How long the sheets take and how large they are, beside the same list printed by Chromium and by WeasyPrint."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import common
from common import ROOT
from handbook.book import Book
from handbook.paper import press, sheets

LISTS = ("first-evening", "prepare-list-every-debt")


def timed(work) -> tuple[float, bytes]:
    started = time.perf_counter()
    data = work()
    return time.perf_counter() - started, data


def chromium(page, url: str):
    page.goto(url)
    return page.pdf(prefer_css_page_size=True)


_count = itertools.count()


def fresh(paper):
    """The same list with a number behind every item: the typesetter remembers what it has set, which would flatter it."""
    number = next(_count)
    parts = [
        {**part, "items": [[f"{text} {number}" for text in row] for row in part["items"]]}
        for part in paper.data["parts"]
    ]
    return dataclasses.replace(paper, data={**paper.data, "parts": parts})


def printers(site: Path, stack: list):
    """{name: function from (language, list) to a PDF}; a printer that is not installed is left out, and said so."""
    typesetter = press.Press(press.font())
    papers = {(p.edition, p.row.name): p for p in sheets.papers(Book(ROOT)) if not p.large}
    out = {"Typst": lambda lang, name: typesetter.pdf(fresh(papers[(lang, name)]))[0]}
    try:
        from playwright.sync_api import sync_playwright

        play = sync_playwright().start()
        browser = common.chromium(play)
        stack += [browser.close, play.stop]
        page = browser.new_page()
        out["Chromium"] = lambda lang, name: chromium(page, (site / f"print/{lang}/{name}.html").resolve().as_uri())
    except Exception as error:  # a comparison is made with what is there
        print(f"Chromium is left out: {str(error).splitlines()[0]}", file=sys.stderr)
    try:
        import weasyprint

        out["WeasyPrint"] = lambda lang, name: weasyprint.HTML(str(site / f"print/{lang}/{name}.html")).write_pdf(
            pdf_tags=True
        )
    except (ImportError, OSError) as error:
        print(
            f"WeasyPrint is left out ({error}): .venv/bin/pip install '.[lab]', and Debian's libpangoft2-1.0-0",
            file=sys.stderr,
        )
    return out


def main(runs: int) -> int:
    site = (ROOT / "site").resolve()
    papers = sheets.papers(Book(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        cold, warm = [], []
        for run in range(runs):
            shutil.rmtree(Path(folder, "store"), ignore_errors=True)
            for times in (cold, warm):
                times.append(timed(lambda: press.make(papers, Path(folder, "store"), quiet=True))[0])
            print(f"run {run + 1} of {runs}: cold {cold[-1]:.1f} s, nothing changed {warm[-1]:.2f} s", file=sys.stderr)
        press.make(papers, Path(folder, "store"), quiet=True).put(Path(folder, "out"))
        made = sorted(Path(folder, "out").rglob("*.pdf"), key=lambda f: f.stat().st_size)
        print(
            f"{len(made)} PDFs: cold {statistics.median(cold):.1f} s, nothing changed {statistics.median(warm):.2f} s; median {made[len(made) // 2].stat().st_size / 1000:.0f} KB, {sum(f.stat().st_size for f in made) / 1e6:.1f} MB in all"
        )
        print(
            f"over 80 KB: {', '.join(f'{f.parent.name}/{f.stem} {f.stat().st_size / 1000:.0f}' for f in made if f.stat().st_size > 80_000)}"
        )
    if not (site / "print").exists():
        print("no site/print: run scripts/build first for the comparison", file=sys.stderr)
        return 1
    stack: list = []
    try:
        ways = printers(site, stack)
        for name in LISTS:
            for lang in ("zh", "en"):
                times: dict[str, list[float]] = {way: [] for way in ways}
                sizes: dict[str, int] = {}
                for work in ways.values():  # once unmeasured: fonts and programs are read
                    work(lang, name)
                for _ in range(runs):
                    for way, work in ways.items():
                        took, pdf = timed(lambda work=work, lang=lang, name=name: work(lang, name))
                        times[way].append(took)
                        sizes[way] = len(pdf)
                print(
                    f"{lang}/{name}: "
                    + "; ".join(
                        f"{way} {statistics.median(times[way]) * 1000:.0f} ms, {sizes[way] / 1000:.0f} KB"
                        for way in ways
                    )
                )
    finally:
        for close in stack:
            close()
    return 0
