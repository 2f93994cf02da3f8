"""Every page of the site once, as it opens; and each kind of page in every state and both schemes."""

import pytest
from axe import QUICK, faults, too_near
from conftest import PHONE, serve, until

pytestmark = pytest.mark.browser
PARTS = 16
VIOLATIONS = """window.__seen = []
addEventListener('securitypolicyviolation', e => __seen.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))"""
WIDTH = "Math.max(document.documentElement.scrollWidth, innerWidth)"


def urls(site):
    root = site.resolve()
    return sorted(f.relative_to(root).as_posix().removesuffix("index.html") for f in root.rglob("*.html"))


class Walk:
    """Opens one page after the other on a phone. ``wrong`` gathers what is amiss: (address, what)."""

    def __init__(self, chromium, base):
        self.base, self.url, self.wrong = base, "", []
        self.context = chromium.new_context(viewport=PHONE, service_workers="block", reduced_motion="reduce")
        self.context.add_init_script(VIOLATIONS)
        self.page = self.context.new_page()
        self.page.on("request", lambda r: r.url.startswith((base, "data:", "blob:")) or self.add(f"asks {r.url}"))
        self.page.on("response", lambda r: r.status < 400 or self.add(f"{r.status} {r.url}"))
        self.page.on("pageerror", lambda e: self.add(f"throws {e}"))
        self.page.on("console", lambda m: m.type != "error" or self.add(f"says {m.text}"))

    def add(self, *what):
        self.wrong.append((self.url, *what))

    def look(self, url):
        """All that is asked of each page. At twice the size too: a reader's choice, kept by the inline script of every page."""
        self.url, page = url, self.page
        page.set_viewport_size(PHONE)
        page.goto(self.base + url, wait_until="load")
        own = page.locator("[data-reading]").count() > 0
        for width, size in ((390, ""), (320, ""), (390, "3")) if own else ((390, ""),):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("size => { document.documentElement.dataset.size = size }", size)
            if page.evaluate(WIDTH) > width:
                self.add(f"wider than {width} px at size {size or 0}")
        page.evaluate("delete document.documentElement.dataset.size")
        for fault in too_near(page) + faults(page, rules=QUICK) + page.evaluate("__seen"):
            self.add(fault)
        if page.evaluate("document.cookie"):
            self.add("keeps a cookie")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_asks_elsewhere_fails_breaks_its_policy_is_too_wide_or_shuts_anybody_out(chromium, address, site, part):
    walk = Walk(chromium, address)
    for url in urls(site)[part::PARTS]:
        walk.look(url)
    walk.context.close()
    assert walk.wrong == []


PLANTED = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="script-src 'self'; img-src *; style-src *"><title>x</title>
<link rel="stylesheet" href="faulty.css"><link rel="stylesheet" href="missing.css">
<body><main data-reading><h1>A page</h1><p class="pale">Pale words</p><p class="wide">Wide</p><img src="http://127.0.0.1:9/x.png">
<script>document.title = ''</script><script src="faulty.js"></script></main>"""


def test_each_fault_is_found_when_it_is_there(chromium, tmp_path):
    (tmp_path / "faulty.html").write_text(PLANTED)
    (tmp_path / "faulty.css").write_text(".pale { color: #aaa; background: #fff } .wide { width: 400px }")
    (tmp_path / "faulty.js").write_text("document.cookie = 'a=b'; console.error('oh'); throw Error('no')")
    server = serve(tmp_path)
    walk = Walk(chromium, f"http://127.0.0.1:{server.server_port}/")
    walk.look("faulty.html")
    walk.context.close()
    server.shutdown()
    found = "\n".join(map(str, walk.wrong))
    for what in (
        "asks http://127.0.0.1:9/", "404 ", "throws no", "says oh", "wider than 390 px at size 0",
        "wider than 320 px at size 0",
        "rgb(170, 170, 170) on rgb(255, 255, 255)", "'image-alt'", "script-src", "keeps a cookie",
    ):  # fmt: skip
        assert what in found, what


def test_the_policy_stops_what_it_should(page, address):
    page.add_init_script(VIOLATIONS)
    page.goto(address + "start/prison/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\"><p style=\"color:red\">')"
    )
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit = 2'}))"
    )
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'stopped')") == "stopped"
    until(page, "__seen.length >= 4")
    assert page.evaluate("window.hit") is None


# -- every state and scheme of each kind of page ---------------------------------------------------

KINDS = {
    "home": "", "group": "en/start/", "task": "start/prison/", "list": "reference/a-to-z/",
    "print centre": "en/reference/print/", "register": "reference/contacts/",
    "scorecard": "en/reference/about/", "glossary": "reference/glossary/", "404": "404.html",
    "sheet": "print/zh/start-prison.html", "empty": "notes/",
    "budget": "prepare/what-you-can-pay/", "debt list": "en/prepare/list-every-debt/",
    "letters": "strategies/write-request/", "reminders": "en/legal/court-papers/",
    "true cost": "prepare/contract-and-true-cost/", "call cards and log": "en/legal/collection-calls/",
    "triage": "start/most-urgent/", "twelve questions": "en/legal/twelve-questions/",
}  # fmt: skip


def show_errors(page):
    """Everything that the tools of the page can find wrong, said at once. Returns how many errors and warnings show."""
    return page.evaluate(
        """() => {
          const all = what => [...document.querySelectorAll('section.tool ' + what)]
          const set = (field, value) => { field.value = value; for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true})) }
          for (const field of all('#letters-court')) set(field, 'no')
          for (const field of all('input[inputmode=decimal]')) set(field, 'abc')
          for (const radio of all('input[type=radio][value=yes]')) radio.click()
          for (const button of all('.tool-main')) button.click()
          document.querySelector('[data-tool=letters] .tool-out button')?.click()
          for (const drawer of all('.tool-drawer')) drawer.open = true
          scrollTo(0, 0)
          return all('.tool-summary:not([hidden]), [aria-invalid=true], .tool-gap, .tool-warning').length
        }"""
    )


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page_in_either_scheme(chromium, address, kind):
    context = chromium.new_context(viewport=PHONE, service_workers="block", reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + KINDS[kind])
    assert faults(page) + too_near(page) == []
    if page.locator("section.tool").count():
        page.set_viewport_size({"width": 320, "height": 640})
        assert show_errors(page) or kind == "triage"
        assert page.evaluate(WIDTH) <= 320
        assert faults(page, "section.tool") + too_near(page) == []
    context.close()


@pytest.mark.parametrize(("lang", "width"), [("", 390), ("en/", 390), ("", 1280)])
def test_axe_finds_nothing_when_menu_panel_note_or_search_is_open(chromium, address, lang, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, service_workers="block", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address + lang + "start/prison/")

    def check(state, where):
        assert faults(page, where) + too_near(page) == [], state

    page.click(".reading > summary")
    check("panel open", ".reading")
    page.keyboard.press("Escape")
    page.locator("a.footnote-ref").first.click()
    page.wait_for_selector(".note")
    check("note open", ".md-content p:has(+ .note), .md-content :has(> .note)")
    page.keyboard.press("Escape")
    if width == 390:
        page.click(".menu-button")
        until(page, "document.querySelector('.md-sidebar--primary').getBoundingClientRect().left === 0")
        check("menu open", ".md-sidebar--primary")
        page.keyboard.press("Escape")
        page.click("[data-search-open]")
        check("search open", ".md-header")
    page.fill("#find", "prison" if lang else "坐牢")
    page.wait_for_selector("#find-list a")
    check("results showing", ".md-header")
    context.close()
