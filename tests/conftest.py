"""Shared fixtures: a small handbook in a temporary folder, the real one, and a browser on the built site."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import date
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from axe import AXE
from handbook.book import Book
from handbook.model.page import parse
from handbook.rules.translations import digest

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 22)  # of the small handbook; the real one is read and built as of its newest check
os.environ.pop("SOURCE_DATE_EPOCH", None)
BUILD = [sys.executable, "-m", "handbook.ship.versions", "--build"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": "scripts", "NO_MKDOCS_2_WARNING": "1"}
PHONE = {"width": 390, "height": 844}

SOURCE = {
    "id": "card-rule",
    "kind": "regulation",
    "topic": "card",
    "title": {"zh": "《办法》", "en": "Measures"},
    "number": None,
    "article": {"zh": "第七十条", "en": "art. 70"},
    "short": {"zh": "个性化分期", "en": "Personal plan"},
    "says": {"zh": "可以协商。", "en": "May agree."},
    "in_force_since": "2011",
    "ends_on": None,
    "evidence": "full-text",
    "checked_on": "2026-11-22",
    "unsettled": False,
    "quote": "可以",
    "caveat": None,
    "myth": None,
    "url": None,
    "read_in": "Laws 2025-04: card.md",
    "told_in": "index#the-law",
}
UNTOLD = {k: v for k, v in SOURCE.items() if k != "told_in"} | {"reference_only": {"zh": "没人要用。", "en": "Unused."}}
ENDED = {**UNTOLD, "id": "old-policy", "ends_on": "2026-03-31"}
REPRINT = {
    **UNTOLD,
    "id": "reprint",
    "evidence": "excerpt",
    "caveat": {"zh": "只读到转载。", "en": "Only a reprint was read."},
}
CONTACT = {
    "id": "12378",
    "name": {"zh": "热线", "en": "Line"},
    "for": {"zh": "投诉", "en": "Complaints"},
    "not_for": {"zh": "减债", "en": "Debt"},
    "hours": None,
    "source": "card-rule",
    "checked_on": "2026-11-22",
    "need": "lender",
}
CLAIM = {
    "id": "C001",
    "documents": [{"document": "1", "where": "L1"}],
    "section": "triage",
    "kind": "fact",
    "claim": {"zh": "先联系。", "en": "Call first."},
    "checklistable": True,
    "verdict": "sound",
    "why": {"zh": "对。", "en": "True."},
}
CHECKED = {
    "id": "prison",
    "topic": "triage",
    "claim": {"zh": "欠钱要坐牢", "en": "Debt means prison"},
    "verdict": "false",
    "why": {"zh": "不是。", "en": "No."},
    "instead": {"zh": "先谈。", "en": "Talk."},
    "sources": ["card-rule"],
    "pages": ["index"],
    "patterns": {"zh": ["欠钱就要坐牢"], "en": ["go to prison for debt"]},
}
TERM = {
    "id": "plan",
    "zh": "个性化分期",
    "pinyin": "gèxìnghuà fēnqī",
    "traditional": "個性化分期",
    "en": "personal plan",
    "line": {"zh": "一种分期。", "en": "A plan."},
    "variants": {"zh": [], "en": []},
    "never": {"zh": ["分期神器"], "en": ["amortization hack"]},
    "art": True,
}
REGISTERS = {
    "redirects": [],
    "values": [],
    "checked": [CHECKED],
    "glossary": [TERM],
    "changes": [],
    "allowed": [],
    "links": [],
    "search": [],
    "sources": [SOURCE, ENDED, REPRINT],
    "contacts": [CONTACT],
    "claims": [CLAIM],
    "documents": [{"id": "1", "name": {"zh": "第一篇", "en": "Document 1"}, "shape": {"zh": "短。", "en": "Short."}}],
    "topics": [{"id": "triage", "name": {"zh": "开始", "en": "begin"}}],
    "packs": [],
    "sheets": [],
    "tools": [],
    "pictures": [
        {
            "id": "road",
            "title": {"zh": "路", "en": "Road"},
            "steps": [
                {"id": "talk", "label": {"zh": "谈", "en": "Talk"}},
                {"id": "pay", "label": {"zh": "还", "en": "Pay"}},
            ],
        }
    ],
}
ZH = """---
title: 先联系银行
description: 还不上的时候先联系银行，说清困难，问清条件，请对方书面答复，再决定怎么还，不要先交钱给任何中介，也不要借新还旧。
step: talk
topics: [triage]
aliases: [还不上怎么办]
claims: [C001]
checked: 2026-11-22
---

