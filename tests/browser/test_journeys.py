"""Readers on their way: each journey of journeys.yml is walked over the built site, by its links' words.

Most are read from the built pages by their structure: what stands in a fold, a note or a hidden part is not seen.
Journeys by print, offline, no-js and search are walked in a browser; those by sheet read the PDF.
"""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlparse

import pytest
import yaml
from conftest import PHONE, ROOT
from paper import Read

JOURNEYS = yaml.safe_load((ROOT / "tests/browser/journeys.yml").read_text(encoding="utf-8"))
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"footnote-ref", "footnote", "print-links", "tool-paper-only", "md-nav", "headerlink"}
ASK = "async ([q, language]) => (await (await import('/assets/javascripts/search.js')).search(q, {language}))[0].url"
QUICK = [j for j in JOURNEYS if "by" not in j]
SHEETS = [j for j in JOURNEYS if j.get("by") == "sheet"]
LIVE = [j for j in JOURNEYS if j.get("by", "sheet") != "sheet"]


class Seen(HTMLParser):
    """The text and the links of a page's article that a phone shows before anything is opened."""

    def __init__(self):
        super().__init__()
        self.stack, self.text, self.links = [], [], []  # stack of (tag, does it hide what it holds, is it the article)

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        attrs = dict(attrs)
        classes = set((attrs.get("class") or "").split())
        hides = tag in ("script", "style", "template", "svg", "option") or "hidden" in attrs or classes & UNSEEN
        hides = hides or tag == "details" and "open" not in attrs
        self.stack.append((tag, bool(hides), tag == "article"))
        if tag == "a" and self._visible():
            self.links.append([attrs.get("href") or "", ""])

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._visible():
            self.text.append(data)
            if self.links and any(tag == "a" for tag, *_ in self.stack):
                self.links[-1][1] += data

    def _visible(self):
        """In the article, and in no closed fold but for its summary."""
        folds = [n for n, (tag, hides, _) in enumerate(self.stack) if hides]
        inside = any(article for *_, article in self.stack)
        return inside and all(
            self.stack[n][0] == "details" and ("summary", False, False) in self.stack[n:] for n in folds
        )


@cache
def read(file):
    seen = Seen()
    seen.feed(file.read_text(encoding="utf-8"))
    return squeeze("".join(seen.text)), seen.links


def squeeze(text):
    return re.sub(r"\s+", "", text).lower()


def missing(wanted, text):
    return [want for want in map(str, wanted) if not any(squeeze(one) in text for one in want.split("|"))]


def url(journey):
    path = re.sub(r"(^|/)index$", "", journey["start"])
    return ("" if journey["lang"] == "zh" else "en/") + (path + "/" if path else "")


def name(journey):
    return f"{journey['lang']}-{journey.get('by', 'phone')}-{journey['who']}"


@pytest.mark.parametrize("journey", QUICK, ids=map(name, QUICK))
def test_a_reader_finds_it_on_the_page(site, journey):
    at = url(journey)
    for words in journey["follow"]:
        links = read(site / at / "index.html")[1]
        href = next((href for href, text in links if squeeze(words) in squeeze(text)), None)
        assert href, f"{at} has no link “{words}” in sight"
        at = str(PurePosixPath(urlparse(urljoin(f"http://x/{at}", href)).path).relative_to("/"))
        at = "" if at == "." else at + "/"
    assert missing(journey["sees"], read(site / at / "index.html")[0]) == [], at


@pytest.mark.parametrize("journey", SHEETS, ids=map(name, SHEETS))
def test_a_reader_finds_it_on_the_sheet(site, journey):
    with Read(site / f"print/{journey['lang']}/{journey['start']}.pdf") as sheet:
        text = squeeze("".join(page.get_textpage().get_text_range() for page in sheet.pdf))
    assert missing(journey["sees"], text) == []


@pytest.fixture(scope="module")
def kept(chromium, address):
    """For each language a phone that has kept its copy, and is now without a network."""

    @cache
    def phone(lang):
        context = chromium.new_context(viewport=PHONE)
        page = context.new_page()
        page.clock.install()
        page.goto(address + ("" if lang == "zh" else "en/"))
        page.clock.fast_forward(10_000)  # the copy is asked for some seconds after the page has been shown
        page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
        context.set_offline(True)
        return context

    return phone


@pytest.mark.browser
@pytest.mark.parametrize("journey", LIVE, ids=map(name, LIVE))
def test_a_reader_finds_it_in_a_browser(chromium, address, kept, journey):
    by, lang, goes = journey["by"], journey["lang"], {"wait_until": "domcontentloaded"}
    if by == "offline":
        context = kept(lang)
    else:
        context = chromium.new_context(viewport=PHONE, java_script_enabled=by != "no-js", service_workers="block")
    page = context.new_page()
    if by == "search":
        page.goto(address + ("" if lang == "zh" else "en/"))
        page.goto(urljoin(address, page.evaluate(ASK, [journey["start"].removeprefix("search "), lang])))
    else:
        page.goto(address + url(journey), **goes)
    for words in journey["follow"]:
        page.goto(urljoin(page.url, page.locator("article a", has_text=words).first.get_attribute("href")), **goes)
    if by == "print":
        page.emulate_media(media="print")
    assert missing(journey["sees"], squeeze(page.locator("article").inner_text())) == [], page.url
    page.close() if by == "offline" else context.close()
