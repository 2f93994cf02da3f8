"""Lighthouse (mobile) on our pages and on stock Material's of the same text, or on another build, in alternation, and what
each visit transfers."""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import common
from common import ROOT
from handbook.ship.versions import build

LIGHTHOUSE = ROOT / ".build/measure/node_modules/.bin/lighthouse"
PAGES = (
    "",
    "start/most-urgent/",
    "prepare/what-you-can-pay/",
    "strategies/write-request/",
    "reference/print/",
)  # home, a task, a tool, a page with its list, the print centre
LIST = "strategies/first-call/"  # its list by itself is a page of ours; stock Material has the page alone
KINDS = ("performance", "accessibility", "best-practices", "seo")


def curve(value: float, p10: float, median: float) -> float:
    """Lighthouse's score of a metric, 0 to 1, before it is rounded: the log-normal curve with 0.9 at p10 and 0.5 at the median."""
    return (
        math.erfc(math.log(max(value, 1e-9) / median) * 0.9061938024368232 / math.log(median / p10)) / 2
    )  # the constant is erfc^-1(0.2)


def performance(data: dict) -> float:
    """The performance score, 0 to 100, from a report's own values, curves and weights, not rounded: two pages at 100 still differ."""
    parts = [
        (ref["weight"], curve(a["numericValue"], a["scoringOptions"]["p10"], a["scoringOptions"]["median"]))
        for ref in data["categories"]["performance"]["auditRefs"]
        if ref["weight"]
        for a in [data["audits"][ref["id"]]]
    ]
    return 100 * sum(weight * score for weight, score in parts) / sum(weight for weight, _ in parts)


def lighthouse(url: str) -> dict:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        flags = "--headless=new --no-sandbox --disable-quic --disable-background-networking"
        command = [
            str(LIGHTHOUSE),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            f"--chrome-flags={flags}",
            f"--only-categories={','.join(KINDS)}",
        ]
        subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": common.chromium_path()},
            check=True,
            capture_output=True,
            timeout=180,
        )
        data = json.loads(out.read_text(encoding="utf-8"))
    audits = data["audits"]
    requests = [
        r
        for r in audits["network-requests"]["details"]["items"]
        if r["url"].startswith(url.split("/", 3)[0] + "//" + url.split("/")[2])
    ]
    return {
        **{k: round(100 * (data["categories"][k]["score"] or 0)) for k in KINDS},
        "exact": performance(data),
        "lcp": audits["largest-contentful-paint"]["numericValue"] / 1000,
        "tbt": audits["total-blocking-time"]["numericValue"],
        "kb": sum(r.get("transferSize", 0) for r in requests) / 1000,
        "requests": len(requests),
        "404": sum(r.get("statusCode", 0) == 404 for r in requests),
        "failed": sorted(
            a["id"]
            for k in KINDS[1:]
            for a in (audits[ref["id"]] for ref in data["categories"][k]["auditRefs"] if ref["weight"])
            if a["score"] is not None and a["score"] < 1
        ),
    }


def visits(base: str) -> tuple[float, float]:
    """Kilobytes of a first page and of a second one in the same visit, as the browser counts them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = common.chromium(play)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        size = "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((s, e) => s + e.transferSize, 0) / 1000"
        page.goto(base + "start/prison/", wait_until="networkidle")
        first = page.evaluate(size)
        page.goto(base + "prepare/credit-report/", wait_until="networkidle")
        second = page.evaluate(size)
        browser.close()
    return first, second


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/lab/measure", description="Lighthouse on our pages beside stock Material's, in alternation."
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="Chinese pages only")
    parser.add_argument("--only", default="", metavar="TEXT", help="pages with this in their address")
    parser.add_argument("--beside", type=Path, metavar="SITE", help="another built site instead of stock Material's")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if build():
            return 1
        other = "other" if options.beside else "stock"
        bases = {"ours": ROOT / "site", other: options.beside or common.plain(Path(folder), "stock")}
        bases = {name: common.serve(site) for name, site in bases.items()}
        langs = ("zh",) if options.quick else ("zh", "en")
        pairs = [(("en/" if lang == "en" else "") + page,) * 2 for page in PAGES for lang in langs]
        sheet = f"{LIST.strip('/').replace('/', '-')}.html"
        pairs += [
            (
                f"print/{lang}/{sheet}",
                f"print/{lang}/{sheet}" if options.beside else ("en/" if lang == "en" else "") + LIST,
            )
            for lang in langs
        ]
        print(
            f"{'page':40} {'':5} perf  exact   a11y  best   seo  paint s  blocking ms      KB  requests  404  not passed"
        )
        for pair in (pair for pair in pairs if options.only in pair[0]):
            urls = dict(zip(bases, pair, strict=True))
            got: dict[str, list[dict]] = {name: [] for name in bases}
            for _ in range(options.runs):
                for name, base in bases.items():
                    got[name].append(lighthouse(base + urls[name]))
            mids = {
                name: {k: statistics.median(r[k] for r in runs) for k in runs[0] if k != "failed"}
                for name, runs in got.items()
            }
            for name, mid in mids.items():
                print(
                    f"{urls[name] or '/':40} {name:5} {mid['performance']:4.0f} {mid['exact']:6.2f}   {mid['accessibility']:4.0f}  {mid['best-practices']:4.0f}  {mid['seo']:4.0f}  {mid['lcp']:7.2f}  {mid['tbt']:11.0f}  {mid['kb']:6.1f}  {mid['requests']:8.0f}  {mid['404']:3.0f}  {' '.join(got[name][0]['failed'])}"
                )
            over = sum(a["exact"] > b["exact"] for a, b in zip(*got.values(), strict=True))
            print(
                f"{'':40} paint {mids['ours']['lcp'] / mids[other]['lcp']:.3f}, weight {mids['ours']['kb'] / mids[other]['kb']:.3f} x {other}'s; performance (exact) above in {over} of {options.runs} runs",
                flush=True,
            )
        for name, base in bases.items():
            first, second = visits(base)
            print(f"{name}: first page {first:.1f} KB, second page in the same visit {second:.1f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
