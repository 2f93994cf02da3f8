"""The built site, file by file: links, anchors, languages, nothing from elsewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlparse

import pytest
from conftest import ROOT
from handbook.ship import assets

BASE = "http://127.0.0.1:8000/"


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads, self.lang, self.h1, self.title = set(), [], [], None, 0, ""
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self._in = tag
        if attrs.get("id"):
            self.ids.add(attrs["id"])
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "h1":
            self.h1 += 1
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        for name in ("src", "href"):
            if attrs.get(name) and (name == "src" or (tag == "link" and attrs.get("rel") != "canonical")):
                self.loads.append(attrs[name])

    def handle_data(self, data):
        if self._in == "title":
            self.title += data


@pytest.fixture(scope="session")
def pages(site):
    root = site.resolve()
    return {
        "/" + f.relative_to(root).as_posix(): Page(f.read_text(encoding="utf-8")) for f in sorted(root.rglob("*.html"))
    }


def address(name):
    return urljoin(BASE, name.removesuffix("index.html") if name.endswith("/index.html") else name)


def test_every_link_and_anchor_leads_somewhere(pages, site):
    root, broken = site.resolve(), []
    for name, page in pages.items():
        for href in page.links:
            url, anchor = urldefrag(urljoin(address(name), href))
            if not url.startswith(BASE):
                continue
            path = "/" + url.removeprefix(BASE)
            path += "index.html" if path.endswith("/") else ""
            target = pages.get(path)
            if (
                target is None
                and not (root / path.lstrip("/")).is_file()
                or anchor
                and target is not None
                and anchor not in target.ids
            ):
                broken.append((name, href))
    assert broken == []


def test_nothing_is_loaded_from_another_host(pages, site):
    loads = {
        (n, load)
        for n, p in pages.items()
        for load in p.loads
        if urlparse(urljoin(address(n), load)).netloc != urlparse(BASE).netloc and not load.startswith("data:")
    }
    assert loads == set()
    for css in site.resolve().rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", css.read_text(encoding="utf-8")), css


def test_outbound_links_stand_in_a_register(pages, book):
    allowed = {urlparse(r["url"]).netloc for r in book.registers.sources.values() if r["url"]} | {
        r["address"] for r in book.registers.contacts.values() if r.get("address")
    }
    outside = {
        (n, h)
        for n, p in pages.items()
        for h in p.links
        if urlparse(h).scheme in ("http", "https") and not h.startswith(BASE) and urlparse(h).netloc not in allowed
    }
    assert outside == set()


def test_every_page_has_one_first_heading_a_title_and_its_language(pages):
    for name, page in pages.items():
        assert page.h1 == 1, name
        assert page.title.strip(), name
        assert page.lang in (("en",) if name.startswith(("/en/", "/print/en/", "/notes/")) else ("zh", "zh-Hans")), name


def test_titles_are_unique_in_each_language(book):
    for lang in ("zh", "en"):
        titles = [p.title for p in book.pages[lang].values()]
        assert sorted(titles) == sorted(set(titles))


def test_the_other_language_is_the_same_page(pages):
    for path in ("/start/prison/", "/prepare/credit-report/", "/"):
        assert address("/en" + path) in {urljoin(address(path), h) for h in pages[path + "index.html"].links}
        assert address(path) in {urljoin(address("/en" + path), h) for h in pages["/en" + path + "index.html"].links}


def test_sitemap_names_both_languages_of_every_page(site, book):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    for path, page in book.pages["zh"].items():
        block = re.search(rf"<url>\s*<loc>{re.escape(BASE + page.url)}</loc>.*?</url>", text, re.S)
        assert block, path
        assert f'hreflang="en" href="{BASE}{book.pages["en"][path].url}"' in block[0]
        assert f'hreflang="zh" href="{BASE}{page.url}"' in block[0]


def test_pages_do_not_make_the_theme_ask_for_a_sitemap_beside_them(pages, site):
    for name in pages:
        assert "hreflang" not in (site.resolve() / name.lstrip("/")).read_text(encoding="utf-8").split("</head>")[0], (
            name
        )


def test_the_404_page_speaks_both_languages(site):
    text = (site / "404.html").read_text(encoding="utf-8")
    assert "这个地址没有页面" in text and "Page not found" in text


def test_registers_are_not_published_as_files(site):
    assert not list(site.resolve().rglob("*.yml"))


def test_every_published_address_still_exists(site):
    addresses = (ROOT / "tests/data/urls.txt").read_text(encoding="utf-8").split()
    assert len(addresses) > 100
    gone = [a for a in addresses if not (site / a / "index.html").exists()]
    assert gone == []


def test_a_group_is_called_what_its_index_page_is_called(site):
    assert "先稳住" in (site / "index.html").read_text(encoding="utf-8")
    assert "Start here" in (site / "en/index.html").read_text(encoding="utf-8")


def test_the_built_scorecard_has_the_weight_of_a_first_visit(site):
    loads = [site / assets.resolve("", href) for href in assets.loads((site / "index.html").read_text())]
    weight = sum(len((f.parent / f"{f.name}.gz").read_bytes()) for f in [site / "index.html", *loads])
    for page in ("reference/what-changed", "en/reference/what-changed"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        (shown,) = re.findall(r'value="first-visit">([\d.]+) KB</data>', text)
        assert float(shown) == round(weight / 1000, 1) and "%%" not in text
    size = (site / "repayment-handbook.zip").stat().st_size
    for page in ("reference/print", "en/reference/print"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert f'value="archive">{size / 1e6:.1f} MB</data>' in text
