"""The published site in Chromium: policy, accessibility, offline, other addresses, from a folder."""

import shutil
import threading
import zipfile
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import _Quiet, until

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"]}
VIOLATIONS = "window.__seen = []; addEventListener('securitypolicyviolation', e => __seen.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"
PHONE = {"width": 390, "height": 844}


def urls(site):
    root = site.resolve()
    return sorted(f.relative_to(root).as_posix().removesuffix("index.html") for f in root.rglob("*.html"))


def faults(page, options=RULES):
    return [(v["id"], n["target"], n["failureSummary"][:200]) for v in Axe().run(page, options=options).response["violations"] for n in v["nodes"]]


def serve(directory):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_no_page_breaks_its_policy_or_asks_elsewhere_or_for_what_is_missing(chromium, address, site):
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    wrong = []
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    page.on("response", lambda r: wrong.append((r.status, r.url)) if r.status >= 400 and not r.url.endswith("404.html") else None)
    page.on("pageerror", lambda e: wrong.append((page.url, str(e))))
    page.on("console", lambda m: wrong.append((page.url, m.text)) if m.type == "error" else None)
    for url in urls(site):
        page.goto(address + url, wait_until="load")
        wrong += [(url, v) for v in page.evaluate("__seen")]
        assert page.evaluate("document.cookie") == ""
    context.close()
    assert wrong == []


def test_the_policy_stops_what_it_should(page, address):
    page.add_init_script(VIOLATIONS)
    page.goto(address + "start/prison/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\"><p style=\"color:red\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit = 2'}))")
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'stopped')") == "stopped"
    until(page, "__seen.length >= 4")
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("part", range(4))
def test_axe_finds_nothing_on_any_page_in_either_scheme(chromium, address, site, part):
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    found = []
    for url in urls(site)[part::4]:
        page.emulate_media(color_scheme="light")
        page.goto(address + url, wait_until="load")
        found += [(url, "light", *f) for f in faults(page)]
        page.emulate_media(color_scheme="dark")
        found += [(url, "dark", *f) for f in faults(page, {"runOnly": ["color-contrast"], "resultTypes": ["violations"]})]
    context.close()
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["", "en/"])
def test_axe_finds_nothing_in_the_states_of_a_page(chromium, address, lang, scheme):
    for viewport in (PHONE, {"width": 1280, "height": 800}):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, service_workers="block")
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
            page.wait_for_timeout(400)
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
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.md-typeset p')).fontSize)") == pytest.approx(2 * small)
    context.close()
    assert wide == []


def test_forced_colours_and_reduced_motion(chromium, address):
    context = chromium.new_context(viewport=PHONE, forced_colors="active", reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    page.goto(address + "start/prison/")
    assert page.evaluate("getComputedStyle(document.querySelector('#do-now + ul')).borderTopStyle") == "solid"
    assert page.evaluate("[...document.querySelectorAll('*')].every(e => getComputedStyle(e).transitionDuration.split(',').every(t => parseFloat(t) === 0))")
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
    """A copy of the site on a server of its own, that a test may change or stop."""
    folder = tmp_path / "published"
    shutil.copytree(site.resolve(), folder, copy_function=shutil.copyfile)
    server = serve(folder)
    yield folder, server, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def visit_and_keep(context, url):
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
    return page


def test_after_one_visit_everything_in_the_language_works_without_a_network(chromium, published, book):
    _, server, base = published
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base + "start/prison/")
    server.shutdown()
    server.server_close()
    for one in list(book.pages["zh"].values())[::5]:
        assert page.goto(base + one.url).status == 200, one.url
        assert page.locator("h1").inner_text().strip()
        assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    page.goto(base + "print/zh/start-prison.html")
    page.locator("input[data-tick]").first.check()
    page.goto(base)
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    page.wait_for_selector("#find-list a")
    assert "坐牢" in page.locator("#find-list").inner_text()
    assert page.goto(base + "en/start/prison/").status == 503, "the other language was not asked for"
    assert "No network" in page.content()
    context.close()


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
    assert page.evaluate("caches.keys()") == [] and page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    context.close()


def test_a_new_version_replaces_the_old_one_whole_and_a_broken_one_does_not(chromium, published):
    folder, _, base = published
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base)
    old = page.evaluate("caches.keys()")
    worker = (folder / "sw.js").read_text(encoding="utf-8")
    pack = next(n for n in (folder / "offline").glob("*.json") if n.name in old[0])
    for twin in folder.rglob("sw.js.*"):
        twin.unlink()
    (folder / "sw.js").write_text(worker.replace(pack.stem, "0000000000"), encoding="utf-8")  # its copy does not exist: as if cut off half way
    update = "navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => '', e => String(e))"
    page.evaluate(update)
    page.wait_for_timeout(1500)
    assert page.evaluate("caches.keys()") == old
    (folder / "offline/0000000000.json").write_text(pack.read_text(encoding="utf-8").replace("欠款会不会坐牢", "第二版的题目"), encoding="utf-8")
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
    for fault in ("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get() { return {register: () => Promise.reject(new DOMException('no', 'SecurityError')), ready: Promise.resolve()} }})",):
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
    for twin in folder.rglob("sw.js.*"):
        twin.unlink()
    worker = (folder / "sw.js").read_text(encoding="utf-8")
    (folder / "sw.js").write_text("let n = 0; const put = Cache.prototype.put; Cache.prototype.put = function (...a) { if (++n > 50) throw new DOMException('full', 'QuotaExceededError'); return put.apply(this, a) }\n" + worker, encoding="utf-8")
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
    context.close()
    assert errors == []
