"""What makes built pages a site to publish, without a browser: joined files, policy, offline copy, redirects, zip."""

import gzip
import json
import re
import zipfile
from io import BytesIO
from types import SimpleNamespace

import brotli
import pytest
from conftest import ROOT
from handbook.ship import assets, offline, policy, unused
from handbook.web import checklists, redirects

HTML = '<head><meta charset="utf-8">\n<link rel="stylesheet" href="{0}a.css">\n<link rel="stylesheet" href="{0}b.css">\n</head><body><script src="{0}one.js" type="module"></script>{1}</body>'
FILES = {
    "a.css": '@import url("t.css");\nbody{background:url("p.svg")}',
    "b.css": "p{}",
    "t.css": ":root{--x:1}",
    "one.js": 'import {two as zwei} from "./sub/two.js"\nexport const one = zwei() + 1\n',
    "sub/two.js": 'import * as all from "./three.js"\nexport function two() { return all.three.length }\n',
    "sub/three.js": "export const three = import.meta.url\n",
}


def test_files_are_joined_and_called_after_their_content():
    pages = {
        "index.html": HTML.format("", ""),
        "x/index.html": HTML.format("../", '<script type="module" src="../sub/two.js"></script>'),
    }
    asked = {name: assets.asked(name, html) for name, html in pages.items()}
    _, change, made, problems = assets.join(asked, FILES)
    out = {name: change(name, html) for name, html in pages.items()}
    assert problems == []
    sheet = re.search(r'href="([^"]+)"', out["index.html"])[1]
    assert out["index.html"].count("<link") == 1 and f'href="../{sheet}"' in out["x/index.html"]
    assert assets.loads(out["x/index.html"])[1:] == [f"../{script}" for script in made if script.endswith(".js")], (
        "modules wait for the first paint"
    )
    assert ":root{--x:1}" in made[sheet] and made[sheet].index("--x") < made[sheet].index("body") < made[sheet].index(
        "p{}"
    )
    *_, made_again, _ = assets.join(asked, {**FILES, "t.css": ":root{--x:2}"})
    assert set(made) - set(made_again) == {sheet}, "only the sheet that changed has another name"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("export let x = 1\n", "cannot join"),
        ('export * from "./two.js"\n', "cannot join"),
        ('import "./two.js"\n', "cannot join"),
        ('import {x} from "./none.js"\n', "does not exist"),
        ('import {x} from "./one.js"\nexport const y = x\n', "circle"),
    ],
)
def test_a_module_in_another_form_is_a_problem_and_not_a_guess(code, why):
    pages = {"index.html": assets.asked("index.html", HTML.format("", ""))}
    *_, problems = assets.join(pages, {**FILES, "sub/two.js": code.replace("./one.js", "../one.js")})
    assert (
        [p.rule for p in problems] == ["ASSET-1"]
        and why in problems[0].message
        and problems[0].file.startswith("overrides/")
    )


def test_links_in_the_zip_name_files():
    html = '<a href="../"></a><a href="..#x"></a><a href="a/b/?q#y"></a><a href="#z"></a><a href="https://e.org/"></a><a href="f.pdf"></a><a href="tel:110"></a>'
    assert re.findall('href="([^"]*)"', assets.from_folder(html)) == [
        "../index.html",
        "../index.html#x",
        "a/b/index.html?q#y",
        "#z",
        "https://e.org/",
        "f.pdf",
        "tel:110",
    ]


def test_the_policy_names_the_scripts_that_stand_in_a_page_and_no_others():
    html = '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="old"></head><script>let a</script><script src="x.js"></script><script type="application/json">{}</script>'
    out = policy.stamp(html.replace("</script>", "</script><script>learnt</script>", 1), policy.named({"a.html": html}))
    assert (
        out.count("Content-Security-Policy") == 1 and policy.digest("let a") in out and policy.digest("{}") not in out
    )
    assert policy.digest("learnt") not in out and policy.MARK in out
    assert "unsafe" not in out and "default-src 'none'" in out


def test_styles_and_handlers_in_the_markup_are_found():
    html = '<p style="x" onclick=\'y\'><script>"<p style=\\"no\\">"</script><SCRIPT>let  b</SCRIPT>'
    known = policy.named({"a.html": '<script>\n  "<p style=\\"no\\">"\n</script>'})
    assert policy.breaks(html, known) == ['style="', "onclick='", "<script>let b"]


