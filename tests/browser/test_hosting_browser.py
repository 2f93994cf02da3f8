"""The published site in Chromium: policy, size and colours, offline, other addresses, from a folder."""

import hashlib
import random
import shutil
import zipfile
from datetime import UTC, datetime

import pytest
from axe import faults
from conftest import PHONE, serve, until

pytestmark = pytest.mark.browser


def open_search(page, lang):
    page.click("[data-search-open]")
    page.fill("#find", "prison" if lang == "en" else "坐牢")
    page.wait_for_selector("#find-list a")


def test_size_and_colours_stay_on_every_kind_of_page_in_both_languages(chromium, address):
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    page.goto(address)
    small = page.evaluate(size)
    page.click(".reading > summary")
    page.locator("input[name=reading-size][value='3']").check()
    page.locator("input[name=reading-scheme][value=slate]").check()
    for url in ("", "en/start/prison/", "reference/print/", "en/reference/contacts/"):
        page.goto(address + url, wait_until="domcontentloaded")
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate", url
        assert page.evaluate(size) == pytest.approx(2 * small), url
    context.close()


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
    until(page, "document.querySelector('.md-sidebar--primary').contains(document.activeElement)")
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
    """The site on a server of its own: a test may stop it, or change the worker and the copies it keeps."""
    for file in site.resolve().iterdir():
        if file.name == "offline":
            shutil.copytree(file, tmp_path / "offline")
        elif file.name == "sw.js":
            shutil.copy(file, tmp_path)
        elif file.name != "sw.js.gz":
            (tmp_path / file.name).symlink_to(file)
    server = serve(tmp_path)
    yield tmp_path, server, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def visit(context, url, **clock):
    """A visit long enough for the copy to be asked for: that begins four seconds after the page has been shown."""
    page = context.new_page()
    page.clock.install(**clock)
    page.goto(url)
    page.clock.fast_forward(10_000)
    return page


def visit_and_keep(context, url, **clock):
    page = visit(context, url, **clock)
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
    errors = []
    context.on("weberror", lambda e: errors.append(str(e.error)))
    page = visit_and_keep(context, base + "start/next-30-minutes/", time=datetime(year, 2, 28, 23, 59, tzinfo=UTC))
    page.check("#sit-down input")
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
        page.locator("section[data-tool='reminders'] .tool-out .tool-buttons button").last.click()
    assert got.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
    open_search(page, "zh")
    context.close()
    assert errors == []


def test_offline_can_be_turned_off_and_leaves_nothing(chromium, published):
    _, _, base = published
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script(
        "window.asked = 0; const own = ServiceWorkerContainer.prototype.register; ServiceWorkerContainer.prototype.register = function (...a) { asked++; return own.apply(this, a) }"
    )
    page = visit_and_keep(context, base + "en/")
    assert page.evaluate("asked") == 1
    page.click(".reading > summary")
    assert page.locator("[data-keep='zh']").is_visible() and page.locator("[data-keep='en-pdf']").is_visible()
    page.click("[data-keep='zh']")
    until(page, "document.querySelector(\"[data-keep='zh']\").hidden")
    assert len(page.evaluate("caches.keys()")) == 2
    page.click("[data-drop]")
    until(page, "caches.keys().then(k => k.length === 0)")
    page.goto(base)
    page.clock.fast_forward(10_000)
    assert page.evaluate("asked") == 0, "what was turned off does not begin again by itself"
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    context.close()


def test_a_new_version_replaces_the_old_one_whole_and_a_broken_one_does_not(chromium, published):
    folder, _, base = published
    context = chromium.new_context(viewport=PHONE)
    page = visit_and_keep(context, base)
    old = page.evaluate("caches.keys()")
    worker = (folder / "sw.js").read_text(encoding="utf-8")
    pack = next(n for n in (folder / "offline").glob("*.json") if n.name in old[0])
    second = pack.read_text(encoding="utf-8").replace("欠款会不会坐牢", "第二版的题目").encode()
    name = hashlib.sha256(second).hexdigest()[:10]
    (folder / "sw.js").write_text(
        worker.replace(pack.stem, name), encoding="utf-8"
    )  # its copy does not exist: as if cut off half way
    update = "navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => '', e => String(e))"
    page.evaluate(update)
    until(page, "navigator.serviceWorker.getRegistration().then(r => !r.installing && !r.waiting)")
    assert page.evaluate("caches.keys()") == old
    (folder / f"offline/{name}.json").write_bytes(second)
    page.evaluate(update)
    until(page, "navigator.serviceWorker.getRegistration().then(r => !!r.waiting)")
    assert len(page.evaluate("caches.keys()")) == 2, "the open page keeps its version"
    page.close()
    page = context.new_page()
    page.goto(base)
    until(page, "caches.keys().then(k => k.length === 1 && k[0].includes('" + name + "'))", timeout=20)
    context.close()


def test_where_storage_is_forbidden_the_page_says_so_and_works(chromium, published):
    _, _, base = published
    context = chromium.new_context(viewport=PHONE)
    errors = []
    context.on("weberror", lambda e: errors.append(str(e.error)))
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', {get() { return {register: () => Promise.reject(new DOMException('no', 'SecurityError')), ready: Promise.resolve()} }})"
    )
    page = visit(context, base)
    until(page, "document.querySelector('[data-offline-state]').textContent.startsWith('没有存成')")
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
    page = visit(context, base)
    until(page, "document.querySelector('[data-offline-state]').textContent.startsWith('设备空间不够')")
    assert page.evaluate("caches.keys()") == []
    context.close()


# -- other addresses -------------------------------------------------------------------------------


def test_it_works_below_a_folder_of_a_host(chromium, site, tmp_path):
    (tmp_path / "kb").symlink_to(site.resolve())
    server = serve(tmp_path)
    base = f"http://127.0.0.1:{server.server_port}/kb/"
    context = chromium.new_context(viewport=PHONE)
    missing = []
    context.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)
    page = visit_and_keep(context, base + "en/start/prison/")
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
