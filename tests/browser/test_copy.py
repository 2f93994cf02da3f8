"""The kept copy against strangers: whatever answers for the site, the reader has the handbook, and nothing else is kept."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from conftest import PHONE, until

pytestmark = pytest.mark.browser
LOGIN = "<!doctype html><title>Login to Wi-Fi</title><h1>Login to Wi-Fi</h1>" + "<p>Welcome</p>" * 500


class Host(SimpleHTTPRequestHandler):
    """The built site, until somebody else answers: ``server.stranger(path)`` is (status, type, body), or None."""

    def do_GET(self):
        path = self.path.split("?")[0]
        self.server.asked.append(path)
        told = self.server.stranger and self.server.stranger(path)
        if not told:
            return super().do_GET()
        status, kind, body = told
        self.send_response(status)
        self.send_header("Location" if 300 <= status < 400 else "X-Portal", "http://127.0.0.1:9/login")
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode() if isinstance(body, str) else body)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # as every host of it does
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def host(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site.resolve())))
    server.stranger, server.asked, server.base = None, [], f"http://127.0.0.1:{server.server_port}/"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport=PHONE)
    yield context
    context.close()


def kept(context, url):
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("[data-offline-sign]:not([hidden])", timeout=60_000)
    return page


def everything(status, kind="text/html", body=LOGIN):
    return lambda path: (status, kind, body)


KEPT = "caches.keys().then(k => k.length)"
STORED = "Promise.all((await caches.keys()).map(async k => (await (await caches.open(k)).keys()).length))"


def test_the_copy_wins_over_whatever_answers_in_its_place(host, context):
    page = kept(context, host.base + "start/prison/")
    answers = [everything(status) for status in (403, 404, 410, 429, 451, 500, 302)]
    answers += [
        everything(200),
        everything(200, "text/html; charset=utf-8", "<h1>" * 5000),
        everything(200, "text/plain"),
    ]
    for host.stranger in answers:
        for path in ("legal/court-papers/", "start/prison/index.html", "start/prison"):
            page.goto(host.base + path)
            line = page.locator(".kept")
            assert re.fullmatch(r"这是存在手机里的一份（\d{4}-\d\d-\d\d）。", line.inner_text()), path
            assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
            assert page.url.endswith("/"), "one address a page"
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    page.wait_for_selector("#find-list a")
    page.emulate_media(media="print")
    assert not line.is_visible(), "paper does not say where it came from"
    assert page.goto(host.base + "no/such/").status == 200 and "Login" in page.content(), (
        "what we do not have is theirs"
    )
    host.stranger = None
    page.goto(host.base + "start/prison/")
    assert line.count() == 0, "the network again, as soon as it is the handbook"


def test_no_answer_of_a_stranger_is_kept(host, context):
    page = kept(context, host.base)
    page.click(".reading > summary")
    seen = []

    def from_the_fourth(path):
        if path.endswith(".pdf"):
            seen.append(path)
        return (200, "text/html", LOGIN) if len(seen) > 3 and path.endswith(".pdf") else None

    host.stranger = from_the_fourth
    page.click("[data-keep='zh-pdf']")
    until(page, "document.querySelector('[data-offline-state]').textContent.includes('没有存成')", 60)
    assert len(seen) == 4 and page.evaluate(KEPT) == 1, "whole or not at all"
    assert page.locator("[data-keep='zh-pdf']").is_visible()
    host.stranger = lambda path: (
        (200, "application/json", '{"en/":["text/html","Login"]}') if "/offline/" in path else None
    )
    page.evaluate("document.querySelector('[data-offline-state]').textContent = ''")  # it still tells the first failure
    page.locator("[data-keep='en']").click()
    until(page, "document.querySelector('[data-offline-state]').textContent.includes('没有存成')")
    assert page.evaluate(KEPT) == 1
    host.stranger = None
    page.click("[data-keep='zh-pdf']")
    until(page, f"{KEPT}.then(n => n === 2)", 300)  # two hundred files


def test_without_a_network_and_without_a_copy_there_are_numbers_to_call_and_what_is_kept_instead(host, context, site):
    page = kept(context, host.base + "start/prison/")
    host.stranger = lambda path: (503, "text/plain", "")
    context.set_offline(True)
    for path, instead in (
        ("en/start/prison/", "/start/prison/"),
        ("print/zh/start-prison.pdf", "/print/zh/start-prison.html"),
        ("print/bilingual/legal-1-large.pdf", "/print/zh/legal.html"),
        ("print/en/start-prison.pdf", "/print/zh/start-prison.html"),
        ("no/such/", None),
    ):
        assert page.goto(host.base + path).status == 503
        assert [a.get_attribute("href") for a in page.locator("a[href^='tel:']").all()] == [
            "tel:110",
            "tel:120",
            "tel:12356",
        ]
        links = [a.get_attribute("href") for a in page.locator("p a").all()]
        assert "No network" in page.content() and links[2:] == ([instead] if instead else []), path
        assert page.evaluate("document.styleSheets.length") == 1
    page.goto(host.base + "en/start/prison/")
    page.locator("p a").last.click()
    assert page.url == host.base + "start/prison/" and page.locator(".kept").count() == 1


def test_a_page_whose_files_are_not_there_yet_is_shown_from_the_copy(host, context, site):
    page = kept(context, host.base + "start/prison/")
    new = (site / "start/prison/index.html").read_text(encoding="utf-8")
    new = re.sub(r"(joined[a-z-]*)\.[0-9a-f]{10}\.(css|js)", r"\1.0123456789.\2", new)

    def half(path):
        if path == "/start/prison/":
            return 200, "text/html; charset=utf-8", new
        return (404, "text/html", LOGIN) if ".0123456789." in path else None

    host.stranger = half
    page.goto(host.base + "start/prison/")
    page.wait_for_selector(".kept")
    assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    page.wait_for_selector("#find-list a")


def test_the_sign_follows_the_copy_in_every_tab(host, context):
    one = kept(context, host.base + "start/prison/")
    two = kept(context, host.base + "en/")
    state = "document.querySelector('[data-offline-state]').textContent"
    one.bring_to_front()
    one.click(".reading > summary")
    one.click("[data-drop]")
    until(two, "document.querySelector('[data-offline-sign]').hidden")
    assert "is off" in two.evaluate(state) and two.evaluate(KEPT) == 0
    one.click("[data-keep='zh']")
    until(one, "!document.querySelector('[data-offline-sign]').hidden", 60)


@pytest.mark.parametrize("folder", ["", "kb/", "deep/er/"])
def test_the_page_for_a_missing_address_stays_inside_whatever_folder_it_is_served_in(host, context, site, folder):
    page = context.new_page()
    missing = (site / "404.html").read_text(encoding="utf-8")

    def below(path):
        if not path.startswith(f"/{folder}"):
            return 404, "text/html", "<h1>Another site</h1>"
        file = site / path.removeprefix(f"/{folder}")
        if file.is_dir():
            file /= "index.html"
        kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
        if file.is_file():
            return 200, f"{kinds.get(file.suffix, 'application/json')}; charset=utf-8", file.read_bytes()
        return 404, "text/html; charset=utf-8", missing

    host.stranger = below
    for path in ("nope/", "en/no/such"):
        page.goto(host.base + folder + path)
        page.wait_for_selector("form:not([hidden])")
        until(page, "document.styleSheets.length === 1 && document.styleSheets[0].cssRules.length > 5")
        assert all(
            a.evaluate("a => a.href").startswith(host.base + folder)
            for a in page.locator("a:not([href^='tel:'])").all()
        )
        assert [a.inner_text() for a in page.locator("a[href^='tel:']").all()] == ["110", "120", "12356"]
    page.fill("#q", "prison")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host.base}{folder}en/#q=prison")
    page.wait_for_selector("#find-list a")


def test_a_tab_that_is_older_than_the_site_says_that_a_reload_helps(host, chromium):
    context = chromium.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    page.goto(host.base + "start/prison/")
    host.stranger = lambda path: (404, "text/html", LOGIN) if "/joined" in path or "/search/" in path else None
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    until(page, "document.querySelector('[data-status]').textContent.includes('刷新')")
    host.stranger = None
    page.reload()
    page.click("[data-search-open]")
    page.fill("#find", "坐牢")
    page.wait_for_selector("#find-list a")
    context.close()