def test_every_file_is_kept_for_its_language():
    kept = offline.kept(
        [
            "index.html",
            "en/index.html",
            "print/en/a.html",
            "print/zh/a.pdf",
            "assets/search/en.1.txt",
            "assets/x.js",
            "assets/old.js",
            "sw.js",
            "404.html",
            "offline/x.json",
            "_headers",
        ],
        {"assets/old.js"},
    )
    assert kept == {
        "zh": ["assets/x.js", "index.html"],
        "en": ["assets/search/en.1.txt", "assets/x.js", "en/index.html", "print/en/a.html"],
    }


def test_a_copy_keeps_every_byte():
    made = b"".join(offline.pack([("assets/a.txt", b"\xff\x00"), ("en/index.html", "页".encode())]))
    assert json.loads(made) == {"en/": ["text/html", "页"], "assets/a.txt": ["text/plain", "/wA=", True]}
    assert json.loads(b"".join(offline.pack([]))) == {}


ROWS = {
    "old/a": {"id": "old/a", "to": "start/prison"},
    "old/b": {"id": "old/b", "why": {"zh": "<b>过时", "en": "Out of date"}},
}


def test_moved_pages_lead_on_and_withdrawn_pages_say_why():
    book = SimpleNamespace(registers=SimpleNamespace(redirects=ROWS), site_url="https://example.org/kb/")
    made = {name: text.decode() for name, text in redirects.files(book).items()}
    assert (
        "url=../../../en/start/prison/" in made["en/old/a/index.html"]
        and 'href="../../start/prison/"' in made["old/a/index.html"]
    )
    assert "&lt;b&gt;过时" in made["old/b/index.html"] and "refresh" not in made["old/b/index.html"]
    assert (
        made["_redirects"]
        == "/kb/old/a/ /kb/start/prison/ 301\n/kb/en/old/a/ /kb/en/start/prison/ 301\n"
    )


def test_a_redirect_that_leads_nowhere_is_a_problem(small):
    small.register(
        "redirects", [{"id": "old", "to": "none"}, {"id": "index", "why": {"zh": "是", "en": "so"}}, {"id": "half"}]
    )
    lines = [line for line in small.lines() if "redirects.yml" in line]
    assert [line.split(": ")[1].split()[0] for line in lines] == ["MOVE-2", "MOVE-1", "MOVE-3"]


# -- the built site --------------------------------------------------------------------------------


def html_files(site):
    root = site.resolve()
    return {f.relative_to(root).as_posix(): f.read_text(encoding="utf-8") for f in sorted(root.rglob("*.html"))}


def test_every_page_has_the_policy_our_mark_and_nothing_inline_that_it_stops(site):
    templates = {f.name: f.read_text(encoding="utf-8") for f in (ROOT / "overrides").rglob("*.html")}
    known = policy.named({**templates, "loader": f"<script>{assets.LOADER}</script>"})
    for name, html in html_files(site).items():
        assert html.count('http-equiv="Content-Security-Policy"') == 1, name
        assert policy.MARK in html[:4000], name
        assert "unsafe" not in html.split("</head>")[0], name
        assert policy.breaks(html, known) == [], name
    headers = (site / "_headers").read_text()
    for code in {c for html in html_files(site).values() for c in policy.inline_scripts(html)}:
        assert policy.digest(code) in headers


def test_compressed_twins_say_the_same(site):
    seen = 0
    for twin in site.resolve().rglob("*.br"):
        plain = twin.with_suffix("").read_bytes()
        assert brotli.decompress(twin.read_bytes()) == plain == gzip.decompress(twin.with_suffix(".gz").read_bytes())
        seen += 1
    assert seen > 300