# 先联系银行

**先打官方电话，再谈条件。**

## 现在就做 {#do-now}

- [ ] 抄下官方电话 {#copy-number}
- [ ] 写下每月能还 1,400 元 {#write-amount}

## 法律怎么说 {#the-law}

- 银行可以同意，期限最长 5 年。[@card-rule]

## 下一步 {#next}

[现在就做](#do-now)
"""
EN = """---
title: Call the bank first
description: If you cannot pay, call the bank first, explain the hardship and ask for a written answer before you decide.
aliases: [cannot pay]
---

# Call the bank first

**Call the official number, then talk about terms.**

## Do now {#do-now}

- [ ] Copy the official number {#copy-number}
- [ ] Write down that you can pay ¥1,400 a month {#write-amount}

## What the law says {#the-law}

- The bank may agree, for five years at most.[@card-rule]

## Next {#next}

[Do now](#do-now)
"""


@cache
def _yaml(rows: str) -> str:
    """Rows as YAML; they come as JSON, so that none is an alias of another."""
    return yaml.safe_dump(json.loads(rows), allow_unicode=True, sort_keys=False)


class Small:
    """A handbook of one page pair, to be bent by a test."""

    def __init__(self, root: Path):
        self.root = root
        self.write("docs/zh/index.md", ZH)
        source = parse(ZH, "index", "zh", "docs/zh/index.md")[0]
        self.write("docs/en/index.md", EN.replace("\n---\n\n#", f"\ntranslated_from: {digest(source)}\n---\n\n#", 1))
        self.write("mkdocs.yml", "site_name: x\nnav:\n  - index.md\n")
        for name, rows in REGISTERS.items():
            self.register(name, rows)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, encoding="utf-8")
        return path

    def register(self, name: str, rows: list) -> None:
        self.write(f"docs/data/{name}.yml", _yaml(json.dumps(rows)))

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def book(self, day: date = DAY) -> Book:
        return Book(self.root, day, "https://example.org/")

    def lines(self) -> list[str]:
        return [str(p) for p in self.book().problems()]

    def rules(self) -> set[str]:
        return {p.rule for p in self.book().problems()}


@pytest.fixture
def small(tmp_path) -> Small:
    return Small(tmp_path)


@pytest.fixture(scope="session")
def book() -> Book:
    """The real handbook."""
    return Book(ROOT, site_url="https://example.org/")


@pytest.fixture(scope="session")
def site() -> Path:
    """The real site, built once for the session; its workers share it."""
    run, stamp = os.environ.get("PYTEST_XDIST_TESTRUNUID", ""), ROOT / ".build/tests-built-for"
    stamp.parent.mkdir(exist_ok=True)
    with open(stamp, "a+", encoding="utf-8") as last:
        fcntl.flock(last, fcntl.LOCK_EX)
        last.seek(0)
        if not run or last.read() != run:
            result = subprocess.run(BUILD, env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True)
            assert result.returncode == 0, result.stderr
            last.truncate(0)
            last.write(run)
    return ROOT / "site"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def translate_path(self, path):
        return str(AXE) if path == f"/{AXE.name}" else super().translate_path(path)


def serve(folder: Path) -> ThreadingHTTPServer:
    """The folder on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def address(site) -> str:
    """Where the built site is served."""
    server = serve(site.resolve())
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def settled(way):
    """A way to a page that also waits for its modules, which are asked for only after the first paint."""

    def go(page, *args, **options):
        answer = way(page, *args, **options)
        until(page, "document.documentElement.dataset.modules !== 'asked'")
        return answer

    return go


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium without a screen, driven by Playwright; nothing of it reaches out of this machine."""
    from playwright.sync_api import Page, sync_playwright

    Page.goto, Page.reload = settled(Page.goto), settled(Page.reload)

    names = ("chromium-headless-shell", "chromium", "chromium-browser")  # the first prints six times as fast
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "no Chromium: run scripts/setup --browser"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def wait(true, what, timeout=30, pause=time.sleep):
    """Wait until the function returns something true, and return it."""
    end = time.monotonic() + timeout
    while not (found := true()):
        assert time.monotonic() < end, f"never true: {what}"
        pause(0.02)
    return found


def until(page, expression, timeout=30):
    """Wait until the expression is true in the page. Playwright's own waiting evaluates text there, which the content policy forbids."""
    wait(lambda: page.evaluate(expression), expression, timeout, lambda seconds: page.wait_for_timeout(seconds * 1000))


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()
