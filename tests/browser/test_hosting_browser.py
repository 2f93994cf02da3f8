"""The published site in Chromium: policy, accessibility, offline, other addresses, from a folder."""

import random
import shutil
import threading
import zipfile
from datetime import UTC, datetime
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import axe_playwright_python
import pytest
from conftest import _Quiet, until

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = "window.__seen = []; addEventListener('securitypolicyviolation', e => __seen.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"
PHONE = {"width": 390, "height": 844}


def urls(site):
    root = site.resolve()
    return sorted(f.relative_to(root).as_posix().removesuffix("index.html") for f in root.rglob("*.html"))


def faults(page, changed=None):
    """What axe finds in the page as it is now.

    changed: a selector, if the page was seen before and only what it names has changed. Every rule sees the whole page again but the
    two about colours, which take most of the time and look only there.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    runs = [("html", RULES)]
    if changed:
        runs = [
            ("html", RULES | {"rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}),
            (changed, RULES | {"runOnly": {"type": "rule", "values": COLOUR_RULES}}),
        ]
    run = "([where, rules]) => axe.run(where, rules).then(r => r.violations.flatMap(v => v.nodes.map(n => [v.id, n.target.join(' '), n.failureSummary.slice(0, 200)])))"
    return [fault for one in runs for fault in page.evaluate(run, one)]


def serve(directory):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize("part", range(4))
def test_no_page_breaks_its_policy_or_asks_elsewhere_or_for_what_is_missing_or_is_wider_than_a_phone(
    chromium, address, site, part
):
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    wrong = []
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    page.on(
        "response",
        lambda r: wrong.append((r.status, r.url)) if r.status >= 400 and not r.url.endswith("404.html") else None,
    )
    page.on("pageerror", lambda e: wrong.append((page.url, str(e))))
    page.on("console", lambda m: wrong.append((page.url, m.text)) if m.type == "error" else None)
    for url in urls(site)[part::4]:
        page.set_viewport_size(PHONE)
        page.goto(address + url, wait_until="load")
        for width in (390,) if url.startswith("print/") else (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)") > width:
                wrong.append((url, f"wider than {width} px"))
        wrong += [(url, v) for v in page.evaluate("__seen")]
        assert page.evaluate("document.cookie") == ""
    context.close()
    assert wrong == []


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


def scheme(page, name):
    """The page in that scheme, once it shows: it learns of the change a moment later. Sheets on paper have one scheme."""
    page.emulate_media(color_scheme=name)
    until(
        page,
        f"!document.body.dataset.mdColorScheme || document.body.dataset.mdColorScheme === '{'slate' if name == 'dark' else 'default'}'",
    )


def open_search(page, lang):
    page.click("[data-search-open]")
    page.fill("#find", "prison" if lang == "en" else "坐牢")
    page.wait_for_selector("#find-list a")


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


@pytest.mark.parametrize("part", range(24))
def test_axe_finds_nothing_on_any_page_in_any_state_in_either_scheme(chromium, address, site, part):
    context = chromium.new_context(viewport=PHONE, service_workers="block", reduced_motion="reduce")
    page = context.new_page()
    found, runs = [], 0

    def check(url, state, changed=None):
        nonlocal runs
        for name in ("light", "dark"):
            scheme(page, name)
            found.extend((url, state, name, *fault) for fault in faults(page, changed))
            runs += 1

    for url in urls(site)[part::24]:
        page.emulate_media(color_scheme="light")
        page.goto(address + url, wait_until="load")
        check(url, "as it opens")
        if page.locator("section.tool").count():
            page.set_viewport_size({"width": 320, "height": 640})
            assert show_errors(page) or page.locator("section.tool:not([data-tool=triage])").count() == 0, url
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
            check(url, "errors showing")
            page.set_viewport_size(PHONE)
        if page.locator("[data-search-open]").count():
            open_search(page, page.evaluate("document.documentElement.lang").split("-")[0])
            check(url, "search open", ".md-header")
    context.close()
    print(f"axe ran {runs} times")
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["", "en/"])
def test_axe_finds_nothing_in_the_states_of_a_page(chromium, address, lang, scheme):
    for viewport in (PHONE, {"width": 1280, "height": 800}):
        context = chromium.new_context(
            viewport=viewport, color_scheme=scheme, service_workers="block", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(address + lang + "start/prison/")
        states = ["click .reading > summary", "press Escape", "click a.footnote-ref", "press Escape"]
        if viewport is PHONE:
            states += ["click .menu-button", "press Escape", "click [data-search-open]"]
        states += ["fill " + ("prison" if lang else "坐牢")]
        for state in states:
            what, _, value = state.partition(" ")
            if what == "press":
                page.keyboard.press(value)
            elif what == "click":
                page.locator(value).first.click()
            else:
                page.fill("#find", value)
                page.wait_for_selector("#find-list a")
            page.wait_for_timeout(50)
            assert faults(page) == [], (state, viewport)
        context.close()


def test_size_and_colours_stay_on_every_page_and_every_page_reflows_at_double_size(chromium, address, book):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    page = context.new_page()
    page.goto(address)
    small = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.md-typeset p')).fontSize)")
    page.click(".reading > summary")
    page.locator("input[name=reading-size][value='3']").check()
    page.locator("input[name=reading-scheme][value=slate]").check()
    wide = []
    for lang in ("zh", "en"):
        for one in book.pages[lang].values():
            page.goto(address + one.url, wait_until="domcontentloaded")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(one.url)
    page.goto(address)
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.md-typeset p')).fontSize)"
    ) == pytest.approx(2 * small)
    context.close()
    assert wide == []


def test_forced_colours_and_reduced_motion(chromium, address):
    context = chromium.new_context(
        viewport=PHONE, forced_colors="active", reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    page.goto(address + "start/prison/")
    assert page.evaluate("getComputedStyle(document.querySelector('#do-now + ul')).borderTopStyle") == "solid"
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(e => getComputedStyle(e).transitionDuration.split(',').every(t => parseFloat(t) === 0))"
    )
    assert faults(page) == []
    context.close()


def test_menu_notes_and_panel_from_the_keyboard(page, address):
    page.goto(address + "en/start/prison/")
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    assert page.locator(".menu-button").get_attribute("aria-expanded") == "true"
    page.wait_for_timeout(400)
    assert page.evaluate("document.querySelector('.md-sidebar--primary').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.menu-button')")
    page.locator("a.footnote-ref").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "note"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "footnote-ref" and page.locator(".note").count() == 0
    page.set_viewport_size({"width": 1280, "height": 800})
    assert not page.locator(".menu-button").is_visible(), "where the menu is in view it needs no button"


# -- offline ---------------------------------------------------------------------------------------


@pytest.fixture
def published(site, tmp_path):
    """A copy of the site, without what these tests do not ask for, on a server of its own: a test may change or stop it."""
    folder = tmp_path / "published"
    shutil.copytree(
        site.resolve(),
        folder,
        copy_function=shutil.copyfile,
        ignore=shutil.ignore_patterns("*.pdf", "*.zip", "*.br", "*.gz"),
    )
    server = serve(folder)
    yield folder, server, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def visit_and_keep(context, url):
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_after_one_visit_everything_in_the_language_works_in_airplane_mode(chromium, published, book, lang):
    _, server, base = published
    start, other, words = ("", "en/", "坐牢") if lang == "zh" else ("en/", "", "prison")
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base + start + "start/prison/")
    context.set_offline(True)
    server.shutdown()
    server.server_close()
    for one in random.Random(lang).sample(sorted(book.pages[lang].values(), key=lambda p: p.url), 20):
        assert page.goto(base + one.url).status == 200, one.url
        assert page.locator("h1").inner_text().strip()
        assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    page.goto(f"{base}print/{lang}/start-prison.html")
    page.locator("input[data-tick]").first.check()
    page.goto(base + start + "prepare/what-you-can-pay/")
    for field, value in {"pay": "5200", "rent": "2000", "food": "1700"}.items():
        page.fill(f"#budget-{field}", value)
    page.click("section[data-tool='budget'] .tool-main")
    assert "¥1,200" in page.locator("section[data-tool='budget'] .tool-out").inner_text()
    page.goto(base + start)
    open_search(page, lang)
    assert words in page.locator("#find-list").inner_text().lower()
    assert page.goto(base + other + "start/prison/").status == 503, "the other language was not asked for"
    assert "No network" in page.content()
    context.close()


@pytest.mark.parametrize("year", [1985, 2099])
def test_a_clock_that_is_years_off_breaks_nothing(chromium, published, year):
    _, server, base = published
    context = chromium.new_context(viewport=PHONE)
    context.clock.set_fixed_time(datetime(year, 2, 28, 23, 59, tzinfo=UTC))
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(base + "start/next-30-minutes/")
    page.check("#sit-down input")
    page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
    server.shutdown()
    server.server_close()
    page.goto(base + "start/next-30-minutes/")
    assert page.is_checked("#sit-down input") and page.evaluate("new Date().getUTCFullYear()") == year
    page.goto(base + "legal/court-papers/")
    page.fill("#reminders-reminders-0-from", "2026-11-22")
    page.click("section[data-tool='reminders'] .tool-main")
    assert "2026-12-" in page.locator("section[data-tool='reminders'] .tool-sheet").inner_text(), (
        "days are counted from what is written, not from the clock"
    )
    with page.expect_download() as got:
        page.locator("section[data-tool='reminders'] .tool-out button").first.click()
    assert got.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
    open_search(page, "zh")
    context.close()
    assert errors == []


def test_offline_can_be_turned_off_and_leaves_nothing(chromium, published):
    _, _, base = published
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base + "en/")
    page.click(".reading > summary")
    assert page.locator("[data-keep='zh']").is_visible() and page.locator("[data-keep='en-pdf']").is_visible()
    page.click("[data-keep='zh']")
    until(page, "document.querySelector(\"[data-keep='zh']\").hidden")
    assert len(page.evaluate("caches.keys()")) == 2
    page.click("[data-drop]")
    until(page, "caches.keys().then(k => k.length === 0)")
    page.goto(base)
    page.wait_for_timeout(6000)
    assert (
        page.evaluate("caches.keys()") == []
        and page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    )
    context.close()


def test_a_new_version_replaces_the_old_one_whole_and_a_broken_one_does_not(chromium, published):
    folder, _, base = published
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base)
    old = page.evaluate("caches.keys()")
    worker = (folder / "sw.js").read_text(encoding="utf-8")
    pack = next(n for n in (folder / "offline").glob("*.json") if n.name in old[0])
    (folder / "sw.js").write_text(
        worker.replace(pack.stem, "0000000000"), encoding="utf-8"
    )  # its copy does not exist: as if cut off half way
    update = "navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => '', e => String(e))"
    page.evaluate(update)
    page.wait_for_timeout(1500)
    assert page.evaluate("caches.keys()") == old
    (folder / "offline/0000000000.json").write_text(
        pack.read_text(encoding="utf-8").replace("欠款会不会坐牢", "第二版的题目"), encoding="utf-8"
    )
    page.evaluate(update)
    until(page, "navigator.serviceWorker.getRegistration().then(r => !!r.waiting)")
    assert len(page.evaluate("caches.keys()")) == 2, "the open page keeps its version"
    page.close()
    page = context.new_page()
    page.goto(base)
    until(page, "caches.keys().then(k => k.length === 1 && k[0].includes('0000000000'))", timeout=20)
    context.close()


def test_where_storage_is_forbidden_or_full_the_page_says_so_and_works(chromium, published):
    _, _, base = published
    for fault in (
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', {get() { return {register: () => Promise.reject(new DOMException('no', 'SecurityError')), ready: Promise.resolve()} }})",
    ):
        context = chromium.new_context(viewport=PHONE)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda e, seen=errors: seen.append(str(e)))
        page.add_init_script(fault)
        page.goto(base)
        until(page, "document.querySelector('[data-offline-state]').textContent.startsWith('没有存成')", timeout=15)
        assert errors == [] and page.locator("[data-offline-sign]").is_hidden()
        context.close()


def test_a_full_device_keeps_nothing_and_says_so(chromium, published):
    folder, _, base = published
    worker = (folder / "sw.js").read_text(encoding="utf-8")
    (folder / "sw.js").write_text(
        "let n = 0; const put = Cache.prototype.put; Cache.prototype.put = function (...a) { if (++n > 50) throw new DOMException('full', 'QuotaExceededError'); return put.apply(this, a) }\n"
        + worker,
        encoding="utf-8",
    )
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(base)
    until(page, "document.querySelector('[data-offline-state]').textContent.startsWith('设备空间不够')", timeout=30)
    assert page.evaluate("caches.keys()") == []
    context.close()


# -- other addresses -------------------------------------------------------------------------------


def test_it_works_below_a_folder_of_a_host(chromium, site, tmp_path):
    (tmp_path / "kb").symlink_to(site.resolve())
    server = serve(tmp_path)
    base = f"http://127.0.0.1:{server.server_port}/kb/"
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    missing = []
    page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
    page.goto(base + "en/start/prison/")
    page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
    page.click("a.language")
    assert page.url == base + "start/prison/"
    until(page, "document.documentElement.dataset.modules === 'ready'")
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    page.locator("#find-list a").first.click()
    assert page.url.startswith(base) and missing == []
    assert all("/kb/" in key for key in page.evaluate("caches.keys()"))
    context.close()
    server.shutdown()


def test_the_zip_opens_from_a_folder(chromium, site, tmp_path):
    with zipfile.ZipFile(site / "repayment-handbook.zip") as z:
        z.extractall(tmp_path)
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto((tmp_path / "repayment-handbook/index.html").as_uri())
    page.locator("#do-now + ul .tick input").first.check()
    page.locator(".md-content a[href*='most-urgent']").first.click()
    assert page.url.endswith("start/most-urgent/index.html") and page.locator("h1").count() == 1
    page.click("a.language")
    assert page.url.endswith("en/start/most-urgent/index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    page.click(".reading > summary")
    page.locator("input[name=reading-size][value='1']").check()
    assert page.evaluate("document.documentElement.dataset.size") == "1"
    page.click("[data-search-open]")
    for words, found in (("garnish", "en/legal/enforcement/index.html"), ("坐牢", "en/start/prison/index.html")):
        page.fill("#find", words)
        until(page, f"[...document.querySelectorAll('#find-list a')].some(a => a.href.includes('{found}'))")
    page.fill("#find", "want to die")
    assert "index.html" in page.locator("[data-card] a:not([href^='tel:'])").get_attribute("href")
    page.fill("#find", "jail")
    page.wait_for_selector("#find-list a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/prison/index.html*")
    context.close()
    assert errors == []