def test_each_language_is_at_most_three_megabytes_and_holds_all_its_pages(site, book):
    copies = json.loads(re.search(r"const COPIES ?= ?(\{.*\})", (site / "sw.js").read_text())[1])
    for lang in ("zh", "en"):
        content = (site / copies[lang]["file"]).read_bytes()
        assert copies[lang]["file"] == f"offline/{assets.short(content)}.json" and copies[lang]["bytes"] == len(
            gzip.compress(content, 6)
        )
        files = json.loads(content)
        assert {p.url for p in book.pages[lang].values()} <= set(files)
        assert {
            offline.address(n)
            for n in checklists.files(book)
            if n.startswith(f"print/{lang}/")
        } <= set(files)
        assert copies[lang]["bytes"] <= 3_000_000
        for address, (kind, text, *_) in files.items():
            if kind == "text/html":
                for asset in assets.loads(text):
                    assert assets.resolve(address, asset) in files, (address, asset)


def test_names_with_a_hash_are_right(site):
    for file in (site / "assets").resolve().rglob("joined*.*"):
        if file.suffix in (".js", ".css"):
            assert file.name.split(".")[1] == assets.short(file.read_bytes())


def test_robots_sitemap_manifests_and_cards(site):
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in (site / "robots.txt").read_text()
    for lang in ("zh", "en"):
        data = json.loads((site / f"site.{lang}.webmanifest").read_text(encoding="utf-8"))
        for icon in data["icons"]:
            assert (site / icon["src"]).is_file()
        html = (site / ("index.html" if lang == "zh" else "en/index.html")).read_text(encoding="utf-8")
        assert (site / "assets/images" / re.search(r'og:image" content="[^"]*/(card-[^"]+)"', html)[1]).is_file()


def test_the_zip_holds_the_whole_site_with_links_to_files(site):
    with zipfile.ZipFile(BytesIO((site / "repayment-handbook.zip").read_bytes())) as z:
        names = set(z.namelist())
        for name in sorted(names):
            if not name.endswith(".html"):
                continue
            html = z.read(name).decode()
            assert 'type="module"' not in html, name
            for href in re.findall(r'<(?:a|link|script)[^>]*\s(?:href|src)="(?![a-z]+:|#)([^"#?]+)', html):
                target = assets.resolve(name, href)
                assert target in names or target.endswith("404.html"), (name, href)


def test_only_rules_for_what_occurs_nowhere_are_left_out():
    css = '@charset "UTF-8";.a,.gone{x:1}.gone .a{x:2}:not(.gone) p{x:3}[data-gone]{x:4}[dir=rtl] .a{x:7}[dir=ltr] .a{x:8}video>.a{x:9}#no{x:1}@media print{.gone{x:5}.b{x:6}}@media (x){.gone{y:1}}@font-face{src:url(x.woff)}:root{--i:url("data:image/svg+xml;x,.gone")}'
    known = unused.words(['<html dir="ltr"><p class="a">gone video rtl</p>'], ["'b'"])
    out = unused.trim(css, known)
    assert (
        re.sub(r"\s", "", out)
        == '@charset"UTF-8";.a{x:1}:not(.gone)p{x:3}[data-gone]{x:4}[dir=ltr].a{x:8}@mediaprint{.b{x:6}}@font-face{src:url(x.woff)}:root{--i:url("data:image/svg+xml;x,.gone")}'
    )


def test_only_properties_and_animations_that_nothing_asks_for_are_left_out():
    css = ':root{--a:1px;--b:var(--c);--c:url("data:x;,}--a:2");--d:3;--e:4}.a{width:var(--a);animation:turn 1s}@keyframes turn{to{x:1}}@keyframes gone{to{x:2}}'
    out = unused.unasked(css, ["style.setProperty('--d', 1)"])
    assert re.sub(r"\s", "", out) == ":root{--a:1px;--d:3;}.a{width:var(--a);animation:turn1s}@keyframesturn{to{x:1}}"


def test_a_page_gets_denser_and_says_the_same():
    html = '<p>\n    a\n\n  <b>b</b></p><script type="application/ld+json">{"n": "\\u8fd8\\u003c\\u6b3e"}</script>'
    assert assets.dense(html) == '<p>a\n<b>b</b></p><script type="application/ld+json">{"n": "还\\u003c款"}</script>'
    assert assets.dense("<ul>\n<li>\na\n</li>\n</ul>\n<i>b</i>\n<i>c</i>") == "<ul><li>a</li></ul><i>b</i>\n<i>c</i>"
    assert assets.dense("<pre>\n  a</pre>") == "<pre>\n  a</pre>"
